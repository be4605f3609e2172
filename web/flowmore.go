package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/view"
	"parley/web/chart"
)

// weekGroup is what is drawn over a week.
func weekGroup(x view.Week, bars ...chart.Bar) chart.Group {
	return chart.Group{Label: first(x.Monday).Format("2 Jan"), Bars: bars, Partial: !x.Whole}
}

// byWeek says how weeks are drawn of which some days are not counted: the one that still
// runs, and the one in which the first day lies.
func byWeek(note string, weeks []view.Week) string {
	if slices.ContainsFunc(weeks, func(w view.Week) bool { return !w.Whole }) {
		note += "; pale and dashed: a week that is not over, or only partly counted"
	}
	return note
}

// plannedKeys tell planned and unplanned work apart.
func plannedKeys() []chart.Part {
	return []chart.Part{{Kind: chart.Planned, Name: "planned"}, {Kind: chart.Unplanned, Name: "nobody planned it"}}
}

func finishedFigure(p view.FlowPicture, w flowWays) chart.Figure {
	t := chart.Table{Key: "throughput", Caption: "Finished cards by week", Head: append(chart.Words("Week of"), append(chart.Nums("Finished", "Of them unplanned"), chart.Words("Whole week")...)...)}
	bars := chart.Bars{Unit: "cards"}
	for _, x := range p.Weeks {
		planned := x.Finished.N - x.Fires.N
		bars.Groups = append(bars.Groups, weekGroup(x, chart.Bar{Top: fmt.Sprint(x.Finished.N), Parts: []chart.Part{
			{Kind: chart.Planned, Value: float64(planned), Name: fmt.Sprintf("%d planned", planned)}, {Kind: chart.Unplanned, Value: float64(x.Fires.N), Name: fmt.Sprintf("%d unplanned", x.Fires.N)},
		}}))
		t.Add(x.Monday, w.num(x.Finished), w.num(x.Fires), view.YesNo(x.Whole))
	}
	return chart.Figure{ID: "throughput", Title: "What was finished", Note: byWeek("cards by week", p.Weeks), Table: t, Chart: bars, Keys: plannedKeys(),
		Desc: fmt.Sprintf("%s finished in %s, %d of them unplanned.", kanban.Count(p.Finished.N, "card was", "cards were"), kanban.Count(p.Query.Days, "day", "days"), p.Unplanned.N)}
}

func netFigure(p view.FlowPicture, w flowWays) chart.Figure {
	t := chart.Table{Key: "net-flow", Caption: "What came and went by week", Head: append(append(chart.Words("Week of"), chart.Nums("Begun", "Of them unplanned", "Done or given up", "Given back", "More begun than ended")...), chart.Words("Whole week")...)}
	bars := chart.Bars{Unit: "cards"}
	for _, x := range p.Weeks {
		out := x.Ended.N + x.Returned.N
		bars.Groups = append(bars.Groups, weekGroup(x,
			chart.Bar{Parts: []chart.Part{{Kind: chart.IT, Value: float64(x.Started.N), Name: fmt.Sprintf("%d begun", x.Started.N)}}}, chart.Bar{Parts: []chart.Part{{Kind: chart.Finished, Value: float64(out), Name: fmt.Sprintf("%d ended", out)}}},
		))
		t.Add(x.Monday, w.num(x.Started), w.num(x.Unplanned), w.num(x.Ended), w.num(x.Returned), fmt.Sprintf("%+d", x.Net), view.YesNo(x.Whole))
	}
	f := chart.Figure{ID: "net", Title: "What came and went", Note: byWeek("cards by week", p.Weeks), Table: t, Chart: bars, Keys: []chart.Part{{Kind: chart.IT, Name: "begun"}, {Kind: chart.Finished, Name: "done, given up or given back"}}, Desc: "Cards that were begun and cards that were ended, side by side for each week."}
	if p.Overload >= overloaded {
		f.Desc += fmt.Sprintf(" In each of the last %d whole weeks more was begun than ended: a sign of overload.", p.Overload)
	}
	return f
}

// lengthsOf tells lengths of time beside each other in one unit, by the longest of them:
// all in hours, or all in days.
func lengthsOf(most float64) func(hours float64) string {
	if most*3600 < hoursUpTo {
		return func(h float64) string { return fmt.Sprintf("%.0f h", h) }
	}
	return func(h float64) string {
		if h > 0 && h < 240 {
			return fmt.Sprintf("%.1f d", h/24)
		}
		return fmt.Sprintf("%.0f d", h/24)
	}
}

func courtsFigure(p view.FlowPicture, w flowWays) chart.Figure {
	c := p.Courts
	f := chart.Figure{ID: "courts", Title: "Where the time went", Note: fmt.Sprintf("of %s, from the commitment to the finish", kanban.Count(c.Cards.N, "finished card", "finished cards"))}
	f.Table = chart.Table{Key: "courts", Caption: "Time of finished cards", Head: append(chart.Words("Where"), chart.Nums("Hours", "Share, %")...)}
	if c.Whole() <= 0 {
		f.Refused = "Nothing was finished in this time."
		return f
	}
	var split chart.Split
	for _, x := range []struct {
		name  string
		kind  chart.Kind
		hours float64
	}{{"with IT", chart.IT, c.IT}, {"in queues", chart.Queue, c.Queue}, {"with the business", chart.Business, c.Business}, {"with a third party", chart.Third, c.Third}, {"blocked", chart.Blocked, c.Blocked}, {"with nobody", chart.Faint, c.Nobody}} {
		if x.hours <= 0 {
			continue
		}
		share := 100 * x.hours / c.Whole()
		split.Parts = append(split.Parts, chart.Part{Kind: x.kind, Value: x.hours, Name: fmt.Sprintf("%s %.0f %%", x.name, share)})
		f.Table.Add(chart.Cell{Text: x.name, Link: w.cards(c.Cards)}, x.hours, share)
		f.Desc += fmt.Sprintf("%.0f %% %s. ", share, x.name)
	}
	if e := p.Efficiency; e.Known {
		f.Desc += "Of the time from start to finish " + percentOf(e.Ratio) + " was spent in active columns, also where the business has the turn, and not blocked."
		f.Table.Add(chart.Cell{Text: "in active columns, of the time from start to finish", Link: w.list(e.Cards)}, e.Active, 100*e.Ratio)
	} else {
		f.Note += ". " + e.Why
	}
	f.Chart = split
	return f
}

func blockedFigure(p view.FlowPicture, w flowWays) chart.Figure {
	f := chart.Figure{ID: "blocked", Title: "What blocked it", Note: "how long cards could not go on, by whom it waited for and why", Desc: "Time that cards were blocked, the longest first."}
	f.Table = chart.Table{Key: "blocked", Caption: "Blocks within the time", Head: append(chart.Words("Waited for", "Reason"), chart.Nums("Hours", "Times")...)}
	var rows chart.Rows
	most := 0.0
	for _, b := range p.Blocked {
		most = max(most, b.Hours)
	}
	hoursWords := lengthsOf(most)
	for n, b := range p.Blocked {
		if n < 8 {
			rows.Rows = append(rows.Rows, chart.Row{Name: turnName(b.Party) + ": " + cmp.Or(b.Reason, "no reason given"), Text: hoursWords(b.Hours), Parts: []chart.Part{{Kind: partyKind(b.Party), Value: b.Hours, Name: hoursWords(b.Hours)}}})
		}
		f.Table.Add(turnName(b.Party), cmp.Or(b.Reason, "no reason given"), b.Hours, chart.Cell{Text: fmt.Sprint(b.Times), Link: w.list(b.Cards)})
	}
	f.Chart = rows
	if len(p.Blocked) == 0 {
		f.Chart, f.Refused = nil, "Nothing was blocked in this time."
	}
	return f
}

func partyKind(p kanban.Party) chart.Kind {
	switch p {
	case kanban.Business:
		return chart.Business
	case kanban.IT:
		return chart.IT
	case kanban.Third, kanban.Nobody:
	}
	return chart.Third
}

// distribution is what the work was made of.
func distribution(types []view.TypeShare, w flowWays) chart.Figure {
	f := chart.Figure{ID: "types", Title: "What the work was", Note: "cards by work type, and its share of the finished ones", Keys: []chart.Part{{Kind: chart.Planned, Name: "finished"}, {Kind: chart.Finished, Name: "under way"}}, Desc: "Finished cards by work type, with their share, and those under way."}
	f.Table = chart.Table{Key: "types", Caption: "Cards by work type", Head: append(chart.Words("Type"), chart.Nums("Finished", "Share, %", "Under way")...)}
	var rows chart.Rows
	for n, t := range types {
		if n < 8 {
			rows.Rows = append(rows.Rows, chart.Row{Name: typeName(t.Type), Text: fmt.Sprintf("%d · %.0f %%", t.Finished.N, 100*t.Share), Parts: []chart.Part{
				{Kind: chart.Planned, Value: float64(t.Finished.N), Name: fmt.Sprintf("%d finished", t.Finished.N)}, {Kind: chart.Finished, Value: float64(t.Work.N), Name: fmt.Sprintf("%d under way", t.Work.N)},
			}})
		}
		f.Table.Add(typeName(t.Type), w.num(t.Finished), 100*t.Share, w.num(t.Work))
	}
	f.Chart = rows
	if len(types) == 0 {
		f.Chart, f.Refused = nil, "Nothing was finished and nothing is under way."
	}
	return f
}

func spreadFigure(p view.FlowPicture, w flowWays) chart.Figure {
	f := chart.Figure{ID: "spread", Title: "What can be expected", Note: "so many of 100 took no longer than so many days", Keys: []chart.Part{{Kind: chart.Calm, Name: "50 of 100"}, {Kind: chart.Watch, Name: "85 of 100"}, {Kind: chart.Late, Name: "95 of 100"}}}
	f.Table = chart.Table{Key: "expectation", Caption: "Days by how many of 100 cards took no longer", Head: append(chart.Words("From … to the finish"), chart.Nums("50", "70", "85", "95", "Cards")...)}
	var rows chart.Rows
	for _, x := range []struct {
		name   string
		spread view.Spread
	}{{"from the start", p.Cycle}, {"from the commitment", p.Lead}, {"from the request", p.Customer}} {
		s := x.spread
		n := chart.Cell{Text: fmt.Sprint(s.N), Link: w.list(s.Cards)}
		if !s.Known {
			f.Table.Add(x.name, "too few", "too few", "too few", "too few", n)
			continue
		}
		f.Table.Add(x.name, s.P50, s.P70, s.P85, s.P95, n)
		rows.Rows = append(rows.Rows, chart.Row{Name: x.name, Text: fmt.Sprintf("85 %% %d d", s.P85), Parts: []chart.Part{{Kind: chart.Calm, Value: float64(s.P50), Name: fmt.Sprintf("50 of 100: %d d", s.P50)},
			{Kind: chart.Watch, Value: float64(s.P85 - s.P50), Name: fmt.Sprintf("85 of 100: %d d", s.P85)}, {Kind: chart.Late, Value: float64(s.P95 - s.P85), Name: fmt.Sprintf("95 of 100: %d d", s.P95)}}})
		f.Desc += fmt.Sprintf("Counted %s 85 of 100 cards took %d days or less. ", x.name, s.P85)
	}
	f.Desc += promiseWords(p.Promise) + "."
	f.Chart = rows
	if len(rows.Rows) == 0 {
		f.Chart, f.Refused = nil, fmt.Sprintf("%s finished, and %d are needed to say what is usual. Choose a longer time.", kanban.Count(p.Cycle.N, "card was", "cards were"), view.SpreadLeast)
	}
	return f
}

func projectsFigure(p view.FlowPicture, w flowWays) chart.Figure {
	f := chart.Figure{ID: "projects", Title: "Epics and milestones", Note: "when each is done at the pace at which its own cards were finished, which is slower than that of all cards; the diamond is the latest due date of its open cards", Desc: "Forecasts of epics and milestones with open cards."}
	f.Table = chart.Table{Key: "projects", Caption: "Epics and milestones with open cards, those due first", Head: append(append(chart.Words("Name"), chart.Nums("Done", "All")...), append(chart.Words("Due", "Whose date", "50 %", "85 %", "95 %", "Says"), chart.Nums("Days learned from")...)...)}
	d := chart.Dates{Today: first(p.To)}
	for _, x := range p.Projects {
		row := chart.DateRow{Name: fmt.Sprintf("%s · %d of %d", projectName(x), x.Done, x.All.N)}
		dates := map[int]string{}
		for _, m := range x.When {
			dates[m.Percent] = m.Date
			row.Marks = append(row.Marks, chart.DateMark{Day: first(m.Date), Percent: m.Percent})
		}
		if due, err := time.Parse(time.DateOnly, x.Due); err == nil {
			row.Due = due
		}
		says := cmp.Or(x.Refused, x.Beyond)
		switch {
		case x.Late:
			says = withWhy("likely to be late", says)
			row.Name += " · likely to be late"
		case x.InTime:
			says = withWhy("in time, 85 of 100 times", says)
		}
		if len(x.When) > 0 && len(d.Rows) < 8 {
			d.Rows = append(d.Rows, row)
		}
		f.Table.Add(projectCell(x), x.Done, w.num(x.All), x.Due, whoseDue(x), dates[50], dates[85], dates[95], says, x.Learned)
	}
	f.Chart = d
	switch {
	case len(p.Projects) == 0:
		f.Chart, f.Refused = nil, "No card belongs to an epic or milestone that has open cards."
	case len(d.Rows) == 0:
		f.Chart, f.Refused = nil, "None can be forecast: too little was finished of each. Choose a longer time to learn from."
	}
	return f
}

// projectName tells milestones of the same name apart, and says what an epic is about.
func projectName(x view.FlowProject) string {
	switch {
	case x.In != "":
		return x.Name + " (" + x.In + ")"
	case x.Title != "":
		return x.Name + " " + clip(x.Title)
	}
	return x.Name
}

// projectCell is an epic's or milestone's name in a table, with the way to the epic's card.
func projectCell(x view.FlowProject) chart.Cell {
	c := chart.Cell{Text: projectName(x)}
	if x.Card != "" {
		c.Link = cardCell(view.CardName{Card: x.Card}).Link
	}
	return c
}

// whoseDue says whose date a project is held against.
func whoseDue(x view.FlowProject) string {
	switch {
	case x.Due == "":
		return ""
	case x.OwnDue:
		return "its own"
	}
	return "of its cards, the latest"
}

// withWhy is a verdict, and what is behind it where there is something to say.
func withWhy(verdict, why string) string {
	if why == "" {
		return verdict
	}
	return verdict + "; " + why
}

func clustersFigure(p view.FlowPicture, w flowWays) chart.Figure {
	f := chart.Figure{ID: "clusters", Title: "What comes back", Note: "unplanned and blocked cards that share something, by what they cost", Keys: []chart.Part{{Kind: chart.Unplanned, Name: "unplanned work"}, {Kind: chart.Blocked, Name: "blocked"}}, Desc: "Clusters of incidents and blocked cards, the dearest first. Each may have one cause that a problem card could remove."}
	f.Table = chart.Table{Key: "recurrence", Caption: "What recurs, the dearest first", Head: append(append(chart.Words("They share"), chart.Nums("Cards", "Hours blocked", "Hours in active columns")...), chart.Words("For example", "Proposed", "Came back within 90 days")...)}
	var rows chart.Rows
	most := 0.0
	for _, c := range p.Clusters {
		most = max(most, c.Blocked+c.Worked)
	}
	hoursWords := lengthsOf(most)
	for n, c := range p.Clusters {
		name := strings.Join(append([]string{c.Trace}, c.Also...), ", ")
		if n < 8 {
			rows.Rows = append(rows.Rows, chart.Row{Name: name, Text: hoursWords(c.Blocked + c.Worked), Parts: []chart.Part{{Kind: chart.Unplanned, Value: c.Worked, Name: hoursWords(c.Worked) + " in active columns"}, {Kind: chart.Blocked, Value: c.Blocked, Name: hoursWords(c.Blocked) + " blocked"}}})
		}
		var example chart.Cell
		if len(c.First) > 0 {
			example = cardCell(c.First[0])
		}
		proposed, back := "a card for its cause", chart.Cell{}
		if c.Problem != nil {
			proposed = fmt.Sprintf("solved by %s on %s", cardCell(*c.Problem).Text, c.Solved)
			back = w.num(c.Back)
			if c.Back.N == 0 {
				back.Text = map[bool]string{true: "no", false: "not so far"}[c.Settled]
			}
		}
		f.Table.Add(name, w.num(c.Cards), c.Blocked, c.Worked, example, proposed, back)
	}
	f.Chart = rows
	if len(p.Clusters) == 0 {
		f.Chart, f.Refused = nil, "Nothing came three times: no component, label or title is shared by as many unplanned or blocked cards."
	}
	return f
}
