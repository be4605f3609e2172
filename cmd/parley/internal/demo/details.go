package demo

import "time"

// colour gives a story what is true of some: dates, units, a former priority.
func (p *planner) colour(s *story) {
	if s.kind == typeChange {
		s.labels = append(s.labels, "fixed-date")
		s.due = p.dueAfter(s).Format(time.DateOnly)
	}
	if !s.jira && p.rng.IntN(4) == 0 {
		s.unit = pick(p.rng, []string{trading, risk, finance})
	}
	s.lowered = s.jira && !s.incident() && (s.priority == low || s.priority == lowest) && s.last() != requests && p.rng.IntN(3) == 0
}

// dueAfter is a date some time after the story got where it stands.
func (p *planner) dueAfter(s *story) time.Time {
	at := s.steps[len(s.steps)-1].at
	return at.AddDate(0, 0, 4+p.rng.IntN(25))
}

// peculiar makes a handful of stories worth a second look: one without priority, one
// about which GitHub says nothing, one that waits for a vendor, one that not
// everybody may read. The one on hold is peculiar by its status already.
func peculiar(all []*story) {
	calm := func(s *story) bool { return !s.incident() && s.kind != typeChange }
	if s := find(all, committed, calm); s != nil {
		s.priority, s.lowered = "", false
	}
	open := inProgress(all)
	if len(open) < 3 {
		return
	}
	open[0].silent = true
	open[1].labels = append(open[1].labels, blockedLabel)
	if s := find(all, waiting, func(s *story) bool { return s.jira && !s.hub }); s != nil {
		s.title = "Investigate unusual access to the settlement share"
		s.labels = append(s.labels, "confidential")
	}
}

// inProgress lists ordinary pairs of Operations that are being worked on.
func inProgress(all []*story) []*story {
	var out []*story
	for _, s := range all {
		if s.last() == doing && s.jira && s.hub && !s.incident() && s.project() == opsProject {
			out = append(out, s)
		}
	}
	return out
}

// find gives the first story of a stage that is told in Jira and fits.
func find(all []*story, in stage, fits func(*story) bool) *story {
	for _, s := range all {
		if s.jira && s.last() == in && fits(s) {
			return s
		}
	}
	return nil
}

// joinUp chooses for each pair how its issues say that they are twins.
func (p *planner) joinUp(all []*story) {
	ways := []link{remoteLink, keyInTitle, remoteLink, urlInBody}
	n := 0
	for _, s := range all {
		if s.jira && s.hub {
			s.link = ways[n%len(ways)]
			n++
		}
	}
}
