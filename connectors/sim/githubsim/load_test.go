package githubsim_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim/githubsim"
)

func TestLoadAndWrite(t *testing.T) {
	t.Parallel()
	const one = `{"id":191149008,"number":6,"title":"Refs","state":"closed","state_reason":"completed","comments":2,"created_at":"2016-11-22T23:04:12Z",
		"updated_at":"2017-01-02T00:00:00Z","closed_at":"2017-01-01T00:00:00Z","body":"b\r\n","user":{"login":"mt","id":67641,"type":"User"},
		"labels":[{"id":481871311,"name":"editorial","color":"0e8a16","description":null},"plain"],"assignees":[{"login":"ek","id":9}],
		"milestone":{"id":5,"number":3,"title":"First","due_on":"2017-02-01T00:00:00Z"},"unknown":1}`
	const two = `{"id":191149009,"number":2,"title":"PR","state":"open","created_at":"2016-11-20T00:00:00Z","updated_at":"2016-11-20T00:00:00Z",
		"user":null,"labels":[],"assignees":[],"milestone":null,"pull_request":{"url":"x"}}`
	for name, text := range map[string]string{"array": " [" + one + "," + two + "]\n", "lines": one + "\n" + two + "\n",
		"byte order mark": "\ufeff[" + one + "," + two + "]"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, githubsim.Options{})
			w.must(w.hub.LoadJSON(pay, strings.NewReader(text)))
			six := w.state(6)
			if six.ID != 191149008 || fmt.Sprintf("%v %v %v %v", six.Labels, six.Assignees, six.Milestone, six.Comments) != "[editorial plain] [ek] First 2" ||
				!six.Closed.Equal(time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)) || six.User != "mt" {
				t.Errorf("issue %+v", six)
			}
			if got := w.get(issuesPath + "?state=all&direction=asc").rows(t); !cmp.Equal(got, []int{2, 6}) {
				t.Errorf("list %v", got)
			}
			if diff := cmp.Diff([]string{"labeled editorial", "labeled plain", "assigned ek", "milestoned First", "closed completed"}, w.kinds(6)); diff != "" {
				t.Errorf("history (-want +got)\n%s", diff)
			}
			if next := w.issue("next").Number; next != 7 {
				t.Errorf("next number %d", next)
			}
			roundTrip(t, w)
		})
	}
}

// roundTrip writes the issues and loads them into another hub: the same issues.
func roundTrip(t *testing.T, w *world) {
	t.Helper()
	var first, second bytes.Buffer
	w.must(w.hub.WriteJSON(pay, &first))
	again := newState(t, githubsim.Options{})
	again.must(again.hub.LoadJSON(pay, bytes.NewReader(first.Bytes())))
	again.must(again.hub.WriteJSON(pay, &second))
	strip := func(b []byte) []map[string]any {
		var out []map[string]any
		d := json.NewDecoder(bytes.NewReader(b))
		for d.More() {
			m := map[string]any{}
			again.must(d.Decode(&m))
			out = append(out, m)
		}
		return out
	}
	if diff := cmp.Diff(w.hub.Issues(pay), again.hub.Issues(pay), cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".NodeID" }, cmp.Ignore())); diff != "" {
		t.Errorf("round trip (-want +got)\n%s", diff)
	}
	if got, want := len(strip(second.Bytes())), len(strip(first.Bytes())); got != want {
		t.Errorf("%d issues written, then %d", want, got)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON":         `[{"number":1,`,
		"no number":       `[{"title":"x","created_at":"2020-01-01T00:00:00Z"}]`,
		"no date":         `{"number":1,"title":"x"}`,
		"number taken":    `{"number":1,"title":"x","created_at":"2020-01-01T00:00:00Z"}{"number":1,"title":"y","created_at":"2020-01-01T00:00:00Z"}`,
		"nameless label":  `{"number":1,"title":"x","created_at":"2020-01-01T00:00:00Z","labels":[{"name":""}]}`,
		"label no object": `{"number":1,"title":"x","created_at":"2020-01-01T00:00:00Z","labels":[7]}`,
		"unclosed array":  `[{"number":1,"title":"x","created_at":"2020-01-01T00:00:00Z"}`,
	} {
		w := newState(t, githubsim.Options{})
		if err := w.hub.LoadJSON(pay, strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), pay) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := newState(t, githubsim.Options{})
	if err := w.hub.LoadJSON("acme/none", strings.NewReader("[]")); err == nil {
		t.Error("loaded into a repository that is not there")
	}
	if err := w.hub.LoadJSON(pay, strings.NewReader(" ")); err != nil {
		t.Errorf("an empty dump: %v", err)
	}
}
