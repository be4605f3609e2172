package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/sync/reconcile"
	"parley/sync/view"
)

func TestAnExplanationIsPrinted(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 17, 41, 20, 0, time.UTC)
	ex := view.Explanation{
		Card:   view.Card{ID: "3uablo7lj2ad", Title: "Slow feed"},
		Paired: "by hand on 2026-11-22 18:41:20",
		Fields: []view.FieldStory{{
			Name: "Status", Agreed: "Done", By: "first seen in Jira", First: true, Since: at, Carry: "changes made anywhere", Policy: "Jira wins a conflict",
			Writes: []view.WriteStory{
				{From: "Low", To: "High", Issue: "OPS-1", State: "held", At: at, Reason: "Ana set it", Held: "plan mode"},
				{From: "Low", To: "High", Issue: "OPS-1", State: "done", At: at, Reason: "Ana set it"},
			},
			Lost: []view.Clash{{
				Short: "01a20459", State: reconcile.ConflictOpen, Rule: "a person decides a conflict", Restorable: true,
				Kept:  view.Said{Value: "Done", Side: "jira", At: at, First: true},
				Loser: view.Said{Value: "To accept", Native: "closed", Side: "github", Who: "Ben", At: at},
			}},
		}},
		Log: []view.Line{{At: at, Text: "they are one card"}, {At: at, Who: "Ana", Text: "status: Open → Done"}},
	}
	var out strings.Builder
	if err := printExplanation(&out, ex, time.FixedZone("CET", 3600)); err != nil {
		t.Fatal(err)
	}
	const want = `3uablo7lj2ad  Slow feed
  paired by hand on 2026-11-22 18:41:20

status: Done  (first seen in Jira; the issue was last updated 2026-11-22 18:41:20)
  carried: changes made anywhere; Jira wins a conflict
  write Low → High to OPS-1, held 2026-11-22 18:41:20: Ana set it; not sent: plan mode
  write Low → High to OPS-1, done 2026-11-22 18:41:20: Ana set it
  conflict 01a20459, which waits for a person
    shown     Done, first seen in Jira; the issue was last updated 2026-11-22 18:41:20
    against   To accept (closed), by Ben in GitHub, 2026-11-22 18:41:20
    a person decides a conflict
    parley conflicts restore 01a20459  gives the card To accept
    parley conflicts dismiss 01a20459  keeps Done

last
  2026-11-22 18:41:20  they are one card
  2026-11-22 18:41:20  Ana  status: Open → Done
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ex.Log = nil
	out.Reset()
	if err := printExplanation(&out, ex, nil); err != nil || strings.Contains(out.String(), "last\n") {
		t.Errorf("%v: a card of which nothing is told:\n%s", err, out.String())
	}
}
