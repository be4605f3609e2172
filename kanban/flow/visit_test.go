package flow_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/flow"
)

// Gone through in the steps, the stays in each column are those that are counted event by
// event.
func TestVisitsAreThoseOfTheEvents(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events, now := flow.Order(history(t)), at(60).Now
		for _, i := range items(events, nil, now) {
			counted := counting(events, i.Card, now)
			if diff := cmp.Diff(counted, i.Visits()); diff != "" {
				t.Fatalf("%s: %s", i.Card, diff)
			}
			for _, v := range counted {
				if got, ok := i.Visit(v.Column); !ok || got != v {
					t.Fatalf("Visit(%s) = %+v, %v; want %+v", v.Column, got, ok, v)
				}
			}
			if _, was := i.Visit("nowhere"); was {
				t.Fatal("a card has been in a column that there is not")
			}
		}
	})
}

// counting adds up the stays of a card by its moves alone. Where it has ended, time goes by
// as far as it was told of it again.
func counting(events []flow.Event, card kanban.CardID, now time.Time) []flow.Visit {
	var out []flow.Visit
	at := func(key kanban.ColumnKey) *flow.Visit {
		for n := range out {
			if out[n].Column == key {
				return &out[n]
			}
		}
		return nil
	}
	var here kanban.ColumnKey
	var since, told time.Time
	for _, e := range events {
		if e.Card != card || e.To == "" {
			continue
		}
		if told = e.At; e.To == here {
			continue
		}
		if v := at(here); v != nil {
			v.In, v.Left = v.In+e.At.Sub(since), e.At
		}
		if here, since = e.To, e.At; at(here) == nil {
			out = append(out, flow.Visit{Column: here, Reached: since})
		}
	}
	if !flow.NewBoard(columns).Category(here).Ended() {
		told = now
	}
	if v := at(here); v != nil {
		v.In += told.Sub(since)
	}
	return out
}
