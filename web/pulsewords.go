package web

import (
	"fmt"

	"parley/sync/view"
)

// What the five figures at the top of the board say.

// share is a part of a whole in percent, in words.
func share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf("%d %%", (part*200+whole)/(2*whole))
}

// overWords says which limits are passed.
func overWords(p view.Pulse) string { return overColumns(p.Over) }

func overColumns(over []view.Over) string {
	switch len(over) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s %d over", over[0].Name, over[0].By)
	}
	return fmt.Sprintf("%d columns over", len(over))
}

// workPlaces draws the limit of all work.
func workPlaces(p view.Pulse) []string { return placesOf(p.Limit, p.InWork, p.Unplanned) }

// part is a stretch of a bar, as wide as its share of it.
type part struct {
	Kind  string
	Count int
	Grow  int // 1 to 20
	Link  string
	Title string
}

// grown sets how wide the parts are, and leaves out those that are empty.
func grown(parts ...part) []part {
	sum := 0
	for _, p := range parts {
		sum += p.Count
	}
	var out []part
	for _, p := range parts {
		if p.Count > 0 {
			p.Grow = max(1, (p.Count*40+sum)/(2*sum))
			out = append(out, p)
		}
	}
	return out
}

// plannedParts are the planned and the unplanned share of what is in work.
func plannedParts(p view.Pulse) []part {
	return grown(
		part{Kind: "planned", Count: p.InWork - p.Unplanned, Link: "/?stage=work&planned=yes", Title: "planned"},
		part{Kind: "unplanned", Count: p.Unplanned, Link: "/?stage=work&planned=no", Title: "nobody planned"})
}

// turnParts are the parties, by how much of the work waits for each.
func turnParts(p view.Pulse) []part {
	return grown(
		part{Kind: "business", Count: p.Business, Link: "/?stage=work&turn=business", Title: "Business"},
		part{Kind: "third", Count: p.Third, Link: "/?stage=work&turn=third", Title: "third party"},
		part{Kind: "it", Count: p.IT, Link: "/?stage=work&turn=it", Title: "IT"})
}

// longestWords says how long the work has been with each party at most.
func longestWords(p view.Pulse) [][2]string {
	var out [][2]string
	for _, w := range []struct {
		n, days int
		who     string
	}{{p.Business, p.OldestDays, "with business"}, {p.IT, p.ITDays, "with IT"}, {p.Third, p.ThirdDays, "with a third party"}} {
		if w.n > 0 && len(out) < 2 {
			out = append(out, [2]string{w.who, days(w.days)})
		}
	}
	return out
}

// ageParts are the bands, by how much of the work is in each.
func ageParts(p view.Pulse) []part {
	return grown(
		part{Kind: "calm", Count: p.Calm, Link: "/?stage=work&age=calm", Title: "younger than half were where they stand"},
		part{Kind: "watch", Count: p.Watch, Link: "/?stage=work&age=watch", Title: "older than half were where they stand"},
		part{Kind: "risk", Count: p.Risk, Link: "/?stage=work&age=risk", Title: "older than usual: 85 % were younger where they stand"},
		part{Kind: "late", Count: p.Late, Link: "/?stage=work&age=late", Title: "past the 95 % line of where they stand"})
}
