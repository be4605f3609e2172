package simulate

import (
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/simulate/world"
)

// checkP11 holds "for each own entry from == op.from, or the entries between were
// folded": at rest every own entry of an issue that can be read was folded, and histories
// are folded in order. What lies before an issue was met is part of what it was met with:
// an issue that was transferred is a new one, and brings the entries of the old one along.
func checkP11(v *verdicts) error {
	for _, st := range v.stories {
		for _, side := range kanban.Sides {
			sd := st.card.Sides[side]
			if sd == nil || v.troubled(st, side) {
				continue
			}
			issue, _ := v.truth.Issue(kindOf(side), sd.Issue.ID)
			for i := range issue.Edits {
				e := &issue.Edits[i]
				if e.Touches != st.field || e.Cause != world.ByParley || e.Seq <= st.card.Status.Sides[side].Seq {
					continue
				}
				if !v.journal.early(sd.Issue.Ref, e) && !v.journal.pictured(sd.Issue.Ref, issue.After(i), st.field, v.engine.Rules) {
					return fmt.Errorf("P11: our entry %d of %s, card %s, was never folded; the side stands at %d", e.Seq, sd.Issue.Key, st.card.ID, st.card.Status.Sides[side].Seq)
				}
			}
		}
	}
	return nil
}

// checkP12 holds "conflict row older than the overwriting op": where Parley knew an
// edit when it planned the write that went over it, the edit's conflict came no later.
func checkP12(v *verdicts) error {
	for _, st := range v.stories {
		for _, w := range st.writes {
			op := v.journal.ops[w.op]
			if op == nil || w.over < 0 || st.mixed {
				continue
			}
			e := &st.edits[w.over]
			if e.seq == 0 || e.seq > op.folded || e.over || e.opinion == kanban.Silent || e.early || e.value != "" && e.value == op.Value {
				continue
			}
			k, r := v.recordOf(st, e)
			if k != nil && r.Source == "" && r.At.After(w.at) {
				continue // it tells of a state after the write: of whoever set the same again
			}
			if k != nil && k.first > op.first {
				return fmt.Errorf("P12: write %s over %s's %s on %s was planned in commit %d, the conflict came in %d", w.op, e.who, e.native, e.side, op.first, k.first)
			}
		}
	}
	return nil
}

// checkP14 holds "fixed point: reconcile at quiescence makes 0 requests that mutate".
func checkP14(v *verdicts) error {
	if n := v.journal.restless; n > 0 {
		return fmt.Errorf("P14: %d writes left in the hour after everything had come to rest, the last %s", n, v.journal.lastSend)
	}
	return nil
}

// checkP18 holds "every hop is an allowed edge; interior statuses never become M". The
// world refuses transitions that its workflow does not have; nothing that Parley wrote
// itself may stand behind an agreed value. Nor does a write take a hop twice: somebody has
// put the issue back since, and what is written over that is another write.
func checkP18(v *verdicts) error {
	for _, i := range v.truth.Issues {
		if err := onceEachHop(i); err != nil {
			return err
		}
		for n := range i.Edits {
			e := &i.Edits[n]
			if e.Cause != world.ByParley || e.Seq == 0 {
				continue
			}
			if where, stood := v.journal.stood[sideOf(i.Kind).String()+" "+sourceOf(i.Kind, e.Seq)]; stood {
				return fmt.Errorf("P18: our own entry %d of %s (%s %q → %q, write %s) stood behind the agreed %s", e.Seq, i.Now().Key, e.Field, e.From, e.To, e.Op, where)
			}
		}
	}
	return nil
}

// onceEachHop looks for a hop that two requests of one write took; one request that the
// network doubled may take it twice.
func onceEachHop(i *world.Issue) error {
	took := map[string]int64{}
	for n := range i.Edits {
		e := &i.Edits[n]
		if i.Kind != connectors.Jira || e.Cause != world.ByParley || e.Op == "" || e.Field != kanban.ChangeStatus {
			continue
		}
		hop := e.Op + " to " + e.To
		if by, again := took[hop]; again && by != e.Request {
			return fmt.Errorf("P18: write %s led %s from %q to %q a second time", e.Op, i.Now().Key, e.From, e.To)
		}
		took[hop] = e.Request
	}
	return nil
}

// checkP23 holds "absence alone never causes a write": behind every write stands
// something that somebody set, in the other tracker, in the same or on the board, or that
// an issue was met with. Where a card was taken apart since, that may have been on what is
// another card now.
func checkP23(v *verdicts) error {
	said := map[kanban.CardID]map[kanban.Value]bool{}
	for _, st := range v.stories {
		set := said[st.card.ID]
		if set == nil {
			set = map[kanban.Value]bool{}
			said[st.card.ID] = set
		}
		for i := range st.edits {
			set[st.edits[i].value] = true
		}
		for _, s := range kanban.Sides {
			if sd := st.card.Sides[s]; sd != nil {
				if i, ok := v.truth.Issue(kindOf(s), sd.Issue.ID); ok {
					value, _ := st.machine.Lens.Back(s, st.field, v.engine.Rules.Native(i.First(), st.field), "")
					set[value] = true
				}
				if met, ok := v.journal.shown[contact{sd.Issue.Tracker, sd.Issue.ID}]; ok {
					value, _ := st.machine.Lens.Back(s, st.field, v.engine.Rules.Native(met, st.field), "")
					set[value] = true
				}
			}
		}
	}
	for _, w := range v.journal.order {
		_, known := said[w.Card]
		said := slices.ContainsFunc(v.kindred(w.Card), func(id kanban.CardID) bool { return said[id][w.Value] })
		if known && len(w.sent) > 0 && !said && slices.Contains(kanban.Fields[:], w.Field) && !v.journal.mixed[w.Card] && !v.shared(w) {
			return fmt.Errorf("P23: write %s of %s := %s on card %s carries what nobody ever set", w.ID, w.Field, w.Value, w.Card)
		}
	}
	return nil
}

// kindred lists a card and the cards that were one with it.
func (v *verdicts) kindred(id kanban.CardID) []kanban.CardID {
	out := []kanban.CardID{id}
	for i := 0; i < len(out); i++ {
		for _, k := range v.journal.kin {
			a, b := v.lives(k[0]), v.lives(k[1])
			if b == out[i] {
				a, b = b, a
			}
			if a == out[i] && !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	return out
}

// shared reports whether a value shares its natives with another one, so that a
// native can be read as either.
func (v *verdicts) shared(w *write) bool {
	lens := v.engine.Rules.Lens(v.trackerOf(connectors.Jira), v.trackerOf(connectors.GitHub))
	for _, s := range kanban.Sides {
		for _, n := range lens.Forward(s, w.Field, w.Value, "") {
			if back, _ := lens.Back(s, w.Field, n, ""); back != w.Value {
				return true
			}
		}
	}
	return false
}

// brake is how many writes of one field within an hour are at most sent without a
// person's leave.
const brake = 6

// checkP24 holds "<= 6 own writes per field-hour". People who edit more often than
// that are followed: only what exceeds their own edits counts. A write that a fault hit
// is not one: its tracker said no or nothing, and the write that replaces it counts. What
// such a one does late counts with the write that mends it. One that nothing hit counts
// whatever came of it, so that a loop of writes without effect is one.
func checkP24(v *verdicts) error {
	for _, st := range v.stories {
		at := v.sentAt(st)
		for i := range at {
			n := 0
			for _, t := range at[i:] {
				if t < at[i]+int64(time.Hour) {
					n++
				}
			}
			if human := st.editsAround(at[i]); n > brake+2*human {
				return fmt.Errorf("P24: %d writes of %s on card %s within an hour, people made %d edits", n, st.field, st.card.ID, human)
			}
		}
	}
	return nil
}

// sentAt lists when the writes of a field first left, of which a request came through.
// Those of a pair that was taken apart since followed edits of an issue whose story is
// another card's.
func (v *verdicts) sentAt(st *story) []int64 {
	var at []int64
	for _, w := range v.journal.order {
		if w.Card == st.card.ID && w.Field == st.field && len(w.sent) > w.struck && w.first > v.journal.apart[st.card.ID] {
			at = append(at, w.sent[0])
		}
	}
	slices.Sort(at)
	return at
}

// editsAround counts what people did within an hour of a moment.
func (st *story) editsAround(at int64) int {
	n := 0
	for i := range st.edits {
		if d := st.edits[i].at.UnixNano() - at; d > -int64(time.Hour) && d < int64(time.Hour) {
			n++
		}
	}
	return n
}

// checkP4 holds "at most one live mirror per (source, container)". One that somebody hid
// before it was found, and that is hidden still, cannot be told from one never made.
func checkP4(v *verdicts) error {
	marks := map[string]*world.Issue{}
	for _, i := range v.truth.Issues {
		if i.Cause != world.ByParley || v.unreadable(i) || i.Marker == "" {
			continue
		}
		key := i.Marker + " in " + i.Now().Container
		if other := marks[key]; other != nil && i.Now().Closed.IsZero() && other.Now().Closed.IsZero() {
			return fmt.Errorf("P4: %s and %s are both live mirrors of one issue", other.Now().Key, i.Now().Key)
		}
		marks[key] = i
	}
	return nil
}

// checkP5 holds "no mirror of a mirror": what Parley has created is no copy of what
// Parley has created, and no rule takes two such issues for twins. A person may: who
// parts two mirrors from their sources and links them by hand has made none.
func checkP5(v *verdicts) error {
	for _, i := range v.truth.Issues {
		if source, ok := v.sourceOf(i); ok && source.Cause == world.ByParley {
			return fmt.Errorf("P5: %s was created as the mirror of %s, which Parley has created", i.Now().Key, source.Now().Key)
		}
	}
	for _, c := range v.cards {
		if !c.Paired() || c.Pairing != nil && c.Pairing.How == engine.HowHand {
			continue
		}
		made := 0
		for _, s := range kanban.Sides {
			if i, ok := v.truth.Issue(kindOf(s), c.Sides[s].Issue.ID); ok && i.Cause == world.ByParley {
				made++
			}
		}
		if made == 2 {
			return fmt.Errorf("P5: card %s pairs %s and %s, both created by Parley", c.ID, c.Sides[kanban.Jira].Issue.Key, c.Sides[kanban.GitHub].Issue.Key)
		}
	}
	return nil
}

// sourceOf is the issue that an issue was created as the mirror of, by the mark that
// Parley gave it.
func (v *verdicts) sourceOf(i *world.Issue) (*world.Issue, bool) {
	mark, ok := mirror.Read(i.Marker)
	if !ok || i.Cause != world.ByParley {
		return nil, false
	}
	kind := connectors.Jira
	if i.Kind == connectors.Jira {
		kind = connectors.GitHub
	}
	return v.truth.Issue(kind, mark.ID)
}
