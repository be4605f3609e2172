// Package challenge keeps the life of one question that IT puts to the business about a
// card: asked, carried to the issue in Jira, answered, the answer carried back, concluded.
//
// The package is pure. What happened comes in, in whatever order the trackers show it and
// however often; what a comment of Parley's has to say comes out. Words are registers by the
// moment of their last edit, so that an older picture of a comment never replaces a newer
// one. Posting, editing and deleting is for package remark.
package challenge

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
)

// Outcome is what became of what a question was about.
type Outcome string

// Outcomes of a question.
const (
	Kept      Outcome = "kept"      // the request stays as it is
	Reshaped  Outcome = "reshaped"  // another request came of it
	Withdrawn Outcome = "withdrawn" // the question, or what it was about, is not wanted any more
)

// Stage is how far a question is.
type Stage string

// Stages of a question.
const (
	Waiting   Stage = "waiting"   // asked; the business does not have it yet
	Open      Stage = "open"      // the business has it, and has the turn
	Answered  Stage = "answered"  // the turn is IT's again
	Concluded Stage = "concluded" // nothing more crosses
)

// Source is the comment that says something. Of what was said on the board Comment is the
// id of that request and everything else is empty.
type Source struct {
	Issue   connectors.Ref `json:"issue,omitzero"`
	Comment string         `json:"comment"`
}

// Board reports whether it was said on the board or by a command.
func (s Source) Board() bool { return s.Issue.Tracker == "" }

// same tells one comment from another. A key may change, an id of a comment never does.
func (s Source) same(o Source) bool {
	return s.Issue.Tracker == o.Issue.Tracker && s.Comment == o.Comment
}

// Word is something that was asked or answered. The text of one that was taken back is "".
type Word struct {
	Source Source    `json:"source"`
	Text   string    `json:"text,omitempty"`
	Who    string    `json:"who,omitempty"`  // account, or name on the board; it crosses nowhere
	Name   string    `json:"name,omitempty"` // of the account, in the tracker's words
	At     time.Time `json:"at"`             // when it was said first
	Edited time.Time `json:"edited"`         // when it was said so
	Gone   bool      `json:"gone,omitempty"`
}

// End is how a question came to its end.
type End struct {
	Outcome Outcome      `json:"outcome"`
	Source  Source       `json:"source"`
	Who     string       `json:"who,omitempty"`
	By      kanban.Party `json:"by,omitempty"`
	At      time.Time    `json:"at"`
}

// Question is everything that has to be remembered of one question. Its zero End.Outcome
// means that it goes on.
type Question struct {
	ID       string        `json:"id"` // for ever
	Card     kanban.CardID `json:"card"`
	Asked    Word          `json:"asked"`
	Due      string        `json:"due,omitempty"` // day by whose end the contract expects an answer, in words
	Put      time.Time     `json:"put,omitzero"`  // since when the business has it
	Answers  []Word        `json:"answers,omitempty"`
	End      End           `json:"end,omitzero"`
	Problem  string        `json:"problem,omitempty"`   // why it is not carried, in plain words
	Kept     string        `json:"kept_back,omitempty"` // why the answer is not carried back, in plain words
	Look     Look          `json:"look,omitzero"`
	Settled  bool          `json:"settled,omitempty"` // it is concluded, and every comment says so
	Blank    bool          `json:"blank,omitempty"`   // its words are not kept any more
	Recorded time.Time     `json:"recorded"`          // when it came to be known

	// Lock is the store's version of the row this was loaded from; a commit on another
	// version is refused. Zero means that it is new.
	Lock int64 `json:"-"`
}

// Look is how the issues looked when their comments were read last.
type Look struct {
	Jira     time.Time `json:"jira,omitzero"`   // of the issue's last change
	GitHub   time.Time `json:"github,omitzero"` // likewise
	JiraAt   time.Time `json:"jira_at,omitzero"`
	GitHubAt time.Time `json:"github_at,omitzero"`
}

// MaxAnswers is how many answers to one question are carried back.
const MaxAnswers = 5

// Begin is a question that was just asked.
func Begin(id string, card kanban.CardID, asked Word, now time.Time) Question {
	return Question{ID: id, Card: card, Asked: asked, Recorded: now}
}

// Ended reports whether it was concluded.
func (q Question) Ended() bool { return q.End.Outcome != "" }

// Stage tells how far it is.
func (q Question) Stage() Stage {
	switch {
	case q.Ended():
		return Concluded
	case len(q.Answers) > 0:
		return Answered
	case q.Put.IsZero():
		return Waiting
	}
	return Open
}

// Forgotten reports whether nothing is left to do about it: it is settled, and its words are
// not kept any more.
func (q Question) Forgotten() bool { return q.Settled && q.Blank }

// Forget drops the words of a question that is settled. What it was, when, and who said it
// stays.
func (q Question) Forget() Question {
	q.Asked.Text, q.Blank = "", true
	q.Answers = slices.Clone(q.Answers)
	for i := range q.Answers {
		q.Answers[i].Text = ""
	}
	return q
}

// Waits reports whether the card waits for the answer.
func (q Question) Waits() bool { return q.Stage() == Open }

// Ask takes in what the question says by now. After its end nothing changes it.
func (q Question) Ask(w Word) Question {
	if q.Asked.Source.same(w.Source) && q.hears(&w) && newer(&w, &q.Asked) {
		w.At = q.Asked.At
		q.Asked = w
	}
	return q
}

// TakeBack notes that what was asked is not asked any more: the comment is gone, or says
// something else. Without an answer that withdraws the question.
func (q Question) TakeBack(s Source, now time.Time) Question {
	if q.Ended() || q.Asked.Gone || !q.Asked.Source.same(s) {
		return q
	}
	q.Asked.Text, q.Asked.Gone = "", true
	if len(q.Answers) == 0 {
		q.End = End{Outcome: Withdrawn, Source: s, Who: q.Asked.Who, By: kanban.IT, At: later(now, q.Put)}
	}
	return q
}

// Reaches notes since when the business has the question.
func (q Question) Reaches(at time.Time) Question {
	if q.Put.IsZero() && !q.Ended() {
		q.Put, q.Problem = later(at, q.Asked.At), ""
	}
	return q
}

// Answer takes in an answer, or what one says by now. One that was taken back stays so.
func (q Question) Answer(w Word) Question {
	if !q.hears(&w) {
		return q
	}
	answers := slices.Clone(q.Answers)
	at := slices.IndexFunc(answers, func(o Word) bool { return o.Source.same(w.Source) })
	switch {
	case at < 0 && len(answers) == MaxAnswers:
		return q
	case at < 0:
		answers = append(answers, w)
	case !newer(&w, &answers[at]):
		return q
	default:
		w.At = answers[at].At
		answers[at] = w
	}
	slices.SortStableFunc(answers, func(a, b Word) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Source.Issue.Tracker, b.Source.Issue.Tracker), cmp.Compare(a.Source.Comment, b.Source.Comment))
	})
	q.Answers = answers
	return q
}

// Unanswer takes the words of an answer back that is gone or is none any more. That it was
// given, and when, stays on record.
func (q Question) Unanswer(s Source) Question {
	if q.Ended() {
		return q
	}
	q.Answers = slices.Clone(q.Answers)
	for i := range q.Answers {
		if w := &q.Answers[i]; w.Source.same(s) {
			w.Text, w.Gone = "", true
		}
	}
	return q
}

// Conclude ends the question, once.
func (q Question) Conclude(e End) Question {
	if q.Ended() {
		return q
	}
	e.At = later(e.At, later(q.Put, q.Asked.At))
	q.End, q.Problem = e, ""
	return q
}

// hears reports whether a word can still change the question: one that was said, or said
// so, before the end counts whenever it is seen.
func (q Question) hears(w *Word) bool { return !q.Ended() || !w.Edited.After(q.End.At) }

// newer reports whether a word is a later version of another one that stands.
func newer(w, old *Word) bool {
	return !old.Gone && (w.Edited.After(old.Edited) || w.Edited.Equal(old.Edited) && w.Text > old.Text)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// IDOf names the question that a source has asked, and any answer given there, for ever.
func IDOf(s Source) string {
	sum := sha256.Sum256([]byte(s.Issue.Tracker + "\n" + s.Comment))
	return hex.EncodeToString(sum[:12])
}

// Heard reports whether a source has asked, answered or concluded the question.
func (q Question) Heard(s Source) bool {
	return q.Asked.Source.same(s) || q.Ended() && q.End.Source.same(s) || slices.ContainsFunc(q.Answers, func(w Word) bool { return w.Source.same(s) })
}

// Until is when the card waited for the answer no more: that of the first one, else of the
// end; zero while it waits.
func (q Question) Until() time.Time {
	if len(q.Answers) > 0 {
		return later(q.Answers[0].At, q.Put)
	}
	return q.End.At
}

// Same reports whether two pictures of one question agree.
func (q Question) Same(o Question) bool { return reflect.DeepEqual(q, o) }
