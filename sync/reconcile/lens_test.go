package reconcile

import (
	"slices"
	"time"

	"parley/kanban"
)

// meaning is what a native value of a table says: the value that owns it first,
// then those that share it.
type meaning struct {
	values  []kanban.Value
	opinion kanban.Opinion
}

// table is one side of a lens written out in full.
type table struct {
	means  map[kanban.Native]meaning
	writes map[kanban.Value]kanban.Native // what is written to show a value
}

// tables is a Lens of two tables. It is lawful by construction: a native value that
// is consistent is kept, anything else takes the value's own native.
type tables [2]table

func (t tables) Back(side kanban.Side, _ kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion) {
	at, ok := t[side].means[n]
	if !ok {
		return m, kanban.Unmapped
	}
	if at.opinion != kanban.Says || slices.Contains(at.values, m) {
		return m, at.opinion
	}
	return at.values[0], kanban.Says
}

func (t tables) Forward(side kanban.Side, _ kanban.Field, m kanban.Value, n kanban.Native) []kanban.Native {
	if at := t[side].means[n]; at.opinion == kanban.Says && slices.Contains(at.values, m) {
		return []kanban.Native{n}
	}
	if to, ok := t[side].writes[m]; ok {
		return []kanban.Native{to}
	}
	return nil
}

// Apply reads changes of the field itself, to the native value they name.
func (t tables) Apply(_ kanban.Side, f kanban.Field, n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	touched := false
	for _, c := range changes {
		if c.Field == string(f) {
			n, touched = kanban.Native(c.To), true
		}
	}
	return n, touched
}

// Explains takes a native value written "x>y" for a step on the way to y, and nothing
// at all for one on any way: an old label was taken off.
func (t tables) Explains(_ kanban.Side, f kanban.Field, to kanban.Native, c kanban.Change) bool {
	n := len(c.To)
	if c.To == string(silent) && t[0].means[silent].opinion != kanban.Silent {
		return true
	}
	return c.Field == string(f) && n > 2 && c.To[n-2] == '>' && c.To[n-1:] == string(to)
}

// says is a table on which each value is shown by the native of the same letter.
func says(values string) table {
	t := table{means: map[kanban.Native]meaning{}, writes: map[kanban.Value]kanban.Native{}}
	for _, v := range values {
		t.means[kanban.Native(v)] = meaning{values: []kanban.Value{kanban.Value(v)}}
		t.writes[kanban.Value(v)] = kanban.Native(v)
	}
	return t
}

// and adds a native value without a value of its own.
func (t table) and(n kanban.Native, o kanban.Opinion) table {
	t.means[n] = meaning{opinion: o}
	return t
}

// shared adds a native value that shows several values, and is written for them all.
func (t table) shared(n kanban.Native, values ...kanban.Value) table {
	t.means[n] = meaning{values: values}
	for _, v := range values {
		t.writes[v] = n
	}
	return t
}

// Natives that mean something special in every table that has them.
const (
	silent    kanban.Native = "-"
	strange   kanban.Native = "?"
	twofold   kanban.Native = "!"
	onTheWayB kanban.Native = "x>b"
)

func identity() tables { return tables{says("abc"), says("abc")} }

// synonyms is a Jira with two statuses for a.
func synonyms() tables {
	l := says("abc")
	l.means["A"] = meaning{values: []kanban.Value{"a"}}
	return tables{l, says("abc")}
}

// lossy is six values in Jira that GitHub shows as three.
func lossy() tables {
	r := table{means: map[kanban.Native]meaning{}, writes: map[kanban.Value]kanban.Native{}}
	return tables{says("abcdef"), r.shared("1", "a", "b").shared("2", "c", "d").shared("3", "e", "f")}
}

// partial has natives of every opinion on GitHub, and a value it cannot show.
func partial() tables {
	return tables{
		says("abcd").and(silent, kanban.Silent).and(strange, kanban.Unmapped),
		says("abc").and(silent, kanban.Silent).and(strange, kanban.Unmapped).and(twofold, kanban.Ambiguous).and(onTheWayB, kanban.Ambiguous),
	}
}

// labels is a GitHub on which two labels can stand at once, or none.
func labels() tables {
	r := says("abc").and(silent, kanban.Silent)
	for _, n := range []kanban.Native{"x>a", "x>b", "x>c"} {
		r = r.and(n, kanban.Ambiguous)
	}
	return tables{says("abc"), r}
}

// unlabelled is a GitHub on which no opinion is also how a is written.
func unlabelled() tables {
	r := says("bc").and(silent, kanban.Silent)
	r.writes["a"] = silent
	return tables{says("abc"), r}
}

var epoch = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

func tick(n int) time.Time { return epoch.Add(time.Duration(n) * time.Second) }
