package jira

import "testing"

func TestWhereTheGatewaysSiteIs(t *testing.T) {
	t.Parallel()
	const gate = "https://api.atlassian.com/ex/jira/1122"
	for name, tc := range map[string]struct{ base, said, want string }{
		"the site":        {gate, "https://acme.atlassian.net/", "https://acme.atlassian.net"},
		"no gateway":      {"https://jira.acme.example/jira", "http://10.0.0.1:8080", "https://jira.acme.example/jira"},
		"nothing said":    {gate, "", gate},
		"not encrypted":   {gate, "http://acme.atlassian.net", gate},
		"a script":        {gate, "javascript:alert(1)", gate},
		"with a password": {gate, "https://a:b@acme.atlassian.net", gate},
	} {
		c := &Client{base: tc.base}
		if got := c.webOf(tc.said); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}
