package hooks

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// delivery is what is read of a webhook: what it is about, and nothing of what it says.
type delivery struct {
	id        string // the same each time that it is sent; "" where the tracker gives none
	event     string
	container string
	anywhere  bool // it may be about any container, as it names none
	issue     string
	counts    bool // something that is read may have changed
	ping      bool
	sum       string // of the body, "" for none
}

// digest notes which body it was.
func (h *delivery) digest(body []byte) {
	if len(body) > 0 {
		sum := sha256.Sum256(body)
		h.sum = string(sum[:])
	}
}

// keys are the names that a delivery is known by when it comes again. The id is not
// signed: what was overheard and is sent under another one has the same body.
func (h *delivery) keys() []string {
	var keys []string
	if h.id != "" {
		keys = append(keys, "id "+h.id)
	}
	if h.sum != "" {
		keys = append(keys, "body "+h.sum)
	}
	return keys
}

func (d *door) decode(h http.Header, body []byte) (delivery, *refusal) {
	if d.Kind == Jira {
		return decodeJira(h, body)
	}
	return decodeGitHub(h, body)
}

// decodeGitHub reads a webhook of GitHub.
func decodeGitHub(h http.Header, body []byte) (delivery, *refusal) {
	event := h.Get("X-GitHub-Event")
	if event == "" {
		return delivery{}, &refusal{http.StatusBadRequest, "X-GitHub-Event is missing; a proxy may have taken it off"}
	}
	var in struct {
		Repository struct {
			FullName string `json:"full_name"`
		} `json:"repository"`
		Issue struct {
			Number int64 `json:"number"`
			Pull   any   `json:"pull_request"` // null or nothing at an issue
		} `json:"issue"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return delivery{}, &refusal{http.StatusBadRequest, "the body is not the JSON of a GitHub webhook"}
	}
	out := delivery{id: h.Get("X-GitHub-Delivery"), event: event, container: in.Repository.FullName, ping: event == "ping"}
	out.anywhere = out.ping // one of an organization names no repository
	out.counts = out.ping || readAtGitHub(event) && in.Issue.Pull == nil
	if in.Issue.Number > 0 && out.container != "" {
		out.issue = fmt.Sprintf("%s#%d", out.container, in.Issue.Number)
	}
	return out, nil
}

// readAtGitHub reports whether a poll may show what an event tells of. That is so where
// it moves the issue's time of update.
func readAtGitHub(event string) bool {
	switch event {
	case "issues", "issue_comment", "sub_issues":
		return true
	}
	return false
}

// decodeJira reads a webhook of Jira. One without a body, as its owner may ask for, says
// only that something happened.
func decodeJira(h http.Header, body []byte) (delivery, *refusal) {
	out := delivery{id: h.Get("X-Atlassian-Webhook-Identifier")}
	if len(body) == 0 {
		out.anywhere, out.counts = true, true
		return out, nil
	}
	var in struct {
		Event string `json:"webhookEvent"`
		Issue *struct {
			Key string `json:"key"`
		} `json:"issue"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.Event == "" {
		return delivery{}, &refusal{http.StatusBadRequest, "the body is not the JSON of a Jira webhook"}
	}
	out.event, out.counts = in.Event, readAtJira(in.Event)
	if in.Issue == nil { // Data Center tells of comments without their issue
		out.anywhere = out.counts
		return out, nil
	}
	if at := strings.LastIndexByte(in.Issue.Key, '-'); at > 0 {
		out.container, out.issue = in.Issue.Key[:at], in.Issue.Key
	}
	return out, nil
}

// readAtJira reports whether a poll may show what an event tells of.
func readAtJira(event string) bool {
	return strings.HasPrefix(event, "jira:issue_") || strings.HasPrefix(event, "comment_")
}
