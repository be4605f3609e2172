package view

import (
	"cmp"
	"maps"
	"slices"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

func dayOffset(n int) calendar.Day { return calendar.Day(n) }

// AgingColumn is the cards under way in one column against what was usual there.
type AgingColumn struct {
	Column kanban.ColumnKey `json:"column"`
	Name   string           `json:"name"`
	Lines  flow.Lines       `json:"lines"` // days by percent: how old finished cards were when they left it; none where too little is known
	Work   Amount           `json:"work"`
	Older  Amount           `json:"late"` // of them, beyond the 95 % line
	Cards  []AgingCard      `json:"cards"`
}

// AgingCard is one card under way.
type AgingCard struct {
	CardName
	Age     int         `json:"age_days"`
	Band    kanban.Band `json:"band"`
	Planned bool        `json:"planned"`
	// By is the date by which 85 of 100 cards that had become as old were finished, ""
	// where there were too few of them.
	By string `json:"by,omitempty"`
}

// aging puts the cards under way into their columns, the oldest first. Those in no column
// of work come last: nothing is usual there.
func (s *flowSet) aging(work []flow.Item) []AgingColumn {
	out, at := s.agingColumns(work)
	days := map[calendar.Day]string{} // there are far fewer than cards
	for n := range work {
		i, c := &work[n], &out[at[work[n].Column]]
		age := s.age(i)
		card := AgingCard{CardName: CardName{Card: i.Card, Key: i.Key}, Age: age, Band: s.band(i), Planned: !i.Unplanned}
		if rest := left(s.cycles, age); rest > 0 {
			day := s.day(i.Stint().Started) + calendar.Day(rest-1)
			if days[day] == "" {
				days[day] = day.String()
			}
			card.By = days[day]
		}
		c.Work.N++
		c.Older.N += one(card.Band == kanban.BandLate)
		c.Cards = append(c.Cards, card)
	}
	for _, c := range out {
		slices.SortFunc(c.Cards, func(a, b AgingCard) int {
			if a.Age != b.Age {
				return b.Age - a.Age
			}
			return cmp.Compare(a.Card, b.Card)
		})
		for n := range c.Cards[:min(len(c.Cards), namedDots)] {
			c.Cards[n].CardName = s.Name(c.Cards[n].Card)
		}
	}
	return out
}

// agingColumns are the columns of work, and then the others that cards under way stand in,
// with the place of each.
func (s *flowSet) agingColumns(work []flow.Item) ([]AgingColumn, map[kanban.ColumnKey]int) {
	out, at := []AgingColumn{}, map[kanban.ColumnKey]int{}
	add := func(key kanban.ColumnKey, lines flow.Lines) {
		list := FlowList{List: ListWork, Column: orNone(string(key))}
		late := list
		late.Band = string(kanban.BandLate)
		at[key] = len(out)
		out = append(out, AgingColumn{Column: key, Name: s.column(key), Lines: lines, Cards: []AgingCard{}, Work: amount(0, list), Older: amount(0, late)})
	}
	for _, c := range s.Layout.Columns {
		if c.Category.Started() {
			add(c.Key, s.Pace[c.Key])
		}
	}
	var others []kanban.ColumnKey
	for n := range work {
		if _, ok := at[work[n].Column]; !ok {
			others = append(others, work[n].Column)
		}
	}
	slices.Sort(others)
	for _, key := range slices.Compact(others) {
		add(key, nil)
	}
	return out, at
}

// left is how many days in all 85 of 100 of those cards took that took longer than so
// many; 0 where there were too few of them. cycles ascend.
func left(cycles []int, age int) int {
	n, _ := slices.BinarySearch(cycles, age+1)
	if rest := cycles[n:]; len(rest) >= flow.BaselineSize {
		return kanban.Percentile(rest, 85)
	}
	return 0
}

// FlowEfficiency is the share of the time that was worked, of what was finished.
type FlowEfficiency struct {
	Known   bool    `json:"known"` // the board has columns to wait in
	Why     string  `json:"why,omitempty"`
	Ratio   float64 `json:"ratio"`          // of all cards together, 0 to 1
	Mean    float64 `json:"mean_of_ratios"` // of the cards' own
	Active  float64 `json:"active_hours"`
	Elapsed float64 `json:"elapsed_hours"`
	Cards   string  `json:"cards"`
}

func (s *flowSet) efficiency() FlowEfficiency {
	out := FlowEfficiency{Cards: FlowList{List: ListFinished}.String()}
	if !slices.ContainsFunc(s.Layout.Columns, func(c kanban.Column) bool { return c.Category == kanban.Wait }) {
		out.Why = "No column is one to wait in, so that waiting looks like work. Map statuses such as Waiting for customer to a column with category = \"wait\"."
		return out
	}
	e := s.sums.efficiency
	if e.Elapsed <= 0 {
		out.Why = "Nothing was finished in this time."
		return out
	}
	out.Known, out.Ratio, out.Mean, out.Active, out.Elapsed = true, e.Ratio(), e.Mean(), e.Active.Hours(), e.Elapsed.Hours()
	return out
}

// FlowCourts is where the time of the finished cards went, from their commitment on, in
// hours: for whoever had the turn, as it is told of each card.
type FlowCourts struct {
	IT       float64 `json:"it"`
	Queue    float64 `json:"queue"` // committed, and nobody had begun
	Business float64 `json:"business"`
	Third    float64 `json:"third"`
	Blocked  float64 `json:"blocked"` // it could not go on, wherever it stood
	Nobody   float64 `json:"nobody"`  // where nobody has the turn
	Cards    Amount  `json:"cards"`
}

// Whole is all of it.
func (c FlowCourts) Whole() float64 {
	return c.IT + c.Queue + c.Business + c.Third + c.Blocked + c.Nobody
}

func (s *flowSet) courts() FlowCourts {
	c := s.sums.courts
	return FlowCourts{IT: c.it.Hours(), Queue: c.queue.Hours(), Business: c.business.Hours(), Third: c.third.Hours(), Blocked: c.blocked.Hours(), Nobody: c.nobody.Hours(),
		Cards: amount(s.sums.shares.ItemsAll, FlowList{List: ListFinished})}
}

// FlowBlock is how long cards were blocked by one party for one reason.
type FlowBlock struct {
	Party  kanban.Party `json:"party"`
	Reason string       `json:"reason"` // "" for none, or where it is not for the viewer
	Hours  float64      `json:"hours"`
	Times  int          `json:"times"`
	Cards  string       `json:"cards"`
}

// blocked adds up blocks, the longest first. Reasons that nobody gave, or that are not
// for the viewer, go together.
func (s *flowSet) blocked() []FlowBlock {
	out := []FlowBlock{}
	for _, h := range flow.SortedHindrances(slices.Collect(maps.Values(s.sums.blocked))) {
		out = append(out, FlowBlock{Party: h.Party, Reason: h.Reason, Hours: h.Time.Hours(), Times: h.Times,
			Cards: FlowList{List: ListBlocked, Party: string(h.Party), Reason: orNone(h.Reason)}.String()})
	}
	return out
}
