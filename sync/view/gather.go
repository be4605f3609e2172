package view

import (
	"slices"
	"strings"
	"time"

	"parley/kanban"
)

// together is how close changes of one person in one place lie that are told as one.
const together = time.Minute

// gathered tells neighbouring changes of one person in one place as one moment: a
// tracker's own page sends a request for each. A card that went somewhere begins a moment
// of its own. Moments are newest first.
func (t teller) gathered(ms []Moment) []Moment {
	var out []Moment
	for _, m := range ms {
		n := len(out)
		if n == 0 || !joins(out[n-1], m) {
			out = append(out, m)
			continue
		}
		last := &out[n-1]
		last.Parts = swapped(append(slices.Clone(m.Parts), last.Parts...))
		if m.Column != "" {
			last.Column, last.Mark = m.Column, m.Mark
		}
		last.At = m.At
		t.sentence(last)
	}
	return out
}

func joins(later, m Moment) bool {
	return later.Kind == MomentChanged && m.Kind == MomentChanged && later.Where == m.Where && later.Who == m.Who && later.Own == m.Own &&
		later.At.Sub(m.At) <= together && (later.Column == "" || m.Column == "" || later.Column == m.Column)
}

// swapped tells a label that took the place of another of its family as one change.
func swapped(parts []string) []string {
	out := slices.Clone(parts)
	for _, gone := range parts {
		old, ok := strings.CutPrefix(gone, "Label removed: ")
		family, _, named := strings.Cut(old, ":")
		if !ok || !named {
			continue
		}
		i := slices.IndexFunc(out, func(p string) bool { return strings.HasPrefix(p, "Label added: "+family+":") })
		if i < 0 {
			continue
		}
		out[i] = "Label: " + old + " → " + strings.TrimPrefix(out[i], "Label added: ")
		out = slices.DeleteFunc(out, func(p string) bool { return p == gone })
	}
	return out
}

// dated puts moments into the zone in which people are told times.
func (v *Sight) dated(ms []Moment) {
	for i := range ms {
		at := ms[i].At.In(v.Zone)
		ms[i].Day, ms[i].Hour = at.Format("Mon 2 Jan 2006"), at.Format("15:04")
	}
}

// entering reports whether a column was entered at a moment by one of these steps. The
// account is kept to the microsecond.
func entering(steps []kanban.Step, at time.Time) (kanban.ColumnKey, bool) {
	for _, s := range slices.Backward(steps) {
		if s.At.Truncate(time.Microsecond).Equal(at.Truncate(time.Microsecond)) {
			return s.Column, true
		}
	}
	return "", false
}
