package jirasim

import (
	"cmp"
	"slices"
	"sort"
	"time"
)

// index is what searches see. It follows the issues with the configured lag and
// is kept in the order of "updated", so that asking for what changed since a
// moment touches nothing older.
type index struct {
	byUpdated []*Issue // ascending by (Updated, num)
	pending   []arrival
	next      time.Time // due time of the earliest arrival; zero: none
}

// arrival is a version on its way into the index.
type arrival struct {
	due     time.Time
	rec     *record
	version int64
	issue   *Issue // nil: the issue leaves the index
}

// publish sends a version to the index; nil takes the issue out.
func (s *Site) publish(rec *record, version int64, v *Issue, now time.Time) {
	key := rec.current
	var lag time.Duration
	if s.opts.IndexLag != nil && key != nil {
		lag = s.opts.IndexLag(key.Key)
	}
	a := arrival{due: now.Add(lag), rec: rec, version: version, issue: v}
	if lag <= 0 {
		s.index.arrive(a)
		return
	}
	s.index.pending = append(s.index.pending, a)
	if s.index.next.IsZero() || a.due.Before(s.index.next) {
		s.index.next = a.due
	}
}

// refresh takes in what is due.
func (s *Site) refresh() {
	now := s.now()
	s.mu.RLock()
	due := !s.index.next.IsZero() && !s.index.next.After(now)
	s.mu.RUnlock()
	if !due {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index.takeIn(now)
}

func (x *index) takeIn(now time.Time) {
	waiting := x.pending
	x.pending, x.next = nil, time.Time{}
	for _, a := range waiting {
		if !a.due.After(now) {
			x.arrive(a)
			continue
		}
		x.pending = append(x.pending, a)
		if x.next.IsZero() || a.due.Before(x.next) {
			x.next = a.due
		}
	}
}

// arrive shows a version, unless a later one arrived before it.
func (x *index) arrive(a arrival) {
	if a.version <= a.rec.shown {
		return
	}
	if old := a.rec.indexed; old != nil {
		x.drop(old)
	}
	a.rec.shown, a.rec.indexed = a.version, a.issue
	if a.issue != nil {
		x.insert(a.issue)
	}
}

// drop takes a version out that is there.
func (x *index) drop(v *Issue) {
	i := x.position(v.Updated, v.num)
	x.byUpdated = append(x.byUpdated[:i], x.byUpdated[i+1:]...)
}

// insert puts a version in its place.
func (x *index) insert(v *Issue) {
	i := x.position(v.Updated, v.num)
	x.byUpdated = append(x.byUpdated, nil)
	copy(x.byUpdated[i+1:], x.byUpdated[i:])
	x.byUpdated[i] = v
}

// insertAll puts many versions in their places at once.
func (x *index) insertAll(all []*Issue) {
	x.byUpdated = append(x.byUpdated, all...)
	slices.SortFunc(x.byUpdated, func(a, b *Issue) int { return cmp.Or(a.Updated.Compare(b.Updated), cmp.Compare(a.num, b.num)) })
}

// position is where an issue with that time and id stands or would stand.
func (x *index) position(updated time.Time, num int64) int {
	return sort.Search(len(x.byUpdated), func(i int) bool {
		v := x.byUpdated[i]
		if c := v.Updated.Compare(updated); c != 0 {
			return c > 0
		}
		return v.num >= num
	})
}

// since is the part of the index with lo <= updated <= hi; zero times are open.
func (x *index) since(lo, hi time.Time) []*Issue {
	from, to := 0, len(x.byUpdated)
	if !lo.IsZero() {
		from = x.position(lo, 0)
	}
	if !hi.IsZero() {
		to = x.position(hi.Add(time.Millisecond), 0)
	}
	if from > to {
		return nil
	}
	return x.byUpdated[from:to]
}
