package memory

import (
	"cmp"
	"slices"

	"parley/kanban"
	"parley/sync/reconcile"
	"parley/sync/store"
	"parley/sync/store/internal/stored"
)

// opRow is one write in the journal. It is never changed.
type opRow struct {
	op      reconcile.Op
	key     string // its id as it is stored
	created int64
	sent    int64
}

func (a *opRow) compare(b *opRow) int {
	return cmp.Or(cmp.Compare(a.created, b.created), cmp.Compare(a.key, b.key))
}

// writeCard writes a card without its writes. A card that was touched after it was
// loaded stays due.
func (s *Store) writeCard(w store.CardWrite, c store.Commit) {
	id := w.Card.ID
	row := &cardRow{
		card: w.Card, face: w.Face, seq: s.seq, dirty: w.Dirty, touched: -1,
		paired: w.Card.Sides[kanban.Jira] != nil && w.Card.Sides[kanban.GitHub] != nil,
		column: stored.Brief(string(w.Face.Column)), unit: stored.Brief(string(w.Face.Unit)), search: stored.Haystack(w.Face),
	}
	row.card.Ops = nil
	take(s.copies, &row.card)
	take(s.copies, &row.face)
	row.card.Lock = w.Card.Lock + 1
	if row.next = stored.Micros(w.NextAt); w.NextAt.IsZero() {
		row.next = stored.Micros(c.Now)
	}
	if old := s.cards[id]; old != nil {
		row.ops, row.open, row.sent, row.touched = old.ops, old.open, old.sent, old.touched
		if old.touched == old.card.Lock {
			if !row.dirty || old.next < row.next {
				row.next = old.next
			}
			row.dirty = true
		}
	} else {
		delete(s.aliases, id) // it is there again, as after a parting
	}
	s.put(id, row)
}

// writeOps writes a card's part of the journal into its row, which this commit has
// made.
func (s *Store) writeOps(w store.CardWrite) {
	if len(w.Card.Ops) == 0 {
		return
	}
	row := s.cards[w.Card.ID]
	ops := slices.Grow(slices.Clone(row.ops), len(w.Card.Ops))
	for _, op := range w.Card.Ops {
		op.Card = w.Card.ID
		now := s.opRow(op)
		if owner, ok := s.owners[now.key]; ok && owner != op.Card {
			s.disown(owner, now.key)
		}
		s.owners[now.key] = op.Card
		ops = replaced(ops, now)
	}
	row.setOps(ops)
}

func (s *Store) opRow(op reconcile.Op) *opRow {
	row := &opRow{op: op, key: stored.Brief(op.ID), created: stored.Micros(op.Created), sent: stored.Micros(op.SentAt)}
	take(s.copies, &row.op)
	return row
}

// replaced puts a write where it belongs, instead of the one with the same id.
func replaced(ops []*opRow, now *opRow) []*opRow {
	for i, op := range ops {
		if op.key != now.key {
			continue
		}
		if op.created == now.created {
			ops[i] = now
			return ops
		}
		ops = slices.Delete(ops, i, i+1)
		break
	}
	i, _ := slices.BinarySearchFunc(ops, now, (*opRow).compare)
	return slices.Insert(ops, i, now)
}

// disown takes a write away from a card.
func (t *tables) disown(owner kanban.CardID, key string) {
	row := *t.cards[owner]
	row.setOps(slices.DeleteFunc(slices.Clone(row.ops), func(op *opRow) bool { return op.key == key }))
	t.cards[owner] = &row
}

// setOps gives a row that nobody else has yet other writes.
func (r *cardRow) setOps(ops []*opRow) {
	r.ops, r.open, r.sent = ops, 0, 0
	for _, op := range ops {
		if op.op.State.Open() {
			r.open++
		}
		r.sent = max(r.sent, op.sent)
	}
}

// move lets a card live on as another one.
func (s *Store) move(a store.Alias) {
	if old := s.cards[a.Old]; old != nil && len(old.ops) > 0 {
		row := *s.cards[a.New]
		ops := slices.Clone(row.ops)
		for _, o := range old.ops {
			moved := *o
			moved.op.Card = a.New
			s.owners[o.key] = a.New
			ops = replaced(ops, &moved)
		}
		row.setOps(ops)
		s.cards[a.New] = &row
	}
	s.remove(a.Old)
	s.moveRecord(a)
	s.moveQuestions(a.Old, a.New)
	for _, issue := range s.byCard[a.Old] {
		row := *s.issues[issue]
		row.Card = a.New
		s.putIssue(&row)
	}
	for old, alias := range s.aliases {
		if alias.New == a.Old {
			alias.New = a.New
			s.aliases[old] = alias
		}
	}
	old := kanban.CardID(stored.Brief(string(a.Old)))
	s.aliases[old] = store.Alias{Old: old, New: a.New, Seq: s.seq}
}
