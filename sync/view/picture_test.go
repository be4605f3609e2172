package view

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"
	"weak"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
)

// cabinet is a Source that holds cards and nothing else.
type cabinet struct {
	Source
	faces []store.Face
	seq   int64
}

func (c *cabinet) Faces(_ context.Context, q store.FaceQuery) (out []store.Face, err error) {
	for _, f := range c.faces {
		if f.Seq > q.SinceSeq && f.Card.ID > q.After && (q.Limit == 0 || len(out) < q.Limit) {
			out = append(out, f)
		}
	}
	return out, nil
}
func (*cabinet) Gone(context.Context, int64) ([]store.Alias, error)    { return nil, nil }
func (*cabinet) Setting(context.Context, string) (string, bool, error) { return "", false, nil }
func (c *cabinet) Seq(context.Context) (int64, error)                  { return c.seq, nil }
func (c *cabinet) put(n int, card kanban.Card) {
	c.seq++
	card.ID = kanban.CardID(fmt.Sprintf("card%04d", n))
	if f := (store.Face{Card: card, Seq: c.seq}); n < len(c.faces) {
		c.faces[n] = f
	} else {
		c.faces = append(c.faces, f)
	}
}

// A card that has changed goes, whoever was read together with it: else a board on which much
// happens would come to hold every page of cards that was ever read.
func TestAChangedCardIsKeptByNoOther(t *testing.T) {
	t.Parallel()
	var c cabinet
	var p picture
	for n := range 10 {
		c.put(n, kanban.Card{Title: "first"})
	}
	_, list, err := p.latest(t.Context(), &c)
	if err != nil {
		t.Fatal(err)
	}
	was, beside := weak.Make(list[4]), list[5]
	c.put(4, kanban.Card{Title: "second"})
	if _, list, err = p.latest(t.Context(), &c); err != nil || list[4].Card.Title != "second" || list[5] != beside {
		t.Fatalf("the picture after a change: %v", err)
	}
	runtime.GC()
	if was.Value() != nil {
		t.Error("the card as it was is still there")
	}
	runtime.KeepAlive(beside)
}

// Of a card's past only contracts ask what it was and who moved it: it is kept of the cards
// that they tell of.
func TestARecordIsKeptForContracts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	rules, problems := mapping.Compile(mapping.Config{
		Columns:    []mapping.ColumnConfig{{Key: "doing", Category: kanban.Active, GitHub: []string{"open"}}, {Key: "done", Category: kanban.Done, GitHub: []string{"closed"}}},
		Priorities: []mapping.PriorityConfig{{Key: "high", GitHub: []string{"label:high"}}},
		Trackers:   []mapping.TrackerConfig{{Name: "github", Kind: "github", Containers: []string{"acme/infra"}}},
	}, nil)
	if mapping.Failed(problems) {
		t.Fatal(problems)
	}
	card := func(column kanban.ColumnKey, at time.Time) kanban.Card {
		return kanban.Card{Column: column, Past: kanban.Past{
			Steps: []kanban.Step{{Column: column, At: at, By: "ana", Event: "github/1"}},
			Ranks: []kanban.Ranking{{Priority: "high", At: at}}, Profiles: []kanban.Profile{{At: at, Unit: "risk"}},
		}}
	}
	long := now.AddDate(-2, 0, 0)
	agreed := []contract.Contract{{Unit: "risk", Versions: []contract.Terms{{From: calendar.Of(now.AddDate(0, -6, 0), time.UTC)}}}}
	for name, c := range map[string]struct {
		agreements []contract.Contract
		card       kanban.Card
		want       bool
	}{
		"no contract":                            {nil, card("doing", now), false},
		"in work":                                {agreed, card("doing", long), true},
		"done since":                             {agreed, card("done", now), true},
		"done long before there was a contract":  {agreed, card("done", long), false},
		"done before, but not longer than usual": {agreed, card("done", now.AddDate(0, -6, -10)), true},
	} {
		var from cabinet
		from.put(0, c.card)
		v := New(Options{Source: &from, Engine: func() *engine.Engine { return &engine.Engine{Rules: rules} }, Zone: time.UTC, Now: func() time.Time { return now }, Agreements: c.agreements})
		_, list, err := v.picture.latest(t.Context(), &from)
		if err != nil {
			t.Fatal(err)
		}
		past := list[0].Card.Past
		kept := len(past.Ranks) == 1 && len(past.Profiles) == 1 && past.Steps[0].By == "ana" && past.Steps[0].Event == "github/1"
		gone := len(past.Ranks) == 0 && len(past.Profiles) == 0 && past.Steps[0].By == "" && past.Steps[0].Event == ""
		if kept != c.want || gone == c.want {
			t.Errorf("%s: %+v is kept", name, past)
		}
		if s := past.Steps[0]; s.Column != c.card.Column || !s.At.Equal(c.card.Past.Steps[0].At) {
			t.Errorf("%s: the step is %+v", name, s)
		}
	}
}

// People with the same rights are told the same once; a unit is only where its own cards are
// more to it than others.
func TestTheSameRightsAreTheSameEyes(t *testing.T) {
	t.Parallel()
	alike := Policy{Own: []Facet{FacetTitle}, Other: []Facet{FacetTitle}, IT: []Facet{FacetTitle}, Ops: []Facet{FacetTitle}}
	v, narrow := New(Options{Policy: alike}), New(Options{Policy: DefaultPolicy()})
	if ops := v.As(Viewer{Audience: AudienceOps, Name: "ana"}).eyes(); ops != v.As(Viewer{Audience: AudienceOps, Name: "ben"}).eyes() || v.As(Viewer{Audience: "unit:risk"}).eyes() != v.As(Viewer{Audience: "unit:trading"}).eyes() {
		t.Error("who reads the same has other eyes")
	}
	if narrow.As(Viewer{Audience: "unit:risk"}).eyes() == narrow.As(Viewer{Audience: "unit:trading"}).eyes() {
		t.Error("two units that read more of their own cards have the same eyes")
	}
	if narrow.As(Viewer{Audience: AudienceOps}).eyes() == narrow.As(Viewer{Audience: AudienceOps, Proved: true}).eyes() {
		t.Error("who has proved who they are, and reads restricted cards, has the eyes of one who has not")
	}
}
