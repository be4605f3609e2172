// Package remark keeps one comment of Parley's own on an issue: posted at most once,
// edited until it says what is wanted, deleted when it is not wanted any more.
//
// Posting is the create saga of package mirror: the moment of sending is stored before
// the request leaves, and without an answer the mark is looked for until no request can
// take effect or stay hidden any more. The text is a register that is written again until
// the tracker shows it, but never over what a person has made of the comment. The
// audience is never widened.
//
// The package is pure: a Remark and what happened in, a Remark and the one request to send
// next out. Every step is to be stored before the next one is taken.
package remark

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"parley/connectors"
	"parley/sync/mirror"
)

// Remark is everything that has to be remembered of one comment. There is one for a key.
type Remark struct {
	Key      string              `json:"key"` // names the comment for whoever asks for it
	Issue    connectors.Ref      `json:"issue"`
	Audience connectors.Audience `json:"audience"`
	Body     string              `json:"body"` // that is wanted, plain text
	Links    []connectors.Link   `json:"links,omitempty"`
	Reason   string              `json:"reason,omitempty"` // why it is posted, in plain words
	Then     string              `json:"then,omitempty"`   // what the asker does once the comment is there; "" when that is done

	Post    mirror.Saga `json:"post"`              // its Issue is the comment's id
	Sought  bool        `json:"sought,omitempty"`  // it was looked for before it was posted: a lost store forgets, the issue does not
	Sent    string      `json:"sent,omitempty"`    // what was posted last; see reading
	Version int64       `json:"version"`           // of what is wanted; grows with every change of mind
	Written int64       `json:"written,omitempty"` // version that the comment shows
	Retract bool        `json:"retract,omitempty"` // no comment is wanted any more
	Change  Change      `json:"change,omitzero"`
	Shown   Shown       `json:"shown,omitzero"`
	Gone    time.Time   `json:"gone,omitzero"`     // when it was found, or made, not to be there any more
	Problem string      `json:"problem,omitempty"` // what stands in the way, in plain words

	// Lock is the store's version of the row this was loaded from; a commit on another
	// version is refused. Zero means that it is new.
	Lock int64 `json:"-"`
}

// Change is the edit or deletion of a comment that is under way.
type Change struct {
	State    mirror.State        `json:"state,omitempty"` // "", sending or unknown
	Version  int64               `json:"version,omitempty"`
	Checked  bool                `json:"checked,omitempty"` // the comment was read and is as Parley left it
	Audience connectors.Audience `json:"audience,omitzero"` // that it was seen to have
	SentAt   time.Time           `json:"sent_at,omitzero"`  // by the store's clock
	NextAt   time.Time           `json:"next_at,omitzero"`  // not before
	Tries    int                 `json:"tries,omitempty"`   // failures in a row
	Epoch    int64               `json:"epoch,omitempty"`   // of the lease under which it was sent
	Sent     string              `json:"sent,omitempty"`    // text of the last edit; see reading
	Refused  int64               `json:"refused,omitempty"` // version that is not written: refused, or a person's words stand there
}

// Shown is how the comment looked when Parley last left it.
type Shown struct {
	Updated time.Time `json:"updated,omitzero"`
	Text    string    `json:"text,omitempty"` // see reading
}

// Wish asks for a comment.
type Wish struct {
	Key      string // the same key is the same comment, for ever; at most MaxKey bytes
	Issue    connectors.Ref
	Body     string
	Links    []connectors.Link
	Audience connectors.Audience
	Reason   string
	Then     string
}

// MaxKey bounds a key, in bytes.
const MaxKey = 200

// State is where a comment stands, for people.
type State string

// States of a comment.
const (
	Waiting  State = "waiting"  // decided, not sent yet
	Held     State = "held"     // it waits for permission
	Sending  State = "sending"  // a request is under way
	Unknown  State = "unknown"  // it is not known what became of a request; it is looked up
	Posted   State = "posted"   // it shows what is wanted
	Editing  State = "editing"  // it is there and shows something else yet
	Refused  State = "refused"  // the tracker, or what a person wrote, stands in the way
	Deleted  State = "deleted"  // no comment is wanted, and none is there
	Vanished State = "vanished" // somebody deleted or hid it; it is not posted again
)

// State tells where the comment stands.
func (r *Remark) State() State {
	switch {
	case !r.Gone.IsZero() && r.Retract:
		return Deleted
	case !r.Gone.IsZero():
		return Vanished
	case r.Post.State == mirror.Held:
		return Held
	case r.Post.State == mirror.Rejected || r.Change.Refused == r.Version:
		return Refused
	case r.Post.State == mirror.Sending || r.Change.State == mirror.Sending:
		return Sending
	case r.Post.State == mirror.Unknown || r.Change.State == mirror.Unknown:
		return Unknown
	case !r.Post.State.Linked():
		return Waiting
	case r.Written != r.Version:
		return Editing
	}
	return Posted
}

// Open reports whether something is still to be done about the comment.
func (r *Remark) Open() bool {
	switch r.State() {
	case Deleted, Vanished, Refused:
		return false
	case Posted:
		return r.Then != ""
	}
	return true
}

// ID is the comment's id at the tracker, "" where none is known.
func (r *Remark) ID() string {
	if !r.Post.State.Linked() {
		return ""
	}
	return r.Post.Issue
}

// Wanted stands for what is wanted now: the same text asked for anew is another one.
func (r *Remark) Wanted() string {
	if r.Retract {
		return fmt.Sprintf("v%d deleted", r.Version)
	}
	return fmt.Sprintf("v%d %s for %s", r.Version, reading(r.draft().Text()), r.Audience)
}

// place is what the mark of a comment is bound to: a copy elsewhere proves nothing.
func place(issue connectors.Ref) string { return "comments of " + issue.Tracker + "/" + issue.ID }

// source is what a mark names instead of the key, which is nobody's business.
const source = "comment"

func sourceID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// Machine holds what the rules are made with.
type Machine struct {
	mirror.Machine

	Write bool  // false: everything new waits for permission
	Epoch int64 // of the lease that the next request is sent under
}

// New begins a comment. id names the operation. The error says what cannot be posted
// anywhere.
func (m Machine) New(w Wish, id string, now time.Time) (Remark, error) {
	r := Remark{Key: w.Key, Issue: w.Issue, Audience: w.Audience, Body: w.Body, Links: w.Links, Reason: w.Reason, Then: w.Then, Version: 1}
	if w.Key == "" || len(w.Key) > MaxKey || w.Issue.Tracker == "" || w.Issue.ID == "" {
		return r, fmt.Errorf("a comment needs a key of at most %d bytes, and an issue", MaxKey)
	}
	if len(m.Keys) == 0 {
		return r, errors.New("there is no key to mark comments with; set sync.marker_key")
	}
	r.Post = m.Plan(mirror.Saga{ID: id, Reason: w.Reason, Source: source, SourceID: sourceID(w.Key), Tracker: w.Issue.Tracker, Container: place(w.Issue)}, false, now)
	return r, r.draft().Check()
}

// errEnded says that the comment's story is over.
var errEnded = errors.New("no comment is wanted under this key any more; use another one")

// Rewrite asks for another text.
func (m Machine) Rewrite(r Remark, body string, links []connectors.Link, now time.Time) (Remark, error) {
	next := r
	next.Body, next.Links = body, links
	if err := next.draft().Check(); err != nil {
		return r, err
	}
	if r.Retract || !r.Gone.IsZero() {
		return r, errEnded
	}
	if connectors.SameText(r.draft().Text(), next.draft().Text()) && sameLinks(r.Links, links) {
		return r, nil
	}
	next.want(now)
	return next, nil
}

func sameLinks(a, b []connectors.Link) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Withdraw asks for the comment to be deleted. One that was never sent is never posted.
func (m Machine) Withdraw(r Remark, now time.Time) Remark {
	if r.Retract {
		return r
	}
	r.Retract, r.Then = true, ""
	r.want(now)
	return r
}

// want notes that something else is wanted now.
func (r *Remark) want(now time.Time) {
	r.Version++
	r.Post.Approved = false                                    // of what was wanted before
	r.Problem, r.Change.Checked, r.Change.Tries = "", false, 0 // the tracker's wish for quiet stands
	if r.Post.State == mirror.Rejected && !r.Retract {
		r.Post = mirror.Release(r.Post, now)
	}
}

// Allow lets a comment go that waits for permission, also where it may be there without
// its mark: a person says that it is not.
func (m Machine) Allow(r Remark, now time.Time) Remark {
	r.Post.Approved = true
	r.Post = mirror.Release(r.Post, now)
	r.Problem = ""
	return r
}

func (r *Remark) draft() connectors.CommentDraft {
	return connectors.CommentDraft{Op: r.Post.ID, Issue: r.Issue, Body: r.Body, Links: r.Links, Audience: r.Audience, Marker: r.Post.Mark}
}

// reading tells a text from another one by how it reads, and keeps none of its words.
func reading(text string) string {
	sum := sha256.Sum256([]byte(connectors.Reading(text)))
	return hex.EncodeToString(sum[:8])
}

func shownAs(c connectors.Comment) Shown { return Shown{Updated: c.Updated, Text: reading(c.Body)} }
