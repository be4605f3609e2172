package demo

import "time"

// link is how two issues say that they are twins.
type link string

// Links, as the pair rules of the configuration know them. No link: one-sided.
const (
	noLink     link = ""
	remoteLink link = "remote-link"
	keyInTitle link = "key-in-title"
	urlInBody  link = "url-in-description"
)

// story is one piece of work from its first day to today, told in both trackers,
// in Jira alone or in GitHub alone.
type story struct {
	idea
	unit      string // "" is work that IT set itself
	priority  string // of Jira; "" for none
	lowered   bool   // came in one step higher than it stands today
	due       string // YYYY-MM-DD
	epic      string
	labels    []string // of Jira, and of GitHub where the company uses them there
	jira, hub bool     // which trackers tell it
	link      link
	late      stage // in which it stayed longer than the contract has it, "" for none
	silent    bool  // GitHub says nothing about the status
	requester Person
	liaison   Person
	dev       Person
	talk      exchange
	remark    string // of the developer, "" for none
	steps     []step // oldest first, the first is the creation

	key    string // of Jira, once created
	number int    // of GitHub, once created
	shown  string // GitHub's status label so far
}

// step is one entry into a stage.
type step struct {
	stage stage
	at    time.Time
}

// project is where the business asks for it.
func (s *story) project() string {
	if s.unit == finance {
		return finProject
	}
	return opsProject
}

// component is the unit's own in Jira.
func (s *story) component() string {
	switch s.unit {
	case trading:
		return "Trading"
	case risk:
		return "Risk"
	}
	return "Ledger"
}

func (s *story) incident() bool { return s.kind == typeIncident }

// last is the stage where the story stands today.
func (s *story) last() stage { return s.steps[len(s.steps)-1].stage }
