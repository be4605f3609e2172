package mapping

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
)

// The words that selectors and native values are written with.
const (
	plus          = " + "
	labelPrefix   = "label:"
	optionPrefix  = "option:"
	resolutionTag = "resolution:"
	samePrefix    = "same:"

	stateOpen      = "open"
	stateClosed    = "closed" // in selectors only: closed for whatever reason
	stateCompleted = "closed:completed"
	stateNotPlan   = "closed:not_planned"
	stateDuplicate = "closed:duplicate"
)

// states lists what an issue can be, and selectorStates what a selector may ask.
func states() []string { return []string{stateOpen, stateCompleted, stateNotPlan, stateDuplicate} }

func selectorStates() []string { return append([]string{stateClosed}, states()...) }

// selector is one entry of a github list: a state and labels that must be there, or an
// option. For priorities the state is empty and matches all.
type selector struct {
	value  kanban.Value
	path   string
	state  string
	mark   string   // what the labels are: labelPrefix or optionPrefix; "" where there are none
	labels []string // folded, sorted
}

// parseSelector reads a GitHub selector; spelling gives every label as written.
func parseSelector(text string, f kanban.Field) (s selector, spelling []string, err error) {
	parts := strings.Split(text, plus)
	if f == kanban.FieldStatus {
		s.state = fold(parts[0])
		if !slices.Contains(selectorStates(), s.state) {
			return s, nil, fmt.Errorf("%s does not begin with open, closed or closed:REASON", quote(text))
		}
		parts = parts[1:]
	}
	for _, part := range parts {
		mark, name := marked(strings.TrimSpace(part))
		switch name = strings.TrimSpace(name); {
		case name == "":
			return s, nil, fmt.Errorf("%s in %s is not label:NAME or option:NAME", quote(part), quote(text))
		case mark == optionPrefix && len(s.labels) > 0 || s.mark != "" && mark != s.mark:
			return s, nil, fmt.Errorf("%s asks for more than an issue can have: one option, or labels", quote(text))
		}
		s.mark = mark
		if !slices.Contains(s.labels, fold(name)) {
			s.labels, spelling = append(s.labels, fold(name)), append(spelling, name)
		}
	}
	slices.Sort(s.labels)
	return s, spelling, nil
}

// marked takes what a part of a selector or of a native is off its name, "" where it is
// neither a label nor an option.
func marked(part string) (mark, name string) {
	for _, mark := range []string{labelPrefix, optionPrefix} {
		if name, ok := strings.CutPrefix(part, mark); ok {
			return mark, name
		}
	}
	return "", ""
}

// matches reports whether an issue in this state with these family labels is meant. Plain
// open is not meant by an option, which nobody sets to say nothing.
func (s selector) matches(i labelled) bool {
	if !s.admits(i.state) || i.mark == optionPrefix && s.state == stateOpen && len(s.labels) == 0 {
		return false
	}
	for _, l := range s.labels {
		if !slices.Contains(i.labels, l) {
			return false
		}
	}
	return true
}

func (s selector) admits(state string) bool {
	return s.state == "" || s.state == state ||
		s.state == stateClosed && strings.HasPrefix(state, stateClosed)
}

// weight orders matching selectors: most labels win, then a given close reason
// beats plain closed.
func (s selector) weight() int {
	w := 2 * len(s.labels)
	if s.state != stateClosed {
		w++
	}
	return w
}

// same reports whether two selectors ask for exactly the same.
func (s selector) same(o selector) bool {
	return s.state == o.state && slices.Equal(s.labels, o.labels)
}

// labelled is a GitHub native value taken apart.
type labelled struct {
	state  string   // "" for priorities
	mark   string   // labelPrefix or optionPrefix; "" where there are no labels
	labels []string // folded, sorted, of the family only; or one option
}

func parseLabelled(n kanban.Native) (l labelled) {
	for part := range strings.SplitSeq(string(n), plus) {
		if mark, name := marked(part); mark != "" {
			l.mark, l.labels = mark, append(l.labels, name)
		} else {
			l.state = part
		}
	}
	return l
}

func (l labelled) native() kanban.Native {
	var parts []string
	if l.state != "" {
		parts = append(parts, l.state)
	}
	for _, name := range l.labels {
		parts = append(parts, l.mark+name)
	}
	return kanban.Native(strings.Join(parts, plus))
}

// with and without return l after one label was added or removed.
func (l labelled) with(name string) labelled {
	if at, found := slices.BinarySearch(l.labels, name); !found {
		l.mark, l.labels = labelPrefix, slices.Insert(slices.Clone(l.labels), at, name)
	}
	return l
}

func (l labelled) without(name string) labelled {
	if at, found := slices.BinarySearch(l.labels, name); found {
		l.labels = slices.Delete(slices.Clone(l.labels), at, at+1)
	}
	if len(l.labels) == 0 {
		l.mark = ""
	}
	return l
}
