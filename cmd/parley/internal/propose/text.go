package propose

import (
	"fmt"
	"strings"
)

// Text is the configuration, to be read from top to bottom by whoever runs Parley.
func (p Proposal) Text() string {
	w := &writer{}
	w.linef("# Parley's configuration, proposed from what the trackers offer.")
	w.linef("#")
	w.linef("# Each line says why it stands there and how sure that is. Nothing is written to a tracker")
	w.linef(`# before sync.write = "on". What had no place is listed at the end. All keys there are:`)
	w.linef("# docs/CONFIGURATION.md.")
	w.head(p.Found)
	p.trackers(w)
	p.columns(w)
	p.priorities(w)
	p.pairs(w)
	p.units(w)
	p.rules(w)
	w.table("visibility")
	w.linef(`other_units = "masked"   # a unit sees that others' cards are there, and not what they say`)
	w.linef(`restricted = { jira_security = "any" }   # issues with a security level are for IT and ops alone`)
	p.decisions(w)
	return w.b.String()
}

type writer struct{ b strings.Builder }

func (w *writer) linef(format string, args ...any) {
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

func (w *writer) table(name string) { w.linef("\n[%s]", name) }

func (w *writer) row(name string) { w.linef("\n[[%s]]", name) }

// items writes a list with a line for each entry and its reason.
func (w *writer) items(key string, items []Item) {
	if len(items) == 0 {
		return
	}
	w.linef("%s = [", key)
	for _, i := range items {
		w.linef("  %s, # %s: %s", Quote(i.Value), i.Sure, i.Why)
	}
	w.linef("]")
}

func texts(list []string) string {
	quoted := make([]string, 0, len(list))
	for _, s := range list {
		quoted = append(quoted, Quote(s))
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func (w *writer) head(f Found) {
	w.table("server")
	w.linef(`listen = "127.0.0.1:8080"   # this machine alone; others only with sign-in: docs/SECURITY.md`)
	w.linef(`public_url = "http://127.0.0.1:8080"`)
	w.table("store")
	w.linef(`url = "sqlite:parley.db"   # beside this file`)
	w.table("calendar")
	w.linef("timezone = %s   # in which days and weeks begin", Quote(f.Zone))
	w.linef(`weekend = ["sat", "sun"]`)
	w.table("sync")
	w.linef(`poll = "30s"`)
	w.linef(`write = "plan"   # every write is computed and shown, and none is sent; "on" sends them`)
}

func (p Proposal) trackers(w *writer) {
	if j := p.Found.Jira; j != nil {
		w.row("jira")
		w.linef("# %s, as %s", plainly(j.Directory.Product), Quote(j.Directory.Me.Name))
		w.linef(`name = "jira"`)
		w.linef("url = %s", Quote(j.URL))
		if j.User == "" {
			w.linef(`auth = "bearer"   # a personal access token`)
		} else {
			w.linef("auth = \"basic\"\nuser = %s", Quote(j.User))
		}
		w.linef("token = %s", Quote("env:"+j.TokenEnv))
		w.linef("projects = %s", texts(readable(j.Directory)))
		w.linef(`#transition_defaults = { resolution = "Done" }   # if a transition's screen asks for a resolution`)
		w.linef(`#canary = "OPS-1"   # an issue that is always there: while it cannot be read, nothing counts as missing`)
	}
	if g := p.Found.GitHub; g != nil {
		w.row("github")
		w.linef("# %s, as %s", plainly(g.Directory.Product), Quote(g.Directory.Me.ID))
		w.linef(`name = "github"`)
		w.linef("url = %s", Quote(g.URL))
		w.linef("token = %s", Quote("env:"+g.TokenEnv))
		w.linef("repos = %s", texts(readable(g.Directory)))
		p.places(w)
	}
}

// places says where GitHub holds status and priority.
func (p Proposal) places(w *writer) {
	if p.StatusIn == "" {
		w.linef(`status = "labels"`)
		w.linef(`priority = "labels"`)
		return
	}
	w.linef(`status = "project"   # likely: no label says where work is, and the options of this project do`)
	w.linef("project = %s", Quote(p.StatusIn))
	w.linef("status_field = %s", Quote(p.StatusField))
	if p.PriorityIn == "" {
		w.linef(`priority = "labels"`)
		return
	}
	w.linef("priority = \"project\"\npriority_field = %s", Quote(p.PriorityField))
}

func (p Proposal) columns(w *writer) {
	w.linef("\n# Columns, left to right. Of a list the first is what Parley writes; the others are left as they are.")
	for _, c := range p.Columns {
		w.row("column")
		w.linef("# %s", c.Why)
		w.linef("key = %s\nname = %s\ncategory = %s\nturn = %s", Quote(c.Key), Quote(c.Name), Quote(c.Category), Quote(c.Turn))
		w.items("jira", c.Jira)
		w.items("github", c.GitHub)
	}
}

func (p Proposal) priorities(w *writer) {
	if len(p.Priorities) > 0 {
		w.linef("\n# Priorities, highest first.")
	}
	for _, x := range p.Priorities {
		w.row("priority")
		w.linef("key = %s\nname = %s", Quote(x.Key), Quote(x.Name))
		w.items("jira", x.Jira)
		w.items("github", x.GitHub)
	}
}

func (p Proposal) pairs(w *writer) {
	if p.Found.Jira == nil || p.Found.GitHub == nil {
		return
	}
	w.linef("\n# Which issues may be two sides of one card: those that link to one another, or carry the")
	w.linef("# other's key in the title or its address in the text. A rule joins nothing by itself, and no")
	w.linef("# twin is created.")
	if p.manyPairs {
		w.linef("# There are many projects and repositories, so only those are listed whose names are alike.")
	}
	for _, x := range p.Pairs {
		w.row("pair")
		if x.Why != "" {
			w.linef("# %s: %s", x.Sure, x.Why)
		}
		w.linef("jira = %s\ngithub = %s\nmirror = \"none\"", Quote(x.Jira), Quote(x.GitHub))
	}
}

func (p Proposal) units(w *writer) {
	w.linef("\n# Business units: who asks for the work. Parley cannot know them; these are a guess.")
	if len(p.Units) == 0 {
		w.linef("#[[unit]]\n#key = \"trading\"\n#name = \"Trading\"\n#match = { jira_component = \"Trading\", github_label = \"bu:trading\" }")
	}
	for _, u := range p.Units {
		w.row("unit")
		test, why := "jira_project = "+Quote(u.Project), "a guess: one unit a project"
		if u.Component != "" {
			test, why = "jira_component = "+Quote(u.Component), "a guess: one unit a component"
		}
		if u.Label != "" {
			test += ", github_label = " + Quote(u.Label)
		}
		w.linef("key = %s\nname = %s\nmatch = { %s }   # %s", Quote(u.Key), Quote(u.Name), test, why)
	}
}

func (p Proposal) rules(w *writer) {
	if len(p.Rules) > 0 {
		w.linef("\n# Work types, by what issues are called. The first that matches counts; they only sort.")
	}
	for _, r := range p.Rules {
		w.row("rule")
		var when []string
		if len(r.Jira) > 0 {
			when = append(when, "jira_type = "+texts(r.Jira))
		}
		if len(r.GitHub) > 0 {
			when = append(when, "github_label = "+texts(r.GitHub))
		}
		set, why := "type = "+Quote(r.Type), "sure: by their names"
		if r.Unplanned {
			set, why = set+", planned = false", "likely: nobody plans an incident"
		}
		w.linef("when = { %s }   # %s", strings.Join(when, ", "), why)
		w.linef("set = { %s }", set)
	}
}

// decisions lists what a person has to say.
func (p Proposal) decisions(w *writer) {
	if len(p.Open) == 0 {
		return
	}
	w.linef("\n# To decide. What no line above names is shown as unmapped and left alone.")
	for i, o := range p.Open {
		if i == mostOpen {
			w.linef("#\n# and %d more; parley check names them", len(p.Open)-i)
			return
		}
		w.linef("#\n# %s", o.What)
		for _, l := range o.Line {
			w.linef("#   %s", l)
		}
	}
}
