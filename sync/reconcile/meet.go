package reconcile

import (
	"slices"
	"time"

	"parley/kanban"
)

// Meet takes in a side that was not known before: the first contact with an
// issue, or the twin that a card was paired with. Nothing was agreed between the
// sides yet, so where they say different things there is no telling who changed
// what, and a person is asked. Nothing is ever written because of a first contact. Where
// no history came along, what it tells up to that time is part of the native all the same.
func (m Machine) Meet(s State, side kanban.Side, native kanban.Native, seq int64, at time.Time) (State, []Outcome) {
	sd := &s.Sides[side]
	*sd = SideState{Known: true, Native: native, Seq: seq}
	if seq == 0 {
		sd.Ahead = at
	}
	value, opinion := m.Lens.Back(side, m.Field, native, s.Agreed)
	edit := Edit{Side: side.String(), Value: value, Native: native, At: at, Met: true}
	if f := freezeOf(opinion); f != Thawed {
		sd.Seen = s.Version
		return s, m.freeze(&s, side, edit, f)
	}
	if !s.Sides[side.Other()].Known {
		m.alone(&s, side, edit, opinion)
		return s, nil
	}
	return s, m.meet(&s, side, edit, opinion)
}

// Adopt takes in a side whose issue Parley itself has created to be the twin: it has
// seen nothing of what was agreed, so that it is told. The native is a state read
// before its history; a person may have been quick.
func (m Machine) Adopt(s State, side kanban.Side, native kanban.Native, at time.Time) State {
	s.Sides[side] = SideState{Known: true, Native: native, Ahead: at, Ours: true}
	m.thaw(&s)
	return s
}

// Marry takes in a side from another card that still owes it its own agreed value: a
// change from the board that has not arrived. Its word meets the one of this card, and
// not what the tracker still shows.
func (m Machine) Marry(s State, side kanban.Side, theirs State) (State, []Outcome) {
	other := side.Other()
	edit, rest := standing(theirs), standing(s)
	shown, opinion := m.Lens.Back(other, m.Field, s.Sides[other].Native, edit.Value)
	owed := m.owed(s, other)
	if !owed {
		rest = Edit{Side: other.String(), Value: shown, Native: s.Sides[other].Native, At: s.At}
	}
	s.Sides[side] = theirs.Sides[side]
	same := s.Agreed == edit.Value || !owed && opinion == kanban.Says && shown == edit.Value
	if !same && (owed || opinion != kanban.Silent) && s.Agreed != "" {
		return s, m.part(&s, side, edit, rest)
	}
	frozen := s.Frozen
	m.agree(&s, edit.Value, edit)
	s.Frozen = frozen
	s.Sides[side].Seen = s.Version - 1
	if owed {
		s.Sides[other].Seen = s.Version - 1
	}
	return s, nil
}

// Inherit takes in what the board asked of an issue by a card of its own, before the issue
// took the place of the one that stood on this side. Whoever asked saw what the issue shows:
// where that is the agreed value they change it (F6), else the two changes meet (F4), and so
// do two words of the board, of which the issue showed the older one before either was said.
// A field that is left alone stays so, and their word is on record.
func (m Machine) Inherit(s State, side kanban.Side, theirs State) (State, []Outcome) {
	edit, asked := word(theirs)
	switch {
	case !asked || edit.Value == s.Agreed:
		return s, nil
	case s.Frozen != Thawed:
		return s, m.shelve(s, side, edit)
	case s.Agreed == "" || m.shows(s, side) && (standing(s).Side != SideBoard || s.Sides[side].Seen == s.Version):
		return m.Intend(s, edit.Value, edit.Actor, edit.Source, edit.At)
	}
	was := s.Version
	out := m.clash(&s, side, edit)
	if s.Version != was { // the board's word stands in no tracker yet
		s.Sides[side].Seen = s.Version - 1
	}
	return s, out
}

// word is the last that the board has asked for of those that stand behind the agreed value.
func word(s State) (edit Edit, asked bool) {
	for _, e := range slices.Backward(s.Support) {
		if e.Side == SideBoard && e.Source != "" {
			e.Value = s.Agreed
			return e, true
		}
	}
	return Edit{}, false
}

// alone takes a side's own value as the agreed one.
func (m Machine) alone(s *State, side kanban.Side, edit Edit, opinion kanban.Opinion) {
	if opinion == kanban.Says {
		m.agree(s, edit.Value, edit)
	}
	s.Sides[side].Seen = s.Version
}

// meet compares a new side with the one that was there.
func (m Machine) meet(s *State, side kanban.Side, edit Edit, opinion kanban.Opinion) []Outcome {
	other := side.Other()
	theirs, otherOpinion := m.Lens.Back(other, m.Field, s.Sides[other].Native, s.Agreed)
	if m.owed(*s, other) {
		return m.meetOwed(s, side, edit, opinion)
	}
	s.Sides[side].Seen = s.Version
	switch {
	case freezeOf(otherOpinion) != Thawed: // the other side cannot be translated: it stays frozen as it is
		if frozen := s.Frozen; s.Agreed == "" && opinion == kanban.Says {
			m.agree(s, edit.Value, edit)
			s.Frozen = frozen
		}
		return nil
	case opinion == kanban.Silent && otherOpinion == kanban.Silent:
		s.Agreed, s.Support = "", nil // what a GitHub issue meant alone, it does not mean beside a twin
		return nil
	case opinion == kanban.Silent:
		return nil
	case otherOpinion == kanban.Silent:
		m.agree(s, edit.Value, edit)
		return nil
	}
	if common, ok := m.common(*s, side, edit, theirs); ok {
		m.agree(s, common, edit)
		return nil
	}
	return m.differ(s, side, edit, theirs)
}

// meetOwed compares a new side with an agreed value that the other side was not told
// yet: what that side still shows is nobody's wish any more.
func (m Machine) meetOwed(s *State, side kanban.Side, edit Edit, opinion kanban.Opinion) []Outcome {
	mine, _ := m.Lens.Back(side, m.Field, edit.Native, s.Agreed)
	if opinion == kanban.Silent || mine == s.Agreed {
		s.Sides[side].Seen = s.Version
		return nil
	}
	return m.part(s, side, edit, standing(*s))
}

// common finds a value that both sides can be read to say: statuses may be shared
// by several columns.
func (m Machine) common(s State, side kanban.Side, edit Edit, theirs kanban.Value) (kanban.Value, bool) {
	if mine, _ := m.Lens.Back(side, m.Field, edit.Native, theirs); mine == theirs {
		return theirs, true
	}
	other := side.Other()
	back, _ := m.Lens.Back(other, m.Field, s.Sides[other].Native, edit.Value)
	return edit.Value, back == edit.Value
}

// differ handles two sides that say different things and never agreed.
func (m Machine) differ(s *State, side kanban.Side, edit Edit, theirs kanban.Value) []Outcome {
	other := side.Other()
	return m.part(s, side, edit, Edit{Side: other.String(), Value: theirs, Native: s.Sides[other].Native, At: s.At, Met: standing(*s).Met})
}

// part handles an edit on a new side and the rest, which say different things.
func (m Machine) part(s *State, side kanban.Side, edit, rest Edit) []Outcome {
	jira, github := edit, rest
	if side != kanban.Jira {
		jira, github = rest, edit
	}
	if _, _, element := m.Field.Element(); element {
		if edit.Value != kanban.Present {
			edit = rest
		}
		m.agree(s, kanban.Present, edit) // what one side's set holds more than the other's stays where it is
		return nil
	}
	if m.Policy.Carry != CarryBoth {
		return m.follow(s, side, edit, jira, github)
	}
	m.agree(s, jira.Value, jira)
	s.Frozen = FrozenAsk
	c := &Conflict{Field: m.Field, At: latest(edit.At, rest.At), Loser: github, Support: []Edit{jira}, Policy: Ask, State: ConflictOpen}
	return []Outcome{
		{Kind: Clashed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Conflict: c},
		{Kind: Froze, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Freeze: FrozenAsk},
	}
}

// follow lets the side lead whose changes are carried. The other one stays as it is, and
// is shown to differ; a change from the board that loses stands nowhere and is recorded.
// One that leads has not arrived at its own side yet, which stays owed to it.
func (m Machine) follow(s *State, side kanban.Side, edit, jira, github Edit) []Outcome {
	leader, other, leads := jira, github, kanban.Jira
	if m.Policy.Carry == CarryGitHub {
		leader, other, leads = github, jira, kanban.GitHub
	}
	m.agree(s, leader.Value, leader)
	if leader.Side == SideBoard {
		s.Sides[leads].Seen = s.Version - 1
	}
	if other.Side != SideBoard {
		return nil
	}
	c := &Conflict{Field: m.Field, At: latest(edit.At, other.At), Winner: leader, Loser: other, Support: []Edit{leader}, Policy: m.Policy.Conflict, State: ConflictAuto}
	return []Outcome{{Kind: Clashed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Conflict: c}}
}

// Intend takes in a change made on the board (F6): it becomes the agreed value
// and neither side has seen it. A person's word ends a freeze.
func (m Machine) Intend(s State, to kanban.Value, actor, key string, at time.Time) (State, []Outcome) {
	edit := Edit{Side: SideBoard, Source: key, Actor: actor, Value: to, At: at}
	was := s.Agreed
	if standing(s).Side != SideBoard || m.shown(s) {
		s.Before = was
	}
	s.Version++
	s.Agreed, s.Changed = to, s.Version // also where it is the same value: "make it so"
	s.At, s.Support, s.Frozen = at, []Edit{edit}, Thawed
	for i := range s.Sides {
		s.Sides[i].Refused, s.Sides[i].Alone = nil, nil
	}
	return s, []Outcome{{Kind: Moved, Edit: edit, Was: was, Now: to}}
}

// Show takes in that a picture shows what is known of a side.
func (s State) Show(side kanban.Side) State {
	s.Sides[side].Unshown = false
	return s
}

// Correct takes in a value that a strong read shows and no history entry explains
// (F5): a history that lags, a renamed label, an administrator's migration. What one
// of our writes was to bring is taken for its effect, but as seen by nobody before
// its entry says so; anything else is an edit by an unknown author at the time of the
// issue's last update. History up to that time is part of the value. Where there is no
// history a write's effect is its proof, and no late write is waited for.
func (m Machine) Correct(s State, side kanban.Side, native kanban.Native, at time.Time, ops []Op) (State, []Outcome) {
	sd := &s.Sides[side]
	op := m.traceless(side, native, at, ops)
	if sd.Native != native {
		sd.Ahead = latest(sd.Ahead, at)
	}
	if op == nil {
		edit := Edit{Side: side.String(), Native: native, At: at}
		// What our own write made and no picture ever showed may have been undone, without
		// a trace, before it was whole.
		return s, m.foreign(&s, side, edit, m.seen(s, side, at) && !sd.Unshown && !m.haunted(side, at, ops))
	}
	out := m.bury(&s, side, true)
	if sd.Native != native { // else the tracker had nothing to do, and whoever is there saw what they saw
		sd.Seen, sd.Ours = min(sd.Seen, op.Version), true
	}
	if m.Weak[side] {
		sd.Seen, sd.Ours, op.Proved = op.Version, false, true
	}
	sd.Native, sd.Half, sd.Unshown = native, false, false
	m.thaw(&s)
	return s, append(out, finish(s, side, op, at)...)
}

// Withdraw takes back a board intent that every side refused: the agreed value
// becomes again what the sides show. It does nothing while a side may still take
// it, where an edit in a tracker stands behind the value, where the sides do not
// say one and the same, or where one was left on the way: nobody set what it shows.
func (m Machine) Withdraw(s State, at time.Time) (State, []Outcome, bool) {
	if n := len(s.Support); n == 0 || s.Support[n-1].Side != SideBoard {
		return s, nil, false
	}
	back, ok := m.left(s, s.Before)
	if !ok {
		back, ok = m.left(s, "")
	}
	if !ok || back == "" || back == s.Agreed {
		return s, nil, false
	}
	was := s.Agreed
	reasons := [2]*Refusal{s.Sides[0].Refused, s.Sides[1].Refused}
	edit := Edit{Side: SideBoard, Value: back, At: at}
	m.agree(&s, back, edit)
	for i, r := range reasons {
		if r != nil {
			still := *r
			still.Version = s.Version // worth telling for as long as nothing else happens
			s.Sides[i].Refused = &still
		}
	}
	return s, []Outcome{{Kind: Settled, Edit: edit, Was: was, Now: back}}, true
}

// left is the one value that the sides show which have refused another: hint, where they
// can be read to say that. A column may share its status with others.
func (m Machine) left(s State, hint kanban.Value) (kanban.Value, bool) {
	var back kanban.Value
	for _, side := range kanban.Sides {
		sd := s.Sides[side]
		if !sd.Known {
			continue
		}
		value, opinion := m.Lens.Back(side, m.Field, sd.Native, hint)
		if sd.Half || sd.Refused == nil && opinion != kanban.Silent || opinion == kanban.Says && back != "" && value != back {
			return "", false
		}
		if opinion == kanban.Says {
			back, hint = value, value
		}
	}
	return back, true
}

// shown reports whether a side shows the agreed value.
func (m Machine) shown(s State) bool {
	return s.Sides[kanban.Jira].Known && m.shows(s, kanban.Jira) || s.Sides[kanban.GitHub].Known && m.shows(s, kanban.GitHub)
}
