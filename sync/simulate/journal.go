package simulate

import (
	"fmt"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
	"parley/sync/store"
)

// journal is what the judge writes down while a run goes on: of every commit and every
// write that leaves, only what the properties speak of.
type journal struct {
	sim     *sim
	commits int
	deaths  int // of processes
	epoch   int64
	kinds   map[string]int // what was met, for the sometimes table

	ops       map[string]*write
	order     []*write // by their first commit
	conflicts map[string]*clash
	clashes   []*clash // by their commits
	intents   map[string]*intent
	heard     map[string]bool // drags that were answered
	states    map[slot]stand
	joined    map[kanban.CardID]int        // commit in which the twins met
	stood     map[string]string            // edits that stood behind an agreed value, by side and source
	sagas     map[string]int64             // epoch under which a create was recorded as being sent
	paired    map[kanban.CardID]bool       // cards that are a pair
	withdrawn map[slot]int                 // commit in which a change on the board was taken back
	mixed     map[kanban.CardID]bool       // cards that were not the same pair all the time
	apart     map[kanban.CardID]int        // commit in which a card was last taken apart
	kin       []kinship                    // cards that were one card before
	met       map[contact]int64            // newest entry that the first read of an issue included
	shown     map[contact]connectors.Issue // what the first read of an issue showed, where its history was not asked for as well
	places    map[spot]contact             // which issue is on a side of a card
	ways      map[slot]reconcile.Carry     // how a field was carried by the last commit of its card
	uncarried map[entries]bystander        // entries folded while nothing was carried from their side
	folded    map[contact]int64            // newest entry folded
	token     map[contact]time.Time        // state read
	server    map[string]time.Time         // time of a tracker's server, as it last said
	polls     map[string]int64             // when a source was last begun to be read
	trouble   map[string]int64             // when a tracker last told of a fault
	restless  int                          // writes that left after the world had come to rest
	lastSend  string

	lost bool // the store was lost at some time

	unrecorded, backwards, missed, hasty, stale, starved []string // violations of P6, P8, P9, P10, P25, P20
}

// write is an op as its commits showed it.
type write struct {
	reconcile.Op
	first   int           // commit that brought it
	folded  int64         // newest entry of its side folded by then
	under   map[int64]int // epochs under which it was recorded as being sent: number of the commit
	sent    []int64       // moments at which a request of it left
	struck  int           // how many of those requests failed because a fault hit them
	tripped int64         // when a breaker held it last
	braked  bool          // the brake held it when all else had come to rest: its rest begins later
}

// clash is a conflict with the commit that brought it.
type clash struct {
	reconcile.Conflict
	first int
}

// intent is a change made on the board, as its maker made it.
type intent struct {
	asked engine.Intent
	card  kanban.CardID
	field kanban.Field
	to    kanban.Value
	at    int64
	taken int // the commit that took it in; 0: none did
	saw   sight
}

// slot is a field of a card.
type slot struct {
	card  kanban.CardID
	field kanban.Field
}

func newJournal(s *sim) journal {
	return journal{
		sim: s, kinds: map[string]int{}, ops: map[string]*write{}, conflicts: map[string]*clash{}, intents: map[string]*intent{}, sagas: map[string]int64{}, stood: map[string]string{}, states: map[slot]stand{}, joined: map[kanban.CardID]int{}, heard: map[string]bool{},
		withdrawn: map[slot]int{}, paired: map[kanban.CardID]bool{}, mixed: map[kanban.CardID]bool{}, apart: map[kanban.CardID]int{}, met: map[contact]int64{}, shown: map[contact]connectors.Issue{}, places: map[spot]contact{}, ways: map[slot]reconcile.Carry{}, uncarried: map[entries]bystander{}, folded: map[contact]int64{}, token: map[contact]time.Time{},
		server: map[string]time.Time{}, polls: map[string]int64{}, trouble: map[string]int64{},
	}
}

// committed takes a commit down.
func (j *journal) committed(eng *engine.Engine, c *store.Commit) {
	j.commits++
	if c.Epoch != 0 && c.Epoch != j.epoch {
		j.stale = append(j.stale, fmt.Sprintf("commit %d was taken under epoch %d, the lease is at %d", j.commits, c.Epoch, j.epoch))
	}
	for i := range c.Cards {
		j.ruled(eng, &c.Cards[i].Card)
		if card := &c.Cards[i].Card; j.paired[card.ID] && !card.Paired() {
			j.split(c)
		}
		j.tokens(&c.Cards[i])
		j.writes(&c.Cards[i])
	}
	for i := range c.Record.Conflicts {
		j.conflict(&c.Record.Conflicts[i])
	}
	for i := range c.Record.Activity {
		j.activity(&c.Record.Activity[i])
	}
	for _, m := range c.Moved {
		j.kinds["paired"]++
		j.mixed[m.New] = j.mixed[m.New] || j.mixed[m.Old]
		j.apart[m.New] = max(j.apart[m.New], j.apart[m.Old])
		for at, n := range j.withdrawn {
			if at.card == m.Old {
				to := slot{m.New, at.field}
				j.withdrawn[to] = max(j.withdrawn[to], n)
			}
		}
	}
	for range c.Partings {
		for i := range c.Cards {
			j.mixed[c.Cards[i].Card.ID] = true
		}
	}
	if c.Answer != nil {
		if in := j.intents[c.Answer.Key]; in != nil {
			in.taken, in.at = j.commits, j.sim.now
		}
	}
	if c.Cursor != nil {
		j.cursor(c.Cursor)
	}
}

// kinship is that of two cards which one was taken apart into.
type kinship [2]kanban.CardID

// split takes down that a commit takes a card apart: by a person's word, or to make room
// for the oldest of two twins. The writes to an issue go with it, and what was behind them
// may have been set on the other one.
func (j *journal) split(c *store.Commit) {
	for i := range c.Cards {
		j.apart[c.Cards[i].Card.ID] = j.commits
		j.kin = append(j.kin, kinship{c.Cards[0].Card.ID, c.Cards[i].Card.ID})
	}
}

// activity counts what was told. A change by nobody known was seen and not read of.
func (j *journal) activity(a *engine.Activity) {
	j.kinds["did "+a.Kind]++
	if a.Kind == engine.DidChange && a.Actor == "" {
		j.kinds["changed by nobody known"]++
	}
}

func (j *journal) conflict(k *reconcile.Conflict) {
	if old := j.conflicts[k.ID]; old != nil {
		old.State = k.State
		return
	}
	c := &clash{Conflict: *k, first: j.commits}
	j.conflicts[k.ID] = c
	j.clashes = append(j.clashes, c)
	j.kinds["conflict "+k.State]++
}

// writes takes down what a commit says of a card's writes and agreed values.
func (j *journal) writes(w *store.CardWrite) {
	c := &w.Card
	if c.Mirror != nil {
		j.kinds["mirror "+string(c.Mirror.State)]++
		if c.Mirror.State == mirror.Sending {
			j.sagas[c.Mirror.ID] = c.Mirror.Epoch
		}
		if c.Mirror.Suspended() {
			j.kinds["mirror suspended"]++
		}
	}
	for _, f := range c.Fields() {
		state := c.Field(f)
		j.confirmed(slot{c.ID, f}, &state)
		if n := len(state.Support); n > 0 && state.Support[n-1].Source != "" {
			at := state.Support[n-1].Side + " " + state.Support[n-1].Source
			if _, known := j.stood[at]; !known {
				j.stood[at] = string(f) + " of card " + string(c.ID)
			}
		}
		if n := len(state.Support); n > 0 && state.Support[n-1].Side == reconcile.SideBoard && state.Support[n-1].Source == "" {
			j.withdrawn[slot{c.ID, f}] = j.commits
		}
	}
	for i := range c.Ops {
		j.op(c, &c.Ops[i])
	}
}

// op takes down what a commit says of one write.
func (j *journal) op(c *engine.Card, op *reconcile.Op) {
	known := j.ops[op.ID]
	if known == nil {
		known = &write{first: j.commits, folded: c.Status.Sides[op.Side].Seq}
		j.ops[op.ID] = known
		j.order = append(j.order, known)
	}
	if known.State != op.State {
		j.kinds["op "+string(op.State)]++
		there := c.Field(op.Field).Sides[op.Side].Native == op.To
		if op.SentAt.IsZero() && there && (op.State == reconcile.Finished || op.State == reconcile.Cancelled) {
			j.kinds["done unsent"]++
		}
	}
	if op.Proved && !known.Proved && known.State == reconcile.Dead {
		j.kinds["landed after its death"]++
	}
	switch op.State {
	case reconcile.Sending:
		if known.under == nil {
			known.under = map[int64]int{}
		}
		known.under[op.Epoch] = j.commits
	case reconcile.Held:
		if op.Hold == reconcile.HoldBreaker {
			known.tripped = j.sim.now
		}
	}
	if !j.sim.resting {
		known.braked = op.State == reconcile.Held && op.Hold == reconcile.HoldBrake
	}
	known.Op = *op
	known.Card = c.ID
}

// early reports whether an edit was part of what the first read of its issue showed.
func (j *journal) early(i connectors.Ref, e *world.Edit) bool {
	met, ok := j.met[contact{i.Tracker, i.ID}]
	return ok && e.Seq > 0 && e.Seq <= met
}

// pictured reports whether an edit was part of the picture that an issue was met by,
// although no history told of it: it left the issue as of then, or as of before.
func (j *journal) pictured(i connectors.Ref, after connectors.Issue, f kanban.Field, rules *mapping.Rules) bool {
	met, ok := j.shown[contact{i.Tracker, i.ID}]
	if !ok || after.Updated.After(met.Updated) {
		return false
	}
	return after.Updated.Before(met.Updated) || rules.Native(after, f) == rules.Native(met, f)
}

// confirmed counts agreements (F3): the same value in a new version, with one more edit
// behind it.
func (j *journal) confirmed(at slot, now *reconcile.State) {
	was := j.states[at]
	if was.version > 0 && now.Version > was.version && now.Agreed == was.agreed && len(now.Support) > was.support && was.support > 0 {
		j.kinds["agreed"]++
	}
	j.states[at] = stand{now.Version, len(now.Support), now.Agreed}
}

// stand is what a field was agreed to be.
type stand struct {
	version int64
	support int
	agreed  kanban.Value
}

// refused takes down a commit that the store did not take.
func (j *journal) refused(err error) { j.kinds["refused "+reason(err)]++ }

// sent takes down a write that leaves for a tracker. It must have been recorded as
// being sent by this very process before (P6).
func (j *journal) sent(p *process, w *connectors.Write) {
	if w.Link != nil {
		return // a remote link is made anew as often as one likes
	}
	op := j.ops[w.Op]
	switch {
	case op == nil:
		j.unrecorded = append(j.unrecorded, "write "+w.Op+" left and was never recorded")
	case op.under[p.runner.Epoch()] == 0:
		j.unrecorded = append(j.unrecorded, fmt.Sprintf("write %s left under epoch %d, recorded under %v", w.Op, p.runner.Epoch(), op.under))
	default:
		op.sent = append(op.sent, j.sim.now)
	}
	if j.sim.resting && (op == nil || !op.braked) {
		j.restless++
		j.lastSend = fmt.Sprintf("%s on %s: %+v", w.Op, w.Issue.Key, *w)
	}
}

// failed takes down that a fault hit a request of a write.
func (j *journal) failed(w *connectors.Write) {
	if op := j.ops[w.Op]; op != nil && w.Link == nil {
		op.struck++
	}
}

// drafted takes down a create that leaves.
func (j *journal) drafted(p *process, d *connectors.Draft) {
	if saga := j.sagas[d.Op]; saga != p.runner.Epoch() {
		j.unrecorded = append(j.unrecorded, fmt.Sprintf("create %s left under epoch %d, recorded under %d", d.Op, p.runner.Epoch(), saga))
	}
	if j.sim.resting {
		j.restless++
		j.lastSend = "create " + d.Title
	}
}

// paged takes down a page of changes.
func (j *journal) paged(tracker string, page *connectors.Page, err error) {
	if err == nil && !page.ServerTime.IsZero() {
		j.server[tracker] = page.ServerTime
	}
}
