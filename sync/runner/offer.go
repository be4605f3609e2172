package runner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"parley/connectors"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
)

// settingOffered keeps for which rules all issues that were there were looked at.
const settingOffered = "twins offered"

// overlooked is issues that nobody names, met at a moment when not everything was read
// that could. They are looked at again soon, for they may not change.
type overlooked struct {
	mu   sync.Mutex
	rows map[store.IssueID]store.IssueRow
}

// overlookedMost is how many are remembered; the slow readings meet the others again.
const overlookedMost = 10_000

func (o *overlooked) add(row store.IssueRow) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.rows == nil {
		o.rows = map[store.IssueID]store.IssueRow{}
	}
	if len(o.rows) < overlookedMost {
		o.rows[store.IssueID{Tracker: row.Tracker, ID: row.ID}] = row
	}
}

// take gives what is remembered, in order, and forgets it.
func (o *overlooked) take() []store.IssueRow {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []store.IssueRow
	for _, row := range o.rows {
		out = append(out, row)
	}
	o.rows = nil
	slices.SortFunc(out, func(a, b store.IssueRow) int {
		return cmp.Or(cmp.Compare(a.Tracker, b.Tracker), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// wanting remembers an issue that asks for a twin from this step on: it was away, or its
// work had ended. A poll may never bring it again.
func (r *Runner) wanting(eng *engine.Engine, before, after *engine.Card) {
	if _, _, asked := eng.Mirrorable(before); !asked {
		r.wanted(eng, after)
	}
}

// wanted remembers the issue of a card that asks for a twin.
func (r *Runner) wanted(eng *engine.Engine, after *engine.Card) {
	_, side, asks := eng.Mirrorable(after)
	if !asks {
		return
	}
	issue := after.Sides[side].Issue
	r.missed.add(store.IssueRow{
		Tracker: issue.Tracker, ID: issue.ID, Key: issue.Key, Container: issue.Container,
		Type: issue.Type, StatusID: issue.Status.ID, Card: after.ID, Token: issue.Updated,
	})
}

// offer looks for twins to be created of issues that were there before their rule asked
// for any, or before everything was read that could name one. Nothing of it is sent
// before all of it was counted.
func (r *Runner) offer(ctx context.Context) error {
	release, free := r.busy.try("offer")
	if !free {
		return nil
	}
	defer release()
	end := r.offers.begin()
	defer end()
	asking, err := r.askingRules(ctx)
	if err != nil || len(asking) == 0 {
		return err
	}
	fresh, err := r.offerAll(ctx, asking)
	if err != nil {
		return err
	}
	met, err := r.offerEach(ctx, r.missed.take())
	if err != nil || !fresh && !met {
		return err
	}
	return r.judge(ctx)
}

// askingRules lists the rules that ask for twins and of which everything was read.
func (r *Runner) askingRules(ctx context.Context) ([]mapping.PairRule, error) {
	var out []mapping.PairRule
	for _, rule := range r.Rules().Pairs() {
		if rule.Mirror == mapping.MirrorNone || rule.Mirror == "" {
			continue
		}
		whole, err := r.explored(ctx, rule)
		if err != nil {
			return nil, err
		}
		if whole {
			out = append(out, rule)
		}
	}
	return out, nil
}

// offerAll goes over all issues of the rules for which that was not done yet.
func (r *Runner) offerAll(ctx context.Context, asking []mapping.PairRule) (planned bool, err error) {
	var done, now []string
	if _, err := r.recallJSON(ctx, settingOffered, "what twins were offered", &done); err != nil {
		return false, err
	}
	for _, rule := range asking {
		key := evidenceOf(rule) + " " + string(rule.Mirror)
		if now = append(now, key); slices.Contains(done, key) {
			continue
		}
		one, err := r.offerRule(ctx, rule)
		if planned = planned || one; err != nil {
			return planned, err
		}
	}
	if slices.Equal(done, now) {
		return planned, nil
	}
	return planned, r.keepJSON(ctx, settingOffered, "what twins were offered", now)
}

func (r *Runner) offerRule(ctx context.Context, rule mapping.PairRule) (planned bool, err error) {
	for _, t := range r.Trackers {
		container := rule.GitHub
		if t.Kind == connectors.Jira {
			container = rule.Jira
		}
		after := ""
		for {
			rows, err := r.Store.Unswept(ctx, t.Name, []string{container}, ever(), after, linkBatch)
			if err != nil || len(rows) == 0 {
				if err != nil {
					return planned, err
				}
				break
			}
			after = rows[len(rows)-1].ID
			one, err := r.offerEach(ctx, rows)
			if planned = planned || one; err != nil {
				return planned, err
			}
		}
	}
	return planned, nil
}

// ever is later than any reading: no issue was seen since.
func ever() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

func (r *Runner) offerEach(ctx context.Context, rows []store.IssueRow) (planned bool, err error) {
	for _, row := range rows {
		err := r.again(func() error {
			one, err := r.matchOrCreate(ctx, row)
			planned = planned || one
			return err
		})
		if err != nil && !errors.Is(err, store.ErrStale) {
			return planned, err
		}
	}
	return planned, nil
}
