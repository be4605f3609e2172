package kanban

import "time"

// Arrived is when a card came into an active column without a stay in a queue since it was
// last a request: it was begun before anybody had committed to it. The column in which a
// card was first known is none that it came into, for nothing tells where it had been
// before. On a board without a queue nothing is ever committed to, and no card arrives.
// The steps are in their order.
func Arrived(steps []Step, layout Layout) (at time.Time, ok bool) {
	if !layout.has(Queue) {
		return time.Time{}, false
	}
	settled := false
	for i, s := range steps {
		col, known := layout.Column(s.Column)
		switch {
		case !known:
		case col.Category == Option:
			at, ok, settled = time.Time{}, false, false
		case settled:
		case col.Category == Queue:
			settled = true
		case col.Category == Active:
			settled = true
			if i > 0 {
				at, ok = s.At, true
			}
		}
	}
	return at, ok
}

func (l Layout) has(c Category) bool {
	for _, col := range l.Columns {
		if col.Category == c {
			return true
		}
	}
	return false
}
