package simulate

import (
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
)

// counted is a story of the status of one card: what people did, and so many writes of
// which so many were hit by a fault.
func counted(card *engine.Card, edits []edit, writes, struck int) *verdicts {
	v := &verdicts{sim: &sim{world: &world.World{}}}
	v.stories = []*story{{card: card, field: kanban.FieldStatus, edits: edits}}
	for i := range writes {
		w := &write{Op: reconcile.Op{Card: card.ID, Field: kanban.FieldStatus}, first: 1, sent: []int64{int64(i) * int64(time.Second)}}
		if i < struck {
			w.struck = 1
		}
		v.journal.order = append(v.journal.order, w)
	}
	return v
}

// people are so many edits, made at the same moment.
func people(n int, side string, early bool) []edit {
	edits := make([]edit, n)
	for i := range edits {
		edits[i] = edit{side: side, at: time.Unix(0, 0), early: early}
	}
	return edits
}

// TestOwnWritesAreHeldAgainstWhatAskedForThem holds P3 to what it counts: a drag of
// before the card had a twin is a person's edit too, and owes one write.
func TestOwnWritesAreHeldAgainstWhatAskedForThem(t *testing.T) {
	t.Parallel()
	single := &engine.Card{ID: "a"}
	made := &engine.Card{ID: "a", Mirror: &mirror.Saga{}}
	for name, c := range map[string]struct {
		card   *engine.Card
		edits  []edit
		writes int
		holds  bool
	}{
		"nobody did anything":                      {single, nil, 1, false},
		"one edit in a tracker":                    {single, people(1, "jira", false), 1, true},
		"echo of one edit":                         {single, people(1, "jira", false), 2, false},
		"an edit that the first read showed":       {single, people(1, "jira", true), 1, false},
		"a drag, to both sides":                    {single, people(1, reconcile.SideBoard, false), 2, true},
		"three drags alone":                        {single, people(3, reconcile.SideBoard, true), 3, true},
		"three drags alone, and an echo":           {single, people(3, reconcile.SideBoard, true), 4, false},
		"three drags alone, and the twin is told":  {made, people(3, reconcile.SideBoard, true), 4, true},
		"three drags alone, and a twin with echos": {made, people(3, reconcile.SideBoard, true), 6, false},
	} {
		if err := checkP3(counted(c.card, c.edits, c.writes, 0)); (err == nil) != c.holds {
			t.Errorf("%s, %d writes: %v", name, c.writes, err)
		}
	}
}

// TestFaultsAreNoOscillation holds P24 to what it counts: writes that no fault hit,
// whatever came of them.
func TestFaultsAreNoOscillation(t *testing.T) {
	t.Parallel()
	card := &engine.Card{ID: "a"}
	for name, c := range map[string]struct {
		edits          int
		writes, struck int
		holds          bool
	}{
		"six on our own":                     {0, 6, 0, true},
		"seven on our own":                   {0, 7, 0, false},
		"people who edit often are followed": {3, 12, 0, true},
		"more than they asked for":           {3, 13, 0, false},
		"eight that failed, one that did it": {1, 9, 8, true},
		"a loop in bad weather":              {0, 20, 13, false},
	} {
		if err := checkP24(counted(card, people(c.edits, "jira", false), c.writes, c.struck)); (err == nil) != c.holds {
			t.Errorf("%s, %d writes, %d hit: %v", name, c.writes, c.struck, err)
		}
	}
}
