package web

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// words are the functions of the templates: all of them turn facts into text.
func words(zone *time.Location) template.FuncMap {
	return template.FuncMap{
		"days": days, "since": since, "turnName": turnName, "band": band, "state": stateLine, "keys": keysOf, "place": places,
		"label": cardLabel, "overChip": overChip, "overLine": overLine, "ago": ago, "clock": clockOf(zone), "hour": hourOf(zone), "shortDate": shortDate, "facts": columnFacts,
		"product": product, "writes": writes, "deref": deref, "load": load, "gauge": gaugeOf, "limit": limitGauge, "loadWords": loadWords, "left": left, "emptyWords": emptyWords,
		"op": newOp, "dateWords": dateWords, "settled": settled, "conflictOn": conflictOn, "orElse": cmp.Or[string],
		"share": share, "found": found, "older": func(p view.Pulse) int { return p.Older() }, "overWords": overWords, "workPlaces": workPlaces, "plannedParts": plannedParts, "turnParts": turnParts,
		"longest": longestWords, "ageParts": ageParts,
		"sortWords": func(d cardData) string { return sortWords(d.Card, d.Sort, clockOf(zone)) },
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

// dateWords tells a day as pages do, on one line; other texts stay. Files keep the other form.
func dateWords(text string) string {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return day.Format("2\u00a0Jan\u00a02006")
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

// clockOf tells moments in a zone, nil being UTC.
func clockOf(zone *time.Location) func(time.Time) string {
	if zone == nil {
		zone = time.UTC
	}
	return func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format("2 Jan 15:04 MST")
	}
}

// hourOf tells the time of day in a zone, nil being UTC.
func hourOf(zone *time.Location) func(time.Time) string {
	if zone == nil {
		zone = time.UTC
	}
	return func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(zone).Format("15:04")
	}
}

// found says what there is, by the trackers that have it.
func found(s view.Sides) string {
	if s.Total() == 0 {
		return ""
	}
	var parts []string
	for _, p := range []struct {
		n    int
		text string
	}{{s.Both, "on both sides"}, {s.Jira, "in Jira only"}, {s.GitHub, "in GitHub only"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.text))
		}
	}
	return fmt.Sprintf("Found so far: %s.", strings.Join(parts, ", "))
}

func writes(n int) string { return kanban.Count(n, "write waits", "writes wait") }
