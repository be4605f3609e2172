package githubsim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
)

func TestWhatACommentTells(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"ask @bo, please":                    "mentioned subscribed",
		"&#64;bo":                            "mentioned subscribed",
		"mail x@bo.example":                  "",
		"@nobody":                            "",
		"`@bo` <!-- @bo -->":                 "",
		"```\n@bo":                           "",
		"see #2":                             "cross-referenced",
		"see GH-2":                           "cross-referenced",
		"#9 and C#2":                         "",
		"@\u200bbo and #\u200b2":             "",
		"https://h/acme/payments/issues/2 x": "cross-referenced",
	} {
		w := newWorld(t, githubsim.Options{})
		w.issue("one")
		w.issue("two")
		_, err := w.hub.Comment("ana", pay, 1, body)
		w.must(err)
		var got []string
		for n := range 2 {
			for _, kind := range []string{"mentioned", "subscribed", "cross-referenced"} {
				if strings.Contains(w.get(fmt.Sprintf("%s/%d/timeline", issuesPath, n+1)).body, `"event":"`+kind+`"`) && !slices.Contains(got, kind) {
					got = append(got, kind)
				}
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q tells %q, want %q", body, s, want)
		}
	}
}

// A list of comments can be late as every list can; a read of the comment is not.
func TestListsOfCommentsAreLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, githubsim.Options{ListLag: func(string, int) time.Duration { return time.Minute }})
	w.issue("one")
	id, err := w.hub.Comment("ana", pay, 1, "new")
	w.must(err)
	list := issuesPath + "/1/comments"
	if got := w.get(list).body; got != "[]" {
		t.Errorf("at once the list shows %s", got)
	}
	if got := w.get(fmt.Sprintf("%s/comments/%d", issuesPath, id)); got.status != 200 {
		t.Errorf("the comment itself: %d", got.status)
	}
	w.clock.Advance(time.Minute)
	if got := w.get(list).body; !strings.Contains(got, `"new"`) {
		t.Errorf("a minute later the list shows %s", got)
	}
}
