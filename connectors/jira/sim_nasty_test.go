package jira_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

// fail makes the next requests that fit go wrong in a way that has a name.
func (b *bench) fail(name, path string, times int) {
	b.t.Helper()
	kinds := b.site.Faults()
	at := slices.IndexFunc(kinds, func(k sim.Kind) bool { return k.Name == name })
	if at < 0 {
		b.t.Fatalf("there is no fault %q", name)
	}
	script := sim.NewScript(1, kinds)
	script.Add(sim.Rule{Fault: kinds[at].Make, Path: path, Times: times})
	b.site.SetFaults(script.Fault)
}

// Each named fault, met by a read and by a write: a kind, a scope and a moment, and never
// a success that was none.
func TestSimNamedFaults(t *testing.T) {
	t.Parallel()
	type want struct {
		read, write connectors.ErrorKind
		scope       string
		wait        time.Duration
	}
	both := map[string]want{
		"login-page":     {connectors.Malformed, connectors.Malformed, "", 0},
		"login-redirect": {connectors.Malformed, connectors.Malformed, "", 0},
		"unavailable":    {connectors.Transient, connectors.Unknown, "", 2 * time.Second},
		"outage":         {connectors.Transient, connectors.Unknown, "", 0},
		"half-body":      {connectors.Transient, "", "", 0},
		"lost-answer":    {connectors.Transient, connectors.Unknown, "", 0},
		"cut":            {connectors.Transient, connectors.Unknown, "", 0},
		"conflict":       {"", connectors.Conflict, "", 0},
		"nobody":         {connectors.Auth, connectors.Auth, "", 0},
	}
	cloud := map[string]want{
		"quota-global":   {connectors.RateLimit, connectors.RateLimit, "", 30 * time.Second},
		"quota-tenant":   {connectors.RateLimit, connectors.RateLimit, "", 30 * time.Second},
		"burst":          {connectors.RateLimit, connectors.RateLimit, "endpoint", time.Second},
		"per-issue":      {connectors.RateLimit, connectors.RateLimit, "issue", 2 * time.Second},
		"no-retry-after": {connectors.RateLimit, connectors.RateLimit, "endpoint", 0},
		"near-limit":     {"", "", "", 0},
	}
	server := map[string]want{
		"limit":   {connectors.RateLimit, connectors.RateLimit, "", time.Second},
		"captcha": {connectors.Auth, connectors.Auth, "", 0},
	}
	check := func(t *testing.T, b *bench, name string, w want) {
		t.Helper()
		v := b.create(1)[0]
		c := b.server(func(c *jira.Config) {
			if !strings.HasPrefix(t.Name(), "TestSimNamedFaults/Data") {
				c.Auth, c.User = "basic", "bot@acme.test"
			}
		})
		_, err := c.Read(t.Context(), ref(v))
		b.must(err)
		say := func(what string, err error, kind connectors.ErrorKind) {
			t.Helper()
			if (err == nil) != (kind == "") || err != nil && connectors.KindOf(err) != kind {
				t.Errorf("%s of %s: %v, want %q", what, name, err, kind)
			}
			e, ok := errors.AsType[*connectors.Error](err)
			if !ok || kind != connectors.RateLimit && w.wait == 0 {
				return
			}
			if got := e.RetryAt.Sub(b.clock.Now()); e.Scope != w.scope || w.wait == 0 && !e.RetryAt.IsZero() || w.wait > 0 && got != w.wait {
				t.Errorf("%s of %s: scope %q until %v from now, want %q and %v", what, name, e.Scope, got, w.scope, w.wait)
			}
		}
		b.fail(name, "", 0)
		_, err = c.Read(t.Context(), ref(v))
		say("read", err, w.read)
		_, err = c.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: "2"})
		say("write", err, w.write)
	}
	for name, w := range both {
		t.Run("Cloud/"+name, func(t *testing.T) { t.Parallel(); check(t, newBench(t), name, w) })
		onServer := w
		if name == "half-body" {
			onServer.write = connectors.Unknown // 204: without a body there is no half
		}
		t.Run("Data Center/"+name, func(t *testing.T) { t.Parallel(); check(t, newServerBench(t), name, onServer) })
	}
	for name, w := range cloud {
		t.Run("Cloud/"+name, func(t *testing.T) { t.Parallel(); check(t, newBench(t), name, w) })
	}
	for name, w := range server {
		t.Run("Data Center/"+name, func(t *testing.T) { t.Parallel(); check(t, newServerBench(t), name, w) })
	}
}

// Empty pages lead on, and pages that go round end the read without a gap.
func TestSimOddPages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	issues := b.create(250)
	b.fail("empty-page", "/search", 2)
	if got := b.poll(); len(got) != 250 {
		t.Errorf("%d issues behind two empty pages", len(got))
	}
	b.cursor = connectors.Cursor{}
	b.fail("token-loop", "/search", 0)
	b.site.Log().Reset()
	if got := b.poll(); len(got) < 200 || b.site.Log().Len() > 4 {
		t.Errorf("%d issues in %d requests of a loop", len(got), b.site.Log().Len())
	}
	b.site.SetFaults(nil)
	if got := b.poll(); got[issues[249].Key].Issue.Key == "" {
		t.Error("what the loop hid is not read afterwards")
	}
}

// A transition that says yes and moves nothing leaves the status for the next read to tell.
func TestSimUnmoved(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*bench{"Cloud": newBench(t), "Data Center": newServerBench(t)} {
		v := b.create(1)[0]
		b.fail("unmoved", "/transitions", 1)
		_, err := b.client.Transitions(t.Context(), ref(v))
		b.must(err)
		b.fail("unmoved", "/transitions", 1)
		got, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Transition: "11"})
		b.must(err)
		o, err := b.client.Read(t.Context(), ref(v))
		if err != nil || got.Issue != nil || o.Issue.Status.ID != "1" || len(o.Entries) != 0 {
			t.Errorf("%s: %+v after the receipt %+v, %v", name, o.Issue.Status, got, err)
		}
	}
}

// An account whose language is German: ids are what counts, the original names are there
// to be mapped, and a refusal is known by its field.
func TestSimInAnotherLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	words := jirasim.German()
	words["Status"], words["status"], words["labels"] = "Zustand", "Zustand", "Stichwörter"
	b.site.Translate("de_DE", words)
	b.site.AddUser(jirasim.User{AccountID: "bot", DisplayName: "Parley", Email: "bot@acme.test", Token: "t0ken", Locale: "de_DE"})
	v := b.create(1)[0]
	b.must(b.site.Transition("ana", v.Key, "Start", jirasim.Edit{}))
	b.must(b.site.Edit("ana", v.Key, jirasim.Edit{AddLabels: []string{"audit"}}))
	o := b.poll()[v.Key]
	if o.Issue.Status != (connectors.Option{ID: "3", Name: "In Arbeit", Category: "indeterminate"}) || len(o.Entries) != 2 {
		t.Fatalf("%+v", o)
	}
	if c := o.Entries[0].Changes[0]; c.Field != "status" || c.To != "3" {
		t.Errorf("a change of status shows as %+v", c)
	}
	if c := o.Entries[1].Changes[0]; c.Field != "label" || c.To != "audit" {
		t.Errorf("a label shows as %+v", c)
	}
	d, err := b.client.Check(t.Context())
	if err != nil || d.Statuses[1].Name != "In Arbeit" || d.Statuses[1].Untranslated != "In Progress" {
		t.Errorf("%+v, %v", d.Statuses, err)
	}
	_, err = b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Priority: "77"})
	if e, ok := errors.AsType[*connectors.Error](err); !ok || e.Kind != connectors.Invalid || e.Field != "priority" || !strings.Contains(e.Message, "ungültig") {
		t.Errorf("%v", err)
	}
}

// Archived issues leave the search and can still be read; a write to one is forbidden.
func TestSimArchived(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*bench{"Cloud": newBench(t), "Data Center": newServerBench(t)} {
		issues := b.create(2)
		b.must(b.site.Archive("ana", issues[0].Key, true))
		if got := b.poll(); len(got) != 1 {
			t.Errorf("%s: %d issues found", name, len(got))
		}
		if o, err := b.client.Read(t.Context(), ref(issues[0])); err != nil || o.Issue.Key != issues[0].Key || !o.Issue.Archived.Equal(b.clock.Now()) {
			t.Errorf("%s: %+v, %v", name, o.Issue, err)
		}
		if o, err := b.client.Read(t.Context(), ref(issues[1])); err != nil || !o.Issue.Archived.IsZero() {
			t.Errorf("%s: %+v, %v", name, o.Issue, err)
		}
		if _, err := b.client.Send(t.Context(), connectors.Write{Issue: ref(issues[0]), Priority: "2"}); connectors.KindOf(err) != connectors.Forbidden {
			t.Errorf("%s: write: %v", name, err)
		}
		b.site.ArchiveProject("OPS", true)
		d, err := b.client.Check(t.Context())
		if err != nil || d.Containers[0].Writable || !strings.Contains(d.Containers[0].Problem, "archived") {
			t.Errorf("%s: %+v, %v", name, d.Containers, err)
		}
	}
}

// Whatever is asked, a sign-in page in its place is never taken for an answer.
func TestSimLoginPageEverywhere(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := b.create(1)[0]
	b.poll()
	b.fail("login-page", "", 0)
	_, changes := b.client.Changes(t.Context(), b.cursor)
	_, transitions := b.client.Transitions(t.Context(), ref(v))
	_, _, history := b.client.History(t.Context(), ref(v), -1)
	_, links := b.client.Links(t.Context(), ref(v))
	_, count := b.client.Count(t.Context(), "")
	_, check := b.client.Check(t.Context())
	_, created := b.client.Created(t.Context(), connectors.Search{Container: "OPS"})
	_, move := b.client.Send(t.Context(), connectors.Write{Issue: ref(v), Transition: "11", Fields: map[string]string{"resolution": "Done"}})
	for what, err := range map[string]error{"changes": changes, "transitions": transitions, "history": history, "links": links, "count": count, "check": check, "created": created, "move": move} {
		if e, ok := errors.AsType[*connectors.Error](err); !ok || e.Kind != connectors.Malformed || e.Status != http.StatusOK || !strings.Contains(e.Hint, "sign-in page") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := b.client.Create(t.Context(), draft()); err == nil {
		t.Error("a create succeeds")
	}
}
