package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/view"
)

// planned is a write of a stored plan: what the runner compares, and what was printed.
type planned struct {
	Item    runner.PlanItem `json:"item"`
	Printed view.PlanWrite  `json:"printed"`
}

// Plan is every write that would be made now. It is kept, so that Apply finds it by its
// hash; nothing else is written.
func (a *App) Plan(ctx context.Context) (view.Plan, error) {
	p, err := a.Sight().Plan(ctx)
	if err != nil {
		return p, err
	}
	text, err := json.Marshal(items(p))
	if err != nil {
		return p, fmt.Errorf("encode plan: %w", err)
	}
	return p, a.Store.SavePlan(ctx, p.Hash, text, a.Now())
}

func items(p view.Plan) []planned {
	out := make([]planned, len(p.Writes))
	for i, w := range p.Writes {
		out[i] = planned{Printed: w, Item: runner.PlanItem{
			Kind: w.Kind, Card: w.Card, Tracker: w.Tracker, Issue: w.Exact.Issue, Key: w.Issue, Field: w.Exact.Field, From: w.Exact.From, To: w.Exact.To,
		}}
	}
	return out
}

// Outcome is a write of a plan and what became of it.
type Outcome struct {
	view.PlanWrite
	State   string `json:"state"` // sent, stale, failed, waiting
	Problem string `json:"problem,omitempty"`
}

// ErrNoPlan says that there is no plan of that hash.
var ErrNoPlan = errors.New("no plan has this hash; parley plan prints the present one")

// hashLetters is how much of a hash names a plan.
const hashLetters = 8

// VetHash says why a text can name no plan: it is too short.
func VetHash(hash string) error {
	if hash = strings.TrimSpace(hash); len(hash) < hashLetters {
		return fmt.Errorf("%.40q is too short to name a plan; give %d letters of its hash or more", hash, hashLetters)
	}
	return nil
}

// Apply sends the writes of the plan that a hash, or the beginning of one, names: those
// that still hold, and nothing else. It waits for them no longer than patience.
func (a *App) Apply(ctx context.Context, hash, by string, patience time.Duration) ([]Outcome, error) {
	plan, err := a.planOf(ctx, hash)
	if err != nil {
		return nil, err
	}
	asked := make([]runner.PlanItem, len(plan))
	for i, w := range plan {
		asked[i] = w.Item
	}
	applied, err := a.Runner.Apply(ctx, asked, by, patience)
	out := make([]Outcome, 0, len(applied))
	for i, x := range applied {
		out = append(out, Outcome{PlanWrite: plan[i].Printed, State: string(x.State), Problem: x.Reason})
	}
	return out, err
}

// planOf finds a plan that was printed, or the present one where it has that hash.
func (a *App) planOf(ctx context.Context, hash string) ([]planned, error) {
	hash = strings.ToLower(strings.TrimSpace(hash))
	if err := VetHash(hash); err != nil {
		return nil, err
	}
	text, _, err := a.Store.PlanOf(ctx, hash)
	if errors.Is(err, store.ErrUnknown) {
		p, err := a.Sight().Plan(ctx)
		if err == nil && !strings.HasPrefix(p.Hash, hash) {
			err = ErrNoPlan
		}
		return items(p), err
	}
	if err != nil {
		return nil, err
	}
	var out []planned
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, fmt.Errorf("read plan %s: %w", hash, err)
	}
	return out, nil
}
