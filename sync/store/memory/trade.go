package memory

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/sync/store"
	"parley/sync/store/internal/integrity"
)

// tradeRow is a swap as it is stored. It is never changed.
type tradeRow struct {
	store.Trade

	doc string
}

// swappable reports why swaps cannot be written: one was changed since, or its card is in
// another one that is open.
func (t *tables) swappable(ts []store.Trade) error {
	rows := maps.Clone(t.trades)
	for _, w := range slices.SortedFunc(slices.Values(ts), func(a, b store.Trade) int { return cmp.Compare(a.ID, b.ID) }) {
		if rows[w.ID].Lock != w.Lock {
			return fmt.Errorf("swap %.80q: %w", w.ID, store.ErrStale)
		}
		for id, o := range rows {
			if w.Lock == 0 && id != w.ID && !w.Phase.Ended() && !o.Phase.Ended() && (o.Down.Card == w.Down.Card || o.Up.Card == w.Up.Card) {
				return fmt.Errorf("swap %.80q: %w", w.ID, store.ErrStale)
			}
		}
		w.Lock++
		rows[w.ID] = tradeRow{Trade: w}
	}
	return nil
}

// unchosen reports that somebody has decided about a card since.
func (t *tables) unchosen(u *store.Unchosen) error {
	if u == nil {
		return nil
	}
	n := len(t.decisions)
	chosen := n > 0 && t.decisions[n-1].Seq > u.Since
	for _, o := range t.trades {
		chosen = chosen || !o.Phase.Ended() && (o.Down.Card == u.Card || o.Up.Card == u.Card)
	}
	if chosen {
		return fmt.Errorf("somebody has decided about card %s meanwhile: %w", u.Card, store.ErrStale)
	}
	return nil
}

func (t *tables) writeTrades(ts []store.Trade) {
	for _, w := range ts {
		doc, _ := w.Document() // of texts, numbers and moments, which have JSON: Commit has checked it
		w.Lock++
		t.trades[w.ID] = tradeRow{Trade: w, doc: doc}
	}
}

// Trade gives the swap with an id.
func (s *Store) Trade(ctx context.Context, id string) (store.Trade, error) {
	return single(ctx, s, fmt.Sprintf("read swap %.80q", id), id, tradeRows, tradeRow.trade)
}

func tradeRows(t *tables) map[string]tradeRow { return t.trades }

func (r tradeRow) trade() (store.Trade, error) { return store.ParseTrade(r.ID, r.doc, r.Lock) }

// OpenTrades lists the swaps that are not at their end, by their ids.
func (s *Store) OpenTrades(ctx context.Context) ([]store.Trade, error) {
	return listed(ctx, s, "list open swaps", tradeRows, func(row tradeRow) bool { return !row.Phase.Ended() }, tradeRow.trade)
}

func (t *tables) showTrades(c *integrity.Check) {
	for _, id := range slices.Sorted(maps.Keys(t.trades)) {
		row := t.trades[id]
		c.Trade(integrity.Trade{ID: id, Open: !row.Phase.Ended(), Down: row.Down.Card, Up: row.Up.Card, Doc: row.Trade.Trade, Ended: !row.Ended.IsZero()})
	}
}
