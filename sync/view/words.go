package view

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
)

// Capital begins a sentence: a small letter of a to z at its head becomes a capital.
func Capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Grouped is a whole number that is not negative, of any type, with its thousands apart.
func Grouped(n any) string {
	digits := []byte(fmt.Sprint(n))
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = slices.Insert(digits, i, ',')
	}
	return string(digits)
}

// NameIn is what a list calls a key; the key itself where it does not name it.
func NameIn(all []Named, key string) string {
	for _, n := range all {
		if n.Key == key {
			return n.Name
		}
	}
	return key
}

// unitName is what a unit is called, the one of cards that are nobody's among them.
func unitName(units []Named, key kanban.UnitKey) string {
	name := NameIn(units, string(key))
	if key == kanban.UnitUnassigned && name == string(key) {
		return unassigned().Name
	}
	return name
}

// YesNo is an answer as exports and filters have it.
func YesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
