package storetest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/sync/mirror"
	"parley/sync/remark"
	"parley/sync/store"
)

func remarkCases() []check {
	return []check{
		{"a comment is kept under its key", keptRemark},
		{"a comment is written under its lock and the lease", lockedRemark},
		{"comments are due in their order", dueRemarks},
		{"comments are listed by issue, and while they are open", listedRemarks},
		{"a check finds comments that cannot be", oddRemarks},
	}
}

func newRemark(key, issue string) remark.Remark {
	return remark.Remark{
		Key: key, Issue: connectors.Ref{Tracker: "jira", ID: issue, Key: "OPS-" + issue}, Body: "Which week?", Version: 1,
		Links: []connectors.Link{{URL: "https://acme.example", Title: "a link"}}, Audience: connectors.Audience{Role: "Developers"},
		Post: mirror.Saga{ID: "op-" + key, State: mirror.Sending, SentAt: at(1), Suspects: []string{"9"}},
	}
}

// ended is a comment about which nothing is to be done any more.
func ended(r remark.Remark, id string) remark.Remark {
	r.Post.State, r.Post.Issue, r.Written = mirror.Done, id, r.Version
	return r
}

func putRemarks(t fixture, ws ...store.RemarkWrite) {
	t.Helper()
	commit(t, t.store, store.Commit{Remarks: ws})
}

func keptRemark(t fixture) {
	want := newRemark("q1", "7")
	before := must(t.store.Seq(t.Context()))(t)
	putRemarks(t, store.RemarkWrite{Remark: want, Dirty: true})
	got := must(t.store.Remark(t.Context(), "q1"))(t)
	want.Lock = 1
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if after := must(t.store.Seq(t.Context()))(t); after != before {
		t.Errorf("the data sequence moves from %d to %d; pages show no comments", before, after)
	}
	if _, err := t.store.Remark(t.Context(), "q2"); !errors.Is(err, store.ErrUnknown) {
		t.Errorf("a key nobody used: %v", err)
	}
	for name, bad := range map[string][]store.RemarkWrite{
		"no key": {{}}, "not text": {{Remark: newRemark("a\xff", "7")}}, "a long key": {{Remark: newRemark(strings.Repeat("k", 501), "7")}},
		"twice": {{Remark: newRemark("x", "7")}, {Remark: newRemark("x", "7")}},
	} {
		if _, err := t.store.Commit(t.Context(), store.Commit{Remarks: bad}); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}

func lockedRemark(t fixture) {
	putRemarks(t, store.RemarkWrite{Remark: newRemark("q1", "7")})
	r := must(t.store.Remark(t.Context(), "q1"))(t)
	r.Body = "first"
	putRemarks(t, store.RemarkWrite{Remark: r})
	r.Body = "second"
	for name, stale := range map[string]remark.Remark{"on an old lock": r, "as a new one": newRemark("q1", "7")} {
		_, err := t.store.Commit(t.Context(), store.Commit{Remarks: []store.RemarkWrite{{Remark: newRemark("q0"+name, "7")}, {Remark: stale}}})
		if !errors.Is(err, store.ErrStale) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := t.store.Remark(t.Context(), "q0"+name); !errors.Is(err, store.ErrUnknown) {
			t.Errorf("%s: half of a commit is there: %v", name, err)
		}
	}
	if got := must(t.store.Remark(t.Context(), "q1"))(t); got.Body != "first" || got.Lock != 2 {
		t.Errorf("%q under lock %d", got.Body, got.Lock)
	}
	epoch := must(t.store.Acquire(t.Context(), store.LeaseRunner, "me", time.Minute, at(0)))(t)
	must(t.store.Acquire(t.Context(), store.LeaseRunner, "you", time.Minute, at(100)))(t)
	if _, err := t.store.Commit(t.Context(), store.Commit{Epoch: epoch, Remarks: []store.RemarkWrite{{Remark: newRemark("q9", "7")}}}); !errors.Is(err, store.ErrFenced) {
		t.Errorf("under a lost lease: %v", err)
	}
}

func dueRemarks(t fixture) {
	putRemarks(t,
		store.RemarkWrite{Remark: newRemark("c", "7"), Dirty: true, NextAt: at(5)},
		store.RemarkWrite{Remark: newRemark("b", "7"), Dirty: true, NextAt: at(2)},
		store.RemarkWrite{Remark: newRemark("a", "7"), Dirty: true, NextAt: at(2)},
		store.RemarkWrite{Remark: newRemark("held", "7")},
		store.RemarkWrite{Remark: newRemark("now", "7"), Dirty: true})
	for n, want := range map[int][]string{0: {"now"}, 2: {"now", "a", "b"}, 9: {"now", "a", "b", "c"}} {
		if got := must(t.store.RemarksDue(t.Context(), at(n), 10))(t); !slices.Equal(got, want) {
			t.Errorf("due after %d s: %q, want %q", n, got, want)
		}
	}
	if got := must(t.store.RemarksDue(t.Context(), at(9), 2))(t); !slices.Equal(got, []string{"now", "a"}) {
		t.Errorf("the first two: %q", got)
	}
}

func keysOf(rs []remark.Remark) (keys []string) {
	for _, r := range rs {
		keys = append(keys, r.Key)
	}
	return keys
}

func listedRemarks(t fixture) {
	putRemarks(t, store.RemarkWrite{Remark: newRemark("b", "7")}, store.RemarkWrite{Remark: ended(newRemark("a", "7"), "1")}, store.RemarkWrite{Remark: newRemark("c", "8")})
	if got := keysOf(must(t.store.OpenRemarks(t.Context()))(t)); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("open: %q", got)
	}
	if got := keysOf(must(t.store.RemarksOf(t.Context(), "jira", "7"))(t)); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("of an issue: %q", got)
	}
	if got := must(t.store.RemarksOf(t.Context(), "github", "7"))(t); len(got) != 0 {
		t.Errorf("of another tracker's: %q", keysOf(got))
	}
	for prefix, want := range map[string]int64{"": 3, "a": 1, "A": 0, "c_": 0} {
		if got := must(t.store.RemarksNamed(t.Context(), prefix))(t); got != want {
			t.Errorf("%d keys begin with %q, want %d", got, prefix, want)
		}
	}
	finds(t)
}

func oddRemarks(t fixture) {
	putRemarks(t, store.RemarkWrite{Remark: ended(newRemark("a", "7"), "1"), Dirty: true}, store.RemarkWrite{Remark: ended(newRemark("b", "7"), "1")})
	finds(t, `comment "a" waits for a step, but is posted`, `comments "a" and "b" are both comment 1 on issue 7 of jira`)
}
