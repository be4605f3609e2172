package github

import (
	"fmt"
	"testing"

	"parley/connectors"
)

func TestReadFollowsAMove(t *testing.T) {
	t.Parallel()
	to := func(path string) reply { return reply{status: 301, header: map[string]string{"Location": path}} }
	const old = "GET /repos/Acme/infra/issues/7?"
	at := func(number int, repo string) reply {
		return reply{body: issueRow(number, testStart(), fmt.Sprintf(`,"repository_url":"{root}/repos/%s"`, repo))}
	}
	for name, tc := range map[string]struct {
		replies map[string]reply
		key     string
		err     connectors.ErrorKind
	}{
		"renamed":             {map[string]reply{old: to("/repositories/9/issues/7"), "GET /repositories/9/issues/7?": at(7, "Acme/platform")}, "Acme/platform#7", ""},
		"renamed twice":       {map[string]reply{old: to("/repositories/9/a"), "GET /repositories/9/a?": to("/repositories/9/b"), "GET /repositories/9/b?": at(7, "Acme/platform")}, "Acme/platform#7", ""},
		"written as set up":   {map[string]reply{old: to("/repositories/9/a"), "GET /repositories/9/a?": at(7, "acme/INFRA")}, "Acme/infra#7", ""},
		"no usable name":      {map[string]reply{old: to("/repositories/9/a"), "GET /repositories/9/a?": at(7, "../..")}, "Acme/infra#7", ""},
		"transferred":         {map[string]reply{old: to("/repositories/8/issues/3"), "GET /repositories/8/issues/3?": at(3, "acme/other")}, "acme/other#3", connectors.Moved},
		"moved out of sight":  {map[string]reply{old: to("/repositories/8/issues/3")}, "", connectors.NotFound},
		"in a circle":         {map[string]reply{old: to("/repos/Acme/infra/issues/7")}, "", connectors.Malformed},
		"to the sign-in":      {map[string]reply{old: to("/login?return_to=x")}, "", connectors.Malformed},
		"out of the root":     {map[string]reply{old: to("https://evil.example/x")}, "", connectors.Malformed},
		"to a page for login": {map[string]reply{old: to("/repositories/9/a"), "GET /repositories/9/a?": {header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}}, "", connectors.Malformed},
	} {
		f := newFake(t, tc.replies)
		o, err := f.client(t, "").Read(bg(), ref(7, "5000000007"))
		if o.Issue.Key != tc.key {
			t.Errorf("%s: read %q, want %q", name, o.Issue.Key, tc.key)
		}
		if tc.err == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		} else if tc.err != "" {
			wantError(t, err, tc.err)
		}
	}
}
