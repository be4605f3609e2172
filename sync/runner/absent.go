package runner

import (
	"context"
	"fmt"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Of more missing issues than freeMissing and a hundredth of what was read only as many
// are read by their ids: then it is rather a permission that was lost (sync.md §1.12).
const (
	freeMissing  = 5
	missingShare = 100
)

// absent asks for a read by id of the issues that a full reading did not bring. That they
// are missing proves nothing.
func (sw *slow) absent(ctx context.Context, began time.Time) error {
	after, missing, limit := "", 0, max(freeMissing, sw.count/missingShare)
	for {
		rows, err := sw.Store.Unswept(ctx, sw.t.Name, sw.containers(), began, after, linkBatch)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		after = rows[len(rows)-1].ID
		for _, row := range rows {
			known, err := sw.away(ctx, row)
			if err != nil {
				return err
			}
			if known {
				continue // it is looked for already
			}
			if missing++; missing > limit {
				continue
			}
			if err := sw.apply(ctx, row, engine.Missing{Side: sideOf(sw.t.Kind)}); err != nil {
				return err
			}
		}
	}
	if missing <= limit {
		return nil
	}
	return &connectors.Error{Kind: connectors.NotFound, Tracker: sw.t.Name, Doing: "read everything again",
		Message: fmt.Sprintf("%d known issues are missing, and %d are there", missing, sw.count),
		Hint:    fmt.Sprintf("nothing follows from it; %d of them are looked for by their ids. Check what Parley's account may see", limit)}
}

// away reports whether an issue is known to be missing.
func (sw *slow) away(ctx context.Context, row store.IssueRow) (bool, error) {
	card, err := sw.cardNow(ctx, row)
	if err != nil {
		return false, err
	}
	side := card.Sides[sideOf(sw.t.Kind)]
	return side == nil || side.Issue.ID != row.ID || side.Away != nil, nil
}

// present asks for a read by id of the issues of a page that could not be read before. Where
// a permission was given back they look as ever, so that nothing else tells of it.
func (sw *slow) present(ctx context.Context, page []connectors.Observation) error {
	rows, err := sw.Store.Index(ctx, sw.t.Name, ids(page))
	if err != nil || len(page) == 0 {
		return err
	}
	var on []kanban.CardID
	for _, row := range rows {
		on = append(on, row.Card)
	}
	cards, err := sw.Store.Cards(ctx, on)
	if err != nil {
		return err
	}
	side := sideOf(sw.t.Kind)
	for _, o := range page {
		row := rows[o.Issue.ID]
		if card, ok := cards[row.Card]; !ok || !card.Sides[side].Missed() || card.Sides[side].Issue.ID != row.ID {
			continue
		}
		if err := sw.apply(ctx, row, engine.Reappeared{Side: side}); err != nil {
			return err
		}
	}
	return nil
}

// enough is how many issues have to look different before all of them doing so is odd.
const enough = 20

// plausible stops a reading in which every single known issue shows another status or
// priority than before: then it is rather how they are shown that has changed.
func (sw *slow) plausible(ctx context.Context, page []connectors.Observation, changed []observed) error {
	if len(page) < enough || len(changed) < len(page) {
		return nil
	}
	cards, err := sw.cardsOf(ctx, changed)
	if err != nil {
		return err
	}
	rules := sw.Rules()
	for _, o := range changed {
		card, known := cards[o.row.Card]
		if !known {
			return nil
		}
		side := sideOf(o.Issue.Kind)
		for _, f := range kanban.Fields {
			if state := card.Field(f); state.Sides[side].Native == rules.Native(o.Issue, f) {
				return nil
			}
		}
	}
	if consent, err := sw.consent(ctx); err != nil || consent {
		return err
	}
	return &connectors.Error{Kind: connectors.Malformed, Tracker: sw.t.Name, Doing: "read everything again",
		Message: fmt.Sprintf("all %d issues of a page show another status and priority than before", len(page)),
		Hint:    "nothing of it was taken in; look at some of them, then restart parley if they are right"}
}

// settingOdd keeps which process stopped a reading of a source because everything had
// changed.
const settingOdd = "odd "

// consent reports whether another process stopped the reading before: whoever restarted
// Parley was told that this lets it go on. Otherwise this process stops it.
func (sw *slow) consent(ctx context.Context) (bool, error) {
	key := settingOdd + sourceKey(sw.t, sw.st.Source)
	by, there, err := sw.Store.Setting(ctx, key)
	if err != nil || there && by != "" && by != sw.Owner {
		return err == nil, err
	}
	return false, sw.keepSetting(ctx, key, sw.Owner)
}
