package view

import (
	"context"
	"fmt"

	"parley/kanban/contract"
	"parley/sync/store"
)

// unheard tells, in sentences, of which trackers some histories cannot be read: what was
// before Parley knew those issues counts as told, so that nothing waits for it for ever. And
// it tells what waits meanwhile for what is still to be read.
func (v *Views) unheard(ctx context.Context, a contract.Account, book *ledgerBook) (out []string, err error) {
	for _, t := range v.Trackers {
		text, _, err := v.Source.Setting(ctx, store.SettingHistory+t.Name)
		if err != nil {
			return nil, err
		}
		p, err := store.DecodeHistory(text)
		if err != nil {
			return nil, err
		}
		if p.Refused > 0 {
			out = append(out, fmt.Sprintf("The history of %s of %s cannot be read. It is asked for again once a day, and nothing waits for it: what was before counts as Parley saw it.", issues(p.Refused), t.Name))
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
