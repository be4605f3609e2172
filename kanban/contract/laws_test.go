package contract_test

import (
	stdcmp "cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

func pick[T any](t *rapid.T, name string, of ...T) T { return rapid.SampledFrom(of).Draw(t, name) }

// happening draws what may have happened: any kind of event to any card, in any order that
// makes sense or none.
func happening(t *rapid.T) []contract.Event {
	var out []contract.Event
	at := moment("10-29 08:00", time.UTC)
	for n := range rapid.IntRange(1, 60).Draw(t, "events") {
		at = at.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "hours")) * time.Hour)
		card := func(name string) kanban.CardID { return pick[kanban.CardID](t, name, "A", "B", "C", "D", "E", "F") }
		unit := func(name string) kanban.UnitKey { return pick[kanban.UnitKey](t, name, "trading", "risk", "", "legal") }
		e := contract.Event{ID: fmt.Sprintf("e%03d", n), At: at, Card: card("card"), Who: pick(t, "who", "", "mia", "ana"),
			By: pick(t, "by", kanban.Business, kanban.IT, kanban.Third, "", kanban.Nobody),
			Kind: pick(t, "kind", contract.Created, contract.Moved, contract.Moved, contract.Moved, contract.Moved, contract.Moved, contract.Blocked,
				contract.Unblocked, contract.Described, contract.Described, contract.Triaged, contract.Asked, contract.Answered, contract.Concluded, contract.Approved,
				contract.Sponsored, contract.Swapped, contract.Lends, contract.Borrows, contract.Told, contract.Chose, contract.PutBack,
				contract.Noted, contract.Contested, contract.Settled)}
		switch e.Kind {
		case contract.Created, contract.Moved:
			e.To = pick[kanban.ColumnKey](t, "to", "requests", "committed", "doing", "waiting", "verify", "done", "withdrawn", "unmapped")
		case contract.Swapped:
			e.Other = card("other")
		case contract.Chose:
			e.Choice = pick(t, "choice", append(contract.Choices(), "no such thing")...)
		}
		if e.Kind == contract.Created || e.Kind == contract.Described {
			e.Traits = contract.Traits{Unit: unit("unit"), Priority: pick[kanban.PriorityKey](t, "priority", "high", "low", ""), Has: pick(t, "has", "", "form", "due,form", "due"),
				Expedite: pick(t, "expedite", false, false, true), Internal: pick(t, "internal", false, false, true), Unplanned: rapid.Bool().Draw(t, "unplanned"),
				Rank: rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(t, "rank"), Loose: rapid.Bool().Draw(t, "loose"), Parent: pick[kanban.CardID](t, "parent", "", "", "", "A", "F")}
		}
		if rapid.Bool().Draw(t, "began before") {
			e.Began = at.Add(-time.Duration(rapid.IntRange(-10, 200).Draw(t, "hours before")) * time.Hour)
		}
		e.Unit, e.With, e.Amount = unit("whose"), unit("with"), rapid.IntRange(-1, 2).Draw(t, "amount")
		e.Ref = pick(t, "ref", "1", "2", "2026-W46", "trading/P1/2026-W45", "trading/R1/A/1", "risk/R2/B/1")
		e.Outcome = pick(t, "outcome", contract.Kept, contract.Broken, contract.NotApplicable, contract.Pending)
		e.Note = pick(t, "note", "", "because")
		out = append(out, e)
	}
	return out
}

func outages(t *rapid.T) []contract.Gap {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) contract.Gap {
		from := moment("10-29 08:00", time.UTC).Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "from")) * time.Hour)
		return contract.Gap{Tracker: pick(t, "tracker", "jira", "github"), From: from, To: from.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)}
	}), 0, 6).Draw(t, "gaps")
}

// anySetting draws terms: with and without a set of priorities, and with a second version.
func anySetting(t *rapid.T) contract.Setting {
	first := terms()
	first.Slots, first.Carry = rapid.IntRange(0, 3).Draw(t, "slots"), rapid.IntRange(0, 2).Draw(t, "carry")
	if rapid.Bool().Draw(t, "by priority") {
		first.Priorities = []kanban.PriorityKey{"high"}
	}
	second := first
	second.From, second.Slots = calendar.On(2026, time.November, 18), 2
	for d := range calendar.Day(rapid.IntRange(0, 5).Draw(t, "days off")) {
		second.Holidays = append(second.Holidays, calendar.On(2026, time.November, 23)+d)
	}
	s := setting(first)
	s.Contracts[0].Versions = append(s.Contracts[0].Versions, second)
	return s
}

func end() time.Time { return moment("2027-02-01 09:00", time.UTC) }

// At every moment the amounts of a unit's entries add up to its free slots, and those come
// out of the statement of the period.
func TestEntriesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events, now := anySetting(t), happening(t), moment("10-29 08:00", time.UTC).Add(time.Duration(rapid.IntRange(0, 100*24).Draw(t, "now"))*time.Hour)
		lent := 0
		for _, a := range contract.Fold(s, events, nil, now) {
			if got := contract.Balance(a.Entries); got != a.Free {
				t.Fatalf("%s: the entries add up to %d, free are %d: %v", a.Unit, got, a.Free, booked(a))
			}
			for n, w := range a.Statements {
				last := contract.Slots{}
				if n > 0 {
					last = a.Statements[n-1].Slots
				}
				if w.Count.CarryIn != last.CarryOut || w.Count.OverdrawIn != last.Owed || w.Count.Taken < 0 || w.Count.Expedites < 0 {
					t.Fatalf("%s begins with %+v after %+v", w.Period, w.Count, last)
				}
			}
			for _, e := range a.Entries {
				if e.Kind == contract.Lend {
					lent += e.Amount
				}
			}
			if len(a.Statements) > 0 {
				held := a.Statements[len(a.Statements)-1].Slots.Charge
				if held != len(a.Holders) {
					t.Fatalf("%d slots used, held by %+v", held, a.Holders)
				}
			}
		}
		if lent != 0 {
			t.Fatalf("%d slots were lent that nobody borrowed", lent)
		}
	})
}

// Rows that are put together are the row of everything that they tell, however it was
// dealt out to them and though both tell some of it.
func TestRowsTogetherAreOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, now := happening(t), end()
		for n := range events { // of one moment, and one event told of several cards
			if n > 0 && rapid.Bool().Draw(t, "at once") {
				events[n].At = events[n-1].At
				if events[n].Card != events[n-1].Card && events[n-1].ID == fmt.Sprintf("e%03d", n-1) {
					events[n].ID = events[n-1].ID
				}
			}
		}
		var a, b []contract.Event
		for _, e := range events {
			where := pick(t, "where", "a", "b", "both")
			if where != "b" {
				a = append(a, e)
			}
			if where != "a" {
				b = append(b, e)
			}
		}
		row := contract.RowOf(a).With(contract.RowOf(b))
		got := make([]contract.Event, len(row))
		for n, e := range row {
			got[n] = *e
		}
		if diff := cmp.Diff(contract.Sequence(events), got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		s := anySetting(t)
		if diff := cmp.Diff(contract.Fold(s, got, nil, now), contract.FoldRow(s, row, nil, now), cmp.AllowUnexported(contract.Holding{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

// However events arrive, and however often, everything comes out the same.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events, gaps := anySetting(t), happening(t), outages(t)
		again := append(slices.Clone(events), events[:rapid.IntRange(0, len(events)).Draw(t, "told twice")]...)
		again = rapid.Permutation(again).Draw(t, "arrival")
		other := rapid.Permutation(gaps).Draw(t, "gaps in another order")
		if diff := cmp.Diff(contract.Fold(s, events, gaps, end()), contract.Fold(s, again, other, end()), cmp.AllowUnexported(contract.Holding{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What was decided by a moment stays decided the same way, whatever happens later: time
// and later events only add entries and verdicts. Only people change one, by contesting it.
func TestVerdictsStay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events, gaps := anySetting(t), happening(t), outages(t)
		events = slices.DeleteFunc(events, func(e contract.Event) bool { return e.Kind == contract.Contested })
		cut := moment("10-29 08:00", time.UTC).Add(time.Duration(rapid.IntRange(0, 80*24).Draw(t, "cut")) * time.Hour)
		early := contract.Fold(s, slices.DeleteFunc(slices.Clone(events), func(e contract.Event) bool { return e.At.After(cut) }), gaps, cut)
		if diff := cmp.Diff(early, contract.Fold(s, events, gaps, cut), cmp.AllowUnexported(contract.Holding{})); diff != "" {
			t.Fatalf("what comes later is known before: %s", diff)
		}
		late := contract.Fold(s, events, gaps, end())
		for n, a := range early {
			if len(a.Entries) > len(late[n].Entries) || !slices.Equal(a.Entries, late[n].Entries[:len(a.Entries)]) {
				t.Fatalf("entries of %v: %v became %v", cut, booked(a), booked(late[n]))
			}
			then := map[string]contract.Verdict{}
			for _, v := range late[n].Verdicts {
				then[v.ID] = v
			}
			for _, v := range a.Verdicts {
				if got := then[v.ID]; v.Outcome != contract.Pending && got.Outcome != v.Outcome {
					t.Fatalf("%s was %s by %v and is %s: %+v, then %+v", v.ID, v.Outcome, cut, got.Outcome, v.Facts, got.Facts)
				}
			}
		}
	})
}

// Not to have read a tracker takes nothing from anybody: the entries are the same, kept stays
// kept, and nothing becomes broken.
func TestOutagesBreakNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events := anySetting(t), happening(t)
		read, unread := contract.Fold(s, events, nil, end()), contract.Fold(s, events, outages(t), end())
		for n, a := range read {
			if diff := cmp.Diff(a.Entries, unread[n].Entries); diff != "" {
				t.Fatal(diff)
			}
			for k, v := range a.Verdicts {
				got := unread[n].Verdicts[k]
				if got.ID != v.ID || got.Outcome != v.Outcome && (v.Outcome != contract.Broken || got.Outcome != contract.Unknown) {
					t.Fatalf("%s is %s, with outages %s is %s", v.ID, v.Outcome, got.ID, got.Outcome)
				}
			}
		}
	})
}

// Whenever the ledger is written down, and in whatever order the record came to be known,
// what stands in it is what follows from the record, about slots and about verdicts; what was
// written before stays.
func TestTheLedgerIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events, gaps := anySetting(t), happening(t), outages(t)
		known := rapid.Permutation(slices.Clone(events)).Draw(t, "arrival")
		var ledger []contract.Entry
		var heads []contract.Head
		for len(known) > 0 {
			n := rapid.IntRange(1, len(known)).Draw(t, "more")
			known = known[n:]
			have := events[:0:0]
			for _, e := range events {
				if !slices.ContainsFunc(known, func(k contract.Event) bool { return k.ID == e.ID }) {
					have = append(have, e)
				}
			}
			now := end().Add(-time.Duration(len(known)) * 24 * time.Hour)
			read := now.Add(-time.Duration(rapid.IntRange(0, 30).Draw(t, "days unread")) * 24 * time.Hour)
			account := contract.Fold(s, have, gaps, now)[1]
			ledger = append(ledger, account.Extend(ledger, read, now)...)
			heads = append(heads, contract.Seal("trading", ledger))
			if more := account.Extend(ledger, read, now); len(more) > 0 {
				t.Fatalf("the same record asks for %v", more)
			}
			if contract.Balance(ledger) != contract.Balance(account.Entries) {
				t.Fatal("amounts differ from what follows")
			}
			for _, e := range ledger {
				if e.Kind == contract.Judged && (e.Amount != 0 || e.Reverses != 0 && (e.Was == "" || ledger[e.Reverses-1].Ref != e.Ref || ledger[e.Reverses-1].Outcome != e.Was)) {
					t.Fatalf("%+v", e)
				}
			}
		}
		account := contract.Fold(s, events, gaps, end())[1]
		ledger = append(ledger, account.Extend(ledger, end(), end())...)
		if got, want := said(contract.Standing(ledger)), said(account.Extend(nil, end(), end())); !slices.Equal(got, want) {
			t.Fatal(cmp.Diff(want, got))
		}
		for _, h := range heads {
			if err := h.Holds(ledger); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A verdict that was told is told once, as long as nothing that it follows from is another:
// time, and what happens after it was decided, add no line about it. People who contest it
// have lines of their own.
func TestAToldVerdictStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events, gaps := anySetting(t), happening(t), outages(t)
		at := moment("10-29 08:00", time.UTC)
		var ledger []contract.Entry
		for at.Before(end()) {
			at = at.Add(time.Duration(rapid.IntRange(1, 20*24).Draw(t, "hours")) * time.Hour)
			have := slices.DeleteFunc(slices.Clone(events), func(e contract.Event) bool { return e.At.After(at) })
			ledger = append(ledger, contract.Fold(s, have, gaps, at)[1].Extend(ledger, at, at)...)
		}
		told := map[string]int64{}
		for _, e := range ledger {
			if e.Kind != contract.Judged {
				continue
			}
			if told[e.Ref] != 0 {
				t.Fatalf("line %d tells of %s again: %+v", e.Seq, e.Ref, e)
			}
			told[e.Ref] = e.Seq
		}
		for _, v := range contract.Fold(s, events, gaps, at)[1].Verdicts {
			if v.Found != contract.Pending && (told[v.ID] == 0 || ledger[told[v.ID]-1].Outcome != v.Found) && !v.Final.After(at) {
				t.Fatalf("%s is %s, and the ledger says %d", v.ID, v.Found, told[v.ID])
			}
		}
	})
}

// Where an input is another one than it was, there is a line for every verdict that is
// another one by it, which names the old and the new outcome, and none for the others.
func TestWhatChangesAVerdictLeavesALine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, events := anySetting(t), happening(t)
		before := contract.Fold(s, events, nil, end())[1]
		ledger := before.Extend(nil, end(), end())
		gaps := []contract.Gap(nil)
		why := ""
		switch pick(t, "input", "calendar", "terms", "rules", "outage", "event") {
		case "calendar":
			why = "the calendar"
			s.Calendar = s.Calendar.Without(calendar.On(2026, time.November, rapid.IntRange(3, 27).Draw(t, "holiday")))
		case "terms":
			why = "the terms"
			s.Contracts = []contract.Contract{{Unit: "trading", Name: "Trading", Versions: slices.Clone(s.Contracts[0].Versions)}, s.Contracts[1]}
			s.Contracts[0].Versions[0].AnswerDays++
		case "rules":
			why, s.Rules = "the rules", "other"
			s.Layout.Columns = slices.Clone(s.Layout.Columns)
			s.Layout.Columns[3].Turn = kanban.IT
		case "outage":
			gaps = outages(t)
		case "event":
			events = slices.Delete(slices.Clone(events), 0, 1)
		}
		after := contract.Fold(s, events, gaps, end())[1]
		is, was := map[string]contract.Verdict{}, map[string]contract.Verdict{}
		for _, v := range before.Verdicts {
			was[v.ID] = v
		}
		for _, v := range after.Verdicts {
			is[v.ID] = v
		}
		told := map[string]contract.Entry{}
		for _, e := range after.Extend(ledger, end(), end()) {
			if e.Kind == contract.Judged {
				told[e.Ref] = e
			}
		}
		for id, v := range was {
			if v.Final.After(end()) || v.Found == contract.Pending {
				continue
			}
			now := is[id]
			e, changed := told[id]
			if same := now.Found == v.Found && now.Period == v.Period; same == changed {
				t.Fatalf("%s was %s and is %s; the line is %+v", id, v.Found, now.Found, e)
			}
			if want := stdcmp.Or(now.Found, contract.Pending); changed && (e.Was != v.Found || e.Outcome != want) {
				t.Fatalf("%s was %s and is %s; the line is %+v", id, v.Found, now.Found, e)
			}
			if changed && now.Facts.Gap == nil && !strings.Contains(e.Note, why) {
				t.Fatalf("%+v does not say why: %s", e, why)
			}
		}
	})
}

// said is what entries say, apart from their places, in an order of its own.
func said(entries []contract.Entry) []string {
	var out []string
	for _, e := range entries {
		e.Seq = 0
		if e.Kind == contract.Judged {
			e = contract.Entry{Unit: e.Unit, Period: e.Period, Kind: e.Kind, Card: e.Card, Ref: e.Ref, Outcome: e.Outcome}
		}
		out = append(out, fmt.Sprintf("%+v", e))
	}
	slices.Sort(out)
	return out
}

// Every moment in progress is one party's: the shares add up to the time between start and
// end that the card was not done.
func TestEveryHourIsOnes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := happening(t)
		for _, a := range contract.Fold(anySetting(t), events, nil, end()) {
			var sum contract.Clock
			for _, c := range a.Clocks {
				sum.IT, sum.Business, sum.Third = sum.IT+c.IT, sum.Business+c.Business, sum.Third+c.Third
				if c.IT < 0 || c.Business < 0 || c.Third < 0 || c.All() > c.To.Sub(c.From) {
					t.Fatalf("%+v", c)
				}
				ends := slices.ContainsFunc(events, func(e contract.Event) bool { return e.Card == c.Card && (e.To == "done" || e.To == "withdrawn") })
				if !ends && c.All() != c.To.Sub(c.From) {
					t.Fatalf("hours are nobody's: %+v", c)
				}
			}
			if got := contract.Sum(a.Clocks); got.All() != sum.All() {
				t.Fatalf("%+v, want %+v", got, sum)
			}
			if shares := sum.Share(kanban.IT) + sum.Share(kanban.Business) + sum.Share(kanban.Third); sum.All() > 0 && (shares < 0.999999 || shares > 1.000001) {
				t.Fatalf("shares add up to %v", shares)
			}
		}
	})
}
