package kanban_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/calendar"
)

// A past is over at a moment where going back to that moment takes nothing from it.
func TestAPastIsOverWhereNothingHasHappenedSince(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		hour := rapid.IntRange(0, 72)
		when := func(what string) time.Time {
			return monday.Add(time.Duration(hour.Draw(t, what)) * time.Hour)
		}
		several := func(what string, add func()) {
			for range rapid.IntRange(0, 2).Draw(t, what) {
				add()
			}
		}
		var p kanban.Past
		several("steps", func() { p.Steps = append(p.Steps, kanban.Step{Column: "doing", At: when("step")}) })
		several("ranks", func() { p.Ranks = append(p.Ranks, kanban.Ranking{Priority: "high", At: when("rank")}) })
		several("profiles", func() { p.Profiles = append(p.Profiles, kanban.Profile{Unit: "risk", At: when("profile")}) })
		several("days", func() { p.Touched = append(p.Touched, calendar.Of(when("day"), time.UTC)) })
		several("blocks", func() {
			h := kanban.Hindrance{From: when("from")}
			if rapid.Bool().Draw(t, "ended") {
				h.To = h.From.Add(time.Hour)
			}
			p.Blocks = append(p.Blocks, h)
		})
		at := when("at")
		if same := cmp.Equal(p, p.By(at), cmpopts.EquateEmpty()); same != p.Over(at) {
			t.Fatalf("%+v at %v: the same %v, over %v", p, at, same, p.Over(at))
		}
	})
}
