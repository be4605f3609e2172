package mirror

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func machine() Machine {
	return Machine{Keys: [][]byte{key}, Late: LateDefault, Visible: VisibleGitHub, Slack: SlackDefault}
}

func planned() Saga {
	return machine().Plan(Saga{ID: "op", Rule: "bugs", Source: "jira", SourceID: "10007", Tracker: "github", Container: "acme/x", Reason: "OPS-7 has no twin"}, false, at(0))
}

func sent(t *testing.T) Saga {
	t.Helper()
	s, ok := machine().Send(planned(), 3, at(100))
	if !ok {
		t.Fatal("a planned create cannot be sent")
	}
	return s
}

func mirrored(id string, created int) Item {
	return Item{Issue: id, Container: "acme/x", Own: true, Created: at(created), Mark: machine().Mark("jira", "10007", "acme/x")}
}

func TestASagaSurvivesTheStore(t *testing.T) {
	t.Parallel()
	s := Unanswered(sent(t), "timeout", at(130))
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Saga
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(s, back); d != "" {
		t.Error(d)
	}
}

func TestLookUpsComeFurtherApartUntilTheHorizon(t *testing.T) {
	t.Parallel()
	m, s := machine(), Unanswered(sent(t), "timeout", at(130))
	var waits []time.Duration
	now := at(130)
	for s.State == Unknown {
		waits = append(waits, s.NextAt.Sub(now)/time.Second)
		now = s.NextAt
		s = m.Looked(s, nil, now, now)
	}
	if d := cmp.Diff([]time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 28}, waits); d != "" {
		t.Error(d)
	}
	if want := at(100 + 300 + 120 + 1); !now.Equal(want) || s.State != Planned {
		t.Errorf("%s at %s, want planned at %s", s.State, now, want)
	}
	if s, ok := machine().Send(s, 4, now); !ok || s.Attempts != 2 || !s.FirstSent.Equal(at(100)) || !s.SentAt.Equal(now) || s.Looks != 0 {
		t.Errorf("sent again as %+v, %v", s, ok)
	}
}

func TestALookUpThatBeganEarlyProvesNothing(t *testing.T) {
	t.Parallel()
	m, s := machine(), Unanswered(sent(t), "timeout", at(130))
	if s = m.Looked(s, nil, m.Horizon(s).Add(-time.Nanosecond), m.Horizon(s).Add(time.Hour)); s.State != Unknown {
		t.Errorf("%s after a look-up that began before the horizon", s.State)
	}
}

func TestWhatAnswersMeanForACreate(t *testing.T) {
	t.Parallel()
	m := machine()
	for name, c := range map[string]struct {
		got   Saga
		state State
		issue string
	}{
		"created":                    {Created(sent(t), "7", at(101)), Done, "7"},
		"refused":                    {Refused(sent(t), "410 issues are disabled", at(101)), Rejected, ""},
		"postponed":                  {Postponed(sent(t), "429", at(200)), Planned, ""},
		"unanswered":                 {Unanswered(sent(t), "timeout", at(130)), Unknown, ""},
		"crashed":                    {Resume(sent(t), at(101)), Unknown, ""},
		"crashed before":             {Resume(planned(), at(101)), Planned, ""},
		"found":                      {m.Looked(Resume(sent(t), at(101)), []Item{mirrored("7", 101)}, at(102), at(102)), Adopted, "7"},
		"found before the answer":    {m.Seen(sent(t), []Item{mirrored("7", 101)}, at(102)), Adopted, "7"},
		"answered after it is found": {Created(m.Seen(sent(t), []Item{mirrored("7", 101)}, at(102)), "7", at(103)), Adopted, "7"},
		"refused, yet there":         {m.Seen(Refused(sent(t), "422", at(101)), []Item{mirrored("7", 101)}, at(102)), Adopted, "7"},
		"refused after a crash":      {Refused(Resume(sent(t), at(101)), "422", at(102)), Unknown, ""},
		"known without a send":       {m.Seen(planned(), []Item{mirrored("7", -90000)}, at(102)), Adopted, "7"},
		"held":                       {Hold(planned(), "51 creates at once"), Held, ""},
		"released":                   {Release(Hold(planned(), "51 creates at once"), at(5)), Planned, ""},
		"tried once more":            {Release(Refused(sent(t), "422", at(101)), at(200)), Planned, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.got.State != c.state || c.got.Issue != c.issue || c.got.Doubles != nil {
				t.Errorf("got %s %q %v, want %s %q", c.got.State, c.got.Issue, c.got.Doubles, c.state, c.issue)
			}
		})
	}
}

func TestWhatMayNotBeSent(t *testing.T) {
	t.Parallel()
	m := machine()
	m.Keys = nil
	for name, s := range map[string]Saga{
		"held":         Hold(planned(), ""),
		"sending":      sent(t),
		"unknown":      Resume(sent(t), at(101)),
		"done":         Created(sent(t), "7", at(101)),
		"too early":    Postponed(sent(t), "429", at(200)),
		"without mark": m.Plan(planned(), false, at(0)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, ok := machine().Send(s, 1, at(199)); ok {
				t.Error("it is sent")
			}
		})
	}
}

func TestOnlyWhatCannotArriveIsCancelled(t *testing.T) {
	t.Parallel()
	for state, want := range map[State]bool{Planned: true, Held: true, Rejected: true, Sending: false, Unknown: false, Done: false, Adopted: false, Cancelled: false} {
		got, ok := Cancel(Saga{State: state}, "the rule is gone", at(1))
		if ok != want || ok && got.State != Cancelled {
			t.Errorf("%s: cancelled %v, want %v", state, ok, want)
		}
	}
}

func TestTheOldestMirrorIsKept(t *testing.T) {
	t.Parallel()
	s := Created(sent(t), "12", at(101))
	s = machine().Seen(s, []Item{mirrored("9", 101), mirrored("12", 101), mirrored("100", 103)}, at(110))
	if s.Issue != "9" || s.State != Done {
		t.Errorf("kept %s, %s", s.Issue, s.State)
	}
	if d := cmp.Diff([]string{"12", "100"}, s.Doubles); d != "" {
		t.Error(d)
	}
	if again := machine().Seen(s, []Item{mirrored("100", 103)}, at(120)); !cmp.Equal(again, s) {
		t.Errorf("seen again it is %+v", again)
	}
}
