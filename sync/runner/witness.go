package runner

import (
	"context"

	"parley/connectors"
	"parley/sync/store"
)

// hidden reports whether a failure says that an issue is not there, which it may be for
// others.
func hidden(err error) bool {
	kind := connectors.KindOf(err)
	return kind == connectors.NotFound || kind == connectors.Gone || kind == connectors.Forbidden
}

// witness reads another issue of the same project or repository, and the canary where one
// is configured. Where that fails as well, it is rather Parley's account that lost a
// permission, and nothing is gone.
func (r *Runner) witness(ctx context.Context, t Tracker, missing connectors.Ref) bool {
	rows, err := r.witnesses(ctx, t, missing)
	if err != nil || t.Canary != "" && !r.sings(ctx, t, missing) {
		return false
	}
	for _, row := range rows {
		if row.ID != missing.ID && r.readable(ctx, t, row) {
			return true
		}
	}
	return false
}

// readable reads an issue to see whether that can be done. A tracker that asks for quiet
// is not asked.
func (r *Runner) readable(ctx context.Context, t Tracker, row store.IssueRow) bool {
	if !r.may(t.Name, looking()) {
		return false
	}
	_, err := t.Read(looking().on(ctx), refOf(row))
	if err != nil {
		r.refused(ctx, err, t.Name, looking())
		return false
	}
	r.heard(ctx, t.Name, looking())
	return true
}

// sings reports whether the canary can be read. It says nothing of other places than its
// own, and nothing of itself.
func (r *Runner) sings(ctx context.Context, t Tracker, missing connectors.Ref) bool {
	rows, err := r.Store.IssueByKey(ctx, t.Canary)
	return err == nil && len(rows) == 1 && rows[0].ID != missing.ID && r.readable(ctx, t, rows[0])
}

// witnessesAsked is how many of the next issues are tried beside the newest.
const witnessesAsked = 3

// witnesses are the newest issue of the place, which is most likely still there, and
// those that came after the missing one.
func (r *Runner) witnesses(ctx context.Context, t Tracker, missing connectors.Ref) ([]store.IssueRow, error) {
	next, err := r.Store.Unswept(ctx, t.Name, []string{missing.Container}, ever(), missing.ID, witnessesAsked)
	if err != nil {
		return nil, err
	}
	key, err := r.Store.NewestKey(ctx, t.Name, missing.Container)
	if err != nil || key == "" {
		return next, err
	}
	newest, err := r.Store.IssueByKey(ctx, key)
	return append(newest, next...), err
}
