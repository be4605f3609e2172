package jirasim

import (
	"net/http"
	"time"
)

// update says who changes which issue, and what it takes to do so.
type update struct {
	actor  string
	key    string
	permit Permission
	what   string // "edit this issue"
}

// effect is what a change did to a draft.
type effect uint8

const (
	unchanged effect = iota
	quiet            // changed, but "updated" stays
	touched          // changed, and "updated" moves
)

// change runs one update under the site's lock: it finds the issue, checks that
// the actor may, lets apply change a draft, given the time that the change will
// carry, and commits it.
func (m Moment) change(u update, apply func(d *Issue, at time.Time) (effect, *Refusal)) error {
	s := m.site
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, r := s.writable(u)
	if r != nil {
		return r
	}
	at := after(rec.current.Updated, m.now())
	d := rec.current.draft()
	did, r := apply(d, at)
	if r != nil {
		return r
	}
	if did == touched {
		d.Updated = at
	}
	if did != unchanged {
		s.commit(rec, d, m.now())
	}
	return nil
}

// writable finds the issue of an update and refuses what may not be.
func (s *Site) writable(u update) (*record, *Refusal) {
	rec := s.find(u.key)
	if rec == nil {
		return nil, absent()
	}
	if who := s.catalog.users[u.actor]; u.actor != "" && who != nil && !s.sees(who, rec.current) {
		return nil, absent()
	}
	if r := s.actor(u.actor, rec.current.Project, u.permit, u.what); r != nil {
		return nil, r
	}
	if s.frozen(rec.current) {
		return nil, refuse(http.StatusForbidden, "The issue is archived and cannot be changed.")
	}
	if s.opts.Conflict != nil && s.opts.Conflict(rec.current.Key) {
		return nil, refuse(http.StatusConflict, "The issue could not be updated due to a conflicting update.")
	}
	return rec, nil
}

// after gives the time of a change: now, but no two changes of one issue share
// a millisecond. A clock set back by more than a moment is believed.
func after(last, now time.Time) time.Time {
	if behind := last.Sub(now); behind >= 0 && behind < 50*time.Millisecond {
		return last.Add(time.Millisecond)
	}
	return now
}

// commit makes a draft the issue's present version and lets the index know.
func (s *Site) commit(rec *record, d *Issue, now time.Time) {
	d.version = rec.version() + 1
	s.keep(rec.current, d)
	was := rec.current
	rec.current = d
	s.keys[d.Key] = rec
	s.publish(rec, d.version, d, now)
	s.announce(was, d, "")
}

func (rec *record) version() int64 {
	if rec.current == nil {
		return 0
	}
	return rec.current.version
}
