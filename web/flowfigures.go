package web

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/flow"
	"parley/sync/view"
	"parley/web/chart"
)

func partyOf(s string) kanban.Party { return kanban.Party(s) }

// flowTiles are the five answers of the page about flow.
func flowTiles(p view.FlowPicture, w flowWays) []tile {
	out := []tile{
		{Name: "Finished", Value: fmt.Sprintf("%.1f", flow.PerWeek(p.Finished.N, p.Recorded)), Unit: "a week", Note: fmt.Sprintf("%d in %s, %d not planned", p.Finished.N, recordedDays(p), p.Unplanned.N), Link: w.cards(p.Finished)},
		{Name: "Usual time to finish", Value: "–", Note: fmt.Sprintf("%d finished: too few to say", p.Cycle.N), Link: w.cards(p.Finished)},
		{Name: inWork(p.Query), Value: view.Grouped(p.Work.N), Note: fmt.Sprintf("their ages add up to %s d; the oldest %d d", view.Grouped(p.WorkDays), p.Oldest), Link: w.cards(p.Work)},
		overloadTile(p, w),
		{Name: "Time in active columns", Value: "–", Note: p.Efficiency.Why},
	}
	if p.Cycle.Known {
		out[1] = tile{Name: "Usual time to finish", Value: fmt.Sprint(p.Cycle.P85), Unit: "d or less", Note: promiseWords(p.Promise), Link: w.cards(p.Finished)}
	}
	if p.Efficiency.Known {
		out[4] = tile{Name: "Time in active columns", Value: percentOf(p.Efficiency.Ratio), Unit: "of elapsed time", Note: "of all finished cards together; the mean of each is " + percentOf(p.Efficiency.Mean), Link: w.list(p.Efficiency.Cards)}
	}
	return out
}

// inWork is what work is called that is under way when the days end.
func inWork(q view.FlowQuery) string {
	if q.To != "" {
		return "In work at the end"
	}
	return "In work now"
}

// recordedDays are the days that rates are of, and why where they are not those asked for.
func recordedDays(p view.FlowPicture) string {
	days := kanban.Count(p.Recorded, "day", "days")
	if p.Recorded < p.Query.Days {
		days += " since the first card"
	}
	return days
}

// overloaded is for how many weeks in a row more is begun than ended before it is called
// overload.
const overloaded = 3

func overloadTile(p view.FlowPicture, w flowWays) tile {
	t := tile{Name: "More started than finished", Value: "0", Unit: "this week so far"}
	if n := len(p.Weeks); n > 0 {
		last := p.Weeks[n-1]
		t.Value, t.Link = fmt.Sprintf("%+d", last.Net), w.cards(last.Started)
		t.Note = fmt.Sprintf("%d begun, %d ended", last.Started.N, last.Ended.N+last.Returned.N)
	}
	if p.Overload >= overloaded {
		t.Note, t.Over = fmt.Sprintf("a sign of overload; this week so far %s: %s", t.Value, t.Note), true
		t.Value, t.Unit = fmt.Sprint(p.Overload), "whole weeks in a row"
	}
	return t
}

// promiseWords tells how the expectation of before was met.
func promiseWords(p view.Promise) string {
	if p.Refused != "" {
		return "for 85 of 100; no promise yet: " + p.Refused
	}
	return fmt.Sprintf("for 85 of 100; before it was %d d, and %s kept to that", p.Days, percentOf(p.Met))
}

func percentOf(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// flowFigures are the charts and tables of the page about flow.
func flowFigures(p view.FlowPicture, w flowWays) []chart.Figure {
	all := []chart.Figure{timesFigure(p), cumulativeFigure(p), agingFigure(p), finishedFigure(p, w), netFigure(p, w), spreadFigure(p, w)}
	if p.Query.To == "" { // what is over is not forecast
		all = append(all, howManyFigure(p), whenFigure(p), projectsFigure(p, w))
	}
	return append(all, distribution(p.Types, w), courtsFigure(p, w), blockedFigure(p, w), clustersFigure(p, w), draftsFigure(p, w), solvedFigure(p, w))
}

func first(date string) time.Time {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}
	}
	return d
}

// daysFrom is how many days one date is after another.
func daysFrom(from time.Time, date string) int { return int(first(date).Sub(from).Hours() / 24) }

func spanOf(p view.FlowPicture) chart.Days { return chart.Days{From: first(p.From), N: p.Query.Days} }

func percentilesOf(s view.Spread) []chart.Percentile {
	if !s.Known {
		return nil
	}
	return []chart.Percentile{{Percent: 50, Days: s.P50}, {Percent: 85, Days: s.P85}, {Percent: 95, Days: s.P95}}
}

func timesFigure(p view.FlowPicture) chart.Figure {
	s := chart.Scatter{Days: spanOf(p), Lines: percentilesOf(p.Cycle)}
	t := chart.Table{Key: "cycle-times", Caption: "Finished cards, those that took longest first", Head: append(chart.Words("Card", "Finished"), append(chart.Nums("Days"), chart.Words("Planned")...)...)}
	days := map[string]int{} // of a date, since the first; there are far fewer than dots
	s.Dots = make([]chart.Dot, len(p.Dots))
	for n, d := range p.Dots {
		day, ok := days[d.Day]
		if !ok {
			day = daysFrom(s.Days.From, d.Day)
			days[d.Day] = day
		}
		s.Dots[n] = chart.Dot{Day: day, Value: d.Days, Open: !d.Planned, Name: d.Key}
	}
	t.Later = chart.Later{N: len(p.Dots), Row: func(n int) []any {
		d := &p.Dots[n]
		return []any{cardCell(d.CardName), d.Day, d.Days, view.YesNo(d.Planned)}
	}}
	f := chart.Figure{ID: "times", Title: "How long work took", Note: "each dot a finished card; open dots were not planned", Table: t, Chart: s}
	f.Desc = fmt.Sprintf("%s finished from %s to %s.", kanban.Count(p.Finished.N, "card was", "cards were"), dayWords(p.From), dayWords(p.To))
	if p.Cycle.Known {
		f.Desc += fmt.Sprintf(" Half took %d days or less, 85 of 100 %d or less, 95 of 100 %d or less.", p.Cycle.P50, p.Cycle.P85, p.Cycle.P95)
	}
	if p.Finished.N == 0 {
		f.Chart, f.Refused = nil, "Nothing was finished in this time. Choose a longer one."
	}
	return f
}

func cumulativeFigure(p view.FlowPicture) chart.Figure {
	s := chart.Stack{Days: spanOf(p)}
	t := chart.Table{Key: "cumulative-flow", Caption: "Cards that had come as far, by the end of the day", Head: chart.Words("Day")}
	for _, l := range p.Cumulative {
		band := chart.Band{Name: l.Name, Kind: columnKind(l), Values: l.Cards}
		t.Head = append(t.Head, chart.Nums(l.Name)...)
		if l.Column == "" { // of what left before the diagram nothing is drawn
			band.Values = slices.Clone(l.Cards)
			for day := range band.Values {
				band.Values[day] += s.From - l.Before
			}
		} else {
			s.From = l.Before
		}
		s.Bands = append(s.Bands, band)
	}
	for day := s.Days.N - 1; day >= 0; day-- {
		row := []any{s.Days.From.AddDate(0, 0, day).Format(time.DateOnly)}
		for _, l := range p.Cumulative {
			if day < len(l.Cards) {
				row = append(row, l.Cards[day])
			}
		}
		t.Add(row...)
	}
	f := chart.Figure{ID: "cumulative", Title: "How far work has come", Note: "cards in work by column, and those that left it, day by day; hatched: waits for the business", Table: t, Chart: s}
	f.Desc = "Cumulative flow from " + dayWords(p.From) + " to " + dayWords(p.To) + ". A band that grows wider is work that piles up in its column. A card that went back a column is drawn where it had come to."
	if s.From > 0 {
		f.Desc += fmt.Sprintf(" The diagram begins with the %s before its first day; the table counts them too.", kanban.Count(s.From, "card that had left", "cards that had left"))
	}
	return f
}

// columnKind is how a column is drawn.
func columnKind(l view.CumulativeLine) chart.Kind {
	switch {
	case l.Category == kanban.Queue:
		return chart.Queue
	case l.Category == kanban.Done:
		return chart.Finished
	case l.Category == kanban.Cancelled:
		return chart.Faint
	case l.Turn == kanban.Business && l.Category == kanban.Wait:
		return chart.Waits
	case l.Turn == kanban.Business:
		return chart.Soft
	case l.Turn == kanban.Third:
		return chart.Third
	}
	return chart.IT
}

func agingFigure(p view.FlowPicture) chart.Figure {
	var a chart.Aging
	t := chart.Table{Key: "aging", Caption: "Cards under way, the oldest of each column first", Head: append(append(chart.Words("Column", "Card"), chart.Nums("Age, days")...), chart.Words("Against what is usual", "85 of 100 as old were finished by", "Planned")...)}
	late, known := 0, false
	type row struct {
		column string
		*view.AgingCard
	}
	rows := make([]row, 0, p.Work.N)
	for _, c := range p.Aging {
		col := chart.AgingColumn{Name: c.Name, Dots: make([]chart.AgingDot, len(c.Cards))}
		for _, percent := range []int{50, 70, 85, 95} {
			if days, ok := c.Lines[percent]; ok {
				col.Lines = append(col.Lines, chart.Percentile{Percent: percent, Days: days})
				known = true
			}
		}
		late += c.Older.N
		for n, card := range c.Cards {
			col.Dots[n] = chart.AgingDot{Age: card.Age, Kind: bandKind(card.Band), Open: !card.Planned, Name: card.Called()}
			rows = append(rows, row{c.Name, &c.Cards[n]})
		}
		a.Columns = append(a.Columns, col)
	}
	t.Later = chart.Later{N: len(rows), Row: func(n int) []any {
		c := rows[n].AgingCard
		return []any{rows[n].column, cardCell(c.CardName), c.Age, wordOr(ageWords(), string(c.Band), "not known yet"), c.By, view.YesNo(c.Planned)}
	}}
	f := chart.Figure{ID: "aging", Title: "What grows old now", Note: "age of each card under way against what was usual in its column", Table: t, Chart: a}
	f.Desc = fmt.Sprintf("%s under way; %d of them older than 95 of 100 finished cards were when they left the column.", kanban.Count(p.Work.N, "card is", "cards are"), late)
	if !known {
		f.Note = "age of each card under way; too few were finished to say what is usual"
	}
	if p.Work.N == 0 {
		f.Chart, f.Refused = nil, "Nothing is under way."
	}
	return f
}

func bandKind(b kanban.Band) chart.Kind {
	switch b {
	case kanban.BandWatch:
		return chart.Watch
	case kanban.BandRisk:
		return chart.Risk
	case kanban.BandLate:
		return chart.Late
	case kanban.BandNone, kanban.BandCalm:
	}
	return chart.Calm
}

func howManyFigure(p view.FlowPicture) chart.Figure {
	f := chart.Figure{ID: "howmany", Title: "How many by " + dayWords(p.Forecast.By), Note: "chance in 100 of at least so many; " + learned(p.Forecast.Learned)}
	f.Table = chart.Table{Key: "how-many", Caption: "Cards finished by " + dayWords(p.Forecast.By), Head: chart.Nums("At least", "Chance, %")}
	if p.Forecast.Refused != "" {
		f.Refused = "No forecast: " + p.Forecast.Refused + ". Choose a longer time to learn from, or wait."
		return f
	}
	bars := chart.Bars{Unit: "chance in 100", Max: 100}
	for _, c := range p.Forecast.Chances {
		kind := chart.Finished
		switch {
		case c.Percent >= 85:
			kind = chart.IT
		case c.Percent >= 50:
			kind = chart.Review
		}
		bars.Groups = append(bars.Groups, chart.Group{Label: fmt.Sprint(c.N), Bars: []chart.Bar{{Parts: []chart.Part{{Kind: kind, Value: c.Percent, Name: fmt.Sprintf("%d or more: %s", c.N, c.Words)}}, Top: chanceTop(c)}}})
		f.Table.Add(c.N, chart.Cell{Text: strings.TrimSuffix(c.Words, " %"), Data: strings.TrimLeft(strings.TrimSuffix(c.Words, " %"), "<>")})
	}
	f.Chart = bars
	for _, s := range p.Forecast.Sure {
		f.Desc += fmt.Sprintf("With %d %% certainty %s or more. ", s.Percent, kanban.Count(s.N, "card", "cards"))
	}
	return f
}

// learned says what a forecast is made of.
func learned(days int) string {
	return fmt.Sprintf("computed exactly from %s, today among them", kanban.Count(days, "day", "days"))
}

func chanceTop(c view.Chance) string {
	if c.Words == ">95 %" {
		return ">95"
	}
	return fmt.Sprintf("%.0f", c.Percent)
}

func whenFigure(p view.FlowPicture) chart.Figure {
	f := chart.Figure{ID: "when", Title: "When " + kanban.Count(p.Forecast.Items, "card is finished", "cards are finished"), Note: "dashed: not settled; the surer, the later; " + learned(p.Forecast.Learned)}
	f.Table = chart.Table{Key: "when", Caption: f.Title, Head: append(append(chart.Nums("Certainty, %"), chart.Words("By")...), chart.Nums("Days from now")...)}
	switch {
	case p.Forecast.Refused != "" && len(p.Forecast.When) == 0:
		f.Refused = "No forecast: " + p.Forecast.Refused + "."
		return f
	case p.Forecast.Never != "":
		f.Refused = "No forecast: " + p.Forecast.Never + "."
		return f
	}
	d := chart.Dates{Today: first(p.To)}
	row := chart.DateRow{Name: f.Title}
	for _, x := range p.Forecast.When {
		row.Marks = append(row.Marks, chart.DateMark{Day: first(x.Date), Percent: x.Percent})
		f.Table.Add(x.Percent, x.Date, x.Days)
		f.Desc += fmt.Sprintf("With %d %% certainty by %s. ", x.Percent, dayWords(x.Date))
	}
	if p.Forecast.Beyond != "" {
		f.Note += "; " + p.Forecast.Beyond
	}
	d.Rows = []chart.DateRow{row}
	f.Chart = d
	return f
}
