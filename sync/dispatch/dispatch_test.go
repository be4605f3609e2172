package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/sync/dispatch"
)

func monday() time.Time { return time.Date(2026, 11, 16, 0, 0, 5, 0, time.UTC) }

func on() dispatch.Machine   { return dispatch.Machine{Write: true} }
func plan() dispatch.Machine { return dispatch.Machine{} }

func begun(m dispatch.Machine, c dispatch.Channel) dispatch.Dispatch {
	return m.New(dispatch.Dispatch{ID: dispatch.ID("digest/trading/2026-W46", c, "x"), Channel: c, To: "x"}, monday())
}

// TestPlanModeSendsNothing holds what waits until writing is on, and gives up what waited
// until the next digest was due.
func TestPlanModeSendsNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []dispatch.Channel{dispatch.Mail, dispatch.Hook} {
		d := begun(plan(), c)
		if d, act := plan().Next(d, monday()); d.State != dispatch.Held || act != dispatch.Rest {
			t.Errorf("%s: %s, %d", c, d.State, act)
		}
		if d, act := on().Next(d, monday().Add(time.Hour)); d.State != dispatch.Sending || act != dispatch.Send {
			t.Errorf("%s, when writing is on: %s, %d", c, d.State, act)
		}
		if d, act := plan().Next(begun(on(), c), monday()); d.State != dispatch.Held || act != dispatch.Rest {
			t.Errorf("%s, when writing is off again: %s, %d", c, d.State, act)
		}
		if d, act := on().Next(d, monday().Add(dispatch.Life)); d.State != dispatch.Lapsed || act != dispatch.Drop || !strings.Contains(d.Problem, "plan") {
			t.Errorf("%s, after a week: %+v, %d", c, d, act)
		}
		if _, err := plan().Again(d, monday()); err == nil {
			t.Errorf("%s: a person may send it", c)
		}
	}
	// A comment is asked for: it is held itself, and shown in the plan.
	d, act := plan().Next(begun(plan(), dispatch.Comment), monday())
	if d.State != dispatch.Held || act != dispatch.Send {
		t.Errorf("%s, %d", d.State, act)
	}
	if d = plan().Take(d, dispatch.Answer{Kind: dispatch.Paused}, monday()); d.State != dispatch.Held {
		t.Errorf("%+v", d)
	}
}

// TestWhatFollowsFromAnAnswer has a row for every answer and channel.
func TestWhatFollowsFromAnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		channel dispatch.Channel
		kind    dispatch.Kind
		want    dispatch.State
	}{
		"a mail taken":      {dispatch.Mail, dispatch.Taken, dispatch.Sent},
		"a mail failed":     {dispatch.Mail, dispatch.Failed, dispatch.Waiting},
		"a mail refused":    {dispatch.Mail, dispatch.Turned, dispatch.Refused},
		"a mail in doubt":   {dispatch.Mail, dispatch.Unclear, dispatch.Unknown},
		"a hook in doubt":   {dispatch.Hook, dispatch.Unclear, dispatch.Waiting},
		"a hook refused":    {dispatch.Hook, dispatch.Turned, dispatch.Refused},
		"a comment to come": {dispatch.Comment, dispatch.Delayed, dispatch.Waiting},
		"a comment there":   {dispatch.Comment, dispatch.Taken, dispatch.Sent},
	} {
		d, _ := on().Next(begun(on(), c.channel), monday())
		d = on().Take(d, dispatch.Answer{Kind: c.kind, Problem: "no"}, monday())
		if d.State != c.want || d.State.Open() != d.Ended.IsZero() {
			t.Errorf("%s: %+v", name, d)
		}
		again, err := on().Again(d, monday().Add(time.Hour))
		if (err == nil) != (c.want != dispatch.Sent) || err == nil && (again.State != dispatch.Waiting || !again.Ended.IsZero() || again.Problem != "") {
			t.Errorf("%s, asked for again: %+v, %v", name, again, err)
		}
	}
}

// TestPausesGrow waits twice as long after each failure, and never longer than six hours
// even where a receiver asks for it.
func TestPausesGrow(t *testing.T) {
	t.Parallel()
	d, now := begun(on(), dispatch.Hook), monday()
	var got []string
	for range 11 {
		d, _ = on().Next(d, now)
		d = on().Take(d, dispatch.Answer{Problem: "away"}, now)
		got = append(got, d.NextAt.Sub(now).String())
		if _, act := on().Next(d, d.NextAt.Add(-time.Second)); act != dispatch.Rest {
			t.Error("it is sent too early")
		}
		now = d.NextAt
	}
	if want := "1m0s 2m0s 4m0s 8m0s 16m0s 32m0s 1h4m0s 2h8m0s 4h16m0s 6h0m0s 6h0m0s"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
	asked := on().Take(d, dispatch.Answer{RetryAt: now.Add(1000 * time.Hour)}, now)
	if asked.NextAt != now.Add(6*time.Hour) {
		t.Errorf("it waits until %s", asked.NextAt)
	}
	first, _ := on().Next(begun(on(), dispatch.Hook), monday())
	if asked := on().Take(first, dispatch.Answer{RetryAt: monday().Add(time.Hour)}, monday()); asked.NextAt != monday().Add(time.Hour) {
		t.Errorf("a wish of the receiver is not heard: %s", asked.NextAt)
	}
	if late, act := on().Next(asked, monday().Add(dispatch.Life)); late.State != dispatch.Lapsed || act != dispatch.Drop || late.Ended.IsZero() {
		t.Errorf("after a week: %+v, %d", late, act)
	}
}

// receiver is a world in which answers are lost and processes end at any moment.
type receiver struct{ taken int }

// TestAMailIsTakenAtMostOnce sends under any schedule of faults and crashes. What is stored
// is all that a new process knows.
func TestAMailIsTakenAtMostOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		channel := rapid.SampledFrom([]dispatch.Channel{dispatch.Mail, dispatch.Hook}).Draw(t, "channel")
		stored, now := begun(on(), channel), monday()
		world, calm := receiver{}, rapid.IntRange(0, 30).Draw(t, "faults")
		for step := 0; stored.State.Open() && now.Before(monday().Add(2*dispatch.Life)); step++ {
			now = now.Add(time.Duration(rapid.IntRange(0, 7*3600).Draw(t, "pause")) * time.Second)
			next, act := on().Next(stored, now)
			fault := step < calm
			if fault && rapid.Bool().Draw(t, "crash before storing") {
				continue
			}
			stored = next
			if act != dispatch.Send {
				continue
			}
			if stored.State != dispatch.Sending {
				t.Fatal("something leaves that was not stored as leaving")
			}
			if fault && rapid.Bool().Draw(t, "crash before sending") {
				continue
			}
			answer := world.send(t, fault)
			if fault && rapid.Bool().Draw(t, "crash after sending") {
				continue
			}
			stored = on().Take(stored, answer, now)
		}
		if channel == dispatch.Mail && world.taken > 1 {
			t.Fatalf("the mail was taken %d times", world.taken)
		}
		if stored.State == dispatch.Sent && world.taken == 0 {
			t.Fatal("it counts as sent, and nobody has it")
		}
		if channel == dispatch.Hook && calm < 5 && (stored.State != dispatch.Sent || world.taken == 0) {
			t.Fatalf("the webhook never arrived: %+v", stored)
		}
		if stored.State.Open() {
			t.Fatalf("it has no end: %+v", stored)
		}
	})
}

func (r *receiver) send(t *rapid.T, fault bool) dispatch.Answer {
	if !fault {
		r.taken++
		return dispatch.Answer{Kind: dispatch.Taken}
	}
	switch rapid.SampledFrom([]string{"lost before", "lost after", "refused for now"}).Draw(t, "fault") {
	case "lost before":
		return dispatch.Answer{Kind: dispatch.Unclear, Problem: "cut"}
	case "lost after":
		r.taken++
		return dispatch.Answer{Kind: dispatch.Unclear, Problem: "cut"}
	}
	return dispatch.Answer{Kind: dispatch.Failed, Problem: "busy"}
}

// TestADigestDoesNotWaitForAWrongClock has one tried by a clock that is a day ahead, which is then
// set back.
func TestADigestDoesNotWaitForAWrongClock(t *testing.T) {
	t.Parallel()
	ahead := monday().Add(24 * time.Hour)
	d, _ := on().Next(begun(on(), dispatch.Mail), ahead)
	d = on().Take(d, dispatch.Answer{Kind: dispatch.Failed}, ahead)
	if _, act := on().Next(d, ahead); act != dispatch.Rest {
		t.Errorf("it is tried again at once: %d", act)
	}
	if d, act := on().Next(d, monday()); act != dispatch.Send {
		t.Errorf("it waits until %s: %d", d.NextAt, act)
	}
}
