package challenge

import (
	"fmt"
	"strings"

	"parley/kanban"
	"parley/kanban/contract"
)

// maxBack bounds the answers in one comment, in letters: with what stands around them they
// fit into one of any tracker.
const maxBack = 4000

// Carried is what the comment in Jira has to say, "" where none is wanted there. No name and
// nothing else but the text that was asked goes along.
func (q Question) Carried() string {
	if q.Asked.Gone || q.Ended() && q.Put.IsZero() {
		return ""
	}
	return "IT has a question about this request:\n\n" + q.Asked.Text + "\n\n" + q.howTo()
}

// howTo tells what can be done about the question now.
func (q Question) howTo() string {
	switch q.Stage() {
	case Concluded:
		return "The question is concluded (" + string(q.End.Outcome) + "): nothing more is carried from here."
	case Answered:
		return "The question is answered. Until IT concludes it, public comments whose first line begins with /answer still go to IT; others stay here."
	}
	s := "To answer, write a public comment whose first line begins with /answer and goes on with the answer: its text is carried to IT. Other comments stay here. The requester can also write /withdrawn or /reshaped."
	if q.Due != "" {
		s += " The contract expects an answer by the end of " + q.Due + "."
	}
	return s
}

// Back is what the comment on GitHub has to say, "" where none is wanted there.
func (q Question) Back() string {
	var texts []string
	for _, w := range q.Answers {
		if !w.Gone && w.Text != "" {
			texts = append(texts, w.Text)
		}
	}
	if len(texts) == 0 {
		return ""
	}
	about := "a question that was taken back"
	if !q.Asked.Gone {
		about = fmt.Sprintf("“%s”", clip(strings.Join(strings.Fields(q.Asked.Text), " "), 200))
	}
	out := "The business answers " + about + ":\n\n" + clip(strings.Join(texts, "\n\n"), maxBack) + "\n\n"
	if q.Ended() {
		return out + "The question is concluded (" + string(q.End.Outcome) + ")."
	}
	return out + "To conclude, write a comment whose first line begins with /kept, /reshaped or /withdrawn."
}

// Events are what the contract has to know of the question, each with an id of its own: told
// again they are the same. They have none of its words.
func (q Question) Events() []contract.Event {
	if q.Put.IsZero() {
		return nil
	}
	event := func(what string, kind contract.Kind) contract.Event {
		return contract.Event{ID: "question/" + q.ID + "/" + what, Card: q.Card, Kind: kind, Ref: q.ID}
	}
	asked := event("asked", contract.Asked)
	asked.At, asked.Who, asked.By = q.Put, q.Asked.Who, kanban.IT
	out := []contract.Event{asked}
	for _, w := range q.Answers {
		e := event("answered/"+w.Source.Issue.Tracker+"/"+w.Source.Comment, contract.Answered)
		e.At, e.Who, e.By = later(w.At, q.Put), w.Who, kanban.Business
		out = append(out, e)
	}
	if q.Ended() {
		e := event("concluded", contract.Concluded)
		e.At, e.Who, e.By, e.Note = q.End.At, q.End.Who, q.End.By, string(q.End.Outcome)
		out = append(out, e)
	}
	for i := range out {
		out[i].At = out[i].At.UTC()
	}
	return out
}
