package runner

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// errLed says that a card cannot be worked on here: nobody decides, or by other rules.
var errLed = errors.New("not by the rules of the process that decides")

// How a process that has a card waits until it was counted what it wants to write.
const (
	countedWithin = 2 * time.Second
	countedEvery  = 20 * time.Millisecond
)

// standing is what all processes go by at one moment.
type standing struct {
	lead    lead
	mapping string // fingerprint of the rules
	trips   map[string]Trip
	tripped map[string]bool
	pauses  []store.Pause
	denied  []store.Pause
	holds   map[store.Hold]bool
}

// guide has an engine go by it.
func (s *standing) guide(eng *engine.Engine) {
	eng.Tripped = s.tripped
	if s.lead.Doubt > 0 {
		eng.Skew = s.lead.Doubt
	}
}

// standing reads what all processes go by now.
func (r *Runner) standing(ctx context.Context) (*standing, error) {
	b, err := r.Store.Bearing(ctx, settingDesk, settingTrips, store.SettingMapping, store.SettingPauses, store.SettingDenied)
	if err != nil {
		return nil, err
	}
	s := standing{mapping: b.Settings[store.SettingMapping], trips: map[string]Trip{}, tripped: map[string]bool{}, holds: b.Holds}
	for name, into := range map[string]any{settingDesk: &s.lead, settingTrips: &s.trips} {
		if text := b.Settings[name]; text != "" {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				return nil, fmt.Errorf("read setting %s: %w", name, err)
			}
		}
	}
	for rule := range s.trips {
		s.tripped[rule] = true
	}
	s.pauses, err = store.DecodePauses(b.Settings[store.SettingPauses], r.Now())
	if err == nil {
		s.denied, err = store.DecodePauses(b.Settings[store.SettingDenied], r.Now())
	}
	return &s, err
}

// look keeps up with what all processes go by.
func (r *Runner) look(ctx context.Context) error {
	s, err := r.standing(ctx)
	if err != nil {
		return err
	}
	r.heed(ctx, s)
	r.trips.set(s.trips)
	r.denials.set(s.denied)
	return nil
}

// heed has this process keep the pauses of the others, and tells again of its own where
// another one's list has gone over it.
func (r *Runner) heed(ctx context.Context, s *standing) {
	r.orders.Store(s)
	if r.gates.adopt(s.pauses, r.Now()) {
		r.tellPauses(ctx)
	}
}

// bearing has an engine go by what holds at this moment, for all processes where there are
// several. It says whether it is being counted how much there is to write. It is asked
// after the card was loaded: what the card shows was counted, or is held back.
func (r *Runner) bearing(ctx context.Context, eng *engine.Engine) (counting, offering bool, err error) {
	if !r.hand() {
		return r.scans.under(), r.offers.under(), nil
	}
	s, err := r.standing(ctx)
	if err != nil {
		return false, false, err
	}
	r.heed(ctx, s)
	if s.lead.Config != r.Crew.Config {
		return false, false, errLed
	}
	if s.mapping != eng.Telling() {
		return false, false, r.catchUp(ctx)
	}
	s.guide(eng)
	if h := holdOf(ctx); h != nil {
		eng.Epoch = h.epoch
	}
	return s.holds[store.HoldWrites], s.holds[store.HoldTwins], nil
}

// catchUp learns what another process has learned of the trackers. Where that does not
// lead to its rules, this one may know more: the other is to ask them again.
func (r *Runner) catchUp(ctx context.Context) error {
	now, last := r.Now().UnixNano(), r.caught.Load()
	if now-last < int64(lookEvery) || !r.caught.CompareAndSwap(last, now) {
		return errLed
	}
	was := r.Engine().Telling()
	if err := r.Remember(ctx); err != nil {
		return err
	}
	if r.Engine().Telling() == was {
		for _, t := range r.Trackers {
			r.tell(ctx, word{Tracker: t.Name, Learn: true})
		}
	}
	return errLed
}

// Take works on a card that was dealt, as far as it gets, unless somebody else does, or
// there is nothing to be done any more. What is wrong with the card stays with it; the
// error is the store's, or that the work was told to stop.
func (r *Runner) Take(ctx context.Context, j Job) error {
	release, free := r.busy.try(string(j.Card))
	if !free {
		return nil
	}
	defer release()
	if current, err := r.current(ctx, j.Term); err != nil || !current {
		return err
	}
	h, err := r.grasp(ctx, leaseCard(j.Card), holdFor)
	if _, held := errors.AsType[store.ErrHeld](err); held {
		return nil
	}
	if err != nil {
		return err
	}
	defer h.giveBack(ctx)
	under, end := h.keep(ctx)
	defer end()
	return lost(under, r.carryThrough(under, j.Card))
}

// takeTurns is how often a card is worked on in a row that had to wait for a count.
const takeTurns = 8

// carryThrough works on a card that this process holds until nothing is left to do now.
func (r *Runner) carryThrough(ctx context.Context, id kanban.CardID) error {
	for range takeTurns {
		due, err := r.Store.IsDue(ctx, id, r.Now())
		if err != nil || !due {
			return err
		}
		if err := r.guarded(ctx, id); err != nil {
			return err
		}
		if err := r.untilCounted(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// untilCounted waits while it is being counted how much there is to write, for a while.
func (r *Runner) untilCounted(ctx context.Context) error {
	for range countedWithin / countedEvery {
		s, err := r.standing(ctx)
		if err != nil || !s.holds[store.HoldWrites] {
			return err
		}
		if err := pause(ctx, countedEvery); err != nil {
			return err
		}
	}
	return nil
}

// lost is no error where somebody else has the card by now, or decides about it.
func lost(ctx context.Context, err error) error {
	if errors.Is(err, errLed) || errors.Is(err, store.ErrFenced) || errors.Is(context.Cause(ctx), store.ErrFenced) {
		return nil
	}
	return err
}

// current reports whether the process still decides that has dealt a card.
func (r *Runner) current(ctx context.Context, term int64) (bool, error) {
	l, err := r.Store.LeaseOf(ctx, store.LeaseRunner)
	return err == nil && l.Epoch == term, ignoreUnknown(err)
}
