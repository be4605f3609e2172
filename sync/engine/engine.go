package engine

import (
	"maps"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// Engine is the configuration of the machine. It has no state of its own.
type Engine struct {
	Rules *mapping.Rules
	Write bool          // false: plan mode, every write is computed and held
	Skew  time.Duration // doubt about the trackers' clocks, see reconcile.Machine
	NewID func() string // UUIDv7 of operations and conflicts
	Epoch int64         // of the lease under which writes are sent
	// Tripped names the pair rules, by RuleKey, of which more is to be written at
	// once than the configuration allows: nothing is sent that nobody asked for.
	Tripped map[string]bool
	// Counting says that it is being counted how much there is to write: no write is
	// begun that nobody asked for.
	Counting bool
	Offering bool           // the same for twins to be created alone
	Zone     *time.Location // in which people are told times; nil: UTC
	// Container tells what is known of a project or repository of a tracker; nil: nothing.
	Container func(tracker, key string) connectors.Container
	// MarkKeys are the secrets that prove which issues Parley has created: the first one
	// signs, all of them verify.
	MarkKeys [][]byte
}

// Step is a card after something happened to it, and what to record of it. Both
// are stored in one transaction.
type Step struct {
	Card   Card
	Record Record
}

// Event is something that happened to a card: what a tracker showed (Observed, Recounted, Gap,
// Missing, Reappeared), answered (Answered, Failed, Routed, Created, LookedUp, Sighted), or
// what was found and decided beside it (Approved, Retried, Unmatched, Resumed). What people
// ask for on the board is no event, for it can be refused: see Ask.
type Event interface{ apply(t *turn) }

// Step takes an event in and plans the writes that follow from it. It asks for
// nothing; see Next.
func (e *Engine) Step(c Card, ev Event, now time.Time) Step {
	t := e.turn(c, now)
	t.remap()
	t.widen()
	ev.apply(t)
	t.widen()
	t.rejoin(&c)
	t.settle()
	return t.done(c)
}

// remap brings a card that was stored under another mapping up to the present one.
func (t *turn) remap() {
	if t.card.Mapping == t.Rules.Fingerprint() {
		return
	}
	fresh := t.card.Mapping == ""
	if t.card.Mapping = t.Rules.Fingerprint(); fresh {
		return
	}
	for _, side := range t.card.Sides {
		if side != nil && side.Need == NeedNothing && t.stale(side) {
			side.Need = NeedRead // only what it shows now tells what that means by other rules
		}
	}
	for _, f := range t.card.Fields() {
		var natives [2]kanban.Native
		var ahead [2]time.Time
		var begun [2]bool
		for _, s := range kanban.Sides {
			if side := t.card.Sides[s]; side != nil {
				natives[s] = t.held(&t.card, f, s)
				op := t.card.openOp(f, s)
				begun[s] = op != nil && (op.State.Sent() || op.Hops > 0)
				if side.Need != NeedNothing || begun[s] {
					ahead[s] = side.Issue.Updated
				}
			}
		}
		state, out := t.Machine(&t.card, f).Remap(t.card.Field(f), natives, ahead, begun, func(v kanban.Value) bool { return t.exists(f, v) })
		t.card.put(f, state)
		t.take(f, out)
	}
}

// turn is one step being made.
type turn struct {
	*Engine
	card Card
	now  time.Time
	rec  Record
	born *Side // the side that Parley has created, in the step that brings it in

	until  time.Time    // when the answer came that the card waits for no more
	acting kanban.Party // the side of who asks for what the step does; "": not known
}

func (e *Engine) turn(c Card, now time.Time) *turn {
	return &turn{Engine: e, card: c.clone(), now: now}
}

// done closes the step: a card whose agreed values, sides or pairing changed is a
// new revision of itself.
func (t *turn) done(before Card) Step {
	t.clockBlock()
	t.stop(before)
	t.describe(before)
	t.closeQuestions()
	t.outlive()
	if before.Lock == 0 && before.Rev == 0 || t.card.mark() != before.mark() {
		t.card.Rev = before.Rev + 1
	}
	return Step{Card: t.card, Record: t.rec}
}

// closeQuestions ends the conflicts whose field does not wait for a person any more:
// somebody chose, the sides were set to the same, or the card was parted.
func (t *turn) closeQuestions() {
	var open []Question
	for _, q := range t.card.Asking {
		if t.card.Field(q.Field).Frozen == reconcile.FrozenAsk {
			open = append(open, q)
			continue
		}
		t.end(q)
	}
	t.card.Asking = open
}

// end closes one conflict, also where it was opened in this very step.
func (t *turn) end(q Question) {
	for i := range t.rec.Conflicts {
		if t.rec.Conflicts[i].ID == q.Conflict {
			t.rec.Conflicts[i].State = reconcile.ConflictDismissed
			return
		}
	}
	t.rec.Conflicts = append(t.rec.Conflicts, reconcile.Conflict{ID: q.Conflict, Card: t.card.ID, Field: q.Field, State: reconcile.ConflictDismissed})
}

// clockBlock keeps the moment since when a card is blocked: that of the tracker's
// change that first showed it so, whatever happens to the card meanwhile.
func (t *turn) clockBlock() {
	switch blocked := t.Rules.Traits(t.card.issues()...).Blocked != ""; {
	case !blocked:
		t.card.BlockedAt = time.Time{}
	case t.card.BlockedAt.IsZero():
		if n := len(t.card.Blocks); n > 0 && t.card.Block == nil && t.card.Blocks[n-1].To.IsZero() {
			t.card.BlockedAt = t.card.Blocks[n-1].From // its history told
			return
		}
		t.card.BlockedAt = t.card.lead().Updated
		for _, i := range t.card.issues() {
			t.card.BlockedAt = latest(t.card.BlockedAt, i.Updated)
		}
	}
}

// mark is what makes two states of a card different revisions: everything an
// intent could have been decided on, and nothing about how far our writes are.
type mark struct {
	status, priority int64
	freezes          [2]reconcile.Freeze
	natives          [2][2]kanban.Native
	alone            [2][2]reconcile.Edit // an edit that only its side shows, also where it set the same as another before it
	sides            [2]string
	block            Block
	await            Await
	sorted           Sorted
}

func (c *Card) mark() mark {
	m := mark{
		status: c.Status.Version, priority: c.Priority.Version,
		freezes: [2]reconcile.Freeze{c.Status.Frozen, c.Priority.Frozen},
	}
	if c.Block != nil {
		m.block = *c.Block
	}
	if c.Await != nil {
		m.await = *c.Await
	}
	if c.Sorted != nil {
		m.sorted = *c.Sorted
	}
	for _, s := range kanban.Sides {
		m.natives[s] = [2]kanban.Native{c.Status.Sides[s].Native, c.Priority.Sides[s].Native}
		for i, e := range []*reconcile.Edit{c.Status.Sides[s].Alone, c.Priority.Sides[s].Alone} {
			if e != nil {
				m.alone[s][i] = *e
			}
		}
		if c.Sides[s] != nil {
			m.sides[s] = c.Sides[s].Issue.ID
		}
	}
	return m
}

// clone copies a card so that a step never changes what it was given.
func (c *Card) clone() Card {
	d := *c
	for i, s := range c.Sides {
		if s != nil {
			side := *s
			d.Sides[i] = &side
		}
	}
	d.Steps, d.Ranks = slices.Clone(c.Steps), slices.Clone(c.Ranks)
	d.Asking = slices.Clone(c.Asking)
	d.Ops = slices.Clone(c.Ops)
	d.Deeds = slices.Clone(c.Deeds)
	d.Status.Support = slices.Clone(c.Status.Support)
	d.Priority.Support = slices.Clone(c.Priority.Support)
	d.More = maps.Clone(c.More)
	return d
}

// Paired reports whether the card has an issue in both trackers.
func (c *Card) Paired() bool { return c.Sides[kanban.Jira] != nil && c.Sides[kanban.GitHub] != nil }

// Machine gives the reconciler of one field of a card, by the rule of its pair.
func (e *Engine) Machine(c *Card, f kanban.Field) reconcile.Machine {
	return reconcile.Machine{Field: f, Lens: e.lens(c), Policy: e.Policy(c, f), Skew: e.Skew, Weak: e.weak(c, f)}
}

func (e *Engine) lens(c *Card) mapping.Lens {
	var names [2]string
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil {
			names[s] = c.Sides[s].Issue.Tracker
		}
	}
	return e.Rules.Lens(names[kanban.Jira], names[kanban.GitHub])
}

// Policy says how a field of a card is carried. A card with one side, or one that
// was paired by hand across no configured rule, is carried both ways.
func (e *Engine) Policy(c *Card, f kanban.Field) reconcile.Policy {
	if !c.Paired() {
		return reconcile.Policy{Carry: reconcile.CarryBoth, Conflict: reconcile.JiraWins}
	}
	set, _, _ := f.Element()
	rule, ok := e.rule(c)
	switch board := f == kanban.FieldStatus || f == kanban.FieldPriority; {
	case !ok && board && c.Pairing != nil && c.Pairing.How == HowHand:
		return reconcile.Policy{Carry: reconcile.CarryBoth, Conflict: reconcile.Verdict(rule.Policy(f))}
	case !ok:
		return reconcile.Policy{Carry: reconcile.CarryOff}
	}
	f = set
	return reconcile.Policy{Carry: reconcile.Carry(rule.Direction(f)), Conflict: reconcile.Verdict(rule.Policy(f))}
}

// RuleKey names a pair rule whatever else stands in the configuration.
func RuleKey(rule mapping.PairRule) string { return rule.Jira + " ⇄ " + rule.GitHub }

// RuleOf names the pair rule that joins a card's issues, "" where none does.
func (e *Engine) RuleOf(c *Card) string {
	if rule, ok := e.rule(c); ok {
		return RuleKey(rule)
	}
	return ""
}

// rule is the pair rule that joins the card's issues, if one does.
func (e *Engine) rule(c *Card) (mapping.PairRule, bool) {
	if !c.Paired() {
		return mapping.PairRule{}, false
	}
	return e.Rules.Pair(c.Sides[kanban.Jira].Issue.Container, c.Sides[kanban.GitHub].Issue.Container)
}

// op finds a write of the card by its id.
func (c *Card) op(id string) *reconcile.Op {
	for i := range c.Ops {
		if c.Ops[i].ID == id {
			return &c.Ops[i]
		}
	}
	return nil
}

// openOp finds the one write that occupies a field and side.
func (c *Card) openOp(f kanban.Field, s kanban.Side) *reconcile.Op {
	for i := range c.Ops {
		if op := &c.Ops[i]; op.Field == f && op.Side == s && op.State.Open() {
			return op
		}
	}
	return nil
}
