package kanban

import "strings"

// Side is one of the two trackers a card can have an issue in.
type Side uint8

// The sides. Their order is also the tie-break order of simultaneous events.
const (
	Jira Side = iota
	GitHub
)

// Sides lists both, for ranging.
var Sides = [...]Side{Jira, GitHub}

// Other is the opposite side.
func (s Side) Other() Side { return 1 - s }

// String is "jira" or "github", as in the configuration.
func (s Side) String() string {
	if s == Jira {
		return "jira"
	}
	return "github"
}

// Field is something both sides of a card hold and Parley keeps in agreement.
type Field string

// The fields that are kept in agreement. Labels and assignees are sets: each of
// their elements is a field of its own, see Element.
const (
	FieldStatus    Field = "status"
	FieldPriority  Field = "priority"
	FieldTitle     Field = "title"
	FieldDue       Field = "due"
	FieldLabels    Field = "labels"
	FieldAssignees Field = "assignees"
)

// FieldBlocked is whether a card is blocked in Parley. No tracker holds it.
const FieldBlocked Field = "blocked"

// FieldPlanned is whether a person said in Parley that a card was planned or was not. No
// tracker holds it.
const FieldPlanned Field = "planned"

// What a person can say of FieldPlanned. The last leaves it to the rules again.
const (
	SortPlanned   Value = "planned"
	SortUnplanned Value = "unplanned"
	SortRules     Value = "rules"
)

// ClassExpedite is the class of service of what goes before everything else. Nobody has
// planned it, unless a rule or a person says otherwise.
const ClassExpedite = "expedite"

// Fields lists the two that place a card on the board, in the order they are folded
// and planned. Every card has them.
var Fields = [...]Field{FieldStatus, FieldPriority}

// Texts lists the fields that hold a text of their own and mean the same on both
// sides; Sets those that are kept element by element. They are carried only between
// paired issues whose rule names them.
var (
	Texts = [...]Field{FieldTitle, FieldDue}
	Sets  = [...]Field{FieldLabels, FieldAssignees}
)

// Present and Absent are the two values of a set's element.
const (
	Present Value = "present"
	Absent  Value = "absent"
)

// Element is the field that says whether a set holds an element: a label by its
// name in lower case, an assignee by the name of the person in the configuration.
func Element(set Field, name string) Field { return set + ":" + Field(name) }

// Element takes an element's field apart into its set and its name; ok is false for
// every other field, whose set is the field itself.
func (f Field) Element() (set Field, name string, ok bool) {
	before, after, ok := strings.Cut(string(f), ":")
	return Field(before), after, ok
}

// Value is a board value of a field: a ColumnKey or a PriorityKey, as text.
// The empty value means that nothing was agreed yet.
type Value string

// Native is what one tracker holds for a field, in a canonical text that only
// the mapping reads: a Jira status id ("10001", "6 + resolution:won't fix"), a
// GitHub selector ("open + label:status:review"), a priority id or label set.
// Two natives are the same state exactly if they are the same text.
type Native string

// Opinion says what a native value means to the board.
type Opinion uint8

// Opinions. Only Says carries a value; the others never change the board and
// are never overwritten by default.
const (
	Says      Opinion = iota // it names a value
	Silent                   // it names none: no label, no priority
	Unmapped                 // the configuration does not know it
	Ambiguous                // it names two at once, equally well
)

// String is the word used in explanations and in JSON.
func (o Opinion) String() string {
	switch o {
	case Says:
		return "says"
	case Silent:
		return "no opinion"
	case Unmapped:
		return "unmapped"
	default:
		return "ambiguous"
	}
}
