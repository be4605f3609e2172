package runner

import (
	"context"
	"time"

	"parley/sync/store"
)

// keepEdges is how long a step of a workflow is believed in without being seen again.
const keepEdges = store.EdgeLife

// How long closed writes are kept, to recognise one that takes effect late, and
// answers to intents, so that one asked again gets the same.
const (
	keepOps     = 30 * 24 * time.Hour
	keepAnswers = 7 * 24 * time.Hour
	pruneEvery  = time.Hour

	keepProcesses = 24 * time.Hour // that ended; nobody uses their names again
)

// prune forgets what nobody can ask for any more.
func (r *Runner) prune(ctx context.Context) error {
	for {
		now := r.Now()
		if _, err := r.Store.PruneOps(ctx, now.Add(-keepOps)); err != nil {
			return err
		}
		if _, err := r.Store.PruneAnswers(ctx, now.Add(-keepAnswers)); err != nil {
			return err
		}
		if _, err := r.Store.PruneEdges(ctx, now.Add(-keepEdges)); err != nil {
			return err
		}
		if err := r.Store.ForgetLeases(ctx, leaseProcess, r.storeNow().Add(-keepProcesses)); err != nil {
			return err
		}
		if err := pause(ctx, pruneEvery); err != nil {
			return err
		}
	}
}
