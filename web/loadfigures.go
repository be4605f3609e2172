package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"parley/kanban"
	"parley/sync/view"
	"parley/web/chart"
)

// workTiles are the five answers of the page about workload.
func workTiles(l view.Workload, w flowWays) []tile {
	out := []tile{
		workTile(l, w),
		{Name: "Nobody planned", Value: view.Grouped(l.Unplanned.N), Unit: "of " + view.Grouped(l.Work.N), Link: w.cards(l.Unplanned), Hatch: l.Unplanned.N > 0,
			Note: fmt.Sprintf("of what was finished %s by count, %s by days, %s by hours in active columns", percentOf(l.Shares.ByCount), percentOf(l.Shares.ByDays), percentOf(l.Shares.ByActive))},
		{Name: "With the business"}, heldTile(l, w),
		{Name: "Nobody touched", Value: view.Grouped(l.Untouched.N), Unit: "open cards", Note: fmt.Sprintf("for %d days or longer", view.UntouchedDays), Link: w.cards(l.Untouched)},
	}
	for _, t := range l.Turns {
		if t.Party == kanban.Business {
			out[2] = tile{Name: "With the business", Value: view.Grouped(t.Work.N), Unit: "of " + view.Grouped(l.Work.N), Note: "it has the turn: to answer or to accept", Link: w.cards(t.Work)}
		}
	}
	return out
}

// workTile tells how much is under way. The limits are about what stands in the columns of
// work, which is not all where cards were moved back, or no column claims them.
func workTile(l view.Workload, w flowWays) tile {
	out := tile{Name: "In work", Value: view.Grouped(l.Work.N), Link: w.cards(l.Work), Note: fmt.Sprintf("%d of them blocked", l.Blocked.N)}
	in := l.Work.N - l.Outside.N
	switch {
	case l.Outside.N > 0 && l.Limit > 0:
		out.Note = fmt.Sprintf("%d of %d in the columns of work, %d in others", in, l.Limit, l.Outside.N)
	case l.Outside.N > 0:
		out.Note += fmt.Sprintf(", %d in no column of work", l.Outside.N)
	case l.Limit > 0:
		out.Unit = "of " + view.Grouped(l.Limit)
	}
	if out.Over = len(l.Over) > 0; out.Over {
		out.Note = overColumns(l.Over)
	}
	return out
}

// heldTile tells what fires held up, to those who may know in whose hands cards are.
func heldTile(l view.Workload, w flowWays) tile {
	out := tile{Name: "Held up by unplanned work", Value: view.Grouped(l.HeldCards.N), Unit: "planned cards", Note: fmt.Sprintf("%s lost in all; %s in %s", kanban.Count(l.HeldDays, "card-day", "card-days"), kanban.Count(l.Burned.N, "fire", "fires"), kanban.Count(l.Query.Days, "day", "days")), Link: w.cards(l.HeldCards)}
	switch {
	case !l.HeldKnown:
		out.Value, out.Unit, out.Link = "–", "", ""
		out.Note = kanban.Count(l.Burned.N, "fire", "fires") + "; " + heldUnknown
	case l.HeldPart:
		out.Note += ". Some cards hide who works on them; they are not counted"
	}
	return out
}

// heldUnknown is what those read who may not know in whose hands cards are.
const heldUnknown = "what they held up is told by who works on it, and that is not shown to you"

// workFigures are the charts and tables of the page about workload.
func workFigures(l view.Workload, w flowWays) []chart.Figure {
	out := []chart.Figure{shareFigure(l, w), firesWeekFigure(l, w), loadFigure("units", "Who asked for it", "cards under way by business unit", "Unit", l.Units, w), distribution(l.Types, w)}
	if l.Named {
		out = append(out, loadFigure("teams", "Which team has it", "cards under way by team", "Team", l.Teams, w), loadFigure("people", "Who works on it", "cards under way by person", "Person", l.People, w))
	}
	return append(out, turnsFigure(l, w), starvedFigure(l, w), drainFigure(l, w), urgentFigure(l, w), firesFigure(l, w), heldFigure(l), forgottenFigure(l))
}

func shareFigure(l view.Workload, w flowWays) chart.Figure {
	f := chart.Figure{ID: "share", Title: "Planned and unplanned", Note: byWeek("share of each week's time in work that nobody had planned; the rest was planned", l.Weeks), Desc: "The share of unplanned work by week: of the days that cards were under way."}
	f.Table = chart.Table{Key: "unplanned", Caption: "Planned and unplanned by week", Head: append(append(chart.Words("Week of"), chart.Nums("Card days", "Unplanned card days", "Unplanned by time, %", "Finished", "Unplanned finished")...), chart.Words("Whole week")...)}
	bars := chart.Bars{Unit: "% of time, unplanned"}
	for _, x := range l.Weeks {
		g := weekGroup(x)
		if x.Days > 0 {
			part := 100 * x.ByTime()
			g.Bars = []chart.Bar{{Top: fmt.Sprintf("%.0f", part), Parts: []chart.Part{{Kind: chart.Unplanned, Value: part, Name: fmt.Sprintf("%.0f %% unplanned, %.0f %% planned", part, 100-part)}}}}
		}
		bars.Groups = append(bars.Groups, g)
		f.Table.Add(x.Monday, x.Days, x.UnplannedDays, 100*x.ByTime(), w.num(x.Finished), w.num(x.Fires), view.YesNo(x.Whole))
	}
	f.Chart = bars
	return f
}

func firesWeekFigure(l view.Workload, w flowWays) chart.Figure {
	f := chart.Figure{ID: "interruptions", Title: "Interruptions", Note: byWeek("unplanned cards that were begun, by week", l.Weeks), Desc: "How many unplanned cards were begun in each week."}
	f.Table = chart.Table{Key: "interruptions", Caption: "Cards begun by week", Head: append(append(chart.Words("Week of"), chart.Nums("Unplanned", "All")...), chart.Words("Whole week")...)}
	bars := chart.Bars{Unit: "cards"}
	for _, x := range l.Weeks {
		bars.Groups = append(bars.Groups, weekGroup(x, chart.Bar{Top: fmt.Sprint(x.Unplanned.N), Parts: []chart.Part{{Kind: chart.Unplanned, Value: float64(x.Unplanned.N), Name: fmt.Sprintf("%d unplanned", x.Unplanned.N)}}}))
		f.Table.Add(x.Monday, w.num(x.Unplanned), w.num(x.Started), view.YesNo(x.Whole))
	}
	f.Chart = bars
	return f
}

// shownLoads is how many carriers a chart has room for.
const shownLoads = 12

func loadFigure(id, title, note, who string, loads []view.Load, w flowWays) chart.Figure {
	f := chart.Figure{ID: id, Title: title, Note: note, Desc: title + ", those with most under way first.", Keys: plannedKeys()}
	f.Table = chart.Table{Key: "by-" + id, Caption: title, Head: append(chart.Words(who), chart.Nums("Under way", "Unplanned", "With the business", "Open", "Limit")...)}
	var rows chart.Rows
	for n, l := range loads {
		text := fmt.Sprint(l.Work.N)
		limit := any("")
		if l.Limit > 0 {
			text, limit = fmt.Sprintf("%d of %d", l.Counted, l.Limit), l.Limit
		}
		if over := l.Counted - l.Limit; l.Limit > 0 && over > 0 {
			text += fmt.Sprintf(", %d over", over)
		}
		if planned := l.Work.N - l.Unplanned.N; n < shownLoads {
			rows.Rows = append(rows.Rows, chart.Row{Name: l.Name, Text: text, Limit: float64(l.Limit), Over: l.Limit > 0 && l.Counted > l.Limit, Parts: []chart.Part{
				{Kind: chart.Planned, Value: float64(planned), Name: fmt.Sprintf("%d planned", planned)}, {Kind: chart.Unplanned, Value: float64(l.Unplanned.N), Name: fmt.Sprintf("%d unplanned", l.Unplanned.N)},
			}})
		}
		f.Table.Add(l.Name, w.num(l.Work), w.num(l.Unplanned), w.num(l.Business), w.num(l.Open), limit)
	}
	if len(loads) > 0 && !slices.ContainsFunc(loads, func(l view.Load) bool { return l.Limit > 0 }) {
		f.Note += "; none of them has a limit"
	}
	if len(loads) > shownLoads {
		f.Note += fmt.Sprintf("; %d more in the table", len(loads)-shownLoads)
	}
	f.Chart = rows
	if len(loads) == 0 {
		f.Chart, f.Refused = nil, "Nothing is open."
	}
	return f
}

func turnsFigure(l view.Workload, w flowWays) chart.Figure {
	f := chart.Figure{ID: "turns", Title: "Whose turn it is", Note: "of the cards under way"}
	f.Table = chart.Table{Key: "turns", Caption: "Cards under way by whose turn it is", Head: append(chart.Words("Turn"), chart.Nums("Cards")...)}
	var split chart.Split
	for _, t := range l.Turns {
		f.Table.Add(turnName(t.Party), w.num(t.Work))
		if t.Work.N > 0 {
			split.Parts = append(split.Parts, chart.Part{Kind: partyKind(t.Party), Value: float64(t.Work.N), Name: fmt.Sprintf("%s %d", turnName(t.Party), t.Work.N)})
			f.Desc += fmt.Sprintf("%s: %s. ", turnName(t.Party), kanban.Count(t.Work.N, "card", "cards"))
		}
	}
	for _, u := range l.Units {
		if u.Business.N > 0 {
			f.Table.Add("Business, "+u.Name, w.num(u.Business))
		}
	}
	f.Chart = split
	if len(split.Parts) == 0 {
		f.Chart, f.Refused = nil, "Nothing is under way."
	}
	return f
}

// someOf says that a table holds some of what there is.
func someOf(shown, all int) string {
	if shown >= all {
		return ""
	}
	return fmt.Sprintf(", %d of %s", shown, view.Grouped(all))
}

// sameHands says which cards a piece of unplanned work is held against.
const sameHands = "the same hands are those of one person or, where nobody is named, of one team"

func firesFigure(l view.Workload, w flowWays) chart.Figure {
	f := chart.Figure{ID: "fires", Title: "What fires cost", Note: "card-days: working days that planned cards in the same hands stood still meanwhile; " + sameHands, Desc: fmt.Sprintf("The bill of each piece of unplanned work, the dearest first. A day on which several burned is on the bill of each: together they cost %s.", kanban.Count(l.HeldDays, "card-day", "card-days"))}
	f.Table = chart.Table{Key: "fires", Caption: "Unplanned work and what it held up" + someOf(len(l.Fires), l.Burned.N), Head: append(chart.Words("Fire", "Title"), chart.Nums("Working days", "Planned cards held up", "Card-days that they stood still")...)}
	var rows chart.Rows
	for n, x := range l.Fires {
		if n < shownLoads && x.Bill > 0 {
			rows.Rows = append(rows.Rows, chart.Row{Name: cmp.Or(x.Key, x.Title), Text: kanban.Count(x.Bill, "card-day", "card-days"), Parts: []chart.Part{{Kind: chart.Unplanned, Value: float64(x.Bill), Name: kanban.Count(x.Bill, "card-day", "card-days")}}})
		}
		held, bill := any(w.num(x.Held)), any(x.Bill)
		if !l.HeldKnown {
			held, bill = "not shown to you", "not shown to you"
		}
		f.Table.Add(cardCell(x.CardName), x.Title, x.Days, held, bill)
	}
	if len(rows.Rows) == shownLoads && len(l.Fires) > shownLoads {
		f.Note += fmt.Sprintf("; %d more in the table", len(l.Fires)-shownLoads)
	}
	f.Chart = rows
	switch {
	case l.Burned.N == 0:
		f.Chart, f.Refused = nil, "No unplanned work in this time."
	case !l.HeldKnown:
		f.Chart, f.Refused = nil, fmt.Sprintf("%s in this time; %s.", kanban.Count(l.Burned.N, "fire", "fires"), heldUnknown)
	case len(rows.Rows) == 0:
		f.Chart, f.Refused = nil, fmt.Sprintf("%s in this time, and no planned card in the same hands stood still. For that, cards need somebody who works on them.", kanban.Count(l.Burned.N, "fire", "fires"))
	}
	return f
}

func heldFigure(l view.Workload) chart.Figure {
	f := chart.Figure{ID: "held", Title: "What was held up", Note: "each sentence can go on the ticket as it is"}
	f.Table = chart.Table{Key: "held-up", Caption: "Planned cards that fires held up" + someOf(len(l.Held), l.HeldCards.N), Head: append(append(chart.Words("Card", "Title", "Unit", "Due", "Expected"), chart.Nums("Working days")...), chart.Words("In words")...)}
	for _, h := range l.Held {
		f.Table.Add(cardCell(h.CardName), h.Title, h.Unit, h.Due, h.Expected, h.Days, h.Sentence)
	}
	switch {
	case !l.HeldKnown:
		f.Refused = sentence(heldUnknown)
	case len(l.Held) == 0:
		f.Refused = "No planned card stood still because of unplanned work."
	}
	return f
}

func drainFigure(l view.Workload, w flowWays) chart.Figure {
	f := chart.Figure{ID: "drain", Title: "When it will be done with", Note: "open cards now, and how many weeks they last at the pace of this time; red: more comes in than goes out", Desc: "For each unit what comes in and goes out in a week, and how long its open cards last."}
	f.Table = chart.Table{Key: "drain", Caption: "Open cards and how long they last", Head: append(append(chart.Words("Unit"), chart.Nums("Open", "Came in", "Left", "In, per week", "Out, per week", "Measured, days")...), chart.Words("Lasts")...)}
	var rows chart.Rows
	for _, d := range l.Drains {
		lasts := kanban.Count(int(math.Round(d.Weeks)), "week", "weeks")
		if d.Weeks < 0.5 {
			lasts = "less than a week"
		}
		if d.Never {
			lasts = "never"
		} else if d.Open.N == 0 {
			lasts = "nothing open"
		}
		if d.Open.N > 0 && len(rows.Rows) < shownLoads {
			text := fmt.Sprintf("%d, %s", d.Open.N, lasts)
			if d.Never {
				text = fmt.Sprintf("%d, %s", d.Open.N, growth(d.Arrivals-d.Done))
			}
			rows.Rows = append(rows.Rows, chart.Row{Name: d.Name, Text: text, Over: d.Never, Parts: []chart.Part{{Kind: chart.Queue, Value: float64(d.Open.N), Name: fmt.Sprintf("%d open", d.Open.N)}}})
		}
		if d.Never {
			lasts = fmt.Sprintf("never: %s a week come in, %s go out", oneOrTwo(d.Arrivals), oneOrTwo(d.Done))
		}
		f.Table.Add(d.Name, w.num(d.Open), w.num(d.Created), w.num(d.Left), d.Arrivals, d.Done, d.Days, lasts)
	}
	f.Chart = rows
	if len(rows.Rows) == 0 {
		f.Chart, f.Refused = nil, "Nothing is open."
	}
	return f
}

// oneOrTwo is a rate with so many digits that it is not 0.
func oneOrTwo(rate float64) string {
	if rate < 0.1 && rate > 0 {
		return fmt.Sprintf("%.2f", rate)
	}
	return fmt.Sprintf("%.1f", rate)
}

// growth is by how much open cards become more.
func growth(rate float64) string {
	if rate < 0.05 {
		return "no fewer"
	}
	return fmt.Sprintf("+%.1f a week", rate)
}

func urgentFigure(l view.Workload, w flowWays) chart.Figure {
	f := chart.Figure{ID: "urgent", Title: "How much is urgent", Note: "open cards of the two highest priorities, of two the highest; when most are urgent, none is", Desc: "The share of each unit's open cards that is urgent. It is red where it is more than twice what the unit's contract gives a slot, or without such a contract more than half."}
	f.Table = chart.Table{Key: "urgency", Caption: "Urgent open cards by unit", Head: append(append(chart.Words("Unit"), chart.Nums("Urgent", "Open", "Share, %", "At most, %")...), chart.Words("Says")...)}
	var rows chart.Rows
	for _, u := range l.Inflation {
		says := ""
		switch {
		case u.High && u.Agreed > 0:
			says = "more than twice the " + percentOf(u.Agreed) + " of what comes in that the contract gives a slot"
		case u.High:
			says = "more than half: priorities say little here"
		}
		if u.Open.N > 0 && len(rows.Rows) < shownLoads {
			rows.Rows = append(rows.Rows, chart.Row{Name: u.Name, Text: percentOf(u.Share), Over: u.High, Parts: []chart.Part{{Kind: chart.Risk, Value: u.Share, Name: percentOf(u.Share) + " urgent"}, {Kind: chart.Faint, Value: 1 - u.Share, Name: "the rest"}}})
		}
		f.Table.Add(u.Name, w.num(u.Top), w.num(u.Open), 100*u.Share, 100*u.Bound, says)
	}
	f.Chart = rows
	if len(rows.Rows) == 0 {
		f.Chart, f.Refused = nil, "Nothing is open."
	}
	return f
}

func starvedFigure(l view.Workload, w flowWays) chart.Figure {
	f := chart.Figure{ID: "starved", Title: "What is always put off", Note: "work types with open cards of which less was finished than is meant for them"}
	f.Table = chart.Table{Key: "starved", Caption: "Work types that are put off", Head: append(chart.Words("Type"), chart.Nums("Open", "Share of the open, %", "Share of the finished, %", "At least, %")...)}
	for _, s := range l.Starved {
		f.Table.Add(typeName(s.Type), w.num(s.Open), 100*s.Part, 100*s.Share, 100*s.Floor)
	}
	if len(l.Starved) == 0 {
		f.Refused = "None: of every work type with open cards enough was finished in this time."
	}
	return f
}

func forgottenFigure(l view.Workload) chart.Figure {
	f := chart.Figure{ID: "forgotten", Title: "What nobody looks at", Note: fmt.Sprintf("open cards to which nothing happened for %d days, the longest first", view.UntouchedDays)}
	f.Table = chart.Table{Key: "untouched", Caption: "Open cards that nobody touched" + someOf(len(l.Forgotten), l.Untouched.N), Head: append(chart.Words("Card", "Title", "Unit", "Column"), chart.Nums("Days")...)}
	for _, x := range l.Forgotten {
		f.Table.Add(cardCell(x.CardName), x.Title, x.Unit, x.Column, x.Days)
	}
	if len(l.Forgotten) == 0 {
		f.Refused = "None: something happened to every open card."
	}
	return f
}
