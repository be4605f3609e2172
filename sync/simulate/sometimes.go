package simulate

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"parley/sync/simulate/world"
)

// Row is a row of the specification's tables that some run must meet, or the generator
// is wrong: what never happens is not tested.
type Row struct {
	Section string // of the specification
	Name    string
	Counts  []string // any of these, as Result.Met names them
}

// Rows are those of §1.4 (fold rules), §1.5 (truth table), §1.7 (states of a write),
// §1.12 (deleted, moved, hidden) and §2.3 (faults and deeds).
func Rows() []Row {
	rows := []Row{
		{"1.4", "F0 own entry", []string{"did wrote"}},
		{"1.4", "F1 unmapped", []string{"did froze"}},
		{"1.4", "F2 fast forward", []string{"did changed"}},
		{"1.4", "F3 agreement", []string{"agreed"}},
		{"1.4", "F4 conflict, policy chose", []string{"conflict auto"}},
		{"1.4", "F4 conflict, a person is asked", []string{"conflict open"}},
		{"1.4", "F5 no history tells of it", []string{"changed by nobody known"}},
		{"1.4", "F6 intent", []string{"did intended"}},
		{"1.4", "F6 intent on a stale revision", []string{"drag stale"}},
		{"1.5", "target already there", []string{"done unsent"}},
		{"1.5", "planned and not wanted any more", []string{"op cancelled"}},
		{"1.5", "a write lands after its death", []string{"landed after its death"}},
		{"1.5", "first contact", []string{"paired"}},
		{"1.7", "planned", []string{"op planned"}},
		{"1.7", "held", []string{"op held"}},
		{"1.7", "sending", []string{"op sending"}},
		{"1.7", "acknowledged", []string{"op acked"}},
		{"1.7", "unknown", []string{"op unknown"}},
		{"1.7", "done", []string{"op done"}},
		{"1.7", "dead", []string{"op dead"}},
		{"1.7", "rejected", []string{"op rejected"}},
		{"1.7", "a commit on a card that had changed", []string{"refused stale"}},
		{"1.7", "a commit under a lease that was lost", []string{"refused fenced"}},
		{"1.8", "mirror created", []string{"mirror done", "mirror linked"}},
		{"1.8", "mirror looked up", []string{"mirror unknown"}},
		{"1.8", "mirror found by its mark", []string{"mirror adopted"}},
		{"1.8", "mirror refused", []string{"mirror rejected"}},
		{"1.12", "unreachable: 404", []string{"problem not-found"}},
		{"1.12", "deleted: 410", []string{"problem gone"}},
		{"1.12", "transferred", []string{"world transfer"}},
		{"1.12", "hidden by a security level", []string{"world hide"}},
		{"1.12", "archived", []string{"world archive"}},
		{"1.12", "parted and linked by hand", []string{"parted by hand", "linked by hand"}},
		{"1.12", "counts as deleted", []string{"did lost"}},
	}
	for _, f := range world.Faults() {
		rows = append(rows, Row{"2.3", "fault: " + f.String(), []string{"world " + f.String()}})
	}
	return rows
}

// Missing lists the rows that were not met.
func Missing(met map[string]int) []Row {
	return slices.DeleteFunc(Rows(), func(r Row) bool { return r.count(met) > 0 })
}

func (r Row) count(met map[string]int) int {
	n := 0
	for _, name := range r.Counts {
		n += met[name]
	}
	return n
}

// PrintRows writes the table of rows with how often each was met.
func PrintRows(out io.Writer, met map[string]int) {
	for _, r := range Rows() {
		fmt.Fprintf(out, "  §%-5s %-46s %d\n", r.Section, r.Name, r.count(met))
	}
	var others []string
	for name, n := range met {
		if what, of := strings.CutPrefix(name, "world "); of {
			others = append(others, fmt.Sprintf("%s %d", what, n))
		}
	}
	slices.Sort(others)
	fmt.Fprintf(out, "  world: %s\n", strings.Join(others, ", "))
}
