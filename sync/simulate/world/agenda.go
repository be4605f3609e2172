package world

import "time"

// agenda holds what will happen later, by time and then by order of arrival: a heap.
type agenda struct {
	list []appointment
	n    int64
}

type appointment struct {
	at time.Time
	n  int64
	do func()
}

func (a appointment) before(b appointment) bool {
	if c := a.at.Compare(b.at); c != 0 {
		return c < 0
	}
	return a.n < b.n
}

func (a *agenda) push(at time.Time, do func()) {
	a.n++
	a.list = append(a.list, appointment{at, a.n, do})
	for i := len(a.list) - 1; i > 0; {
		up := (i - 1) / 2
		if !a.list[i].before(a.list[up]) {
			return
		}
		a.list[i], a.list[up] = a.list[up], a.list[i]
		i = up
	}
}

// pop takes out what comes first. The agenda must not be empty.
func (a *agenda) pop() appointment {
	first, last := a.list[0], len(a.list)-1
	a.list[0] = a.list[last]
	a.list[last] = appointment{}
	a.list = a.list[:last]
	for i := 0; ; {
		least := i
		for _, kid := range [...]int{2*i + 1, 2*i + 2} {
			if kid < last && a.list[kid].before(a.list[least]) {
				least = kid
			}
		}
		if least == i {
			return first
		}
		a.list[i], a.list[least] = a.list[least], a.list[i]
		i = least
	}
}

// after lets something happen d from now.
func (w *World) after(d time.Duration, do func()) { w.later.push(w.now.Add(d), do) }

// Advance moves the true time on by d. What is due by then happens on the way, each
// at its own time.
func (w *World) Advance(d time.Duration) {
	end := w.now.Add(d)
	for len(w.later.list) > 0 && !w.later.list[0].at.After(end) {
		next := w.later.pop()
		if next.at.After(w.now) {
			w.now = next.at
		}
		next.do()
	}
	w.now = end
}

// Pending says when the next delayed effect lands; false: none waits.
func (w *World) Pending() (time.Time, bool) {
	if len(w.later.list) == 0 {
		return time.Time{}, false
	}
	return w.later.list[0].at, true
}
