package view

import (
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// FilterError says that a filter has a value that nothing can ever have. What people are
// called, epics, projects and searches are never refused: whether there is such a one is not
// told to everybody.
type FilterError struct {
	Key    string   // as an address names the filter
	Value  string   // shortened
	Values []string // that it can have
	Reason string   // instead of Values, where they cannot be listed
}

// Error names the values that can be.
func (e *FilterError) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("%s: %q %s", e.Key, e.Value, e.Reason)
	}
	return fmt.Sprintf("%s: there is no %q; there are %s", e.Key, e.Value, strings.Join(e.Values, ", "))
}

// longest is how much of a value is repeated to whoever sent it.
const longest = 40

// vet gives the first filter whose value cannot be.
func (v *Sight) vet(q Query) error {
	layout := v.rules().Layout()
	columns, priorities := []string{ColumnUnmapped}, []string{None}
	for _, c := range layout.Columns {
		columns = append(columns, string(c.Key))
	}
	for _, p := range layout.Priorities {
		priorities = append(priorities, string(p.Key))
	}
	return firstBad([]filtered{
		{"unit", q.Unit, v.unitKeys()},
		{"turn", q.Turn, parties()},
		{"priority", q.Priority, priorities},
		{"class", q.Class, classes()},
		{"age", q.Age, append(bands(), AgeOlder)},
		{"planned", q.Planned, []string{"yes", "no"}},
		{"stage", q.Stage, []string{StageWork}},
		{"state", q.State, []string{StateBlocked, StateSaving, StateLook}},
		{"column", q.Column, columns},
		{"group", q.Lanes, []string{LanesUnit, LanesClass, LanesAssignee, LanesEpic}},
	})
}

// vetFlow is vet for what flow is measured of. The date of a forecast has to lie ahead, and
// no further than one is made.
func (v *Sight) vetFlow(q FlowQuery) error {
	today := calendar.Of(v.Now(), v.zone())
	if err := firstBad([]filtered{{"unit", q.Unit, v.unitKeys()}, {"class", q.Class, classes()}}); err != nil {
		return err
	}
	if err := vetSpan(q, today); err != nil || q.By == "" {
		return err
	}
	if by, err := calendar.Parse(q.By); err != nil || by <= today || by > today+FlowAhead {
		return &FilterError{Key: "by", Value: clippedTo(q.By, longest), Reason: fmt.Sprintf("is no day from %s to %s, for which a forecast is made", today+1, today+FlowAhead)}
	}
	return nil
}

// vetSpan refuses days that are none, that have not come, and more than FlowDaysMost.
func vetSpan(q FlowQuery, today calendar.Day) error {
	bad := func(key, value, reason string, args ...any) error {
		return &FilterError{Key: key, Value: clippedTo(value, longest), Reason: fmt.Sprintf(reason, args...)}
	}
	to := today
	if q.To != "" {
		var err error
		switch to, err = calendar.Parse(q.To); {
		case err != nil:
			return bad("to", q.To, "is no date; write it as %s", today)
		case to > today:
			return bad("to", q.To, "has not come yet; the last day is %s", today)
		}
	}
	if q.From == "" {
		return nil
	}
	switch from, err := calendar.Parse(q.From); {
	case err != nil:
		return bad("from", q.From, "is no date; write it as %s", to-FlowDays+1)
	case from > to:
		return bad("from", q.From, "lies after the last day, %s", to)
	case from <= to-FlowDaysMost:
		return bad("from", q.From, "lies more than %d days before %s; the first day is %s", FlowDaysMost, to, to-FlowDaysMost+1)
	}
	return nil
}

// vetList is vet for the cards behind a number. What people, teams, epics and reasons are
// called is never refused.
func (v *Sight) vetList(l FlowList) error {
	layout := v.rules().Layout()
	columns := []string{None}
	for _, c := range layout.Columns {
		columns = append(columns, string(c.Key))
	}
	err := firstBad([]filtered{
		{"list", l.List, lists()}, {"of-unit", l.Unit, v.unitKeys()}, {"planned", l.Plan, []string{"yes", "no"}}, {"column", l.Column, columns},
		{"band", l.Band, append(bands(), None)}, {"party", l.Party, parties()},
	})
	if err != nil || l.Week == "" {
		return err
	}
	monday, err := calendar.Parse(l.Week)
	switch {
	case err != nil:
		return &FilterError{Key: "week", Value: clippedTo(l.Week, longest), Reason: "is no date; write the Monday of the week, as 2026-11-16"}
	case monday != monday.Monday():
		return &FilterError{Key: "week", Value: l.Week, Reason: fmt.Sprintf("is no Monday; that of its week is %s", monday.Monday())}
	}
	return nil
}

// vetType refuses a work type that no card has.
func (f *Flow) vetType(q FlowQuery) error {
	if q.Type == "" || q.Type == None {
		return nil
	}
	if slices.ContainsFunc(f.Items, func(i flow.Item) bool { return i.Type == q.Type }) {
		return nil
	}
	types := counts[string]{}
	for n := range f.Items {
		types.add(f.Items[n].Type, 1)
	}
	return firstBad([]filtered{{"type", q.Type, append(namesOf(types), None)}})
}

// VetGroup says why no conflicts are chosen by a field and a side, where "" is any: there is
// no such one. The error is a *FilterError.
func VetGroup(field, side string) error {
	fields := []kanban.Field{kanban.FieldStatus, kanban.FieldPriority, kanban.FieldTitle, kanban.FieldDue, kanban.FieldLabels, kanban.FieldAssignees}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return firstBad([]filtered{{"field", field, names}, {"side", side, []string{kanban.Jira.String(), kanban.GitHub.String(), "board", AnySide}}})
}

// filtered is a filter as it is asked for, and what it can be.
type filtered struct {
	key, value string
	values     []string
}

func firstBad(all []filtered) error {
	for _, f := range all {
		if f.value != "" && !slices.Contains(f.values, f.value) {
			return &FilterError{Key: f.key, Value: clippedTo(f.value, longest), Values: f.values}
		}
	}
	return nil
}

func (v *Views) unitKeys() (keys []string) {
	for _, u := range v.units() {
		keys = append(keys, u.Key)
	}
	return keys
}

func parties() []string {
	return []string{string(kanban.Business), string(kanban.IT), string(kanban.Third), string(kanban.Nobody)}
}

func bands() []string {
	return []string{string(kanban.BandCalm), string(kanban.BandWatch), string(kanban.BandRisk), string(kanban.BandLate)}
}
