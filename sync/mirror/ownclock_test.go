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
	s := Redated(Unanswered(sent(t), "timeout", at(130)), now)
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
		if s := Unanswered(sent(t), "timeout", at(130)); !Redated(s, at(100).Add(-back)).SentAt.Equal(s.SentAt) {
			t.Errorf("a clock that is %s behind another makes it sent anew", back)
		}
	}
}
