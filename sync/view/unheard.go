package view

import (
	"context"
	"fmt"
	"sync"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// unheard tells, in sentences, of which trackers some histories cannot be read: what was
// before Parley knew those issues counts as told, so that nothing waits for it for ever. And
// it tells what waits meanwhile for what is still to be read. Who came by a link is told of
// their own unit's issues alone.
func (v *Sight) unheard(ctx context.Context, s *contractState, a contract.Account, book *ledgerBook) (out []string, err error) {
	for _, t := range v.Trackers {
		n, err := v.refused(ctx, t.Name)
		if err == nil && n > 0 && v.Viewer.Link {
			n, err = s.unheard.of(ctx, v.Source, s.faces, t.Name, a.Unit)
		}
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out = append(out, fmt.Sprintf("The history of %s of %s cannot be read. It is asked for again once a day, and nothing waits for it: what was before counts as Parley saw it.", issues(n), t.Name))
		}
	}
	if book.problem != "" {
		return out, nil // nothing is entered, and it is told why
	}
	waits, err := v.waits(ctx, a, book)
	if waits != "" {
		out = append(out, waits)
	}
	return out, err
}

// refused is how many histories of a tracker cannot be read.
func (v *Views) refused(ctx context.Context, tracker string) (int, error) {
	text, _, err := v.Source.Setting(ctx, store.SettingHistory+tracker)
	if err != nil {
		return 0, err
	}
	p, err := store.DecodeHistory(text)
	return p.Refused, err
}

// unheardBatch is how many issues are read at once.
const unheardBatch = 1000

// unheard counts, by tracker and unit, the issues whose history cannot be read, once.
type unheard struct {
	mu     sync.Mutex
	counts map[string]map[kanban.UnitKey]int
}

// of is how many there are of a unit.
func (u *unheard) of(ctx context.Context, from Source, faces map[kanban.CardID]*store.Face, tracker string, unit kanban.UnitKey) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n, counted := u.counts[tracker]; counted {
		return n[unit], nil
	}
	counts, after := map[kanban.UnitKey]int{}, ""
	for {
		rows, err := from.Refused(ctx, tracker, after, unheardBatch)
		if err != nil {
			return 0, err
		}
		for _, r := range rows {
			if f := faces[r.Card]; f != nil {
				counts[f.Card.Unit]++
			}
			after = r.ID
		}
		if len(rows) < unheardBatch {
			break
		}
	}
	if u.counts == nil {
		u.counts = map[string]map[kanban.UnitKey]int{}
	}
	u.counts[tracker] = counts
	return counts[unit], nil
}
