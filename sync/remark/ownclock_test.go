package remark

import (
	"testing"
	"time"

	"parley/connectors"
)

// TestACommentDoesNotWaitForAWrongClock holds that a comment, and an edit of one, that was sent by
// a clock that was ahead goes on once the clock is set back, and not in a circle.
func TestACommentDoesNotWaitForAWrongClock(t *testing.T) {
	t.Parallel()
	m, now := machine(), at(0).Add(-24*time.Hour)
	r := m.Take(sent(t), PostAnswered{Err: failed("unknown")}, at(1))
	for name, r := range map[string]Remark{"posted": r, "edited": m.Take(changing(t), ChangeAnswered{Err: failed("unknown")}, at(20))} {
		next, q, wake := m.Next(r, now)
		if q == nil {
			t.Errorf("%s: waits until %s", name, wake)
			continue
		}
		var answered Remark
		if q.Kind == LookUp {
			answered = m.Take(next, LookedUp{Began: now}, now)
		} else {
			answered = m.Take(next, ReadAnswered{Comment: shown(next, func(c *connectors.Comment) { c.Body = "Which week?" }), Began: now}, now)
		}
		if _, q, wake := m.Next(answered, now); q != nil || wake.After(now.Add(time.Minute)) {
			t.Errorf("%s: then asks for %+v, or waits until %s", name, q, wake)
		}
	}
}
