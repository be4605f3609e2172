package reconcile

import (
	"slices"
	"time"

	"parley/kanban"
)

// Machine folds and plans one field of one card.
type Machine struct {
	Field  kanban.Field
	Lens   Lens
	Policy Policy
	// Skew is ε: two moments of different clocks closer than this prove nothing
	// about which came first. Where it is generous more becomes conflict, never less.
	Skew time.Duration
	// Weak says of which sides the field has no history: what a read shows is all there is.
	Weak [2]bool
}

// Outcome is something that a fold decided and that the record should keep.
type Outcome struct {
	Kind     OutcomeKind
	Side     kanban.Side
	Edit     Edit         // the edit that caused it
	Was      kanban.Value // agreed before
	Now      kanban.Value // agreed after
	Op       string       // Confirmed: the write that was seen in the tracker
	Conflict *Conflict    // Clashed; without id and card, which the engine adds
	Freeze   Freeze       // Froze
}

// OutcomeKind names an Outcome.
type OutcomeKind string

// Kinds of Outcome.
const (
	Moved     OutcomeKind = "moved"     // F2, F6: the agreed value was edited
	Agreed    OutcomeKind = "agreed"    // F3: somebody set, unseen, what was agreed already
	Clashed   OutcomeKind = "clashed"   // F4: two edits met
	Confirmed OutcomeKind = "confirmed" // F0: our own write was seen
	Froze     OutcomeKind = "froze"     // F1, or a conflict that waits for a person
	Settled   OutcomeKind = "settled"   // a frozen field was set right by people
)

// Fold takes the history entries of one side, oldest first, into the state.
// Entries folded before are skipped, so that overlapping reads are harmless.
// The ops are this field's writes to this side; those an entry proves are
// closed in place.
func (m Machine) Fold(s State, side kanban.Side, events []kanban.Event, ops []Op) (State, []Outcome) {
	var out []Outcome
	for _, e := range events {
		if e.Seq <= s.Sides[side].Seq {
			continue
		}
		out = append(out, m.fold(&s, side, e, ops)...)
		s.Sides[side].Seq = e.Seq
	}
	return s, out
}

// fold takes in one entry.
func (m Machine) fold(s *State, side kanban.Side, e kanban.Event, ops []Op) []Outcome {
	sd := &s.Sides[side]
	next, touched := m.Lens.Apply(side, m.Field, sd.Native, e.Changes)
	if !touched {
		return nil
	}
	if op := m.own(side, e, next, ops); op != nil {
		return m.confirm(s, side, op, next, e) // F0
	}
	edit := Edit{Side: side.String(), Source: e.SourceID, Actor: e.Actor, Native: next, At: e.At}
	if sd.includes(e, next) {
		return m.belated(s, side, edit)
	}
	if next == sd.Native && sd.Ours { // the author of a state that was taken for the effect of our own write
		return m.foreign(s, side, edit, false)
	}
	// Also where it leaves the native as it was: who took a second label off, or put the
	// same one back, wants what stands there now, and that is an edit like any other.
	return m.foreign(s, side, edit, m.seen(*s, side, e.At))
}

// includes reports whether a state that was read ahead of its history has what an entry did
// in it. A moment may be a whole second long: of what happened in the state's own, the state
// itself tells.
func (sd *SideState) includes(e kanban.Event, next kanban.Native) bool {
	return e.At.Before(sd.Ahead) || e.At.Equal(sd.Ahead) && next == sd.Native
}

// belated takes in an edit that happened before a state which was folded already.
// Where it made that state, it was taken then, unless for a write of ours: then its
// author is known only now. Where it did not, it was overwritten before anybody read
// it. A person who overwrote it saw it; our own write did not, so it is kept until
// that is known.
func (m Machine) belated(s *State, side kanban.Side, edit Edit) []Outcome {
	sd := &s.Sides[side]
	value, opinion := m.Lens.Back(side, m.Field, edit.Native, s.Agreed)
	if a := sd.Alone; a != nil && a.Native == sd.Native && a.Native == edit.Native {
		sd.Alone = stranded(edit, value, opinion) // the author of a state that was read before
		return nil
	}
	sd.Alone = nil
	switch {
	case edit.Native == sd.Native && sd.Ours:
		out := m.foreign(s, side, edit, false)
		sd.Ours = true // it may be a later one who set the same
		return out
	case edit.Native != sd.Native && opinion != kanban.Silent:
		sd.Alone = stranded(edit, value, opinion)
	}
	return nil
}

// stranded is an edit with the value it names, if any.
func stranded(edit Edit, v kanban.Value, o kanban.Opinion) *Edit {
	edit.Value = ""
	if o == kanban.Says {
		edit.Value = v
	}
	return &edit
}

// foreign takes in somebody else's edit, by F1 to F4. seen says whether its author
// had the agreed value before them.
func (m Machine) foreign(s *State, side kanban.Side, edit Edit, seen bool) []Outcome {
	sd := &s.Sides[side]
	sd.Native, sd.Refused, sd.Alone, sd.Half, sd.Ours, sd.Unshown = edit.Native, nil, nil, false, false, false
	if !seen { // nor has anybody there since
		sd.Seen = min(sd.Seen, s.Version-1)
	}
	value, opinion := m.Lens.Back(side, m.Field, edit.Native, s.Agreed)
	edit.Value = value
	switch opinion {
	case kanban.Unmapped, kanban.Ambiguous: // F1
		sd.Alone = stranded(edit, "", opinion)
		return m.freeze(s, side, edit, freezeOf(opinion))
	case kanban.Silent: // no opinion makes no version and asks for nothing
		m.thaw(s)
		return nil
	}
	if s.Frozen == FrozenAsk {
		return m.reunite(s, side, edit)
	}
	m.thaw(s)
	switch {
	case !m.Policy.Carry.From(side):
		return m.uncarried(s, side, edit, seen)
	case s.Agreed == "" || seen: // F2
		return m.advance(s, side, edit)
	case value == s.Agreed: // F3: their context is unknown, so it counts as a new version
		s.Version++
		s.At = latest(s.At, edit.At)
		s.Support = append(slices.Clip(s.Support), edit)
		out := []Outcome{{Kind: Agreed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed}}
		return append(out, m.override(s, side.Other())...)
	default: // F4
		return m.clash(s, side, edit)
	}
}

// seen reports whether the author of an edit on this side had the agreed value
// before them: the side has shown this version, or it showed a value that means
// the same and the edit is later than the agreement by more than the clocks' doubt.
func (m Machine) seen(s State, side kanban.Side, at time.Time) bool {
	return s.Sides[side].Seen == s.Version || m.shows(s, side) && at.After(s.At.Add(m.Skew))
}

// shows reports whether a side's people read the agreed value there. A silent side
// shows nothing, unless silence is just what would be written: a GitHub issue without
// a label, where the column lists plain open.
func (m Machine) shows(s State, side kanban.Side) bool {
	native := s.Sides[side].Native
	value, opinion := m.Lens.Back(side, m.Field, native, s.Agreed)
	if opinion == kanban.Silent {
		to := m.Lens.Forward(side, m.Field, s.Agreed, native)
		return len(to) > 0 && to[0] == native
	}
	return opinion == kanban.Says && value == s.Agreed
}

// advance makes an edit the agreed value (F2). Its side has seen it; the other
// one has not, which is what plans the write.
func (m Machine) advance(s *State, side kanban.Side, edit Edit) []Outcome {
	was := s.Agreed
	s.Version++
	if edit.Value != was {
		s.Agreed, s.Changed = edit.Value, s.Version
	}
	s.At, s.Support = edit.At, []Edit{edit}
	s.Sides[side].Seen = s.Version
	out := []Outcome{{Kind: Moved, Side: side, Edit: edit, Was: was, Now: s.Agreed}}
	return append(out, m.override(s, side.Other())...)
}

// override puts an edit on record that stands alone on a side to which changes are only
// brought: the one that was just made goes over it.
func (m Machine) override(s *State, side kanban.Side) []Outcome {
	sd, carry := &s.Sides[side], m.Policy.Carry
	if sd.Alone == nil || sd.Alone.Value == "" || sd.Alone.Native != sd.Native {
		return nil
	}
	if carry == CarryOff || carry.From(side) || !m.owed(*s, side) {
		return nil
	}
	edit := *sd.Alone
	sd.Alone = nil
	return m.shelve(*s, side, edit)
}

// clash lets the policy choose between an edit and the agreed value that its
// author had not seen (F4). The loser is kept in the conflict.
func (m Machine) clash(s *State, side kanban.Side, edit Edit) []Outcome {
	verdict, ambiguous := m.judge(*s, side, edit)
	c := &Conflict{Field: m.Field, At: edit.At, Base: s.Agreed, Support: s.Support, Policy: m.Policy.Conflict, Ambiguous: ambiguous, State: ConflictAuto}
	out := []Outcome{{Kind: Clashed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Conflict: c}}
	switch verdict {
	case editWins:
		c.Winner, c.Loser = edit, standing(*s)
		return append(out, m.advance(s, side, edit)...)
	case agreedWins:
		c.Winner, c.Loser = standing(*s), edit
		return out
	default:
		c.State, c.Loser = ConflictOpen, edit
		s.Frozen = FrozenAsk
		return append(out, Outcome{Kind: Froze, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Freeze: FrozenAsk})
	}
}

type winner int

const (
	nobody winner = iota
	editWins
	agreedWins
)

// judge applies the conflict policy. Clocks too close to tell fall back on Jira,
// the side of whoever asked for the work, and are marked.
func (m Machine) judge(s State, side kanban.Side, edit Edit) (w winner, ambiguous bool) {
	owner := kanban.Jira
	switch m.Policy.Conflict {
	case Ask:
		return nobody, false
	case GitHubWins:
		owner = kanban.GitHub
	case NewestWins:
		if d := edit.At.Sub(s.At); d > m.Skew {
			return editWins, false
		} else if d < -m.Skew {
			return agreedWins, false
		}
		ambiguous = true
	}
	if side == owner {
		return editWins, ambiguous
	}
	return agreedWins, ambiguous
}

// uncarried keeps an edit on a side whose changes stay there. Where it met a
// change on its way to that side it is a conflict, which the other side wins. Else it
// is remembered: the other side may be changed, or a rule may come, see Rejoin.
func (m Machine) uncarried(s *State, side kanban.Side, edit Edit, seen bool) []Outcome {
	if seen || edit.Value == s.Agreed {
		s.Sides[side].Seen = s.Version
		if edit.Value != s.Agreed {
			s.Sides[side].Alone = &edit
		}
		return nil
	}
	c := &Conflict{Field: m.Field, At: edit.At, Base: s.Agreed, Winner: standing(*s), Loser: edit, Support: s.Support, Policy: m.Policy.Conflict, State: ConflictAuto}
	return []Outcome{{Kind: Clashed, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Conflict: c}}
}

// freeze leaves the field alone because of a value nobody can translate (F1).
func (m Machine) freeze(s *State, side kanban.Side, edit Edit, why Freeze) []Outcome {
	if s.Frozen == FrozenAsk {
		return nil // a person has to choose anyway
	}
	s.Frozen = why
	return []Outcome{{Kind: Froze, Side: side, Edit: edit, Was: s.Agreed, Now: s.Agreed, Freeze: why}}
}

// thaw lifts a freeze whose cause is gone: no side holds a value any more that
// nobody can translate. Where one does, it freezes.
func (m Machine) thaw(s *State) {
	if s.Frozen != FrozenAsk {
		s.Frozen = m.worst(*s)
	}
}

// reunite ends a conflict that waits for a person once both sides say the same.
// As with F3 the people of the other side may not know of it. Until then every
// further edit stands alone on its side.
func (m Machine) reunite(s *State, side kanban.Side, edit Edit) []Outcome {
	other := &s.Sides[side.Other()]
	theirs, opinion := m.Lens.Back(side.Other(), m.Field, other.Native, edit.Value)
	if opinion != kanban.Says || theirs != edit.Value {
		s.Sides[side].Alone = &edit
		return nil
	}
	was, seen, twin := s.Agreed, other.Seen, other.Alone
	m.agree(s, edit.Value, edit)
	other.Seen = seen
	if twin != nil { // both stand behind what they agree on, and neither knew of the other
		s.Support = []Edit{*twin, edit}
		s.Sides[side].Seen, s.At = s.Version-1, latest(s.At, twin.At)
	}
	return []Outcome{{Kind: Settled, Side: side, Edit: edit, Was: was, Now: edit.Value}}
}

// agree makes v the agreed value that both sides have seen.
func (m Machine) agree(s *State, v kanban.Value, edit Edit) {
	s.Version++
	if v != s.Agreed {
		s.Agreed, s.Changed = v, s.Version
	}
	edit.Value = v
	s.At, s.Support, s.Frozen = latest(s.At, edit.At), []Edit{edit}, Thawed
	for i := range s.Sides {
		s.Sides[i].Seen, s.Sides[i].Alone = s.Version, nil
	}
}

// worst is the freeze that the present natives ask for.
func (m Machine) worst(s State) Freeze {
	for _, side := range kanban.Sides {
		if !s.Sides[side].Known || s.Sides[side].Half {
			continue
		}
		_, opinion := m.Lens.Back(side, m.Field, s.Sides[side].Native, s.Agreed)
		if f := freezeOf(opinion); f != Thawed {
			return f
		}
	}
	return Thawed
}

func freezeOf(o kanban.Opinion) Freeze {
	switch o {
	case kanban.Unmapped:
		return FrozenUnmapped
	case kanban.Ambiguous:
		return FrozenAmbiguous
	default:
		return Thawed
	}
}

// standing is the edit that last made the agreed value.
func standing(s State) Edit {
	if n := len(s.Support); n > 0 {
		e := s.Support[n-1]
		e.Value = s.Agreed
		return e
	}
	return Edit{Value: s.Agreed, At: s.At}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
