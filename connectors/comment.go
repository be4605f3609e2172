package connectors

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// Audience says who may read a comment. Its zero value is everybody who may read the
// issue; everything else is for fewer.
type Audience struct {
	Internal bool   `json:"internal,omitempty"` // Jira Service Management: the agents, not the customers
	Role     string `json:"role,omitempty"`     // Jira: members of this project role, by its name
	Group    string `json:"group,omitempty"`    // Jira: members of this group, by its name
	ID       string `json:"id,omitempty"`       // Jira Cloud: immutable id of the role or group, which a rename keeps
}

// Public reports whether everybody reads the comment who may read the issue.
func (a Audience) Public() bool { return a == Audience{} }

// String names the audience for people.
func (a Audience) String() string {
	switch {
	case a.Public():
		return "everybody who sees the issue"
	case a.Internal:
		return "agents only"
	case a.Role != "":
		return "role " + a.Role
	}
	return "group " + a.Group
}

// Comment is a comment on an issue as the tracker showed it.
type Comment struct {
	ID     string
	Issue  Ref
	Author Person // of a deleted account, nobody
	Own    bool   // made with the account Parley itself uses
	Member bool   // GitHub: the author is an owner, a member or a collaborator there
	Robot  bool   // the author is a program, as far as the tracker says
	// Body is the text as people read it: of Parley's own comments what was sent, of
	// others' as plain as it can be told. A mention in it is a name and nothing more.
	Body     string
	Audience Audience
	Created  time.Time
	Updated  time.Time // the last edit; Created where there was none
	Marker   string    // Parley's mark as it stands in the comment, unverified; "" where there is none
	Folded   bool      // GitHub: somebody has minimized it
	URL      string    // for people, "" where the tracker gives none
}

// Edited reports whether somebody changed the text since it was posted.
func (c Comment) Edited() bool { return c.Updated.After(c.Created) }

// CommentDraft is a comment to be posted. The marker is part of the creating request, so
// that there is no moment in which the comment exists without it.
type CommentDraft struct {
	Op       string // id of the operation it belongs to
	Issue    Ref
	Body     string // plain text: mentions, references, commands and markup in it do nothing
	Links    []Link // shown below the body, one a line; the only ones that can be followed
	Audience Audience
	Marker   string
}

// CommentEdit replaces the text of a comment of Parley's own and keeps everything else:
// the audience and the marker have to be those that it has.
type CommentEdit struct {
	CommentDraft

	ID string
}

// CommentSearch asks for the comments of an issue.
type CommentSearch struct {
	Issue Ref
	Since time.Time // posted or edited at or after this moment of the tracker's clock; zero: all
	// Fresh leaves out what was posted before Since and edited after it. That spares
	// Jira, which has no such question, the older pages.
	Fresh bool
}

// Comments is what a tracker offers beyond Tracker for the comments of its issues. All
// methods are safe for concurrent use; every failure is an *Error.
type Comments interface {
	// ListComments reads the comments that the account may see, oldest first, by reads
	// that do not lag where the tracker offers such. One that cannot be understood fails
	// the call: it could be the one that is looked for.
	ListComments(ctx context.Context, s CommentSearch) ([]Comment, error)
	// ReadComment is a strong read of one comment.
	ReadComment(ctx context.Context, issue Ref, id string) (Comment, error)
	// PostComment posts a comment in one request. An Error of kind Unknown means that it
	// may or may not exist; one of kind Invalid that it cannot be posted for this
	// audience: it is never posted for a wider one.
	PostComment(ctx context.Context, d CommentDraft) (Comment, error)
	// EditComment replaces the text of a comment. Repeating it changes nothing more.
	EditComment(ctx context.Context, e CommentEdit) (Comment, error)
	// DeleteComment deletes a comment; that it is gone already is no failure.
	DeleteComment(ctx context.Context, issue Ref, id string) error
}

// MaxComment bounds the text of a draft with its links, in characters: so much fits into
// the forms of every tracker, however it has to be written there.
const MaxComment = 5000

// Check says what keeps a draft from being sent to any tracker, in plain words.
func (d CommentDraft) Check() error {
	length := len([]rune(d.Body))
	for _, l := range d.Links {
		if err := checkCommentLink(l); err != nil {
			return err
		}
		length += len([]rune(l.Title)) + len(l.URL)
	}
	switch {
	case strings.TrimSpace(d.Body) == "":
		return errors.New("a comment needs a text")
	case length > MaxComment:
		return fmt.Errorf("a comment of Parley has at most %d characters, this has %d", MaxComment, length)
	case !IsMarker(d.Marker):
		return errors.New("the draft has no mark that can be written")
	case d.Audience.Role != "" && d.Audience.Group != "":
		return errors.New("a comment is for a role or for a group, not for both")
	case d.Audience.ID != "" && d.Audience.Role == "" && d.Audience.Group == "":
		return errors.New("the audience has an id and is neither a role nor a group")
	}
	return nil
}

func checkCommentLink(l Link) error {
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return errors.New("a link of a comment needs a web address")
	}
	if strings.ContainsFunc(l.URL, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>[]|\\\"'`{}", r) }) {
		return errors.New("the address of a link holds characters that would end it; write them as %XX")
	}
	if strings.TrimSpace(l.Title) == "" || strings.ContainsAny(l.Title, "\r\n") {
		return errors.New("a link of a comment needs a title of one line")
	}
	return nil
}

// Text is what a reader of the comment sees: the body, and the titles of its links.
func (d CommentDraft) Text() string {
	return d.Lines("\n", func(s string) string { return s }, func(l Link) string { return l.Title })
}

// Lines puts a draft together, its links below the body with something between them, each
// part as a tracker wants it written.
func (d CommentDraft) Lines(between string, body func(string) string, link func(Link) string) string {
	links := make([]string, len(d.Links))
	for i, l := range d.Links {
		links[i] = link(l)
	}
	if len(links) == 0 {
		return body(d.Body)
	}
	return body(d.Body) + "\n\n" + strings.Join(links, between)
}

// SameText reports whether two texts read the same: trackers change the ends of lines,
// the number of spaces and what cannot be seen.
func SameText(a, b string) bool { return Reading(a) == Reading(b) }

// Reading is a text without what trackers change in it: see SameText.
func Reading(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
