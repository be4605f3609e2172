package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/store"
)

func faceCases() []check {
	return []check{
		{"faces are selected", facesSelected},
		{"a search takes its text literally", searchLiteral},
	}
}

func faceIDs(faces []store.Face) []kanban.CardID {
	ids := []kanban.CardID{}
	for _, f := range faces {
		ids = append(ids, f.Card.ID)
	}
	return ids
}

func facesSelected(t fixture) {
	s := t.store
	a, b, c := newCard("a", "Größe ändern"), newCard("b", "Second"), newCard("c", "Third")
	b.Face.Column, c.Face.Column = "", "done"
	c.Face.Unit = "risk"
	commit(t, s, store.Commit{Cards: []store.CardWrite{c, a}})
	commit(t, s, store.Commit{Cards: []store.CardWrite{b}})
	for name, test := range map[string]struct {
		q    store.FaceQuery
		want []kanban.CardID
	}{
		"all, by id":     {store.FaceQuery{}, []kanban.CardID{"a", "b", "c"}},
		"since":          {store.FaceQuery{SinceSeq: 1}, []kanban.CardID{"b"}},
		"since the last": {store.FaceQuery{SinceSeq: 2}, []kanban.CardID{}},
		"first page":     {store.FaceQuery{Limit: 2}, []kanban.CardID{"a", "b"}},
		"next page":      {store.FaceQuery{Limit: 2, After: "b"}, []kanban.CardID{"c"}},
		"by ids":         {store.FaceQuery{IDs: []kanban.CardID{"c", "a", "x"}}, []kanban.CardID{"a", "c"}},
		"by columns":     {store.FaceQuery{Columns: []kanban.ColumnKey{"doing", "done"}}, []kanban.CardID{"a", "c"}},
		"unmapped":       {store.FaceQuery{Columns: []kanban.ColumnKey{""}}, []kanban.CardID{"b"}},
		"by unit":        {store.FaceQuery{Units: []kanban.UnitKey{"risk"}}, []kanban.CardID{"c"}},
		"by title":       {store.FaceQuery{Search: "GRÖSSE Ä"}, []kanban.CardID{}},
		"by title, fold": {store.FaceQuery{Search: "GRÖßE Ä"}, []kanban.CardID{"a"}},
		"by key":         {store.FaceQuery{Search: "ops-b"}, []kanban.CardID{"b"}},
		"all at once": {
			store.FaceQuery{SinceSeq: 1, After: "a", Limit: 5, IDs: []kanban.CardID{"b", "c"}, Columns: []kanban.ColumnKey{""}, Search: "sec"},
			[]kanban.CardID{"b"},
		},
	} {
		if diff := cmp.Diff(test.want, faceIDs(must(s.Faces(t.Context(), test.q))(t))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func searchLiteral(t fixture) {
	s := t.store
	commit(t, s, store.Commit{Cards: []store.CardWrite{newCard("a", "100% sure_thing! it's \\ done"), newCard("b", "100 surething")}})
	for _, text := range []string{"100%", "sure_thing", "thing!", "it's", "\\", "\\ d"} {
		if got := faceIDs(must(s.Faces(t.Context(), store.FaceQuery{Search: text}))(t)); len(got) != 1 || got[0] != "a" {
			t.Errorf("search %q finds %v, want a", text, got)
		}
	}
}

func dueCases() []check {
	return []check{
		{"due cards come oldest first", due},
		{"a touch is not lost to a step under way", touched},
		{"a touch never delays a step", touchEarlier},
		{"all cards can be touched, for a mapping that is remembered", touchAll},
		{"cards with an open write can be touched", touchOpen},
		{"cards can be redrawn", redraw},
	}
}

func due(t fixture) {
	s := t.store
	if _, ok, err := s.NextDue(t.Context()); ok || err != nil {
		t.Fatalf("NextDue of an empty store = %v, %v", ok, err)
	}
	card := func(id kanban.CardID, dirty bool, next time.Time) store.CardWrite {
		w := newCard(id, "d")
		w.Dirty, w.NextAt = dirty, next
		return w
	}
	commit(t, s, store.Commit{Now: at(5), Cards: []store.CardWrite{
		card("late", true, at(9)), card("now", true, time.Time{}), card("clean", false, at(1)), card("first", true, at(3)), card("a-later", true, at(20)),
	}})
	for _, c := range []struct {
		now   int
		limit int
		want  []kanban.CardID
	}{
		{2, 10, nil},
		{3, 10, []kanban.CardID{"first"}},
		{9, 10, []kanban.CardID{"first", "now", "late"}},
		{9, 2, []kanban.CardID{"first", "now"}},
		{100, 0, []kanban.CardID{"first", "now", "late", "a-later"}},
	} {
		if diff := cmp.Diff(c.want, must(s.Due(t.Context(), at(c.now), c.limit))(t)); diff != "" {
			t.Errorf("Due(%d, %d) (-want +got):\n%s", c.now, c.limit, diff)
		}
	}
	if next, ok, err := s.NextDue(t.Context()); !ok || err != nil || !next.Equal(at(3)) {
		t.Errorf("NextDue = %v, %v, %v; want %v", next, ok, err, at(3))
	}
}

func touched(t fixture) {
	s := t.store
	card := stored(t, s, newCard("aaa", "a"))
	if err := s.Touch(t.Context(), "aaa", at(3)); err != nil {
		t.Fatal(err)
	}
	commit(t, s, store.Commit{Now: at(9), Cards: []store.CardWrite{again(card)}}) // clean, as far as it knew
	if next, ok, err := s.NextDue(t.Context()); !ok || err != nil || !next.Equal(at(3)) {
		t.Fatalf("NextDue = %v, %v, %v; the touch was lost", next, ok, err)
	}
	card = must(s.Card(t.Context(), "aaa"))(t)
	commit(t, s, store.Commit{Cards: []store.CardWrite{again(card)}})
	if ids := must(s.Due(t.Context(), at(99), 1))(t); len(ids) != 0 {
		t.Errorf("still due after a step that knew of the touch: %v", ids)
	}
	if card.Lock != 2 {
		t.Errorf("lock %d, want 2: a touch changes no card", card.Lock)
	}
}

func touchEarlier(t fixture) {
	s := t.store
	w := newCard("aaa", "a")
	w.Dirty, w.NextAt = true, at(5)
	stored(t, s, w)
	for _, c := range []struct{ at, want int }{{9, 5}, {2, 2}} {
		if err := s.Touch(t.Context(), "aaa", at(c.at)); err != nil {
			t.Fatal(err)
		}
		if next, _, err := s.NextDue(t.Context()); err != nil || !next.Equal(at(c.want)) {
			t.Errorf("touched for %v: due at %v, %v; want %v", at(c.at), next, err, at(c.want))
		}
	}
}
