package digest

import (
	"fmt"
	"strings"

	"parley/kanban"
)

// MostText is the longest that Text is, in characters: a comment in Jira holds it.
const MostText = 4500

// Subject is the digest in one line.
func (d Digest) Subject() string { return "Contract of " + d.Line }

// Text is the digest as plain text. Where it would be longer than MostText it lists fewer
// promises and says how many it leaves out.
func (d Digest) Text() string {
	for most := mostPromises; ; most-- {
		if text := d.text(most); most == 0 || len([]rune(text)) <= MostText {
			return text
		}
	}
}

func (d Digest) text(most int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s × IT, %s, %s to %s\n\n", d.Name, d.Period, d.From, d.To)
	for _, s := range d.Sides {
		fmt.Fprintf(&b, "%s: %s\n", s.Name, s.Counts())
	}
	fmt.Fprintf(&b, "%s\n", d.Slots.Sentence())
	for _, s := range d.Sides {
		list, more := s.Promises[:min(most, len(s.Promises))], s.More+max(0, len(s.Promises)-most)
		section(&b, s.Name+" promised", list, more)
	}
	section(&b, "At risk until three days after this was written", d.AtRisk[:min(most, len(d.AtRisk))], max(0, len(d.AtRisk)-most))
	lines(&b, "Terms", d.Terms[:min(most, len(d.Terms))])
	lines(&b, "Not read", d.Unread)
	fmt.Fprintf(&b, "\n%s\n", d.Ledger.Sentence())
	if d.Ledger.Problem != "" {
		fmt.Fprintf(&b, "%s\n", d.Ledger.Problem)
	}
	fmt.Fprintf(&b, "%s\n", d.Ledger.Head)
	return b.String()
}

func section(b *strings.Builder, title string, list []Promise, more int) {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%s (%s): %s", p.Promise.Words(), p.Promise, p.Sentence))
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	lines(b, title, out)
}

func lines(b *strings.Builder, title string, list []string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, l := range list {
		fmt.Fprintf(b, "· %s\n", l)
	}
}

// Counts are a side's promises in numbers, "3 kept, 1 broken, 0 contested", and what else
// there is of them.
func (s Side) Counts() string {
	text := fmt.Sprintf("%d kept, %d broken, %d contested", s.Kept, s.Broken, s.Contested)
	if s.Unknown > 0 {
		text += fmt.Sprintf(", %d unknown, because a tracker was not read", s.Unknown)
	}
	if s.Open > 0 {
		text += fmt.Sprintf(", %d still open", s.Open)
	}
	return text
}

// Sentence tells all numbers of the slots, those that are 0 as well: both sides look for
// the same ones every week.
func (s Slots) Sentence() string {
	return fmt.Sprintf("Slots: %d offered, %d due, %d used (%d for expedites), %d missed by IT and %d of them carried over, %d forfeited by the unit, %d used in advance, %d borrowed, %d lent, %d given back",
		s.Offered, s.Due, s.Used, s.Expedites, s.Missed, s.Carried, s.Forfeited, s.Advance, s.Borrowed, s.Lent, s.Back)
}

// Sentence says what the head below it is for.
func (l Ledger) Sentence() string {
	return fmt.Sprintf("The ledger has %s. Keep its head: whoever has it can have the ledger checked against it, parley contract verify.", kanban.Count(int(l.Entries), "entry", "entries"))
}

// Letter is Text with the address of the contract's page, for where links are text.
func (d Digest) Letter() string {
	if d.Page == "" {
		return d.Text()
	}
	return d.Text() + "\n" + d.Page + "\n"
}
