package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/kanban"
	"parley/kanban/contract"
)

// TestBothUnitsSayWhoPays holds that a unit takes no request out of another one's row, and
// loads none on another one, by its own word.
func TestBothUnitsSayWhoPays(t *testing.T) {
	t.Parallel()
	const pays, agrees = "\n11-16 12:00 sponsored C from=risk", "\n11-16 12:01 sponsored C from=trading with=risk"
	for lines, want := range map[string][2]string{
		"":            {"", ""},
		pays:          {"", "C trading>risk true false"},
		agrees:        {"", "C trading>risk false true"},
		pays + agrees: {"risk", ""},
		agrees + pays: {"risk", ""},
		pays + pays:   {"", "C trading>risk true false"},
		strings.ReplaceAll(pays, "risk", "trading"):                                                  {"", ""},
		strings.ReplaceAll(agrees, "=trading", "=risk"):                                              {"", ""},
		strings.ReplaceAll(agrees, "=trading", "=sales") + pays:                                      {"", "C trading>risk true false"},
		agrees + "\n11-16 12:02 described C unit=sales" + strings.ReplaceAll(pays, "12:00", "12:03"): {"", "C sales>risk true false"},
		pays + agrees + "\n11-16 13:00 sponsored C from=trading":                                     {"risk", "C risk>trading true false"},
	} {
		a := fold(byPriority(contract.Show), "risk", "11-17 00:00", threeRaised+lines)
		var got []string
		for _, p := range a.Pledges {
			got = append(got, fmt.Sprintf("%s %s>%s %v %v", p.Card, p.From, p.To, p.Pays, p.Agrees))
		}
		if payer := a.Payers["C"].Next; payer != kanban.UnitKey(want[0]) || strings.Join(got, ", ") != want[1] {
			t.Errorf("%q: %q pays, %q; want %q", lines, payer, got, want)
		}
	}
}

// TestAnotherUnitApprovesNothing holds that an expedite is approved by who pays for it.
func TestAnotherUnitApprovesNothing(t *testing.T) {
	t.Parallel()
	const lines = "11-16 09:00 created A to=committed unit=trading expedite\n11-16 10:00 approved A who=rita from="
	for unit, want := range map[string]string{"risk": "", "trading": "rita"} {
		a := fold(setting(terms()), "trading", "11-17 00:00", lines+unit)
		if len(a.Holders) != 1 || a.Holders[0].Approver != want {
			t.Errorf("%s approves: %+v", unit, a.Holders)
		}
	}
}
