package view_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// copied is a shelf whose cards can be changed after they were read.
type copied struct {
	*shelf
	gone *[]store.Alias
}

// Gone tells of cards that are no more.
func (c copied) Gone(context.Context, int64) ([]store.Alias, error) { return *c.gone, nil }

func (c copied) Faces(ctx context.Context, q store.FaceQuery) ([]store.Face, error) {
	faces, err := c.shelf.Faces(ctx, q)
	return slices.Clone(faces), err
}

// TestAPictureThatLastsNamesNoCardThatIsForFewNow: a dear picture is good for a while on a
// busy board, but not once it names what its viewer may not know any more.
func TestAPictureThatLastsNamesNoCardThatIsForFewNow(t *testing.T) {
	t.Parallel()
	const word = "Rotate the keys"
	for what, hide := range map[string]func(*kanban.Card){
		"restricted":        func(c *kanban.Card) { c.Restricted = true },
		"another unit's":    func(c *kanban.Card) { c.Unit = "trading" },
		"without its issue": func(c *kanban.Card) { c.Sides, c.Title = nil, "Another title" },
		"gone":              func(c *kanban.Card) { c.ID = "" },
	} {
		s := copied{&shelf{}, &[]store.Alias{}}
		c := inWork("doing", 3)
		c.Unit, c.Title, c.Sides = "risk", word, []kanban.CardSide{{Side: "jira", Key: "OPS-12"}}
		s.put(c)
		at := now.Truncate(time.Hour)
		eng := &engine.Engine{Rules: shelfRules(t)}
		sight := view.New(view.Options{
			Source: s, Engine: func() *engine.Engine { return eng }, Zone: time.UTC, Policy: view.DefaultPolicy(), Poll: time.Minute,
			Now: func() time.Time { at = at.Add(time.Second); return at }, // each picture takes its time
		}).As(view.Viewer{Audience: "unit:risk"})
		picture := func() (int64, bool) {
			p, err := sight.FlowPicture(t.Context(), view.FlowQuery{})
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			return p.Seq, strings.Contains(string(text), word)
		}
		if seq, named := picture(); seq != 1 || !named {
			t.Fatalf("at first: %d, named %v", seq, named)
		}
		s.put(inWork("doing", 1))
		if seq, named := picture(); seq != 1 || !named {
			t.Errorf("%s: after another card came: %d, named %v; want the picture from before", what, seq, named)
		}
		hide(&s.faces[0].Card)
		if s.faces[0].Seq = 3; s.faces[0].Card.ID == "" {
			*s.gone, s.faces, s.more = []store.Alias{{Old: "card0000"}}, s.faces[1:], 2
		} else {
			s.put(inWork("doing", 1))
		}
		if seq, named := picture(); seq != 3 || named {
			t.Errorf("%s: %d, named %v; want a new picture", what, seq, named)
		}
	}
}
