// Package dispatch keeps one digest on its way to one receiver: sent once, tried again
// where it surely did not arrive, and told where nobody knows.
//
// The moment of sending is stored before anything leaves. What follows from an answer that
// was lost depends on the channel: a comment is looked up (package remark), a webhook is
// repeated under the id by which its receiver knows it again, a mail is not repeated,
// because nobody could take the second one back.
//
// The package is pure: a Dispatch and what happened in, a Dispatch and whether to send it
// out. Every step is to be stored before the next one is taken.
package dispatch

import (
	"errors"
	"fmt"
	"time"

	"parley/kanban"
)

// Channel is a way to a receiver.
type Channel string

// Channels.
const (
	Comment Channel = "jira"
	Mail    Channel = "email"
	Hook    Channel = "webhook"
)

// Channels lists all of them.
func Channels() []Channel { return []Channel{Comment, Mail, Hook} }

// repeats reports whether sending again what may have arrived does no harm.
func (c Channel) repeats() bool { return c == Comment || c == Hook }

// State is where a digest stands on its way.
type State string

// States.
const (
	Waiting State = "waiting" // to be sent, not before NextAt
	Held    State = "held"    // it waits for permission: sync.write is "plan"
	Sending State = "sending" // a request is under way, or was when the process ended
	Sent    State = "sent"    // the receiver took it
	Unknown State = "unknown" // the receiver may have taken it; it is not repeated
	Refused State = "refused" // the receiver does not want it
	Lapsed  State = "lapsed"  // it could not be sent in its time
)

// States lists all of them.
func States() []State {
	return []State{Waiting, Held, Sending, Sent, Unknown, Refused, Lapsed}
}

// Open reports whether something is still to be done.
func (s State) Open() bool { return s == Waiting || s == Held || s == Sending }

// Dispatch is everything that has to be remembered of a digest on its way to one receiver.
// There is one for an ID.
type Dispatch struct {
	ID      string         `json:"id"` // that of the digest, the channel and, where there are several, the receiver
	Digest  string         `json:"digest"`
	Unit    kanban.UnitKey `json:"unit"`
	Period  string         `json:"period"` // 2026-W47
	Channel Channel        `json:"channel"`
	To      string         `json:"to"`   // key of an issue, address, or host of a webhook
	Body    string         `json:"body"` // the digest as JSON: what is sent however often that is tried
	State   State          `json:"state"`
	Made    time.Time      `json:"made"`
	NextAt  time.Time      `json:"next_at"`          // not before
	Until   time.Time      `json:"until"`            // it is given up then
	SentAt  time.Time      `json:"sent_at,omitzero"` // of the last try
	Ended   time.Time      `json:"ended,omitzero"`   // zero: it is open
	Tries   int            `json:"tries,omitempty"`
	Asked   bool           `json:"asked,omitempty"`   // a person had it sent after all
	Problem string         `json:"problem,omitempty"` // what stands in the way, in plain words

	// Lock is the store's version of the row this was loaded from; a commit on another
	// version is refused. Zero means that it is new.
	Lock int64 `json:"-"`
}

// ID names the dispatch of a digest by a channel. to is "" where a unit has one receiver of
// that kind.
func ID(digest string, c Channel, to string) string {
	id := digest + "/" + string(c)
	if to != "" {
		id += "/" + to
	}
	return id
}

// Life is for how long a digest is tried to be sent: until the next one is due.
const Life = 7 * 24 * time.Hour

// Machine holds what the rules are made with.
type Machine struct {
	Write bool // false: nothing is sent
}

// New begins a dispatch.
func (m Machine) New(d Dispatch, now time.Time) Dispatch {
	d.State, d.Made, d.NextAt = Waiting, now, now
	if d.Until.IsZero() {
		d.Until = now.Add(Life)
	}
	if !m.Write {
		d.State = Held
	}
	return d
}

// Act is what to do about a dispatch now, once it is stored.
type Act int

// Acts.
const (
	Rest Act = iota // nothing, until something happens or NextAt
	Send            // send it; the answer goes to Take
	Drop            // make sure that nothing of it is sent any more
)

// Next takes a dispatch that nobody works on one step further.
func (m Machine) Next(d Dispatch, now time.Time) (Dispatch, Act) {
	if d.State == Sending { // the process ended before it knew
		d = m.Take(d, Answer{Kind: Unclear, Problem: "parley ended while it was sent"}, now)
		d.NextAt = now
	}
	switch {
	case !d.State.Open():
		return d, Rest
	case !now.Before(d.Until):
		return d.end(Lapsed, d.gaveUp(), now), Drop
	case !m.Write && d.State == Waiting:
		d.State = Held
	case m.Write && d.State == Held:
		d.State = Waiting
	}
	if d.Channel == Comment { // the comment itself is held, and stored before it is sent
		return d, Send
	}
	if d.State == Held || d.NextAt.After(now) && !d.NextAt.After(now.Add(mostPause)) { // more is what a clock noted that was ahead
		return d, Rest
	}
	d.State, d.SentAt, d.Problem = Sending, now, ""
	d.Tries++
	return d, Send
}

func (d Dispatch) gaveUp() string {
	switch {
	case d.State == Held:
		return `it was held until the next one was due: sync.write is "plan"`
	case d.Problem != "":
		return "it was given up when the next one was due: " + d.Problem
	}
	return "it was given up when the next one was due"
}

// Again has a digest sent that was not, because a person asks for it. The error says why
// that cannot be.
func (m Machine) Again(d Dispatch, now time.Time) (Dispatch, error) {
	switch {
	case d.State == Sent:
		return d, fmt.Errorf("it was sent already, at %s", kanban.Moment(d.Ended, nil))
	case d.State == Sending:
		return d, errors.New("it is being sent")
	case !m.Write:
		return d, errors.New(`sync.write is "plan", and nothing is sent; set it to "on"`)
	}
	d.State, d.NextAt, d.Until, d.Ended, d.Tries, d.Asked, d.Problem = Waiting, now, now.Add(Life), time.Time{}, 0, true, ""
	return d, nil
}

func (d Dispatch) end(s State, problem string, now time.Time) Dispatch {
	d.State, d.Ended, d.Problem = s, now, problem
	return d
}
