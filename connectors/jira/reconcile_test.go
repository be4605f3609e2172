package jira

import (
	"strings"
	"testing"

	"parley/connectors"
)

// TestOnlyWhatWasOrMayBeWrittenIsReconciled: a refusal has changed nothing.
func TestOnlyWhatWasOrMayBeWrittenIsReconciled(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer reply
		want   string
	}{
		"a yes":       {reply{status: 204}, `"reconcileIssues":[10012]`},
		"a lost one":  {reply{cut: true}, `"reconcileIssues":[10012]`},
		"an error":    {reply{status: 500, body: `{}`}, `"reconcileIssues":[10012]`},
		"a refusal":   {reply{status: 400, body: `{"errorMessages":[],"errors":{"priority":"no"}}`}, ""},
		"not allowed": {reply{status: 403, body: `{"errorMessages":["no"],"errors":{}}`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.on("PUT issue/10012", tc.answer)
			f.on("POST search/jql", jsonReply(`{"issues":[],"isLast":true}`))
			_, _ = f.client.Send(t.Context(), connectors.Write{Issue: ops12, Priority: "2"})
			if _, err := f.client.Changes(t.Context(), connectors.Cursor{}); err != nil {
				t.Fatal(err)
			}
			body := f.last().body
			if tc.want == "" && strings.Contains(body, "reconcileIssues") || !strings.Contains(body, tc.want) {
				t.Errorf("asked with %s, want %q", body, tc.want)
			}
		})
	}
}

func TestIDList(t *testing.T) {
	t.Parallel()
	if got := idList("7,x,,9"); len(got) != 2 || got[0] != 7 || got[1] != 9 {
		t.Errorf("%v", got)
	}
}
