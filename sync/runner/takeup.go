package runner

import (
	"context"

	"parley/sync/store"
)

// takeUp makes every card with an open write due: what was under way when the last
// process ended is looked up, and what plan mode held may be let go.
func (r *Runner) takeUp(ctx context.Context) error {
	heard, err := r.inherits(ctx)
	if err != nil {
		return err
	}
	if err := r.recall(ctx); err != nil {
		return err
	}
	if err := r.recallDoubts(ctx); err != nil {
		return err
	}
	if err := r.recallDenials(ctx); err != nil {
		return err
	}
	r.tellPauses(ctx)
	r.tellDenials(ctx)
	if _, err := r.Store.TouchOpen(ctx, r.Now()); err != nil {
		return err
	}
	if err := r.mindStart(ctx); err != nil {
		return err
	}
	if err := r.takeUpRemarks(ctx); err != nil {
		return err
	}
	if err := r.judge(ctx); err != nil { // what was planned while nothing was sent counts as well
		return err
	}
	r.dirs.learning.Lock()
	defer r.dirs.learning.Unlock()
	if err := r.remap(ctx); err != nil {
		return err
	}
	return r.leads(ctx, heard)
}

// remap makes every card due if the rules are other ones than those that the cards
// were last touched for, or their pasts were told in another way: what they mean has changed although nobody edited anything.
// Only the process that works on the cards may do it; another one, which may have
// other rules, would leave its mark without anybody reading the cards by them.
func (r *Runner) remap(ctx context.Context) error {
	fingerprint := r.Engine().Telling()
	last, known, err := r.Store.Setting(ctx, store.SettingMapping)
	if err != nil || known && last == fingerprint {
		return err
	}
	n, err := r.Store.TouchAll(ctx, r.Now(), fingerprint)
	if err != nil {
		return err
	}
	if n > 0 {
		r.Log.InfoContext(ctx, "the mapping has changed; every card is read by the new one", "cards", n)
		r.wake()
	}
	return nil
}
