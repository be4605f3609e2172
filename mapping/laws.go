package mapping

import (
	"fmt"

	"parley/kanban"
)

// Law is one of the properties that keep two trackers from writing to and fro for
// ever.
type Law string

// The laws. From C and H follows that a write settles after one step and that a
// second one finds nothing to do.
const (
	LawTotal       Law = "T" // every native value means something
	LawCorrect     Law = "C" // what is written shows what was meant; what is read is shown by what was read
	LawHippocratic Law = "H" // what is consistent is left as it is
	LawDefault     Law = "D" // a native value has one default meaning, whatever the card was at
)

// Violation is a witness that a law does not hold.
type Violation struct {
	Law  Law
	M    kanban.Value  // the card's board value; "" where none matters
	N    kanban.Native // the native value of the issue
	What string        // what happens instead
}

// translator is what the laws are about; Lens is one.
type translator interface {
	Back(side kanban.Side, f kanban.Field, n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion)
	Forward(side kanban.Side, f kanban.Field, m kanban.Value, n kanban.Native) []kanban.Native
}

// CheckLaws tries every combination of board and native values of one side and
// field, and returns a witness for each way in which a law is broken.
func CheckLaws(l translator, side kanban.Side, f kanban.Field, ms []kanban.Value, ns []kanban.Native) []Violation {
	c := lawCheck{lens: l, side: side, field: f, tried: map[pairing]bool{}}
	for _, n := range ns {
		usual := c.total(n)
		for _, m := range ms {
			v, opinion := c.back(n, m)
			to := c.lens.Forward(side, f, m, n)
			if opinion == kanban.Says && v == m {
				c.leavesAlone(m, n, to)
			} else if opinion == kanban.Says {
				usual = c.oneDefault(m, n, v, usual)
				c.isShown(m, n, v)
			}
			for _, t := range to {
				c.isMeant(m, n, t)
			}
		}
	}
	return c.found
}

type lawCheck struct {
	lens  translator
	side  kanban.Side
	field kanban.Field
	tried map[pairing]bool // targets that were read back already
	found []Violation
}

type pairing struct {
	m kanban.Value
	n kanban.Native
}

func (c *lawCheck) brokenf(law Law, m kanban.Value, n kanban.Native, format string, args ...any) {
	c.found = append(c.found, Violation{law, m, n, fmt.Sprintf(format, args...)})
}

func (c *lawCheck) back(n kanban.Native, m kanban.Value) (kanban.Value, kanban.Opinion) {
	return c.lens.Back(c.side, c.field, n, m)
}

// keeps reports whether n can stay as it is on a card at m.
func (c *lawCheck) keeps(m kanban.Value, n kanban.Native) bool {
	to := c.lens.Forward(c.side, c.field, m, n)
	return len(to) > 0 && to[0] == n
}

// total also gives the meaning of n to a card of which nothing is known, "" if none.
func (c *lawCheck) total(n kanban.Native) kanban.Value {
	v, opinion := c.back(n, "")
	if opinion == kanban.Unmapped {
		c.brokenf(LawTotal, "", n, "nothing lists %s", quote(string(n)))
	}
	return v
}

// oneDefault: n means the same to all cards that it is not consistent with.
func (c *lawCheck) oneDefault(m kanban.Value, n kanban.Native, v, usual kanban.Value) kanban.Value {
	if usual != "" && v != usual {
		c.brokenf(LawDefault, m, n, "%s means %s to some cards and %s to others", quote(string(n)), quote(string(usual)), quote(string(v)))
	}
	return v
}

// isShown: after the board took over what n says, n shows the board's value.
func (c *lawCheck) isShown(m kanban.Value, n kanban.Native, v kanban.Value) {
	if !c.tried[pairing{v, n}] && !c.keeps(v, n) {
		c.brokenf(LawCorrect, m, n, "%s is read as %s, and that would be written back as something else", quote(string(n)), quote(string(v)))
	}
}

// isMeant: an acceptable target is read back as the value it was written for.
func (c *lawCheck) isMeant(m kanban.Value, n, to kanban.Native) {
	if c.tried[pairing{m, to}] {
		return
	}
	v, opinion := c.back(to, m)
	switch {
	case v != m:
		c.brokenf(LawCorrect, m, n, "it would be written as %s, which is read as %s", quote(string(to)), quote(string(v)))
	case opinion == kanban.Unmapped || opinion == kanban.Ambiguous:
		c.brokenf(LawCorrect, m, n, "it would be written as %s, which is %s", quote(string(to)), opinion)
	case !c.keeps(m, to):
		c.brokenf(LawCorrect, m, n, "it would be written as %s and then written again", quote(string(to)))
	default:
		c.tried[pairing{m, to}] = true
	}
}

// leavesAlone: what agrees already is not written, not even as an equal.
func (c *lawCheck) leavesAlone(m kanban.Value, n kanban.Native, to []kanban.Native) {
	if len(to) == 0 || to[0] != n {
		c.brokenf(LawHippocratic, m, n, "%s shows it already and would still be written as %s", quote(string(n)), first(to))
	}
}

func first(ns []kanban.Native) string {
	if len(ns) == 0 {
		return "nothing"
	}
	return quote(string(ns[0]))
}
