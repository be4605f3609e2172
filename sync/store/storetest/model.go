package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/sync/store"
)

// model is what a store is meant to be: a map of cards and the sequence.
type model struct {
	pool    []kanban.CardID // few, so that they meet
	base    int64           // sequence before the first call
	cards   map[kanban.CardID]modelCard
	aliases map[kanban.CardID]kanban.CardID
	seq     int64
	now     int
}

type modelCard struct {
	lock, seq, rev int64
	dirty          bool
	touched        bool // since the last commit
	next           int
}

// randomCalls holds a store to the model under random sequences of calls. Every
// sequence has cards of its own and leaves them to the next as a backdrop.
func randomCalls(t fixture) {
	s := t.store
	ctx, run := t.Context(), 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		seq, err := s.Seq(ctx)
		if err != nil {
			rt.Fatal(err)
		}
		m := &model{base: seq, seq: seq, cards: map[kanban.CardID]modelCard{}, aliases: map[kanban.CardID]kanban.CardID{}}
		for n := range 4 {
			m.pool = append(m.pool, kanban.CardID(fmt.Sprintf("run%d-%d", run, n)))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"commit": func(rt *rapid.T) { m.commit(ctx, rt, s) },
			"touch":  func(rt *rapid.T) { m.touch(ctx, rt, s) },
			"move":   func(rt *rapid.T) { m.move(ctx, rt, s) },
			"wait":   func(*rapid.T) { m.now++ },
			"":       func(rt *rapid.T) { m.compare(ctx, rt, s) },
		})
	})
}

// commit writes some cards, now and then on a lock that is not the last.
func (m *model) commit(ctx context.Context, rt *rapid.T, s Store) {
	ids := rapid.SliceOfNDistinct(rapid.SampledFrom(m.pool), 1, 3, rapid.ID[kanban.CardID]).Draw(rt, "ids")
	stale := false
	c := store.Commit{Now: at(m.now)}
	for _, id := range ids {
		w := newCard(id, "m")
		w.Card.Lock = m.cards[id].lock
		if rapid.IntRange(0, 9).Draw(rt, "stale") == 0 {
			w.Card.Lock++
			stale = true
		}
		w.Card.Rev = m.cards[id].rev + 1
		w.Face.Rev = w.Card.Rev
		w.Dirty = rapid.Bool().Draw(rt, "dirty")
		w.NextAt = at(m.now + rapid.IntRange(0, 5).Draw(rt, "in"))
		c.Cards = append(c.Cards, w)
	}
	_, err := s.Commit(ctx, c)
	if stale != errors.Is(err, store.ErrStale) || !stale && err != nil {
		rt.Fatalf("commit = %v, stale: %v", err, stale)
	}
	if !stale {
		m.written(c)
	}
}

func (m *model) written(c store.Commit) {
	m.seq++
	for _, w := range c.Cards {
		old := m.cards[w.Card.ID]
		next := int(w.NextAt.Sub(epoch()).Seconds())
		card := modelCard{lock: old.lock + 1, seq: m.seq, rev: w.Card.Rev, dirty: w.Dirty, next: next}
		if old.touched {
			if !card.dirty || old.next < next {
				card.next = old.next
			}
			card.dirty = true
		}
		m.cards[w.Card.ID] = card
		delete(m.aliases, w.Card.ID)
	}
}

func (m *model) touch(ctx context.Context, rt *rapid.T, s Store) {
	id := rapid.SampledFrom(m.pool).Draw(rt, "id")
	when := m.now + rapid.IntRange(0, 5).Draw(rt, "in")
	err := s.Touch(ctx, id, at(when))
	card, ok := m.cards[id]
	if !ok {
		if !errors.Is(err, store.ErrUnknown) {
			rt.Fatalf("touch of nobody = %v", err)
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	if !card.dirty || when < card.next {
		card.next = when
	}
	card.dirty, card.touched = true, true
	m.cards[id] = card
}

func (m *model) move(ctx context.Context, rt *rapid.T, s Store) {
	from, to := rapid.SampledFrom(m.pool).Draw(rt, "from"), rapid.SampledFrom(m.pool).Draw(rt, "to")
	_, err := s.Commit(ctx, store.Commit{Now: at(m.now), Moved: []store.Alias{{Old: from, New: to, Lock: m.cards[from].lock}}})
	if _, ok := m.cards[to]; !ok || from == to {
		if err == nil {
			rt.Fatalf("move from %s to %s was accepted", from, to)
		}
		return
	}
	if err != nil {
		rt.Fatal(err)
	}
	m.seq++
	delete(m.cards, from)
	for old, now := range m.aliases {
		if now == from {
			m.aliases[old] = to
		}
	}
	m.aliases[from] = to
}

// compare looks at the store from all sides.
func (m *model) compare(ctx context.Context, rt *rapid.T, s Store) {
	same := func(what string, want, got any, err error) {
		if err != nil {
			rt.Fatalf("%s: %v", what, err)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			rt.Fatalf("%s (-want +got):\n%s", what, diff)
		}
	}
	seq, err := s.Seq(ctx)
	same("sequence", m.seq, seq, err)
	cards, err := s.Cards(ctx, m.pool)
	got := map[kanban.CardID][2]int64{}
	for id, c := range cards {
		got[id] = [2]int64{c.Lock, c.Rev}
	}
	want := map[kanban.CardID][2]int64{}
	for id, c := range m.cards {
		want[id] = [2]int64{c.lock, c.rev}
	}
	same("locks and revs", want, got, err)
	ids, err := s.Due(ctx, at(m.now), 0)
	same("due", m.due(), m.mine(ids), err)
	since := (m.base + m.seq) / 2
	faces, err := s.Faces(ctx, store.FaceQuery{SinceSeq: since})
	same("faces", m.since(since), m.mine(faceIDs(faces)), err)
	for _, id := range m.pool {
		m.resolves(ctx, rt, s, id)
	}
}

func (m *model) resolves(ctx context.Context, rt *rapid.T, s Store, id kanban.CardID) {
	want, ok := m.aliases[id]
	if _, alive := m.cards[id]; alive {
		want, ok = id, true
	}
	got, err := s.Resolve(ctx, string(id))
	if got != want || ok != (err == nil) || !ok && !errors.Is(err, store.ErrUnknown) {
		rt.Fatalf("Resolve(%s) = %q, %v; want %q", id, got, err, want)
	}
}

// mine is those of the cards that this sequence plays with.
func (m *model) mine(ids []kanban.CardID) []kanban.CardID {
	own := []kanban.CardID{}
	for _, id := range ids {
		if slices.Contains(m.pool, id) {
			own = append(own, id)
		}
	}
	return own
}

func (m *model) due() []kanban.CardID {
	ids := []kanban.CardID{}
	for id, c := range m.cards {
		if c.dirty && c.next <= m.now {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b kanban.CardID) int {
		return cmp.Or(cmp.Compare(m.cards[a].next, m.cards[b].next), cmp.Compare(a, b))
	})
	return ids
}

func (m *model) since(seq int64) []kanban.CardID {
	ids := []kanban.CardID{}
	for id, c := range m.cards {
		if c.seq > seq {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
