// Package mapping says what the trackers' values mean to the board and what the
// board's values look like in the trackers. It is compiled once from
// configuration and is pure: no I/O, no clock, no state that changes.
//
// The heart is the Lens, one for each kind of card. Per side and field it answers
// two questions: Back, what does this native value mean to the board; and Forward,
// which native value would show this board value. Both keep what is there if it
// fits already, and only otherwise fall back on a default. That alone makes a round
// trip between two trackers with scales of different size stop after one step;
// Compile checks it for every value anyway (see laws.go) and refuses what is not so.
//
// Native values are canonical texts that nobody else needs to read:
//
//	Jira status      "10001", "6 + resolution:won't fix"
//	Jira priority    "2", "" when there is none
//	GitHub status    "open + label:status:review", "closed:completed"
//	GitHub priority  "label:priority:high", "" when there is none
//	title            the title in one line
//	Jira due date    "2026-12-24", "" when there is none
//	GitHub due date  its due labels, one a line: "due:2026-12-24"
//	element of a set "present", "absent"
//
// How a value is encoded, matched and folded from history is the business of a
// scale: optionScale for Jira (options.go), labelScale for GitHub (labels.go), and for
// both titleScale (title.go), elementScale (element.go) and those of due.go.
//
// What may be told across the border is decided here as well: audience.go says which
// texts may cross, mirrortext.go what a twin says that is created, and harmless.go
// sees to it that it does nothing there.
package mapping
