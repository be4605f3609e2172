package view_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/sync/dispatch"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// notary is a shelf with what is kept of contracts.
type notary struct {
	*shelf

	decisions []contract.Event
	ledger    map[kanban.UnitKey][]store.LedgerEntry
	outages   []store.Outage
	sources   []store.SourceState
	sent      []dispatch.Dispatch
}

func (n *notary) OpenDispatches(context.Context) ([]dispatch.Dispatch, error) { return n.sent, nil }
func (n *notary) DispatchesOf(_ context.Context, digest string) (out []dispatch.Dispatch, err error) {
	for _, d := range n.sent {
		if d.Digest == digest {
			out = append(out, d)
		}
	}
	return out, nil
}

func (n *notary) DecisionsAfter(_ context.Context, seq int64) (out []store.DecisionRow, err error) {
	for i, e := range n.decisions {
		if int64(i) >= seq {
			out = append(out, store.DecisionRow{Seq: int64(i + 1), Event: e, Odd: e.Kind == ""})
		}
	}
	return out, nil
}
func (n *notary) Outages(context.Context) ([]store.Outage, error) { return n.outages, nil }
func (n *notary) Sources(context.Context) ([]store.SourceState, error) {
	return n.sources, nil
}

func (n *notary) Ledger(_ context.Context, unit kanban.UnitKey, after int64) ([]store.LedgerEntry, error) {
	return n.ledger[unit][min(after, int64(len(n.ledger[unit]))):], nil
}

// monday is the first day of the week three weeks before now.
func monday() calendar.Day { return calendar.Of(now, time.UTC).Monday() - 21 }

// agreement is a contract of three slots a week that began three weeks ago.
func agreement(unit kanban.UnitKey, name string) contract.Contract {
	return contract.Contract{Unit: unit, Name: name, Versions: []contract.Terms{{From: monday(), Slots: 3, Carry: 3, Cutoff: contract.Cutoff{Day: time.Tuesday, Hour: 12},
		Expedites: 2, AnswerDays: 2, AcceptDays: 3, Agreed: contract.Agreed{Business: "Mia", IT: "Ana"}}}}
}

func (n *notary) views(tb testing.TB, policy view.Policy) *view.Views {
	tb.Helper()
	eng := &engine.Engine{Rules: shelfRules(tb)}
	return view.New(view.Options{
		Source: n, Engine: func() *engine.Engine { return eng }, Units: []view.Named{{Key: "risk", Name: "Risk"}, {Key: "trading", Name: "Trading"}},
		Zone: time.UTC, Calendar: calendar.New(time.UTC), Now: func() time.Time { return now }, Policy: policy, Poll: time.Minute,
		Trackers:   []view.TrackerName{{Name: "github", Kind: "github", Sources: []string{"acme/infra"}}},
		Agreements: []contract.Contract{agreement("risk", "Risk"), agreement("trading", "Trading")},
	})
}

// request is a card of a unit with a Jira issue that entered columns on days since the
// contracts began.
func request(unit kanban.UnitKey, key string, created float64, ways ...any) kanban.Card {
	at := func(days float64) time.Time {
		return monday().Start(time.UTC).Add(time.Duration(days * 24 * float64(time.Hour)))
	}
	c := kanban.Card{ID: kanban.CardID("c-" + key), Unit: unit, Class: "standard", Planned: true, Title: "Secret of " + key, Priority: "high",
		Journey: kanban.Journey{Created: at(created)}, Sides: []kanban.CardSide{{Side: "jira", Tracker: "jira", Key: key}}}
	c.Past.Steps = []kanban.Step{{Column: "requests", At: at(created)}}
	for i := 0; i < len(ways); i += 2 {
		c.Past.Steps = append(c.Past.Steps, kanban.Step{Column: kanban.ColumnKey(ways[i].(string)), At: at(ways[i+1].(float64)), By: "dev-" + key, Event: fmt.Sprint("github/e", key, i)})
	}
	c.Column = c.Past.Steps[len(c.Past.Steps)-1].Column
	return c
}

func newNotary() *notary {
	n := &notary{shelf: &shelf{}, ledger: map[kanban.UnitKey][]store.LedgerEntry{}}
	n.put(request("risk", "OPS-1", 0.4, "committed", 1.0, "doing", 2.0, "verify", 3.0, "done", 3.5))
	n.put(request("risk", "OPS-2", 7.4, "committed", 8.0, "doing", 9.0))
	n.put(request("trading", "OPS-3", 0.4, "committed", 1.0, "doing", 2.0))
	return n
}

func TestAContractIsToldToThoseWhoMadeIt(t *testing.T) {
	t.Parallel()
	policy := view.DefaultPolicy()
	open := policy
	open.Other = []view.Facet{view.FacetTitle}
	for name, c := range map[string]struct {
		audience view.Audience
		policy   view.Policy
		whole    bool
		line     bool
	}{
		"ops": {view.AudienceOps, policy, true, true}, "it": {view.AudienceIT, policy, true, true}, "its own unit": {"unit:risk", policy, true, true},
		"another unit": {"unit:trading", policy, false, false}, "another unit that reads titles": {"unit:trading", open, false, true},
		"a wall": {view.AudienceWall, policy, false, true}, "nobody": {"", policy, false, false}, "unassigned": {"unit:unassigned", policy, false, false},
	} {
		s := newNotary().views(t, c.policy).As(view.Viewer{Audience: c.audience})
		k, err := s.Contract(t.Context(), "risk")
		if err != nil {
			t.Fatal(err)
		}
		text, _ := json.Marshal(k)
		if whole := len(k.Verdicts) > 0 && k.Ledger != nil && k.Terms != nil; k.Masked == c.whole || whole != c.whole || (k.Line != "") != c.line {
			t.Errorf("%s is told %s", name, text)
		}
		if strings.Contains(string(text), "OPS-") != c.whole || strings.Contains(string(text), "dev-") {
			t.Errorf("%s reads %s", name, text)
		}
		lines, err := s.Ledger(t.Context(), "")
		if err != nil || len(lines) != 0 {
			t.Errorf("%s: %v, %v", name, lines, err)
		}
	}
	s := newNotary().views(t, policy).As(view.Somebody())
	if _, err := s.Contract(t.Context(), "nobody"); !errors.Is(err, view.ErrUnknown) {
		t.Errorf("a unit without a contract: %v", err)
	}
	all, err := s.Contracts(t.Context())
	if err != nil || len(all) != 2 || all[0].Unit != "risk" || all[1].Line == "" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestAContractCountsWhatHappened(t *testing.T) {
	t.Parallel()
	n := newNotary()
	k, err := n.views(t, view.DefaultPolicy()).As(view.Somebody()).Contract(t.Context(), "risk")
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Past) != 3 || k.Past[2].Taken != 1 || k.Past[1].Taken != 1 || k.Past[0].Taken != 0 || k.Period == nil || k.Period.Closed {
		t.Errorf("periods, the latest first: %+v, now %+v", k.Past, k.Period)
	}
	var accepted string
	for _, v := range k.Verdicts {
		if v.Promise == contract.Order {
			t.Errorf("nobody could tell an order, and it is judged: %+v", v)
		}
		if v.Promise == contract.Accept {
			accepted = string(v.Outcome) + " " + v.Called
		}
	}
	if accepted != "kept OPS-1" {
		t.Errorf("acceptance: %q", accepted)
	}
	if len(k.Clock) != 3 || k.Clock[0].Percent < 90 {
		t.Errorf("the clock: %+v", k.Clock)
	}
}

// A change of one card makes its events anew, and shows.
func TestAContractFollowsItsCards(t *testing.T) {
	t.Parallel()
	n := newNotary()
	v := n.views(t, view.DefaultPolicy())
	first, err := v.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := v.Standing(t.Context()); &again[0] != &first[0] {
		t.Error("nothing has changed, and it was computed anew")
	}
	changed := request("risk", "OPS-2", 7.4)
	changed.ID = n.faces[1].Card.ID
	n.change(1, changed)
	after, err := v.Standing(t.Context())
	if err != nil || len(after[0].Entries) >= len(first[0].Entries)+1 || len(after[1].Entries) != len(first[1].Entries) {
		t.Errorf("%d entries after %d, %v", len(after[0].Entries), len(first[0].Entries), err)
	}
	fresh, _ := n.views(t, view.DefaultPolicy()).Standing(t.Context())
	if diff := cmp.Diff(fresh[0].Entries, after[0].Entries); diff != "" {
		t.Errorf("otherwise than from nothing (-whole +followed):\n%s", diff)
	}
}

// Nothing that was to be decided while a tracker was not read is held against anybody.
func TestAnOutageBreaksNoPromise(t *testing.T) {
	t.Parallel()
	outcomes := func(n *notary) map[contract.Outcome]int {
		k, err := n.views(t, view.DefaultPolicy()).As(view.Somebody()).Contract(t.Context(), "risk")
		if err != nil {
			t.Fatal(err)
		}
		out := map[contract.Outcome]int{}
		for _, v := range k.Verdicts {
			out[v.Outcome]++
		}
		return out
	}
	late := func() *notary {
		n := newNotary()
		n.put(request("risk", "OPS-9", 0.5)) // nobody replied
		return n
	}
	if got := outcomes(late()); got[contract.Broken] == 0 || got[contract.Unknown] != 0 {
		t.Fatalf("read all the time: %v", got)
	}
	dark := late()
	dark.outages = []store.Outage{{Tracker: "github", Source: "acme/infra", From: monday().Start(time.UTC), To: now}}
	if got := outcomes(dark); got[contract.Broken] != 0 || got[contract.Unknown] == 0 {
		t.Errorf("with an outage: %v", got)
	}
	still := late()
	still.sources = []store.SourceState{{Tracker: "github", Source: "acme/infra", OKAt: monday().Start(time.UTC)}}
	if got := outcomes(still); got[contract.Broken] != 0 || got[contract.Unknown] == 0 {
		t.Errorf("with one that lasts: %v", got)
	}
	other := late()
	other.sources = []store.SourceState{{Tracker: "gone", Source: "x", OKAt: monday().Start(time.UTC)}}
	if got := outcomes(other); got[contract.Unknown] != 0 {
		t.Errorf("a source that is configured no more: %v", got)
	}
}

// chained are entries as they are recorded.
func chained(unit kanban.UnitKey, entries []contract.Entry) (out []store.LedgerEntry) {
	last := contract.Genesis(unit)
	for _, e := range entries {
		last = e.After(last)
		out = append(out, store.LedgerEntry{Entry: e, Link: last})
	}
	return out
}

func TestTheLedgerIsToldAsItWasWritten(t *testing.T) {
	t.Parallel()
	n := newNotary()
	accounts, err := n.views(t, view.DefaultPolicy()).Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n.ledger["risk"] = chained("risk", accounts[0].Entries)
	v := n.views(t, view.DefaultPolicy())
	read := func(a view.Audience) (who, cards int) {
		lines, err := v.As(view.Viewer{Audience: a}).Ledger(t.Context(), "risk")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if strings.HasPrefix(l.Who, "dev-") {
				who++
			}
			if strings.HasPrefix(l.Card, "OPS-") {
				cards++
			}
		}
		return who, cards
	}
	for a, want := range map[view.Audience][2]int{view.AudienceOps: {2, 2}, "unit:risk": {0, 2}, "unit:trading": {0, 0}, view.AudienceWall: {0, 0}} {
		if who, cards := read(a); who != want[0] || cards != want[1] {
			t.Errorf("%s reads %d names and %d cards, want %v", a, who, cards, want)
		}
	}
	k, _ := v.As(view.Somebody()).Contract(t.Context(), "risk")
	if k.Ledger.Problem != "" || k.Ledger.Entries != int64(len(accounts[0].Entries)) || !strings.HasPrefix(k.Ledger.Head, "parley-ledger-1:risk:") {
		t.Errorf("%+v", k.Ledger)
	}
	n.ledger["risk"][1].Entry.Amount++
	v.Now = func() time.Time { return now.Add(time.Minute) } // all of it is read once in a minute
	if k, _ = v.As(view.Somebody()).Contract(t.Context(), "risk"); !strings.Contains(k.Ledger.Problem, "entry 2 is not the one") {
		t.Errorf("a bent entry: %+v", k.Ledger)
	}
}

func TestSlotsAreProposedFromWhatWasFinished(t *testing.T) {
	t.Parallel()
	n := newNotary()
	for week := range 10 {
		for i := range 4 {
			done := float64(21 - 7*week - 2)
			n.put(request([]kanban.UnitKey{"risk", "risk", "risk", "trading"}[i], fmt.Sprint("OLD-", week, "-", i), done-3, "doing", done-2, "done", done-1))
		}
	}
	p, err := n.views(t, view.DefaultPolicy()).As(view.Somebody()).Propose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if p.Slots != 4 || p.Improvement != 1 || p.Provisional || p.Weeks != 10 || p.Chance != 1 {
		t.Errorf("%+v", p)
	}
	if len(p.Units) != 2 || p.Units[0].Slots != 2 || p.Units[1].Slots != 1 || p.Units[0].Agreed != 3 {
		t.Errorf("units: %+v", p.Units)
	}
}

// BenchmarkContract tells a contract of a year with 10,000 cards, whose ledger has a line for
// every verdict, after one of them has changed, and while nothing changes.
func BenchmarkContract(b *testing.B) {
	n := newNotary()
	for i := range 10_000 {
		at := 20 - float64(i%364) + 0.1
		n.put(request([]kanban.UnitKey{"risk", "trading", "unassigned"}[i%3], fmt.Sprint("BIG-", i), at-0.05, "committed", at, "doing", at+0.1, "waiting", at+0.2, "doing", at+0.3, "verify", at+0.4, "done", at+0.5))
	}
	v := n.views(b, view.DefaultPolicy())
	for i := range v.Agreements {
		v.Agreements[i].Versions[0].From -= 49 * 7
	}
	tell := func() {
		if _, err := v.As(view.Somebody()).Contract(b.Context(), "risk"); err != nil {
			b.Fatal(err)
		}
	}
	tell()
	accounts, err := v.Standing(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, a := range accounts {
		lines := a.Extend(nil, v.Now(), v.Now())
		b.Logf("%s: %d lines, %d without those about verdicts", a.Unit, len(lines), len(a.Entries))
		n.ledger[a.Unit] = chained(a.Unit, lines)
	}
	b.Run("one-card-changed", func(b *testing.B) {
		for k := 0; b.Loop(); k++ {
			c := n.faces[5].Card
			last := slices.Clone(c.Past.Steps)
			last[len(last)-1].Column = []kanban.ColumnKey{"done", "doing"}[k%2]
			c.Past.Steps = last
			n.change(5, c)
			tell()
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			tell()
		}
	})
}
