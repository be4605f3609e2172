package jirasim

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// Field is a field of the site: the system's own, or a custom one.
type Field struct {
	ID     string // customfield_N
	Name   string
	Type   string // schema type: string, number, option, date …; any is that of the boards' order
	custom bool
}

// systemFields are the fields that every site has, in the order of GET field.
func systemFields() []Field {
	return []Field{
		{ID: "summary", Name: "Summary", Type: "string"}, {ID: "description", Name: "Description", Type: "string"},
		{ID: "status", Name: "Status", Type: "status"}, {ID: "statusCategory", Name: "Status Category", Type: "statusCategory"},
		{ID: "statuscategorychangedate", Name: "Status Category Changed", Type: "datetime"},
		{ID: "priority", Name: "Priority", Type: "priority"}, {ID: "resolution", Name: "Resolution", Type: "resolution"},
		{ID: "resolutiondate", Name: "Resolved", Type: "datetime"}, {ID: "labels", Name: "Labels", Type: "array"},
		{ID: "components", Name: "Components", Type: "array"}, {ID: "fixVersions", Name: "Fix versions", Type: "array"},
		{ID: "assignee", Name: "Assignee", Type: "user"}, {ID: "reporter", Name: "Reporter", Type: "user"},
		{ID: "creator", Name: "Creator", Type: "user"}, {ID: "issuetype", Name: "Issue Type", Type: "issuetype"},
		{ID: "project", Name: "Project", Type: "project"}, {ID: "created", Name: "Created", Type: "datetime"},
		{ID: "updated", Name: "Updated", Type: "datetime"}, {ID: "duedate", Name: "Due date", Type: "date"},
		{ID: "security", Name: "Security Level", Type: "securitylevel"}, {ID: "parent", Name: "Parent", Type: "issuelink"},
		{ID: "issuelinks", Name: "Linked Issues", Type: "array"}, {ID: "subtasks", Name: "Sub-tasks", Type: "array"},
		{ID: "archiveddate", Name: "Archived", Type: "datetime"}, {ID: "archivedby", Name: "Archiver", Type: "user"},
		{ID: "comment", Name: "Comment", Type: "comments-page"},
	}
}

// AddField adds a custom field; "" as ID counts one.
func (s *Site) AddField(f Field) Field {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.ID == "" {
		f.ID = "customfield_" + strconv.FormatInt(s.takeID("field"), 10)
	}
	if f.Type == "" {
		f.Type = "string"
	}
	f.custom = true
	s.catalog.fields = append(s.catalog.fields, &f)
	return f
}

// field finds a field by id.
func (c *catalog) field(id string) *Field {
	for _, f := range c.fields {
		if f.ID == id {
			return f
		}
	}
	for _, f := range systemFields() {
		if f.ID == id {
			return &f
		}
	}
	return nil
}

// allFields lists the system's fields, then the custom ones.
func (c *catalog) allFields() []Field {
	all := systemFields()
	for _, f := range c.fields {
		all = append(all, *f)
	}
	return all
}

func (c *catalog) fieldName(id string) string {
	if f := c.field(id); f != nil {
		return f.Name
	}
	return id
}

// namedID is the id of something that exists only by its name here, as a
// component: the same for the same name, whatever the order of creation.
func namedID(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.ToLower(name)))
	return strconv.FormatUint(uint64(h.Sum32()%80000)+20000, 10)
}
