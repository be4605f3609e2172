package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"parley/sync/oracle"
)

// transition takes a random way out of the Jira issue's status, but for the status
// that the board does not know. "" says that it could not be done.
func (w *killWorld) transition(p twins) string {
	var ways struct {
		Transitions []struct {
			ID, Name  string
			HasScreen bool
			To        struct{ Name string }
		}
	}
	if code, err := w.do("jira", "GET", "/rest/api/2/issue/"+p.key+"/transitions", nil, &ways); err != nil || code != http.StatusOK || len(ways.Transitions) == 0 {
		return ""
	}
	way := ways.Transitions[w.rng.IntN(len(ways.Transitions))]
	if columnInJira(way.To.Name) == "unmapped" {
		return ""
	}
	body := object{"transition": object{"id": way.ID}}
	if way.HasScreen {
		body["fields"] = object{"resolution": object{"name": "Done"}}
	}
	code, err := w.do("jira", "POST", "/rest/api/2/issue/"+p.key+"/transitions", body, nil)
	return told(code, err, "Jira: %s to %s", way.Name, way.To.Name)
}

// told is the sentence where something was done, else "".
func told(code int, err error, format string, args ...any) string {
	if err != nil || code >= 300 {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func (w *killWorld) prioritise(p twins) string {
	to := priorities()[w.rng.IntN(4)][1]
	code, err := w.do("jira", "PUT", "/rest/api/2/issue/"+p.key, object{"fields": object{"priority": object{"name": to}}}, nil)
	return told(code, err, "Jira: priority %s", to)
}

// label puts one status or priority label in the place of all others of its family,
// in one request, as the label picker does.
func (w *killWorld) label(p twins) string {
	is := w.hubIssue(p)
	if is.State != "open" {
		return ""
	}
	family, to := "priority:", priorities()[w.rng.IntN(4)][2]
	if w.rng.IntN(2) == 0 {
		family, to = "status:", meanings()[1+w.rng.IntN(5)].label
	}
	code, err := w.do("github", "PUT", p.hubPath()+"/labels", object{"labels": relabelled(is, family, to)}, nil)
	return told(code, err, "GitHub: label %s", to)
}

func relabelled(is hubIssue, family, to string) []string {
	out := []string{to}
	for _, l := range is.labels() {
		if !strings.HasPrefix(l, family) {
			out = append(out, l)
		}
	}
	return out
}

// closeOrOpen closes an open issue for a reason, or opens a closed one with a label
// that says where it stands.
func (w *killWorld) closeOrOpen(p twins) string {
	is := w.hubIssue(p)
	if is.State == "open" {
		reason := []string{"completed", "not_planned"}[w.rng.IntN(2)]
		code, err := w.do("github", "PATCH", p.hubPath(), object{"state": "closed", "state_reason": reason}, nil)
		return told(code, err, "GitHub: closed as %s", reason)
	}
	label := meanings()[1+w.rng.IntN(5)].label
	code, err := w.do("github", "PATCH", p.hubPath(), object{"state": "open", "labels": relabelled(is, "status:", label)}, nil)
	return told(code, err, "GitHub: reopened, label %s", label)
}

// drag moves the card on the board, or gives it another priority. A person whose
// browser gets no answer tries once more with the same request; the daemon may be dead
// meanwhile, and then nobody knows whether it was taken.
func (w *killWorld) drag(p twins, priority bool) string {
	c, ok := w.card(p)
	if !ok {
		return ""
	}
	op := fmt.Sprintf("drag-%d-%d", len(w.did), w.rng.Uint64())
	to := meanings()[w.rng.IntN(8)].column
	path, field, from, body := "/move", "status", c.Column, object{"to": to, "expect_column": c.Column, "rev": c.Rev, "op": op}
	if priority {
		to, from = priorities()[w.rng.IntN(4)][0], ""
		if c.Priority != nil {
			from = *c.Priority
		}
		path, field, body = "/priority", "priority", object{"to": to, "expect_priority": c.Priority, "rev": c.Rev, "op": op}
	}
	made := func() {
		w.drags[p.key+field] = append(w.drags[p.key+field], oracle.Drag{At: time.Now(), From: from, To: to})
	}
	for range 2 {
		code, err := w.api("POST", "cards/"+c.ID+path, body, nil)
		if err == nil {
			if code < 300 {
				made()
			}
			return told(code, err, "board: %s to %s", path[1:], to)
		}
	}
	made()
	return fmt.Sprintf("board: %s to %s, without an answer", path[1:], to)
}
