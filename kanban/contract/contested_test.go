package contract_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// contestedOf are words about the answers to so many of the requests of requestsOf.
func contestedOf(many int, at time.Time) (out []contract.Event) {
	for n := range many {
		out = append(out, contract.Event{ID: fmt.Sprint("d", n), Kind: contract.Contested, Unit: "trading", By: kanban.IT, Who: "sam", At: at, Ref: fmt.Sprintf("trading/R1/c%d/1", 2*n+1)})
	}
	return out
}

// What a contested verdict costs does not grow with the duties that there are by more than a
// look at each: it makes nothing of them.
func TestAContestedVerdictTakesNoMore(t *testing.T) { //nolint:paralleltest // it counts what is made
	events, now := requestsOf(2000)
	made := func(contested int) float64 {
		all := slices.Concat(events, contestedOf(contested, now.Add(-time.Hour)))
		if got := len(contract.Fold(setting(terms()), all, nil, now)[1].Disputes); got != contested {
			t.Fatalf("%d of %d are contested", got, contested)
		}
		return testing.AllocsPerRun(1, func() { contract.Fold(setting(terms()), all, nil, now) })
	}
	if none, some := made(0), made(50); some-none > 50*100 {
		t.Errorf("each takes %.0f allocations", (some-none)/50)
	}
}

func BenchmarkContested(b *testing.B) {
	for _, many := range []int{0, 100, 400} {
		events, now := requestsOf(5000)
		events = append(events, contestedOf(many, now.Add(-time.Hour))...)
		b.Run(strconv.Itoa(many), func(b *testing.B) {
			for b.Loop() {
				contract.Fold(setting(terms()), events, nil, now)
			}
		})
	}
}
