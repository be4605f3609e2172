package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"parley/kanban"
	"parley/kanban/flow"
)

// printFlow prints a row for every card, then the sums that people come for. name gives what
// a card is called, and its title.
func printFlow(w io.Writer, r flow.Report, span flow.Span, name func(kanban.CardID) (key, title string)) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CARD\tCOLUMN\tCYCLE\tLEAD\tAGE\tACTIVE\tWAITING\tBLOCKED\tTITLE")
	for _, id := range slices.Sorted(maps.Keys(r.Cards)) {
		c := r.Cards[id]
		key, title := name(id)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", plain(key), plain(orUnmapped(c.State)), inDays(c.CycleDays), inDays(c.LeadDays), inDays(c.AgeDays),
			inHours(c.ActiveHours), inHours(c.WaitHours), inHours(c.BlockedHours), plain(title))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return printSums(w, r, span)
}

// printSums tells what the table adds up to, under the names of the page about flow.
func printSums(w io.Writer, r flow.Report, span flow.Span) error {
	s := r.Summary
	fmt.Fprintf(w, "\n%s to %s: %s finished, %d of them planned\n", span.From, span.To, plural(len(s.Finished), "card"), s.PlannedDone)
	if len(s.Finished) > 0 {
		fmt.Fprintf(w, "cycle time: 50 %% within %d d, 85 %% within %d d, 95 %% within %d d\n", s.NearestRank["50"], s.NearestRank["85"], s.NearestRank["95"])
		fmt.Fprintf(w, "flow efficiency: %.0f %% of the time that went by those cards were in active columns and not blocked\n", s.Efficiency.Percent)
	}
	fmt.Fprintf(w, "in work: %s, their ages add up to %d d\n", plural(len(s.WIPEnd), "card"), s.WIPAge)
	_, err := fmt.Fprintln(w, "More sums are in the document that --json prints.")
	return err
}

func inDays(n *int) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprintf("%d d", *n)
}

func inHours(h *float64) string {
	if h == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f h", *h)
}
