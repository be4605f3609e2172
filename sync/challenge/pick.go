package challenge

import (
	"cmp"
	"slices"
)

// ToAnswer is the question of a card that an answer is about which names none: the one that the
// card waits for, else the next that nobody has answered, else one that is answered already and
// not concluded; ok is false where there is none. Of several it is the one that was asked first.
func ToAnswer(all []Question) (q Question, ok bool) { return pick(all, Open, Waiting, Answered) }

// ToConclude is likewise the question that is concluded: one that is answered, else one that is
// not.
func ToConclude(all []Question) (q Question, ok bool) { return pick(all, Answered, Open, Waiting) }

// pick is the first question at the first stage that there is one at.
func pick(all []Question, stages ...Stage) (Question, bool) {
	all = slices.SortedStableFunc(slices.Values(all), Question.asked)
	for _, stage := range stages {
		if at := slices.IndexFunc(all, func(q Question) bool { return q.Stage() == stage }); at >= 0 {
			return all[at], true
		}
	}
	return Question{}, false
}

// asked orders questions by when they were asked.
func (q Question) asked(o Question) int {
	return cmp.Or(q.Asked.At.Compare(o.Asked.At), cmp.Compare(q.ID, o.ID))
}
