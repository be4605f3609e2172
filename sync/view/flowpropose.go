package view

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/kanban/flow"
)

// ProblemDraft is a problem card that nobody has made yet, for what recurs: ready to be
// copied into a tracker. It names only cards that the people of their own units may read,
// by key: whoever may open the new card reads it.
type ProblemDraft struct {
	Title string   `json:"title"`
	Cards []string `json:"cards"` // keys of its instances, some of them
	More  int      `json:"more"`  // instances that are not named
	Days  float64  `json:"days"`  // what they cost: hours blocked and worked, in days of 24
	Text  string   `json:"text"`  // title and description
}

// mostDrafted is how many instances a draft names.
const mostDrafted = 20

// draft proposes a problem card for a cluster; nil where none of its cards can be named.
func (s *flowSet) draft(x flow.Cluster) *ProblemDraft {
	d := &ProblemDraft{Title: "Problem: " + x.Trace + " keeps coming back", Cards: []string{}, Days: x.Cost().Hours() / 24}
	for _, id := range x.Cards {
		if len(d.Cards) == mostDrafted {
			break
		}
		if key := s.publicKey(id); key != "" {
			d.Cards = append(d.Cards, key)
		}
	}
	if len(d.Cards) == 0 {
		return nil
	}
	d.More = len(x.Cards) - len(d.Cards)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nFrom %s to %s %d cards shared %s. They were blocked for %.1f days and unplanned work on them took %.1f days: find what they have in common, and end it.\n\nInstances: %s",
		d.Title, s.span.From, s.span.To, len(x.Cards), x.Trace, x.Blocked.Hours()/24, x.Worked.Hours()/24, strings.Join(d.Cards, ", "))
	if d.More > 0 {
		fmt.Fprintf(&b, " and %d more", d.More)
	}
	b.WriteString(".\nDone when none of them comes within 90 days after it is closed.")
	d.Text = b.String()
	return d
}

// publicKey is the key of a card that whoever looks and the people of its own unit may
// read, "" of others.
func (s *flowSet) publicKey(id kanban.CardID) string {
	n, ok := slices.BinarySearchFunc(s.items, id, func(i flow.Item, id kanban.CardID) int { return cmp.Compare(i.Card, id) })
	if !ok {
		return ""
	}
	mine, theirs := s.Name(id), s.told(s.items[n].Unit, id)
	if mine.Key != theirs.Key {
		return ""
	}
	return mine.Key
}
