package world

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// step is a single edit in a browser.
type step func(s *state) []connectors.Change

// human does what a person does on GitHub: some of it takes several single edits,
// with a pause between them.
func (g *github) human(i *issue, a author, d Deed) {
	g.proceed(i, a, g.steps(i, d), d.Slow)
}

// proceed does the first step now and the others later.
func (g *github) proceed(i *issue, a author, steps []step, slow time.Duration) {
	for n, do := range steps {
		if i.deleted() || g.locked(i.now().state) {
			return
		}
		s := i.draft()
		i.commit(s, a, open, do(s)...)
		if rest := steps[n+1:]; slow > 0 && len(rest) > 0 {
			g.w.count("dawdled")
			g.w.after(slow, func() { g.proceed(i, a, rest, slow) })
			return
		}
	}
}

func (g *github) steps(i *issue, d Deed) []step {
	switch d.Act {
	case Move:
		if l, ok := at(g.cat.looks, d.To); ok {
			return g.become(i, l)
		}
	case Sloppy:
		return g.sloppy(d.To)
	case Prioritise:
		labels, _ := at(g.cat.scale, d.To)
		return swap(i, g.cat.weights, labels)
	case Revert:
		return g.revert(i, d)
	case Agree:
		return g.agree(i, d)
	case Retitle:
		return []step{func(s *state) []connectors.Change { return retitle(s, d.To) }}
	case Assign:
		return []step{func(s *state) []connectors.Change { return enlist(s, g.w.accountOn(&g.host, d.To)) }}
	case Unassign:
		return []step{func(s *state) []connectors.Change { return dismiss(s, g.w.accountOn(&g.host, d.To)) }}
	case AddLabel:
		return g.sloppy("+" + d.To)
	case DropLabel:
		return g.sloppy("-" + d.To)
	}
	return nil
}

// at reads a number and gives the element of that place.
func at[T any](list []T, number string) (T, bool) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n >= len(list) {
		var zero T
		return zero, false
	}
	return list[n], true
}

// become makes an issue look like a column's: the other labels of the family off,
// its own on, then the state.
func (g *github) become(i *issue, l look) []step {
	return append(swap(i, g.cat.family, l.labels), func(s *state) []connectors.Change { return g.restate(s, l.state, l.reason) })
}

// swap takes a family's labels off and puts others on.
func swap(i *issue, family, to []string) []step {
	var out []step
	for _, l := range i.now().labels {
		if slices.ContainsFunc(family, sameLabel(l)) && !slices.ContainsFunc(to, sameLabel(l)) {
			out = append(out, func(s *state) []connectors.Change { return unlabel(s, l) })
		}
	}
	for _, l := range to {
		out = append(out, func(s *state) []connectors.Change { return label(s, l) })
	}
	return out
}

// sloppy is one edit alone.
func (g *github) sloppy(to string) []step {
	name := strings.TrimLeft(to, "+-")
	switch {
	case strings.HasPrefix(to, "+"):
		return []step{func(s *state) []connectors.Change { return label(s, name) }}
	case strings.HasPrefix(to, "-"):
		return []step{func(s *state) []connectors.Change { return unlabel(s, name) }}
	}
	word, reason, _ := strings.Cut(to, ":")
	return []step{func(s *state) []connectors.Change { return g.restate(s, word, reason) }}
}

// revert undoes the last single edit.
func (g *github) revert(i *issue, _ Deed) []step {
	for _, e := range slices.Backward(i.truth.Edits) {
		switch {
		case e.Field == "label" && e.To != "":
			return g.sloppy("-" + e.To)
		case e.Field == "label":
			return g.sloppy("+" + e.From)
		case e.Field == "state":
			return g.sloppy(e.From)
		}
	}
	return nil
}
