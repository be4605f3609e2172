package propose

import (
	"fmt"
	"strings"
)

// Text is the configuration, to be read from top to bottom by whoever runs Parley.
func (p Proposal) Text() string {
	w := &writer{}
	w.line("# Parley's configuration, proposed from what the trackers offer.")
	w.line("#")
	w.line("# Each line says why it stands there and how sure that is. Nothing is written to a tracker")
	w.line(`# before sync.write = "on". What had no place is listed at the end. All keys there are:`)
	w.line("# docs/CONFIGURATION.md.")
	w.head(p.Found)
	p.trackers(w)
	p.columns(w)
	p.priorities(w)
	p.pairs(w)
	p.units(w)
	p.rules(w)
	w.table("visibility")
	w.line(`other_units = "masked"   # a unit sees that others' cards are there, and not what they say`)
	w.line(`restricted = { jira_security = "any" }   # issues with a security level are for IT and ops alone`)
	p.decisions(w)
	return w.b.String()
}

type writer struct{ b strings.Builder }

func (w *writer) line(format string, args ...any) {
	if len(args) == 0 {
		w.b.WriteString(format)
	} else {
		fmt.Fprintf(&w.b, format, args...)
	}
	w.b.WriteByte('\n')
}

func (w *writer) table(name string) { w.line("\n[%s]", name) }

func (w *writer) row(name string) { w.line("\n[[%s]]", name) }

// items writes a list with a line for each entry and its reason.
func (w *writer) items(key string, items []Item) {
	if len(items) == 0 {
		return
	}
	w.line("%s = [", key)
	for _, i := range items {
		w.line("  %s, # %s: %s", Quote(i.Value), i.Sure, i.Why)
	}
	w.line("]")
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
	w.line(`listen = "127.0.0.1:8080"   # this machine alone; others only with sign-in: docs/SECURITY.md`)
	w.line(`public_url = "http://127.0.0.1:8080"`)
	w.table("store")
	w.line(`url = "sqlite:parley.db"   # beside this file`)
	w.table("calendar")
	w.line("timezone = %s   # in which days and weeks begin", Quote(f.Zone))
	w.line(`weekend = ["sat", "sun"]`)
	w.table("sync")
	w.line(`poll = "30s"`)
	w.line(`write = "plan"   # every write is computed and shown, and none is sent; "on" sends them`)
}

func (p Proposal) trackers(w *writer) {
	if j := p.Found.Jira; j != nil {
		w.row("jira")
		w.line("# %s, as %s", plainly(j.Directory.Product), Quote(j.Directory.Me.Name))
		w.line(`name = "jira"`)
		w.line("url = %s", Quote(j.URL))
		if j.User == "" {
			w.line(`auth = "bearer"   # a personal access token`)
		} else {
			w.line("auth = \"basic\"\nuser = %s", Quote(j.User))
		}
		w.line("token = %s", Quote("env:"+j.TokenEnv))
		w.line("projects = %s", texts(readable(j.Directory)))
		w.line(`#transition_defaults = { resolution = "Done" }   # if a transition's screen asks for a resolution`)
		w.line(`#canary = "OPS-1"   # an issue that is always there: while it cannot be read, nothing counts as missing`)
	}
	if g := p.Found.GitHub; g != nil {
		w.row("github")
		w.line("# %s, as %s", plainly(g.Directory.Product), Quote(g.Directory.Me.ID))
		w.line(`name = "github"`)
		w.line("url = %s", Quote(g.URL))
		w.line("token = %s", Quote("env:"+g.TokenEnv))
		w.line("repos = %s", texts(readable(g.Directory)))
		p.places(w)
	}
}

// places says where GitHub holds status and priority.
func (p Proposal) places(w *writer) {
	if p.StatusIn == "" {
		w.line(`status = "labels"`)
		w.line(`priority = "labels"`)
		return
	}
	w.line(`status = "project"   # likely: no label says where work is, and the options of this project do`)
	w.line("project = %s", Quote(p.StatusIn))
	w.line("status_field = %s", Quote(p.StatusField))
	if p.PriorityIn == "" {
		w.line(`priority = "labels"`)
		return
	}
	w.line("priority = \"project\"\npriority_field = %s", Quote(p.PriorityField))
}

func (p Proposal) columns(w *writer) {
	w.line("\n# Columns, left to right. Of a list the first is what Parley writes; the others are left as they are.")
	for _, c := range p.Columns {
		w.row("column")
		w.line("# %s", c.Why)
		w.line("key = %s\nname = %s\ncategory = %s\nturn = %s", Quote(c.Key), Quote(c.Name), Quote(c.Category), Quote(c.Turn))
		w.items("jira", c.Jira)
		w.items("github", c.GitHub)
	}
}

func (p Proposal) priorities(w *writer) {
	if len(p.Priorities) > 0 {
		w.line("\n# Priorities, highest first.")
	}
	for _, x := range p.Priorities {
		w.row("priority")
		w.line("key = %s\nname = %s", Quote(x.Key), Quote(x.Name))
		w.items("jira", x.Jira)
		w.items("github", x.GitHub)
	}
}

func (p Proposal) pairs(w *writer) {
	if p.Found.Jira == nil || p.Found.GitHub == nil {
		return
	}
	w.line("\n# Which issues may be two sides of one card: those that link to one another, or carry the")
	w.line("# other's key in the title or its address in the text. A rule joins nothing by itself, and no")
	w.line("# twin is created.")
	if p.manyPairs {
		w.line("# There are many projects and repositories, so only those are listed whose names are alike.")
	}
	for _, x := range p.Pairs {
		w.row("pair")
		if x.Why != "" {
			w.line("# %s: %s", x.Sure, x.Why)
		}
		w.line("jira = %s\ngithub = %s\nmirror = \"none\"", Quote(x.Jira), Quote(x.GitHub))
	}
}

func (p Proposal) units(w *writer) {
	w.line("\n# Business units: who asks for the work. Parley cannot know them; these are a guess.")
	if len(p.Units) == 0 {
		w.line("#[[unit]]\n#key = \"trading\"\n#name = \"Trading\"\n#match = { jira_component = \"Trading\", github_label = \"bu:trading\" }")
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
		w.line("key = %s\nname = %s\nmatch = { %s }   # %s", Quote(u.Key), Quote(u.Name), test, why)
	}
}

func (p Proposal) rules(w *writer) {
	if len(p.Rules) > 0 {
		w.line("\n# Work types, by what issues are called. The first that matches counts; they only sort.")
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
		w.line("when = { %s }   # %s", strings.Join(when, ", "), why)
		w.line("set = { %s }", set)
	}
}

// decisions lists what a person has to say.
func (p Proposal) decisions(w *writer) {
	if len(p.Open) == 0 {
		return
	}
	w.line("\n# To decide. What no line above names is shown as unmapped and left alone.")
	for i, o := range p.Open {
		if i == mostOpen {
			w.line("#\n# and %d more; parley check names them", len(p.Open)-i)
			return
		}
		w.line("#\n# %s", o.What)
		for _, l := range o.Line {
			w.line("#   %s", l)
		}
	}
}
