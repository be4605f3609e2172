package engine

import (
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

// Observed is an issue as a tracker showed it: by a poll, or by a strong read.
type Observed struct {
	Side   kanban.Side
	Strong bool
	connectors.Observation
}

func (o Observed) apply(t *turn) {
	switch side := t.card.Sides[o.Side]; {
	case side == nil && t.card.Sides[o.Side.Other()] == nil:
		t.meet(o)
	case side != nil && side.Issue.ID == o.Issue.ID:
		t.observe(o)
	} // else it is what the card's issue was before it moved, or was parted from: nothing of it counts any more
}

// meet takes in an issue that the card did not have before.
func (t *turn) meet(o Observed) {
	t.card.Sides[o.Side] = &Side{Issue: bodiless(o.Issue), SeenAt: t.now, Strong: o.Strong}
	shown := t.shown(o)
	if shown < len(o.Entries) {
		o.Since = o.Entries[shown].Seq - 1
	}
	events := t.events(o.Issue, o.Entries[:shown])
	t.rec.Events = append(t.rec.Events, events...)
	t.acquaint(nil, o.Side, lastSeq(events, o.Since))
	if n := len(events); n > 0 {
		t.card.Sides[o.Side].Folded = events[n-1].At
	}
	if len(t.card.Steps) == 0 || o.Side == kanban.Jira {
		t.card.Steps = kanban.Bounded(t.retrace(o.Side, events), kanban.MaxSteps)
		t.card.Ranks = kanban.Bounded(t.ranksOf(o.Side, events), kanban.MaxRanks)
	}
	t.card.Profiles = t.profiled(events)
	t.card.Blocks, t.card.Told = kanban.Bounded(t.hindered(events), kanban.MaxBlocks), t.Telling()
	t.touch(events)
	t.fold(o.Side, o.Entries[shown:])
}

// shown counts the entries of a first observation that its picture includes: a list may
// lag behind the history that comes with it. Of those of its last moment the picture itself
// tells, for a moment is a second long.
func (t *turn) shown(o Observed) int {
	n := len(o.Entries)
	for n > 0 && o.Entries[n-1].At.After(o.Issue.Updated.Add(t.Skew)) {
		n--
	}
	for i := n - 1; i >= 0 && !o.Entries[i].At.Before(o.Issue.Updated); i-- {
		switch touched, there := t.there(o, o.Entries[i]); {
		case touched && !there:
			n = i
		case touched:
			return n
		}
	}
	return n
}

// there reports whether an entry concerns a field, and whether the picture shows what it did.
func (t *turn) there(o Observed, e connectors.Entry) (touched, there bool) {
	changes := t.Rules.Folding(o.Issue.Tracker, o.Issue.ID, e).Changes
	there = true
	for _, f := range t.card.Fields() {
		native := t.Rules.Native(o.Issue, f)
		next, touches := t.Machine(&t.card, f).Lens.Apply(o.Side, f, native, changes)
		touched = touched || touches
		there = there && (!touches || next == native)
	}
	return touched, there
}

// acquaint introduces a side to both fields, as a card had it before: nil is none.
func (t *turn) acquaint(before *Card, side kanban.Side, seq int64) {
	issue := t.card.Sides[side].Issue
	for _, f := range t.card.Fields() {
		native := t.Rules.Native(issue, f)
		if before != nil {
			native = t.held(before, f, side)
		}
		state, out := t.Machine(&t.card, f).Meet(t.card.Field(f), side, native, seq, issue.Updated)
		t.card.put(f, state)
		t.take(f, out)
	}
}

// lastSeq is the newest entry that a first observation includes.
func lastSeq(events []kanban.Event, since int64) int64 {
	if n := len(events); n > 0 {
		return events[n-1].Seq
	}
	if since > 0 && since != connectors.NoHistory {
		return since
	}
	return 0
}

// bodiless is an issue as it is kept: a body is only read for pairing.
func bodiless(i connectors.Issue) connectors.Issue {
	i.Body = ""
	return i
}

// observe takes in a later picture of an issue. Entries that begin after a gap are
// not folded: what lies in the gap came first, and has to be asked for.
func (t *turn) observe(o Observed) {
	side := t.card.Sides[o.Side]
	known := t.seq(o.Side)
	gap := o.Since > known && o.Since != connectors.NoHistory || o.Since == connectors.Onward && (side.Gap || t.partial(o)) || o.bare(side)
	if !gap {
		t.fold(o.Side, o.Entries)
	}
	if o.Since != connectors.NoHistory {
		side.Gap = gap
	}
	side.SeenAt = t.now
	t.heal(side)
	if o.Issue.Updated.Before(side.Issue.Updated) {
		t.outdated(o, side)
	} else {
		t.replace(o.Side, bodiless(o.Issue))
		side.Strong = o.Strong
		if o.Strong {
			side.Reads++
		}
		t.compare(o.Side, o.Since <= known)
	}
	if gap {
		side.skipped()
	}
}

// bare reports whether a later picture came by a slow reading, which brings no history. No
// poll brings it again, also where it looks the same: somebody may have gone and come back.
func (o Observed) bare(side *Side) bool {
	return !o.Strong && o.Since == connectors.NoHistory && o.Issue.Updated.After(side.Issue.Updated)
}

// heal forgets what kept a side from being read, now that it was. A tracker's own
// request for quiet stands until it ends.
func (t *turn) heal(side *Side) {
	side.Away = nil
	if p := side.Problem; p != nil && (p.Kind != connectors.RateLimit || !p.Until.After(t.now)) {
		side.Problem = nil
	}
}

// Gap says that history of a side went by unread: it has to be asked for.
type Gap struct{ Side kanban.Side }

func (g Gap) apply(t *turn) {
	if side := t.card.Sides[g.Side]; side != nil {
		side.skipped()
	}
}

// skipped says that history went by unread.
func (s *Side) skipped() {
	s.Gap, s.Need = true, NeedHistory // also before a read: what is odd then is asked for again
}

// outdated takes in an older picture than the one that is held: its history was
// worth folding, its state is not.
func (t *turn) outdated(o Observed, side *Side) {
	if o.Strong {
		t.lags(side)
	}
}

// behind takes in that the history of an issue tells more than its picture shows: what
// stands in the tracker is not known, and so neither which steps a write would take. The
// labels that an answer has told may hide an older picture behind them.
func (t *turn) behind(side *Side) {
	side.Need = NeedRead
	if side.Strong {
		t.lags(side)
	}
}

// believedAfter is how many reads by id in a row may seem to lag, which takes minutes.
// After that the picture is the present one: an administrator's migration is told by the
// history and moves no time of update.
const believedAfter = 8

// lags repeats a read by id that lags behind, later each time.
func (t *turn) lags(side *Side) {
	side.Lags++
	side.Problem = &Problem{Kind: connectors.Transient, Text: "the tracker still shows an older state; reading again", At: t.now, Until: t.now.Add(backoff(side.Lags + 1)), Retries: side.Lags}
}

// Recounted is the answer to a request for history, or the part of it that a poll met.
type Recounted struct {
	Side    kanban.Side
	Entries []connectors.Entry
	More    bool // the next part has to be asked for
	Onward  bool // it goes on from what the last poll brought, whatever that one had missed
}

func (r Recounted) apply(t *turn) {
	side := t.card.Sides[r.Side]
	if side == nil {
		return
	}
	if r.Onward {
		if len(t.fresh(r.Side, r.Entries)) > 0 {
			side.skipped() // there is no picture to hold it against: the whole is asked for
		}
		return
	}
	known := t.seq(r.Side)
	t.fold(r.Side, r.Entries)
	t.heal(side)
	if t.seq(r.Side) > known {
		side.Strong = false // the picture is older than what was just told
	}
	if r.More {
		return // the need stays
	}
	side.Gap = false
	t.compare(r.Side, true)
}

// compare holds the issue as last seen against what its history explains.
// complete says that the history was folded without a gap.
func (t *turn) compare(s kanban.Side, complete bool) {
	side := t.card.Sides[s]
	if side.Need = NeedNothing; side.Gap { // it may look the same and not be: somebody may have gone and come back
		side.Need = NeedHistory
		return
	}
	var odd []kanban.Field
	for _, f := range t.card.Fields() {
		if state := t.card.Field(f); t.Rules.Native(side.Issue, f) != state.Sides[s].Native {
			odd = append(odd, f)
		} else if state.Sides[s].Unshown && !t.stale(side) {
			t.card.put(f, state.Show(s))
		}
	}
	switch {
	case len(odd) > 0 && t.stale(side) && side.Lags < believedAfter:
		t.behind(side)
		if complete {
			t.recall()
		}
		return // no write begins from it
	case len(odd) == 0: // explained
		if complete {
			t.recall()
		} else if t.unrecalled(s) {
			side.Need = NeedHistory
		}
	case !complete:
		side.Need = NeedHistory
	case !side.Strong:
		side.Need = NeedRead
	default:
		t.correct(s, odd)
	}
	side.Lags = 0
	t.check(s)
}

// stale reports whether the history that was folded is ahead of a side's picture.
func (t *turn) stale(side *Side) bool { return side.Folded.After(side.Issue.Updated.Add(t.Skew)) }

// held is what a side of a card holds as far as is known: what its issue was seen to
// show, unless history tells of later changes.
func (t *turn) held(c *Card, f kanban.Field, s kanban.Side) kanban.Native {
	if known := c.Field(f).Sides[s]; known.Known && t.stale(c.Sides[s]) {
		return known.Native
	}
	return t.Rules.Native(c.Sides[s].Issue, f)
}

// recall settles what a change of the mapping left open until the history of all sides
// was read, and no write of ours can be the explanation any more.
func (t *turn) recall() {
	for _, side := range t.card.Sides {
		if side != nil && side.Need != NeedNothing {
			return
		}
	}
	for _, f := range t.card.Fields() {
		for _, s := range kanban.Sides {
			if t.card.Sides[s] == nil || t.writing(f) {
				continue
			}
			t.card.put(f, t.Machine(&t.card, f).Recall(t.card.Field(f), s, func(v kanban.Value) bool { return t.exists(f, v) }))
		}
	}
}

// unrecalled reports whether what a change of the mapping left open waits for the history
// of a side: a picture alone does not tell who made what it shows.
func (t *turn) unrecalled(s kanban.Side) bool {
	return slices.ContainsFunc(t.card.Fields(), func(f kanban.Field) bool {
		return !t.writing(f) && t.Machine(&t.card, f).Unrecalled(t.card.Field(f), s)
	})
}

// writing reports whether a write of a field was sent and its outcome is open.
func (t *turn) writing(f kanban.Field) bool {
	return slices.ContainsFunc(kanban.Sides[:], func(s kanban.Side) bool {
		op := t.card.openOp(f, s)
		return op != nil && op.State.Sent()
	})
}

// correct takes in what a strong read shows and no history explains. While one of
// our own writes may be the explanation, its entry is waited for; where its effect is
// there already, for as long as histories lag behind.
func (t *turn) correct(s kanban.Side, odd []kanban.Field) {
	side := t.card.Sides[s]
	for _, f := range odd {
		native := t.Rules.Native(side.Issue, f)
		if op := t.card.openOp(f, s); op != nil && op.State.Sent() && t.mayExplain(side, op, native) {
			continue
		}
		at := t.Rules.SetAt(side.Issue, f, t.card.Field(f).Sides[s].Native)
		state, out := t.Machine(&t.card, f).Correct(t.card.Field(f), s, native, at, t.card.Ops)
		t.card.put(f, state)
		t.take(f, out)
	}
}

// mayExplain reports whether a write under way is waited for before what stands there is
// taken for somebody's.
func (t *turn) mayExplain(side *Side, op *reconcile.Op, native kanban.Native) bool {
	if t.weak(&t.card, op.Field)[op.Side] {
		return t.mayHide(side, op, native)
	}
	return op.To != native || t.untold(side, op)
}

// toldAfter is how often a history is read again, half a minute in all, before the effect
// of a write counts without its entry: where the tracker had nothing to do, there is none.
const toldAfter = 5

// untold asks for the history once more that does not tell yet of a write whose effect is
// there. Whatever our write went over comes with its entry, and else nobody may ask again.
func (t *turn) untold(side *Side, op *reconcile.Op) bool {
	if op.Untold >= toldAfter {
		return false
	}
	op.Untold++
	side.Need = NeedHistory
	side.Problem = &Problem{Kind: connectors.Transient, Text: "the tracker's history does not show our write yet; reading again", At: t.now, Until: t.now.Add(backoff(op.Untold)), Retries: op.Untold}
	return true
}

// check marks the writes to a side that was just read strongly, and without a
// doubt left over, as ready to be sent.
func (t *turn) check(s kanban.Side) {
	side := t.card.Sides[s]
	if !side.Strong || side.Need != NeedNothing {
		return
	}
	for i := range t.card.Ops {
		if op := &t.card.Ops[i]; op.Side == s && op.State == reconcile.Planned {
			op.Checked = t.now
		}
	}
}

// fold takes new history entries of a side into both fields and the record.
func (t *turn) fold(s kanban.Side, entries []connectors.Entry) {
	side := t.card.Sides[s]
	if entries = t.fresh(s, entries); len(entries) == 0 {
		return
	}
	t.rec.Events = append(t.rec.Events, t.events(side.Issue, entries)...)
	var fresh []kanban.Event
	for _, e := range entries {
		fresh = append(fresh, t.Rules.Folding(side.Issue.Tracker, side.Issue.ID, e))
	}
	if at := fresh[len(fresh)-1].At; at.After(side.Folded) {
		side.Folded = at
	}
	t.touched(s, fresh)
	t.touch(fresh)
	for _, f := range t.card.Fields() {
		m, state := t.Machine(&t.card, f), t.card.Field(f)
		merged := fresh
		if s == kanban.GitHub {
			merged = m.Together(s, fresh)
		}
		state, out := m.Fold(state, s, merged, t.card.Ops)
		t.card.put(f, state)
		t.take(f, out)
	}
}

func (t *turn) events(issue connectors.Issue, entries []connectors.Entry) []kanban.Event {
	out := make([]kanban.Event, 0, len(entries))
	for _, e := range entries {
		out = append(out, t.Rules.Event(issue.Tracker, issue.ID, e))
	}
	return out
}

// seq is the newest history entry of a side that was folded.
func (t *turn) seq(s kanban.Side) int64 { return t.card.Status.Sides[s].Seq }

// retrace finds the columns that an issue went through before Parley knew it, by
// going back from its present status along its history and then forward again.
func (t *turn) retrace(s kanban.Side, events []kanban.Event) []kanban.Step {
	issue := t.card.Sides[s].Issue
	m := t.Machine(&t.card, kanban.FieldStatus)
	native := origin(s, kanban.FieldStatus, t.Rules.Native(issue, kanban.FieldStatus), events)
	steps := t.enter(nil, s, native, kanban.Event{At: issue.Created})
	for _, e := range m.Together(s, events) {
		if next, touched := m.Lens.Apply(s, kanban.FieldStatus, native, e.Changes); touched {
			native = next
			steps = t.enter(steps, s, native, e)
		}
	}
	if m.Weak[s] { // what stands there is no part of the history
		steps = t.enter(steps, s, t.Rules.Native(issue, kanban.FieldStatus), kanban.Event{At: t.Rules.SetAt(issue, kanban.FieldStatus, native)})
	}
	return steps
}

// enter adds the column that an issue was in after an event.
func (t *turn) enter(steps []kanban.Step, s kanban.Side, native kanban.Native, e kanban.Event) []kanban.Step {
	value, opinion := t.lens(&t.card).Back(s, kanban.FieldStatus, native, "")
	if opinion != kanban.Says {
		return steps
	}
	step := kanban.Step{Column: kanban.ColumnKey(value), At: e.At, Event: e.Name()}
	if !e.Own {
		step.By = e.Actor
	}
	return appendStep(steps, step)
}

// appendStep adds a step unless the card is in that column already.
func appendStep(steps []kanban.Step, step kanban.Step) []kanban.Step {
	if n := len(steps); n > 0 && steps[n-1].Column == step.Column {
		return steps
	}
	return append(steps, step)
}

// origin is what an issue had of a field before the first of the events: the old value
// of the first change of it; an open issue where the history has labels only.
func origin(s kanban.Side, f kanban.Field, now kanban.Native, events []kanban.Event) kanban.Native {
	if f == kanban.FieldPriority {
		return firstRank(s, now, events)
	}
	for _, e := range events {
		for _, c := range e.Changes {
			switch {
			case c.Field == kanban.ChangeStatus:
				return kanban.Native(c.From)
			case s == kanban.GitHub && (c.Field == kanban.ChangeState || c.Field == kanban.ChangeLabel):
				return "open" // in Jira a label says nothing of the status
			}
		}
	}
	return now
}
