package mapping

import (
	"fmt"
	"regexp"
	"slices"

	"parley/connectors"
	"parley/kanban"
)

// anyValue in a Test stands for whatever is set.
const anyValue = "any"

// holds reports whether an issue passes all tests. Without issue or tests nothing holds.
func holds(tests []Test, i *connectors.Issue) bool {
	if i == nil || len(tests) == 0 {
		return false
	}
	for _, t := range tests {
		if !t.holds(i) {
			return false
		}
	}
	return true
}

func (t Test) holds(i *connectors.Issue) bool {
	for _, have := range t.values(i) {
		for _, want := range t.Any {
			if have != "" && (fold(want) == anyValue || t.agrees(have, want)) {
				return true
			}
		}
	}
	return false
}

func (t Test) agrees(have, want string) bool {
	if t.Property == PropertyTitle {
		return contains(have, want)
	}
	return fold(have) == fold(want)
}

// contains reports whether a text has the phrase in it as whole words.
func contains(text, phrase string) bool {
	re, err := regexp.Compile(`(?i)(^|[^\pL\pN])` + regexp.QuoteMeta(fold(phrase)) + `($|[^\pL\pN])`)
	return err == nil && re.MatchString(text)
}

// values lists what an issue has for the property.
func (t Test) values(i *connectors.Issue) []string {
	switch t.Property {
	case PropertyContainer:
		return []string{i.Container}
	case PropertyType:
		return []string{i.Type}
	case PropertyLabel:
		return i.Labels
	case PropertyComponent:
		return i.Components
	case PropertyField:
		return []string{customField(i.Custom, t.Name)}
	case PropertyPriority:
		return []string{i.Priority.Name, i.Priority.ID}
	case PropertySecurity:
		return []string{i.Security}
	case PropertyReporter:
		return []string{i.Reporter.ID, i.Reporter.Name}
	case PropertyMilestone:
		return []string{i.Milestone}
	case PropertyTitle:
		return []string{i.Title}
	}
	return nil
}

// customField finds a custom field by name in any letter case, the exact one first.
func customField(custom map[string]string, name string) string {
	if v, ok := custom[name]; ok {
		return v
	}
	var names []string
	for have := range custom {
		if fold(have) == fold(name) {
			names = append(names, have)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return custom[slices.Min(names)]
}

// CustomFields lists the names of the Jira custom fields that conditions look at, so
// that they can be asked for.
func (r *Rules) CustomFields() []string {
	var names []string
	note := func(c Condition) {
		for _, t := range c.Jira {
			if t.Property == PropertyField && !slices.Contains(names, t.Name) {
				names = append(names, t.Name)
			}
		}
	}
	for _, u := range r.units {
		note(u.Match)
	}
	for _, rule := range r.rules {
		note(rule.When)
	}
	slices.Sort(names)
	return names
}

// Decides reports whether a unit or a rule of the configuration goes by that value of a
// property: that cards have it in common is no news.
func (r *Rules) Decides(p Property, value string) bool { return r.deciding[p][fold(value)] }

// deciding are the values that the conditions of units and rules name.
func deciding(c Config) map[Property]map[string]bool {
	out := map[Property]map[string]bool{}
	note := func(when Condition) {
		for _, t := range slices.Concat(when.Jira, when.GitHub) {
			if out[t.Property] == nil {
				out[t.Property] = map[string]bool{}
			}
			for _, value := range t.Any {
				out[t.Property][fold(value)] = true
			}
		}
	}
	for _, u := range c.Units {
		note(u.Match)
	}
	for _, rule := range c.Rules {
		note(rule.When)
	}
	return out
}

func (b *builder) compileTraits() {
	for i, u := range b.config.Units {
		b.checkCondition(fmt.Sprintf("unit[%d].match", i), u.Match)
	}
	for i, rule := range b.config.Rules {
		path := fmt.Sprintf("rule[%d]", i)
		b.checkCondition(path+".when", rule.When)
		b.checkSetting(path+".set", rule.Set)
	}
}

func (b *builder) checkCondition(path string, c Condition) {
	if len(c.Jira)+len(c.GitHub) == 0 {
		b.errorf(path, "give it at least one condition", "it can never match")
	}
	for _, t := range append(slices.Clone(c.Jira), c.GitHub...) {
		if len(t.Any) == 0 || slices.Contains(t.Any, "") {
			b.errorf(path, `"any" stands for whatever is set`, "the condition on %s compares with nothing", t.Property)
		}
	}
}

func (b *builder) checkSetting(path string, s Setting) {
	if s == (Setting{}) {
		b.errorf(path, "set class, planned, type or blocked", "the rule sets nothing")
	}
	if s.Class != "" {
		checkWord(b, path+".class", s.Class, Classes()...)
	}
	if s.Type != "" && !ValidKey(s.Type) {
		b.errorf(path+".type", "a key is a small letter, then small letters, digits and hyphens", "%s is not a key", quote(s.Type))
	}
	checkWord(b, path+".blocked", s.Blocked, "", kanban.Business, kanban.IT, kanban.Third)
	if s.Reason != "" && s.Blocked == "" {
		b.errorf(path+".reason", "say who has to unblock it", "a reason needs blocked")
	}
}
