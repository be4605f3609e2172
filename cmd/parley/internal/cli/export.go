package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

type exportCommand struct {
	Cards    exportCardsCommand    `cmd:"" help:"Print the cards as CSV, as an audience sees them."`
	Events   exportEventsCommand   `cmd:"" help:"Print what happened to the cards as CSV, as an audience may know it."`
	Contract exportContractCommand `cmd:"" help:"Print the ledgers of contracts as CSV, an entry a row, as an audience may know them."`
	Flow     exportFlowCommand     `cmd:"" help:"Compute flow numbers of the board's cards, or of a file of events: cycle and lead times, ages, throughput, work in progress."`
}

type exportFlowCommand struct {
	As   string `help:"Whose eyes to look with: ops, it, wall or unit:KEY." default:"ops" placeholder:"AUDIENCE"`
	From string `help:"First day that is counted. Where it is left out: 90 days up to the last one, with --events all days of the file." placeholder:"YYYY-MM-DD"`
	To   string `help:"Last day that is counted, and as of whose end the numbers are; today where it is left out." placeholder:"YYYY-MM-DD"`
	CSV  bool   `help:"Print a row for every card." name:"csv" xor:"form"`
	JSON bool   `help:"Print one JSON document." name:"json" xor:"form"`

	Events   string `help:"In the place of the board: a CSV file with the columns card, at, kind, from, to, side, note. No configuration is needed." placeholder:"FILE.csv" type:"existingfile"`
	Now      string `help:"With --events alone: the moment that the numbers are as of, as 2026-11-20T18:00:00Z or 2026-11-20 for the end of that day; now where it is left out." placeholder:"TIME"`
	Timezone string `help:"With --events: zone of the days that are counted." default:"UTC" placeholder:"ZONE"`
}

// eventColumns are the columns that an event file may name, in their order: those of the
// default board, also by the names that other tools' files use.
func eventColumns() kanban.Layout {
	return kanban.Layout{Columns: []kanban.Column{
		{Key: "requests", Category: kanban.Option}, {Key: "requested", Category: kanban.Option},
		{Key: "committed", Category: kanban.Queue}, {Key: "doing", Category: kanban.Active}, {Key: "review", Category: kanban.Active},
		{Key: "waiting", Category: kanban.Wait}, {Key: "waiting_business", Category: kanban.Wait}, {Key: "verify", Category: kanban.Active},
		{Key: "done", Category: kanban.Done}, {Key: "cancelled", Category: kanban.Cancelled}, {Key: "withdrawn", Category: kanban.Cancelled},
	}}
}

// Run computes the numbers.
func (c exportFlowCommand) Run(ctx context.Context, s *session) error {
	if c.Events == "" {
		if c.Now != "" {
			return misused{"--now goes with --events; of the board's cards --to says as of which day"}
		}
		return c.stored(ctx, s)
	}
	if c.To != "" || c.CSV || c.As != "ops" {
		return misused{"--as, --to and --csv are about the board's cards, not about a file of --events; --now says as of when it is read"}
	}
	return c.file(s)
}

// file computes the numbers of a file; it needs no configuration and no store.
func (c exportFlowCommand) file(s *session) error {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return misused{fmt.Sprintf("--timezone: there is no zone %.60q; name one as Europe/Paris", c.Timezone)}
	}
	now, err := momentOf(c.Now, zone)
	if err != nil {
		return err
	}
	items, err := readItems(c.Events, now)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Events, err)
	}
	clock := flow.Clock{Now: now, Zone: zone}
	span := flow.Extent(items, clock)
	if c.From != "" {
		switch span.From, err = calendar.Parse(c.From); {
		case err != nil:
			return misused{"--from: " + err.Error()}
		case span.From > span.To:
			return misused{fmt.Sprintf("--from: %s lies after the last day, %s", span.From, span.To)}
		}
	}
	if c.JSON {
		return printJSON(s.Out, flow.NewReport(items, named(items), clock, span))
	}
	return printFlow(s.Out, items, named(items), clock, span, func(id kanban.CardID) (string, string) { return string(id), "" })
}

// momentOf reads --now: a moment, the end of a day, or the present.
func momentOf(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	if day, err := calendar.Parse(text); err == nil {
		return day.End(zone), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, misused{fmt.Sprintf("--now: %.40q is neither a moment as 2026-11-20T18:00:00Z nor a day as 2026-11-20", text)}
	}
	return at, nil
}

// readItems folds the events of a file, as far as they had happened by then.
func readItems(name string, now time.Time) (items []flow.Item, err error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	events, traits, err := flow.ReadCSV(file)
	if err != nil {
		return nil, err
	}
	board := flow.NewBoard(eventColumns())
	for _, e := range events {
		if e.To != "" && board.Category(e.To) == "" {
			return nil, fmt.Errorf("card %.40q: there is no column %.40q; there are %s", e.Card, e.To, columnKeys())
		}
	}
	events = slices.DeleteFunc(events, func(e flow.Event) bool { return e.At.After(now) })
	for id, track := range flow.Fold(board, events) {
		items = append(items, flow.Item{Track: track.At(board, now), Traits: new(traits[id])})
	}
	return items, nil
}

func columnKeys() (keys []kanban.ColumnKey) {
	for _, c := range eventColumns().Columns {
		keys = append(keys, c.Key)
	}
	return keys
}

// named are the columns that some card has been in.
func named(items []flow.Item) kanban.Layout {
	l := eventColumns()
	l.Columns = slices.DeleteFunc(l.Columns, func(c kanban.Column) bool {
		return !slices.ContainsFunc(items, func(i flow.Item) bool { _, was := i.Visit(c.Key); return was })
	})
	return l
}
