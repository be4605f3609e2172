package view

import (
	"fmt"
	"strings"

	"parley/kanban/calendar"
	"parley/kanban/flow"
)

// outlook is by when so many cards are finished.
type outlook struct {
	when    []When
	refused string // why there is no date at all
	beyond  string // why the surer ones are missing
	far     bool   // what is missing lies beyond the horizon, and was not left out for its cost
}

// line is the date that is as sure as so many percent.
func (o outlook) line(percent int) (date string, ok bool) {
	for _, w := range o.when {
		if w.Percent == percent {
			return w.Date, true
		}
	}
	return "", false
}

// outlook says by when so many cards are finished.
func (s *flowSet) outlook(sample flow.Sample, items int) outlook {
	sum := 0
	for _, n := range sample {
		sum += n
	}
	// By Markov's inequality the chance of reaching n is no more than the mean over n: where
	// that is below one half at the horizon, there is no need to count.
	if 2*sum*flow.Horizon < items*len(sample) {
		return outlook{when: []When{}, refused: flow.ErrTooFar.Error(), far: true}
	}
	if cost(sample, items) > mostWork {
		return outlook{when: []When{}, refused: tooDear}
	}
	lines, err := sample.When(items)
	if err != nil {
		return outlook{when: []When{}, refused: err.Error(), far: true}
	}
	out := outlook{when: []When{}}
	var missing []string
	for _, p := range flow.Percents() {
		days, ok := lines[p]
		if !ok {
			missing = append(missing, fmt.Sprintf("%d %%", p))
			continue
		}
		out.when = append(out.when, When{Percent: p, Days: days, Date: (s.Clock.Today() + calendar.Day(days)).String()})
	}
	if len(missing) > 0 {
		out.far, out.beyond = true, "with "+strings.Join(missing, ", ")+" certainty "+flow.ErrTooFar.Error()
	}
	return out
}

// dueVerdict holds a due date against an outlook, for cards of which some are open. Where no
// date was counted, and the due date is still to come, nothing is said.
func dueVerdict(due calendar.Day, today calendar.Day, o outlook) (late, inTime bool) {
	if due < today {
		return true, false
	}
	if date, ok := o.line(sureEnough); ok {
		return date > due.String(), date <= due.String()
	}
	return o.far && due <= today+flow.Horizon, false
}

// sureEnough is the certainty in percent with which a promise counts as kept.
const sureEnough = 85
