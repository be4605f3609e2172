package view_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// exchange is a notary that keeps swaps.
type exchange struct {
	*notary

	trades []store.Trade
}

func (x *exchange) OpenTrades(context.Context) (out []store.Trade, err error) {
	for _, t := range x.trades {
		if !t.Phase.Ended() {
			out = append(out, t)
		}
	}
	return out, nil
}

func (x *exchange) Trade(_ context.Context, id string) (store.Trade, error) {
	for _, t := range x.trades {
		if t.ID == id {
			return t, nil
		}
	}
	return store.Trade{}, store.ErrUnknown
}

// newExchange has a contract of Risk in which everything can be decided: three requests hold
// the slots of the week, of which one is begun, and one more asks for one. It is Thursday.
func newExchange(t *testing.T) (*exchange, *view.Views) {
	t.Helper()
	x := &exchange{notary: &notary{shelf: &shelf{}, ledger: map[kanban.UnitKey][]store.LedgerEntry{}}}
	week := float64(int(now.Sub(monday().Start(time.UTC)).Hours()/24)/7) * 7
	add := func(unit kanban.UnitKey, key string, ways ...any) kanban.Card {
		c := request(unit, key, week+0.1, ways...)
		c.Past.Ranks = []kanban.Ranking{{Priority: "low", At: c.Journey.Created}, {Priority: "high", At: c.Journey.Created.Add(time.Hour)}}
		x.put(c)
		return c
	}
	add("risk", "OPS-1", "committed", week+0.2)
	add("risk", "OPS-2", "committed", week+0.2)
	add("risk", "OPS-3", "committed", week+0.2, "doing", week+0.25)
	add("risk", "OPS-4")
	hasty := request("risk", "OPS-5", week+0.3)
	hasty.Class, hasty.Priority = kanban.ClassExpedite, "low"
	x.put(hasty)
	v := x.scaled(t)
	for i := range v.Agreements {
		v.Agreements[i].Versions[0].Priorities, v.Agreements[i].Versions[0].Carry = []kanban.PriorityKey{"high"}, 0
	}
	return x, v
}

// scaled are its views, with a low priority beside the high one.
func (x *exchange) scaled(t *testing.T) *view.Views {
	t.Helper()
	v := x.views(t, view.DefaultPolicy())
	eng := &engine.Engine{Rules: shelfRules(t, func(c *mapping.Config) {
		c.Priorities = append(c.Priorities, mapping.PriorityConfig{Key: "low", Name: "Low", GitHub: []string{"label:low"}})
	})}
	v.Source, v.Engine = x, func() *engine.Engine { return eng }
	return v
}

func TestWhatCanBeDecidedIsToldToThoseWhoMadeTheContract(t *testing.T) {
	t.Parallel()
	x, v := newExchange(t)
	x.decisions = []contract.Event{
		{ID: "l", At: now.Add(-time.Hour), Kind: contract.Lends, Unit: "trading", With: "risk", Amount: 1, Ref: "spring"},
		{ID: "old", At: now.AddDate(0, 0, -20), Kind: contract.Lends, Unit: "trading", With: "risk", Amount: 1, Ref: "old"},
	}
	for audience, want := range map[view.Audience]string{
		view.AudienceOps: "OPS-4 of OPS-1 OPS-2; approve OPS-5; spring Trading>Risk 1 false; Trading", "unit:risk": "OPS-4 of OPS-1 OPS-2; approve OPS-5; spring Trading>Risk 1 false; Trading",
		"unit:trading": "; approve ; ; ", view.AudienceWall: "; approve ; ; ",
	} {
		role := kanban.Requester
		if audience == view.AudienceOps {
			role = kanban.Ops
		}
		d, err := v.As(view.Viewer{Audience: audience, Role: role}).Deciding(t.Context(), "risk")
		if err != nil {
			t.Fatal(err)
		}
		var choices, down, expedites, loans, others []string
		for _, c := range d.Choices {
			for _, s := range c.Down {
				down = append(down, s.Called)
			}
			choices = append(choices, c.Called+" of "+strings.Join(down, " "))
		}
		for _, e := range d.Expedites {
			expedites = append(expedites, e.Called)
		}
		for _, l := range d.Loans {
			loans = append(loans, fmt.Sprintf("%s %s>%s %d %v", l.Ref, l.From.Name, l.To.Name, l.Slots, l.Ours))
		}
		for _, o := range d.Others {
			others = append(others, o.Name)
		}
		if got := fmt.Sprintf("%s; approve %s; %s; %s", strings.Join(choices, ","), strings.Join(expedites, " "), strings.Join(loans, ","), strings.Join(others, ",")); got != want {
			t.Errorf("%s: %s; want %s", audience, got, want)
		}
	}
	x.decisions = append(x.decisions, contract.Event{ID: "a", At: now.Add(-time.Minute), Kind: contract.Approved, Card: x.faces()[4]}, contract.Event{ID: "b", At: now.Add(-time.Minute), Kind: contract.Chose, Choice: contract.WaitFor, Card: x.faces()[3], Unit: "risk"})
	v2 := x.scaled(t)
	v2.Agreements = v.Agreements
	if d, err := v2.As(view.Somebody()).Deciding(t.Context(), "risk"); err != nil || len(d.Expedites) != 0 || len(d.Choices) != 1 || !d.Choices[0].Waits {
		t.Errorf("after it was approved and somebody waits: %+v, %v", d, err)
	}
	if _, err := v.As(view.Somebody()).Deciding(t.Context(), "nobody"); !errors.Is(err, view.ErrUnknown) {
		t.Error(err)
	}
}

func (x *exchange) faces() (ids []kanban.CardID) {
	for n := range 5 {
		ids = append(ids, kanban.CardID(fmt.Sprintf("card%04d", n)))
	}
	return ids
}

func TestASwapIsToldStepByStep(t *testing.T) {
	t.Parallel()
	x, v := newExchange(t)
	ids := x.faces()
	base := store.Trade{Unit: "risk", Who: "mia", Trade: contract.Trade{ID: view.SwapID("op1"), Down: contract.Half{Card: ids[0], From: "high", To: "low"}, Up: contract.Half{Card: ids[3], From: "high", To: "high"}}}
	for name, c := range map[string]struct {
		change func(*store.Trade)
		want   string
	}{
		"not begun":            {func(s *store.Trade) { s.Phase = contract.Lowering }, "now OPS-1 steps down: High to Low (not begun yet), next OPS-4 has the slot: High stays (), next The ledger books it ()"},
		"the first is sent":    {func(s *store.Trade) { s.Phase, s.Sent = contract.Lowering, true }, "now OPS-1 steps down: High to Low (Jira has it), next OPS-4 has the slot: High stays (), next The ledger books it ()"},
		"the second is sent":   {func(s *store.Trade) { s.Phase, s.Sent = contract.Raising, true }, "done OPS-1 steps down: High to Low (), now OPS-4 has the slot: High stays (Jira has it), next The ledger books it ()"},
		"the way back":         {func(s *store.Trade) { s.Phase, s.Sent, s.Problem = contract.Undoing, true, "Jira said no" }, "done OPS-1 steps down: High to Low (), failed OPS-4 has the slot: High stays (Jira said no), now OPS-1 is written back: High (Jira has it)"},
		"refused the way back": {func(s *store.Trade) { s.Phase, s.Refused, s.NextAt = contract.Undoing, 2, now.Add(time.Minute) }, "done OPS-1 steps down: High to Low (), failed OPS-4 has the slot: High stays (), failed OPS-1 is written back: High (refused 2 times; it is tried again at " + now.Add(time.Minute).UTC().Format("15:04") + ", and a person has to look)"},
		"done":                 {func(s *store.Trade) { s.Phase, s.Ended = contract.Traded, now }, "done OPS-1 steps down: High to Low (), done OPS-4 has the slot: High stays (), done The ledger books it ()"},
		"undone":               {func(s *store.Trade) { s.Phase, s.Ended, s.Problem = contract.Undone, now, "Jira said no" }, "failed Both are as they were, or as somebody set them meanwhile (Jira said no)"},
	} {
		trade := base
		c.change(&trade)
		x.trades = []store.Trade{trade}
		s, err := v.As(view.Viewer{Audience: "unit:risk", Role: kanban.Requester}).Swap(t.Context(), "risk", "op1")
		var got []string
		for _, step := range s.Steps {
			got = append(got, fmt.Sprintf("%s %s (%s)", step.State, step.Text, step.Detail))
		}
		if err != nil || strings.Join(got, ", ") != c.want || s.Ended.IsZero() == trade.Phase.Ended() {
			t.Errorf("%s: %s, %v\nwant %s", name, strings.Join(got, ", "), err, c.want)
		}
		d, err := v.As(view.Somebody()).Deciding(t.Context(), "risk")
		if open := len(d.Swaps) == 1 && d.Choices[0].Swapping; err != nil || open == trade.Phase.Ended() {
			t.Errorf("%s: listed %+v, %v", name, d.Swaps, err)
		}
	}
	for _, c := range []struct {
		audience view.Audience
		unit, op string
	}{{"unit:trading", "risk", "op1"}, {view.AudienceOps, "trading", "op1"}, {view.AudienceOps, "risk", "op2"}, {view.AudienceOps, "nobody", "op1"}} {
		if _, err := v.As(view.Viewer{Audience: c.audience}).Swap(t.Context(), kanban.UnitKey(c.unit), c.op); !errors.Is(err, view.ErrUnknown) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// TestAVerdictHasTheWordsOfBothSides and names people to those alone who read names.
func TestAVerdictHasTheWordsOfBothSides(t *testing.T) {
	t.Parallel()
	n := newNotary()
	v := n.views(t, view.DefaultPolicy())
	all, err := v.As(view.Somebody()).Contract(t.Context(), "risk")
	if err != nil {
		t.Fatal(err)
	}
	var id string
	for _, p := range all.Verdicts {
		if p.Outcome == contract.Broken || p.Outcome == contract.Kept {
			id = p.ID
		}
	}
	n.decisions = []contract.Event{
		{ID: "c", At: now.Add(-2 * time.Hour), Kind: contract.Contested, Unit: "risk", By: kanban.Business, Ref: id, Who: "mia", Note: "we called"},
		{ID: "d", At: now.Add(-time.Hour), Kind: contract.Settled, Unit: "risk", By: kanban.IT, Ref: id, Who: "sam", Outcome: contract.Broken},
	}
	v = n.views(t, view.DefaultPolicy())
	for audience, want := range map[view.Audience]string{
		view.AudienceIT: "contested true; it sam broken; business mia we called", "unit:risk": "contested true; it  broken; business  we called", "unit:trading": "masked",
	} {
		c, err := v.As(view.Viewer{Audience: audience}).Verdict(t.Context(), "risk", id)
		if err != nil {
			t.Fatal(err)
		}
		got := "masked"
		if !c.Masked {
			got = fmt.Sprintf("contested %v", c.Contested && c.Settling)
			for _, side := range c.Words {
				for _, w := range side.Said {
					got += fmt.Sprintf("; %s %s %s%s", side.By, w.Who, w.Outcome, w.Note)
				}
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", audience, got, want)
		}
	}
	if _, err := v.As(view.Somebody()).Verdict(t.Context(), "risk", "risk/P9"); !errors.Is(err, view.ErrUnknown) {
		t.Error(err)
	}
	v.Source = &exchange{notary: n}
	if d, err := v.As(view.Somebody()).Deciding(t.Context(), "risk"); err != nil || len(d.Contested) != 1 || d.Contested[0].ID != id {
		t.Errorf("%+v, %v", d.Contested, err)
	}
}

// TestAPledgeIsPutToWhoHasNotSaidIt tells both units of who would pay, as long as that has
// an effect, and nobody of a request that they may not read.
func TestAPledgeIsPutToWhoHasNotSaidIt(t *testing.T) {
	t.Parallel()
	x, v := newExchange(t)
	ids := x.faces()
	said := func(id string, card kanban.CardID, by, with kanban.UnitKey) contract.Event {
		return contract.Event{ID: id, At: now.Add(-time.Hour), Kind: contract.Sponsored, Card: card, Unit: by, With: with}
	}
	told := func(audience view.Audience, unit kanban.UnitKey) string {
		t.Helper()
		role := kanban.Liaison
		if audience == view.AudienceOps {
			role = kanban.Ops
		}
		d, err := v.As(view.Viewer{Audience: audience, Role: role}).Deciding(t.Context(), unit)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, p := range d.Pledges {
			out = append(out, fmt.Sprintf("%s %s>%s %v", p.Called, p.From.Name, p.To.Name, p.Ours))
		}
		return strings.Join(out, ", ")
	}
	x.decisions = []contract.Event{said("a", ids[3], "trading", ""), said("b", ids[0], "trading", "")} // the second one is taken on
	for ask, want := range map[[2]string]string{
		{"ops", "risk"}: "OPS-4 Risk>Trading false", {"ops", "trading"}: "OPS-4 Risk>Trading true", {"unit:risk", "risk"}: "OPS-4 Risk>Trading false", {"unit:trading", "trading"}: "", {"unit:trading", "risk"}: "",
	} {
		if got := told(view.Audience(ask[0]), kanban.UnitKey(ask[1])); got != want {
			t.Errorf("%v: %q; want %q", ask, got, want)
		}
	}
}
