package view

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// shop is the board of these tests.
var shop = kanban.Layout{Columns: []kanban.Column{
	{Key: "asked", Name: "Asked", Category: kanban.Option, Turn: kanban.Business}, {Key: "agreed", Name: "Agreed", Category: kanban.Queue, Turn: kanban.IT},
	{Key: "build", Name: "Build", Category: kanban.Active, Turn: kanban.IT, WIP: 4}, {Key: "answer", Name: "To answer", Category: kanban.Wait, Turn: kanban.Business},
	{Key: "out", Name: "Out", Category: kanban.Done}, {Key: "dropped", Name: "Dropped", Category: kanban.Cancelled},
}}

// tale is a small history: planned work of two units, and a fire.
const tale = `card,at,kind,from,to,side,note
plan-1,2026-10-01T09:00:00Z,created,,asked,,planned bu=sales
plan-1,2026-10-02T09:00:00Z,move,,agreed,,
plan-1,2026-10-05T09:00:00Z,move,,build,,
plan-1,2026-10-07T09:00:00Z,move,,answer,,
plan-1,2026-10-09T09:00:00Z,move,,build,,
plan-1,2026-10-12T09:00:00Z,move,,out,,
plan-2,2026-10-01T09:00:00Z,created,,asked,,planned bu=sales
plan-2,2026-10-12T09:00:00Z,move,,build,,
plan-3,2026-10-03T09:00:00Z,created,,agreed,,planned bu=stock
plan-3,2026-10-14T09:00:00Z,move,,build,,
plan-3,2026-10-15T09:00:00Z,block,,,third,the vendor
plan-3,2026-10-19T09:00:00Z,unblock,,,,
plan-3,2026-10-20T09:00:00Z,move,,dropped,,
fire-1,2026-10-13T09:00:00Z,created,,build,,unplanned expedite bu=stock
fire-1,2026-10-16T09:00:00Z,move,,out,,
idea-1,2026-08-01T09:00:00Z,created,,asked,,planned bu=stock
`

func taleCards(t *testing.T) FlowCards {
	t.Helper()
	events, traits, err := flow.ReadCSV(strings.NewReader(strings.ReplaceAll(tale, "block,,,third,the vendor", "block,,,,")))
	if err != nil {
		t.Fatal(err)
	}
	for n := range events {
		if events[n].Kind == flow.Blocked {
			events[n].Party, events[n].Reason = kanban.Third, "the vendor"
		}
	}
	clock := flow.Clock{Now: time.Date(2026, 10, 21, 18, 0, 0, 0, time.UTC), Zone: time.UTC}
	in := FlowCards{Layout: shop, Board: flow.NewBoard(shop), Clock: clock, Calendar: calendar.New(time.UTC), People: true, Units: []Named{{"sales", "Sales"}, {"stock", "Stock"}},
		Name: func(id kanban.CardID) CardName {
			return CardName{Card: id, Key: strings.ToUpper(string(id)), Title: "Title of " + string(id)}
		}}
	in.Told = func(_ kanban.UnitKey, id kanban.CardID) CardName { return in.Name(id) }
	for id, track := range flow.Fold(in.Board, events) {
		i := flow.Item{Track: track.At(in.Board, clock.Now), Traits: new(traits[id])}
		i.Assignee, i.Type, i.Rank = "Ada", "change", 3
		i.Touched = []calendar.Day{calendar.Of(i.Created, time.UTC)}
		if i.Unplanned {
			i.Type, i.Rank = "incident", 1
		}
		if id == "plan-2" {
			i.Due, i.Touched = "2026-10-30", []calendar.Day{calendar.On(2026, 10, 12)}
		}
		in.Items = append(in.Items, i)
	}
	slices.SortFunc(in.Items, func(a, b flow.Item) int { return strings.Compare(string(a.Card), string(b.Card)) })
	return in
}

func TestThePictureOfATale(t *testing.T) {
	t.Parallel()
	p := NewFlowPicture(taleCards(t), FlowQuery{Days: 30})
	got := fmt.Sprintln(p.From, p.To, "done", p.Finished.N, p.Unplanned.N, "work", p.Work.N, p.WorkDays, p.Oldest, "known", p.Cycle.Known, p.Promise.Refused != "")
	for _, w := range p.Weeks {
		got += fmt.Sprintln(w.Monday, "start", w.Started.N, w.Unplanned.N, "end", w.Ended.N, w.Finished.N, w.Fires.N, "net", w.Net, "days", w.Days, w.UnplannedDays, w.Whole)
	}
	for _, b := range p.Blocked {
		got += fmt.Sprintln("blocked", b.Party, b.Reason, b.Hours, b.Times)
	}
	got += fmt.Sprintf("efficiency %.3f of %v, court it %v queue %v business %v blocked %v\n", p.Efficiency.Ratio, p.Efficiency.Elapsed, p.Courts.IT, p.Courts.Queue, p.Courts.Business, p.Courts.Blocked)
	for _, c := range p.Types {
		got += fmt.Sprintln("type", c.Type, c.Finished.N, c.Work.N, c.Share)
	}
	got += fmt.Sprintln("forecast", p.Forecast.Refused)
	want := `2026-09-22 2026-10-21 done 2 1 work 1 10 10 known false true
2026-09-21 start 0 0 end 0 0 0 net 0 days 0 0 false
2026-09-28 start 0 0 end 0 0 0 net 0 days 0 0 true
2026-10-05 start 1 0 end 0 0 0 net 1 days 7 0 true
2026-10-12 start 3 1 end 2 2 1 net 1 days 17 4 true
2026-10-19 start 0 0 end 1 0 0 net -1 days 5 0 false
blocked third the vendor 96 1
efficiency 0.800 of 240, court it 192 queue 72 business 48 blocked 0
type change 1 1 0.5
type incident 1 0 0.5
forecast not enough data yet: something was finished on 2 days, and a forecast needs 5
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheWorkloadOfATale(t *testing.T) {
	t.Parallel()
	w := NewWorkload(taleCards(t), FlowQuery{Days: 30})
	got := fmt.Sprintln("work", w.Work.N, "of", w.Limit, "unplanned", w.Unplanned.N, w.Shares.ByCount, "untouched", w.Untouched.N)
	for _, l := range slices.Concat(w.Units, w.Teams, w.People) {
		got += fmt.Sprintln(l.Name, l.Work.N, l.Unplanned.N, l.Business.N, l.Open.N)
	}
	for _, f := range w.Fires {
		got += fmt.Sprintln("fire", f.Key, f.Days, f.Bill, f.Held.N)
	}
	for _, h := range w.Held {
		got += fmt.Sprintln("held", h.Key, h.Days, h.Sentence)
	}
	for _, d := range w.Drains {
		got += fmt.Sprintln("drain", d.Name, d.Open.N, d.Created.N, d.Left.N, d.Never)
	}
	for _, u := range w.Inflation {
		got += fmt.Sprintln("urgent", u.Name, u.Top.N, u.Open.N)
	}
	for _, f := range w.Forgotten {
		got += fmt.Sprintln("forgotten", f.Key, f.Days)
	}
	want := `work 1 of 0 unplanned 0 0.5 untouched 1
Sales 1 0 0 1
Stock 0 0 0 1
No team 1 0 0 2
Ada 1 0 0 2
fire FIRE-1 4 6 2
held PLAN-2 4 Promised for 30 October 2026: it stood still on 4 working days because of unplanned work: FIRE-1.
held PLAN-3 2 It stood still on 2 working days because of unplanned work: FIRE-1.
drain Sales 1 2 1 true
drain Stock 1 2 2 true
urgent Sales 0 1
urgent Stock 0 1
forgotten IDEA-1 81
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestTheDiagramKnowsWhatWasFinishedOnItsFirstDay begins it where plan-1 was done.
// TestTheSameCardsComeBackOnce: under all that they share.
func TestTheSameCardsComeBackOnce(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	for n := range in.Items {
		i := &in.Items[n]
		if i.Unplanned = i.Card != "idea-1"; i.Unplanned {
			i.Traces = []string{"component Feeds", "label desk"}
		}
		if strings.HasPrefix(string(i.Card), "plan") {
			i.Traces = append(i.Traces, "label plans")
		}
	}
	var got []string
	for _, c := range NewFlowPicture(in, FlowQuery{}).Clusters {
		got = append(got, fmt.Sprintf("%s %v %d", c.Trace, c.Also, c.Cards.N))
		if n := len(CardsBehind(in, FlowQuery{}, FlowList{List: ListCluster, Trace: c.Trace})); n != c.Cards.N {
			t.Errorf("%s: %d of %d cards", c.Trace, n, c.Cards.N)
		}
	}
	if diff := cmp.Diff([]string{"component Feeds [label desk] 4", "label plans [] 3"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheDiagramKnowsWhatWasFinishedOnItsFirstDay(t *testing.T) {
	t.Parallel()
	p := NewFlowPicture(taleCards(t), FlowQuery{Days: 10})
	done, gone := p.Cumulative[len(p.Cumulative)-2], p.Cumulative[len(p.Cumulative)-1]
	if rise := done.Cards[9] - done.Before - gone.Cards[9] + gone.Before; p.From != "2026-10-12" || done.Column != "out" || len(done.Cards) != 10 || rise != p.Finished.N || p.Finished.N != 2 || done.Cards[0] != 1 {
		t.Errorf("from %s %d finished, and %+v", p.From, p.Finished.N, done)
	}
}

// TestTimeCountsForWhoeverHadTheTurn is a card that was given back and begun again, and
// blocked where the business had the turn.
func TestTimeCountsForWhoeverHadTheTurn(t *testing.T) {
	t.Parallel()
	l := kanban.Layout{Columns: slices.Concat(shop.Columns[:4], []kanban.Column{{Key: "accept", Name: "To accept", Category: kanban.Active, Turn: kanban.Business}}, shop.Columns[4:])}
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	in := FlowCards{Layout: l, Board: flow.NewBoard(l), Clock: flow.Clock{Now: at.AddDate(0, 0, 10), Zone: time.UTC}, Calendar: calendar.New(time.UTC), Name: func(id kanban.CardID) CardName { return CardName{Card: id} }}
	track := &flow.Track{}
	for _, e := range []struct {
		hour int
		kind flow.Kind
		to   kanban.ColumnKey
	}{
		{0, flow.Created, "asked"}, {1, flow.Moved, "build"}, {41, flow.Moved, "asked"}, // 40 h, and given back
		{100, flow.Moved, "agreed"}, {103, flow.Moved, "build"}, {113, flow.Moved, "accept"}, {115, flow.Blocked, ""}, {123, flow.Unblocked, ""}, {133, flow.Moved, "out"},
	} {
		track.Apply(in.Board, flow.Event{Card: "c", At: at.Add(time.Duration(e.hour) * time.Hour), Kind: e.kind, To: e.to, Party: kanban.Third})
	}
	in.Items = []flow.Item{{Track: track.At(in.Board, in.Clock.Now), Traits: &flow.Traits{}}}
	got := NewFlowPicture(in, FlowQuery{}).Courts
	if got.IT != 10 || got.Queue != 3 || got.Business != 12 || got.Third != 0 || got.Blocked != 8 {
		t.Errorf("%+v", got)
	}
	lead := track.Stint().Ended.Sub(track.Stint().Committed).Hours()
	if got.Whole() != lead {
		t.Errorf("%v h of %v", got.Whole(), lead)
	}
}

// crowd is a board with so many cards over so many days, made up by a seed.
func crowd(cards, days int, seed uint64) FlowCards {
	r := rand.New(rand.NewPCG(seed, 1))
	now := time.Date(2026, 10, 21, 18, 0, 0, 0, time.UTC)
	in := FlowCards{Layout: shop, Board: flow.NewBoard(shop), Clock: flow.Clock{Now: now, Zone: time.UTC}, Calendar: calendar.New(time.UTC), People: true,
		Units: []Named{{"u0", "First"}, {"u1", "Second"}}, Name: func(id kanban.CardID) CardName { return CardName{Card: id, Key: string(id)} }}
	for n := range cards {
		id := kanban.CardID(fmt.Sprintf("c%06d", n))
		at := now.Add(-time.Duration(r.Int64N(int64(time.Duration(days) * 24 * time.Hour))))
		traits := flow.Traits{Unit: kanban.UnitKey(fmt.Sprintf("u%d", r.IntN(8))), Type: []string{"", "change", "incident", "problem"}[r.IntN(4)], Class: "standard", Unplanned: r.IntN(4) == 0, Rank: r.IntN(5), Assignee: fmt.Sprintf("p%d", r.IntN(1+cards/150)), Team: fmt.Sprintf("t%d", r.IntN(1+cards/1500)),
			Title: fmt.Sprintf("Job %d stops again", n), Traces: flow.NewTraces("Job stops again", fmt.Sprintf("label %d", r.IntN(200))), Touched: []calendar.Day{calendar.Of(at, time.UTC)}}
		if r.IntN(3) == 0 {
			traits.Group = fmt.Sprintf("Epic %d", r.IntN(1+cards/100))
		}
		track, to := &flow.Track{}, []kanban.ColumnKey{"asked", "agreed", "build", "answer", "build", "out"}
		skip := 0
		if traits.Unplanned {
			skip = 2
		}
		for step, column := range to[skip:] {
			kind := flow.Moved
			if step == 0 {
				kind = flow.Created
			}
			if r.IntN(12) == 0 {
				column = []kanban.ColumnKey{"dropped", "asked"}[r.IntN(2)]
			}
			track.Apply(in.Board, flow.Event{Card: id, At: at, Kind: kind, To: column})
			if r.IntN(10) == 0 {
				track.Apply(in.Board, flow.Event{Card: id, At: at.Add(time.Minute), Kind: flow.Blocked, Party: kanban.Third, Reason: fmt.Sprintf("reason %d", r.IntN(4))})
				track.Apply(in.Board, flow.Event{Card: id, At: at.Add(time.Duration(r.IntN(80)) * time.Hour), Kind: flow.Unblocked})
			}
			if at = at.Add(time.Duration(r.IntN(4*24*60)) * time.Minute); at.After(now) || r.IntN(14) == 0 {
				break
			}
			traits.Touched = append(traits.Touched, calendar.Of(at, time.UTC))
		}
		traits.Touched = slices.Compact(traits.Touched)
		in.Items = append(in.Items, flow.Item{Track: track.At(in.Board, now), Traits: &traits})
	}
	ages, cycles := flow.Ages{}, []int(nil)
	for _, i := range in.Items {
		if s := i.Stint(); s != nil && s.Outcome == flow.Done {
			ages.ExitAges(i.Track, time.UTC)
			cycles = append(cycles, kanban.Days(s.Started, s.Ended, time.UTC))
		}
	}
	in.Pace = flow.NewPace(shop.Started(), ages, cycles)
	return in
}

// amounts finds every Amount of a value, with the way to it.
func amounts(path string, v reflect.Value, use func(string, Amount)) {
	switch v.Kind() { //nolint:exhaustive // others hold none
	case reflect.Struct:
		if a, ok := reflect.TypeAssert[Amount](v); ok {
			use(path, a)
			return
		}
		for n := range v.NumField() {
			if f := v.Type().Field(n); f.IsExported() && f.Type != reflect.TypeFor[time.Time]() {
				amounts(path+"."+f.Name, v.Field(n), use)
			}
		}
	case reflect.Slice:
		for n := range v.Len() {
			amounts(path, v.Index(n), use)
		}
	}
}

// TestEveryNumberLeadsToItsCards counts the cards behind each number.
func TestEveryNumberLeadsToItsCards(t *testing.T) {
	t.Parallel()
	for seed, q := range []FlowQuery{{}, {Days: 30}, {Unit: "u1", Days: 365}, {Type: None}, {Type: "incident", Class: "standard"}} {
		in, seen := crowd(600, 300, uint64(seed)), map[string]bool{}
		check := func(path string, a Amount) {
			v, err := url.ParseQuery(a.Cards)
			if err != nil {
				t.Fatal(err)
			}
			if a.Cards == "" {
				t.Errorf("%s leads nowhere", path)
				return
			}
			got := len(CardsBehind(in, q, FlowListOf(v)))
			if got != a.N {
				t.Errorf("%+v %s is %d, and %d cards are behind %s", q, path, a.N, got, a.Cards)
			}
			seen[path] = seen[path] || a.N > 0
		}
		amounts("", reflect.ValueOf(NewFlowPicture(in, q)), check)
		amounts("", reflect.ValueOf(NewWorkload(in, q)), check)
		if seed == 0 {
			for _, path := range []string{".Finished", ".Weeks.Started", ".Weeks.Ended", ".Weeks.Returned", ".Aging.Work", ".Aging.Older", ".Clusters.Cards", ".Fires.Held", ".HeldCards", ".Units.Business", ".People.Work", ".Untouched", ".Drains.Left", ".Inflation.Top", ".Projects.All"} {
				if !seen[path] {
					t.Errorf("nothing is counted in %s: the test shows nothing of it", path)
				}
			}
		}
	}
}

func TestListsSurviveTheirAddress(t *testing.T) {
	t.Parallel()
	l := FlowList{List: ListBlocked, Week: "2026-10-05", Unit: "a&b", Type: "x=y", Plan: "no", Person: "Ada +", Team: "#1", Column: "c", Band: "late", Party: "third", Reason: "the \"vendor\"", Card: "c1", Group: "g/h", Trace: "label ä"}
	v, err := url.ParseQuery(l.String())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(l, FlowListOf(v)); diff != "" {
		t.Error(diff)
	}
}

func TestPeopleAreCountedForThoseWhoMayKnowThem(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	in.People = false
	if w := NewWorkload(in, FlowQuery{}); len(w.People) > 0 || len(w.Teams) > 0 || len(w.Units) == 0 || w.HeldKnown {
		t.Errorf("people %v, teams %v, units %v", w.People, w.Teams, w.Units)
	}
}

// TestHiddenHandsAreNotNobodys hides who works on a card from somebody who knows of
// others.
func TestHiddenHandsAreNotNobodys(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	for n := range in.Items {
		if i := &in.Items[n]; i.Card == "plan-2" {
			i.Assignee, i.Team, i.Hidden = "", "", true
		}
	}
	w, got := NewWorkload(in, FlowQuery{Days: 30}), ""
	for _, l := range slices.Concat(w.Teams, w.People) {
		got += fmt.Sprintf("%s: %s, %d of %d\n", l.Key, l.Name, l.Work.N, l.Open.N)
	}
	if want := "none: No team, 0 of 1\n/hidden: Not shown to you, 1 of 1\nAda: Ada, 0 of 1\n/hidden: Not shown to you, 1 of 1\n"; got != want {
		t.Errorf("%s instead of %s", got, want)
	}
	for _, l := range []FlowList{{List: ListOpen, Person: Hidden}, {List: ListOpen, Team: Hidden}} {
		if cards := CardsBehind(in, FlowQuery{}, l); len(cards) != 1 || cards[0].Card != "plan-2" {
			t.Errorf("%+v: %+v", l, cards)
		}
	}
	if cards := CardsBehind(in, FlowQuery{}, FlowList{List: ListOpen, Person: None}); len(cards) > 0 {
		t.Errorf("nobody's: %+v", cards)
	}
	if !w.HeldKnown || !w.HeldPart || w.HeldCards.N != 1 {
		t.Errorf("held up: %v, in part %v, %d", w.HeldKnown, w.HeldPart, w.HeldCards.N)
	}
	if all := NewWorkload(taleCards(t), FlowQuery{}); !all.HeldKnown || all.HeldPart {
		t.Errorf("who reads all is told of %v, %v", all.HeldKnown, all.HeldPart)
	}
}

// TestWorkIsTheSumOfItsColumns moves a card back to wait after it was begun, and one to
// where no column claims it.
func TestWorkIsTheSumOfItsColumns(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	at := time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)
	for id, to := range map[kanban.CardID]kanban.ColumnKey{"plan-2": "agreed", "plan-4": "", "plan-5": "build"} {
		k := slices.IndexFunc(in.Items, func(i flow.Item) bool { return i.Card == id })
		if k < 0 {
			k = len(in.Items)
			track := &flow.Track{}
			track.Apply(in.Board, flow.Event{Card: id, At: at.Add(-time.Hour), Kind: flow.Created, To: "build"})
			in.Items = append(in.Items, flow.Item{Track: track, Traits: &flow.Traits{Unit: "sales"}})
		}
		in.Items[k].Apply(in.Board, flow.Event{Card: id, At: at, Kind: flow.Moved, To: to})
	}
	in.Pace = flow.Pace{"agreed": flow.Lines{50: 1, 70: 1, 85: 1, 95: 1}}
	p, w, sum, got := NewFlowPicture(in, FlowQuery{}), NewWorkload(in, FlowQuery{}), 0, ""
	for _, c := range p.Aging {
		got += fmt.Sprintln(c.Name, c.Work.N, c.Older.N, c.Work.Cards)
		sum += c.Work.N
	}
	want := "Build 1 0 column=build&list=work\nTo answer 0 0 column=answer&list=work\nUnmapped 1 0 column=none&list=work\nAgreed 1 0 column=agreed&list=work\n"
	if got != want || sum != p.Work.N || p.Work.N != 3 || w.Work.N != 3 || w.Outside.N != 2 || w.Limit != 0 {
		t.Errorf("%d under way, %d, %d of them outside, limit %d, and by column\n%s", p.Work.N, w.Work.N, w.Outside.N, w.Limit, got)
	}
	for list, n := range map[FlowList]int{{List: ListOutside}: 2, {List: ListWork, Column: None}: 1, {List: ListWork, Column: "agreed"}: 1, {List: ListWork, Column: "agreed", Band: string(kanban.BandLate)}: 0} {
		if cards := CardsBehind(in, FlowQuery{}, list); len(cards) != n {
			t.Errorf("%+v: %+v", list, cards)
		}
	}
	for _, q := range []FlowQuery{{Unit: "sales"}, {Type: "change"}, {Class: "expedite"}} {
		if l := NewWorkload(in, q); l.Limit != 0 || len(l.Over) > 0 {
			t.Errorf("%+v is held against %d, the limit of all cards, and over %v", q, l.Limit, l.Over)
		}
	}
}

// TestProjectsAgainstTheirDueDates is one that was worked on at a steady pace and is late,
// one of which too little was finished, and one that is done.
func TestProjectsAgainstTheirDueDates(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	in.Items = nil
	begin := in.Clock.Now.AddDate(0, 0, -5)
	add := func(id kanban.CardID, group, due string, column kanban.ColumnKey, days int) {
		track := &flow.Track{}
		track.Apply(in.Board, flow.Event{Card: id, At: begin, Kind: flow.Created, To: "build"})
		track.Apply(in.Board, flow.Event{Card: id, At: begin.AddDate(0, 0, days), Kind: flow.Moved, To: column})
		in.Items = append(in.Items, flow.Item{Track: track, Traits: &flow.Traits{Group: group, Due: due}})
	}
	for n := range 8 {
		column := kanban.ColumnKey("build")
		if n < 5 {
			column = "out"
		}
		add(kanban.CardID(fmt.Sprint("p", n)), "EPIC-1", "2026-10-24", column, n+1)
	}
	add("r", "EPIC-1", "2026-12-24", "dropped", 1)
	add("q", "EPIC-2", "", "build", 1)
	add("s", "EPIC-3", "", "out", 1)
	got := NewFlowPicture(in, FlowQuery{Days: 6}).Projects
	if len(got) != 2 || got[0].Name != "EPIC-1" || got[0].Done != 5 || got[0].All.N != 8 || got[0].Due != "2026-10-24" || got[0].Refused != "" || len(got[0].When) != 4 || !got[0].Late {
		t.Fatalf("%+v", got)
	}
	if got[1].Name != "EPIC-2" || len(got[1].When) > 0 || !strings.Contains(got[1].Refused, "not enough data") || got[1].Late {
		t.Errorf("%+v", got[1])
	}
	for n := range in.Items {
		in.Items[n].Due = "2027-10-24"
	}
	if early := NewFlowPicture(in, FlowQuery{Days: 6}).Projects; early[0].Late {
		t.Errorf("with time to spare: %+v", early[0])
	}
}

func TestForecastsAreNeverSurerThanTheyAre(t *testing.T) {
	t.Parallel()
	p := NewFlowPicture(crowd(600, 300, 1), FlowQuery{})
	if p.Forecast.Refused != "" || len(p.Forecast.Chances) < 3 || len(p.Forecast.When) != 4 || len(p.Forecast.Sure) != 4 {
		t.Fatalf("%+v", p.Forecast)
	}
	for n, c := range p.Forecast.Chances {
		if c.Percent > 95 || c.Percent == 95 && c.Words != ">95 %" || n > 0 && (c.Percent >= p.Forecast.Chances[n-1].Percent || c.Percent == 95) || n == 0 && c.Words != ">95 %" {
			t.Errorf("chance %d of %+v", n, p.Forecast.Chances)
		}
	}
	if never := NewFlowPicture(crowd(600, 300, 1), FlowQuery{Items: FlowMost, Type: "problem", Days: 730}); never.Forecast.Never == "" && len(never.Forecast.When) == 0 {
		t.Errorf("%+v", never.Forecast)
	}
}

func TestWaitingThatNobodyMappedIsNotMeasured(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	in.Layout.Columns = slices.Clone(in.Layout.Columns)
	in.Layout.Columns[3].Category = kanban.Active
	if e := NewFlowPicture(in, FlowQuery{}).Efficiency; e.Known || !strings.Contains(e.Why, `category = "wait"`) {
		t.Errorf("%+v", e)
	}
}

// TestWhatWasGivenUpIsNotInProgressForEver are five cards that were begun and given up long
// ago, and one in work.
func TestWhatWasGivenUpIsNotInProgressForEver(t *testing.T) {
	t.Parallel()
	l := kanban.Layout{Columns: []kanban.Column{{Key: "asked", Category: kanban.Option}, {Key: "build", Name: "Build", Category: kanban.Active}, {Key: "out", Category: kanban.Done}, {Key: "dropped", Category: kanban.Cancelled}}}
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	in := FlowCards{Layout: l, Board: flow.NewBoard(l), Clock: flow.Clock{Now: at, Zone: time.UTC}, Calendar: calendar.New(time.UTC), Name: func(id kanban.CardID) CardName { return CardName{Card: id} }}
	add := func(id string, steps ...kanban.Step) {
		t := flow.Tell(in.Board, kanban.CardID(id), steps[0].At, kanban.Past{Steps: steps})
		in.Items = append(in.Items, flow.Item{Track: t.At(in.Board, at), Traits: &flow.Traits{}})
	}
	for n := range 5 {
		add(fmt.Sprint("old", n), kanban.Step{Column: "build", At: at.AddDate(0, 0, -400)}, kanban.Step{Column: "dropped", At: at.AddDate(0, 0, -390)})
	}
	add("new", kanban.Step{Column: "asked", At: at.AddDate(0, 0, -9)}, kanban.Step{Column: "build", At: at.AddDate(0, 0, -5)}, kanban.Step{Column: "asked", At: at.AddDate(0, 0, -4)}, kanban.Step{Column: "build", At: at.AddDate(0, 0, -1)})
	p := NewFlowPicture(in, FlowQuery{Days: 8})
	var got []string
	for _, c := range p.Cumulative {
		got = append(got, fmt.Sprintf("%s %d%v", c.Name, c.Before, c.Cards))
	}
	want := []string{"Build 5[5 5 6 6 6 6 7 7]", "out 5[5 5 5 6 6 6 6 6]", "Given up or back 5[5 5 5 6 6 6 6 6]"}
	if diff := cmp.Diff(want, got); diff != "" || p.Work.N != 1 {
		t.Error(p.Work.N, diff)
	}
}

// TestBlockedTimeIsOneNumber is a card that a third party blocked while it waited for its
// requester: its courts, what blocked it and the list behind that say the same.
func TestBlockedTimeIsOneNumber(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	hour := func(n int) time.Time { return at.Add(time.Duration(n) * time.Hour) }
	in := FlowCards{Layout: shop, Board: flow.NewBoard(shop), Clock: flow.Clock{Now: hour(400), Zone: time.UTC}, Calendar: calendar.New(time.UTC), Name: func(id kanban.CardID) CardName { return CardName{Card: id} }}
	past := kanban.Past{
		Steps:  []kanban.Step{{Column: "build", At: at}, {Column: "answer", At: hour(10)}, {Column: "out", At: hour(300)}},
		Blocks: []kanban.Hindrance{{Party: kanban.Third, From: hour(20), To: hour(260)}, {Party: kanban.IT, From: hour(270), To: hour(270).Add(30 * time.Minute)}},
	}
	in.Items = []flow.Item{{Track: flow.Tell(in.Board, "c", at, past), Traits: &flow.Traits{}}}
	c := NewFlowPicture(in, FlowQuery{}).Courts
	if card := kanban.Tally(kanban.Spells(past.Steps, past.Blocks, shop, at, hour(300))); c.Blocked != 240.5 || c.Blocked != card.Blocked.Hours() || c.Business != 49.5 || c.IT != 10 {
		t.Errorf("%+v, %+v", c, card)
	}
	for party, want := range map[string]float64{"third": 240, "it": 0.5, "": 240.5} {
		if got := CardsBehind(in, FlowQuery{}, FlowList{List: ListBlocked, Party: party}); len(got) != 1 || got[0].Blocked != want {
			t.Errorf("blocked by %q: %+v", party, got)
		}
	}
	if got := CardsBehind(in, FlowQuery{}, FlowList{List: ListFinished}); len(got) != 1 || got[0].Blocked != 240.5 {
		t.Errorf("finished: %+v", got)
	}
}

// TestWhatIsBegunWithinTheMinuteIsADayOld is begun after the minute that the picture is of.
func TestWhatIsBegunWithinTheMinuteIsADayOld(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 10, 5, 18, 0, 0, 0, time.UTC)
	in := FlowCards{Layout: shop, Board: flow.NewBoard(shop), Clock: flow.Clock{Now: at, Zone: time.UTC}, Calendar: calendar.New(time.UTC), Name: func(id kanban.CardID) CardName { return CardName{Card: id} }}
	for _, id := range []string{"soon", "tomorrow"} {
		begun := map[string]time.Time{"soon": at.Add(30 * time.Second), "tomorrow": at.AddDate(0, 0, 1)}[id]
		in.Items = append(in.Items, flow.Item{Track: flow.Tell(in.Board, kanban.CardID(id), begun, kanban.Past{Steps: []kanban.Step{{Column: "build", At: begun}}}).At(in.Board, at), Traits: &flow.Traits{}})
	}
	p := NewFlowPicture(in, FlowQuery{})
	if p.Work.N != 2 || p.WorkDays != 2 || p.Oldest != 1 || p.Weeks[len(p.Weeks)-1].Days != 2 || p.Aging[0].Cards[0].Age != 1 {
		t.Errorf("%d in work, %d days old, %+v, %+v", p.Work.N, p.WorkDays, p.Weeks[len(p.Weeks)-1], p.Aging[0])
	}
}

// TestEveryDotHasItsKey are more finished cards than are named with all their words.
func TestEveryDotHasItsKey(t *testing.T) {
	t.Parallel()
	in := crowd(2000, 60, 1)
	for n, i := range in.Items {
		t := *i.Traits
		t.Key = "KEY-" + string(i.Card)
		in.Items[n].Traits = &t
	}
	p := NewFlowPicture(in, FlowQuery{})
	if len(p.Dots) <= namedDots {
		t.Fatalf("%d cards show nothing", len(p.Dots))
	}
	for n, d := range p.Dots {
		if d.Key == "" || n >= namedDots && d.Key != "KEY-"+string(d.Card) {
			t.Errorf("card %d is called %+v", n, d.CardName)
		}
	}
	for _, c := range p.Aging {
		for _, d := range c.Cards {
			if d.Key == "" {
				t.Errorf("%s in %s has no key", d.Card, c.Column)
			}
		}
	}
}

// TestTheTurnsAddUpToTheWork has a card where nobody has the turn.
func TestTheTurnsAddUpToTheWork(t *testing.T) {
	t.Parallel()
	l := kanban.Layout{Columns: []kanban.Column{{Key: "build", Category: kanban.Active}, {Key: "train", Category: kanban.Wait, Turn: kanban.Nobody}, {Key: "out", Category: kanban.Done}}}
	at := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	in := FlowCards{Layout: l, Board: flow.NewBoard(l), Clock: flow.Clock{Now: at.Add(time.Hour), Zone: time.UTC}, Calendar: calendar.New(time.UTC), Name: func(id kanban.CardID) CardName { return CardName{Card: id} }}
	for _, column := range []kanban.ColumnKey{"build", "train"} {
		in.Items = append(in.Items, flow.Item{Track: flow.Tell(in.Board, kanban.CardID(column), at, kanban.Past{Steps: []kanban.Step{{Column: column, At: at}}}), Traits: &flow.Traits{}})
		w, sum := NewWorkload(in, FlowQuery{}), 0
		for _, turn := range w.Turns {
			sum += turn.Work.N
		}
		if sum != w.Work.N || len(w.Turns) != 2+len(in.Items) || w.Work.N != len(in.Items) {
			t.Errorf("%d in work, turns %+v", w.Work.N, w.Turns)
		}
	}
	if got := CardsBehind(in, FlowQuery{}, FlowList{List: ListWork, Party: string(kanban.Nobody)}); len(got) != 1 || got[0].Card != "train" {
		t.Errorf("behind it: %+v", got)
	}
}
