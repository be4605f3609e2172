package view

import (
	"strings"

	"parley/kanban"
)

// groupIn is the repository or project of which the epic or milestone of a card is one: two
// repositories may each have a milestone v1.0. It is "" for an issue, whose key is its own.
func groupIn(c *kanban.Card) string {
	if c.Group == "" || namesIssue(c.GroupSide, c.Group) {
		return ""
	}
	for _, s := range c.Sides {
		if s.Side == c.GroupSide {
			return project(s)
		}
	}
	return ""
}

// namesIssue reports whether a name is an issue's key: acme/web#3 in GitHub, PRG-2 in Jira.
func namesIssue(side, name string) bool {
	mark := "-"
	if side == kanban.GitHub.String() {
		mark = "#"
	}
	at := strings.LastIndex(name, mark)
	if at < 1 || at == len(name)-1 || strings.Trim(name[at+1:], "0123456789") != "" {
		return false
	}
	return mark == "#" || strings.Trim(name[:at], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
