package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// act is one thing that somebody did in one tracker.
type act struct {
	at time.Time
	do func(*teller, time.Time) error
}

// teller tells stories to the trackers.
type teller struct {
	jira  *jirasim.Site
	hub   *githubsim.Hub
	now   time.Time
	epics map[string]string // keys by name
	asked int               // requests so far
}

// tell performs the stories of everybody in the order in which things happened, so
// that keys and numbers ascend with time.
func (t *teller) tell(rng *rand.Rand, stories []*story) error {
	var acts []act
	for _, s := range stories {
		acts = append(acts, script(rng, s)...)
	}
	slices.SortStableFunc(acts, func(a, b act) int { return a.at.Compare(b.at) })
	for _, a := range acts {
		if err := a.do(t, a.at); err != nil {
			return fmt.Errorf("tell the company's history: %s: %w", a.at.Format(time.DateTime), err)
		}
	}
	return nil
}

// openProgrammes creates the epics, before everything else.
func (t *teller) openProgrammes() error {
	t.epics = map[string]string{}
	for _, unit := range []string{trading, risk, finance} {
		for _, name := range epics(unit) {
			at := t.now.AddDate(-1, 0, len(t.epics))
			e, err := t.jira.At(at).Create("acme:priya", jirasim.NewIssue{Project: programmeProject, Type: "Epic", Summary: name, Priority: medium})
			if err != nil {
				return fmt.Errorf("open programme %q: %w", name, err)
			}
			t.epics[name] = e.Key
		}
	}
	return nil
}

// script is all that is done for one story.
func script(rng *rand.Rand, s *story) []act {
	var acts []act
	then := func(at time.Time, do func(*teller, time.Time) error) { acts = append(acts, act{at, do}) }
	first := s.steps[0].at
	if s.jira {
		then(first, func(t *teller, at time.Time) error { return t.ask(at, s) })
	} else {
		then(first, func(t *teller, at time.Time) error { return t.open(at, s, requests) })
	}
	for i := 1; i < len(s.steps); i++ {
		from, to, at := s.steps[i-1].stage, s.steps[i].stage, s.steps[i].at
		later := at.Add(time.Duration(20+rng.IntN(160)) * time.Second)
		if i == 1 && s.lowered {
			then(at.Add(-8*time.Minute), func(t *teller, at time.Time) error { return t.lower(at, s) })
		}
		if s.jira {
			then(at, func(t *teller, at time.Time) error { return t.advance(at, s, from, to) })
		}
		switch {
		case s.jira && s.hub && i == 1:
			then(later, func(t *teller, at time.Time) error { return t.twin(at, s, to) })
		case s.hub:
			then(later, func(t *teller, at time.Time) error { return t.show(at, s, to) })
		}
		if to == doing && s.hub && s.remark != "" {
			then(later.Add(7*time.Minute), func(t *teller, at time.Time) error { return t.note(at, s) })
		}
	}
	return acts
}
