package githubsim

import "time"

// Milestone is a milestone to add.
type Milestone struct {
	Title, Description string
	Due                time.Time
	Closed             bool
}

type milestone struct {
	id      int64
	number  int
	title   string
	about   string
	due     time.Time
	closed  time.Time
	created time.Time
	creator *user
	open    int // issues, as of the last tally
	done    int
}

// AddMilestone adds a milestone to a repository and gives its number.
func (h *Hub) AddMilestone(actor, name string, in Milestone) (int, error) {
	number := 0
	err := h.do(actor, name, func(a act, rp *repo) error {
		if !a.can(rp, Write) {
			return refuse(404, "Not Found")
		}
		if in.Title == "" {
			return invalid(FieldError{Resource: "Milestone", Field: "title", Code: "missing_field"})
		}
		for _, m := range rp.miles {
			if m.title == in.Title {
				return invalid(FieldError{Resource: "Milestone", Field: "title", Code: "already_exists"})
			}
		}
		m := &milestone{id: next(&a.w.ids.milestone, 0), title: in.Title, about: in.Description, due: in.Due, created: a.at, creator: a.who}
		if in.Closed {
			m.closed = a.at
		}
		rp.addMilestone(m)
		number = m.number
		return nil
	})
	return number, err
}

// SetMilestone gives an issue a milestone by number; 0 takes it off.
func (h *Hub) SetMilestone(actor, name string, issueNumber, milestoneNumber int) error {
	return h.Edit(actor, name, issueNumber, Edit{Milestone: &milestoneNumber})
}

func (rp *repo) addMilestone(m *milestone) {
	if m.number == 0 {
		for _, other := range rp.miles {
			m.number = max(m.number, other.number)
		}
		m.number++
	}
	rp.miles = append(rp.miles, m)
	rp.version++
}

func (rp *repo) milestone(number int) *milestone {
	for _, m := range rp.miles {
		if m.number == number {
			return m
		}
	}
	return nil
}

func (a act) remile(is *issue, to *milestone) {
	was := is.state.milestone
	if was == to {
		return
	}
	a.change(is, func(s *state) { s.milestone = to })
	if was != nil {
		a.record(is, event{kind: "demilestoned", milestone: was.title})
	}
	if to != nil {
		a.record(is, event{kind: "milestoned", milestone: to.title})
	}
}

// tally counts the issues of the milestones, once for each state of the repository.
func (rp *repo) tally() {
	if rp.tallied == rp.version && rp.version != 0 {
		return
	}
	rp.tallied = rp.version
	for _, m := range rp.miles {
		m.open, m.done = 0, 0
	}
	for _, is := range rp.issues {
		switch m := is.state.milestone; {
		case m == nil:
		case is.state.closed.IsZero():
			m.open++
		default:
			m.done++
		}
	}
}
