package view_test

import (
	"strings"
	"testing"
	"time"

	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
)

// bound is a notary whose ledger of risk is written up to now, with all verdicts, and the
// views of it.
func bound(t *testing.T) (*notary, *view.Views) {
	t.Helper()
	n := newNotary()
	v := n.views(t, view.DefaultPolicy())
	n.sources = []store.SourceState{{Tracker: "github", Source: "acme/infra", OKAt: now, Imported: true}}
	accounts, err := v.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	known, err := v.Known(t.Context())
	if err != nil || known.IsZero() {
		t.Fatal(known, err)
	}
	n.ledger["risk"] = chained("risk", accounts[0].Extend(nil, known, now))
	return n, v
}

// A page has the latest lines of each sort, and says how many there are besides; to whom the
// contract is not told there are none.
func TestAPageHasTheLatestLinesOfEachSort(t *testing.T) {
	t.Parallel()
	n, v := bound(t)
	all := n.ledger["risk"]
	var booked, judged []contract.Entry
	for _, l := range all {
		if l.Entry.Kind == contract.Judged {
			judged = append(judged, l.Entry)
		} else {
			booked = append(booked, l.Entry)
		}
	}
	if len(judged) < 5 || len(booked) < 5 {
		t.Fatalf("%d and %d lines show nothing", len(booked), len(judged))
	}
	ops := v.As(view.Viewer{Audience: view.AudienceOps})
	s, err := ops.LedgerSheet(t.Context(), "risk", "", 2)
	if err != nil || s.Booked.More != len(booked)-2 || s.Judged.More != len(judged)-2 || s.Judged.Lines[0].Seq != judged[len(judged)-1].Seq {
		t.Fatalf("%+v, %v", s, err)
	}
	if free := s.Booked.Lines[0].Free; free != contract.Balance(booked) {
		t.Errorf("%d are free after the last line, want %d", free, contract.Balance(booked))
	}
	if l := s.Judged.Lines[0]; l.Promise == "" || l.Clock == "" || l.Outcome == "" || !strings.HasPrefix(l.Basis, "terms/1/") || l.Amount != 0 {
		t.Errorf("%+v", l)
	}
	if s, err = ops.LedgerSheet(t.Context(), "risk", contract.PeriodOf(monday()).String(), 99); err != nil || s.Booked.More != 0 || len(s.Booked.Lines) == 0 || len(s.Booked.Lines) == len(booked) {
		t.Errorf("of the first week: %+v, %v", s, err)
	}
	if s, err = v.As(view.Viewer{Audience: "unit:trading"}).LedgerSheet(t.Context(), "risk", "", 2); err != nil || len(s.Booked.Lines)+len(s.Judged.Lines)+s.Booked.More != 0 {
		t.Errorf("another unit reads %+v, %v", s, err)
	}
	k, err := ops.Contract(t.Context(), "risk")
	if err != nil || k.Ledger.Verdicts != int64(len(judged)) || k.Ledger.Entries != int64(len(all)) {
		t.Errorf("%+v, %v", k.Ledger, err)
	}
}

// A holiday that is added afterwards turns a verdict of a week that is over, and the ledger
// says so: which one, from what to what, and that it was the calendar.
func TestAHolidayAddedAfterwardsLeavesALine(t *testing.T) {
	t.Parallel()
	n, v := bound(t)
	late := request("risk", "OPS-9", 0.4, "committed", 3.5) // asked for on Monday, replied to on Thursday
	n.put(late)
	accounts, err := v.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := accounts[0].Extend(nil, now, now)
	n.ledger["risk"] = chained("risk", before)
	v.Calendar = v.Calendar.Without(monday()+1, monday()+2)
	other := n.views(t, view.DefaultPolicy())
	other.Calendar = v.Calendar
	if accounts, err = other.Standing(t.Context()); err != nil {
		t.Fatal(err)
	}
	more := accounts[0].Extend(before, now, now)
	ref := ""
	for _, v := range accounts[0].Verdicts {
		if v.Former == "risk/P3/card0003/1" {
			ref = v.ID
		}
	}
	for _, e := range more {
		if e.Ref == ref {
			if e.Was != contract.Broken || e.Outcome != contract.Kept || e.Amount != 0 || !strings.Contains(e.Note, "not as it was when it was decided: the calendar") || before[e.Reverses-1].Ref != ref || !e.At.Equal(now.Truncate(time.Millisecond)) {
				t.Errorf("%+v", e)
			}
			return
		}
	}
	t.Errorf("there is no line about it among %+v", more)
}

// Within a minute only new lines are read, after that all of them are.
func TestLedgersAreReadOnAndOnceInAMinuteWhole(t *testing.T) {
	t.Parallel()
	n, v := bound(t)
	at := now
	v.Now = func() time.Time { return at }
	state := func() *view.LedgerState {
		t.Helper()
		k, err := v.As(view.Somebody()).Contract(t.Context(), "risk")
		if err != nil {
			t.Fatal(err)
		}
		return k.Ledger
	}
	before := state()
	lines, _ := view.Lines(n.ledger["risk"])
	more := contract.Entry{Seq: int64(len(lines) + 1), Unit: "risk", Kind: contract.Contest, Note: "why?"}
	n.ledger["risk"] = chained("risk", append(lines, more))
	if got := state(); got.Entries != before.Entries+1 || got.Head == before.Head || got.Problem != "" {
		t.Errorf("a line came: %+v after %+v", got, before)
	}
	n.ledger["risk"][0].Entry.Note = "bent"
	if at = at.Add(time.Minute); !strings.Contains(state().Problem, "entry 1 is not the one that was written") {
		t.Errorf("a minute later: %+v", state())
	}
	n.ledger["risk"] = chained("risk", lines)
	if at = at.Add(time.Minute); state().Problem != "" || state().Head != before.Head {
		t.Errorf("as it was before: %+v", state())
	}
}
