package mapping

import (
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// Steps lists the single requests that bring a field from one native value to
// another, in the order in which they are sent; only their actions are set. A
// GitHub issue first gets its new labels, then loses the family's others, then
// changes state, so that it is never without a label in between. An option is set after
// the state: what a project does by itself on closing comes before it. A Jira status has
// none here: its way is found from the transitions that Jira offers, see JiraTarget.
// Everything else is one request. The label of an element is in lower case; Spelled
// gives it the letters that stand in the issues.
func (r *Rules) Steps(side kanban.Side, f kanban.Field, from, to kanban.Native) []connectors.Write {
	if from == to {
		return nil
	}
	for _, s := range r.ofSide(side, f) {
		if l, ok := s.(*labelScale); !ok || l.speaks(from) && l.speaks(to) {
			return s.steps(from, to)
		}
	}
	return nil
}

// Spelled gives the label that a step takes off the spelling it has in the issue it
// is taken off, and the one it puts on that of the issue's twin. Jira's labels are
// told apart by their letters, and nobody wants "Q3 Audit" as "q3 audit".
func Spelled(w connectors.Write, at connectors.Issue, twin *connectors.Issue) connectors.Write {
	w.RemoveLabel = spelledIn(w.RemoveLabel, at.Labels)
	if twin != nil {
		w.AddLabel = spelledIn(w.AddLabel, twin.Labels)
	}
	return w
}

// spelledIn finds a label among others in any letters, itself where it is not there.
func spelledIn(label string, among []string) string {
	if at := slices.IndexFunc(among, func(l string) bool { return fold(l) == fold(label) }); label != "" && at >= 0 {
		return among[at]
	}
	return label
}

// steps of an option are one request for a priority. None is no value to write.
func (s *optionScale) steps(_, to kanban.Native) []connectors.Write {
	if s.field != kanban.FieldPriority || to == "" {
		return nil
	}
	return []connectors.Write{{Priority: string(to)}}
}

func (s *labelScale) steps(from, to kanban.Native) []connectors.Write {
	at, want := parseLabelled(from), parseLabelled(to)
	if s.mark == optionPrefix {
		return s.choices(at, want)
	}
	ws := exchange(at.labels, want.labels, s.spelled)
	if at.state != want.state {
		ws = append(ws, stateStep(want.state))
	}
	return ws
}

// exchange puts on the labels that are missing, then takes off the others.
func exchange(from, to []string, spelled func(string) string) []connectors.Write {
	var ws []connectors.Write
	for _, l := range missing(to, from) {
		ws = append(ws, connectors.Write{AddLabel: spelled(l)})
	}
	for _, l := range missing(from, to) {
		ws = append(ws, connectors.Write{RemoveLabel: spelled(l)})
	}
	return ws
}

func stateStep(to string) connectors.Write {
	if to == stateOpen {
		return connectors.Write{State: stateOpen, Reason: "reopened"}
	}
	_, reason, _ := strings.Cut(to, ":")
	return connectors.Write{State: stateClosed, Reason: reason}
}

// missing lists what is in want and not in have.
func missing(want, have []string) []string {
	in := make(map[string]bool, len(have))
	for _, h := range have {
		in[h] = true
	}
	var out []string
	for _, w := range want {
		if !in[w] {
			out = append(out, w)
		}
	}
	return out
}

// JiraTarget takes a Jira status apart into what a transition must lead to: the id
// of the status and, where the configuration asks for one, the resolution to set, as
// configured.
func (r *Rules) JiraTarget(n kanban.Native) (statusID, resolution string) {
	o := parseOption(n)
	if o.resolution == "" {
		return o.id, ""
	}
	for _, scales := range r.jira {
		if s, ok := scales[kanban.FieldStatus].(*optionScale); ok {
			return o.id, s.resolution(o.resolution)
		}
	}
	return o.id, o.resolution
}
