package jirasim

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Edit is a change of an issue's fields. Nil leaves a field alone; an empty
// text clears it. Priority and Resolution are ids or names, accounts are ids.
type Edit struct {
	Summary, Description *string
	Priority             *string // None clears it
	Resolution           *string
	Assignee, Reporter   *string
	Security             *string
	Parent               *string
	Due                  *string

	Labels, Components, Versions                []string // the whole list, where not nil
	AddLabels, AddComponents, AddVersions       []string
	RemoveLabels, RemoveComponents, DropVersion []string

	Custom     map[string]json.RawMessage // null clears
	Properties map[string]json.RawMessage
	Comment    string          // added with the change
	Metadata   json.RawMessage // historyMetadata
}

// Edit changes fields of an issue in one changelog entry. What changes nothing
// leaves no trace.
func (m Moment) Edit(actor, key string, e Edit) error {
	u := update{actor, key, EditIssues, "edit issues in this project"}
	return m.change(u, func(d *Issue, at time.Time) (effect, *Refusal) {
		if r := merge(m.site.mayAssign(actor, d.Project, e.Assignee), checkProperties(e.Properties)); r != nil {
			return unchanged, r
		}
		items, r := m.site.apply(d, e, at)
		if r != nil {
			return unchanged, r
		}
		m.site.addHistory(d, actor, at, items, e.Metadata)
		m.site.comment(d, actor, e.Comment, at)
		did := setProperties(d, e.Properties)
		if len(items) > 0 || e.Comment != "" {
			did = touched
		}
		return did, nil
	})
}

// apply changes a draft and says what changed, or refuses everything.
func (s *Site) apply(d *Issue, e Edit, at time.Time) ([]Item, *Refusal) {
	p := s.catalog.project(d.Project)
	var items []Item
	refused := merge(
		s.setSummary(d, e, &items),
		s.setPriority(d, p, e.Priority, &items),
		s.setResolution(d, e.Resolution, at, &items),
		s.setAssignee(d, e.Assignee, &items),
		s.setUser("reporter", &d.Reporter, e.Reporter, &items),
		merge(checkLabels(e.Labels), checkLabels(e.AddLabels)),
		checkDue(e.Due),
	)
	if refused != nil {
		return nil, refused
	}
	setText("description", &d.Description, e.Description, &items)
	setText("duedate", &d.Due, e.Due, &items)
	setText("security", &d.Security, e.Security, &items)
	setText("Parent", &d.Parent, e.Parent, &items)
	if to, changed := relist(d.Labels, e.Labels, e.AddLabels, e.RemoveLabels); changed {
		items = append(items, listItem("labels", d.Labels, to))
		d.Labels = to
	}
	items = append(items, relistNamed("Component", &d.Components, e.Components, e.AddComponents, e.RemoveComponents)...)
	items = append(items, relistNamed("Fix Version", &d.FixVersions, e.Versions, e.AddVersions, e.DropVersion)...)
	items = append(items, s.setCustom(d, e.Custom)...)
	return items, nil
}

func (s *Site) setSummary(d *Issue, e Edit, items *[]Item) *Refusal {
	if e.Summary != nil && *e.Summary == "" {
		return refuseField("summary", "You must specify a summary of the issue.")
	}
	if e.Summary != nil {
		if r := checkTitle(*e.Summary); r != nil {
			return r
		}
	}
	setText("summary", &d.Summary, e.Summary, items)
	return nil
}

func (s *Site) setPriority(d *Issue, p *Project, ref *string, items *[]Item) *Refusal {
	if ref == nil {
		return nil
	}
	to := ""
	if *ref != None {
		var r *Refusal
		if to, r = s.checkPriority(p, *ref); r != nil {
			return r
		}
	}
	if to != d.Priority {
		*items = append(*items, s.priorityItem(d.Priority, to))
		d.Priority = to
	}
	return nil
}

func (s *Site) setResolution(d *Issue, ref *string, at time.Time, items *[]Item) *Refusal {
	if ref == nil {
		return nil
	}
	to := ""
	if *ref != "" {
		res := s.catalog.resolution(*ref)
		if res == nil {
			return refuseField("resolution", "The resolution selected is invalid.")
		}
		to = res.ID
	}
	if to == d.Resolution {
		return nil
	}
	*items = append(*items, s.resolutionItem(d.Resolution, to))
	d.Resolution, d.Resolved = to, time.Time{}
	if to != "" {
		d.Resolved = at
	}
	return nil
}

func (s *Site) setUser(field string, have, ref *string, items *[]Item) *Refusal {
	if ref == nil || *ref == *have {
		return nil
	}
	if r := s.checkUser(field, *ref); r != nil {
		return r
	}
	*items = append(*items, s.userItem(field, *have, *ref))
	*have = *ref
	return nil
}

// setAssignee gives an issue to somebody who may have it. That the actor may assign is
// for the caller to check.
func (s *Site) setAssignee(d *Issue, ref *string, items *[]Item) *Refusal {
	if ref != nil && *ref != d.Assignee {
		if r := s.checkAssignee(d.Project, *ref); r != nil {
			return r
		}
	}
	return s.setUser("assignee", &d.Assignee, ref, items)
}

func setText(field string, have, to *string, items *[]Item) {
	if to != nil && *to != *have {
		*items = append(*items, item(field, "", *have, "", *to))
		*have = *to
	}
}

func checkDue(due *string) *Refusal {
	if due == nil || *due == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, *due); err != nil {
		return refuseField("duedate", "Error parsing date string: %s", *due)
	}
	return nil
}

// relist is the list after setting, adding and removing.
func relist(have, set, add, remove []string) ([]string, bool) {
	to := slices.Clone(have)
	if set != nil {
		to = slices.Clone(set)
	}
	to = append(to, add...)
	to = sortedSet(slices.DeleteFunc(to, func(l string) bool { return slices.Contains(remove, l) }))
	return to, !slices.Equal(to, have)
}

// relistNamed changes components or versions, which show as one item each.
func relistNamed(field string, have *[]string, set, add, remove []string) []Item {
	to, changed := relist(*have, set, add, remove)
	if !changed {
		return nil
	}
	var items []Item
	for _, gone := range *have {
		if !slices.Contains(to, gone) {
			items = append(items, item(field, namedID(gone), gone, "", ""))
		}
	}
	for _, come := range to {
		if !slices.Contains(*have, come) {
			items = append(items, item(field, "", "", namedID(come), come))
		}
	}
	*have = to
	return items
}

func (s *Site) setCustom(d *Issue, set map[string]json.RawMessage) []Item {
	var items []Item
	for _, id := range slices.Sorted(maps.Keys(set)) {
		to := set[id]
		if bytes.Equal(d.Custom[id], to) {
			continue
		}
		it := Item{Field: s.catalog.fieldName(id), FieldID: id, FieldType: "custom", FromText: plain(d.Custom[id]), ToText: plain(to)}
		d.Custom = maps.Clone(d.Custom)
		if d.Custom == nil {
			d.Custom = map[string]json.RawMessage{}
		}
		d.Custom[id] = to
		if string(to) == "null" {
			delete(d.Custom, id)
		}
		items = append(items, it)
	}
	return items
}

// plain is how a custom value shows in a changelog.
func plain(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var option struct{ Value, Name string }
	if json.Unmarshal(raw, &option) == nil && option.Value+option.Name != "" {
		return option.Value + option.Name
	}
	return string(raw)
}
