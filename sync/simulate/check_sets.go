package simulate

import (
	"fmt"
	"time"

	"parley/kanban"
	"parley/sync/reconcile"
)

// checkP16 holds "set fields: final = base + adds - removes per element": an element
// that people only ever added is there in the end, one they only ever removed is not.
// Where some did one and some the other, P1 and P2 say what must become of it.
func checkP16(v *verdicts) error {
	for _, st := range v.stories {
		if _, _, element := st.field.Element(); !element || st.mixed || st.machine.Policy.Carry != reconcile.CarryBoth {
			continue
		}
		added, removed := 0, 0
		for i := range st.edits {
			switch {
			case st.edits[i].early:
				added, removed = added+1, removed+1 // what was there before they met stays as it is
			case st.edits[i].value == kanban.Present:
				added++
			case st.edits[i].value == kanban.Absent:
				removed++
			}
		}
		agreed := st.card.Field(st.field).Agreed
		if added > 0 && removed == 0 && agreed != kanban.Present || removed > 0 && added == 0 && agreed != kanban.Absent {
			return fmt.Errorf("P16: %s of card %s was added %d times and removed %d times, and is %s", st.field, st.card.ID, added, removed, agreed)
		}
	}
	return nil
}

// checkP20 holds "no source waits > 3 x its T while budget > 0": the world gives leave
// for every request once it is calm. An answer may still be on its way then that takes the
// leave away, by asking for quiet or refusing the credential: what it was told last counts.
func checkP20(v *verdicts) error { return first("P20", v.journal.starved) }

// polled takes down that a source is read from its beginning.
func (j *journal) polled(tracker, container string) {
	source := tracker + " " + container
	last, before := j.polls[source]
	j.polls[source] = j.sim.now
	wait := time.Duration(j.sim.now - last)
	if before && last > max(j.sim.calmAt, j.trouble[tracker]) && j.sim.calm && wait > 3*j.sim.pace.poll {
		j.starved = append(j.starved, fmt.Sprintf("source %s waited %s, the poll is %s", source, wait, j.sim.pace.poll))
	}
}

// troubled takes down that a tracker's answer to a request of before the calm is a no.
func (j *journal) troubled(tracker string) {
	j.trouble[tracker] = max(j.trouble[tracker], j.sim.now)
}

// shutOut takes down that a credential was refused: it is left alone on purpose for five
// minutes, and longer each time.
func (j *journal) shutOut(tracker string) {
	j.trouble[tracker] = j.sim.now + int64(30*time.Minute)
}
