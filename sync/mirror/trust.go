package mirror

import (
	"slices"
	"time"
)

// Proved takes apart a mark that is proved: signed by this installation for the
// container that the issue is in, and carried by an issue that Parley's account made.
// A copy of a mark that a person made is neither, for an issue has one creator.
func (m Machine) Proved(it Item) (Marker, bool) {
	if !it.Own {
		return Marker{}, false
	}
	return Verify(m.Keys, it.Container, it.Mark)
}

// mine reports whether an issue is the mirror that a create has made: its mark is
// proved and it is not older than the first request, where there was one.
func (m Machine) mine(s Saga, it Item) bool {
	mark, ok := m.Proved(it)
	return ok && it.Container == s.Container && mark.Source == s.Source && mark.ID == s.SourceID && !m.before(s, it)
}

// suspect reports whether an issue may be the mirror of a create although its mark does
// not say so: Parley's account made it, where and since when the requests went out.
func (m Machine) suspect(s Saga, it Item) bool {
	_, proved := m.Proved(it)
	return it.Own && !proved && it.Container == s.Container && !m.before(s, it)
}

// before: trackers round to the second, so the moment of sending is rounded as well.
func (m Machine) before(s Saga, it Item) bool {
	return !s.FirstSent.IsZero() && it.Created.Before(s.FirstSent.Truncate(time.Second).Add(-m.Slack))
}

// Verdict says what an issue is that a poll brought.
type Verdict string

// Verdicts of Judge.
const (
	// Theirs is a person's issue: it may be mirrored. A mark in it is a copy or a forgery.
	Theirs Verdict = "theirs"
	// Ours is a mirror: it is linked with its source, and never mirrored itself.
	Ours Verdict = "ours"
	// Double is a mirror of something that has an older one: closed with a pointer.
	Double Verdict = "double"
	// Wait says that this may be a mirror whose mark is not readable yet, or not any more:
	// nothing is decided until the creates of its container are resolved.
	Wait Verdict = "wait"
	// Stray carries a proved mark and fits no create that was sent: never mirrored,
	// never linked by itself, shown.
	Stray Verdict = "stray"
)

// Judge says what an issue is, given the creates of its tracker and container, after
// Seen has been told of it. The marker counts where the verdict is Ours, Double or
// Stray; it is the zero value for a mirror that is known by its id alone.
func (m Machine) Judge(it Item, sagas []Saga) (Verdict, Marker) {
	mark, proved := m.Proved(it)
	for _, s := range sagas {
		switch {
		case s.Issue == it.Issue && s.Container == it.Container:
			return Ours, mark
		case s.doubles(it):
			return Double, mark
		case proved && mark.Source == s.Source && mark.ID == s.SourceID && s.Container == it.Container && m.before(s, it):
			return Stray, mark
		}
	}
	if proved {
		return Ours, mark // also where no create is known: the store was lost
	}
	if it.Own && Awaited(it, sagas) {
		return Wait, Marker{}
	}
	return Theirs, Marker{}
}

// Awaited reports whether an issue may be what one of the creates has made: one of its
// container of which nobody has heard, or one that suspects it.
func Awaited(it Item, sagas []Saga) bool {
	for _, s := range sagas {
		if s.Container == it.Container && (s.State.Unresolved() || s.Suspended() && slices.Contains(s.Suspects, it.Issue)) {
			return true
		}
	}
	return false
}

func (s Saga) doubles(it Item) bool {
	for _, id := range s.Doubles {
		if id == it.Issue && s.Container == it.Container {
			return true
		}
	}
	return false
}
