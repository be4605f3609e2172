package runner

import (
	"context"
	"time"

	"parley/connectors"
	"parley/sync/store"
)

// hidden reports whether a failure says that an issue is not there, which it may be for
// others.
func hidden(err error) bool {
	kind := connectors.KindOf(err)
	return kind == connectors.NotFound || kind == connectors.Gone || kind == connectors.Forbidden
}

// witness reads another issue of the same project or repository. Where that fails as
// well, it is rather Parley's account that lost a permission, and nothing is gone.
func (r *Runner) witness(ctx context.Context, t Tracker, missing connectors.Ref) bool {
	rows, err := r.witnesses(ctx, t, missing)
	if err != nil {
		return false
	}
	for _, row := range rows {
		if row.ID == missing.ID {
			continue
		}
		if !r.gates.shut(r.Now(), t.Name).IsZero() {
			return false
		}
		_, err := t.Read(ctx, refOf(row))
		if err == nil {
			return true
		}
		r.gates.note(err, r.Now(), t.Name)
	}
	return false
}

// witnessesAsked is how many other issues are tried.
const witnessesAsked = 3

func (r *Runner) witnesses(ctx context.Context, t Tracker, missing connectors.Ref) ([]store.IssueRow, error) {
	if t.Canary != "" {
		return r.Store.IssueByKey(ctx, t.Canary)
	}
	return r.Store.Unswept(ctx, t.Name, []string{missing.Container}, r.Now().Add(time.Hour), "", witnessesAsked)
}
