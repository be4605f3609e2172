package hostile

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"parley/connectors"
)

// broken are calls that break one law each.
func broken() map[string]func() (any, error) {
	good := connectors.Error{Kind: connectors.Auth, Tracker: "t", Doing: "read", Hint: "mend it"}
	refusal := func(change func(*connectors.Error)) func() (any, error) {
		return func() (any, error) {
			e := good
			change(&e)
			return nil, &e
		}
	}
	gives := func(v any) func() (any, error) { return func() (any, error) { return v, nil } }
	return map[string]func() (any, error){
		"plain":        func() (any, error) { return nil, errors.New("oh") },
		"kind":         refusal(func(e *connectors.Error) { e.Kind = "odd" }),
		"doing":        refusal(func(e *connectors.Error) { e.Doing = "" }),
		"secret":       refusal(func(e *connectors.Error) { e.Err = errors.New(Secret) }),
		"control":      refusal(func(e *connectors.Error) { e.Message = "a\nb" }),
		"hint":         refusal(func(e *connectors.Error) { e.Hint = "" }),
		"retry before": refusal(func(e *connectors.Error) { e.RetryAt = Now().Add(-time.Second) }),
		"retry late":   refusal(func(e *connectors.Error) { e.RetryAt = Now().Add(48 * time.Hour) }),
		"issue":        gives(connectors.Page{Observations: []connectors.Observation{{Issue: connectors.Issue{Title: "x", Updated: Now()}}}}),
		"entry":        gives([]connectors.Entry{{ID: "1", IssueID: "2", Seq: -1, At: Now()}}),
		"year":         gives(&connectors.Entry{ID: "1", IssueID: "2", At: Now().AddDate(300, 0, 0)}),
		"long":         gives(map[string]string{"x": strings.Repeat("x", 5000)}),
		"not asked":    nil,
	}
}

// TestLawsAreHeld: each broken law fails a test, which is run in a process of its own.
func TestLawsAreHeld(t *testing.T) {
	t.Parallel()
	if name := os.Getenv("HOSTILE_BROKEN"); name != "" {
		Meet(t, caseOf(broken()[name]), Answer{})
		return
	}
	for name := range broken() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLawsAreHeld$")
			cmd.Env = append(os.Environ(), "HOSTILE_BROKEN="+name)
			if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "--- FAIL: TestLawsAreHeld") {
				t.Errorf("it passes: %v\n%s", err, out)
			}
		})
	}
}

// TestSoundCallsPass: what breaks no law passes.
func TestSoundCallsPass(t *testing.T) {
	t.Parallel()
	issue := connectors.Issue{Ref: connectors.Ref{ID: "1", Key: "A-1"}, Updated: Now(), Labels: []string{"x"}}
	for _, call := range []func() (any, error){
		func() (any, error) { return connectors.Observation{Issue: issue, Since: -1}, nil },
		func() (any, error) {
			return nil, &connectors.Error{Kind: connectors.RateLimit, Tracker: "t", Doing: "read", RetryAt: Now().Add(time.Minute)}
		},
	} {
		Meet(t, caseOf(call), Answer{})
	}
}

// caseOf asks once, unless there is nothing to be called.
func caseOf(call func() (any, error)) Case {
	return Case{
		Hit:  Path("GET", "/x"),
		Else: func(*http.Request) Answer { return JSON("{}") },
		Call: func(ctx context.Context, rt http.RoundTripper) (any, error) {
			if call == nil {
				return nil, nil
			}
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://x.example/x", nil)
			if err != nil {
				return nil, err
			}
			resp, err := rt.RoundTrip(r)
			if err != nil {
				return nil, err
			}
			_ = resp.Body.Close()
			return call()
		},
	}
}
