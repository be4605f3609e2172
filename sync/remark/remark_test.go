package remark

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/sync/mirror"
)

func machine() Machine {
	return Machine{Write: true, Epoch: 3, Machine: mirror.Machine{Keys: [][]byte{[]byte("k")}, Late: 5 * time.Minute, Visible: 2 * time.Minute, Slack: time.Minute}}
}

func wish() Wish {
	return Wish{Key: "q1", Issue: issue(), Body: "Which week?", Audience: connectors.Audience{Role: "Developers"}, Then: "close"}
}

func begun(t *testing.T) Remark {
	t.Helper()
	r, err := machine().New(wish(), "op", at(0))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// shown is the comment as a tracker shows it.
func shown(r Remark, change ...func(*connectors.Comment)) connectors.Comment {
	c := connectors.Comment{ID: "11", Own: true, Body: r.draft().Text(), Audience: r.Audience, Created: at(1), Updated: at(1), Marker: r.Post.Mark}
	for _, f := range change {
		f(&c)
	}
	return c
}

// asked fails unless the next request is of a kind.
func asked(t *testing.T, r Remark, now time.Time, want Kind) (Remark, Request) {
	t.Helper()
	next, q, _ := machine().Next(r, now)
	if q == nil || q.Kind != want {
		t.Fatalf("next is %+v, want %s; %s %q", q, want, r.State(), r.Problem)
	}
	return next, *q
}

func sought(t *testing.T) Remark {
	t.Helper()
	r, _ := asked(t, begun(t), at(0), LookUp)
	return machine().Take(r, LookedUp{Began: at(0)}, at(0))
}

func sent(t *testing.T) Remark {
	t.Helper()
	r, q := asked(t, sought(t), at(0), Post)
	if q.Draft.Audience != r.Audience || q.Draft.Marker != r.Post.Mark || r.State() != Sending {
		t.Fatalf("%+v, %s", q, r.State())
	}
	return r
}

func posted(t *testing.T) Remark {
	t.Helper()
	r := sent(t)
	r = machine().Take(r, PostAnswered{Comment: shown(r)}, at(1))
	r, q := asked(t, r, at(1), Follow)
	if q.Then != "close" || q.ID != "11" {
		t.Fatalf("%+v", q)
	}
	return machine().Take(r, Followed{}, at(1))
}

func failed(kind connectors.ErrorKind) error { return &connectors.Error{Kind: kind} }

func TestARemarkSurvivesTheStore(t *testing.T) {
	t.Parallel()
	r := posted(t)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Remark
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, back); d != "" {
		t.Error(d)
	}
}

func TestWhatBecomesOfARemark(t *testing.T) {
	t.Parallel()
	m := machine()
	for name, c := range map[string]struct {
		got   Remark
		want  State
		open  bool
		tells string
	}{
		"begun":              {begun(t), Waiting, true, ""},
		"posted":             {posted(t), Posted, false, ""},
		"refused":            {m.Take(sent(t), PostAnswered{Err: failed(connectors.Forbidden)}, at(1)), Refused, false, "not allowed"},
		"limited":            {m.Take(sent(t), PostAnswered{Err: failed(connectors.RateLimit)}, at(1)), Waiting, true, ""},
		"unanswered":         {m.Take(sent(t), PostAnswered{Err: failed(connectors.Unknown)}, at(1)), Unknown, true, ""},
		"crashed":            {m.Resume(sent(t), at(1)), Unknown, true, ""},
		"never sent":         {first(m.Next(m.Withdraw(begun(t), at(1)), at(1))), Deleted, false, ""},
		"found at once":      {m.Take(begun(t), LookedUp{Comments: []connectors.Comment{shown(begun(t))}}, at(1)), Posted, true, ""},
		"hidden issue":       {m.Take(begun(t), LookedUp{Err: failed(connectors.NotFound)}, at(1)), Waiting, true, ""},
		"issue in the dark":  {lost(begun(t)), Refused, false, "not found"},
		"may not look":       {m.Take(begun(t), LookedUp{Err: failed(connectors.Forbidden)}, at(1)), Refused, false, "not allowed"},
		"a forged mark":      {m.Take(begun(t), LookedUp{Comments: []connectors.Comment{shown(begun(t), func(c *connectors.Comment) { c.Own = false })}}, at(1)), Waiting, true, ""},
		"shown to everybody": {m.Take(sent(t), PostAnswered{Comment: shown(begun(t), func(c *connectors.Comment) { c.Audience = connectors.Audience{} })}, at(1)), Editing, true, "more people"},
	} {
		if got := c.got.State(); got != c.want || c.got.Open() != c.open || !strings.Contains(c.got.Problem, c.tells) || (c.tells == "") != (c.got.Problem == "") {
			t.Errorf("%s: %s, open %v, %q; want %s", name, got, c.got.Open(), c.got.Problem, c.want)
		}
	}
}

func first(r Remark, _ *Request, _ time.Time) Remark { return r }

func lost(r Remark) Remark {
	for range notFoundTries + 1 {
		r = machine().Take(r, LookedUp{Err: failed(connectors.NotFound)}, at(1))
	}
	return r
}

// What a tracker has shown to more people than meant is deleted, whoever may have read it.
func TestAnExposedCommentIsDeleted(t *testing.T) {
	t.Parallel()
	m, r := machine(), sent(t)
	open := shown(r, func(c *connectors.Comment) { c.Audience = connectors.Audience{} })
	r = m.Take(r, PostAnswered{Comment: open}, at(1))
	r, _ = asked(t, r, at(1), Read)
	r = m.Take(r, ReadAnswered{Comment: open}, at(1))
	r, _ = asked(t, r, at(1), Delete)
	if r = m.Take(r, ChangeAnswered{}, at(2)); r.State() != Deleted {
		t.Errorf("%s", r.State())
	}
}

func TestAnEditKeepsTheAudienceAndPeoplesWords(t *testing.T) {
	t.Parallel()
	m := machine()
	r, err := m.Rewrite(posted(t), "Which day?", nil, at(10))
	if err != nil {
		t.Fatal(err)
	}
	r, _ = asked(t, r, at(10), Read)
	agents := connectors.Audience{Role: "Developers", ID: "10001"} // renamed or named by its id meanwhile
	asWas := func(c *connectors.Comment) { c.Body, c.Audience = "Which week?", agents }
	for name, c := range map[string]struct {
		see  connectors.Comment
		want Kind
		says string
	}{
		"as it was":           {shown(r, asWas), Edit, ""},
		"edited by somebody":  {shown(r, asWas, func(c *connectors.Comment) { c.Body, c.Updated = "Any week", at(5) }), "", "somebody has edited"},
		"touched by somebody": {shown(r, asWas, func(c *connectors.Comment) { c.Updated = at(5) }), Edit, ""},
		"shown to more":       {shown(r, asWas, func(c *connectors.Comment) { c.Audience = connectors.Audience{} }), "", "more people"},
	} {
		got := m.Take(r, ReadAnswered{Comment: c.see, Began: at(10)}, at(10))
		next, q, _ := m.Next(got, at(10))
		switch {
		case c.want == "" && (q != nil || next.State() != Refused || !strings.Contains(next.Problem, c.says)):
			t.Errorf("%s: %+v, %s %q", name, q, next.State(), next.Problem)
		case c.want != "" && (q == nil || q.Kind != c.want || q.Draft.Audience != agents || q.ID != "11" || q.Draft.Body != "Which day?"):
			t.Errorf("%s: %+v", name, q)
		}
	}
}

func TestTheSameTextIsNoEdit(t *testing.T) {
	t.Parallel()
	r := posted(t)
	same, err := machine().Rewrite(r, "Which  week?\n", nil, at(2))
	if d := cmp.Diff(r, same); err != nil || d != "" {
		t.Error(err, d)
	}
	if _, err := machine().Rewrite(r, "", nil, at(2)); err == nil {
		t.Error("an empty text is taken")
	}
	if _, err := machine().Rewrite(machine().Withdraw(r, at(2)), "new", nil, at(2)); err == nil {
		t.Error("a withdrawn comment can be rewritten")
	}
}

func TestNothingIsSentWithoutPermission(t *testing.T) {
	t.Parallel()
	m := machine()
	m.Write = false
	r, q, _ := m.Next(begun(t), at(0))
	if q != nil || r.State() != Held {
		t.Errorf("%+v, %s", q, r.State())
	}
	edited, err := m.Rewrite(posted(t), "new", nil, at(2))
	if _, q, _ := m.Next(edited, at(2)); err != nil || q != nil || edited.State() != Editing {
		t.Errorf("an edit asks for %+v, %s", q, edited.State())
	}
	if _, q, _ = m.Next(m.Allow(r, at(1)), at(1)); q == nil || q.Kind != LookUp {
		t.Errorf("allowed, it asks for %+v", q)
	}
	if _, q, _ = machine().Next(r, at(1)); q == nil || q.Kind != LookUp {
		t.Errorf("once writing is on, it asks for %+v", q)
	}
}

// An own comment that has lost its mark may be the one: a person is asked, and nothing is
// posted again by itself.
func TestACommentWithoutItsMarkIsSuspected(t *testing.T) {
	t.Parallel()
	m := machine()
	bare := func(c *connectors.Comment) { c.Marker = "" }
	for name, c := range map[string]struct {
		change []func(*connectors.Comment)
		want   State
	}{
		"the mark is gone":     {[]func(*connectors.Comment){bare}, Held},
		"edited":               {[]func(*connectors.Comment){bare, func(c *connectors.Comment) { c.Body, c.Updated = "other", at(9) }}, Held},
		"another of ours":      {[]func(*connectors.Comment){bare, func(c *connectors.Comment) { c.Body = "other" }}, Waiting},
		"somebody else's":      {[]func(*connectors.Comment){bare, func(c *connectors.Comment) { c.Own = false }}, Waiting},
		"of long before":       {[]func(*connectors.Comment){bare, func(c *connectors.Comment) { c.Created = at(-100) }}, Waiting},
		"the mark of another":  {[]func(*connectors.Comment){func(c *connectors.Comment) { c.Marker = m.Mark("comment", "x", place(issue())) }}, Waiting},
		"another place's mark": {[]func(*connectors.Comment){func(c *connectors.Comment) { c.Marker = m.Mark("comment", sourceID("q1"), "x") }}, Held},
	} {
		r := m.Take(sent(t), PostAnswered{Err: failed(connectors.Unknown)}, at(1))
		over := m.Horizon(r.Post)
		r = m.Take(r, LookedUp{Comments: []connectors.Comment{shown(r, c.change...)}, Began: over}, over)
		if r.State() != c.want {
			t.Errorf("%s: %s, want %s", name, r.State(), c.want)
		}
		if c.want == Held {
			if again := first(m.Next(m.Allow(r, over), over)); again.State() != Sending {
				t.Errorf("%s: let go, it is %s", name, again.State())
			}
		}
	}
}

func TestAKeyIsNobodysBusiness(t *testing.T) {
	t.Parallel()
	r := begun(t)
	if strings.Contains(r.Post.Mark, "q1") || !connectors.IsMarker(r.Post.Mark) {
		t.Error(r.Post.Mark)
	}
	for name, change := range map[string]func(*Wish){
		"no key": func(w *Wish) { w.Key = "" }, "a long key": func(w *Wish) { w.Key = strings.Repeat("k", MaxKey+1) },
		"no issue": func(w *Wish) { w.Issue = connectors.Ref{} }, "no text": func(w *Wish) { w.Body = " " },
	} {
		w := wish()
		change(&w)
		if _, err := machine().New(w, "op", at(0)); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	m := machine()
	m.Keys = nil
	if _, err := m.New(wish(), "op", at(0)); err == nil || !strings.Contains(err.Error(), "marker_key") {
		t.Error(err)
	}
}

func TestTriesComeFurtherApart(t *testing.T) {
	t.Parallel()
	m := machine()
	r := m.Withdraw(posted(t), at(10))
	var waits []time.Duration
	now := at(10)
	for range 8 {
		r, _ = asked(t, r, now, Read)
		r = m.Take(r, ReadAnswered{Err: failed(connectors.Transient)}, now)
		waits = append(waits, r.Change.NextAt.Sub(now))
		now = r.Change.NextAt
	}
	if !slices.IsSorted(waits) || waits[0] != 2*time.Second || waits[7] != time.Minute {
		t.Errorf("%v", waits)
	}
	for _, kind := range []connectors.ErrorKind{connectors.NotFound, connectors.Moved} {
		if r := m.Take(r, ReadAnswered{Err: failed(kind)}, now); !r.Change.NextAt.Equal(now.Add(seldom)) {
			t.Errorf("%s time and again: again at %s", kind, r.Change.NextAt)
		}
	}
	named := at(9999)
	if r = m.Take(r, ReadAnswered{Err: &connectors.Error{Kind: connectors.RateLimit, RetryAt: named}}, now); !r.Change.NextAt.Equal(named) {
		t.Errorf("again at %s, the tracker said %s", r.Change.NextAt, named)
	}
}

// A read can be late: it proves neither that a comment is gone that was posted just now,
// nor that somebody has edited one that shows what it said before.
func TestALateReadIsNoNews(t *testing.T) {
	t.Parallel()
	m := machine()
	gone := ReadAnswered{Err: failed(connectors.Gone), Began: at(10)}
	for name, r := range map[string]Remark{"withdrawn": m.Withdraw(posted(t), at(10)), "rewritten": rewritten(t, posted(t), at(10))} {
		late := m.Take(r, gone, at(10))
		if !late.Open() || !late.Gone.IsZero() {
			t.Errorf("%s: %s, %q", name, late.State(), late.Problem)
		}
		gone := ReadAnswered{Err: failed(connectors.Gone), Began: at(1).Add(m.Visible + time.Second)}
		if sure := m.Take(late, gone, at(200)); sure.Gone.IsZero() || sure.Open() {
			t.Errorf("%s: after a while it is %s", name, sure.State())
		}
	}
	r := rewritten(t, edited(t), at(30))
	before := shown(r, func(c *connectors.Comment) { c.Body = "Which week?" }) // as it was posted
	if r = m.Take(r, ReadAnswered{Comment: before, Began: at(30)}, at(30)); r.State() != Editing || !r.Change.NextAt.After(at(30)) {
		t.Fatalf("an older version: %s, %q", r.State(), r.Problem)
	}
	r, _ = asked(t, r, r.Change.NextAt, Read)
	r = m.Take(r, ReadAnswered{Comment: shown(r, func(c *connectors.Comment) { c.Body, c.Updated = "Which day?", at(20) })}, at(40))
	asked(t, r, at(40), Edit)
}

func rewritten(t *testing.T, r Remark, now time.Time) Remark {
	t.Helper()
	r, err := machine().Rewrite(r, "Which hour?", nil, now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// changing is a comment whose edit was sent.
func changing(t *testing.T) Remark {
	t.Helper()
	r, err := machine().Rewrite(posted(t), "Which day?", nil, at(20))
	if err != nil {
		t.Fatal(err)
	}
	r, _ = asked(t, r, at(20), Read)
	r = machine().Take(r, ReadAnswered{Comment: shown(r, func(c *connectors.Comment) { c.Body = "Which week?" })}, at(20))
	r, _ = asked(t, r, at(20), Edit)
	return r
}

func edited(t *testing.T) Remark {
	t.Helper()
	r := changing(t)
	return machine().Take(r, ChangeAnswered{Comment: shown(r, func(c *connectors.Comment) { c.Updated = at(20) })}, at(20))
}

// An edit can lose what kept a comment for few: then it is deleted, like one that was
// posted so.
func TestAnEditThatExposesACommentIsTakenBack(t *testing.T) {
	t.Parallel()
	m, r := machine(), changing(t)
	open := shown(r, func(c *connectors.Comment) { c.Updated, c.Audience = at(20), connectors.Audience{} })
	unheard := m.Take(r, ChangeAnswered{Err: failed(connectors.Unknown)}, at(20))
	for name, r := range map[string]Remark{
		"answered": m.Take(r, ChangeAnswered{Comment: open}, at(20)),
		"read":     m.Take(unheard, ReadAnswered{Comment: open, Began: at(25)}, at(25)),
	} {
		r, _ = asked(t, r, at(30), Read)
		r = m.Take(r, ReadAnswered{Comment: open, Began: at(30)}, at(30))
		asked(t, r, at(30), Delete)
		if !strings.Contains(r.Problem, "more people") {
			t.Errorf("%s: %q", name, r.Problem)
		}
	}
}

// Another text is no reason to ask before the moment that the tracker has named.
func TestAnotherTextWaitsAsTheTrackerAsked(t *testing.T) {
	t.Parallel()
	m, quiet := machine(), at(80)
	r := m.Take(changing(t), ChangeAnswered{Err: &connectors.Error{Kind: connectors.RateLimit, Scope: connectors.ScopeIssue, RetryAt: quiet}}, at(20))
	for name, r := range map[string]Remark{"rewritten": rewritten(t, r, at(30)), "withdrawn": m.Withdraw(r, at(30))} {
		if _, q, wake := m.Next(r, at(30)); q != nil || !wake.Equal(quiet) {
			t.Errorf("%s: asks for %+v, or at %s", name, q, wake)
		}
	}
}

// With an issue that was deleted goes what nobody has heard of.
func TestACommentOnADeletedIssueIsOver(t *testing.T) {
	t.Parallel()
	m := machine()
	r := m.Take(sent(t), PostAnswered{Err: failed(connectors.Unknown)}, at(1))
	if r = m.Take(r, LookedUp{Err: failed(connectors.Gone), Began: at(5)}, at(5)); r.Open() || r.State() != Vanished || !strings.Contains(r.Problem, "deleted") {
		t.Errorf("%s, %q", r.State(), r.Problem)
	}
}
