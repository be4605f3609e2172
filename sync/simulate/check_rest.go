package simulate

import (
	"context"
	"errors"
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/simulate/world"
)

// checkP28 holds "liveness: after the last fault, quiescence within 3T + H_w + Λ": by
// then every issue was read and no side of a card waits for a read.
func checkP28(v *verdicts) error {
	for _, st := range v.stories {
		for _, s := range kanban.Sides {
			if sd := st.card.Sides[s]; sd != nil && sd.Need != engine.NeedNothing && !v.troubled(st, s) {
				return fmt.Errorf("P28: card %s still waits for a %s of %s", st.card.ID, sd.Need, sd.Issue.Key)
			}
		}
	}
	for _, i := range v.strays {
		if !v.unreadable(i) {
			return fmt.Errorf("P28: %s was never read", i.Now().Key)
		}
	}
	return nil
}

// checkP27 holds "forged, copied or stripped markers never create or steal a link": an
// issue that a person made is nobody's mirror, whatever marker it shows.
func checkP27(v *verdicts) error {
	for _, c := range v.cards {
		if !c.Paired() || c.Pairing == nil || c.Pairing.How != "mirror" {
			continue
		}
		made := false
		for _, s := range kanban.Sides {
			i, ok := v.truth.Issue(kindOf(s), c.Sides[s].Issue.ID)
			made = made || ok && i.Cause == world.ByParley
		}
		if !made {
			return fmt.Errorf("P27: card %s is said to be a mirror, and people made both %s and %s", c.ID, c.Sides[kanban.Jira].Issue.Key, c.Sides[kanban.GitHub].Issue.Key)
		}
	}
	return nil
}

// checkP30 holds "every DB state reachable in simulation passes parley fsck": the index,
// the cards and the journal agree with each other.
func checkP30(v *verdicts) error {
	found, err := v.memory.Check(context.Background())
	if err != nil || len(found) > 0 {
		return errors.Join(err, first("P30", found))
	}
	for _, c := range v.cards {
		if err := v.sound(c); err != nil {
			return fmt.Errorf("P30: card %s: %w", c.ID, err)
		}
	}
	return nil
}

// sound checks one card against the index and in itself.
func (v *verdicts) sound(c *engine.Card) error {
	for _, s := range kanban.Sides {
		sd := c.Sides[s]
		if sd == nil {
			continue
		}
		rows, err := v.memory.Index(context.Background(), sd.Issue.Tracker, []string{sd.Issue.ID})
		if err != nil {
			return err
		}
		if row := rows[sd.Issue.ID]; row.Card != c.ID {
			return fmt.Errorf("it shows %s, whose row points at %q", sd.Issue.Key, row.Card)
		}
	}
	if found := engine.Fsck(*c); len(found) > 0 {
		return errors.New(found[0])
	}
	return nil
}
