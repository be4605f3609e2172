package remark

import (
	"time"

	"parley/connectors"
	"parley/sync/mirror"
)

// Kind says what a Request asks for.
type Kind string

// Kinds of requests.
const (
	Post   Kind = "post"
	LookUp Kind = "look-up" // all comments that may be the one whose answer nobody heard
	Read   Kind = "read"    // the comment, before it is changed and after
	Edit   Kind = "edit"
	Delete Kind = "delete"
	Follow Kind = "follow" // the comment is there: what was to follow may
)

// Request is the one thing to do next.
type Request struct {
	Kind   Kind
	Issue  connectors.Ref
	ID     string                   // of the comment
	Draft  connectors.CommentDraft  // Post, Edit
	Search connectors.CommentSearch // LookUp
	Then   string                   // Follow
}

// Next gives the request to send now, nil where there is none; wake is when to ask again,
// zero for not before something else happens. The Remark must be stored before the
// request leaves.
func (m Machine) Next(r Remark, now time.Time) (next Remark, ask *Request, wake time.Time) {
	m.permit(&r, now)
	if !r.Open() {
		return r, nil, time.Time{}
	}
	if !r.Post.State.Linked() {
		return m.posting(r, now)
	}
	return m.changing(r, now)
}

// permit holds what may not be sent and lets go what may; one that is not wanted and
// cannot have left is over.
func (m Machine) permit(r *Remark, now time.Time) {
	if r.Retract && !r.Post.State.Linked() && r.Gone.IsZero() {
		given := r.Post
		given.Suspects = nil
		if s, ok := mirror.Cancel(given, "not wanted any more", now); ok {
			r.Post, r.Gone = s, now
			return
		}
	}
	switch hold := !m.Write && !r.Post.Approved || r.Post.Suspended(); {
	case hold && r.Post.State == mirror.Planned:
		r.Post = mirror.Hold(r.Post, r.Post.Problem)
	case !hold && r.Post.State == mirror.Held:
		r.Post = mirror.Release(r.Post, now)
	}
}

// posting goes on with a comment that is not known to be there.
func (m Machine) posting(r Remark, now time.Time) (Remark, *Request, time.Time) {
	if r.Post.State != mirror.Planned && r.Post.State != mirror.Unknown {
		return r, nil, time.Time{}
	}
	if r.Post = mirror.Redated(r.Post, time.Unix(0, 0).UTC(), now); r.Post.NextAt.After(now) {
		return r, nil, r.Post.NextAt
	}
	q := &Request{Kind: LookUp, Issue: r.Issue, Search: connectors.CommentSearch{Issue: r.Issue, Fresh: true}}
	if r.Post.State == mirror.Unknown {
		q.Search.Since = r.Post.FirstSent.Add(-m.Slack)
		return r, q, time.Time{}
	}
	if !r.Sought {
		return r, q, time.Time{}
	}
	sent, ok := m.Send(r.Post, m.Epoch, now)
	if !ok {
		return r, nil, time.Time{}
	}
	r.Post, r.Sent = sent, reading(r.draft().Text())
	return r, &Request{Kind: Post, Issue: r.Issue, Draft: r.draft()}, time.Time{}
}

// changing goes on with a comment that is there.
func (m Machine) changing(r Remark, now time.Time) (Remark, *Request, time.Time) {
	if r.Written == r.Version && !r.Retract {
		return r, &Request{Kind: Follow, Issue: r.Issue, ID: r.ID(), Then: r.Then}, time.Time{}
	}
	if r.Change.State == mirror.Sending || !m.Write && !r.Post.Approved {
		return r, nil, time.Time{}
	}
	if r.Change.SentAt.After(now.Add(mirror.ClockSlack)) {
		r.Change.SentAt, r.Change.NextAt = now, now
	}
	if r.Change.NextAt.After(now) {
		return r, nil, r.Change.NextAt
	}
	q := &Request{Kind: Read, Issue: r.Issue, ID: r.ID()}
	if r.Change.State == mirror.Unknown || !r.Change.Checked {
		return r, q, time.Time{}
	}
	r.Change.State, r.Change.Checked = mirror.Sending, false
	r.Change.Version, r.Change.SentAt, r.Change.Epoch = r.Version, now, m.Epoch
	if q.Kind = Delete; !r.Retract {
		q.Kind, q.Draft = Edit, r.draft()
		r.Change.Sent = reading(q.Draft.Text())
		q.Draft.Audience = r.Change.Audience
	}
	return r, q, time.Time{}
}

// Resume is what a new start, or a new owner, makes of a comment: what was being sent may
// have arrived or may yet.
func (m Machine) Resume(r Remark, now time.Time) Remark {
	r.Post = mirror.Resume(r.Post, now)
	if r.Change.State == mirror.Sending {
		r.Change.State, r.Change.NextAt = mirror.Unknown, now
	}
	return r
}
