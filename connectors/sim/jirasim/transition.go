package jirasim

import (
	"net/http"
	"strings"
	"time"
)

// Transition takes a transition at the moment; see Site.Transition.
func (m Moment) Transition(actor, key, ref string, e Edit) error {
	s := m.site
	u := update{actor, key, Browse, "see this project"}
	return m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		t, ok := pick(s.offered(s.catalog.users[actor], actor == "", d), ref)
		if !ok {
			return unchanged, invalid("Transition id '%s' is not valid for this issue.", ref)
		}
		return touched, s.take(d, t, actor, at, e)
	})
}

// offered lists what an account may do next with an issue. One without the
// permission is offered nothing.
func (s *Site) offered(u *User, automation bool, v *Issue) []Transition {
	if !automation && !s.allowed(u, v.Project, Transit) || s.frozen(v) {
		return nil
	}
	p := s.catalog.project(v.Project)
	return s.catalog.workflow(p, v.Type).from(&s.catalog, v.Status)
}

// take runs a transition on a draft: the screen's fields, the step, the
// post-functions, all in one changelog entry, then what automation makes of it.
func (s *Site) take(d *Issue, t Transition, actor string, at time.Time, e Edit) *Refusal {
	if r := s.required(d, t, e); r != nil {
		return r
	}
	items, r := s.apply(d, e, at)
	if r != nil {
		return r
	}
	items = append(items, s.step(d, t.To, at)...)
	for _, f := range t.PostFunctions {
		more, r := s.apply(d, f.edit(), at)
		if r != nil {
			r.Status = http.StatusUnprocessableEntity
			return r
		}
		items = append(items, more...)
	}
	s.addHistory(d, actor, at, items, e.Metadata)
	s.comment(d, actor, e.Comment, at)
	setProperties(d, e.Properties)
	if t.Automation != "" {
		s.addHistory(d, "", at.Add(time.Millisecond), s.step(d, t.Automation, at), nil)
	}
	return nil
}

// step puts a draft into a status.
func (s *Site) step(d *Issue, to string, at time.Time) []Item {
	if d.Status == to {
		return nil
	}
	it := s.statusItem(d.Status, to)
	if s.catalog.status(d.Status).Category != s.catalog.status(to).Category {
		d.CategoryChanged = at
	}
	d.Status = to
	return []Item{it}
}

// required refuses a transition whose required fields are neither given nor
// there already. A screen names the field; a validator writes a sentence.
func (s *Site) required(d *Issue, t Transition, e Edit) *Refusal {
	var refused *Refusal
	for _, field := range t.Required {
		if e.gives(field) || !t.Screen && d.holds(field) {
			continue
		}
		name := s.catalog.fieldName(field)
		if t.Screen {
			refused = merge(refused, refuseField(field, "%s is required.", name))
		} else {
			refused = merge(refused, invalid("Field %s is required.", name))
		}
	}
	return refused
}

// edit is what a post-function does, as an edit.
func (f PostFunction) edit() Edit {
	switch f.Field {
	case "resolution":
		return Edit{Resolution: &f.Value}
	case "priority":
		if f.Value == "" {
			f.Value = None
		}
		return Edit{Priority: &f.Value}
	case "assignee":
		return Edit{Assignee: &f.Value}
	}
	return Edit{}
}

// gives reports whether an edit sets a field to something.
func (e Edit) gives(field string) bool {
	text := map[string]*string{"resolution": e.Resolution, "priority": e.Priority, "assignee": e.Assignee, "reporter": e.Reporter,
		"summary": e.Summary, "description": e.Description, "duedate": e.Due, "security": e.Security, "parent": e.Parent}
	if v, known := text[field]; known {
		return v != nil && *v != "" && *v != None
	}
	switch field {
	case "comment":
		return e.Comment != ""
	case "labels":
		return len(e.Labels)+len(e.AddLabels) > 0
	case "components":
		return len(e.Components)+len(e.AddComponents) > 0
	case "fixVersions":
		return len(e.Versions)+len(e.AddVersions) > 0
	}
	raw, ok := e.Custom[field]
	return ok && string(raw) != "null"
}

// holds reports whether an issue has a value for a field.
func (v *Issue) holds(field string) bool {
	text := map[string]string{"resolution": v.Resolution, "priority": v.Priority, "assignee": v.Assignee, "reporter": v.Reporter,
		"summary": v.Summary, "description": v.Description, "duedate": v.Due, "security": v.Security, "parent": v.Parent,
		"labels": strings.Join(v.Labels, " "), "components": strings.Join(v.Components, " "), "fixVersions": strings.Join(v.FixVersions, " ")}
	return text[field] != "" || v.Custom[field] != nil
}

// ForceStatus sets a status at the moment; see Site.ForceStatus.
func (m Moment) ForceStatus(actor, key, status string) error {
	return m.force(actor, key, status, touched)
}

// MigrateStatus sets a status at the moment; see Site.MigrateStatus.
func (m Moment) MigrateStatus(actor, key, status string) error {
	return m.force(actor, key, status, quiet)
}

func (m Moment) force(actor, key, status string, did effect) error {
	s := m.site
	u := update{actor, key, Browse, "see this project"}
	return m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		st := s.catalog.statusNamed(status)
		if st == nil {
			return unchanged, invalid("The status '%s' does not exist.", status)
		}
		items := s.step(d, st.ID, at)
		if items == nil {
			return unchanged, nil
		}
		if did == quiet {
			w := Item{Field: "Workflow", FieldType: "jira", From: "10000", FromText: "before migration", To: "10001", ToText: "after migration"}
			items = append(items, w)
		}
		s.addHistory(d, actor, at, items, nil)
		return did, nil
	})
}
