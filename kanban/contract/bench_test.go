package contract_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// requestsOf are so many requests of two units, from their making to their delivery, in the course of a year.
func requestsOf(many int) (events []contract.Event, now time.Time) {
	start := moment("11-02 08:00", time.UTC)
	for n := range many {
		at, unit := start.Add(time.Duration(n)*100*time.Minute), kanban.UnitKey("trading")
		if n%2 == 0 {
			unit = "risk"
		}
		for k, to := range []kanban.ColumnKey{"requests", "committed", "doing", "waiting", "doing", "verify", "done"} {
			e := contract.Event{ID: fmt.Sprint(n, "/", k), At: at.Add(time.Duration(k*9) * time.Hour), Card: kanban.CardID(fmt.Sprint("c", n)), Kind: contract.Moved, To: to}
			if k == 0 {
				e.Kind, e.Traits = contract.Created, contract.Traits{Unit: unit, Has: "form", Rank: strconv.Itoa(1000 + n)}
			}
			events = append(events, e)
		}
	}
	return events, start.AddDate(1, 0, 0)
}

// BenchmarkFold folds a year of two units: 5,000 requests with seven events each.
func BenchmarkFold(b *testing.B) {
	events, now := requestsOf(5000)
	for b.Loop() {
		contract.Fold(setting(terms()), events, nil, now)
	}
}

// BenchmarkOutlook asks for the service level with so many requests in work, of all ages, after
// a hundred deliveries.
func BenchmarkOutlook(b *testing.B) {
	for _, open := range []int{20, 200, 2000, 20000} {
		p := contract.Pace{}
		for n := range 100 {
			p.Took = append(p.Took, 1+n*n%31)
		}
		for n := range open {
			p.Used = append(p.Used, n%20)
		}
		b.Run(strconv.Itoa(open), func(b *testing.B) {
			for b.Loop() {
				p.Outlook(contract.Terms{SLEDays: 14, SLEShare: 60}, 3)
			}
		})
	}
}
