package view_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
	"parley/sync/view"
)

// busy is a card with a past of so many entries into columns and touches, the last one
// done where it ended.
func busy(n, steps int, ended bool) kanban.Card {
	columns := []kanban.ColumnKey{"requests", "committed", "doing", "waiting", "verify"}
	at := now.AddDate(0, 0, -n%300-2)
	c := kanban.Card{Turn: kanban.IT, Unit: "risk", Class: "standard", Planned: n%4 != 0, Title: "Positions", Journey: kanban.Journey{Created: at}}
	for i := range steps {
		c.Past.Steps = append(c.Past.Steps, kanban.Step{Column: columns[i%len(columns)], At: at.Add(time.Duration(i) * time.Hour)})
	}
	if ended {
		c.Past.Steps[steps-1].Column = "done"
	}
	c.Past.Touched = []calendar.Day{calendar.Of(at, time.UTC)}
	last := c.Past.Steps[steps-1]
	c.Column, c.Journey.Entered = last.Column, last.At
	if c.Journey.Started = &c.Past.Steps[0].At; ended {
		c.Journey.Finished = &c.Past.Steps[steps-1].At
	}
	return c
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkFlow folds 100,000 cards with 2 million events, in the hands of 700 people, from
// nothing; takes them while nothing changes and after one card has changed; and computes the
// two pictures of them after an open card, and after a finished one, has changed.
func BenchmarkFlow(b *testing.B) {
	const cards, steps = 100_000, 20
	rules := shelfRules(b)
	s := &shelf{}
	for n := range cards {
		c := busy(n, steps, n%10 != 0)
		c.Assignee, c.Team, c.Type = fmt.Sprint("person ", n%700), fmt.Sprint("team ", n%70), fmt.Sprint("type ", n%5)
		s.put(c)
	}
	take := func(v *view.Sight) *view.Flow {
		f, err := v.Flow(b.Context())
		if err != nil || len(f.Items) < cards {
			b.Fatal(err)
		}
		return f
	}
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			v, before := s.of(rules, view.Somebody()), heap()
			begun := time.Now()
			f := take(v)
			b.ReportMetric(float64(cards*steps)/time.Since(begun).Seconds(), "events/s")
			b.ReportMetric(float64(heap()-before)/(1<<20), "MiB")
			runtime.KeepAlive(f)
		}
	})
	v := s.of(rules, view.Somebody())
	take(v)
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			take(v)
		}
	})
	b.Run("one-card-changed", func(b *testing.B) {
		for b.Loop() {
			s.put(busy(1, steps, false))
			take(v)
		}
	})
	for _, ended := range []bool{false, true} {
		at := v.Now()
		change := func() { // each in a minute of its own: what lasts is a minute older
			at = at.Add(time.Minute)
			v.Now = func() time.Time { return at }
			s.put(busy(1, steps, ended))
		}
		b.Run(fmt.Sprintf("picture/finished=%v", ended), func(b *testing.B) {
			for b.Loop() {
				change()
				if p, err := v.FlowPicture(b.Context(), view.FlowQuery{}); err != nil || p.Known < cards {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("workload/finished=%v", ended), func(b *testing.B) {
			for b.Loop() {
				change()
				if p, err := v.Workload(b.Context(), view.FlowQuery{}); err != nil || p.Known < cards {
					b.Fatal(err)
				}
			}
		})
	}
}

// A change re-folds one card, and what comes out is what a fold of everything gives, to the
// last digit.
func TestFlowByChangesIsFlowAtOnce(t *testing.T) {
	t.Parallel()
	rules := shelfRules(t)
	rapid.Check(t, func(r *rapid.T) {
		s := &shelf{}
		v := s.of(rules, view.Somebody())
		for n := range rapid.IntRange(1, 12).Draw(r, "changes") {
			c := busy(n, rapid.IntRange(1, 9).Draw(r, "steps"), rapid.Bool().Draw(r, "ended"))
			if len(s.faces) > 0 && rapid.Bool().Draw(r, "again") {
				at := rapid.IntRange(0, len(s.faces)-1).Draw(r, "card")
				c.ID = s.faces[at].Card.ID
				s.change(at, c)
			} else {
				s.put(c)
			}
			got, err := v.Flow(t.Context())
			if err != nil {
				r.Fatal(err)
			}
			want, err := s.of(rules, view.Somebody()).Flow(t.Context())
			if err != nil {
				r.Fatal(err)
			}
			if diff := cmp.Diff(want.Items, got.Items); diff != "" {
				r.Fatal(diff)
			}
			if diff := cmp.Diff(want.Pace, got.Pace, cmpopts.EquateEmpty()); diff != "" {
				r.Fatal(diff)
			}
		}
	})
}

// The flow as of a day in the past is what it was on that day.
func TestFlowOfThePast(t *testing.T) {
	t.Parallel()
	rules := shelfRules(t)
	s := &shelf{}
	c := inWork("done", 10)
	c.Past = kanban.Past{
		Steps:   []kanban.Step{{Column: "requests", At: *ago(10)}, {Column: "doing", At: *ago(8)}, {Column: "done", At: *ago(2)}},
		Blocks:  []kanban.Hindrance{{Party: kanban.Third, Reason: "bank", From: *ago(6), To: *ago(4)}},
		Touched: []calendar.Day{calendar.Of(*ago(8), time.UTC), calendar.Of(*ago(2), time.UTC)},
	}
	s.put(c, inWork("doing", 1))
	v := s.of(rules, view.Somebody())
	f, err := v.FlowAt(t.Context(), *ago(5))
	if err != nil || len(f.Items) != 1 {
		t.Fatal(err, f)
	}
	i := f.Items[0]
	want := flow.Stint{Committed: *ago(8), Started: *ago(8), Outcome: flow.Open, Active: 48 * time.Hour, Blocked: 24 * time.Hour,
		Spent: []flow.Spent{{Column: "doing", All: 72 * time.Hour, Blocked: 24 * time.Hour}}}
	if diff := cmp.Diff(&want, i.Stint()); diff != "" || i.Column != "doing" || len(i.Touched) != 1 || !i.Blocks[0].To.IsZero() {
		t.Errorf("%+v\n%s", i.Track, diff)
	}
	if f, err = v.FlowAt(t.Context(), *ago(50)); err != nil || len(f.Items) != 0 {
		t.Error(fmt.Sprint("before there was anything: ", err, f.Items))
	}
}
