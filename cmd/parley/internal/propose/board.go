package propose

import (
	"fmt"
	"strings"

	"parley/connectors"
)

// A board's fields of these names are what GitHub's own templates call them.
const (
	statusField   = "Status"
	priorityField = "Priority"
)

// chooseBoard finds whether a project holds the status: where no label says it, and just
// one project that can be written to has options that say where work is.
func (m *maker) chooseBoard() {
	if m.GitHub == nil {
		return
	}
	var usable []*connectors.Board
	for i := range m.GitHub.Boards {
		b := &m.GitHub.Boards[i]
		if f := fieldOf(b, statusField); b.Writable && f != nil && m.tellsWork(f.Options) {
			usable = append(usable, b)
		}
	}
	labelled := false
	for _, l := range m.known() {
		_, _, family := m.labelWord(l.name)
		labelled = labelled || family
	}
	if len(usable) == 1 && !labelled {
		m.takeBoard(usable[0])
		return
	}
	for _, b := range usable {
		m.open(fmt.Sprintf("the project %s (%s) has a field Status; the status is taken from labels", plainly(b.Name), Quote(short(b.Title))),
			`status = "project"`, "project = "+Quote(b.Name)+`   # in [[github]], and "open + option:NAME" in the columns`)
	}
}

// tellsWork reports whether options name something that is under way, and one thing more.
func (m *maker) tellsWork(options []string) bool {
	busy, known := false, 0
	for _, o := range options {
		w, ok := m.words[normal(o)]
		if ok && writable(o) {
			known++
			busy = busy || w.slot == doing || w.slot == review
		}
	}
	return busy && known > 1
}

func fieldOf(b *connectors.Board, name string) *connectors.OptionField {
	for i := range b.Fields {
		if strings.EqualFold(b.Fields[i].Name, name) {
			return &b.Fields[i]
		}
	}
	return nil
}

func (m *maker) takeBoard(b *connectors.Board) {
	m.board = b
	field := fieldOf(b, statusField)
	m.out.StatusIn, m.out.StatusField = b.Name, field.Name
	seen := map[string]bool{}
	for _, o := range field.Options {
		w, ok := m.words[normal(o)]
		switch {
		case seen[fold(o)]:
		case !ok || !writable(o):
			m.open(fmt.Sprintf("the option %s of the project %s has no name that is known", Quote(short(o)), plainly(b.Name)),
				"github = ["+Quote("open + option:"+strings.TrimSpace(o))+"]   # into one of the columns")
		default:
			c := m.column(w.slot)
			c.GitHub = append(c.GitHub, Item{"open + option:" + strings.TrimSpace(o), "by the option's name", Sure})
		}
		seen[fold(o)] = true
	}
	if f := fieldOf(b, priorityField); f != nil {
		if found, rest := level(f.Options); len(rest) == 0 && len(found) > 1 && allWritable(f.Options) {
			m.out.PriorityIn, m.out.PriorityField = b.Name, f.Name
		}
	}
}

func allWritable(names []string) bool {
	seen := map[string]bool{}
	for _, n := range names {
		if !writable(n) || seen[fold(n)] {
			return false
		}
		seen[fold(n)] = true
	}
	return true
}

// boardPriorities puts the options of the board's field into the scale.
func (m *maker) boardPriorities(scale []Priority) {
	found, _ := level(fieldOf(m.board, priorityField).Options)
	for _, l := range found {
		p := &scale[l.level]
		p.GitHub = append(p.GitHub, Item{"option:" + strings.TrimSpace(l.name), l.why, l.sure})
	}
	for i := range scale {
		if p := &scale[i]; len(p.Jira) == 0 && len(p.GitHub) > 0 && m.Jira != nil {
			p.Jira = m.nearest(scale, i)
		}
	}
}
