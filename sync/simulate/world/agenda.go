package world

import (
	"container/heap"
	"time"
)

// agenda holds what will happen later, by time and then by order of arrival.
type agenda struct {
	list []appointment
	n    int64
}

type appointment struct {
	at time.Time
	n  int64
	do func()
}

// Len, Less, Swap, Push and Pop make it a heap.
func (a *agenda) Len() int { return len(a.list) }

// Less orders by time, then by arrival.
func (a *agenda) Less(i, j int) bool {
	if c := a.list[i].at.Compare(a.list[j].at); c != 0 {
		return c < 0
	}
	return a.list[i].n < a.list[j].n
}

// Swap is part of the heap.
func (a *agenda) Swap(i, j int) { a.list[i], a.list[j] = a.list[j], a.list[i] }

// Push is part of the heap.
func (a *agenda) Push(x any) { a.list = append(a.list, x.(appointment)) }

// Pop is part of the heap.
func (a *agenda) Pop() any {
	last := a.list[len(a.list)-1]
	a.list = a.list[:len(a.list)-1]
	return last
}

func (a *agenda) pop() appointment { return heap.Pop(a).(appointment) }

// after lets something happen d from now.
func (w *World) after(d time.Duration, do func()) {
	w.later.n++
	heap.Push(&w.later, appointment{w.now.Add(d), w.later.n, do})
}

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
