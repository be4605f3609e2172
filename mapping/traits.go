package mapping

import (
	"slices"

	"parley/connectors"
	"parley/kanban"
)

// Traits are the properties of a card that come from configured rules.
type Traits struct {
	Unit       kanban.UnitKey
	Requester  connectors.Person // who asked: the reporter
	Class      string            // class of service, "standard" where no rule says otherwise
	Planned    *bool             // nil where no rule says
	PlannedBy  int               // which rule of the configuration says so, counted from 1; 0: none
	Type       string            // work type, "" where no rule says
	Blocked    kanban.Party      // who has to unblock the card, "" where it is not blocked
	Reason     string            // why it is blocked, in words
	Restricted bool              // shown only to those who may see everything
}

// DefaultClass is the class of service of a card that no rule gives another.
const DefaultClass = "standard"

// Classes lists the classes of service that a rule can set.
func Classes() []string { return []string{"expedite", "fixed-date", DefaultClass, "intangible"} }

// Traits asks the rules about the issues of one card. For each property the first
// rule that matches wins. Where there is a Jira issue it decides: the rules with
// Jira conditions are asked first, of that issue alone; the others, which have only
// GitHub conditions, can but fill what is left open.
func (r *Rules) Traits(sides ...connectors.Issue) Traits {
	t := Traits{Restricted: r.restricted(sides)}
	jira, github := find(sides, connectors.Jira), find(sides, connectors.GitHub)
	if jira != nil {
		t.Requester = jira.Reporter
		r.setTraits(&t, func(c Condition) bool { return len(c.Jira) > 0 && holds(c.Jira, jira) })
		r.setTraits(&t, func(c Condition) bool { return len(c.Jira) == 0 && holds(c.GitHub, github) })
	} else if github != nil {
		t.Requester = github.Reporter
		r.setTraits(&t, func(c Condition) bool { return holds(c.GitHub, github) })
	}
	t.Unit = kanban.UnitKey(or(string(t.Unit), string(kanban.UnitUnassigned)))
	t.Class = or(t.Class, DefaultClass)
	return t
}

// setTraits fills what t leaves open from the units and rules whose condition is met.
func (r *Rules) setTraits(t *Traits, met func(Condition) bool) {
	for _, u := range r.units {
		if t.Unit == "" && met(u.Match) {
			t.Unit = kanban.UnitKey(u.Key)
		}
	}
	for i, rule := range r.rules {
		if met(rule.When) {
			t.fill(rule.Set, i+1)
		}
	}
}

// fill takes what is still open from the rule with a number.
func (t *Traits) fill(s Setting, rule int) {
	t.Class, t.Type = or(t.Class, s.Class), or(t.Type, s.Type)
	if t.Planned == nil && s.Planned != nil {
		t.Planned, t.PlannedBy = s.Planned, rule
	}
	if t.Blocked == "" {
		t.Blocked, t.Reason = s.Blocked, s.Reason
	}
}

func find(sides []connectors.Issue, kind connectors.Kind) *connectors.Issue {
	at := slices.IndexFunc(sides, func(i connectors.Issue) bool { return i.Kind == kind })
	if at < 0 {
		return nil
	}
	return &sides[at]
}

// restricted reports whether one of the issues may not be shown around. It asks
// every side: one that is restricted hides the card.
func (r *Rules) restricted(sides []connectors.Issue) bool {
	hidden := []Test{
		{Property: PropertySecurity, Any: r.policy.RestrictedSecurity},
		{Property: PropertyLabel, Any: r.policy.RestrictedLabels},
	}
	for _, i := range sides {
		for _, test := range hidden {
			if test.holds(&i) {
				return true
			}
		}
	}
	return false
}
