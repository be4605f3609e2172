package mapping

import (
	"fmt"

	"parley/connectors"
	"parley/kanban"
)

// Compile makes Rules of a configuration and of what is known about the trackers.
// Without the directory of a Jira the names in the configuration are taken on trust
// and stand for themselves. Rules are nil if one of the problems is an Error.
func Compile(c Config, dirs []connectors.Directory) (*Rules, []Problem) {
	b := builder{config: c, dirs: map[string]*connectors.Directory{}}
	for i := range dirs {
		b.dirs[dirs[i].Tracker] = &dirs[i]
	}
	b.rules.units, b.rules.rules = c.Units, c.Rules
	b.rules.persons, b.rules.policy = c.Persons, c.Visibility
	b.rules.deciding = deciding(c)
	b.rules.arrival = c.Arrival
	b.rules.fingerprint = fingerprint(c, dirs)
	b.rules.learnPlaces(dirs)
	b.rules.learnSchemes(dirs)
	b.compileLayout()
	b.compileTrackers()
	b.compilePairs()
	b.compileTraits()
	b.compilePersons()
	if !Failed(b.list) {
		b.checkScales()
		b.warnOutside()
	}
	if Failed(b.list) {
		return nil, b.list
	}
	return &b.rules, b.list
}

// builder holds what is being compiled.
type builder struct {
	problems
	config Config
	dirs   map[string]*connectors.Directory
	rules  Rules

	optionsAlone map[kanban.Field]scale // beside rules.options
	jira         []tracker              // in the order of the configuration
	github       []tracker
}

// tracker is a configured tracker with its place in the configuration.
type tracker struct {
	TrackerConfig
	path string
	dir  *connectors.Directory // nil where nothing is known
}

func (b *builder) compileTrackers() {
	b.rules.jira = map[string]map[kanban.Field]scale{}
	b.rules.isGitHub = map[string]bool{}
	for _, t := range b.config.Trackers {
		b.addTracker(t)
	}
	b.compileLabels()
	b.compileOptions()
	b.compileTitles()
	b.compileDue()
	b.spread()
	b.warnOneWay()
}

func (b *builder) addTracker(c TrackerConfig) {
	t := tracker{TrackerConfig: c, dir: b.dirs[c.Name]}
	switch connectors.Kind(c.Kind) {
	case connectors.Jira:
		t.path = fmt.Sprintf("jira[%d]", len(b.jira))
		b.jira = append(b.jira, t)
	case connectors.GitHub:
		t.path = fmt.Sprintf("github[%d]", len(b.github))
		b.github = append(b.github, t)
		b.rules.isGitHub[c.Name] = true
	default:
		b.errorf("tracker", "", "%s is neither jira nor github", quote(c.Kind))
		return
	}
	b.rules.sites = append(b.rules.sites, newSite(c, t.dir))
}

// entries lists the configured entries of a field for one side, in order.
func (b *builder) entries(side kanban.Side, f kanban.Field) []entry {
	var es []entry
	add := func(kind string, i int, key string, texts []string) {
		for k, text := range texts {
			es = append(es, entry{kanban.Value(key), fmt.Sprintf("%s[%d].%s[%d]", kind, i, side, k), text})
		}
	}
	if f == kanban.FieldStatus {
		for i, c := range b.config.Columns {
			add("column", i, c.Key, bySide(side, c.Jira, c.GitHub))
		}
		return es
	}
	for i, p := range b.config.Priorities {
		add("priority", i, p.Key, bySide(side, p.Jira, p.GitHub))
	}
	return es
}

func bySide[T any](side kanban.Side, jira, github T) T {
	if side == kanban.Jira {
		return jira
	}
	return github
}

// keys lists the board values of a field.
func (b *builder) keys(f kanban.Field) []kanban.Value {
	var vs []kanban.Value
	if f == kanban.FieldStatus {
		for _, c := range b.config.Columns {
			vs = append(vs, kanban.Value(c.Key))
		}
		return vs
	}
	for _, p := range b.config.Priorities {
		vs = append(vs, kanban.Value(p.Key))
	}
	return vs
}

// noun is what a board value of a field is called.
func noun(f kanban.Field) string {
	if f == kanban.FieldStatus {
		return "column"
	}
	return "priority"
}
