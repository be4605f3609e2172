package jirasim

import "slices"

// window is one page of a search: which issues a user may see, after which
// place, how many, and which ids are looked up past the index.
type window struct {
	user      *User
	after     *place
	limit     int
	archived  bool // also issues of archived projects
	reconcile []int64
}

// search runs a plan on the index; more tells that issues are left. Hold the
// read lock.
func (s *Site) search(p *plan, w window) (page []*Issue, more bool) {
	if len(p.order) == 0 {
		p.order = []term{{"id", true}}
	}
	var found []*Issue
	if p.order[0].field == "updated" && !p.narrow && len(w.reconcile) == 0 {
		found = s.walk(p, w)
	} else {
		found = s.gather(p, w)
	}
	found = s.sorted(found, p.order)
	if len(found) > w.limit {
		return found[:w.limit], true
	}
	return found, false
}

// takes reports whether an issue belongs to the rest of a search.
func (s *Site) takes(p *plan, w window, v *Issue) bool {
	return s.fits(p, w, v) && (s.opts.IndexGap == nil || !s.opts.IndexGap(v.Key))
}

// fits is takes for an index without gaps.
func (s *Site) fits(p *plan, w window, v *Issue) bool {
	if !s.unearthed(v, w.archived) || !p.match(v) || !s.sees(w.user, v) {
		return false
	}
	return w.after == nil || comparePlaces(s.placeOf(v, p.order), *w.after, p.order) > 0
}

// walk follows the index in its own order and stops as soon as a page is full
// and the next issue was updated at another moment than the last.
func (s *Site) walk(p *plan, w window) []*Issue {
	lo, hi := p.lo, p.hi
	if w.after != nil && p.order[0].desc {
		hi = w.after.start()
	} else if w.after != nil {
		lo = w.after.start()
	}
	span := s.index.since(lo, hi)
	var found []*Issue
	for i := range span {
		v := span[i]
		if p.order[0].desc {
			v = span[len(span)-1-i]
		}
		if n := len(found); n > w.limit && !v.Updated.Equal(found[n-1].Updated) {
			break
		}
		if s.takes(p, w, v) {
			found = append(found, v)
		}
	}
	return found
}

// gather collects everything that matches, to be sorted.
func (s *Site) gather(p *plan, w window) []*Issue {
	var found []*Issue
	for _, v := range s.candidates(p) {
		if !slices.Contains(w.reconcile, v.num) && s.takes(p, w, v) {
			found = append(found, v)
		}
	}
	for _, id := range w.reconcile {
		if rec := s.issues[id]; rec != nil && rec.current != nil && s.fits(p, w, rec.current) {
			found = append(found, rec.current)
		}
	}
	return found
}

// candidates is the smallest part of the index that a plan can match in.
func (s *Site) candidates(p *plan) []*Issue {
	if !p.narrow {
		return s.index.since(p.lo, p.hi)
	}
	var out []*Issue
	for _, id := range p.ids {
		if v := s.issues[id].indexed; v != nil {
			out = append(out, v)
		}
	}
	return out
}

// count is how many indexed issues match.
func (s *Site) count(p *plan, u *User) int {
	n := 0
	for _, v := range s.candidates(p) {
		if s.takes(p, window{user: u}, v) {
			n++
		}
	}
	return n
}
