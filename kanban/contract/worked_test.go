package contract_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// theWeek is the one that docs/CONTRACT.md tells.
const theWeek = `
11-16 09:00 created OPS-1 to=requests unit=trading prio=low ready rank=1
11-16 09:00 created OPS-2 to=requests unit=trading prio=low ready rank=2
11-16 09:00 created OPS-3 to=requests unit=trading prio=low ready rank=3
11-16 10:00 described OPS-1 prio=high
11-16 10:00 described OPS-2 prio=high
11-17 09:00 triaged OPS-3
11-17 14:00 moved OPS-1 to=committed who=ana
11-17 14:00 moved OPS-2 to=committed who=ana
11-17 15:00 moved OPS-1 to=doing who=ana
11-17 16:00 moved OPS-1 to=waiting who=ana
11-18 10:00 described OPS-3 prio=high
11-18 10:01 told OPS-3 who=parley
11-19 09:00 chose OPS-3 choice=swap
11-19 09:01 described OPS-2 prio=low
11-19 09:01 swapped OPS-3 other=OPS-2
11-19 11:00 moved OPS-3 to=committed who=ana
11-20 11:00 moved OPS-1 to=doing
11-20 15:00 created OPS-9 to=doing unit=trading prio=high expedite who=ana
11-20 15:30 approved OPS-9 who=head_of_desk`

// worked is the example's part of the page: the ledger, then what is said of the week.
func worked(a contract.Account, until time.Time) string {
	var b strings.Builder
	b.WriteString("| | when | booked | card | by | slots | free |\n|---|---|---|---|---|---|---|\n")
	free := 0
	for _, e := range a.Extend(nil, until, until) {
		free += e.Amount
		card, what := string(e.Card), string(e.Kind)
		if e.Kind == contract.Judged {
			what = fmt.Sprintf("%s %s %s", e.Kind, contract.PromiseOf(e.Ref), e.Outcome)
		}
		if e.Other != "" {
			card += " for " + string(e.Other)
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s | %s | %d |\n", e.Seq, e.At.Format("Mon 15:04"), what, cmp.Or(card, "–"), e.Who, strings.Replace(fmt.Sprintf("%+d", e.Amount), "+0", "0", 1), free)
	}
	b.WriteString("\n")
	n := contract.Names{Unit: "Trading", Calendar: calendar.New(nil)}
	for _, v := range a.Verdicts {
		if v.Outcome == contract.Kept || v.Outcome == contract.Broken {
			fmt.Fprintf(&b, "- **%s** %s\n", v.Promise, v.Sentence(n))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", a.Line(1))
	return b.String()
}

// TestTheWorkedExample holds the example of docs/CONTRACT.md to the fold.
func TestTheWorkedExample(t *testing.T) {
	t.Parallel()
	agreed := terms()
	agreed.From, agreed.Slots, agreed.Carry, agreed.Priorities = calendar.On(2026, 11, 16), 2, 2, []kanban.PriorityKey{"high"}
	a := fold(setting(agreed), "trading", "11-23 00:00", theWeek)
	a.Statements = a.Statements[:1] // as of the end of the week
	if got, page := worked(a, moment("11-23 00:00", time.UTC)), read(t, "../../docs/CONTRACT.md"); !strings.Contains(page, got) {
		t.Errorf("docs/CONTRACT.md tells another example; this one is\n%s", got)
	}
}
