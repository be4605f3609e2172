package view

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"parley/kanban"
	"parley/sync/store"
)

// picture keeps the faces of all cards, brought up to date by what changed since:
// a page of the board then costs the store one small query.
type picture struct {
	mu    sync.Mutex
	told  func() func(*kanban.Card) bool // says of which cards contracts tell; nil: of any
	begun bool
	seq   int64
	words words
	list  []*store.Face // of all cards, by id; never changed once it was handed out
	veils int64         // times that a card came to be for others than before, or for nobody

	over     map[kanban.CardID]CardOver // that are over a contract
	overText string                     // what that was read from

	base    kanban.Baseline // what is usual
	baseOf  int64           // at this sequence
	baseDay string          // on this date
}

// latest brings the picture up to date and gives it with its data sequence. It is for
// reading only; while nothing changes it costs one small query.
func (p *picture) latest(ctx context.Context, s Source) (int64, []*store.Face, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	seq, err := s.Seq(ctx)
	if err != nil {
		return 0, nil, err
	}
	if !p.begun || seq < p.seq { // new, or the store was replaced by an older one
		p.begun, p.words, p.list, p.seq = true, words{}, nil, 0
		p.veils++
	}
	if seq > p.seq {
		if err := p.catchUp(ctx, s); err != nil {
			return 0, nil, err
		}
		p.seq = seq
	}
	return p.seq, p.list, nil
}

// held is the picture as it was last brought up to date.
func (p *picture) held() []*store.Face {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.list
}

// veiled counts the times that a card came to be for others than before: what was made of
// the cards earlier may name one that it must not name any more.
func (p *picture) veiled() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.veils
}

// catchUp takes in what changed. It may already hold more than the sequence says;
// taking that in again later is harmless.
func (p *picture) catchUp(ctx context.Context, s Source) error {
	faces, err := p.changed(ctx, s)
	if err != nil {
		return err
	}
	gone, err := s.Gone(ctx, p.seq)
	if err != nil {
		return err
	}
	for _, a := range gone {
		if find(p.list, a.Old) != nil {
			p.veils++
		}
	}
	for _, f := range faces {
		c := &f.Card
		if was := find(p.list, c.ID); was != nil && (was.Card.Restricted != c.Restricted || was.Card.Unit != c.Unit || parted(&was.Card, c)) {
			p.veils++
		}
	}
	p.list = p.relist(faces, gone)
	return p.readOver(ctx, s)
}

// aPage is how many cards are read at once where all are: each copy that a store makes is
// garbage as soon as the picture has its own.
const aPage = 1000

// changed reads the cards that have changed since the picture was up to date, by their ids.
func (p *picture) changed(ctx context.Context, s Source) ([]*store.Face, error) {
	q := store.FaceQuery{SinceSeq: p.seq}
	if p.seq == 0 {
		q.Limit = aPage
	}
	var all []*store.Face
	told := func(*kanban.Card) bool { return true }
	if p.told != nil {
		told = p.told()
	}
	for {
		faces, err := s.Faces(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, f := range faces { // each by itself: one of a page would keep all of it, also when the others have changed
			if !told(&f.Card) {
				plain(&f.Card.Past)
			}
			p.words.share(&f.Card)
			all = append(all, &f)
		}
		if q.Limit == 0 || len(faces) < q.Limit {
			slices.SortFunc(all, func(a, b *store.Face) int { return cmp.Compare(a.Card.ID, b.Card.ID) })
			return all, nil
		}
		q.After = faces[len(faces)-1].Card.ID
	}
}

// parted reports whether a card lost an issue that it had.
func parted(was, is *kanban.Card) bool {
	return slices.ContainsFunc(was.Sides, func(s kanban.CardSide) bool {
		return !slices.ContainsFunc(is.Sides, func(o kanban.CardSide) bool { return o.Key == s.Key && o.Tracker == s.Tracker })
	})
}

// relist lists the cards by their ids. Some are new or changed, which are listed so too, and
// some are gone; what lies between those is copied and not looked at.
func (p *picture) relist(changed []*store.Face, gone []store.Alias) []*store.Face {
	ids := make([]kanban.CardID, 0, len(changed)+len(gone))
	for _, f := range changed {
		ids = append(ids, f.Card.ID)
	}
	for _, a := range gone {
		ids = append(ids, a.Old)
	}
	slices.Sort(ids)
	out, rest := make([]*store.Face, 0, len(p.list)+len(changed)), p.list
	for _, id := range slices.Compact(ids) {
		n, had := slices.BinarySearchFunc(rest, id, byID)
		if out = append(out, rest[:n]...); had {
			n++
		}
		rest = rest[n:]
		if now := find(changed, id); now != nil {
			out = append(out, now)
		}
	}
	return append(out, rest...)
}

func byID(f *store.Face, id kanban.CardID) int { return cmp.Compare(f.Card.ID, id) }

// find gives a card of a list by ids, nil where it is not in it.
func find(list []*store.Face, id kanban.CardID) *store.Face {
	i, ok := slices.BinarySearchFunc(list, id, byID)
	if !ok {
		return nil
	}
	return list[i]
}
