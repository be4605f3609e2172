package view_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

func (b *bench) sync(w view.Viewer) view.Sync {
	b.t.Helper()
	s, err := b.views.As(w).Sync(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// rewrite stores a card as a step has left it.
func (b *bench) rewrite(c engine.Card) {
	b.t.Helper()
	stored, err := b.store.Card(context.Background(), c.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	c.Lock = stored.Lock
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cards: []store.CardWrite{{Card: c, Face: b.eng.Face(&c)}}}); err != nil {
		b.t.Fatal(err)
	}
}

func TestSyncTellsWhatIsWrongAndWhatMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	card := story(b)
	card.Sides[kanban.GitHub].Problem = &engine.Problem{Kind: "forbidden", Text: "GitHub lets nobody write here", At: now}
	b.rewrite(card)
	read := store.SourceState{Tracker: "github", Source: "acme/infra", OKAt: now.Add(-70 * time.Second), Imported: true, Requests: 1234}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Cursor: &read, Quarantine: []store.Quarantined{{Tracker: "jira", Issue: "77", Key: "OPS-7", Reason: "its date is from the year 12000"}}}); err != nil {
		t.Fatal(err)
	}
	b.views.Trackers[1].Quotas = func() []view.Quota { return []view.Quota{{Limit: 5000, Left: 4212, Reserve: 500}} }
	s := b.sync(view.Somebody())
	if len(s.Troubles) != 2 || !s.Troubles[0].Retry || s.Troubles[0].Key != "OPS-1" || s.Troubles[0].Text != "GitHub lets nobody write here" ||
		s.Troubles[1].Kind != view.TroubleQuarantine || s.Troubles[1].Key != "OPS-7" || s.Troubles[1].Retry {
		t.Errorf("told %+v", s.Troubles)
	}
	if c := s.Trackers[1]; c.Requests != 1234 || len(c.Quotas) != 1 || len(c.Sources) != 1 || c.Sources[0].Age != 70 || c.Level != "late" {
		t.Errorf("of GitHub it tells %+v", c)
	}
	unit := b.sync(view.Viewer{Audience: view.UnitAudience("risk")})
	if c := unit.Trackers[1]; c.Requests != 0 || c.Quotas != nil || c.Sources != nil {
		t.Errorf("a unit is told of the trackers: %+v", c)
	}
	if len(unit.Troubles) != 1 || unit.Troubles[0].Key != "OPS-1" || strings.Contains(unit.Troubles[0].Text, "nobody") {
		t.Errorf("a unit is told of its card: %+v", unit.Troubles)
	}
	if other := b.sync(view.Viewer{Audience: view.UnitAudience("sales")}); len(other.Troubles) != 0 {
		t.Errorf("another unit is told %+v", other.Troubles)
	}
}

func TestSyncCountsWhatWaits(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	card := story(b)
	b.eng.Write = false
	b.wish(card.ID, "asked", "lea")
	s := b.sync(view.Somebody())
	if s.Trackers[0].Held != 1 || s.Trackers[1].Held != 1 || s.Trackers[0].Waiting != 0 {
		t.Errorf("in plan mode: %+v", s.Trackers)
	}
}

func TestActivityNamesCardsAndSaysWhy(t *testing.T) {
	t.Parallel()
	b := pairBench(t)
	card := story(b)
	b.wish(card.ID, "asked", "lea")
	stored, err := b.store.Card(context.Background(), card.ID)
	if err != nil || len(stored.Ops) == 0 {
		t.Fatalf("%v, %+v", err, stored.Ops)
	}
	rec := engine.Record{Activity: []engine.Activity{{At: now, Card: card.ID, Kind: engine.DidWrite, Side: "github", Field: kanban.FieldStatus, Op: stored.Ops[0].ID, Text: "GitHub now shows open, asked"}}}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Record: rec}); err != nil {
		t.Fatal(err)
	}
	first := func(w view.Viewer) view.Line {
		lines, err := b.views.As(w).Activity(context.Background(), 0, 10)
		if err != nil || len(lines) == 0 {
			t.Fatalf("%v, %+v", err, lines)
		}
		return lines[0]
	}
	if l := first(view.Somebody()); l.Key != "OPS-1" || l.Title != "Positions" || l.Why != "lea set status to Asked on the board" {
		t.Errorf("told %+v", l)
	}
	if l := first(view.Viewer{Audience: view.UnitAudience("risk")}); l.Key != "OPS-1" || l.Title != "Positions" || l.Why != "" {
		t.Errorf("a unit is told %+v", l)
	}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	agree := []view.SideStory{{Side: "jira", Native: "Open", Means: "To do", Agrees: true}, {Side: "github", Native: "open", Means: "no opinion"}}
	differ := []view.SideStory{{Side: "jira", Native: "On hold", Means: "unmapped"}, {Side: "github", Native: "open", Means: "To do", Agrees: true}}
	for name, c := range map[string]struct {
		story      view.FieldStory
		kind, text string
	}{
		"no opinion is no contradiction": {view.FieldStory{Name: "Status", Sides: agree}, "agree", "agree"},
		"one says something else":        {view.FieldStory{Name: "Status", Sides: differ}, "differs", "Status differs: On hold in Jira"},
		"left alone":                     {view.FieldStory{Name: "Status", Frozen: "why", Sides: differ}, "left", "Status is left alone: On hold in Jira"},
		"left alone and the same":        {view.FieldStory{Name: "Status", Frozen: "why", Sides: agree}, "left", "Status is left alone"},
		"one side":                       {view.FieldStory{Name: "Status", Sides: agree[:1]}, "alone", ""},
		"being saved":                    {view.FieldStory{Sides: differ, Writes: []view.WriteStory{{Side: "jira", To: "Open", State: "sending"}}}, "saving", "Saving to Jira: Open"},
		"held":                           {view.FieldStory{Sides: differ, Writes: []view.WriteStory{{Side: "jira", To: "Open", State: "held"}}}, "held", "Not sent to Jira: Open"},
		"saved before":                   {view.FieldStory{Name: "Status", Sides: agree, Writes: []view.WriteStory{{Side: "jira", To: "Open", State: "done"}}}, "agree", "agree"},
	} {
		if v := c.story.Verdict(); v.Kind != c.kind || v.Text != c.text {
			t.Errorf("%s: %+v, want %s %q", name, v, c.kind, c.text)
		}
	}
}
