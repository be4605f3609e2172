package mirror

import (
	"testing"
	"time"
)

// TestACreateOfAWrongClockIsLookedForAnew holds that a create which was sent by a clock that was
// ahead is concluded as late after the clock was set back as one that is sent then, and no sooner.
func TestACreateOfAWrongClockIsLookedForAnew(t *testing.T) {
	t.Parallel()
	m, now := machine(), at(100).Add(-24*time.Hour)
	s := Redated(Unanswered(sent(t), "timeout", at(130)), now.Add(-time.Hour), now)
	if s.State != Unknown || !s.NextAt.Equal(now) {
		t.Fatalf("%s, looked for at %s", s.State, s.NextAt)
	}
	over := now.Add(LateDefault + VisibleGitHub + time.Second)
	if early := m.Looked(s, nil, over.Add(-time.Second), over); early.State != Unknown {
		t.Errorf("%s before what was sent must have shown", early.State)
	}
	if s = m.Looked(s, nil, over, over); s.State != Planned {
		t.Errorf("%s once it must have shown", s.State)
	}
	for _, back := range []time.Duration{0, ClockSlack} {
		if s := Unanswered(sent(t), "timeout", at(130)); !Redated(s, at(0), at(100).Add(-back)).SentAt.Equal(s.SentAt) {
			t.Errorf("a clock that is %s behind another makes it sent anew", back)
		}
	}
}

// TestWhatAWrongClockHasMadeIsFound holds that what a create made by a clock that was ahead is its
// twin, although the tracker dates it before its request.
func TestWhatAWrongClockHasMadeIsFound(t *testing.T) {
	t.Parallel()
	there := mirrored("7", 100)
	ahead := at(100).Add(time.Hour)
	wide := machine()
	wide.Slack = SlackOf(time.Hour)
	measured, _ := wide.Send(planned(), 3, ahead)
	unmeasured, _ := machine().Send(planned(), 3, ahead)
	for name, s := range map[string]Saga{
		"the doubt was known when it was sent": measured,
		"the clock was set back since":         Redated(unmeasured, at(50), at(200)),
	} {
		s = Unanswered(s, "timeout", ahead)
		if got := machine().Looked(s, []Item{there}, at(210), at(210)); got.State != Adopted || got.Issue != "7" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := wide.Looked(Unanswered(unmeasured, "timeout", ahead), []Item{there}, at(210), at(210)); got.State != Adopted {
		t.Errorf("the doubt was measured since: %+v", got)
	}
	if got := SlackOf(0); got != SlackDefault {
		t.Errorf("without doubt %s", got)
	}
}
