package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func concurrentCases() []check {
	return []check{
		{"writers of one card count every change", raceOneCard},
		{"readers see whole commits while one writes", wholeCommits},
		{"who follows the sequence misses no card", follow},
	}
}

func raceOneCard(t fixture) {
	s := t.store
	const writers, each = 4, 10
	stored(t, s, newCard("aaa", "a"))
	group, ctx := errgroup.WithContext(t.Context())
	for range writers {
		group.Go(func() error {
			for done := 0; done < each; {
				card, err := s.Card(ctx, "aaa")
				if err != nil {
					return err
				}
				card.Rev++
				_, err = s.Commit(ctx, store.Commit{Cards: []store.CardWrite{again(card)}})
				if err == nil {
					done++
				} else if !errors.Is(err, store.ErrStale) {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := must(s.Card(t.Context(), "aaa"))(t); got.Rev != 1+writers*each {
		t.Errorf("rev %d, want %d: changes were lost", got.Rev, 1+writers*each)
	}
}

func wholeCommits(t fixture) {
	s := t.store
	const cards, rounds, readers = 10, 30, 3
	ids := make([]kanban.CardID, cards)
	for i := range ids {
		ids[i] = kanban.CardID(fmt.Sprintf("card%02d", i))
	}
	write := func(ctx context.Context, rev int64) error {
		var c store.Commit
		for _, id := range ids {
			w := newCard(id, "w")
			w.Card.Rev, w.Face.Rev, w.Card.Lock = rev, rev, rev-1
			op := newOp("op-"+string(id), id, reconcile.Planned, 0)
			op.Version = rev
			w.Card.Ops = []reconcile.Op{op}
			c.Cards = append(c.Cards, w)
		}
		_, err := s.Commit(ctx, c)
		return err
	}
	if err := write(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	group, ctx := errgroup.WithContext(t.Context())
	done := make(chan struct{})
	group.Go(func() error {
		defer close(done)
		for rev := int64(2); rev <= rounds; rev++ {
			if err := write(ctx, rev); err != nil {
				return err
			}
		}
		return nil
	})
	for range readers {
		group.Go(func() error {
			for {
				if err := oneMoment(ctx, s, ids); err != nil {
					return err
				}
				select {
				case <-done:
					return nil
				default:
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
}

// oneMoment fails unless all cards, their writes and their faces are of one commit.
func oneMoment(ctx context.Context, s Store, ids []kanban.CardID) error {
	cards, err := s.Cards(ctx, ids)
	if err != nil {
		return err
	}
	first := cards[ids[0]].Rev
	for id, c := range cards {
		if c.Rev != first || c.Lock != first || c.Ops[0].Version != first {
			return fmt.Errorf("card %s: rev %d, lock %d, write %d beside rev %d", id, c.Rev, c.Lock, c.Ops[0].Version, first)
		}
	}
	faces, err := s.Faces(ctx, store.FaceQuery{})
	if err != nil {
		return err
	}
	for _, f := range faces {
		if f.Card.Rev != faces[0].Card.Rev || f.Seq != faces[0].Seq {
			return fmt.Errorf("face %s: rev %d beside rev %d", f.Card.ID, f.Card.Rev, faces[0].Card.Rev)
		}
	}
	return nil
}

func follow(t fixture) {
	s := t.store
	const writers, each = 4, 15
	group, ctx := errgroup.WithContext(t.Context())
	var left sync.WaitGroup
	left.Add(writers)
	for n := range writers {
		group.Go(func() error {
			defer left.Done()
			for i := range each {
				w := newCard(kanban.CardID(fmt.Sprintf("w%dc%d", n, i)), "f")
				if _, err := s.Commit(ctx, store.Commit{Cards: []store.CardWrite{w}}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	done := make(chan struct{})
	group.Go(func() error { left.Wait(); close(done); return nil })
	seen := map[kanban.CardID]bool{}
	group.Go(func() error {
		var since int64
		for last := false; ; {
			faces, err := s.Faces(ctx, store.FaceQuery{SinceSeq: since})
			if err != nil {
				return err
			}
			for _, f := range faces {
				seen[f.Card.ID], since = true, max(since, f.Seq)
			}
			if last {
				return nil
			}
			select {
			case <-done:
				last = true
			default:
			}
		}
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(seen) != writers*each {
		t.Errorf("saw %d cards, want %d", len(seen), writers*each)
	}
}
