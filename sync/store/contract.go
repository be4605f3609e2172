package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store/internal/stored"
)

// LedgerEntry is a line of a unit's ledger with the link that was recorded with it.
type LedgerEntry struct {
	Entry contract.Entry
	Link  contract.Link
}

// Outage is a time in which a source was not read, and which is over.
type Outage struct {
	Tracker, Source string
	From, To        time.Time
}

// decision is a contract.Event as it is stored: of those that people make, never of what
// the trackers tell.
type decision struct {
	ID      string           `json:"id"`
	At      time.Time        `json:"at"`
	Kind    contract.Kind    `json:"kind"`
	Card    kanban.CardID    `json:"card,omitempty"`
	Who     string           `json:"who,omitempty"`
	By      kanban.Party     `json:"by,omitempty"`
	Unit    kanban.UnitKey   `json:"unit,omitempty"`
	With    kanban.UnitKey   `json:"with,omitempty"`
	Other   kanban.CardID    `json:"other,omitempty"`
	Amount  int              `json:"amount,omitempty"`
	Began   time.Time        `json:"began,omitzero"`
	Ref     string           `json:"ref,omitempty"`
	Choice  contract.Choice  `json:"choice,omitempty"`
	Outcome contract.Outcome `json:"outcome,omitempty"`
	Note    string           `json:"note,omitempty"`
}

func decided(e contract.Event) decision {
	return decision{ID: e.ID, At: e.At.UTC(), Kind: e.Kind, Card: e.Card, Who: e.Who, By: e.By, Unit: e.Unit, With: e.With, Other: e.Other,
		Amount: e.Amount, Began: e.Began.UTC(), Ref: e.Ref, Choice: e.Choice, Outcome: e.Outcome, Note: e.Note}
}

func (d decision) event() contract.Event {
	return contract.Event{ID: d.ID, At: d.At, Kind: d.Kind, Card: d.Card, Who: d.Who, By: d.By, Unit: d.Unit, With: d.With, Other: d.Other,
		Amount: d.Amount, Began: d.Began, Ref: d.Ref, Choice: d.Choice, Outcome: d.Outcome, Note: d.Note}
}

// line is a contract.Entry as it is stored. Its unit and place stand beside it.
type line struct {
	Period   contract.Period    `json:"period"`
	At       int64              `json:"at"` // milliseconds since 1970
	Kind     contract.EntryKind `json:"kind"`
	Amount   int                `json:"amount,omitempty"`
	Card     kanban.CardID      `json:"card,omitempty"`
	Other    kanban.CardID      `json:"other,omitempty"`
	With     kanban.UnitKey     `json:"with,omitempty"`
	Who      string             `json:"who,omitempty"`
	Cause    string             `json:"cause,omitempty"`
	Terms    int                `json:"terms,omitempty"`
	Note     string             `json:"note,omitempty"`
	Reverses int64              `json:"reverses,omitempty"`
	Ref      string             `json:"ref,omitempty"`
	Outcome  contract.Outcome   `json:"outcome,omitempty"`
	Was      contract.Outcome   `json:"was,omitempty"`
	Basis    string             `json:"basis,omitempty"`
}

func lineOf(e contract.Entry) line {
	return line{Period: e.Period, At: e.At.UnixMilli(), Kind: e.Kind, Amount: e.Amount, Card: e.Card, Other: e.Other, With: e.With,
		Who: e.Who, Cause: e.Cause, Terms: e.Terms, Note: e.Note, Reverses: e.Reverses,
		Ref: e.Ref, Outcome: e.Outcome, Was: e.Was, Basis: e.Basis}
}

func (l line) entry(unit kanban.UnitKey, seq int64) contract.Entry {
	return contract.Entry{Seq: seq, Unit: unit, Period: l.Period, At: time.UnixMilli(l.At).UTC(), Kind: l.Kind, Amount: l.Amount, Card: l.Card, Other: l.Other,
		With: l.With, Who: l.Who, Cause: l.Cause, Terms: l.Terms, Note: l.Note, Reverses: l.Reverses,
		Ref: l.Ref, Outcome: l.Outcome, Was: l.Was, Basis: l.Basis}
}

// Decided reports whether events of a kind are decisions, which a store keeps. What the
// trackers tell is kept with the cards.
func Decided(k contract.Kind) bool {
	return slices.Contains([]contract.Kind{
		contract.Approved, contract.Sponsored, contract.Swapped, contract.Lends, contract.Borrows, contract.Told,
		contract.Chose, contract.PutBack, contract.Noted, contract.Contested, contract.Settled, contract.Asked, contract.Answered, contract.Concluded, contract.Triaged,
	}, k)
}

// checkContracts refuses what could not be read again as it was written: of an entry not
// one letter may change, or its link would not be its own.
func checkContracts(c Commit) error {
	for _, e := range c.Decisions {
		if e.ID == "" || e.ID != stored.Brief(e.ID) {
			return fmt.Errorf("decision %.40q: not an id", e.ID)
		}
		if !Decided(e.Kind) {
			return fmt.Errorf("decision %.40q: %.40q is nothing that people decide", e.ID, string(e.Kind))
		}
		if texts := e.Who + e.Ref + e.Note + string(e.Card) + string(e.Other) + string(e.Unit) + string(e.With); texts != stored.Clean(texts) {
			return fmt.Errorf("decision %.40q: %w", e.ID, errNoText)
		}
	}
	last := map[kanban.UnitKey]int64{}
	for _, l := range c.Ledger {
		e := l.Entry
		before, known := last[e.Unit]
		last[e.Unit] = e.Seq
		switch texts := e.Who + e.Cause + e.Note + string(e.Card) + string(e.Other) + string(e.With) + string(e.Unit) + e.Ref + string(e.Outcome) + string(e.Was) + e.Basis; {
		case e.Unit == "" || e.Seq < 1 || known && e.Seq != before+1:
			return fmt.Errorf("ledger of %.40q: entry %d is out of its place", string(e.Unit), e.Seq)
		case texts != stored.Clean(texts) || len(e.Unit) > stored.MaxBrief:
			return fmt.Errorf("ledger of %.40q, entry %d: %w", string(e.Unit), e.Seq, errNoText)
		case !e.At.Equal(e.At.Truncate(time.Millisecond)):
			return fmt.Errorf("ledger of %.40q, entry %d: its moment is finer than a millisecond", string(e.Unit), e.Seq)
		}
	}
	return nil
}

var errNoText = errors.New("bytes that are no text cannot be stored unchanged")

// contracts adds decisions, entries of ledgers and outages. A decision that is there
// already stays as it is; an entry whose place is taken, or does not follow the last one,
// is an ErrStale: somebody else has extended the ledger.
func (s *Store) contracts(ctx context.Context, tx *sql.Tx, seq int64, c Commit) error {
	rows := make([][]any, len(c.Decisions))
	for i, e := range c.Decisions {
		doc, err := encode(decided(e))
		if err != nil {
			return fmt.Errorf("encode decision %s: %w", e.ID, err)
		}
		rows[i] = []any{e.ID, seq, int64(i), doc}
	}
	into := insertion{into: `decision (id, seq, n, doc)`, columns: 4, then: `ON CONFLICT (id) DO NOTHING`}
	if err := s.insert(ctx, tx, into, rows); err != nil {
		return err
	}
	if err := s.ledger(ctx, tx, c.Ledger); err != nil {
		return err
	}
	rows = make([][]any, len(c.Outages))
	for i, o := range c.Outages {
		rows[i] = []any{stored.Brief(o.Tracker), stored.Brief(o.Source), stored.Micros(o.From), stored.Micros(o.To)}
	}
	return s.insert(ctx, tx, insertion{into: `outage (tracker, source, from_at, to_at)`, columns: 4, then: `ON CONFLICT (tracker, source, from_at) DO NOTHING`}, rows)
}

func (s *Store) ledger(ctx context.Context, tx *sql.Tx, entries []LedgerEntry) error {
	last := map[kanban.UnitKey]int64{}
	rows := make([][]any, len(entries))
	for i, l := range entries {
		unit := l.Entry.Unit
		if _, known := last[unit]; !known {
			n, err := one[int64](ctx, tx, `SELECT COALESCE(MAX(seq), 0) FROM ledger WHERE unit = $1`, string(unit))
			if err != nil {
				return fmt.Errorf("read ledger of %s: %w", unit, err)
			}
			last[unit] = n
		}
		if l.Entry.Seq != last[unit]+1 {
			return fmt.Errorf("ledger of %s, entry %d: %w", unit, l.Entry.Seq, ErrStale)
		}
		last[unit]++
		doc, err := encode(lineOf(l.Entry))
		if err != nil {
			return fmt.Errorf("encode entry %d of %s: %w", l.Entry.Seq, unit, err)
		}
		rows[i] = []any{string(unit), l.Entry.Seq, hex.EncodeToString(l.Link[:]), doc}
	}
	return s.insert(ctx, tx, insertion{into: `ledger (unit, seq, link, doc)`, columns: 4}, rows)
}

// DecisionRow is a decision as it was recorded.
type DecisionRow struct {
	Seq   int64 // data sequence of its commit
	Event contract.Event
	// Odd says that the row cannot be read any more. Of what it said Event has what can
	// still be made out: its id, and the units and the card that it names.
	Odd bool
}

// Decisions lists what was decided about contracts, in the order in which it was recorded.
// What cannot be read any more is left out.
func (s *Store) Decisions(ctx context.Context) ([]contract.Event, error) {
	rows, err := s.DecisionsAfter(ctx, 0)
	return Readable(rows), err
}

// Readable are the decisions that can be read, in their order.
func Readable(rows []DecisionRow) []contract.Event {
	var out []contract.Event
	for _, r := range rows {
		if !r.Odd {
			out = append(out, r.Event)
		}
	}
	return out
}

// DecisionsAfter lists what was decided about contracts after a data sequence, in the order in
// which it was recorded.
func (s *Store) DecisionsAfter(ctx context.Context, seq int64) ([]DecisionRow, error) {
	all, err := collect(ctx, s.db.Reader, func(row scanner) (DecisionRow, error) {
		var r DecisionRow
		var id, doc string
		if err := row.Scan(&id, &r.Seq, &doc); err != nil {
			return r, err
		}
		r.Event, r.Odd = revived(id, doc)
		return r, nil
	}, `SELECT id, seq, doc FROM decision WHERE seq > $1 ORDER BY seq, n`, seq)
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	return all, nil
}

// revived is a decision as it was written; odd is that it cannot be read any more, and only
// what remains of it is told.
func revived(id, doc string) (e contract.Event, odd bool) {
	var d decision
	if json.Unmarshal([]byte(doc), &d) != nil || d.ID != id || !Decided(d.Kind) {
		return remains(id, doc), true
	}
	return d.event(), false
}

// remains is what can be made out of a decision that cannot be read: whose it is.
func remains(id, doc string) contract.Event {
	named := func(key string) string {
		if m := regexp.MustCompile(`"` + key + `":"([^"\\]*)"`).FindStringSubmatch(doc); m != nil {
			return m[1]
		}
		return ""
	}
	return contract.Event{ID: id, Unit: kanban.UnitKey(named("unit")), With: kanban.UnitKey(named("with")), Card: kanban.CardID(named("card"))}
}

// Decision gives the one with an id; ErrUnknown where there is none.
func (s *Store) Decision(ctx context.Context, id string) (contract.Event, error) {
	var d decision
	doc, err := one[string](ctx, s.db.Reader, `SELECT doc FROM decision WHERE id = $1`, stored.Brief(id))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = ErrUnknown
	case err == nil:
		err = decode(doc, &d, "decision", id)
	}
	if err != nil {
		return contract.Event{}, fmt.Errorf("read decision %.80q: %w", id, err)
	}
	return d.event(), nil
}

// Ledger gives the entries of a unit's ledger behind one of them in their order, as they were
// recorded: see contract.Verify. 0 is all. One that cannot be read any more is there without what it said.
func (s *Store) Ledger(ctx context.Context, unit kanban.UnitKey, after int64) ([]LedgerEntry, error) {
	all, err := collect(ctx, s.db.Reader, func(row scanner) (LedgerEntry, error) {
		var seq int64
		var link, doc string
		var l line
		if err := row.Scan(&seq, &link, &doc); err != nil {
			return LedgerEntry{}, err
		}
		if json.Unmarshal([]byte(doc), &l) != nil {
			l = line{} // the link does not fit what is nothing, so that the check of the ledger tells it
		}
		out := LedgerEntry{Entry: l.entry(unit, seq)}
		sum, _ := hex.DecodeString(link) // what is no link fits no entry
		copy(out.Link[:], sum)
		return out, nil
	}, `SELECT seq, link, doc FROM ledger WHERE unit = $1 AND seq > $2 ORDER BY seq`, stored.Clean(string(unit)), after)
	if err != nil {
		return nil, fmt.Errorf("read ledger of %s: %w", unit, err)
	}
	return all, nil
}

// Ledgers lists the units that have entries in a ledger.
func (s *Store) Ledgers(ctx context.Context) ([]kanban.UnitKey, error) {
	all, err := collect(ctx, s.db.Reader, column[kanban.UnitKey], `SELECT DISTINCT unit FROM ledger ORDER BY unit`)
	if err != nil {
		return nil, fmt.Errorf("list ledgers: %w", err)
	}
	return all, nil
}

// Outages lists the times, by their beginnings, in which a source was not read.
func (s *Store) Outages(ctx context.Context) ([]Outage, error) {
	all, err := collect(ctx, s.db.Reader, func(row scanner) (o Outage, err error) {
		var from, to int64
		err = row.Scan(&o.Tracker, &o.Source, &from, &to)
		o.From, o.To = stored.Moment(from), stored.Moment(to)
		return o, err
	}, `SELECT tracker, source, from_at, to_at FROM outage ORDER BY from_at, tracker, source`)
	if err != nil {
		return nil, fmt.Errorf("list outages: %w", err)
	}
	return all, nil
}
