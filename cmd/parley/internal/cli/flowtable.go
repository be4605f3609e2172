package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// printFlow prints a row for every card that adds to the days: those that were done or given
// up within them in that order, then those under way, the oldest first. Then come the sums
// that people come for. name gives what a card is called, and its title.
func printFlow(w io.Writer, items []flow.Item, l kanban.Layout, c flow.Clock, span flow.Span, name func(kanban.CardID) (key, title string)) error {
	r := flow.NewReport(items, l, c, span)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CARD\tCOLUMN\tENDED\tCYCLE\tLEAD\tAGE\tACTIVE\tWAITING\tBLOCKED\tTITLE")
	rows := flowRows(r, c, span)
	for _, id := range rows {
		x := r.Cards[id]
		key, title := name(id)
		ended := "-"
		if at := cmp.Or(x.Done, x.Cancelled); at != nil {
			ended = calendar.Of(*at, c.Zone).String()
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", plain(key), plain(orUnmapped(x.State)), ended, inDays(x.CycleDays), inDays(x.LeadDays), inDays(x.AgeDays),
			inHours(x.ActiveHours), inHours(x.WaitHours), inHours(x.BlockedHours), plain(title))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if rest := len(items) - len(rows); rest > 0 {
		fmt.Fprintf(w, "%s more ended before, or nobody has begun them.\n", kanban.Count(rest, "card", "cards"))
	}
	if err := printSums(w, r, span); err != nil {
		return err
	}
	return printWeeks(w, flow.Weekly(items, c, span), span)
}

// flowRows are the cards that add to the days, in their order.
func flowRows(r flow.Report, c flow.Clock, span flow.Span) []kanban.CardID {
	ended := func(x flow.CardReport) *time.Time { return cmp.Or(x.Done, x.Cancelled) }
	var out []kanban.CardID
	for id, x := range r.Cards {
		if at := ended(x); x.AgeDays != nil || at != nil && span.Has(calendar.Of(*at, c.Zone)) {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b kanban.CardID) int {
		x, y := r.Cards[a], r.Cards[b]
		from, to := ended(x), ended(y)
		switch {
		case from != nil && to != nil:
			return cmp.Or(from.Compare(*to), cmp.Compare(a, b))
		case from != nil:
			return -1
		case to != nil:
			return 1
		}
		return cmp.Or(cmp.Compare(*y.AgeDays, *x.AgeDays), cmp.Compare(a, b))
	})
	return out
}

// printWeeks tells how many cards were finished in each week.
func printWeeks(w io.Writer, weeks []flow.WeekFlow, span flow.Span) error {
	var words []string
	for _, x := range weeks {
		part := ""
		if !span.Has(x.Monday) || !span.Has(x.Monday+6) {
			part = " (not whole)"
		}
		words = append(words, fmt.Sprintf("%s %d%s", x.Monday.Format("2 Jan"), x.Finished, part))
	}
	_, err := fmt.Fprintf(w, "finished by week: %s\nMore sums are in the document that --json prints.\n", strings.Join(words, ", "))
	return err
}

// printSums tells what the table adds up to, under the names of the page about flow.
func printSums(w io.Writer, r flow.Report, span flow.Span) error {
	s := r.Summary
	fmt.Fprintf(w, "\n%s to %s: %s finished, %d of them planned\n", span.From, span.To, kanban.Count(len(s.Finished), "card", "cards"), s.PlannedDone)
	if len(s.Finished) > 0 {
		fmt.Fprintf(w, "cycle time: 50 %% within %d d, 85 %% within %d d, 95 %% within %d d\n", s.NearestRank["50"], s.NearestRank["85"], s.NearestRank["95"])
		fmt.Fprintf(w, "flow efficiency: %.0f %% of the time that went by those cards were in active columns and not blocked\n", s.Efficiency.Percent)
	}
	_, err := fmt.Fprintf(w, "in work: %s, their ages add up to %d d\n", kanban.Count(len(s.WIPEnd), "card", "cards"), s.WIPAge)
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
