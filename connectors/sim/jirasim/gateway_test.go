package jirasim_test

import (
	"strings"
	"testing"

	"parley/connectors/sim/jirasim"
)

func TestGateway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	id := w.do("GET", "/_edge/tenant_info", "").want(t, 200).get(t, "cloudId").(string)
	through := "/ex/jira/" + id + "/rest/api/2/"
	// A classic token is nobody's behind the gateway, one with scopes is nobody's before it.
	w.do("GET", through+"myself", "").want(t, 401)
	w.site.AddUser(jirasim.User{AccountID: "svc", DisplayName: "Service", Email: "svc@acme.example", Token: "scoped", Scoped: true})
	w.email, w.token = "svc@acme.example", "scoped"
	w.do("GET", "/rest/api/2/myself", "").want(t, 401)
	me := w.do("GET", through+"myself", "").want(t, 200)
	if me.get(t, "accountId") != "svc" || !strings.HasPrefix(me.get(t, "self").(string), "http://example.com/ex/jira/"+id+"/rest/api/2/") {
		t.Error(me.text)
	}
	if a := w.do("GET", through+"serverInfo", "").want(t, 200); a.get(t, "baseUrl") != "https://acme.example" {
		t.Error(a.text)
	}
	w.do("GET", through+"issue/OPS-1/properties/a%2Fb", "").want(t, 404)
	w.do("GET", "/ex/jira/another/rest/api/2/myself", "").want(t, 404)
	newServer(t).do("GET", "/_edge/tenant_info", "").want(t, 404)
}
