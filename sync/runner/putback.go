package runner

import (
	"context"
	"fmt"
	"slices"

	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/remark"
	"parley/sync/store"
)

// PutBack makes a change on the board that follows from a contract, records the decision and
// asks for the comment that says why: all of it or nothing, and once for the decision's id. The error is an *engine.Refusal
// where the card cannot take the change.
func (r *Runner) PutBack(ctx context.Context, in engine.Intent, e contract.Event, why remark.Wish) error {
	err := r.again(func() error {
		all, err := r.Store.Decisions(ctx)
		if err != nil || slices.ContainsFunc(all, func(was contract.Event) bool { return was.ID == e.ID }) {
			return err
		}
		card, err := r.resolve(ctx, string(in.Card))
		if err != nil {
			return err
		}
		eng := r.Engine()
		in.At = r.Now()
		step, _, refusal := eng.Ask(card, in)
		if refusal != nil {
			return refusal
		}
		said, err := r.remarks().New(why, r.NewID(), in.At)
		if err != nil {
			return fmt.Errorf("comment on %s: %w", why.Issue.Key, err)
		}
		c := store.Commit{Now: in.At, Decisions: []contract.Event{e}, Remarks: []store.RemarkWrite{{Remark: said, Dirty: said.Open()}}}
		return r.admit(ctx, eng, card, step, c, nil)
	})
	if err == nil {
		r.wake()
	}
	return err
}
