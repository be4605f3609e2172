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

// TestACommentOfAWrongClockIsFound holds that a comment which was posted by a clock that was ahead
// is met again once that is set back, and not posted twice.
func TestACommentOfAWrongClockIsFound(t *testing.T) {
	t.Parallel()
	m, posted := machine(), at(0).Add(-24*time.Hour)
	r, q, _ := m.Next(m.Take(sent(t), PostAnswered{Err: failed("unknown")}, at(1)), posted.Add(time.Hour))
	if q == nil || q.Kind != LookUp || q.Search.Since.After(posted) {
		t.Fatalf("looks for %+v", q)
	}
	there := shown(r, func(c *connectors.Comment) { c.Created, c.Updated = posted, posted })
	if r = m.Take(r, LookedUp{Comments: []connectors.Comment{there}, Began: posted.Add(time.Hour)}, posted.Add(time.Hour)); r.ID() != there.ID {
		t.Errorf("it is %s: %+v", r.State(), r.Post)
	}
}
