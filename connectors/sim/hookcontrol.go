package sim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// HooksPath is where ControlHooks answers.
const HooksPath = "/_sim/hooks"

// ControlHooks lets tests in other programs have webhooks sent while the simulator runs:
// at HooksPath POST takes a Hook, GET tells what there is and what it came to, DELETE
// ends it all. Below it, /faults is to webhooks what ControlPath is to requests. All
// other requests go to h. Like Control it belongs on the simulator's own address only.
func ControlHooks(h http.Handler, hooks *Hooks) http.Handler {
	faults := control(HooksPath+"/faults", h, hooks.script)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != HooksPath {
			faults.ServeHTTP(w, r)
			return
		}
		switch r.Method {
		case http.MethodGet:
		case http.MethodDelete:
			hooks.Clear()
		case http.MethodPost:
			if err := hooks.take(r); err != nil {
				answer(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
				return
			}
		default:
			w.Header().Set("Allow", "GET, POST, DELETE")
			answer(w, http.StatusMethodNotAllowed, map[string]string{"error": "use GET, POST or DELETE"})
			return
		}
		answer(w, http.StatusOK, hooks.state())
	})
}

// take adds the hook that a request names.
func (h *Hooks) take(r *http.Request) error {
	if !sendsJSON(r) {
		return fmt.Errorf("send application/json")
	}
	var hook Hook
	dec := json.NewDecoder(io.LimitReader(r.Body, maxOrder))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&hook); err != nil {
		return fmt.Errorf("read the hook: %w", err)
	}
	return h.Add(hook)
}

// sendsJSON reports whether a request has a type that a page in somebody's browser
// cannot send to another address unasked.
func sendsJSON(r *http.Request) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.TrimSpace(kind) == "application/json"
}

// state is what the control answers. Secrets are not in it.
func (h *Hooks) state() any {
	type shown struct {
		URL    string   `json:"url"`
		Signed bool     `json:"signed"`
		Events []string `json:"events,omitempty"`
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	out := struct {
		Hooks   []shown        `json:"hooks"`
		Waiting int            `json:"waiting"`
		Answers map[string]int `json:"answers"` // by status; "none" where nobody answered
	}{Hooks: []shown{}, Waiting: len(h.queue), Answers: map[string]int{}}
	for _, hook := range h.list {
		out.Hooks = append(out.Hooks, shown{hook.URL, hook.Secret != "", hook.Events})
	}
	for status, n := range h.answers {
		name := "none"
		if status != 0 {
			name = fmt.Sprint(status)
		}
		out.Answers[name] = n
	}
	return out
}
