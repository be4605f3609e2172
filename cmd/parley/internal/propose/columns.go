package propose

// looks is how the board shows a slot.
func looks(s slot) Column {
	return map[slot]Column{
		requests:  {Name: "Requests", Category: "option", Turn: "business", Why: "asked for, and promised by nobody yet"},
		committed: {Name: "Committed", Category: "queue", Turn: "it", Why: "promised, and not begun"},
		doing:     {Name: "In progress", Category: "active", Turn: "it", Why: "being worked on"},
		review:    {Name: "In review", Category: "active", Turn: "it", Why: "made, and being looked at"},
		accepting: {Name: "To accept", Category: "active", Turn: "business", Why: "delivered, and to be accepted by who asked for it"},
		waiting:   {Name: "Waiting", Category: "wait", Turn: "business", Why: "begun, and waiting for somebody"},
		done:      {Name: "Done", Category: "done", Turn: "none", Why: "finished"},
		withdrawn: {Name: "Withdrawn", Category: "cancelled", Turn: "none", Why: "ended without being done"},
	}[s]
}

// stand is which column's statuses one without any of its own is shown by, the nearest
// first.
func stand(s slot) []slot {
	return map[slot][]slot{
		requests:  {committed, doing},
		committed: {requests, doing},
		doing:     {committed, requests},
		review:    {doing, committed},
		accepting: {review, doing},
		waiting:   {doing, committed},
		withdrawn: {done},
	}[s]
}

// finishColumns gives the columns from left to right, each with what the other tracker
// lacks.
func (m *maker) finishColumns() []Column {
	if m.GitHub != nil {
		m.gitHubColumns()
	}
	if len(m.columns) == 0 { // no status has a place, and a board has at least one column
		m.column(doing)
	}
	var out []Column
	for _, s := range slots() {
		c := m.columns[s]
		if c == nil {
			continue
		}
		look := looks(s)
		look.Key, look.Jira, look.GitHub = string(s), sorted(c.Jira), c.GitHub
		if m.Jira != nil && len(look.Jira) == 0 {
			look.Jira = m.standIn(s)
		}
		out = append(out, look)
	}
	return out
}

func (m *maker) standIn(s slot) []Item {
	for _, other := range stand(s) {
		if c := m.columns[other]; c != nil && len(c.Jira) > 0 {
			return []Item{{"same:" + string(other), "Jira has no status of its own for it, and shows this one", Likely}}
		}
	}
	return nil
}

// gitHubColumns adds what GitHub says without any label, and labels that Parley makes when
// it first needs them.
func (m *maker) gitHubColumns() {
	c := m.column(requests)
	c.GitHub = append(sorted(c.GitHub), Item{"open", "an open issue that says nothing else; beside a Jira issue it has no opinion", Sure})
	c = m.column(done)
	c.GitHub = append([]Item{{"closed:completed", "closed as completed", Sure}}, sorted(c.GitHub)...)
	c = m.column(withdrawn)
	c.GitHub = append([]Item{{"closed:not_planned", "closed as not planned", Sure}, {"closed:duplicate", "closed as a duplicate", Sure}}, sorted(c.GitHub)...)
	m.column(doing)
	for _, s := range []slot{committed, doing, review, accepting, waiting} {
		if c := m.columns[s]; c != nil {
			c.GitHub = sorted(c.GitHub)
			if len(c.GitHub) == 0 && m.board == nil {
				c.GitHub = []Item{{"open + label:" + m.newLabel(s), "no repository has such a label; it is made when it is first needed", Likely}}
			}
		}
	}
}
