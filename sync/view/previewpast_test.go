package view

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
)

func TestASampleIsEven(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		all := make([]int, rapid.IntRange(0, 500).Draw(r, "all"))
		for n := range all {
			all[n] = n
		}
		most := rapid.IntRange(1, 60).Draw(r, "most")
		got := sampled(all, most)
		if len(got) != min(len(all), most) {
			r.Fatalf("%d of %d, at most %d", len(got), len(all), most)
		}
		for n := 1; n < len(got); n++ {
			if gap := got[n] - got[n-1]; gap < len(all)/len(got) || gap > len(all)/len(got)+1 {
				r.Fatalf("%v of %d leaves a gap of %d", got, len(all), gap)
			}
		}
		if n := len(got); n > 0 && (got[0] != 0 || len(all)-got[n-1] > len(all)/n+1) {
			r.Fatalf("%v of %d", got, len(all))
		}
	})
}

// multitude is a Source of more cards than a preview reads the records of, and notes which
// those are.
type multitude struct {
	Source
	faces []store.Face
	read  map[kanban.CardID]bool
}

func (c *multitude) Seq(context.Context) (int64, error)                 { return 1, nil }
func (c *multitude) Gone(context.Context, int64) ([]store.Alias, error) { return nil, nil }
func (c *multitude) Faces(_ context.Context, q store.FaceQuery) ([]store.Face, error) {
	if q.After != "" { // all were in the first page
		return nil, nil
	}
	return c.faces, nil
}
func (c *multitude) Cards(context.Context, []kanban.CardID) (map[kanban.CardID]engine.Card, error) {
	return nil, nil
}

func (c *multitude) Card(_ context.Context, id kanban.CardID) (engine.Card, error) {
	c.read[id] = true
	return engine.Card{ID: id}, nil
}

func (c *multitude) Setting(context.Context, string) (string, bool, error) { return "", false, nil }

func (c *multitude) Events(context.Context, kanban.CardID) ([]kanban.Event, error) { return nil, nil }

// TestAPreviewOfManyReadsAnEvenSample has a new mapping of five thousand cards.
func TestAPreviewOfManyReadsAnEvenSample(t *testing.T) {
	t.Parallel()
	of := func(name string) *mapping.Rules {
		rules, problems := mapping.Compile(mapping.Config{
			Columns:  []mapping.ColumnConfig{{Key: "todo", Name: name, Category: kanban.Option, GitHub: []string{"open"}}},
			Trackers: []mapping.TrackerConfig{{Name: "github", Kind: "github", Containers: []string{"acme/infra"}}},
		}, nil)
		if rules == nil {
			t.Fatal(problems)
		}
		return rules
	}
	all := &multitude{read: map[kanban.CardID]bool{}}
	for n := range 5000 {
		all.faces = append(all.faces, store.Face{Card: kanban.Card{ID: kanban.CardID(fmt.Sprintf("card%04d", n))}, Seq: 1})
	}
	eng := &engine.Engine{Rules: of("To do")}
	v := New(Options{Source: all, Engine: func() *engine.Engine { return eng }, Zone: time.UTC, Now: time.Now, Policy: DefaultPolicy()})
	p, err := v.As(Somebody()).Preview(t.Context(), of("Asked"), nil)
	if err != nil {
		t.Fatal(err)
	}
	late := 0
	for id := range all.read {
		if id >= "card2500" {
			late++
		}
	}
	if p.Retold.Read != mostRetold || p.Retold.Of != 5000 || len(all.read) != mostRetold || late != mostRetold/2 {
		t.Errorf("%+v, %d records of which %d are of the second half", p.Retold, len(all.read), late)
	}
}

func TestWhatIsRetoldIsScaled(t *testing.T) {
	t.Parallel()
	const otherwise = " would have been through other columns, or at other times: ages and charts would change"
	for want, r := range map[string]Retold{
		"":                                 {Read: 12, Of: 12},
		"3 of the 1,200 cards" + otherwise: {Cards: 3, Read: 1200, Of: 1200},
		"70 of 2,000 cards, an even sample," + otherwise + "; of all 29,057 about 1,017": {Cards: 70, Read: 2000, Of: 29057},
		"None of 2,000 cards, an even sample of 29,057," + otherwise:                     {Read: 2000, Of: 29057},
	} {
		if got := r.Words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
