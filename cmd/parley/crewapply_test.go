package main

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestApplyBesideACrew has three daemons in plan mode share one store in PostgreSQL, and the
// same plan applied by several commands at the same moment, while the daemon that decides is
// killed. Each write is sent by one daemon, once, and every command tells what became of it.
func TestApplyBesideACrew(t *testing.T) {
	t.Parallel()
	w := startCrewWorld(t, 1, 1, 3)
	for _, m := range w.members {
		file := m.config
		w.write(file, strings.Replace(w.read(file), `write = "on"`, `write = "plan"`, 1))
	}
	base := strings.TrimSuffix(w.members[0].config, "-1.toml") + ".toml"
	w.write(base, strings.Replace(w.read(base), `write = "on"`, `write = "plan"`, 1))
	for _, m := range w.members {
		w.run(m)
	}
	until(t, "every pair to be one card", 120*time.Second, w.allPaired)
	until(t, "both trackers to be read", 60*time.Second, w.ready) // a first contact plans nothing
	until(t, "one daemon to decide", 60*time.Second, func() bool { return w.decider() != nil })
	for n, p := range w.pairs {
		to := []string{"High", "Low"}[n%2]
		if code, err := w.do("jira", "PUT", "/rest/api/2/issue/"+p.key, object{"fields": object{"priority": object{"name": to}}}, nil); err != nil || code >= 300 {
			t.Fatalf("change %s: %d %v", p.key, code, err)
		}
	}
	var plan struct {
		Hash   string
		Writes []struct{ Field string }
	}
	until(t, "all writes to be planned", 60*time.Second, func() bool { // beside twins that are to be created
		out, err := w.printed("plan", "--offline", "--json")
		n := 0
		if err == nil && json.Unmarshal([]byte(out), &plan) == nil {
			for _, x := range plan.Writes {
				n += strings.Count(x.Field, "priority")
			}
		}
		return n == len(w.pairs)
	})
	if n := w.log.count(); n != 0 {
		t.Fatalf("%d writes were sent in plan mode", n)
	}
	w.applied(t, plan.Hash, len(plan.Writes))
	for _, p := range w.pairs {
		until(t, p.key+" to be the same on both sides", 60*time.Second, func() bool { return w.agrees(p) })
		w.writtenOnce(p)
	}
	for _, c := range w.unrest.clashes {
		t.Error(c)
	}
	if out, err := w.command("apply", plan.Hash); err == nil || strings.Contains(out, "\nsent") {
		t.Errorf("applied once more: %v\n%s", err, out)
	}
}

// applied has the plan applied by three commands at once, and the daemon that decides killed
// meanwhile.
func (w *crewWorld) applied(t *testing.T, hash string, writes int) {
	t.Helper()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			out, err := w.printed("apply", hash, "--json")
			var told struct {
				Writes []struct{ State, Problem string }
			}
			if bad := json.Unmarshal([]byte(out), &told); bad != nil || len(told.Writes) != writes {
				t.Errorf("apply tells of %d writes: %v, %v\n%s", len(told.Writes), err, bad, out)
			}
			for _, x := range told.Writes {
				if x.State != "sent" && x.Problem == "" {
					t.Errorf("%s, and nothing says why", x.State)
				}
			}
		})
	}
	until(t, "a first write", 60*time.Second, func() bool { return w.log.count() > 0 })
	if d := w.decider(); d != nil {
		w.killMember(d)
	}
	all.Wait()
}

// agrees reports whether GitHub shows the priority that Jira has.
func (w *crewWorld) agrees(p twins) bool {
	want := "priority:" + strings.ToLower(w.jiraIssue(p.key).Fields.Priority.Name)
	for _, l := range w.hubIssue(p).Labels {
		if l.Name == want {
			return true
		}
	}
	return false
}
