package world

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// catalog is what a mapping says that the trackers have.
type catalog struct {
	jira, github mapping.TrackerConfig
	statuses     []connectors.Option // as mapped, then one that no column lists
	mapped       int                 // how many of them a column lists
	original     []string            // their names before anybody renamed them
	priorities   []connectors.Option
	moves        []jiraMove
	looks        []look     // what a GitHub issue can be made to look like, one per status selector
	scale        [][]string // label sets of the priorities
	family       []string   // all labels of the statuses
	weights      []string   // all labels of the priorities
	people       []person
}

// jiraMove is a status to go to and the resolution to choose on the way.
type jiraMove struct{ status, resolution string }

// look is a state and the labels that go with it.
type look struct {
	state, reason string
	labels        []string
}

// person is somebody with an account on both trackers.
type person struct{ name, jira, github string }

// Words of the mapping's selectors; see package mapping.
const (
	plus          = " + "
	labelPrefix   = "label:"
	resolutionTag = "resolution:"
	samePrefix    = "same:"
)

// usualResolution is what most issues end with.
const usualResolution = "Done"

func newCatalog(m mapping.Config) (*catalog, error) {
	c := &catalog{}
	for _, t := range m.Trackers {
		switch connectors.Kind(t.Kind) {
		case connectors.Jira:
			c.jira = t
		case connectors.GitHub:
			c.github = t
		}
	}
	if len(c.jira.Containers) == 0 || len(c.github.Containers) == 0 {
		return nil, errors.New("the mapping needs a Jira with a project and a GitHub with a repository")
	}
	for _, col := range m.Columns {
		c.learnStatuses(col)
		if err := c.learnLooks(col); err != nil {
			return nil, err
		}
	}
	c.mapped = len(c.statuses)
	if c.mapped == 0 {
		return nil, errors.New("the mapping names no Jira status")
	}
	c.statuses = append(c.statuses, connectors.Option{ID: "19999", Name: "Parked", Category: "indeterminate"})
	for _, s := range c.statuses {
		c.original = append(c.original, s.Name)
	}
	c.learnPriorities(m.Priorities)
	c.learnPeople(m.Persons)
	return c, nil
}

// learnStatuses takes the statuses that a column names.
func (c *catalog) learnStatuses(col mapping.ColumnConfig) {
	for _, text := range col.Jira {
		if strings.HasPrefix(text, samePrefix) {
			continue
		}
		name, resolution, _ := strings.Cut(text, plus+resolutionTag)
		at := slices.IndexFunc(c.statuses, func(o connectors.Option) bool { return o.ID == name || strings.EqualFold(o.Name, name) })
		if at < 0 {
			at = len(c.statuses)
			c.statuses = append(c.statuses, newOption(name, 10001+at, categoryOf(col.Category)))
		}
		c.moves = append(c.moves, jiraMove{c.statuses[at].ID, resolution})
	}
}

// newOption is an option of that name; a name of digits is an id.
func newOption(name string, id int, category string) connectors.Option {
	if _, err := strconv.Atoi(name); err == nil {
		return connectors.Option{ID: name, Name: "Status " + name, Category: category}
	}
	return connectors.Option{ID: strconv.Itoa(id), Name: name, Category: category}
}

func categoryOf(c kanban.Category) string {
	switch c {
	case kanban.Option, kanban.Queue:
		return "new"
	case kanban.Done, kanban.Cancelled:
		return "done"
	default:
		return "indeterminate"
	}
}

// learnLooks takes the GitHub selectors of a column.
func (c *catalog) learnLooks(col mapping.ColumnConfig) error {
	for _, text := range col.GitHub {
		parts := strings.Split(text, plus)
		state, reason, _ := strings.Cut(parts[0], ":")
		if state != "open" && state != "closed" {
			return fmt.Errorf("column %s: %q does not begin with open or closed", col.Key, text)
		}
		if state == "closed" && reason == "" {
			reason = "completed"
		}
		labels := labelsIn(parts[1:])
		c.looks = append(c.looks, look{state, reason, labels})
		c.family = append(c.family, labels...)
	}
	return nil
}

func labelsIn(parts []string) []string {
	var out []string
	for _, p := range parts {
		out = append(out, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(p), labelPrefix)))
	}
	return out
}

// learnPriorities takes the steps of the scale on both sides, and adds the usual five
// of Jira where none are named.
func (c *catalog) learnPriorities(steps []mapping.PriorityConfig) {
	for _, p := range steps {
		for _, name := range p.Jira {
			if !strings.HasPrefix(name, samePrefix) {
				c.priorities = append(c.priorities, newOption(name, 1+len(c.priorities), ""))
			}
		}
		for _, text := range p.GitHub {
			if labels := labelsIn(strings.Split(text, plus)); !strings.HasPrefix(text, samePrefix) {
				c.scale = append(c.scale, labels)
				c.weights = append(c.weights, labels...)
			}
		}
	}
	if len(c.priorities) > 0 {
		return
	}
	for i, name := range []string{"Highest", "High", "Medium", "Low", "Lowest"} {
		c.priorities = append(c.priorities, newOption(name, 1+i, ""))
	}
}

func (c *catalog) learnPeople(list []mapping.PersonConfig) {
	for _, p := range list {
		if p.Jira != "" && p.GitHub != "" {
			c.people = append(c.people, person{p.Name, p.Jira, p.GitHub})
		}
	}
	c.people = append(c.people, person{"Dora", "dora", "dora-codes"}, person{"Emil", "emil", "emil-codes"})
}

// status finds a status by its id.
func (c *catalog) status(id string) connectors.Option { return find(c.statuses, id) }

// priority finds a priority by its id; "" is none.
func (c *catalog) priority(id string) connectors.Option { return find(c.priorities, id) }

// resolution is a resolution by its name.
func (c *catalog) resolution(name string) connectors.Option {
	return connectors.Option{ID: "r" + name, Name: name}
}

func find(list []connectors.Option, id string) connectors.Option {
	for i := range list {
		if list[i].ID == id {
			return list[i]
		}
	}
	return connectors.Option{ID: id}
}
