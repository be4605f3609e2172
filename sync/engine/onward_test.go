package engine

import (
	"testing"

	"parley/connectors"
	"parley/kanban"
)

// TestPartOfAFeedIsHeldAgainstThePicture: the pages of a feed shift against each other, so
// that a part may lack what came before. Whoever edited then would never be heard of.
func TestPartOfAFeedIsHeldAgainstThePicture(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from int  // the first entry that the part has
		own  bool // the last entry is ours
		need Need
		seq  int64
	}{
		"a part that explains all":       {0, false, NeedNothing, 2},
		"the first entry is left out":    {1, false, NeedHistory, 0},
		"with an entry of our own in it": {0, true, NeedHistory, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.card = d.lone(kanban.GitHub)
			d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"))
			d.edit(kanban.GitHub, "cleo", "", to(kanban.ChangeLabel, "p-low"))
			part := d.entries[kanban.GitHub][c.from:]
			part[len(part)-1].Own = c.own
			d.step(Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: d.issue[kanban.GitHub], Entries: part, Since: connectors.Onward}})
			if side := d.card.Sides[kanban.GitHub]; side.Need != c.need || d.card.Status.Sides[kanban.GitHub].Seq != c.seq {
				t.Errorf("needs %q, folded up to %d; want %q, %d", side.Need, d.card.Status.Sides[kanban.GitHub].Seq, c.need, c.seq)
			}
		})
	}
}
