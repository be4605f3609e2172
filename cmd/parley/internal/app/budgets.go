package app

import (
	"sync"
	"time"

	"parley/connectors"
	"parley/connectors/transport"
	"parley/sync/runner"
	"parley/sync/view"
)

// budgets are what may be asked of the trackers, by account, for those who look.
type budgets struct {
	mu   sync.Mutex
	made map[string]*transport.Budget
}

// keep remembers the budget of an account. Nobody may want to look.
func (b *budgets) keep(account string, of *transport.Budget) {
	if b == nil || of == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.made == nil {
		b.made = map[string]*transport.Budget{}
	}
	b.made[account] = of
}

// of tells what is left of an account's quotas, nothing where none is kept to or known.
func (b *budgets) of(account string, now time.Time) []view.Quota {
	b.mu.Lock()
	budget := b.made[account]
	b.mu.Unlock()
	if budget == nil {
		return nil
	}
	reserve := transport.DefaultReserve()[connectors.ClassWrite]
	var out []view.Quota
	for _, q := range budget.Quotas(now) {
		out = append(out, view.Quota{Name: q.Name, Limit: q.Limit, Left: q.Left, Reserve: int(float64(q.Limit) * reserve), Reset: q.Reset})
	}
	return out
}

// budgeted lets the pages tell what is left of the trackers' quotas.
func budgeted(names []view.TrackerName, trackers []runner.Tracker, from *budgets, now func() time.Time) []view.TrackerName {
	for i, t := range trackers {
		names[i].Quotas = func() []view.Quota { return from.of(t.Account, now()) }
	}
	return names
}
