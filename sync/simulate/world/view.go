package world

import (
	"cmp"
	"slices"
	"time"
)

// view is what lists or searches show: the issues of a site or of a repository in
// the order of "updated" as they show it, which lags behind the truth.
type view struct {
	rows    []*issue
	waiting []arrival // versions on their way
	next    time.Time // when the first of them arrives; zero: none
	moved   int64     // counts changes of what is shown
}

type arrival struct {
	at  time.Time
	who *issue
}

// publish lets a view know of an issue's newest version.
func (v *view) publish(i *issue, now time.Time) {
	at := i.now().shown
	if !at.After(now) {
		v.place(i, now)
		return
	}
	v.waiting = append(v.waiting, arrival{at, i})
	if v.next.IsZero() || at.Before(v.next) {
		v.next = at
	}
}

// refresh takes in what has arrived.
func (v *view) refresh(now time.Time) {
	if v.next.IsZero() || v.next.After(now) {
		return
	}
	v.next = time.Time{}
	rest := v.waiting[:0]
	for _, a := range v.waiting {
		if !a.at.After(now) {
			v.place(a.who, now)
			continue
		}
		rest = append(rest, a)
		if v.next.IsZero() || a.at.Before(v.next) {
			v.next = a.at
		}
	}
	v.waiting = rest
}

// settle takes in everything at once.
func (v *view) settle(now time.Time) {
	for n := range v.waiting {
		v.waiting[n].at = now
	}
	v.next = time.Time{}
	if len(v.waiting) > 0 {
		v.next = now
	}
	v.refresh(now)
}

// place puts an issue where the version that is visible now belongs.
func (v *view) place(i *issue, now time.Time) {
	shown := i.visible(now)
	if shown == nil || i.listed != nil && i.listed.n >= shown.n {
		return
	}
	if i.listed != nil && i.listed.state != nil {
		v.take(i)
	}
	i.listed = copyOf(shown)
	v.moved++
	if shown.state == nil {
		return
	}
	at := v.find(i.listed.updated, i.num)
	v.rows = slices.Insert(v.rows, at, i)
}

func copyOf(v *version) *version {
	c := *v
	return &c
}

func (v *view) take(i *issue) {
	at := v.find(i.listed.updated, i.num)
	v.rows = slices.Delete(v.rows, at, at+1)
}

// find is where an issue with that time and number stands or would stand.
func (v *view) find(updated time.Time, num int64) int {
	lo, hi := 0, len(v.rows)
	for lo < hi {
		mid := (lo + hi) / 2
		r := v.rows[mid]
		if c := r.listed.updated.Compare(updated); c < 0 || c == 0 && r.num < num {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// walk goes over what is shown and was updated at or after a moment, in the order of
// "updated", until yield says that it is enough.
func (v *view) walk(lo time.Time, yield func(*issue, *version) bool) {
	at := 0
	if !lo.IsZero() {
		at = v.find(lo, 0)
	}
	for _, i := range v.rows[at:] {
		if !yield(i, i.listed) {
			return
		}
	}
}

// row is an issue as a replica shows it.
type row struct {
	*issue
	v *version
}

// walkAsOf is walk over what was shown at an earlier moment.
func (v *view) walkAsOf(t, lo time.Time, all []*issue, yield func(*issue, *version) bool) {
	var rows []row
	for _, i := range all {
		if then := i.visible(t); then != nil && then.state != nil && then.box.view == v && !then.updated.Before(lo) {
			rows = append(rows, row{i, then})
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(a.v.updated.Compare(b.v.updated), cmp.Compare(a.num, b.num))
	})
	for _, r := range rows {
		if !yield(r.issue, r.v) {
			return
		}
	}
}
