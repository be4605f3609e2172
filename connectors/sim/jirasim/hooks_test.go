package jirasim_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
)

// posted gives what webhooks told so far.
func posted(t *testing.T, site *jirasim.Site) (lines []string) {
	t.Helper()
	site.Hooks().Deliver(context.Background(), func(_ context.Context, d sim.Delivery) (int, error) {
		if d.Header["X-Hub-Signature"] != sim.Sign("s", d.Body) || len(d.Header["X-Atlassian-Webhook-Identifier"]) != 36 {
			t.Errorf("headers: %v", d.Header)
		}
		var in struct {
			Timestamp int64
			Event     string `json:"webhookEvent"`
			User      struct{ DisplayName string }
			Issue     struct {
				Key    string
				Fields struct{ Status struct{ Name string } }
			}
			Comment   struct{ Body string }
			Changelog struct {
				ID    string
				Items []struct{ Field, ToString string }
			}
		}
		if err := json.Unmarshal(d.Body, &in); err != nil || in.Timestamp == 0 {
			t.Errorf("%v in %s", err, d.Body)
		}
		words := []string{in.Event, in.Issue.Key, in.Issue.Fields.Status.Name, in.User.DisplayName, in.Comment.Body}
		for _, it := range in.Changelog.Items {
			words = append(words, it.Field+"="+it.ToString)
		}
		lines = append(lines, strings.Join(strings.Fields(strings.Join(words, " ")), " "))
		return 202, nil
	})
	return lines
}

func TestWebhooksTellWhatHappens(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]struct {
		deployment jirasim.Deployment
		comment    string
	}{
		"cloud":       {jirasim.Cloud, "comment_created OPS-1 In Progress When?"},
		"data center": {jirasim.DataCenter, "comment_created When?"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := jirasim.New(jirasim.Options{Deployment: of.deployment, BaseURL: "http://127.0.0.1:1"})
			site.AddCompany()
			site.AddUser(jirasim.User{AccountID: "ana", DisplayName: "Ana"})
			site.AddSoftwareProject("OPS", "Operations", jirasim.StrictWorkflow)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(site.Hooks().Add(sim.Hook{URL: "http://127.0.0.1:2/", Secret: "s"}))
			v, err := site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay"})
			must(err)
			must(site.Transition("ana", v.Key, "Start work", jirasim.Edit{}))
			id, err := site.AddComment("ana", v.Key, "When?")
			must(err)
			must(site.At(time.Now()).EditComment("ana", v.Key, id, "When ever?"))
			_, err = site.SetProperty("ana", v.Key, "quiet", json.RawMessage("1")) // nobody is told
			must(err)
			must(site.Delete("ana", v.Key))
			got := posted(t, site)
			want := []string{
				"jira:issue_created OPS-1 To Do Ana", "jira:issue_updated OPS-1 In Progress Ana status=In Progress", of.comment,
				strings.NewReplacer("created", "updated", "When?", "When ever?").Replace(of.comment), "jira:issue_deleted OPS-1 In Progress Ana",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
