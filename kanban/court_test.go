package kanban_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
)

// day is an hour of a day of November 2026.
func day(d, hour int) time.Time { return time.Date(2026, 11, d, hour, 0, 0, 0, time.UTC) }

// courtLayout has a column of every sort.
func courtLayout() kanban.Layout {
	return kanban.Layout{Columns: []kanban.Column{
		{Key: "request", Category: kanban.Option, Turn: kanban.Business},
		{Key: "ready", Category: kanban.Queue},
		{Key: "doing", Category: kanban.Active, Turn: kanban.IT},
		{Key: "asked", Category: kanban.Wait, Turn: kanban.Business},
		{Key: "vendor", Category: kanban.Wait, Turn: kanban.Third},
		{Key: "done", Category: kanban.Done, Turn: kanban.Business},
		{Key: "train", Category: kanban.Wait, Turn: kanban.Nobody},
	}}
}

func TestTimeInEachCourt(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	for name, c := range map[string]struct {
		steps  []kanban.Step
		blocks []kanban.Hindrance
		want   kanban.Courts
	}{
		"without a step it is IT's":               {nil, nil, kanban.Courts{IT: 48 * h}},
		"a question to the requester":             {[]kanban.Step{{Column: "doing", At: day(2, 0)}, {Column: "asked", At: day(2, 6)}, {Column: "doing", At: day(3, 12)}}, nil, kanban.Courts{IT: 18 * h, Business: 30 * h}},
		"before the first step":                   {[]kanban.Step{{Column: "asked", At: day(3, 0)}}, nil, kanban.Courts{Business: 48 * h}},
		"a column that says nothing is IT's":      {[]kanban.Step{{Column: "ready", At: day(1, 0)}, {Column: "gone", At: day(3, 0)}}, nil, kanban.Courts{IT: 48 * h}},
		"a third party":                           {[]kanban.Step{{Column: "vendor", At: day(1, 0)}}, nil, kanban.Courts{Third: 48 * h}},
		"blocked is nobody's own":                 {[]kanban.Step{{Column: "doing", At: day(1, 0)}}, []kanban.Hindrance{{Party: kanban.Third, From: day(2, 12), To: day(3, 0)}}, kanban.Courts{IT: 36 * h, Blocked: 12 * h}},
		"a block that lasts":                      {[]kanban.Step{{Column: "asked", At: day(1, 0)}}, []kanban.Hindrance{{Party: kanban.IT, From: day(3, 12)}}, kanban.Courts{Business: 36 * h, Blocked: 12 * h}},
		"two blocks at once count once":           {[]kanban.Step{{Column: "doing", At: day(1, 0)}}, []kanban.Hindrance{{From: day(2, 0), To: day(3, 0)}, {From: day(2, 12), To: day(3, 12)}}, kanban.Courts{IT: 12 * h, Blocked: 36 * h}},
		"done and reopened: between, nobody's":    {[]kanban.Step{{Column: "doing", At: day(2, 0)}, {Column: "done", At: day(2, 10)}, {Column: "doing", At: day(3, 5)}}, nil, kanban.Courts{IT: 29 * h, Nobody: 19 * h}},
		"blocked where nobody has the turn":       {[]kanban.Step{{Column: "train", At: day(1, 0)}}, []kanban.Hindrance{{Party: kanban.Third, From: day(3, 0)}}, kanban.Courts{Nobody: 24 * h, Blocked: 24 * h}},
		"what is done is not blocked":             {[]kanban.Step{{Column: "done", At: day(1, 0)}}, []kanban.Hindrance{{From: day(2, 0)}}, kanban.Courts{Nobody: 48 * h}},
		"moments at odds: the record's order":     {[]kanban.Step{{Column: "asked", At: day(3, 0)}, {Column: "doing", At: day(2, 12)}}, nil, kanban.Courts{Business: 12 * h, IT: 36 * h}},
		"what happened outside does not count":    {[]kanban.Step{{Column: "asked", At: day(1, 0)}, {Column: "doing", At: day(2, 0)}, {Column: "asked", At: day(9, 0)}}, []kanban.Hindrance{{From: day(1, 0), To: day(2, 0)}}, kanban.Courts{IT: 48 * h}},
		"a block that ends before it begins is 0": {[]kanban.Step{{Column: "doing", At: day(1, 0)}}, []kanban.Hindrance{{From: day(3, 0), To: day(2, 0)}}, kanban.Courts{IT: 48 * h}},
	} {
		if diff := cmp.Diff(c.want, kanban.Tally(kanban.Spells(c.steps, c.blocks, courtLayout(), day(2, 0), day(4, 0)))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestSinceWhenWhoHasTheTurnHasIt(t *testing.T) {
	t.Parallel()
	made, now := day(1, 8), day(9, 8)
	for name, c := range map[string]struct {
		steps  []kanban.Step
		blocks []kanban.Hindrance
		want   time.Time
	}{
		"from the start":                   {nil, nil, made},
		"a move within a party's columns":  {[]kanban.Step{{Column: "ready", At: day(2, 0)}, {Column: "doing", At: day(4, 0)}}, nil, made},
		"a question":                       {[]kanban.Step{{Column: "doing", At: day(2, 0)}, {Column: "asked", At: day(4, 0)}}, nil, day(4, 0)},
		"a block passes it on":             {[]kanban.Step{{Column: "doing", At: day(2, 0)}}, []kanban.Hindrance{{Party: kanban.Third, From: day(5, 0)}}, day(5, 0)},
		"a move while it is blocked":       {[]kanban.Step{{Column: "ready", At: day(2, 0)}, {Column: "doing", At: day(6, 0)}}, []kanban.Hindrance{{Party: kanban.Third, From: day(5, 0)}}, day(5, 0)},
		"a block that ended gives it back": {[]kanban.Step{{Column: "doing", At: day(2, 0)}}, []kanban.Hindrance{{Party: kanban.Third, From: day(3, 0), To: day(5, 0)}}, day(5, 0)},
		"a block of the same party":        {[]kanban.Step{{Column: "doing", At: day(2, 0)}}, []kanban.Hindrance{{Party: kanban.IT, From: day(3, 0), To: day(5, 0)}}, made},
		"what is still to come":            {[]kanban.Step{{Column: "doing", At: day(2, 0)}, {Column: "asked", At: day(10, 0)}}, nil, made},
	} {
		if got := kanban.TurnSince(c.steps, c.blocks, courtLayout(), made, now); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// TestCourtsOfTheExamples are cards B and L of the worked examples: their hours in each
// court as two independent implementations have them.
func TestCourtsOfTheExamples(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	b := []kanban.Step{{Column: "doing", At: day(3, 8)}, {Column: "asked", At: day(4, 8)}, {Column: "doing", At: day(9, 5)}}
	if got := kanban.Tally(kanban.Spells(b, nil, courtLayout(), day(3, 8), day(10, 11))); got != (kanban.Courts{IT: 54 * h, Business: 117 * h}) {
		t.Errorf("B: %+v", got)
	}
	l := kanban.Spells([]kanban.Step{{Column: "doing", At: day(9, 8)}}, []kanban.Hindrance{{Party: kanban.Third, From: day(12, 9), To: day(17, 9)}}, courtLayout(), day(9, 8), day(18, 11))
	if got := kanban.Tally(l); got != (kanban.Courts{IT: 99 * h, Blocked: 120 * h}) || len(l) != 3 {
		t.Errorf("L: %+v", got)
	}
}

func TestSpellsFillTheAge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			return day(1, 0).Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "hour")) * time.Hour)
		})
		step := rapid.Custom(func(t *rapid.T) kanban.Step {
			return kanban.Step{Column: rapid.SampledFrom([]kanban.ColumnKey{"request", "ready", "doing", "asked", "vendor", "train", "done", "gone", ""}).Draw(t, "column"), At: moment.Draw(t, "at")}
		})
		block := rapid.Custom(func(t *rapid.T) kanban.Hindrance {
			b := kanban.Hindrance{Party: rapid.SampledFrom([]kanban.Party{kanban.Business, kanban.IT, kanban.Third}).Draw(t, "party"), From: moment.Draw(t, "from")}
			if rapid.Bool().Draw(t, "ended") {
				b.To = moment.Draw(t, "to")
			}
			return b
		})
		steps, blocks := rapid.SliceOfN(step, 0, 8).Draw(t, "steps"), rapid.SliceOfN(block, 0, 4).Draw(t, "blocks")
		created, now := moment.Draw(t, "created"), moment.Draw(t, "now")
		from, to := kanban.Travel(created, steps, courtLayout()).Span(now)
		spells := kanban.Spells(steps, blocks, courtLayout(), from, to)
		at, sum := from, time.Duration(0)
		for i, s := range spells {
			if !s.From.Equal(at) || !s.To.After(s.From) {
				t.Fatalf("a gap, or nothing, at %v: %+v", at, spells)
			}
			if i > 0 && spells[i-1].Party == s.Party && spells[i-1].Blocked == s.Blocked {
				t.Fatalf("neighbours are the same: %+v", spells)
			}
			at, sum = s.To, sum+s.Length()
		}
		c := kanban.Tally(spells)
		if age := to.Sub(from); sum != age || c.Business+c.IT+c.Third+c.Blocked+c.Nobody != age {
			t.Fatalf("of an age of %v they tell %v, %+v", age, sum, c)
		}
	})
}
