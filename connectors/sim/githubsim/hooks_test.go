package githubsim_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-github/v60/github"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
)

// posted gives what webhooks told so far, as go-github reads it.
func (w *world) posted(secret string) (lines []string) {
	w.t.Helper()
	w.hub.Hooks().Deliver(context.Background(), func(ctx context.Context, d sim.Delivery) (int, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
		w.must(err)
		for k, v := range d.Header {
			r.Header.Set(k, v)
		}
		body, err := github.ValidatePayload(r, []byte(secret))
		w.must(err)
		event, err := github.ParseWebHook(github.WebHookType(r), body)
		w.must(err)
		if len(github.DeliveryID(r)) != 36 {
			w.t.Errorf("the id is %q", github.DeliveryID(r))
		}
		switch e := event.(type) {
		case *github.IssuesEvent:
			line := fmt.Sprintf("%s %s#%d %s", e.GetAction(), e.GetRepo().GetFullName(), e.GetIssue().GetNumber(), e.GetSender().GetLogin())
			lines = append(lines, strings.TrimSpace(line+" "+e.GetLabel().GetName()+e.GetAssignee().GetLogin()+e.GetChanges().GetTitle().GetFrom()))
		case *github.IssueCommentEvent:
			lines = append(lines, fmt.Sprintf("comment %s %s#%d %s", e.GetAction(), e.GetRepo().GetFullName(), e.GetIssue().GetNumber(), e.GetComment().GetBody()))
		default:
			w.t.Errorf("an event of type %T", event)
		}
		return 202, nil
	})
	return lines
}

func TestWebhooksTellWhatHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{})
	w.issue("Before")
	w.must(w.hub.Hooks().Add(sim.Hook{URL: "http://127.0.0.1:1/", Secret: "s"}))
	n := w.issue("Pay", "urgent").Number
	w.must(w.hub.AddLabels("ana", pay, n, "bug"))
	w.must(w.hub.RemoveLabel("ana", pay, n, "urgent"))
	title, body := "Pay soon", "Really"
	w.must(w.hub.Edit("ana", pay, n, githubsim.Edit{Title: &title, Body: &body}))
	w.must(w.hub.Edit("ana", pay, n, githubsim.Edit{State: "closed"}))
	_, err := w.hub.Comment("Bo", pay, n, "When?")
	w.must(err)
	w.do("POST", issuesPath+"/2/assignees", "t-ana", `{"assignees":["parley[bot]"]}`)
	w.do("GET", issuesPath, "t-ana", "")
	w.do("PATCH", issuesPath+"/2", "t-ana", `{"state":"open"}`)
	w.do("PATCH", issuesPath+"/2", "t-bo", `{"state":"closed"}`) // refused
	want := []string{
		"opened acme/payments#2 ana", "labeled acme/payments#2 ana urgent", "labeled acme/payments#2 ana bug", "unlabeled acme/payments#2 ana urgent",
		"edited acme/payments#2 ana Pay", "edited acme/payments#2 ana", "closed acme/payments#2 ana", "comment created acme/payments#2 When?",
		"assigned acme/payments#2 ana parley[bot]", "reopened acme/payments#2 ana",
	}
	if diff := cmp.Diff(want, w.posted("s")); diff != "" {
		t.Error(diff)
	}
	moved, err := w.hub.Transfer("ana", pay, n, "acme/secret")
	w.must(err)
	if got := w.posted("s"); !slices.Contains(got, "transferred acme/payments#2 ana") || moved.Number != 1 {
		t.Errorf("told %q", got)
	}
}

func TestNobodyIsToldWithoutWebhooks(t *testing.T) {
	t.Parallel()
	w := newState(t, githubsim.Options{})
	w.issue("Pay", "urgent")
	w.must(w.hub.Hooks().Add(sim.Hook{URL: "http://127.0.0.1:1/", Secret: "s"}))
	if got := w.posted("s"); len(got) > 0 {
		t.Errorf("told %q", got)
	}
}
