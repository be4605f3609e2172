package engine_test

import (
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// What was to be written when a backup was made is looked up before anything is sent, also
// where the issue was read a moment before.
func TestRestoredDoubtsWhatWasToBeWritten(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	now := made.Add(10 * time.Second)
	side := func() *engine.Side {
		return &engine.Side{Issue: connectors.Issue{Ref: connectors.Ref{Tracker: "t", ID: "1"}}, Strong: true, Reads: 7}
	}
	for _, c := range []struct {
		was, is reconcile.OpState
		sentAt  time.Time
	}{
		{reconcile.Planned, reconcile.Uncertain, made},
		{reconcile.Sending, reconcile.Uncertain, made.Add(-time.Minute)},
		{reconcile.Uncertain, reconcile.Uncertain, made.Add(-time.Minute)},
		{reconcile.Acked, reconcile.Acked, made.Add(-time.Minute)},
		{reconcile.Held, reconcile.Held, time.Time{}},
	} {
		card := engine.Card{Sides: [2]*engine.Side{side(), side()}, Ops: []reconcile.Op{{Side: kanban.GitHub, State: c.was, Checked: made, NextAt: now.Add(time.Hour), Route: &reconcile.Hop{}}}}
		if c.was != reconcile.Planned && c.was != reconcile.Held {
			card.Ops[0].SentAt = c.sentAt
		}
		got, changed := engine.Restored(card, made, now)
		op := got.Ops[0]
		if !changed || op.State != c.is || !op.SentAt.Equal(c.sentAt) || !op.Checked.IsZero() || !op.NextAt.IsZero() || op.Route != nil {
			t.Errorf("%s became %+v", c.was, op)
		}
		for _, s := range got.Sides {
			if s.Need != engine.NeedRead {
				t.Errorf("%s: a side is not read again", c.was)
			}
		}
		if card.Ops[0].State != c.was || card.Sides[0].Need != engine.NeedNothing {
			t.Errorf("%s: the card itself was changed", c.was)
		}
	}
}

func TestRestoredLeavesWhatIsSettled(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	card := engine.Card{Sides: [2]*engine.Side{{}}, Ops: []reconcile.Op{{State: reconcile.Finished}, {State: reconcile.Dead}}, Mirror: &mirror.Saga{State: mirror.Done}}
	if got, changed := engine.Restored(card, made, made); changed || got.Sides[0].Need != engine.NeedNothing {
		t.Errorf("Restored = %+v", got)
	}
}

// A twin that was to be created may be there by now: it is looked for until a request sent
// at the very moment of the restoring would show.
func TestRestoredLooksForTwins(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	now := made.Add(time.Hour)
	m := mirror.Machine{Late: mirror.LateDefault, Visible: mirror.VisibleGitHub, Slack: mirror.SlackDefault}
	for _, was := range []mirror.State{mirror.Planned, mirror.Held, mirror.Sending, mirror.Unknown} {
		got, changed := engine.Restored(engine.Card{Mirror: &mirror.Saga{State: was}}, made, now)
		saga := got.Mirror
		if !changed || saga.State != mirror.Unknown || !saga.FirstSent.Equal(made) || saga.NextAt.After(now) || m.Horizon(*saga).Before(now.Add(m.Late)) {
			t.Errorf("%s became %+v", was, saga)
		}
	}
	asked := mirror.Saga{State: mirror.Held, Suspects: []string{"5"}}
	if got, _ := engine.Restored(engine.Card{Mirror: &asked}, made, now); got.Mirror.State != mirror.Held {
		t.Errorf("what waits for a person became %+v", got.Mirror)
	}
}
