package runner

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/store"
)

// linksOf reads the remote links of the Jira issues in question where that was not
// done yet: they are the strongest evidence and may name somebody else.
func (r *Runner) linksOf(ctx context.Context, evidence []mapping.Mention) (complete bool, err error) {
	for _, m := range evidence {
		rows, err := r.Store.IssueByKey(ctx, m.Jira)
		if err != nil {
			return false, err
		}
		for _, row := range rows {
			t, ok := r.tracker(row.Tracker)
			if !ok || row.LinksRead || t.Kind != connectors.Jira || !r.believed(row.Container) {
				continue
			}
			if err := r.readLinksOf(ctx, t, row); err != nil {
				return false, asTracker(err)
			}
		}
	}
	return true, nil
}

// relinked lists the issues that got, lost or changed a remote link by their histories:
// what was read of their links before may be less than there is.
func relinked(events []kanban.Event) (out []store.IssueID) {
	for _, e := range events {
		if slices.ContainsFunc(e.Changes, func(c kanban.Change) bool { return slices.Contains(linkFields(), strings.ToLower(c.Field)) }) {
			out = append(out, store.IssueID{Tracker: e.Tracker, ID: e.Issue})
		}
	}
	return out
}

// linkFields are what Jira calls the field of a history entry that tells of a remote link:
// Cloud and Data Center alike, and Cloud since issues are called work items.
func linkFields() []string { return []string{"remoteissuelink", "remoteworkitemlink"} }

// asTracker lets a tracker's failure pass: the background reader comes again.
func asTracker(err error) error {
	if _, ok := errors.AsType[*connectors.Error](err); ok {
		return nil
	}
	return err
}

// readLinksOf reads and stores the remote links of one issue.
func (r *Runner) readLinksOf(ctx context.Context, t Tracker, row store.IssueRow) error {
	if wait := r.waits(t.Name, linking()); wait != nil {
		return wait
	}
	links, err := t.Links(linking().on(ctx), refOf(row))
	if err == nil {
		r.heard(ctx, t.Name, linking())
	} else {
		r.refused(ctx, err, t.Name, linking())
		if kind := connectors.KindOf(err); kind != connectors.NotFound && kind != connectors.Gone && kind != connectors.Forbidden {
			return err
		}
		links = nil // not to be read: then there is no such evidence
	}
	issue := connectors.Issue{Ref: refOf(row), Kind: connectors.Jira}
	set := store.MentionSet{Tracker: row.Tracker, IssueID: row.ID, Method: string(mapping.RemoteLink)}
	for _, m := range r.Rules().Mentions(issue, links) {
		if m.By == mapping.RemoteLink {
			set.Targets = append(set.Targets, m.GitHub)
		}
	}
	_, err = r.put(ctx, store.Commit{
		Now: r.Now(), Mentions: []store.MentionSet{set},
		LinksRead: []store.LinkReading{{IssueID: store.IssueID{Tracker: row.Tracker, ID: row.ID}, Token: row.Token}},
	})
	return err
}

// later is the moment until which a failure asks for quiet, or at if that comes after.
func later(err error, at time.Time) time.Time {
	if e, ok := errors.AsType[*connectors.Error](err); ok && e.RetryAt.After(at) {
		return e.RetryAt
	}
	return at
}

// refOf is what a tracker is asked with for an issue of the index.
func refOf(row store.IssueRow) connectors.Ref {
	ref := connectors.Ref{Tracker: row.Tracker, ID: row.ID, Key: row.Key, Container: row.Container}
	if _, number, ok := strings.Cut(row.Key, "#"); ok {
		ref.Number, _ = strconv.Atoi(number)
	}
	return ref
}

// linksEvery is the pause of the background reader when nothing is left to read.
const linksEvery = 5 * time.Second

// readLinks reads, in the background, the remote links of unpaired Jira issues that
// a pair rule could find a twin for. It is the only request made per issue.
func (r *Runner) readLinks(ctx context.Context, t Tracker) error {
	for {
		if err := asTracker(r.LinkRound(ctx, t)); err != nil {
			return err
		}
		if err := pause(ctx, min(linksEvery, max(r.Poll, 100*time.Millisecond))); err != nil {
			return err
		}
	}
}

// linkBatch is how many issues the background reader takes at a time.
const linkBatch = 50

// LinkRound reads once the links of all issues whose links were not read yet and
// pairs what they show. An issue whose links cannot be read is left out and tried
// again by a later round; the error is the store's, or that of a tracker that asks
// for quiet.
func (r *Runner) LinkRound(ctx context.Context, t Tracker) error {
	after := ""
	for ctx.Err() == nil {
		rows, err := r.unlinked(ctx, t, after)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return r.offer(ctx)
		}
		for _, row := range rows {
			if err := r.linkOne(ctx, t, row); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].ID
	}
	return ctx.Err()
}

// unlinked lists some issues whose links were not read and could name a twin.
func (r *Runner) unlinked(ctx context.Context, t Tracker, after string) ([]store.IssueRow, error) {
	projects := r.linked()
	if len(projects) == 0 {
		return nil, nil // to the store no project would be all of them
	}
	return r.Store.Unpaired(ctx, t.Name, projects, after, linkBatch)
}

// linkOne reads the links of one issue and pairs what they show.
func (r *Runner) linkOne(ctx context.Context, t Tracker, row store.IssueRow) error {
	id := row.Tracker + " " + row.ID
	if r.links.has(id, r.Now()) {
		return nil
	}
	if err := r.readLinksOf(ctx, t, row); err != nil {
		if asTracker(err) != nil || ctx.Err() != nil || !r.gates.shut(r.Now(), t.Name, linking()).IsZero() {
			return err
		}
		r.Log.DebugContext(ctx, "links of an issue could not be read; trying again later", "tracker", t.Name, "issue", row.Key, "error", err)
		r.links.put(id, later(err, r.Now().Add(setAside)))
		return nil
	}
	row.LinksRead = true
	err := r.again(func() error {
		lone, err := r.matchOne(ctx, row)
		if lone != nil {
			r.missed.add(row)
		}
		return err
	})
	if errors.Is(err, store.ErrStale) {
		r.Log.DebugContext(ctx, "cards of a link are being worked on; they are compared when they are next read", "issue", row.Key)
		return nil
	}
	return err
}

// believed reports whether a pair rule of a project believes remote links.
func (r *Runner) believed(project string) bool {
	return slices.ContainsFunc(r.linked(), func(p string) bool { return strings.EqualFold(p, project) })
}

// linked lists the projects whose pair rules believe remote links.
func (r *Runner) linked() []string {
	var out []string
	rules := r.Rules()
	if rules == nil {
		return nil
	}
	for _, p := range rules.Pairs() {
		if slices.Contains(p.Match, mapping.RemoteLink) {
			out = append(out, p.Jira)
		}
	}
	return out
}
