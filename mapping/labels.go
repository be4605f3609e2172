package mapping

import (
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// labelScale is a field of a GitHub issue that is held in labels, or in a field of
// options, for the status together with its state.
type labelScale struct {
	field     kanban.Field
	mark      string            // labelPrefix or optionPrefix
	alone     bool              // a card without Jira issue: plain open has a meaning
	family    map[string]string // every label of the field: folded → as configured
	selectors []selector        // in the order of the configuration
	wants     map[kanban.Value][]selector
	shared    owners
	known     map[kanban.Native]meaning // of the usual natives, to spare the search
}

func (s *labelScale) read(i connectors.Issue) kanban.Native {
	var l labelled
	if s.field == kanban.FieldStatus {
		l.state = issueState(i.State, i.Reason)
	}
	if s.mark == optionPrefix {
		return l.choosing(s.chosen(i)).native()
	}
	for _, name := range i.Labels {
		if s.owns(fold(name)) {
			l = l.with(fold(name))
		}
	}
	return l.native()
}

// issueState joins state and reason. A close without reason, as older issues have
// it, counts as completed.
func issueState(state, reason string) string {
	if !strings.HasPrefix(state, stateClosed) {
		return stateOpen
	}
	switch s := stateClosed + ":" + fold(reason); s {
	case stateNotPlan, stateDuplicate:
		return s
	}
	return stateCompleted
}

func (s *labelScale) meaning(n kanban.Native) ([]kanban.Value, kanban.Opinion) {
	if m, ok := s.known[n]; ok {
		return m.values, m.opinion
	}
	return s.search(n)
}

// remember searches the usual natives once and for all.
func (s *labelScale) remember() {
	known := map[kanban.Native]meaning{}
	for _, n := range s.natives() {
		values, opinion := s.search(n)
		known[n] = meaning{values, opinion}
	}
	s.known = known
}

func (s *labelScale) search(n kanban.Native) ([]kanban.Value, kanban.Opinion) {
	i := parseLabelled(n)
	unlabelled := len(i.labels) == 0 && (i.state == stateOpen || i.state == "")
	if unlabelled && !s.alone {
		return nil, kanban.Silent
	}
	best, tie := s.best(i)
	switch {
	case best == nil && unlabelled:
		return nil, kanban.Silent
	case best == nil:
		return nil, kanban.Unmapped
	case tie:
		return nil, kanban.Ambiguous
	}
	return s.shared[best.value], kanban.Says
}

// best finds the heaviest selector that matches; tie says that another value has
// one just as heavy.
func (s *labelScale) best(i labelled) (best *selector, tie bool) {
	for k := range s.selectors {
		c := &s.selectors[k]
		if !c.matches(i) {
			continue
		}
		switch {
		case best == nil || c.weight() > best.weight():
			best, tie = c, false
		case c.weight() == best.weight() && c.value != best.value:
			tie = true
		}
	}
	return best, tie
}

func (s *labelScale) targets(m kanban.Value, n kanban.Native) []kanban.Native {
	at := parseLabelled(n)
	var ts []kanban.Native
	for _, sel := range s.wants[m] {
		if t := s.target(sel, at).native(); !slices.Contains(ts, t) {
			ts = append(ts, t)
		}
	}
	return ts
}

// target is what a write makes of an issue to satisfy sel. Plain closed keeps the
// reason of an issue that is closed already, as long as it still means the same, and
// closed without an option the one that is set.
func (s *labelScale) target(sel selector, at labelled) labelled {
	t := labelled{state: sel.state, mark: sel.mark, labels: sel.labels}
	if t.state == stateClosed {
		t.state = stateCompleted
	}
	for _, kept := range s.keeping(sel, at) {
		if best, tie := s.best(kept); best != nil && !tie && best.value == sel.value {
			return kept
		}
	}
	return t
}

// keeping lists what an issue could become for sel that keeps something of what it is.
func (s *labelScale) keeping(sel selector, at labelled) []labelled {
	closed := strings.HasPrefix(sel.state, stateClosed)
	t := labelled{state: sel.state, mark: sel.mark, labels: sel.labels}
	var kept []labelled
	if sel.state == stateClosed {
		t.state = stateCompleted
		if strings.HasPrefix(at.state, stateClosed) {
			t.state = at.state
		}
		kept = append(kept, t)
	}
	if closed && s.mark == optionPrefix && len(sel.labels) == 0 && len(at.labels) > 0 {
		t.mark, t.labels = at.mark, at.labels
		kept = append([]labelled{t}, kept...)
	}
	return kept
}

func (s *labelScale) apply(n kanban.Native, changes []kanban.Change) (kanban.Native, bool) {
	at, touched := parseLabelled(n), false
	for _, c := range changes {
		switch c.Field {
		case kanban.ChangeLabel:
			if name := fold(c.To); s.owns(name) {
				at, touched = at.with(name), true
			}
			if name := fold(c.From); s.owns(name) {
				at, touched = at.without(name), true
			}
		case kanban.ChangeState:
			if s.field == kanban.FieldStatus {
				at.state, touched = changedState(c.To), true
			}
		}
	}
	return at.native(), touched
}

// owns reports whether a label is one of the field.
func (s *labelScale) owns(folded string) bool {
	_, ok := s.family[folded]
	return ok && s.mark == labelPrefix
}

// changedState normalises the state that an event names.
func changedState(to string) string {
	state, reason, _ := strings.Cut(fold(to), ":")
	return issueState(state, reason)
}

func (s *labelScale) explains(to kanban.Native, c kanban.Change) bool {
	target := parseLabelled(to)
	switch c.Field {
	case kanban.ChangeLabel:
		if c.To != "" {
			return target.mark == labelPrefix && slices.Contains(target.labels, fold(c.To))
		}
		return s.owns(fold(c.From)) && !slices.Contains(target.labels, fold(c.From))
	case kanban.ChangeState:
		return s.field == kanban.FieldStatus && changedState(c.To) == target.state
	}
	return false
}

func (s *labelScale) describe(n kanban.Native) (string, bool) {
	i := parseLabelled(n)
	var words []string
	if i.state != "" {
		state, reason, _ := strings.Cut(i.state, ":")
		if reason != "" {
			state += " as " + strings.ReplaceAll(reason, "_", " ")
		}
		words = append(words, state)
	}
	for _, l := range i.labels {
		words = append(words, s.spelled(l))
	}
	if len(words) == 0 {
		return "no " + strings.TrimSuffix(s.mark, ":"), true
	}
	return strings.Join(words, ", "), i.mark == "" || i.mark == s.mark
}

// spelled is a label as the configuration writes it.
func (s *labelScale) spelled(folded string) string {
	if name, ok := s.family[folded]; ok {
		return name
	}
	return folded
}

// natives lists every state with no label, with each label, with the labels of each
// selector and with each two neighbours of the family, to meet ties as well.
func (s *labelScale) natives() []kanban.Native {
	family := make([]string, 0, len(s.family))
	for name := range s.family {
		family = append(family, name)
	}
	slices.Sort(family)
	sets := [][]string{nil}
	for i, name := range family {
		sets = append(sets, []string{name})
		if i > 0 {
			sets = append(sets, family[i-1:i+1])
		}
	}
	for _, sel := range s.selectors {
		sets = append(sets, sel.labels)
	}
	if s.mark == optionPrefix { // an issue has one, which may be one that nothing lists
		sets = slices.DeleteFunc(sets, func(set []string) bool { return len(set) > 1 })
		sets = append(sets, []string{unlisted})
	}
	return s.combine(sets)
}

func (s *labelScale) combine(sets [][]string) []kanban.Native {
	in := []string{""}
	if s.field == kanban.FieldStatus {
		in = states()
	}
	var ns []kanban.Native
	seen := map[kanban.Native]bool{}
	for _, set := range sets {
		for _, state := range in {
			n := labelled{state: state, mark: s.mark, labels: set}.native()
			if !seen[n] {
				seen[n] = true
				ns = append(ns, n)
			}
		}
	}
	return ns
}
