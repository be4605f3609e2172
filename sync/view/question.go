package view

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
)

// Question is a question that IT put to the business about a card.
type Question struct {
	ID      string            `json:"id"`
	Stage   challenge.Stage   `json:"stage"`
	Text    string            `json:"text"` // "" where it was taken back, or is not kept any more
	By      string            `json:"by,omitempty"`
	At      time.Time         `json:"at"`
	Put     time.Time         `json:"put,omitzero"`  // since when the business has it
	Days    int               `json:"days"`          // that the card has waited for the answer, or did; today counts
	Due     string            `json:"due,omitempty"` // day by whose end the contract expects the answer, in words
	Answers []Reply           `json:"answers"`
	Outcome challenge.Outcome `json:"outcome,omitempty"`
	Ended   time.Time         `json:"ended,omitzero"`
	EndedBy string            `json:"ended_by,omitempty"`
	Problem string            `json:"problem,omitempty"` // what keeps it, or its answer, from being carried
	// Of several questions about a card an answer is about one, and a conclusion about one.
	ToAnswer, ToConclude bool `json:"-"`
}

// Reply is an answer to a question.
type Reply struct {
	Text string    `json:"text"` // "" where it was taken back, or is not kept any more
	By   string    `json:"by,omitempty"`
	At   time.Time `json:"at"`
}

// asksWords reports whether what was asked and answered about a card is for the viewer: it is
// what the requester reads in the issue.
func (v *Sight) asksWords(g grant) bool {
	return g.title && g.jira && v.Viewer.Audience != AudienceWall
}

// questions are those about a card, the newest first.
func (v *Sight) questions(ctx context.Context, card kanban.Card, g grant) ([]Question, error) {
	if !v.asksWords(g) {
		return nil, nil
	}
	all, err := v.Source.QuestionsOf(ctx, card.ID)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b challenge.Question) int {
		return cmp.Or(b.Asked.At.Compare(a.Asked.At), cmp.Compare(a.ID, b.ID))
	})
	answers, _ := challenge.ToAnswer(all)
	concludes, _ := challenge.ToConclude(all)
	var out []Question
	for _, q := range all {
		told := v.question(q, card, g)
		told.ToAnswer, told.ToConclude = q.ID == answers.ID, q.ID == concludes.ID
		out = append(out, told)
	}
	return out, nil
}

func (v *Sight) question(q challenge.Question, card kanban.Card, g grant) Question {
	who := func(account, name string, of challenge.Source) string {
		side := v.kindAt(of.Issue.Tracker)
		known := engine.PersonName(v.rules(), side, account)
		if known == account {
			known = cmp.Or(name, account)
		}
		return g.names(known, card)
	}
	out := Question{ID: q.ID, Stage: q.Stage(), Text: q.Asked.Text, By: who(q.Asked.Who, q.Asked.Name, q.Asked.Source), At: q.Asked.At.In(v.zone()), Due: q.Due, Answers: []Reply{},
		Outcome: q.End.Outcome, Problem: cmp.Or(q.Problem, q.Kept)}
	if out.Problem != "" && !g.whole() { // it names places of both trackers
		out.Problem = "it could not be carried to the other side; IT is told why"
	}
	if !q.Put.IsZero() {
		out.Put = q.Put.In(v.zone())
		until := q.Until()
		if until.IsZero() {
			until = v.Now()
		}
		out.Days = kanban.Days(q.Put, until, v.zone())
	}
	if q.Ended() {
		out.Ended, out.EndedBy = q.End.At.In(v.zone()), who(q.End.Who, "", q.End.Source)
	}
	for _, w := range q.Answers {
		out.Answers = append(out.Answers, Reply{Text: w.Text, By: who(w.Who, w.Name, w.Source), At: w.At.In(v.zone())})
	}
	return out
}

// MayAsk says why the viewer may not put a question about a card, or conclude one; "" where
// they may.
func (v *Sight) MayAsk(c Card) string { return v.worded(c, v.Viewer.Role.MayAsk()) }

// MayAnswer says why the viewer may not answer a question about a card, "" where they may.
func (v *Sight) MayAnswer(c Card) string {
	return v.worded(c, v.Viewer.Role.MayAnswer(v.Viewer.Owns(c.Unit)))
}

// kindAt is the side of a tracker, "" where none of that name is configured.
func (v *Sight) kindAt(tracker string) string {
	for _, t := range v.Trackers {
		if t.Name == tracker {
			return t.Kind
		}
	}
	return ""
}
