package mapping

import (
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// Steps lists the single requests that bring a field from one native value to
// another, in the order in which they are sent; only their actions are set. A
// GitHub issue first gets its new labels, then loses the family's others, then
// changes state, so that it is never without a label in between. A Jira priority is
// one request. A Jira status has none here: its way is found from the transitions
// that Jira offers, see JiraTarget.
func (r *Rules) Steps(side kanban.Side, f kanban.Field, from, to kanban.Native) []connectors.Write {
	switch {
	case from == to:
		return nil
	case side == kanban.GitHub:
		return r.labelSteps(f, parseLabelled(from), parseLabelled(to))
	case f == kanban.FieldPriority && to != "":
		return []connectors.Write{{Priority: string(to)}}
	}
	return nil
}

func (r *Rules) labelSteps(f kanban.Field, from, to labelled) []connectors.Write {
	s, ok := r.paired[f].(*labelScale)
	if !ok {
		return nil
	}
	var ws []connectors.Write
	for _, l := range missing(to.labels, from.labels) {
		ws = append(ws, connectors.Write{AddLabel: s.spelled(l)})
	}
	for _, l := range missing(from.labels, to.labels) {
		ws = append(ws, connectors.Write{RemoveLabel: s.spelled(l)})
	}
	if from.state != to.state {
		ws = append(ws, stateStep(to.state))
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
