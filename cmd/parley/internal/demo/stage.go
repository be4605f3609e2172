package demo

import "slices"

// stage is where a piece of work stands, named as the columns of the demo's board.
type stage string

const (
	requests  stage = "requests"
	committed stage = "committed"
	doing     stage = "doing"
	review    stage = "review"
	waiting   stage = "waiting"
	verify    stage = "verify"
	done      stage = "done"
	withdrawn stage = "withdrawn"
	onHold    stage = "on-hold" // a Jira status that the board's configuration does not know
)

// look is how a stage shows in the trackers.
type look struct {
	stage    stage
	id       string // of the Jira status
	status   string // name of the Jira status
	category string // of the Jira status
	label    string // of an open GitHub issue, "" for none
	reason   string // of a closed GitHub issue, "" while open
}

// looks lists all stages in the order of the board.
func looks() [9]look {
	return [...]look{
		{requests, "1", "Open", "new", "", ""},
		{committed, "10100", "Selected", "new", "status:committed", ""},
		{doing, "3", "In Progress", "indeterminate", "status:in-progress", ""},
		{review, "10101", "In Review", "indeterminate", "status:review", ""},
		{waiting, "10102", "Waiting for customer", "indeterminate", "status:waiting", ""},
		{onHold, "10105", "On hold", "indeterminate", "status:in-progress", ""},
		{verify, "10103", "Acceptance", "indeterminate", "status:acceptance", ""},
		{done, "10002", "Done", "done", "", "completed"},
		{withdrawn, "10104", "Withdrawn", "done", "", "not_planned"},
	}
}

func (s stage) look() look {
	all := looks()
	return all[slices.IndexFunc(all[:], func(l look) bool { return l.stage == s })]
}

// stageOfStatus finds the stage that a Jira status id means.
func stageOfStatus(id string) stage {
	for _, l := range looks() {
		if l.id == id {
			return l.stage
		}
	}
	return ""
}

// way is a transition of the company's Jira workflows.
type way struct {
	id, name string
	to       stage
	from     []stage
	incident bool // only incidents may take it
}

// ways lists the transitions. Not every status leads to every other: work that is
// closed in GitHub while Jira has it in progress takes two steps to arrive.
func ways() []way {
	return []way{
		{id: "11", name: "Select", to: committed, from: []stage{requests}},
		{id: "15", name: "Start at once", to: doing, from: []stage{requests}, incident: true},
		{id: "21", name: "Start work", to: doing, from: []stage{committed}},
		{id: "31", name: "Request review", to: review, from: []stage{doing}},
		{id: "41", name: "Send back", to: doing, from: []stage{review}},
		{id: "51", name: "Ask requester", to: waiting, from: []stage{committed, doing, review}},
		{id: "61", name: "Answer", to: doing, from: []stage{waiting}},
		{id: "71", name: "Deliver", to: verify, from: []stage{doing, review}},
		{id: "81", name: "Accept", to: done, from: []stage{verify}},
		{id: "91", name: "Reject", to: doing, from: []stage{verify}},
		{id: "101", name: "Reopen", to: doing, from: []stage{done}},
		{id: "111", name: "Withdraw", to: withdrawn, from: []stage{requests, committed, waiting}},
		{id: "121", name: "Put on hold", to: onHold, from: []stage{committed, doing}},
		{id: "131", name: "Resume", to: doing, from: []stage{onHold}},
		{id: "151", name: "Ask again", to: requests, from: []stage{done, withdrawn}},
		{id: "141", name: "Back to requests", to: requests, from: []stage{committed}},
	}
}

// wayTo finds the transition between two stages; ok is false where Jira has none.
func wayTo(from, to stage, incident bool) (w way, ok bool) {
	for _, w := range ways() {
		if w.to == to && slices.Contains(w.from, from) && (incident || !w.incident) {
			return w, true
		}
	}
	return way{}, false
}
