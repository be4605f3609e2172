package web

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// cardWords are the functions of the card's templates.
func cardWords() template.FuncMap {
	return template.FuncMap{"styles": styles, "span": span, "courtBar": courtBar, "courts": courts, "byDay": byDay, "iso": iso, "sinceWhen": sinceWhen, "columnOf": columnOf, "sideState": sideState, "written": written,
		"grouped": view.Grouped, "part": shareOf, "short": short, "capital": view.Capital, "actionable": actionable, "partyWords": kanban.Party.Words, "rowsOf": rowsOf, "lostCards": lostCards,
		"weekName": weekName, "loans": loanWords, "verdictClass": func(outcome string) string { return strings.ReplaceAll(outcome, " ", "-") }, "outcome": outcomeOf, "promise": contract.Promise.Words, "due": dueWords, "contractAt": contractAt, "overTerms": overTerms, "slotsInAdvance": slotsInAdvance, "digestWords": digestWords, "verdictAt": verdictAt, "wordOf": wordOf, "slots": slotWords, "add": func(a, b int) int { return a + b }}
}

// styles are the style sheets of a page beside the one that all have.
func styles(page string) []string {
	switch page {
	case "board":
		return []string{"board.css", "card.css"}
	case "people":
		return []string{"board.css", "people.css"}
	case "flow", "workload":
		return []string{"board.css", "flow.css"}
	case "contract":
		return []string{"flow.css", "contract.css", "deal.css"}
	case "wall":
		return []string{"board.css", "wall.css"}
	case "card":
		return []string{"card.css"}
	case "sync", "mapping":
		return []string{"sync.css"}
	default:
		return nil
	}
}

// span is a length of time as people say it, no more exactly than is meant.
func span(seconds int) string {
	switch {
	case seconds < 60:
		return "0 h"
	case seconds < 3600:
		return fmt.Sprintf("%d min", seconds/60)
	case seconds < hoursUpTo:
		return fmt.Sprintf("%d h", (seconds+1800)/3600)
	default:
		return fmt.Sprintf("%d d", (seconds+86399)/86400) // days begun, as ages are
	}
}

// hoursUpTo is the length in seconds from which times are told in days.
const hoursUpTo = 48 * 3600

// segment is a part of the bar that shows whose turn it was.
type segment struct {
	Kind, Text string
	X, Width   string // in per cent
}

// courtBar draws the spells of a card from its start to now. What would be thinner than a
// hair is drawn as one.
func courtBar(c view.Courts) []segment {
	if len(c.Spells) == 0 {
		return nil
	}
	from := c.Spells[0].From
	whole := c.Spells[len(c.Spells)-1].To.Sub(from)
	out := make([]segment, 0, len(c.Spells))
	for _, s := range c.Spells {
		kind, name := string(s.Party), turnName(s.Party)
		if s.Blocked {
			kind, name = "blocked", "Blocked"
		}
		out = append(out, segment{
			Kind: kind, Text: fmt.Sprintf("%s, %s", name, span(int(s.Length().Seconds()))),
			X: percent(s.From.Sub(from), whole), Width: percent(max(s.Length(), whole/400), whole),
		})
	}
	return out
}

func percent(part, whole time.Duration) string {
	return fmt.Sprintf("%.2f%%", 100*float64(part)/float64(max(whole, 1)))
}

// court is one party's share of a card's age.
type court struct{ Kind, Name, Time string }

// courts are the shares of a card's age, all in one unit: time that went by, where the age
// beside them is in days begun. Those that had none and could not, are left out.
func courts(c view.Courts) []court {
	length := lengthsOf(float64(c.IT+c.Business+c.Third+c.Blocked+c.Nobody) / 3600)
	tell := func(seconds int) string { return length(float64(seconds) / 3600) }
	out := []court{{"it", "IT", tell(c.IT)}, {"business", "Business", tell(c.Business)}}
	if c.Third > 0 {
		out = append(out, court{"third", "Third party", tell(c.Third)})
	}
	out = append(out, court{"blocked", "Blocked", tell(c.Blocked)})
	if c.Nobody > 0 {
		out = append(out, court{"none", "Nobody's turn", tell(c.Nobody)})
	}
	return out
}

// dayOf is a day of a timeline.
type dayOf struct {
	Day     string
	Moments []view.Moment
}

// byDay puts moments, newest first, under their days.
func byDay(ms []view.Moment) []dayOf {
	var out []dayOf
	for _, m := range ms {
		if n := len(out); n == 0 || out[n-1].Day != m.Day {
			out = append(out, dayOf{Day: m.Day})
		}
		last := &out[len(out)-1]
		last.Moments = append(last.Moments, m)
	}
	return out
}

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// columnOf is the name of the column that a card stands in.
func columnOf(d cardData) string {
	for _, c := range d.Columns {
		if c.Here {
			return c.Name
		}
	}
	return "Unmapped"
}

// sideState is what an issue shows for a field, as its tracker calls it.
func sideState(s kanban.CardSide, f view.FieldStory) string {
	for _, sd := range f.Sides {
		if sd.Side == s.Side && sd.Native != "" {
			return sd.Native
		}
	}
	switch f.Field {
	case kanban.FieldStatus:
		return s.Status
	case kanban.FieldPriority:
		return s.Priority
	default:
		return ""
	}
}

// actionable reports whether somebody may still want to act on an edit that was overridden.
func actionable(f view.FieldStory) bool {
	return slices.ContainsFunc(f.Lost, func(c view.Clash) bool { return c.State == "auto" })
}

// written is what became of a write, in words.
func written(w view.WriteStory) string {
	switch w.State {
	case "planned":
		return "about to be sent"
	case "held":
		return "not sent: " + cmp.Or(w.Held, "it waits")
	case "sending":
		return "being sent"
	case "acked":
		return "sent, not seen there yet"
	case "unknown":
		return "sent; whether it arrived is being looked up"
	case "done":
		return "arrived"
	case "cancelled":
		return "not needed any more"
	case "rejected":
		return "refused"
	default:
		return "had no effect"
	}
}
