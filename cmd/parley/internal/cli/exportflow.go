package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
	"parley/kanban/sheet"
	"parley/sync/view"
)

// flowDays is how many days are counted where no first one is named.
const flowDays = 90

// stored computes the numbers of the cards in the store, whether Parley runs or not.
func (c exportFlowCommand) stored(ctx context.Context, s *session) (err error) {
	a, sight, err := s.sight(ctx, c.As)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	f, span, err := c.taken(ctx, a, sight)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		return printJSON(s.Out, flow.NewReport(f.Items, f.Layout, f.Clock, span))
	case c.CSV:
		return flowCSV(s.Out, f)
	}
	return printFlow(s.Out, f.Items, f.Layout, f.Clock, span, func(id kanban.CardID) (string, string) {
		key, title := called(f, id)
		return orWords(key, string(id)), title
	})
}

// taken are the cards as of the end of the last day, and the days that are counted.
func (c exportFlowCommand) taken(ctx context.Context, a *app.App, sight *view.Sight) (*view.Flow, flow.Span, error) {
	today := calendar.Of(a.Now(), a.Zone())
	span := flow.Span{To: today}
	var err error
	if c.To != "" {
		if span.To, err = calendar.Parse(c.To); err != nil {
			return nil, span, misused{"--to: " + err.Error()}
		}
	}
	if span.From = span.To - flowDays + 1; c.From != "" {
		if span.From, err = calendar.Parse(c.From); err != nil {
			return nil, span, misused{"--from: " + err.Error()}
		}
	}
	switch {
	case span.To > today:
		return nil, span, misused{fmt.Sprintf("--to: %s has not come yet", span.To)}
	case span.From > span.To:
		return nil, span, misused{fmt.Sprintf("--from: %s lies after the last day, %s", span.From, span.To)}
	case span.Len() > farthest:
		return nil, span, misused{fmt.Sprintf("--from: %s lies more than %d days before %s", span.From, farthest, span.To)}
	case span.To == today:
		f, err := sight.Flow(ctx)
		return f, span, err
	}
	f, err := sight.FlowAt(ctx, span.To.End(a.Zone()))
	return f, span, err
}

// farthest is how many days are counted at most: twenty years.
const farthest = 7305

// flowCSV prints a row for every card. What does not apply is empty.
func flowCSV(w io.Writer, f *view.Flow) error {
	rows := [][]string{{"card", "key", "title", "column", "unit", "class", "type", "planned", "created", "committed", "started", "done", "cancelled",
		"cycle_days", "lead_days", "customer_lead_days", "age_days", "active_h", "wait_h", "blocked_h", "reopened", "backflow"}}
	for _, i := range f.Items {
		r := flow.NewCardReport(i, f.Clock)
		key, title := called(f, i.Card)
		rows = append(rows, []string{
			string(i.Card), plain(key), plain(title), orUnmapped(i.Column), string(i.Unit), i.Class, i.Type, view.YesNo(r.Planned),
			moment(&r.Created), moment(r.Committed), moment(r.Started), moment(r.Done), moment(r.Cancelled),
			number(r.CycleDays), number(r.LeadDays), number(r.CustomerLead), number(r.AgeDays), decimal(r.ActiveHours), decimal(r.WaitHours), decimal(r.BlockedHours),
			strconv.Itoa(r.Reopened), strconv.Itoa(r.Backflow),
		})
	}
	return sheet.Write(w, rows...)
}

// called is the leading key of a card and its title, as far as its reader may know them.
func called(f *view.Flow, id kanban.CardID) (key, title string) {
	card, ok := f.Card(id)
	if ok && len(card.Sides) > 0 {
		key = card.Sides[0].Key
	}
	return key, card.Title
}

func orUnmapped(c kanban.ColumnKey) string { return orWords(string(c), view.ColumnUnmapped) }

func moment(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func decimal(h *float64) string {
	if h == nil {
		return ""
	}
	return strconv.FormatFloat(*h, 'f', 2, 64)
}
