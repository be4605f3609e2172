package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store/internal/integrity"
	"parley/sync/store/internal/stored"
)

// Trade is a swap of two priorities with what has to be remembered of its writing. There
// is one for an id, for ever, and a card is in one that is open at a time.
type Trade struct {
	contract.Trade

	Unit    kanban.UnitKey
	Who     string    // asked for it
	Begun   time.Time // when that was
	Version int64     // of the priority that the last change of it has made
	NextAt  time.Time // not before, after a refusal
	Ended   time.Time // zero: it is open

	// Lock is the store's version of the row this was loaded from; a commit on another
	// version is refused. Zero means that it is new.
	Lock int64
}

// tradeDoc is a Trade as it is stored.
type tradeDoc struct {
	ID      string         `json:"id"`
	Down    halfDoc        `json:"down"`
	Up      halfDoc        `json:"up"`
	Phase   contract.Phase `json:"phase"`
	Sent    bool           `json:"sent,omitempty"`
	Both    bool           `json:"both,omitempty"`
	Refused int            `json:"refused,omitempty"`
	Problem string         `json:"problem,omitempty"`
	Unit    kanban.UnitKey `json:"unit"`
	Who     string         `json:"who,omitempty"`
	Begun   time.Time      `json:"begun"`
	Version int64          `json:"ver,omitempty"`
	NextAt  time.Time      `json:"next_at,omitzero"`
	Ended   time.Time      `json:"ended,omitzero"`
}

type halfDoc struct {
	Card kanban.CardID      `json:"card"`
	From kanban.PriorityKey `json:"from,omitempty"`
	To   kanban.PriorityKey `json:"to"`
}

// Document is the trade as every engine of the store keeps it.
func (t Trade) Document() (string, error) {
	return encode(tradeDoc{ID: t.ID, Down: halfDoc(t.Down), Up: halfDoc(t.Up), Phase: t.Phase, Sent: t.Sent, Both: t.Both, Refused: t.Refused, Problem: t.Problem,
		Unit: t.Unit, Who: t.Who, Begun: t.Begun.UTC(), Version: t.Version, NextAt: t.NextAt.UTC(), Ended: t.Ended.UTC()})
}

// ParseTrade reads what Document has made. lock is that of its row.
func ParseTrade(id, doc string, lock int64) (Trade, error) {
	var d tradeDoc
	err := decode(doc, &d, "swap", id)
	return Trade{Trade: contract.Trade{ID: d.ID, Down: contract.Half(d.Down), Up: contract.Half(d.Up), Phase: d.Phase, Sent: d.Sent, Both: d.Both, Refused: d.Refused, Problem: d.Problem},
		Unit: d.Unit, Who: d.Who, Begun: d.Begun, Version: d.Version, NextAt: d.NextAt, Ended: d.Ended, Lock: lock}, err
}

// checkTrades refuses what could not be found again.
func checkTrades(ts []Trade) error {
	return checkLocked("swap", ts, tradeID, func(t Trade) error {
		switch {
		case t.Down.Card == "" || t.Up.Card == "" || t.Down.Card == t.Up.Card:
			return fmt.Errorf("%.40q and %.40q are not two cards", string(t.Down.Card), string(t.Up.Card))
		case t.Phase.Ended() == t.Ended.IsZero():
			return fmt.Errorf("it is %s, and ended at %v", t.Phase, t.Ended)
		}
		return nil
	})
}

func tradeID(t Trade) string { return t.ID }

// trades writes swaps. One whose card is in another swap that is open is an ErrStale, as one
// that was changed since it was loaded.
func trades(ctx context.Context, tx *sql.Tx, ts []Trade) error {
	return writeLocked("swap", ts, tradeID, func(t Trade) (int64, error) { return putTrade(ctx, tx, t) })
}

func putTrade(ctx context.Context, tx *sql.Tx, t Trade) (int64, error) {
	doc, err := t.Document()
	if err != nil {
		return 0, err
	}
	args := []any{t.ID, t.Lock + 1, stored.Bit(!t.Phase.Ended()), string(t.Down.Card), string(t.Up.Card), doc}
	if t.Lock == 0 {
		return affected(tx.ExecContext(ctx, `INSERT INTO trade (id, lock, is_open, down, up, doc) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, args...))
	}
	return affected(tx.ExecContext(ctx, `UPDATE trade SET lock = $2, is_open = $3, down = $4, up = $5, doc = $6 WHERE id = $1 AND lock = $2 - 1`, args...))
}

func scanTrade(row scanner) (Trade, error) {
	var id, doc string
	var lock int64
	if err := row.Scan(&id, &lock, &doc); err != nil {
		return Trade{}, err
	}
	return ParseTrade(id, doc, lock)
}

func showTrade(row scanner, c *integrity.Check) error {
	var r integrity.Trade
	var lock, open int64
	var doc string
	err := row.Scan(&r.ID, &lock, &open, &r.Down, &r.Up, &doc)
	if err == nil {
		t, bad := ParseTrade(r.ID, doc, lock)
		r.Open, r.Doc, r.Ended, r.Bad = open == 1, t.Trade, !t.Ended.IsZero(), bad
		c.Trade(r)
	}
	return err
}

// Trade gives the swap with an id; ErrUnknown where there is none.
func (s *Store) Trade(ctx context.Context, id string) (Trade, error) {
	t, err := single(ctx, s.db.Reader, scanTrade, `SELECT id, lock, doc FROM trade WHERE id = $1`, stored.Brief(id))
	if err != nil {
		return t, fmt.Errorf("read swap %.80q: %w", id, err)
	}
	return t, nil
}

// OpenTrades lists the swaps that are not at their end, by their ids.
func (s *Store) OpenTrades(ctx context.Context) ([]Trade, error) {
	all, err := collect(ctx, s.db.Reader, scanTrade, `SELECT id, lock, doc FROM trade WHERE is_open = 1 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list open swaps: %w", err)
	}
	return all, nil
}
