package mapping

import (
	"time"

	"parley/kanban"
)

// Config is what Compile reads: the mapping part of the configuration without any
// file format. Order matters everywhere: of columns and priorities on the board, of
// units and rules because the first match wins, of the entries of a list because
// the first is the one that is written.
type Config struct {
	Columns    []ColumnConfig
	Priorities []PriorityConfig // highest first
	Pairs      []PairConfig
	Units      []UnitConfig
	Rules      []RuleConfig
	Persons    []PersonConfig
	Limits     []LimitConfig `json:"-"` // they change the meaning of nothing
	Visibility VisibilityConfig
	Trackers   []TrackerConfig
	// Arrival is how soon after its creation a card has to be in work for having come
	// there unplanned, where nobody had committed to it; 0: that counts for nothing.
	Arrival time.Duration `json:",omitempty"`
}

// TrackerConfig names a tracker and says where people look at its issues.
type TrackerConfig struct {
	Name       string
	Kind       string   // "jira" or "github", as connectors.Kind
	Containers []string // project keys or owner/repo
	BaseURLs   []string // "https://acme.atlassian.net", "https://github.com"
	// Fields says which of status and priority a GitHub holds in a field of options; the
	// others are labels.
	Fields map[kanban.Field]FieldConfig `json:",omitempty"`
}

// FieldConfig is a field of options, each of its issues having one at most.
type FieldConfig struct {
	Project string // owner/number; "" is an Issue Field of the repository's organisation
	Name    string // of the field
}

// ColumnConfig is one column and the tracker values that mean it.
type ColumnConfig struct {
	Key      string
	Name     string // the key where empty
	Category kanban.Category
	Turn     kanban.Party // where empty: as usual for the category
	WIP      int
	WIPHard  bool
	// Jira lists statuses: a name, an id (all digits), either narrowed by
	// " + resolution:NAME", or "same:KEY" for the statuses of another column.
	Jira []string
	// GitHub lists selectors: open, closed or closed:REASON, then " + label:NAME", or
	// " + option:NAME" where the status is held in a field.
	GitHub []string
}

// PriorityConfig is one step of the board's priority scale and the tracker values
// that mean it.
type PriorityConfig struct {
	Key    string
	Name   string   // the key where empty
	Jira   []string // names, ids or "same:KEY"
	GitHub []string // "label:NAME", joined by " + " where several are needed at once, or "option:NAME"
}

// PairConfig says how the issues of a project and a repository find their twins and
// what is carried between them. Zero values take the defaults of PairRule.
type PairConfig struct {
	Jira       string // project key
	GitHub     string // owner/repo
	Match      []Evidence
	Mirror     Mirror
	MirrorText MirrorText
	Fields     map[kanban.Field]Direction
	Conflict   map[kanban.Field]Policy
}

// UnitConfig is a business unit and how its cards are known.
type UnitConfig struct {
	Key   string
	Name  string // the key where empty
	Match Condition
	WIP   int  `json:"-"` // most of its cards in work, 0: no limit
	Hard  bool `json:"-"`
}

// LimitConfig limits the cards in work of one class of service.
type LimitConfig struct {
	Class string
	WIP   int // at least 1
	Hard  bool
}

// RuleConfig sets properties of the cards that a condition holds for.
type RuleConfig struct {
	When Condition
	Set  Setting
}

// Condition is a test of an issue. The tests of one side must all hold; the Jira
// tests are asked of the Jira issue, the GitHub tests of the GitHub issue.
type Condition struct {
	Jira   []Test
	GitHub []Test
}

// Test compares one property of an issue.
type Test struct {
	Property Property
	Name     string   // of the custom field, for PropertyField
	Any      []string // one of these in any letter case; "any" stands for whatever is set
}

// Property names what a Test looks at.
type Property string

// Properties. A title is searched for the text as whole words, everything else is
// compared as a whole.
const (
	PropertyContainer Property = "container" // project key, owner/repo
	PropertyType      Property = "type"
	PropertyLabel     Property = "label"
	PropertyComponent Property = "component"
	PropertyField     Property = "field"
	PropertyPriority  Property = "priority"
	PropertySecurity  Property = "security"
	PropertyReporter  Property = "reporter"
	PropertyMilestone Property = "milestone"
	PropertyTitle     Property = "title"
)

// Setting is what a rule sets. Empty members set nothing.
type Setting struct {
	Class   string // expedite, fixed-date, standard, intangible
	Planned *bool
	Type    string       // work type, any key
	Blocked kanban.Party // who has to unblock it
	Reason  string       // why it is blocked, in words
}

// PersonConfig says which accounts are one person.
type PersonConfig struct {
	Name   string
	Jira   string // account id or name
	GitHub string // login
	Team   string
	// WIP is the most cards that they work on, 0: no limit. Of whom the board has to know it
	// is told with the cards, so that cards are looked at again where a limit is new.
	WIP  int  `json:",omitempty"`
	Hard bool `json:",omitempty"`
}

// VisibilityConfig says which cards are for few.
type VisibilityConfig struct {
	// A card is restricted if its Jira security level is one of these ("any": has
	// one) or one of its labels, on either side, is.
	RestrictedSecurity []string
	RestrictedLabels   []string
}
