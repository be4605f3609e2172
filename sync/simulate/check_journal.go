package simulate

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/simulate/world"
	"parley/sync/store"
)

// checkP6 holds "no mutating request without a committed SENDING row of the current
// epoch": the journal compares every write that leaves with what was committed.
func checkP6(v *verdicts) error { return first("P6", v.journal.unrecorded) }

// checkP8 holds "folded token per side never decreases".
func checkP8(v *verdicts) error { return first("P8", v.journal.backwards) }

// checkP9 holds the claim of the cursor: after a read's last page, for every item the
// newest change up to the watermark is ingested. It is held against the true log.
func checkP9(v *verdicts) error { return first("P9", v.journal.missed) }

// checkP10 holds "W <= server time - Λ always".
func checkP10(v *verdicts) error { return first("P10", v.journal.hasty) }

// checkP25 holds "no commit with a stale lease epoch".
func checkP25(v *verdicts) error { return first("P25", v.journal.stale) }

func first(property string, found []string) error {
	if len(found) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s (%d in all)", property, found[0], len(found))
}

// cursor takes down a cursor that was committed, and holds it against the truth.
func (j *journal) cursor(st *store.SourceState) {
	c := st.Cursor
	if st.Tier != "" || !c.Scan.Started.IsZero() || c.Watermark.IsZero() {
		return // in the middle of a read
	}
	kind := j.sim.kindNamed(st.Tracker)
	overlap := overlapOf(kind)
	if server := j.server[st.Tracker]; c.Watermark.After(server.Add(-overlap)) {
		j.hasty = append(j.hasty, fmt.Sprintf("watermark of %s %s is %s, the server's time %s, Λ %s", st.Tracker, st.Source, c.Watermark, server, overlap))
	}
	if j.sim.script.Swarm.LongLag || j.sim.lied(st.Tracker) {
		return // A4 is broken on purpose: slower tiers find those
	}
	for _, i := range j.sim.world.Truth().Issues {
		if i.Kind == kind && !i.Gone() {
			j.ingested(st, i, c.Watermark)
		}
	}
}

// lied reports whether a tracker has broken what the cursor relies on: it called an old
// list unchanged, left a row out or showed one that nobody can read, or hid a container.
func (s *sim) lied(tracker string) bool {
	return slices.ContainsFunc(s.world.Incidents(), func(i world.Incident) bool {
		switch i.Fault {
		case world.Stale304, world.MissingRow, world.BrokenRow, world.NoPermission:
			return tracker == "" || i.Tracker == tracker
		}
		return false
	})
}

// ingested checks that an issue's newest change up to the watermark was read.
func (j *journal) ingested(st *store.SourceState, i *world.Issue, mark time.Time) {
	now := i.Now()
	if now.Updated.After(mark) || now.Security != "" || shelved(i) || st.Source != "" && now.Container != st.Source || !j.sim.reads(i.Kind, now.Container) {
		return
	}
	if had, ok := j.token[contact{st.Tracker, i.ID}]; !ok || had.Before(now.Updated) {
		j.missed = append(j.missed, fmt.Sprintf("%s %s changed at %s, watermark %s, last read as of %s", st.Tracker, now.Key, now.Updated, mark, had))
	}
}

// Λ of the trackers, as the specification has it.
func overlapOf(k connectors.Kind) time.Duration {
	if k == connectors.Jira {
		return 10 * time.Minute
	}
	return 2 * time.Minute
}

// contact is an issue of a tracker.
type contact struct{ tracker, issue string }

// tokens takes down how far the sides of a card were read and folded.
func (j *journal) tokens(w *store.CardWrite) {
	for _, s := range kanban.Sides {
		sd := w.Card.Sides[s]
		if sd == nil {
			delete(j.places, spot{w.Card.ID, s})
			continue
		}
		at := contact{sd.Issue.Tracker, sd.Issue.ID}
		if sd.Problem != nil {
			j.kinds["problem "+string(sd.Problem.Kind)]++
		}
		seq := w.Card.Status.Sides[s].Seq
		twin := j.firstRead(w, at, seq)
		last := j.folded[at]
		if old, moved := j.place(w.Card.ID, s, at); moved { // it goes on from where the other was read
			last = j.folded[old]
			j.goesOn(at, old)
		}
		if seq < last && !(seq == 0 && twin) {
			j.backwards = append(j.backwards, fmt.Sprintf("%s of card %s was folded up to entry %d, now to %d", sd.Issue.Key, w.Card.ID, last, seq))
		}
		if last := j.token[at]; sd.Issue.Updated.Before(last) {
			j.backwards = append(j.backwards, fmt.Sprintf("%s of card %s was held as of %s, now as of %s", sd.Issue.Key, w.Card.ID, last, sd.Issue.Updated))
		}
		j.folded[at], j.token[at] = seq, sd.Issue.Updated
	}
	if w.Card.Paired() && !j.paired[w.Card.ID] {
		j.joined[w.Card.ID] = j.commits
	}
	j.paired[w.Card.ID] = w.Card.Paired()
}

// firstRead takes down what an issue was met with: up to which entry, and by what
// picture. A twin that Parley has made is told what was agreed from its first entry on.
func (j *journal) firstRead(w *store.CardWrite, at contact, seq int64) (twin bool) {
	joined := w.Card.Paired() && !j.paired[w.Card.ID]
	made := joined && w.Card.Pairing != nil && w.Card.Pairing.How == engine.HowMirror
	source := made && w.Card.Mirror != nil && (at == contact{w.Card.Mirror.Source, w.Card.Mirror.SourceID})
	twin = made && !source
	if _, met := j.met[at]; met && (!joined || source) {
		return twin // a source meets nothing: what it was met with itself stays
	}
	j.met[at] = seq // what was done before twins met is part of what they are met with
	if side := w.Card.Sides[kanban.Jira]; side != nil && side.Issue.Tracker == at.tracker && side.Issue.ID == at.issue {
		j.shown[at] = side.Issue
	} else {
		j.shown[at] = w.Card.Sides[kanban.GitHub].Issue
	}
	if twin {
		delete(j.shown, at)
	}
	return twin
}

// goesOn takes down that an issue was met with what the one was whose place it takes.
func (j *journal) goesOn(at, old contact) {
	j.met[at] = j.met[old]
	if shown, ok := j.shown[old]; ok {
		j.shown[at] = shown
	} else {
		delete(j.shown, at)
	}
}

// ruled takes down which entries a commit has folded while the pair's rule carried nothing
// from their side. What holds is the rule that the card had before: that an issue has left
// its project since makes no edit of those days one that counts.
func (j *journal) ruled(eng *engine.Engine, c *engine.Card) {
	for _, f := range c.Fields() {
		at := slot{c.ID, f}
		for _, s := range kanban.Sides {
			from, to := j.folded[j.places[spot{c.ID, s}]], c.Status.Sides[s].Seq
			if way, known := j.ways[at]; known && to > from && !way.From(s) {
				j.uncarried[entries{spot{c.ID, s}, f, from, to}] = bystander{way, c.Field(f).Agreed}
			}
		}
		j.ways[at] = eng.Policy(c, f).Carry
	}
}

// bystander is how a side stood whose changes were not carried: by which rule, and what
// was agreed without it.
type bystander struct {
	way    reconcile.Carry
	agreed kanban.Value
}

// entries are those of a side's history after one and up to another, as far as they
// concern a field.
type entries struct {
	at       spot
	field    kanban.Field
	from, to int64
}

// place takes down which issue is on a side of a card. moved says that it took the place
// of another one, which was transferred.
func (j *journal) place(card kanban.CardID, s kanban.Side, now contact) (old contact, moved bool) {
	at := spot{card, s}
	old, moved = j.places[at]
	j.places[at] = now
	return old, moved && old != now
}

// spot is a side of a card.
type spot struct {
	card kanban.CardID
	side kanban.Side
}

// reason names why a store refused a commit.
func reason(err error) string {
	for name, kind := range map[string]error{"stale": store.ErrStale, "fenced": store.ErrFenced, "answered": store.ErrAnswered} {
		if errors.Is(err, kind) {
			return name
		}
	}
	return "otherwise"
}
