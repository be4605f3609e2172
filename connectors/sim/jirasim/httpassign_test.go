package jirasim_test

import (
	"testing"

	"parley/connectors/sim/jirasim"
)

// PUT assignee takes an account, or its id as null to take the assignee away.
func TestPutAssignee(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, body string
		server     bool
		status     int
		after      string
	}{
		{"somebody", `{"accountId":"ana"}`, false, 204, "ana"},
		{"nobody", `{"accountId":null}`, false, 204, ""},
		{"unknown", `{"accountId":"stranger"}`, false, 400, "bot-1"},
		{"no account", `{"displayName":"Ana"}`, false, 400, "bot-1"},
		{"a name on Cloud", `{"name":"ana"}`, false, 400, "bot-1"},
		{"a name", `{"name":"ana.maria"}`, true, 204, "ana"},
		{"no name", `{"name":null}`, true, 204, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *jirasim.Options) {
				if tc.server {
					o.Deployment = jirasim.DataCenter
				}
			})
			if tc.server {
				w.site.AddUser(jirasim.User{AccountID: "ana", Name: "ana.maria", DisplayName: "Ana"})
				w.token = w.company.Bot.Token
				w.email = ""
				w.header["Authorization"] = "Bearer " + w.token
			}
			key, bot := w.issue("OPS").Key, "bot-1"
			if err := w.site.Edit("", key, jirasim.Edit{Assignee: &bot}); err != nil {
				t.Fatal(err)
			}
			if got := w.do("PUT", "/rest/api/2/issue/"+key+"/assignee", tc.body); got.status != tc.status {
				t.Errorf("%d %s", got.status, got.text)
			}
			if got := w.current(key).Assignee; got != tc.after {
				t.Errorf("assignee %q, want %q", got, tc.after)
			}
		})
	}
}
