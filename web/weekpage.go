package web

import (
	"cmp"
	"slices"

	"parley/kanban"
	"parley/sync/view"
)

// weekView is one week of a contract that is over.
type weekView struct {
	view.ContractPeriod

	Earlier, Later string // weeks beside it, "" where there is none to be shown
}

// Chosen is the week that the page is about, nil where it is the present one.
func (d contractData) Chosen() *weekView {
	all := d.Statements()
	i := slices.IndexFunc(all, func(p view.ContractPeriod) bool { return p.Period == d.week })
	if i < 1 {
		return nil
	}
	w := weekView{ContractPeriod: all[i], Later: all[i-1].Period}
	if i+1 < len(all) {
		w.Earlier = all[i+1].Period
	}
	return &w
}

// Before is the week before the present one, "" where there is none.
func (d contractData) Before() string {
	if all := d.Statements(); len(all) > 1 {
		return all[1].Period
	}
	return ""
}

// knows reports whether there is a week of that name to be shown.
func (d contractData) knows(week string) bool {
	return week == "" || slices.ContainsFunc(d.Statements(), func(p view.ContractPeriod) bool { return p.Period == week })
}

// weekSide is what a side promised for one week.
type weekSide struct {
	Party    kanban.Party
	Name     string
	Promised []view.Promised // by promise
}

// InWeek is what both sides promised for the chosen week, IT first.
func (d contractData) InWeek() []weekSide {
	out := []weekSide{{Party: kanban.IT, Name: "IT"}, {Party: kanban.Business, Name: d.C.Name}}
	for i := range out {
		for _, v := range d.C.Verdicts {
			if v.By == out[i].Party && v.Period == d.week {
				out[i].Promised = append(out[i].Promised, v)
			}
		}
		slices.SortStableFunc(out[i].Promised, func(a, b view.Promised) int { return cmp.Compare(a.Promise, b.Promise) })
	}
	return out
}
