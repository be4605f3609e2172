package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// words are the functions of the templates: all of them turn facts into text.
func words() template.FuncMap {
	return template.FuncMap{
		"days": days, "turnName": turnName, "band": band, "state": stateLine, "keys": keysOf, "place": places,
		"label": cardLabel, "ago": ago, "clock": clock, "facts": columnFacts,
		"product": product, "writes": writes, "deref": deref, "load": load, "left": left,
		"op": newOp, "settled": settled, "conflictOn": conflictOn, "orElse": orElse,
	}
}

func days(n int) string { return fmt.Sprintf("%d d", n) }

// shownClash is a conflict with the card on whose page it is shown, "" elsewhere.
type shownClash struct {
	Clash   view.Clash
	Card    kanban.CardID
	Decides bool // the reader may end it
}

func conflictOn(c view.Clash, page kanban.CardID, decides bool) shownClash {
	return shownClash{c, page, decides}
}

// settled says in words how a conflict stands.
func settled(c view.Clash) string {
	switch c.State {
	case "open":
		return "a person has to choose"
	case "restored":
		return "restored by hand"
	case "dismissed":
		return "put away"
	}
	if c.Winner == nil || c.Winner.Side == "" {
		return "decided"
	}
	return "the edit " + map[string]string{"jira": "in Jira", "github": "in GitHub", "board": "on the board"}[c.Winner.Side] + " won"
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// turnName is a party as the board calls it.
func turnName(p kanban.Party) string {
	switch p {
	case kanban.Business:
		return "Business"
	case kanban.IT:
		return "IT"
	case kanban.Third:
		return "Third party"
	default:
		return "Nobody"
	}
}

// Days from which a card that is under way is drawn older, while there is no
// history to compare it with.
const (
	watchDays = 7
	riskDays  = 14
	lateDays  = 30
)

// band is how old a card looks. Cards that have left the board are calm.
func band(c view.Card) string {
	switch {
	case c.Turn == kanban.Nobody, c.AgeDays < watchDays:
		return "calm"
	case c.AgeDays < riskDays:
		return "watch"
	case c.AgeDays < lateDays:
		return "risk"
	default:
		return "late"
	}
}

// line is the one state line that a card has room for.
type line struct{ Kind, Text string }

// stateLine picks the most urgent thing about a card, by the rank of the design:
// refused or blocked, saving, then what the badges say.
func stateLine(c view.Card) *line {
	if len(c.Badges) > 0 && c.Badges[0].Kind == kanban.BadgeRefused {
		return &line{c.Badges[0].Kind, c.Badges[0].Text}
	}
	if c.Blocked != nil {
		return &line{"blocked", "Blocked: " + orElse(c.Blocked.Reason, "waiting for "+turnName(c.Blocked.Party))}
	}
	for _, p := range c.Pending {
		if p.State != "held" {
			return &line{"pending", fmt.Sprintf("Saving to %s: %s", product(p.Side), p.To)}
		}
	}
	if len(c.Badges) > 0 {
		return &line{c.Badges[0].Kind, c.Badges[0].Text}
	}
	return nil
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func product(side string) string {
	switch side {
	case "jira":
		return "Jira"
	case "github":
		return "GitHub"
	case "board":
		return "the board"
	default:
		return side
	}
}

// keys is how both sides of a card are named on its face.
type keys struct{ Main, Ref string }

func keysOf(c view.Card) keys {
	k := keys{Main: string(c.ID)}
	for i, s := range c.Sides {
		if i == 0 {
			k.Main = s.Key
			k.Ref = product(s.Side) + " only"
			continue
		}
		k.Ref = s.Key
	}
	return k
}

// cardLabel is what a screen reader says of a card.
func cardLabel(c view.Card) string {
	k := keysOf(c)
	parts := []string{k.Main, c.Title, turnName(c.Turn) + " has the turn", days(c.AgeDays) + " old"}
	if c.PriorityName != "" {
		parts = append(parts, "priority "+c.PriorityName)
	}
	if l := stateLine(c); l != nil {
		parts = append(parts, l.Text)
	}
	return strings.Join(parts, ", ")
}

// load says how full a column is: "", full or over.
func load(c view.Column) string {
	switch {
	case c.WIP == 0 || c.Count < c.WIP:
		return ""
	case c.Count == c.WIP:
		return "full"
	default:
		return "over"
	}
}

// left is how many cards of a column are not on show.
func left(c view.Column) int { return c.Count - len(c.Cards) }

// places draws a limit as one mark per place; more than forty are not drawn.
func places(c view.Column) []string {
	if c.WIP == 0 || max(c.WIP, c.Count) > 40 {
		return nil
	}
	out := make([]string, 0, max(c.WIP, c.Count))
	for i := range max(c.WIP, c.Count) {
		switch {
		case i >= c.WIP:
			out = append(out, "beyond")
		case i < c.Count:
			out = append(out, "filled")
		default:
			out = append(out, "empty")
		}
	}
	return out
}

// columnFacts is the line under a column's name.
func columnFacts(c view.Column) string {
	var parts []string
	switch load(c) {
	case "over":
		parts = append(parts, fmt.Sprintf("%d over", c.Count-c.WIP))
	case "full":
		parts = append(parts, "full")
	}
	if c.Oldest > 0 {
		parts = append(parts, "oldest "+days(c.Oldest))
	}
	return strings.Join(parts, " · ")
}

// ago is how old an answer of a tracker is.
func ago(seconds int) string {
	switch {
	case seconds < 0:
		return "not read yet"
	case seconds < 120:
		return fmt.Sprintf("%d s", seconds)
	case seconds < 7200:
		return fmt.Sprintf("%d min", seconds/60)
	default:
		return fmt.Sprintf("%d h", seconds/3600)
	}
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 15:04 UTC")
}

func writes(n int) string {
	if n == 1 {
		return "1 write waits"
	}
	return fmt.Sprintf("%d writes wait", n)
}
