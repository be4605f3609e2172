package storetest

import (
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/store"
)

func roomCases() []check {
	return []check{
		{"a commit beyond a limit writes nothing", beyondRoom},
		{"rooms count by column, unit, class and person", countRooms},
		{"of many who want the last place one gets it", raceForRoom},
	}
}

// placed is a card in a column, with the other things that rooms count by.
func placed(id kanban.CardID, column kanban.ColumnKey, unit kanban.UnitKey, class, person string) store.CardWrite {
	w := newCard(id, "placed")
	w.Face.Column, w.Face.Unit, w.Face.Class, w.Face.Person = column, unit, class, person
	return w
}

func beyondRoom(t fixture) {
	s, ctx := t.store, t.Context()
	doing := store.Room{Columns: []kanban.ColumnKey{"doing"}, Most: 2}
	commit(t, s, store.Commit{Cards: []store.CardWrite{placed("aaa", "doing", "trading", "standard", ""), placed("bbb", "doing", "trading", "standard", ""), placed("ccc", "ready", "trading", "standard", "")}})
	before := must(s.Seq(ctx))(t)
	third := again(must(s.Card(ctx, "ccc"))(t))
	third.Face = placed("ccc", "doing", "trading", "standard", "").Face
	c := store.Commit{Cards: []store.CardWrite{third}, Room: []store.Room{{Columns: []kanban.ColumnKey{"done"}}, doing}, Answer: &store.Answer{Key: "one", JSON: []byte(`{}`)}}
	_, err := s.Commit(ctx, c)
	full, ok := errors.AsType[*store.FullError](err)
	if !ok || *full != (store.FullError{Room: 1, Count: 2}) {
		t.Fatalf("error %v, want room 1 to be full with 2 cards", err)
	}
	if _, found, _ := s.AnswerOf(ctx, "one"); found || must(s.Seq(ctx))(t) != before || must(s.Card(ctx, "ccc"))(t).Lock != third.Card.Lock {
		t.Error("something of a commit that was refused is there")
	}
	c.Room[1].Most = 3
	commit(t, s, c)
	first := again(must(s.Card(ctx, "aaa"))(t))
	first.Face = placed("aaa", "doing", "trading", "standard", "").Face
	c = store.Commit{Cards: []store.CardWrite{first}, Room: []store.Room{doing}}
	if _, err := s.Commit(ctx, c); !errors.As(err, &full) || full.Count != 2 {
		t.Errorf("error %v, want the card itself not to be counted among those that are there", err)
	}
}

func countRooms(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{
		placed("aaa", "doing", "trading", "expedite", "Ana"), placed("bbb", "review", "trading", "standard", "Ana"),
		placed("ccc", "doing", "risk", "standard", "Bo"), placed("ddd", "done", "trading", "expedite", "Ana"), placed("eee", "", "trading", "expedite", "Ana"),
	}})
	work := []kanban.ColumnKey{"doing", "review"}
	rooms := []store.Room{
		{Columns: []kanban.ColumnKey{"doing"}}, {Columns: work}, {Columns: work, Unit: "trading"}, {Columns: work, Class: "expedite"},
		{Columns: work, Person: "Ana"}, {Columns: work, Unit: "risk", Class: "standard", Person: "Bo"}, {Columns: work, Person: "Nobody"}, {Unit: "trading"},
	}
	if diff := cmp.Diff([]int{2, 3, 2, 1, 2, 1, 0, 0}, must(s.Taken(t.Context(), rooms))(t)); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func raceForRoom(t fixture) {
	s := t.store
	const cards, most = 8, 3
	for i := range cards {
		stored(t, s, placed(kanban.CardID(fmt.Sprintf("card%d", i)), "ready", "trading", "expedite", "Ana"))
	}
	rooms := []store.Room{{Columns: []kanban.ColumnKey{"doing"}, Class: "expedite", Most: most}, {Columns: []kanban.ColumnKey{"doing"}, Most: most + 1}}
	group, ctx := errgroup.WithContext(t.Context())
	for i := range cards {
		group.Go(func() error {
			id := kanban.CardID(fmt.Sprintf("card%d", i))
			card, err := s.Card(ctx, id)
			if err != nil {
				return err
			}
			w := again(card)
			w.Face = placed(id, "doing", "trading", "expedite", "Ana").Face
			_, err = s.Commit(ctx, store.Commit{Now: epoch(), Cards: []store.CardWrite{w}, Room: rooms})
			if _, full := errors.AsType[*store.FullError](err); full {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := must(s.Taken(t.Context(), rooms))(t); got[0] != most {
		t.Errorf("%d cards got in, want %d", got[0], most)
	}
}
