package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/mirror"
	"parley/sync/reconcile"
)

// Resumed says that a card is taken up again and no request is under way for it:
// whatever was recorded as sent has an outcome that nobody heard of.
type Resumed struct{}

func (Resumed) apply(t *turn) {
	for i := range t.card.Ops {
		op := &t.card.Ops[i]
		op.Route = nil
		if op.State == reconcile.Sending {
			op.State = reconcile.Uncertain
		}
	}
	if t.card.Mirror != nil {
		t.saga(mirror.Resume(*t.card.Mirror, t.now), true)
	}
}

// Answered is a tracker's answer to a write, or the failure to get one.
type Answered struct {
	Op      string
	Receipt connectors.Receipt
	Err     error
}

func (a Answered) apply(t *turn) {
	op := t.card.op(a.Op)
	if op == nil || t.card.Sides[op.Side] == nil {
		return
	}
	switch {
	case !op.State.Open(): // history was quicker, or the write was given up: its fate is known
		if a.Err == nil {
			t.picture(op.Side, a.Receipt)
		}
	case a.Err != nil:
		t.failed(op, a.Err)
	default:
		t.acknowledge(op, a.Receipt)
	}
}

// picture takes in what an answer shows of the issue, unless a poll was quicker.
func (t *turn) picture(s kanban.Side, r connectors.Receipt) {
	side := t.card.Sides[s]
	switch {
	case r.Issue != nil && !r.Issue.Updated.Before(side.Issue.Updated):
		t.replace(s, bodiless(t.Rules.Beside(*r.Issue, side.Issue)))
	case r.Chosen != nil:
		t.replace(s, mapping.Chosen(side.Issue, *r.Chosen))
	case r.Issue == nil && r.Labels != nil:
		newer := side.Issue
		newer.Labels = r.Labels
		t.replace(s, newer)
	}
}

// acknowledge takes in a yes. The receipt tells what the issue is like now; whether
// the write is done is told by its history alone.
func (t *turn) acknowledge(op *reconcile.Op, r connectors.Receipt) {
	side := t.card.Sides[op.Side]
	t.heal(side)
	op.State = reconcile.Acked
	if r.Issue != nil && len(r.Entries) > 0 {
		t.observe(Observed{Side: op.Side, Strong: true, Observation: connectors.Observation{Issue: *r.Issue, Entries: r.Entries, Since: r.Since}})
		return
	}
	t.picture(op.Side, r)
	if op.Side == kanban.GitHub {
		t.continueGitHub(op)
		return
	}
	if op.Via == "" {
		side.Need = NeedRead
	}
}

// continueGitHub readies the next single request of a write that takes several,
// or asks for the history that proves it done.
func (t *turn) continueGitHub(op *reconcile.Op) {
	side := t.card.Sides[op.Side]
	if len(t.Rules.Steps(op.Side, op.Field, t.Rules.Native(side.Issue, op.Field), op.To)) > 0 {
		op.State = reconcile.Planned
		return
	}
	if side.Need = NeedHistory; t.weak(&t.card, op.Field)[op.Side] {
		side.Need = NeedRead // no history will show it
	}
}

// failed takes in a no, by what kind of no it is.
func (t *turn) failed(op *reconcile.Op, err error) {
	op.Problem = words(err)
	kind := connectors.KindOf(err)
	if kind == connectors.Invalid && op.Side == kanban.Jira && op.Field == kanban.FieldStatus && op.Refusals < 2 {
		kind = connectors.Conflict // the transition may have gone because somebody moved the issue
	}
	switch kind {
	case connectors.Invalid, connectors.Forbidden:
		t.reject(op, op.Problem)
	case connectors.RateLimit, connectors.Auth, connectors.Transient:
		t.unsent(op)
		t.problem(op.Side, err)
	case connectors.Conflict: // somebody else was quicker: look again
		t.unsent(op)
		t.giveUp(op)
	case connectors.NotFound, connectors.Gone, connectors.Moved:
		t.unsent(op)
		t.problem(op.Side, err)
		t.giveUp(op)
	default: // Unknown, Malformed: it may have happened
		op.State = reconcile.Uncertain
		t.card.Sides[op.Side].Need = NeedRead
	}
}

// unsent takes back what was recorded of a request that changed nothing. The pause
// before the next one grows although reads in between succeed.
func (t *turn) unsent(op *reconcile.Op) {
	op.State, op.Checked, op.Via = reconcile.Planned, time.Time{}, ""
	op.Hops--
	op.Trail, op.Led = butLast(op.Trail), butLast(op.Led)
	op.Attempts++
	op.NextAt = t.now.Add(backoff(op.Attempts))
}

func butLast(s []string) []string { return s[:max(0, len(s)-1)] }

// giveUp refuses a write that was answered with a no often enough. A tracker that could
// not be reached, or asked for quiet, has not said no.
func (t *turn) giveUp(op *reconcile.Op) {
	if op.Refusals++; op.Refusals >= maxAttempts {
		t.reject(op, op.Problem)
	}
}

// reject closes a write that the tracker refuses for good.
func (t *turn) reject(op *reconcile.Op, reason string) {
	op.Problem = reason
	t.close(op, reconcile.Rejected)
	if op.Version == t.card.Field(op.Field).Version {
		t.refuse(op.Field, op.Side, reason)
	}
}

// Failed is a read that did not succeed.
type Failed struct {
	Side    kanban.Side
	Op      string // the write it was for, if any
	Err     error
	Witness bool // another issue of the same project or repository can be read

	Was string            // id of the issue that was asked for
	Now *connectors.Issue // the issue it became, where it was transferred
}

func (f Failed) apply(t *turn) {
	if t.card.Sides[f.Side] != nil {
		t.problem(f.Side, f.Err)
		t.miss(f.Side, f.Err, f.Witness)
	}
}

// problem leaves a side in peace for a while and says why.
func (t *turn) problem(s kanban.Side, err error) {
	side := t.card.Sides[s]
	retries := 1
	if side.Problem != nil {
		retries = side.Problem.Retries + 1
	}
	until := t.now.Add(backoff(retries))
	var e *connectors.Error
	if errors.As(err, &e) && e.RetryAt.After(until) {
		until = e.RetryAt
	}
	kind := connectors.KindOf(err)
	switch kind {
	case connectors.NotFound, connectors.Gone, connectors.Moved, connectors.Auth, connectors.Forbidden:
		until = latest(until, t.now.Add(time.Minute*time.Duration(min(retries, 30))))
	}
	if text := words(err); side.Told != text {
		side.Told = text
		t.log(Activity{Kind: DidProblem, Side: s.String(), Text: text})
	}
	side.Problem = &Problem{Kind: kind, Text: words(err), At: t.now, Until: until, Retries: retries}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// words says a failure to people: what happened, and what to do where that is known.
func words(err error) string {
	var e *connectors.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := e.Error()
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// Routed is the answer to Route: the transitions offered now, and what is known
// of the workflow from other issues and earlier days.
type Routed struct {
	Op      string
	From    string // id of the status they are offered from
	Offered []connectors.Transition
	Known   []Edge
	Ranks   map[string]int // how far the work is in a status, by its category; see Rank
}

// Rank is how far work is in a status of a category: 0 to do, 1 under way, 2 ended.
func Rank(category string) int {
	switch category {
	case "new":
		return 0
	case "done":
		return 2
	default:
		return 1
	}
}

// explorable reports whether an issue may be moved to a status whose exits nobody has
// seen, to find out where they lead: only forward on the way to more progress, not where
// that ends the work, and not to a status that no column claims, for nobody watches it.
func (t *turn) explorable(r Routed, target string) func(status string) bool {
	lens := t.lens(&t.card)
	forward := r.Ranks[target] > r.Ranks[r.From]
	return func(status string) bool {
		_, opinion := lens.Back(kanban.Jira, kanban.FieldStatus, kanban.Native(status), "")
		rank := r.Ranks[status]
		return forward && opinion == kanban.Says && rank >= r.Ranks[r.From] && rank < Rank("done")
	}
}

// Edge is one step that a workflow is known to allow.
type Edge struct {
	From, To string
	// Offered says that the way was seen in a list of all exits of From, and not only
	// taken by somebody once: then From has no other exits.
	Offered bool
}

func (r Routed) apply(t *turn) {
	op := t.card.op(r.Op)
	if op == nil || !op.State.Open() || t.card.Sides[op.Side] == nil {
		return
	}
	if op.Hops >= maxHops {
		t.reject(op, fmt.Sprintf("no way through the workflow in %d steps", maxHops))
		return
	}
	hop, reason := t.choose(op, r)
	if hop == nil {
		t.reject(op, reason)
		return
	}
	if slices.Contains(op.Led, hop.To) {
		t.putBack(op)
		return
	}
	op.Route = hop
	op.State = reconcile.Planned
	op.Checked = t.now
}

// putBack ends a write that would have to take a hop once more: somebody has put the issue
// back since. What they did has to be read first; if the policy lets the agreed value stand
// all the same, another write goes over theirs, which the record tells apart from this one.
func (t *turn) putBack(op *reconcile.Op) {
	op.Problem = "somebody moved the issue while the write was on its way"
	t.close(op, reconcile.Dead)
	t.card.Sides[op.Side].Need = NeedRead
}

// choose finds the transition to take: to the best target that can be reached.
func (t *turn) choose(op *reconcile.Op, r Routed) (*reconcile.Hop, string) {
	m := t.Machine(&t.card, op.Field)
	targets := m.Lens.Forward(op.Side, op.Field, op.Value, op.From)
	targets = slices.DeleteFunc(targets, func(n kanban.Native) bool { return n == op.To })
	targets = append([]kanban.Native{op.To}, targets...)
	for _, target := range targets {
		status, resolution := t.Rules.JiraTarget(target)
		next, ok := nextHop(r.From, status, answering(unvisited(r.Offered, op.Trail, status), status, resolution), r.Known, t.explorable(r, status))
		if !ok {
			continue
		}
		op.To = target
		hop := &reconcile.Hop{Transition: next.ID, To: next.To.ID, Last: next.To.ID == status}
		if hop.Last {
			hop.Resolution = resolution
		}
		return hop, ""
	}
	return nil, t.noWay(op, r)
}

// answering strikes the resolution off what the transitions to a status require
// where the target itself says which one it is to be. Only one with a screen can take
// a resolution, so that the others do not count where there is such a one.
func answering(offered []connectors.Transition, status, resolution string) []connectors.Transition {
	if resolution == "" {
		return offered
	}
	out := slices.Clone(offered)
	for i := range out {
		if out[i].To.ID == status {
			out[i].Required = slices.DeleteFunc(slices.Clone(out[i].Required), func(f string) bool { return f == "resolution" })
		}
	}
	asks := func(o connectors.Transition) bool { return o.To.ID == status && o.Screen }
	if slices.ContainsFunc(out, asks) {
		out = slices.DeleteFunc(out, func(o connectors.Transition) bool { return o.To.ID == status && !o.Screen })
	}
	return out
}

// unvisited leaves out the steps back to where a write has led the issue before. The
// target counts as new: another resolution may ask for leaving it and coming back.
func unvisited(offered []connectors.Transition, trail []string, target string) []connectors.Transition {
	return slices.DeleteFunc(slices.Clone(offered), func(o connectors.Transition) bool {
		return o.To.ID != target && slices.Contains(trail, o.To.ID)
	})
}

func (t *turn) noWay(op *reconcile.Op, r Routed) string {
	var names []string
	hint := ""
	for _, o := range r.Offered {
		name := o.To.Name
		if len(o.Required) > 0 {
			name += " (needs " + strings.Join(o.Required, ", ") + ")"
			hint = "; what is needed can be given a value in transition_defaults of this Jira"
		}
		names = append(names, name)
	}
	offered := "nothing"
	if len(names) > 0 {
		offered = strings.Join(names, ", ")
	}
	return fmt.Sprintf("Jira offers no way to %s from here; it offers %s%s", t.Rules.Describe(op.Side, op.Field, op.To), offered, hint)
}
