package githubsim

import "time"

// change replaces the state of an issue by one that fn made different, and moves
// updated_at. fn must not write into the slices it finds.
func (a act) change(is *issue, fn func(*state)) {
	was, s := is.state, *is.state
	fn(&s)
	s.updated = later(s.updated, a.at)
	a.replace(is, was, &s)
	if a.w.opts.UpdatedBump == nil {
		return
	}
	if d := a.w.opts.UpdatedBump(is.repo.full(), is.number).Truncate(time.Second); d > 0 {
		is.bump = later(is.bump, a.at.Add(d))
		is.repo.touches = append(is.repo.touches, is)
		if is.repo.nextTouch.IsZero() || is.bump.Before(is.repo.nextTouch) {
			is.repo.nextTouch = is.bump
		}
	}
}

// appear adds a new issue, which lists and reads may be late to show.
func (a act) appear(is *issue) {
	is.repo.insert(is)
	a.replace(is, nil, is.state)
}

func (a act) replace(is *issue, was, now *state) {
	rp := is.repo
	is.state = now
	rp.version++
	if was != nil && was.closed.IsZero() && !now.closed.IsZero() {
		a.closedInProjects(is)
	}
	clock := a.w.opts.Clock.Now()
	if lag := is.lag(a.w.opts.ListLag); lag > 0 {
		is.inLists = is.inLists.keep(was, clock, a.at.Add(lag))
		rp.settled = later(rp.settled, a.at.Add(lag))
	}
	if lag := is.lag(a.w.opts.ReadLag); lag > 0 {
		is.inReads = is.inReads.keep(was, clock, a.at.Add(lag))
		rp.settled = later(rp.settled, a.at.Add(lag))
	}
}

// settle carries out the second moves of updated_at that have come due.
func (rp *repo) settle(now time.Time) {
	if len(rp.touches) == 0 || now.Before(rp.nextTouch) {
		return
	}
	var rest []*issue
	rp.nextTouch = time.Time{}
	for _, is := range rp.touches {
		switch {
		case is.bump.IsZero():
		case now.Before(is.bump):
			rest = append(rest, is)
			if rp.nextTouch.IsZero() || is.bump.Before(rp.nextTouch) {
				rp.nextTouch = is.bump
			}
		default:
			s := *is.state
			s.updated = later(s.updated, is.bump)
			is.state, is.bump = &s, time.Time{}
			rp.version++
		}
	}
	rp.touches = rest
}
