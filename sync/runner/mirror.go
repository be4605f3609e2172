package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/store"
)

// byMark looks at an issue that Parley's account has made. done says that nothing else
// is to be decided about it now. A mark that a person copied or made up is none.
func (r *Runner) byMark(ctx context.Context, row store.IssueRow, card engine.Card) (done bool, err error) {
	issue, there := issueOf(card, row)
	if !there || !issue.Own {
		return false, nil
	}
	eng := r.Engine()
	mark, proved := eng.Proved(issue)
	if !proved {
		// It may be a mirror whose mark cannot be read yet.
		return r.awaited(ctx, issue)
	}
	rows, err := r.Store.Index(ctx, mark.Source, []string{mark.ID})
	source, known := rows[mark.ID]
	if err != nil || !known {
		return true, err // its source was not read yet: it is nobody else's twin meanwhile
	}
	return true, r.welcome(ctx, source, row, issue)
}

// madeOf joins two issues of which one was made as the twin of the other. That is known
// by its mark, whatever else names them: a twin is told what was agreed, and issues that
// merely met are not.
func (r *Runner) madeOf(ctx context.Context, a, b store.IssueRow) (known bool, err error) {
	for _, row := range [2][2]store.IssueRow{{a, b}, {b, a}} {
		source, twin := row[0], row[1]
		card, err := r.cardNow(ctx, twin)
		if err != nil {
			return false, err
		}
		issue, _ := issueOf(card, twin)
		if mark, proved := r.Engine().Proved(issue); proved && mark.Source == source.Tracker && mark.ID == source.ID {
			return true, r.welcome(ctx, source, twin, issue)
		}
	}
	return false, nil
}

// welcome tells a source of its mirror and makes one card of the two.
func (r *Runner) welcome(ctx context.Context, source, row store.IssueRow, issue connectors.Issue) error {
	if err := r.apply(ctx, source, engine.Sighted{Issue: issue}); err != nil {
		return err
	}
	card, err := r.cardNow(ctx, source)
	if err != nil {
		return err
	}
	switch verdict := r.Engine().Judge(issue, &card); {
	case verdict == mirror.Double:
		return r.double(ctx, source, row, issue)
	case verdict == mirror.Ours && card.ID != row.Card && secondTwin(&card, issue):
		return r.replace(ctx, source, row, issue)
	case verdict == mirror.Ours && card.Paired() && card.ID != row.Card:
		return r.clash(ctx, row.Card, fmt.Sprintf("it was created as the twin of %s, which has found another one meanwhile; close this one", source.Key))
	case verdict != mirror.Ours || card.Paired():
		return nil
	}
	return r.settleTwin(ctx, source, row)
}

// settleTwin makes one card of a source and its mirror.
func (r *Runner) settleTwin(ctx context.Context, source, row store.IssueRow) error {
	parted, err := r.Store.Parted(ctx, store.IssueID{Tracker: source.Tracker, ID: source.ID}, store.IssueID{Tracker: row.Tracker, ID: row.ID})
	if err != nil || parted {
		return err
	}
	if done, err := r.unite(ctx, source, row, engine.HowMirror, row.Card); err != nil || !done {
		return err
	}
	return r.announce(ctx, source)
}

// announce shows a created twin in Jira by a remote link. It is a courtesy: the mark
// is what holds the two together, so that a failure is told and not repeated.
func (r *Runner) announce(ctx context.Context, row store.IssueRow) error {
	card, err := r.cardNow(ctx, row)
	if err != nil || !card.Paired() || !r.Write || card.Mirror == nil || card.Mirror.FirstSent.IsZero() {
		return err
	}
	if err := r.RemoteLink(ctx, card); err != nil {
		r.Log.WarnContext(ctx, "the twin is not shown in Jira as a link", "issue", row.Key, "error", err)
	}
	return nil
}

// unmatched begins to create a twin for an issue that nobody names, where the rules ask for
// one. Everything that could name it has to be read before. planned says that it did.
func (r *Runner) unmatched(ctx context.Context, row store.IssueRow, card engine.Card) (planned bool, err error) {
	rule, source, ok := r.Engine().Mirrorable(&card)
	if !ok {
		return false, nil
	}
	target, ok := r.keeper(rule, source.Other())
	if !ok {
		return false, nil
	}
	whole, err := r.explored(ctx, rule)
	if err != nil {
		return false, err
	}
	if !whole {
		r.missed.add(row)
		return false, nil
	}
	return true, r.apply(ctx, row, engine.Unmatched{Tracker: target})
}

// keeper is the tracker that holds a rule's container of a side.
func (r *Runner) keeper(rule mapping.PairRule, side kanban.Side) (tracker string, ok bool) {
	container := rule.Jira
	if side == kanban.GitHub {
		container = rule.GitHub
	}
	for _, t := range r.Trackers {
		dir, known := r.dirs.of(t.Name)
		if _, creates := t.Tracker.(connectors.Mirrors); !known || !creates || sideOf(t.Kind) != side {
			continue
		}
		if slices.ContainsFunc(dir.Containers, func(c connectors.Container) bool { return c.Key == container }) {
			return t.Name, true
		}
	}
	return "", false
}

// awaited reports whether an issue may be what an open create has made.
func (r *Runner) awaited(ctx context.Context, issue connectors.Issue) (bool, error) {
	sagas, err := r.Store.Creating(ctx)
	if err != nil {
		return false, err
	}
	sagas = slices.DeleteFunc(sagas, func(s mirror.Saga) bool { return s.Tracker != issue.Tracker })
	return mirror.Awaited(engine.Item(issue), sagas), nil
}

// create makes a twin of an issue as it is at this moment. That none is wanted of it any
// more is no failure of a tracker.
func (r *Runner) create(ctx context.Context, t Tracker, q engine.Request) (engine.Created, error) {
	ev := engine.Created{Op: q.Op}
	source, ok := r.tracker(q.Source.Tracker)
	maker, creates := t.Tracker.(connectors.Mirrors)
	if !ok || !creates {
		return ev, &connectors.Error{Kind: connectors.Invalid, Tracker: t.Name, Doing: "create a twin", Message: "this tracker cannot create issues"}
	}
	if wait := r.waits(source.Name, looking()); wait != nil {
		return ev, unsent(wait)
	}
	o, err := source.Read(looking().on(ctx), q.Source)
	if err != nil {
		return ev, unsent(err)
	}
	r.heard(ctx, source.Name, looking())
	card, err := r.cardOf(ctx, source.Name, q.Source.ID)
	if err != nil {
		return ev, unsent(err)
	}
	draft, err := r.Engine().Draft(&card, o.Issue, r.container(t.Name, q.Ref.Container))
	if err != nil {
		ev.Err, ev.Source = unsent(err), &o
		return ev, nil
	}
	if wait := r.waits(t.Name, errandOf(q)); wait != nil {
		return ev, unsent(wait)
	}
	ev.Issue, err = maker.Create(ctx, draft)
	return ev, err
}

// unsent says of a failure that came before the creating request that nothing was made.
func unsent(err error) error {
	e := connectors.Error{Kind: connectors.Transient, Doing: "read what is to be mirrored", Err: err}
	if known, ok := err.(*connectors.Error); ok { //nolint:errorlint // a connector's own, unwrapped
		e = *known
	}
	if e.Kind == connectors.Unknown || e.Kind == connectors.Malformed {
		e.Kind = connectors.Transient
	}
	return &e
}

// container is what is known of a project or repository.
func (r *Runner) container(tracker, key string) connectors.Container {
	dir, _ := r.dirs.of(tracker)
	for _, c := range dir.Containers {
		if c.Key == key {
			return c
		}
	}
	return connectors.Container{Key: key, Public: true} // unknown: the worst is taken for granted
}

// lookUp looks for the mark of a create whose answer nobody heard.
func (r *Runner) lookUp(ctx context.Context, t Tracker, q engine.Request) (engine.Event, error) {
	ev := engine.LookedUp{Op: q.Op, Began: r.Now()}
	maker, creates := t.Tracker.(connectors.Mirrors)
	if !creates {
		return nil, &connectors.Error{Kind: connectors.Invalid, Tracker: t.Name, Doing: "look for a twin", Message: "this tracker cannot create issues"}
	}
	newest, err := r.Store.NewestKey(ctx, t.Name, q.Search.Container)
	if err != nil {
		return nil, err
	}
	q.Search.After = newest
	found, err := maker.Created(ctx, q.Search)
	if err != nil {
		return ev, err
	}
	ev.Issues, err = r.strangers(ctx, found)
	return ev, err
}

// strangers leaves out the issues of Parley's account that carry no proved mark and are
// somebody's twin all the same: of them it is known what they are.
func (r *Runner) strangers(ctx context.Context, found []connectors.Issue) ([]connectors.Issue, error) {
	var out []connectors.Issue
	for _, i := range found {
		if _, proved := r.Engine().Proved(i); !proved {
			card, err := r.cardOf(ctx, i.Tracker, i.ID)
			if err != nil && !errors.Is(err, store.ErrUnknown) {
				return nil, err
			}
			if card.Paired() {
				continue
			}
		}
		out = append(out, i)
	}
	return out, nil
}

// arrived takes in the issues that an answer has brought, as a poll would: that finds
// the card they belong to.
func (r *Runner) arrived(ctx context.Context, ev engine.Event) error {
	var issues []connectors.Issue
	switch ev := ev.(type) {
	case engine.Created:
		if issue, whole := r.wholeOf(ctx, ev); whole {
			issues = []connectors.Issue{issue}
		}
	case engine.Failed:
		if ev.Now != nil {
			return r.resettle(ctx, ev)
		}
	case engine.LookedUp:
		issues = slices.DeleteFunc(slices.Clone(ev.Issues), func(i connectors.Issue) bool { return i.Marker == "" })
	}
	for _, i := range issues {
		if err := r.arrive(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// wholeOf is an issue just created, as its tracker shows it. Jira answers with its key
// alone: what is not known of it must not be taken for what it shows. Where it cannot be
// read the next poll brings it.
func (r *Runner) wholeOf(ctx context.Context, ev engine.Created) (connectors.Issue, bool) {
	if ev.Err != nil || !ev.Issue.Updated.IsZero() {
		return ev.Issue, ev.Err == nil
	}
	t, ok := r.tracker(ev.Issue.Tracker)
	if !ok {
		return connectors.Issue{}, false
	}
	if !r.may(t.Name, looking()) {
		return connectors.Issue{}, false
	}
	o, err := t.Read(looking().on(ctx), ev.Issue.Ref)
	if err != nil {
		r.refused(ctx, err, t.Name, looking())
		r.Log.DebugContext(ctx, "a twin just created cannot be read yet", "issue", ev.Issue.Key, "error", err)
	}
	return o.Issue, err == nil
}

func (r *Runner) arrive(ctx context.Context, i connectors.Issue) error {
	t, ok := r.tracker(i.Tracker)
	if !ok {
		return nil
	}
	page := []connectors.Observation{{Issue: i, Since: connectors.NoHistory}}
	changed, err := r.changed(ctx, page)
	if err != nil {
		return err
	}
	// What is known already changes by polls alone: they bring the history along, and
	// would take the picture for seen.
	unknown := slices.DeleteFunc(changed, func(o observed) bool { return o.row.Card != "" })
	if err := r.ingest(ctx, t, unknown); err != nil {
		return err
	}
	_, err = r.match(ctx, t, page) // one issue; the next page is judged with it
	return err
}

// issueOf is the issue of a card that an index row is about.
func issueOf(c engine.Card, row store.IssueRow) (connectors.Issue, bool) {
	for _, s := range c.Sides {
		if s != nil && s.Issue.Tracker == row.Tracker && s.Issue.ID == row.ID {
			return s.Issue, true
		}
	}
	return connectors.Issue{}, false
}
