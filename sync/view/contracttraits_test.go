package view_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// was gives a card profiles, each from so many days after the contracts began.
func was(c kanban.Card, profiles ...kanban.Profile) kanban.Card {
	c.Past.Profiles = profiles
	last := profiles[len(profiles)-1]
	c.Unit, c.Class = last.Unit, last.Class
	return c
}

func day(days float64) time.Time {
	return monday().Start(time.UTC).Add(time.Duration(days * 24 * float64(time.Hour)))
}

func standing(t *testing.T, cards ...kanban.Card) map[kanban.UnitKey]contract.Account {
	t.Helper()
	n := &notary{shelf: &shelf{}}
	for _, c := range cards {
		n.put(c)
	}
	all, err := n.views(t, view.DefaultPolicy()).Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[kanban.UnitKey]contract.Account{}
	for _, a := range all {
		out[a.Unit] = a
	}
	return out
}

func holds(a contract.Account) string {
	var out []string
	for _, e := range a.Entries {
		if e.Kind == contract.Commit {
			out = append(out, strings.TrimSpace(string(e.Card)+" "+e.Note))
		}
	}
	return strings.Join(out, ", ")
}

// A card that changes its unit keeps its slot with the unit that had it at the commitment.
func TestTheSlotStaysWithTheUnitOfTheCommitment(t *testing.T) {
	t.Parallel()
	of := func(unit kanban.UnitKey, at float64) kanban.Profile {
		return kanban.Profile{At: day(at), Unit: unit, Class: "standard"}
	}
	moved := was(request("", "OPS-1", 0.4, "committed", 1.0, "doing", 2.0), of("risk", 0.4), of("trading", 4))
	early := was(request("", "OPS-2", 0.4, "committed", 1.0, "doing", 2.0), of("risk", 0.4), of("trading", 0.6))
	all := standing(t, moved, early)
	if got := holds(all["risk"]); got != "card0000" {
		t.Errorf("Risk pays for %q, want what it had when it was taken on", got)
	}
	if got := holds(all["trading"]); got != "card0001" {
		t.Errorf("Trading pays for %q, want what had become its own before", got)
	}
}

// What became an expedite, or complete, later was none before.
func TestWhatACardWasThenCounts(t *testing.T) {
	t.Parallel()
	haste := was(request("", "OPS-1", 0.4, "committed", 1.0, "doing", 2.0),
		kanban.Profile{At: day(0.4), Unit: "risk", Class: "standard"}, kanban.Profile{At: day(8), Unit: "risk", Class: kanban.ClassExpedite})
	all := standing(t, haste)
	if got := holds(all["risk"]); got != "card0000" {
		t.Errorf("Risk's slots: %q, want one that was taken without haste", got)
	}
	restraint := map[string]contract.Outcome{}
	for _, v := range all["risk"].Verdicts {
		if v.Promise == contract.Restrain {
			restraint[v.Period.String()] = v.Outcome
		}
	}
	first := contract.PeriodOf(monday())
	if restraint[first.String()] != contract.NotApplicable || restraint[first.Next().String()] != contract.Broken {
		t.Errorf("expedites by week: %v, want none in the first and one without an approver in the second", restraint)
	}
}

// The order of requests is that of Jira's boards; where there is none, that of due dates of
// one priority; which of two alike comes first nobody can know.
func TestTheOrderAtTheCutoff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		one, two kanban.Profile
		want     contract.Outcome
	}{
		"on Jira's boards":     {kanban.Profile{Place: "0|i000a:"}, kanban.Profile{Place: "0|i000b:"}, contract.Kept},
		"by due date":          {kanban.Profile{Due: "2026-12-01"}, kanban.Profile{}, contract.Kept},
		"alike":                {kanban.Profile{}, kanban.Profile{}, contract.NotApplicable},
		"alike by due date":    {kanban.Profile{Due: "2026-12-01"}, kanban.Profile{Due: "2026-12-01"}, contract.NotApplicable},
		"one of them on board": {kanban.Profile{Place: "0|i000a:"}, kanban.Profile{Due: "2026-12-01"}, contract.NotApplicable},
	} {
		of := func(p kanban.Profile) kanban.Profile {
			p.At, p.Unit, p.Class = day(0.4), "risk", "standard"
			return p
		}
		all := standing(t, was(request("", "OPS-1", 0.4), of(c.one)), was(request("", "OPS-2", 0.4), of(c.two)))
		verdicts := all["risk"].Verdicts
		at := slices.IndexFunc(verdicts, func(v contract.Verdict) bool {
			return v.Promise == contract.Order && v.Period == contract.PeriodOf(monday())
		})
		if at < 0 || verdicts[at].Outcome != c.want {
			t.Errorf("%s: %+v, want %s", name, verdicts, c.want)
		}
	}
}
