package view

import (
	"context"

	"parley/kanban"
	"parley/sync/remark"
	"parley/sync/store"
)

// PlanComment is a comment that is to be posted, edited or deleted.
const PlanComment = "comment"

// planComments lists what is to be said and not sent yet. What is for few, or on an issue
// whose texts are, is not shown.
func (v *Sight) planComments(ctx context.Context, known map[kanban.CardID]*store.Face) ([]PlanWrite, error) {
	open, err := v.Source.OpenRemarks(ctx)
	if err != nil {
		return nil, err
	}
	var out []PlanWrite
	for i := range open {
		r := &open[i]
		switch r.State() {
		case remark.Waiting, remark.Held, remark.Editing:
		default:
			continue
		}
		rows, err := v.Source.Index(ctx, r.Issue.Tracker, []string{r.Issue.ID})
		if err != nil {
			return nil, err
		}
		w := planComment(r)
		w.Card = rows[r.Issue.ID].Card
		if g := v.of(known[w.Card]); !g.whole() || !r.Audience.Public() {
			w.To, w.Reason, w.Held = hidden, hidden, hideHeld(w.Held)
			if !g.jira || !g.github {
				w.Issue = hidden
			}
		}
		out = append(out, w)
	}
	return out, nil
}

func planComment(r *remark.Remark) PlanWrite {
	w := PlanWrite{
		Tracker: r.Issue.Tracker, Issue: r.Issue.Key, Kind: PlanComment, To: r.Body, Reason: r.Reason,
		Exact: PlanExact{Issue: r.Issue.ID, From: kanban.Native(r.Key), To: kanban.Native(r.Wanted())},
	}
	if r.Retract {
		w.To = ""
	}
	if r.State() == remark.Held {
		if w.Held = r.Problem; w.Held == "" {
			w.Held = `plan mode: sync.write is "plan"; parley apply lets it go`
		}
	}
	return w
}
