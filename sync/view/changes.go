package view

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/engine"
)

// change tells one change of a history entry in words, "" where nothing of it is for the
// viewer. What is not known here is told to those alone who read everything of the card.
func (t teller) change(side string, c kanban.Change) string {
	g := t.grant
	from, to := clipped(orID(c.FromName, c.From)), clipped(orID(c.ToName, c.To))
	switch field := strings.ToLower(c.Field); {
	case field == kanban.ChangeStatus, field == kanban.ChangePriority, field == kanban.ChangeResolution:
		if !g.native(side) {
			return Capital(field) + " was changed"
		}
		return Capital(field) + ": " + orNothing(from) + " → " + orNothing(to)
	case field == kanban.ChangeState:
		return stateWords(c, g.native(side))
	case field == kanban.ChangeLabel:
		if g.hides(kanban.FieldLabels) || !g.native(side) {
			return ""
		}
		return came("Label", from, to)
	case field == kanban.ChangeAssignee:
		if g.hides(kanban.FieldAssignees) || !g.native(side) {
			return ""
		}
		return assigned(t.person(side, c.From, from), t.person(side, c.To, to))
	case field == kanban.ChangeTitle, field == "summary":
		return when(g.title && g.native(side), "Title was changed")
	case strings.HasPrefix(field, kanban.ChangeDue):
		return when(g.title && g.native(side), "Due date: "+orNothing(from)+" → "+orNothing(to))
	default:
		return when(g.whole() && !slices.Contains(noise(), field), other(c.Field, from, to))
	}
}

// noise are entries that tell of no work.
func noise() []string {
	return []string{"mentioned", "subscribed", "unsubscribed", "rank", "workflow", "link", "remoteworkitemlink", "remoteissuelink"}
}

func when(told bool, text string) string {
	if told {
		return text
	}
	return ""
}

// stateWords is a change of GitHub's state: why it was closed is GitHub's word.
func stateWords(c kanban.Change, native bool) string {
	state, reason, _ := strings.Cut(c.To, ":")
	switch {
	case state == "open":
		return "Reopened"
	case native && reason != "" && reason != "completed":
		return "Closed as " + strings.ReplaceAll(reason, "_", " ")
	default:
		return "Closed"
	}
}

// came is an element that came, went, or took another's place.
func came(what, from, to string) string {
	switch {
	case from == "":
		return what + " added: " + orNothing(to)
	case to == "":
		return what + " removed: " + from
	default:
		return what + ": " + from + " → " + to
	}
}

// assigned is a change of who works on it.
func assigned(from, to string) string {
	switch {
	case to == "":
		return "Taken from " + orNothing(from)
	case from == "":
		return "Assigned to " + to
	default:
		return "Passed from " + from + " to " + to
	}
}

// other is a change of a field that has no words of its own here.
func other(field, from, to string) string {
	if known, ok := deedWords()[strings.ToLower(field)]; ok && from == "" && to == "" {
		return known
	}
	name := Capital(strings.ReplaceAll(clipped(field), "_", " "))
	if from == "" && to == "" {
		return name + " was changed"
	}
	return fmt.Sprintf("%s: %s → %s", name, orNothing(from), orNothing(to))
}

// deedWords are GitHub's names of what happens to an issue, in words.
func deedWords() map[string]string {
	return map[string]string{
		"commented": "Commented", "cross-referenced": "Mentioned from elsewhere", "referenced": "Mentioned by a commit",
		"milestoned": "Milestone set", "demilestoned": "Milestone removed", "pinned": "Pinned", "unpinned": "Unpinned",
		"locked": "Conversation locked", "unlocked": "Conversation unlocked", "transferred": "Transferred", "connected": "Pull request connected",
		"disconnected": "Pull request disconnected", "labeled": "Label added", "unlabeled": "Label removed", "assigned": "Assigned", "unassigned": "Unassigned",
	}
}

// person is who an account belongs to, else what the tracker calls it.
func (t teller) person(side, account, name string) string {
	if known := engine.PersonName(t.rules(), side, account); known != account {
		return known
	}
	return name
}

func orID(name, id string) string {
	if name != "" {
		return name
	}
	return id
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}
