package propose

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"parley/connectors"
)

// The levels of a usual scale.
const (
	urgent = iota
	high
	normalLevel
	low
	levels
)

func levelName(level int) (key, name string) {
	return [...]string{"urgent", "high", "normal", "low"}[level], [...]string{"Urgent", "High", "Normal", "Low"}[level]
}

// levelWords are what levels are usually called, in the form of normal.
func levelWords() map[string]int {
	out := map[string]int{}
	for level, names := range [...]string{
		urgent:      "highest|urgent|critical|blocker|immediate|emergency|sehr hoch|höchste|kritisch|dringend|sofort|blockierend|la plus haute|critique|bloquant|urgente|crítica|massima|critica",
		high:        "high|major|important|hoch|wichtig|haute|élevée|majeure|alta|mayor|alto",
		normalLevel: "medium|normal|moderate|middle|default|mittel|moyenne|normale|media|medio",
		low:         "low|minor|lowest|trivial|niedrig|gering|niedrigste|sehr niedrig|unwesentlich|basse|faible|mineure|la plus basse|baja|menor|más baja|bassa|minima|trivialer",
	} {
		for name := range strings.SplitSeq(names, "|") {
			out[name] = level
		}
	}
	return out
}

// numbered is P0, P1 and so on, whatever follows.
var numbered = regexp.MustCompile(`(?i)^(?:p|prio|priority)[\s:/_-]*([0-9])(?:$|[^0-9A-Za-z].*)`)

func number(name string) (n int, ok bool) {
	parts := numbered.FindStringSubmatch(strings.TrimSpace(name))
	if parts == nil {
		return 0, false
	}
	n, err := strconv.Atoi(parts[1])
	return n, err == nil
}

// byNumber is the level of a numbered priority beside the others: where there is a P0 it
// is the urgent one; three without one are high, normal and low.
func byNumber(n int, all []int) int {
	first := slices.Min(all)
	if first > 0 && slices.Max(all) <= 3 {
		return min(max(n, high), low)
	}
	return min(n-min(first, 1), low)
}

// byWord finds a level in a name: as the whole of it, or as one word of it.
func byWord(name string) (level int, sure Sureness, ok bool) {
	if parts := priorityFamily.FindStringSubmatch(name); parts != nil {
		name = parts[2]
	}
	words, n := levelWords(), normal(name)
	if level, ok = words[n]; ok {
		return level, Sure, true
	}
	for w := range strings.FieldsSeq(n) {
		if level, ok = words[w]; ok {
			return level, Likely, true
		}
	}
	return 0, Guess, false
}

// levelled is a name with the level that it says.
type levelled struct {
	name  string
	level int
	sure  Sureness
	why   string
}

// level judges names that belong to one scale; rest are those that say nothing.
func level(names []string) (out []levelled, rest []string) {
	var numbers []int
	for _, name := range names {
		if n, ok := number(name); ok {
			numbers = append(numbers, n)
		}
	}
	for _, name := range names {
		l, sure, known := byWord(name)
		n, isNumber := number(name)
		switch {
		case known:
			out = append(out, levelled{name: name, level: l, sure: sure, why: "by its name"})
		case isNumber:
			out = append(out, levelled{name: name, level: byNumber(n, numbers), sure: Likely, why: "by its number among the others"})
		default:
			rest = append(rest, name)
		}
	}
	return out, rest
}

// scale proposes the priorities: the usual four levels, or Jira's own one by one where
// their names or their order say something else.
func (m *maker) scale() []Priority {
	var scale []Priority
	var jira []connectors.Option
	if m.Jira != nil {
		jira = m.usedPriorities()
	}
	if scale = m.usual(jira); scale == nil {
		return m.oneByOne(jira)
	}
	if m.GitHub != nil {
		m.gitHubPriorities(scale)
	}
	return slices.DeleteFunc(scale, func(p Priority) bool { return len(p.Jira) == 0 && len(p.GitHub) == 0 })
}

// usedPriorities leaves out those that no project can have.
func (m *maker) usedPriorities() []connectors.Option {
	used := map[string]bool{}
	for _, c := range m.Jira.Directory.Containers {
		if c.Priorities == nil {
			return m.Jira.Directory.Priorities
		}
		for _, id := range c.Priorities {
			used[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(m.Jira.Directory.Priorities), func(o connectors.Option) bool { return !used[o.ID] })
}

// usual is the scale of four levels with Jira's in it; nil where one of Jira's says no
// level, or they are not in the order that their names say.
func (m *maker) usual(jira []connectors.Option) []Priority {
	scale := make([]Priority, levels)
	for i := range scale {
		scale[i].Key, scale[i].Name = levelName(i)
	}
	var names []string
	for _, o := range jira {
		names = append(names, o.Name)
	}
	found, rest := level(names)
	falls := !slices.IsSortedFunc(found, func(a, b levelled) int { return cmp.Compare(a.level, b.level) })
	if len(rest) > 0 || falls {
		return nil
	}
	for i, l := range found {
		value, ok := priorityValue(jira[i], jira)
		if !ok {
			return nil
		}
		scale[l.level].Jira = append(scale[l.level].Jira, Item{value, l.why, l.sure})
	}
	for i := range scale {
		scale[i].Jira = usualFirst(scale[i])
	}
	return scale
}

// usualFirst has the one written that is called as the step of the board is.
func usualFirst(p Priority) []Item {
	usual := map[string]string{"urgent": "highest", "high": "high", "normal": "medium", "low": "low"}[p.Key]
	slices.SortStableFunc(p.Jira, func(a, b Item) int {
		return cmp.Compare(order(fold(a.Value) != usual), order(fold(b.Value) != usual))
	})
	return p.Jira
}

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}

// priorityValue is how the configuration names a priority of Jira.
func priorityValue(o connectors.Option, all []connectors.Option) (string, bool) {
	name := strings.TrimSpace(o.Name)
	double := slices.ContainsFunc(all, func(x connectors.Option) bool { return x.ID != o.ID && fold(x.Name) == fold(name) })
	if double || !writable(name) || isNumber(name) {
		return o.ID, isNumber(o.ID)
	}
	return name, true
}

// oneByOne has a step of the board for each of Jira's, in Jira's order.
func (m *maker) oneByOne(jira []connectors.Option) []Priority {
	keys := map[string]bool{}
	var scale []Priority
	for i, o := range jira {
		value, ok := priorityValue(o, jira)
		if !ok || len(scale) == mostItems {
			m.open(fmt.Sprintf("the priority %s of Jira has no step of the board", Quote(short(o.Name))))
			continue
		}
		p := Priority{Key: freeKey(slug(o.Name), fmt.Sprintf("step-%d", i+1), keys), Name: short(o.Name)}
		p.Jira = []Item{{value, "a step of its own: Jira's order is all that is known of it", Likely}}
		scale = append(scale, p)
	}
	if m.GitHub == nil || m.out.PriorityIn != "" {
		return scale
	}
	found, unknown := m.priorityLabels()
	for i := range scale {
		name := m.familyOf(priorityFamily, "priority") + scale[i].Key
		why := "no repository has it; it is made when it is first needed"
		if slices.ContainsFunc(m.labels, func(l label) bool { return fold(l.name) == fold(name) }) {
			why = "by its name"
			found = slices.DeleteFunc(found, func(l levelled) bool { return fold(l.name) == fold(name) })
			unknown = slices.DeleteFunc(unknown, func(l string) bool { return fold(l) == fold(name) })
		}
		scale[i].GitHub = []Item{{"label:" + name, why, Likely}}
	}
	for _, l := range found {
		unknown = append(unknown, l.name)
	}
	m.undecidedLabels("priority", "label:", unknown)
	return scale
}

// freeKey takes a key that nothing else has.
func freeKey(key, otherwise string, taken map[string]bool) string {
	if key == "" {
		key = otherwise
	}
	for n, base := 2, key; taken[key]; n++ {
		key = fmt.Sprintf("%s-%d", base, n)
	}
	taken[key] = true
	return key
}

// priorityLabels are the labels that belong to a scale; rest are those of a family that
// say no level.
func (m *maker) priorityLabels() (found []levelled, rest []string) {
	var names, bare []string
	for _, l := range m.labels {
		switch parts := priorityFamily.FindStringSubmatch(l.name); {
		case parts != nil:
			names = append(names, l.name)
		case numbered.MatchString(strings.TrimSpace(l.name)), strings.HasSuffix(normal(l.name), " priority"), strings.HasSuffix(normal(l.name), " prio"):
			bare = append(bare, l.name)
		}
	}
	found, rest = level(append(names, bare...))
	return found, rest
}

func (m *maker) gitHubPriorities(scale []Priority) {
	if m.out.PriorityIn != "" {
		m.boardPriorities(scale)
		return
	}
	found, rest := m.priorityLabels()
	for _, l := range found {
		if p := &scale[l.level]; len(p.GitHub) < mostItems {
			p.GitHub = append(p.GitHub, Item{"label:" + strings.TrimSpace(l.name), l.why, l.sure})
		}
	}
	for i := range scale {
		p := &scale[i]
		p.GitHub = sorted(p.GitHub)
		wanted := len(p.Jira) > 0 || m.Jira == nil && len(found) == 0 && i != urgent
		if len(p.GitHub) == 0 && wanted {
			p.GitHub = []Item{{"label:" + m.familyOf(priorityFamily, "priority") + p.Key, "no repository has such a label; it is made when it is first needed", Likely}}
		}
		if len(p.Jira) == 0 && len(p.GitHub) > 0 && m.Jira != nil {
			p.Jira = m.nearest(scale, i)
		}
	}
	m.undecidedLabels("priority", "label:", rest)
}

// nearest shares the priority of the next step that Jira has, the lower one first: a
// label must not raise what nobody in Jira raised.
func (m *maker) nearest(scale []Priority, at int) []Item {
	for _, i := range []int{at + 1, at - 1, at + 2, at - 2, at + 3, at - 3} {
		if i >= 0 && i < len(scale) && len(scale[i].Jira) > 0 && !strings.HasPrefix(scale[i].Jira[0].Value, "same:") {
			return []Item{{"same:" + scale[i].Key, "Jira has none of its own for it, and shows this one", Likely}}
		}
	}
	return nil
}
