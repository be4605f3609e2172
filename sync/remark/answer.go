package remark

import (
	"errors"
	"time"

	"parley/connectors"
	"parley/sync/mirror"
)

// Event is what came of a request.
type Event interface {
	apply(m Machine, r *Remark, now time.Time)
}

// Take takes an event in.
func (m Machine) Take(r Remark, ev Event, now time.Time) Remark {
	ev.apply(m, &r, now)
	return r
}

// PostAnswered is the answer to Post.
type PostAnswered struct {
	Comment connectors.Comment
	Err     error
}

func (a PostAnswered) apply(m Machine, r *Remark, now time.Time) {
	if a.Err == nil {
		r.Post = mirror.Created(r.Post, a.Comment.ID, now)
		r.left(a.Comment)
		r.guard(a.Comment)
		return
	}
	text := words(a.Err)
	switch connectors.KindOf(a.Err) {
	case connectors.Invalid, connectors.Forbidden, connectors.NotFound, connectors.Gone, connectors.Moved:
		r.Post, r.Problem = mirror.Refused(r.Post, text, now), text
	case connectors.RateLimit, connectors.Auth, connectors.Transient, connectors.Conflict:
		r.Post = mirror.Postponed(r.Post, text, later(a.Err, r.Post.Attempts, now))
	default: // it may have been posted
		r.Post = mirror.Unanswered(r.Post, text, now)
	}
}

// LookedUp is the answer to LookUp.
type LookedUp struct {
	Comments []connectors.Comment
	Began    time.Time // when the look-up began, by our clock
	Err      error
}

func (l LookedUp) apply(m Machine, r *Remark, now time.Time) {
	if l.Err != nil {
		r.Post.Looks++
		r.Post.Problem, r.Post.NextAt = words(l.Err), later(l.Err, r.Post.Looks, now)
		if r.Sought && connectors.KindOf(l.Err) == connectors.Gone { // and with the issue whatever was posted
			r.vanish(now)
			r.Problem = words(l.Err)
			return
		}
		if !r.Sought && (final(l.Err) || connectors.KindOf(l.Err) == connectors.NotFound && r.Post.Looks > notFoundTries) { // nothing was sent, and nothing can be
			r.Post.State, r.Post.Closed, r.Problem = mirror.Rejected, now, words(l.Err)
		}
		return
	}
	linked := r.Post.State.Linked()
	r.Sought = true
	r.Post = m.Looked(r.Post, m.items(r, l.Comments), l.Began, now)
	if r.Post.Suspended() {
		r.Problem = "nobody knows whether the comment was posted; one of Parley's account without a valid mark has appeared since. If it is not the one, let it be posted again"
	}
	if linked || !r.Post.State.Linked() {
		return
	}
	for _, c := range l.Comments {
		if c.ID == r.Post.Issue {
			r.meet(c)
			r.guard(c)
		}
	}
}

// items are the comments that may be the one. An own comment without a mark is another
// one, unless somebody may have taken the mark away: it was edited, or says the same.
func (m Machine) items(r *Remark, found []connectors.Comment) []mirror.Item {
	var out []mirror.Item
	for _, c := range found {
		if !c.Own || c.Marker == "" && !c.Edited() && reading(c.Body) != r.Sent {
			continue
		}
		out = append(out, mirror.Item{Issue: c.ID, Container: place(r.Issue), Mark: c.Marker, Own: c.Own, Created: c.Created})
	}
	return out
}

// left notes how the comment looks now that Parley has written it, or met it.
func (r *Remark) left(c connectors.Comment) {
	r.Shown = shownAs(c)
	if r.Written = 0; r.Shown.Text == reading(r.draft().Text()) && !r.Retract {
		r.Written = r.Version
	}
}

// meet is left for a comment that was found. One that was edited and says neither what is
// wanted nor what was posted has a person's words in it: Parley never left it like that.
func (r *Remark) meet(c connectors.Comment) {
	r.left(c)
	if c.Edited() && r.Written == 0 && r.Shown.Text != r.Sent && r.Shown.Text != reading(r.draft().Text()) {
		r.Shown = Shown{}
	}
}

// guard takes a comment back that more people can read than it is meant for.
func (r *Remark) guard(c connectors.Comment) {
	if !wider(c.Audience, r.Audience) || r.Retract {
		return
	}
	r.Retract, r.Then = true, ""
	r.Version++
	r.Problem = "the tracker showed it to more people than it is for (" + r.Audience.String() + "); it is deleted"
}

// wider reports whether a comment is shown to people whom another audience leaves out.
func wider(shown, meant connectors.Audience) bool {
	return meant.Internal && !shown.Internal || meant.Role != "" && shown.Role == "" || meant.Group != "" && shown.Group == ""
}

// ReadAnswered is the answer to Read.
type ReadAnswered struct {
	Comment connectors.Comment
	Began   time.Time // when the read began, by our clock
	Err     error
}

func (a ReadAnswered) apply(m Machine, r *Remark, now time.Time) {
	switch {
	case a.Err != nil && connectors.KindOf(a.Err) == connectors.Gone && !a.Began.Before(r.Post.Closed.Add(m.Visible+time.Second)):
		r.vanish(now)
	case a.Err != nil: // one that was posted just now may not be shown yet
		r.retry(a.Err, now)
	case r.Change.State == mirror.Unknown:
		m.resolve(r, a, now)
	default:
		r.check(a.Comment, now)
	}
}

// vanish notes that the comment is not there any more.
func (r *Remark) vanish(now time.Time) {
	r.Gone, r.Change = now, Change{}
	if !r.Retract {
		r.Then, r.Problem = "", "somebody has deleted the comment, or shows it to others only; it is not posted again"
	}
}

// errOlder is a read that comes from before Parley's own last edit.
var errOlder = errors.New("the tracker shows the comment as it was before Parley edited it")

// check decides whether the comment may be changed: it is as Parley has left it.
func (r *Remark) check(c connectors.Comment, now time.Time) {
	switch {
	case r.edited(c) && c.Updated.Before(r.Shown.Updated):
		r.retry(errOlder, now)
	case r.edited(c):
		r.refuse("somebody has edited the comment; it is left as it is")
	case wider(c.Audience, r.Audience) && !r.Retract:
		r.refuse("somebody shows the comment to more people than it is for (" + r.Audience.String() + "); nothing more is written there")
	default:
		r.Change.Checked, r.Change.Audience = true, c.Audience
	}
}

// edited reports whether a person has changed the text since Parley wrote it.
func (r *Remark) edited(c connectors.Comment) bool {
	text := reading(c.Body)
	return text != r.Shown.Text && text != r.Change.Sent && !c.Updated.Equal(r.Shown.Updated)
}

func (r *Remark) refuse(why string) {
	r.Problem = why
	r.Change = Change{Refused: r.Version}
	r.Then = ""
}

// resolve finds out what became of a change whose answer nobody heard. Before that no
// other text may be sent: the one before could arrive later.
func (m Machine) resolve(r *Remark, a ReadAnswered, now time.Time) {
	edit := !r.Retract || r.Change.Version != r.Version
	landed := edit && reading(a.Comment.Body) == r.Change.Sent
	over := !a.Began.Before(r.Change.SentAt.Add(m.Late + m.Visible + time.Second))
	if landed {
		r.Shown, r.Written = shownAs(a.Comment), r.Change.Version
		r.guard(a.Comment)
	}
	if landed || over || r.Retract { // with the comment goes whatever arrives
		r.Change = Change{NextAt: now, Sent: r.Change.Sent, Tries: r.Change.Tries}
		return
	}
	r.Change.Tries++
	r.Change.NextAt = now.Add(wait(r.Change.Tries))
}

// ChangeAnswered is the answer to Edit, with the comment, and to Delete.
type ChangeAnswered struct {
	Comment connectors.Comment
	Err     error
}

func (a ChangeAnswered) apply(m Machine, r *Remark, now time.Time) {
	if r.Change.State != mirror.Sending {
		return
	}
	kind := connectors.KindOf(a.Err)
	switch {
	case a.Err == nil && r.Retract && r.Change.Version == r.Version, a.Err != nil && kind == connectors.Gone:
		r.vanish(now)
	case a.Err == nil:
		r.Shown, r.Written, r.Problem = shownAs(a.Comment), r.Change.Version, ""
		r.Change = Change{NextAt: now}
		r.guard(a.Comment)
	case kind == connectors.Invalid || kind == connectors.Forbidden || kind == connectors.Moved:
		r.Change.Refused, r.Problem = r.Change.Version, words(a.Err)
		r.Change.State = ""
	case kind == connectors.Unknown || kind == connectors.Malformed:
		r.Change.State, r.Problem = mirror.Unknown, words(a.Err)
		r.Change.NextAt = now.Add(wait(r.Change.Tries))
		r.Change.Tries++
	default:
		r.Change.State = ""
		r.retry(a.Err, now)
	}
}

// Followed says that what was to follow is done.
type Followed struct{}

func (Followed) apply(_ Machine, r *Remark, _ time.Time) { r.Then = "" }

// retry tries again later.
func (r *Remark) retry(err error, now time.Time) {
	r.Change.Tries++
	r.Change.Checked, r.Problem = false, words(err)
	r.Change.NextAt = later(err, r.Change.Tries, now)
}

// notFoundTries is how often an issue that is not found is looked for: it may be hidden for
// a while.
const notFoundTries = 6

// final reports whether asking again would not help.
func final(err error) bool {
	switch connectors.KindOf(err) {
	case connectors.Invalid, connectors.Forbidden, connectors.Gone, connectors.Moved:
		return true
	}
	return false
}

// seldom is how often something is tried that is refused time and again.
const seldom = 10 * time.Minute

// later is when to try again after the n-th failure.
func later(err error, n int, now time.Time) time.Time {
	at := now.Add(wait(n))
	if n > notFoundTries && (final(err) || connectors.KindOf(err) == connectors.NotFound) {
		at = now.Add(seldom)
	}
	if e, ok := errors.AsType[*connectors.Error](err); ok && e.RetryAt.After(at) {
		at = e.RetryAt
	}
	return at
}

// wait is how long to wait after the n-th try: 1, 2, 4, … 60 s.
func wait(n int) time.Duration {
	if n >= 6 {
		return time.Minute
	}
	return time.Second << max(n, 0)
}

func words(err error) string {
	e, ok := errors.AsType[*connectors.Error](err)
	if !ok {
		return err.Error()
	}
	if e.Hint != "" {
		return e.Error() + "; " + e.Hint
	}
	return e.Error()
}
