package web

import (
	"maps"
	"slices"

	"parley/sync/view"
)

// control is a choice in the bar of filters.
type control struct {
	Key, Label string
	Options    []option
	Off        string // the address without it, "" while it is not set
}

type option struct {
	Value, Text string
	Chosen      bool
}

// controls is the bar of filters.
type controls struct {
	Views    []viewLink
	Main     []control // in the bar
	More     []control // behind one button
	Look     []control // how the board is drawn
	Hidden   []option  // what the address says besides
	Earlier  bool
	Search   string
	NoSearch string // the address without it
	Set      int    // how many filters are set
}

// viewLink is a view with a name of its own.
type viewLink struct {
	Name, Link string
	Says       string // what of the board it shows; not whom: everybody has all of them
	Current    bool
}

// viewLinks are the views that every board has: addresses with names.
func viewLinks(a address) []viewLink {
	here := address{a.path, maps.Clone(a.values)}
	for _, look := range lookKeys() {
		here.values.Del(look)
	}
	now := at(here.path, here.values)
	var out []viewLink
	for _, v := range []struct{ name, filters, link, says string }{
		{"Business", "/?turn=business", "/?group=unit&turn=business", "Cards that wait for the business, by unit"}, {"IT", "/?turn=it", "/?turn=it", "Cards whose turn is IT's"}, {"Ops", "/", "/", "All cards that you may see, whoever you are"},
	} {
		out = append(out, viewLink{Name: v.name, Link: v.link, Says: v.says, Current: now == v.filters})
	}
	return out
}

func controlsOf(a address, b view.Board) controls {
	c := controls{Views: viewLinks(a), Search: a.values.Get("search"), NoSearch: a.with("search", ""), Earlier: a.values.Get("done") == "all"}
	c.Main = []control{
		choice(a, "unit", "Unit", append([]option{{Text: "all"}}, named(b.Units)...)),
		choice(a, "turn", "Turn", []option{{Text: "any"}, {Value: "business", Text: "Business"}, {Value: "it", Text: "IT"}, {Value: "third", Text: "third party"}}),
		choice(a, "class", "Class", []option{{Text: "any"}, {Value: "expedite", Text: "Expedite"}, {Value: "fixed-date", Text: "Fixed date"}, {Value: "standard", Text: "Standard"}, {Value: "intangible", Text: "Intangible"}}),
		choice(a, "age", "Age", []option{{Text: "any"}, {Value: view.AgeOlder, Text: "older than usual"}, {Value: "late", Text: "past the 95 % line"}, {Value: "risk", Text: "85 to 95 %"}, {Value: "watch", Text: "50 to 85 %"}, {Value: "calm", Text: "under 50 %"}}),
	}
	c.More = []control{
		choice(a, "priority", "Priority", append(append([]option{{Text: "any"}}, named(b.Priorities)...), option{Value: view.None, Text: "none"})),
		choice(a, "planned", "Planned", []option{{Text: "either"}, {Value: "yes", Text: "planned"}, {Value: "no", Text: "nobody planned"}}),
		choice(a, "stage", "Stage", []option{{Text: "any"}, {Value: view.StageWork, Text: "in work"}}),
		choice(a, "state", "State", []option{{Text: "any"}, {Value: view.StateBlocked, Text: "blocked"}, {Value: view.StateSaving, Text: "being saved"}, {Value: view.StateLook, Text: "to look at"}}),
	}
	c.Look = []control{
		choice(a, "group", "Group", []option{{Text: "none"}, {Value: view.LanesUnit, Text: "unit"}, {Value: view.LanesClass, Text: "class"}, {Value: view.LanesAssignee, Text: "person"}, {Value: view.LanesEpic, Text: "epic"}}),
		choice(a, "density", "Density", []option{{Text: "comfortable"}, {Value: "compact", Text: "compact"}, {Value: "line", Text: "one line"}}),
	}
	for _, key := range []string{"assignee", "epic", "project", "fold", "open"} {
		if v := a.values.Get(key); v != "" {
			c.Hidden = append(c.Hidden, option{Value: v, Text: key})
		}
	}
	for _, key := range filterKeys() {
		if a.values.Get(key) != "" {
			c.Set++
		}
	}
	return c
}

func named(all []view.Named) []option {
	var out []option
	for _, n := range all {
		out = append(out, option{Value: n.Key, Text: n.Name})
	}
	return out
}

// choice marks what is chosen. What an address asks for and nobody offers is offered too:
// a page never shows less than it does.
func choice(a address, key, label string, options []option) control {
	value := a.values.Get(key)
	i := slices.IndexFunc(options, func(o option) bool { return o.Value == value })
	if i < 0 {
		i, options = len(options), append(options, option{Value: value, Text: clip(value)})
	}
	options[i].Chosen = true
	c := control{Key: key, Label: label, Options: options}
	if value != "" {
		c.Off = a.with(key, "")
	}
	return c
}
