package kanban

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

// The fields that are kept in agreement.
const (
	FieldStatus   Field = "status"
	FieldPriority Field = "priority"
)

// Fields lists them in the order they are folded and planned.
var Fields = [...]Field{FieldStatus, FieldPriority}

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
