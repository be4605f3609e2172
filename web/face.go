package web

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// What the face of a card says.

// band is how old a card is drawn: calm where there is nothing to compare with.
func band(c view.Card) string {
	if c.Band == kanban.BandNone {
		return "calm"
	}
	return string(c.Band)
}

// line is the one state line that a card has room for.
type line struct{ Kind, Text string }

// Icon is the mark before the words.
func (l line) Icon() string {
	switch l.Kind {
	case "blocked", kanban.BadgeRefused:
		return "block"
	case "pending":
		return "save"
	case "asked":
		return "ask"
	case "delivered":
		return "check"
	case kanban.BadgeHeld:
		return "hold"
	case "over":
		return "over"
	}
	return "differs"
}

// stateLine picks the most urgent thing about a card, by the rank of the design:
// refused or blocked, saving, what the badges say, then what the business is asked for.
func stateLine(c view.Card) *line {
	if len(c.Badges) > 0 && c.Badges[0].Kind == kanban.BadgeRefused {
		return &line{c.Badges[0].Kind, c.Badges[0].Text}
	}
	if c.Blocked != nil && c.Blocked.Asked {
		return &line{"asked", "Waits for an answer " + sinceWhen(c.BlockedDays)}
	}
	if c.Blocked != nil {
		return &line{"blocked", fmt.Sprintf("Blocked %s: %s", since(c.BlockedDays), cmp.Or(c.Blocked.Reason, "waits for "+strings.ToLower(turnName(c.Blocked.Party))))}
	}
	for _, p := range c.Pending {
		if p.State != "held" {
			return &line{"pending", fmt.Sprintf("Saving to %s: %s", product(p.Side), p.To)}
		}
	}
	if len(c.Badges) > 0 {
		return &line{c.Badges[0].Kind, c.Badges[0].Text}
	}
	if words := overLine(c.Over); words != "" {
		return &line{"over", words}
	}
	return askLine(c)
}

// overLine says that a card is over its contract, "" where it is not, or where that is not
// for the reader to know more of.
func overLine(o *view.CardOver) string {
	switch {
	case o == nil || o.Place == 0:
		return ""
	case o.Choice == contract.WaitFor:
		return fmt.Sprintf("Waits for a slot, place %d in the row", o.Place)
	}
	return fmt.Sprintf("Over the contract, place %d in the row", o.Place)
}

// overChip reports whether a card that is over its contract says so by a mark alone: its
// state line is about something else, or its reader may know no more.
func overChip(c view.Card) bool {
	if c.Over == nil {
		return false
	}
	l := stateLine(c)
	return l == nil || l.Kind != "over"
}

// askLine is what the business has the turn for.
func askLine(c view.Card) *line {
	when := shortDate(c.Since)
	switch {
	case c.Ask == "asked" && when != "":
		return &line{c.Ask, "Asked " + when + ": answer it"}
	case c.Ask == "delivered" && when != "":
		return &line{c.Ask, "Delivered " + when + ": accept it"}
	}
	return nil
}

// shortDate is a day as people say it: 9 Nov.
func shortDate(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("2 Jan")
}

// since is how long something has lasted, in days begun.
func since(n int) string {
	if n <= 1 {
		return "today"
	}
	return days(n)
}

// sinceWhen is since when something lasts, by the days that it has touched.
func sinceWhen(n int) string {
	if n <= 1 {
		return "since today"
	}
	return "for " + days(n)
}

// keys is how both sides of a card are named on its face, and the whole name of each
// that is shortened there: two owners may have a repository of the same name.
type keys struct{ Main, MainWhole, Ref, RefWhole string }

func keysOf(c view.Card) keys {
	k := keys{Main: "Key not shown"}
	for i, s := range c.Sides {
		if i > 0 {
			k.Ref, k.RefWhole = shortKey(s)
			continue
		}
		if k.Main, k.MainWhole = shortKey(s); s.Side == kanban.Jira.String() {
			k.Ref = "Jira only"
		}
	}
	return k
}

// shortKey is a key without the owner of a repository, and the whole where that is longer.
func shortKey(s kanban.CardSide) (short, whole string) {
	if i := strings.LastIndex(s.Key, "/"); s.Side == kanban.GitHub.String() && i >= 0 {
		return s.Key[i+1:], s.Key
	}
	return s.Key, ""
}

// cardLabel is what a screen reader says of a card.
func cardLabel(c view.Card) string {
	k := keysOf(c)
	parts := []string{k.Main, c.Title, turnName(c.Turn) + " has the turn", days(c.AgeDays) + " old"}
	if words := bandWords(c.Band); words != "" {
		parts = append(parts, words)
	}
	if c.PriorityName != "" {
		parts = append(parts, "priority "+c.PriorityName)
	}
	if c.Class == "expedite" {
		parts = append(parts, "expedite")
	}
	if !c.Planned {
		parts = append(parts, "unplanned")
	}
	if overChip(c) {
		parts = append(parts, "over the contract")
	}
	if l := stateLine(c); l != nil {
		parts = append(parts, l.Text)
	}
	return strings.Join(parts, ", ")
}

// bandWords says a band in words; what is not older than usual needs none.
func bandWords(b kanban.Band) string {
	switch b {
	case kanban.BandWatch:
		return "older than half"
	case kanban.BandRisk:
		return "older than usual"
	case kanban.BandLate:
		return "much older than usual"
	}
	return ""
}
