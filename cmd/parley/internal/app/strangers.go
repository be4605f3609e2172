package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store/open"
)

// Strangers tells whose assignments are not carried because no [[person]] says who they
// are on the other side, as far as the store knows. Where nothing is stored yet, or the
// store is on a server, on which a look would set it up, it tells nothing.
func Strangers(ctx context.Context, o Options, rules *mapping.Rules) ([]mapping.Problem, error) {
	path, file := o.Config.StorePath()
	first := slices.IndexFunc(rules.Pairs(), carriesAssignees)
	if !file || first < 0 {
		return nil, nil
	}
	if _, err := os.Stat(path); err != nil {
		return nil, nil // nothing was read yet, so that nobody is known
	}
	db, err := open.Open(ctx, o.Config.Store.URL)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // nothing was written
	var met [2][]connectors.Person
	a := &App{Options: o, Store: db}
	if err := a.eachCard(ctx, func(c engine.Card) { meet(&met, rules, &c) }); err != nil {
		return nil, err
	}
	return unknownPeople(rules, rules.Pairs()[first].Index, met), nil
}

func carriesAssignees(rule mapping.PairRule) bool {
	return rule.Direction(kanban.FieldAssignees) != mapping.DirectionOff
}

// meet notes who is assigned on a card whose rule carries that.
func meet(met *[2][]connectors.Person, rules *mapping.Rules, c *engine.Card) {
	if !c.Paired() {
		return
	}
	rule, ok := rules.Pair(c.Sides[kanban.Jira].Issue.Container, c.Sides[kanban.GitHub].Issue.Container)
	if !ok || !carriesAssignees(rule) {
		return
	}
	for _, s := range kanban.Sides {
		met[s] = append(met[s], c.Sides[s].Issue.Assignees...)
	}
}

// unknownPeople is a warning for each side on which people are met that nobody names,
// told at the first rule that carries assignees.
func unknownPeople(rules *mapping.Rules, index int, met [2][]connectors.Person) []mapping.Problem {
	var out []mapping.Problem
	names := [2]string{"Jira", "GitHub"}
	for _, s := range kanban.Sides {
		strangers := rules.Strangers(s, met[s])
		if len(strangers) == 0 {
			continue
		}
		out = append(out, mapping.Problem{
			Path: fmt.Sprintf("pair[%d].fields", index), Severity: mapping.Warning,
			Message: fmt.Sprintf("assigned in %s and in no [[person]], so that nobody is assigned for them in %s: %s", names[s], names[s.Other()], listed(strangers)),
			Fix:     "write a [[person]] with both accounts for each who has one on both sides",
		})
	}
	return out
}

// shownStrangers is how many are named; the rest is counted.
const shownStrangers = 10

func listed(people []connectors.Person) string {
	var names []string
	for _, p := range people[:min(len(people), shownStrangers)] {
		if p.Name != "" && p.Name != p.ID {
			names = append(names, fmt.Sprintf("%s (%s)", p.Name, p.ID))
		} else {
			names = append(names, p.ID)
		}
	}
	if more := len(people) - shownStrangers; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
