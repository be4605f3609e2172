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
)

// Pairing.How where no rule of the configuration named the twin.
const (
	HowMirror = "mirror" // Parley created it
	HowHand   = "hand"   // a person linked it
)

// Unmatched says that everything that could name an issue's twin was read, and names
// nobody. Where the rules ask for it, a twin is created.
type Unmatched struct{ Tracker string } // configured name of the tracker it is created in

func (u Unmatched) apply(t *turn) {
	rule, source, ok := t.Mirrorable(&t.card)
	if !ok {
		return
	}
	issue := t.card.Sides[source].Issue
	want := mirror.Saga{
		ID: t.NewID(), Rule: RuleKey(rule), Source: issue.Tracker, SourceID: issue.ID, Tracker: u.Tracker, Container: rule.GitHub,
		Reason: fmt.Sprintf("%s has no twin, and the rule of %s and %s asks for one (mirror = %q)", issue.Key, rule.Jira, rule.GitHub, rule.Mirror),
	}
	if source == kanban.GitHub {
		want.Container = rule.Jira
	}
	saga := t.mirrors(source.Other()).Plan(want, t.holdsMirror(rule), t.now)
	t.card.Mirror = &saga
}

// Mirrorable finds the rule by which a twin is to be created for a card with one issue:
// its work has not ended, it is not restricted, it is nobody's mirror, and no twin was
// created for it before.
func (e *Engine) Mirrorable(c *Card) (rule mapping.PairRule, source kanban.Side, ok bool) {
	side := c.only()
	if side == nil || c.Mirror != nil && c.Mirror.State != mirror.Cancelled || c.Clash != "" {
		return rule, 0, false
	}
	issue := c.Sides[*side].Issue
	if issue.Marker != "" && issue.Own || e.Rules.Traits(issue).Restricted || c.Sides[*side].Away != nil {
		return rule, 0, false
	}
	col, known := e.Rules.Layout().Column(kanban.ColumnKey(c.Status.Agreed))
	if !known || col.Category.Ended() {
		return rule, 0, false
	}
	for _, rule := range e.Rules.Pairs() {
		if mirrors(rule, *side, issue.Container) {
			return rule, *side, true
		}
	}
	return rule, 0, false
}

// mirrors reports whether a rule creates twins for the issues of a container.
func mirrors(rule mapping.PairRule, side kanban.Side, container string) bool {
	if side == kanban.Jira {
		return rule.Jira == container && (rule.Mirror == mapping.MirrorBoth || rule.Mirror == mapping.MirrorJiraToGitHub)
	}
	return rule.GitHub == container && (rule.Mirror == mapping.MirrorBoth || rule.Mirror == mapping.MirrorGitHubToJira)
}

// mirrors gives the machine that creates issues on a side.
func (e *Engine) mirrors(to kanban.Side) mirror.Machine {
	m := mirror.Machine{Keys: e.MarkKeys, Late: mirror.LateDefault, Visible: mirror.VisibleGitHub, Slack: mirror.SlackOf(e.Skew)}
	if to == kanban.Jira {
		m.Visible = mirror.VisibleJira
	}
	return m
}

func (t *turn) holdsMirror(rule mapping.PairRule) bool { return !t.Write || t.Tripped[RuleKey(rule)] }

// settleMirror lets a planned create go or holds it, and gives it up where the card has
// found a twin otherwise or the rules do not ask for it any more.
func (t *turn) settleMirror() {
	saga := t.card.Mirror
	switch {
	case saga == nil:
		return
	case saga.State == mirror.Rejected && t.changedSince(saga):
		t.saga(mirror.Cancel(*saga, "its source has changed since it was refused", t.now))
		return
	case !saga.State.Open() || saga.State.Unresolved():
		return
	}
	wanted := t.card
	wanted.Mirror = nil
	rule, _, ok := t.Mirrorable(&wanted)
	if !ok || RuleKey(rule) != saga.Rule {
		given := *saga
		if t.card.Paired() {
			given.Suspects = nil // the card has its twin: it is decided which of them that is
		}
		t.saga(mirror.Cancel(given, "not wanted any more", t.now))
		return
	}
	switch hold := saga.Suspended() || t.holdsMirror(rule) && !saga.Approved; {
	case hold:
		t.saga(mirror.Hold(*saga, saga.Problem), true)
	case saga.State == mirror.Held:
		t.saga(mirror.Release(*saga, t.now), true)
	}
}

// changedSince reports whether the source of a create that was refused has changed since:
// then it may be taken.
func (t *turn) changedSince(saga *mirror.Saga) bool {
	source, ok := t.card.source()
	return ok && t.card.Sides[source].Issue.Updated.After(saga.Closed)
}

// source is the side whose issue the card's create makes a twin of. It may have found
// another one meanwhile.
func (c *Card) source() (kanban.Side, bool) {
	for _, s := range kanban.Sides {
		if side := c.Sides[s]; c.Mirror != nil && side != nil && side.Issue.Tracker == c.Mirror.Source && side.Issue.ID == c.Mirror.SourceID {
			return s, true
		}
	}
	return 0, false
}

// saga replaces the card's create where something has become of it.
func (t *turn) saga(s mirror.Saga, ok bool) {
	if ok {
		t.card.Mirror = &s
	}
}

// mirror asks for the next request of a create.
func (t *turn) mirror(wake *time.Time) *Request {
	saga := t.card.Mirror
	if saga == nil || saga.State != mirror.Planned && saga.State != mirror.Unknown {
		return nil
	}
	source, ok := t.card.source()
	if !ok {
		return nil
	}
	if t.unborn(saga.SentAt) || t.unborn(saga.FirstSent) {
		now := mirror.Redated(*saga, t.card.Sides[source].Issue.Created, t.now)
		saga, t.card.Mirror = &now, &now
	}
	if saga.NextAt.After(t.now) {
		sooner(wake, saga.NextAt)
		return nil
	}
	m := t.mirrors(source.Other())
	q := &Request{Side: source.Other(), Ref: connectors.Ref{Tracker: saga.Tracker, Container: saga.Container}, Op: saga.ID}
	if saga.State == mirror.Unknown {
		q.Kind, q.Search = LookUp, connectors.Search{Container: saga.Container, Since: saga.FirstSent.Add(-m.Slack)}
		return q
	}
	if (t.Counting || t.Offering) && !saga.Approved {
		sooner(wake, t.now.Add(time.Second))
		return nil
	}
	sent, ok := m.Send(*saga, t.Epoch, t.now)
	if !ok {
		return nil
	}
	t.card.Mirror = &sent
	q.Kind, q.Source = Create, t.card.Sides[source].Issue.Ref
	return q
}

// Created is the answer to Create. The issue is known to the card from then on; it is
// joined to it as every other twin is.
type Created struct {
	Op    string
	Issue connectors.Issue
	Err   error
	// Source is what the source was read to be at the last moment, where no twin of that
	// is wanted: nothing was sent.
	Source *connectors.Observation
}

func (a Created) apply(t *turn) {
	saga := t.card.Mirror
	if saga == nil || saga.ID != a.Op {
		return
	}
	if a.Err == nil {
		t.saga(mirror.Created(*saga, a.Issue.ID, t.now), true)
		t.log(Activity{Kind: DidCreate, Side: t.mirrorSide(), Op: saga.ID, Text: fmt.Sprintf("created %s as the twin: %s", a.Issue.Key, saga.Reason)})
		return
	}
	text := words(a.Err)
	if a.Source != nil { // once the card knows as much, the create is given up
		t.saga(mirror.Postponed(*saga, text, t.later(a.Err, saga.Attempts)), true)
		if source, ok := t.card.source(); ok {
			Observed{Side: source, Strong: true, Observation: *a.Source}.apply(t)
		}
		return
	}
	switch connectors.KindOf(a.Err) {
	case connectors.Invalid, connectors.Forbidden, connectors.NotFound, connectors.Gone, connectors.Moved:
		t.saga(mirror.Refused(*saga, text, t.now), true)
		t.log(Activity{Kind: DidRefuse, Side: t.mirrorSide(), Op: saga.ID, Text: text})
	case connectors.RateLimit, connectors.Auth, connectors.Transient, connectors.Conflict:
		t.saga(mirror.Postponed(*saga, text, t.later(a.Err, saga.Attempts)), true)
	default: // it may have been made
		t.saga(mirror.Unanswered(*saga, text, t.now), true)
	}
}

// later is when to try again after the n-th failure.
func (t *turn) later(err error, n int) time.Time {
	at := t.now.Add(backoff(n))
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		at = latest(at, e.RetryAt)
	}
	return at
}

func (t *turn) mirrorSide() string {
	if source, ok := t.card.source(); ok {
		return source.Other().String()
	}
	return ""
}

// LookedUp is the answer to LookUp.
type LookedUp struct {
	Op     string
	Issues []connectors.Issue // without those whose place is known though they carry no mark
	Began  time.Time          // when the look-up began, by our clock
	Err    error
}

func (l LookedUp) apply(t *turn) {
	saga := t.card.Mirror
	source, ok := t.card.source()
	if !ok || saga.ID != l.Op {
		return
	}
	if l.Err != nil {
		next := *saga
		next.Looks++
		next.Problem, next.NextAt = words(l.Err), t.later(l.Err, next.Looks)
		t.card.Mirror = &next
		return
	}
	next := t.mirrors(source.Other()).Looked(*saga, items(l.Issues), l.Began, t.now)
	if next.Suspended() {
		next.Problem = suspicion(next, l.Issues, t.Zone)
		t.log(Activity{Kind: DidProblem, Side: t.mirrorSide(), Op: saga.ID, Text: next.Problem})
	}
	t.saga(next, true)
}

// suspicion says what may be the twin already, and how to decide it.
func suspicion(s mirror.Saga, found []connectors.Issue, zone *time.Location) string {
	var keys []string
	for _, i := range found {
		if slices.Contains(s.Suspects, i.ID) {
			keys = append(keys, i.Key)
		}
	}
	return fmt.Sprintf("nobody knows whether the request of %s made an issue; %s was made by Parley's account since and has no valid mark any more. If it is the twin, link it; if not, apply the plan",
		kanban.Moment(s.SentAt, zone), strings.Join(keys, ", "))
}

// Sighted says that a poll brought an issue that carries the card's mark.
type Sighted struct{ Issue connectors.Issue }

func (s Sighted) apply(t *turn) {
	source := t.card.only()
	if source == nil && t.card.Mirror == nil {
		return
	}
	side := kanban.GitHub
	if s.Issue.Kind == connectors.Jira {
		side = kanban.Jira
	}
	m := t.mirrors(side)
	if t.card.Mirror == nil { // the store was lost: the mark itself tells
		mark, _ := m.Proved(Item(s.Issue))
		t.card.Mirror = &mirror.Saga{ID: t.NewID(), Source: mark.Source, SourceID: mark.ID, Tracker: s.Issue.Tracker, Container: s.Issue.Container,
			Mark: s.Issue.Marker, State: mirror.Adopted, Created: t.now, Closed: t.now, Issue: s.Issue.ID}
		return
	}
	t.saga(m.Seen(*t.card.Mirror, items([]connectors.Issue{s.Issue}), t.now), true)
}

// Proved takes apart the mark of an issue that was made by this installation.
func (e *Engine) Proved(i connectors.Issue) (mirror.Marker, bool) {
	return e.mirrors(kanban.GitHub).Proved(Item(i))
}

// Judge says what an issue is to the card whose mark it carries.
func (e *Engine) Judge(i connectors.Issue, c *Card) mirror.Verdict {
	var sagas []mirror.Saga
	if c.Mirror != nil {
		sagas = append(sagas, *c.Mirror)
	}
	verdict, _ := e.mirrors(kanban.GitHub).Judge(Item(i), sagas)
	return verdict
}

// Item is an issue as far as its being a mirror goes.
func Item(i connectors.Issue) mirror.Item {
	return mirror.Item{Issue: i.ID, Container: i.Container, Mark: i.Marker, Own: i.Own, Created: i.Created}
}

// made reports whether the card's twin was created from what is remembered here, and
// not found again after the store was lost: then nobody knows who has seen what.
func (c *Card) made() bool {
	return c.Mirror != nil && c.Mirror.State.Linked() && !c.Mirror.FirstSent.IsZero()
}

func items(issues []connectors.Issue) []mirror.Item {
	var out []mirror.Item
	for _, i := range issues {
		out = append(out, Item(i))
	}
	return out
}

// Draft is the issue to create for a card, by its source as it is at this moment. The
// error says that no twin is wanted of what it is now.
func (e *Engine) Draft(c *Card, source connectors.Issue, to connectors.Container) (connectors.Draft, error) {
	saga := c.Mirror
	rule, ok := e.stillMirrorable(c, source)
	if !ok || saga == nil || RuleKey(rule) != saga.Rule {
		return connectors.Draft{}, fmt.Errorf("draft the twin of %s: no rule asks for it any more", source.Key)
	}
	title, body, _ := e.Rules.MirrorText(rule, source, to)
	return connectors.Draft{Op: saga.ID, Container: saga.Container, Title: title, Body: body, Marker: saga.Mark}, nil
}

// stillMirrorable is Mirrorable for what a source is by now, whatever was read of it
// before.
func (e *Engine) stillMirrorable(c *Card, now connectors.Issue) (mapping.PairRule, bool) {
	s := c.only()
	if s == nil {
		return mapping.PairRule{}, false
	}
	fresh := c.clone()
	fresh.Mirror, fresh.Sides[*s].Issue = nil, now
	if v, opinion := e.lens(c).Back(*s, kanban.FieldStatus, e.Rules.Native(now, kanban.FieldStatus), c.Status.Agreed); opinion == kanban.Says {
		fresh.Status.Agreed = v
	}
	rule, _, ok := e.Mirrorable(&fresh)
	return rule, ok
}
