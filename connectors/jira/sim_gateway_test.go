package jira_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"parley/connectors"
	"parley/connectors/jira"
	"parley/connectors/sim/jirasim"
)

// cloudID asks the site for it, as an administrator does.
func (b *bench) cloudID() string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url+"/_edge/tenant_info", nil)
	b.must(err)
	resp, err := http.DefaultClient.Do(req)
	b.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	b.must(err)
	var info struct{ CloudID string }
	b.must(json.Unmarshal(body, &info))
	return info.CloudID
}

// A token with scopes works at the gateway only, where nobody can look at an issue: what
// people are sent to is the site.
func TestSimGateway(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *jirasim.Options) { o.BaseURL = "http://acme.test" })
	b.site.AddUser(jirasim.User{AccountID: "bot", DisplayName: "Parley", Email: "bot@acme.test", Token: "t0ken", Scoped: true})
	b.site.AddProject(jirasim.Project{Key: "OPS", Workflows: map[string]string{"": "flow"}, Types: []string{"Task"}})
	v := b.create(1)[0]
	if _, err := b.client.Read(t.Context(), ref(v)); connectors.KindOf(err) != connectors.Auth {
		t.Errorf("a token with scopes at the site itself: %v", err)
	}
	b.client = b.server(func(c *jira.Config) {
		c.URL, c.Auth, c.User = b.url+"/ex/jira/"+b.cloudID()+"/", "basic", "bot@acme.test"
	})
	if o := b.poll()[v.Key]; o.Issue.URL != "http://acme.test/browse/"+v.Key {
		t.Errorf("people are sent to %q", o.Issue.URL)
	}
	made, err := b.client.Create(t.Context(), draft())
	if err != nil || made.URL != "http://acme.test/browse/"+made.Key {
		t.Errorf("made %+v, %v", made, err)
	}
	d, err := b.client.Check(t.Context())
	if err != nil || d.Web != "http://acme.test" {
		t.Errorf("%+v, %v", d, err)
	}
	for _, r := range b.site.Log().Requests()[2:] {
		if !strings.HasPrefix(r.Path, "/ex/jira/") && r.Path != "/_edge/tenant_info" && r.Path != "/rest/api/2/myself" && r.Path != "/rest/api/2/serverInfo" {
			t.Errorf("%s %s goes past the gateway", r.Method, r.Path)
		}
	}
}
