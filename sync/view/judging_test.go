package view_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
)

// An outage that becomes known within the minute is not passed over by accounts from before:
// what would be broken is unknown as soon as all counts as known.
func TestWhatIsJudgedGoesByAllOutagesThatAreKnown(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.put(request("risk", "OPS-9", 0.5)) // nobody replied
	n.sources = []store.SourceState{{Tracker: "github", Source: "acme/infra", OKAt: now, Imported: true}}
	v := n.views(t, view.DefaultPolicy())
	broken := func() (count int) {
		t.Helper()
		accounts, known, err := v.Judging(t.Context())
		if err != nil || known.IsZero() {
			t.Fatal(known, err)
		}
		for _, v := range accounts[0].Verdicts {
			if v.Outcome == contract.Broken && v.Promise == contract.Reply {
				count++
			}
		}
		return count
	}
	if broken() != 1 {
		t.Fatal("read all the time, nothing is broken")
	}
	n.outages = []store.Outage{{Tracker: "github", Source: "acme/infra", From: monday().Start(time.UTC), To: now}}
	if got := broken(); got != 0 {
		t.Errorf("in the same minute %d is broken by a tracker that had not been read", got)
	}
}

// What was decided is forgotten where an older store takes the place of the one it was in.
func TestDecisionsOfAStoreThatWasReplacedAreForgotten(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.more = 5
	n.decisions = []contract.Event{{ID: "d1", At: now.Add(-time.Hour), Kind: contract.Contested, Ref: "risk/P1/" + lastWeek().String(), Who: "lia", By: kanban.Business, Unit: "risk"}}
	v := n.views(t, view.DefaultPolicy())
	disputes := func() int {
		t.Helper()
		accounts, err := v.Standing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(accounts[0].Disputes)
	}
	if disputes() != 1 {
		t.Fatal("nothing is contested")
	}
	n.more, n.decisions = 0, nil
	if got := disputes(); got != 0 {
		t.Errorf("%d is contested that the store does not know", got)
	}
}

// mergedCards is a notary of which a card became a part of another one.
type mergedCards struct {
	*notary

	gone []store.Alias
}

func (m *mergedCards) Gone(context.Context, int64) ([]store.Alias, error) { return m.gone, nil }

// A verdict on a card that became a part of another one stands in the ledger as it is.
func TestTheLedgerFollowsACardThatWasMerged(t *testing.T) {
	t.Parallel()
	n := newNotary()
	accounts, err := n.views(t, view.DefaultPolicy()).Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var told []contract.Entry
	for _, e := range accounts[0].Extend(nil, now, now) {
		if e.Kind == contract.Judged {
			e.Seq, e.Ref = int64(len(told)+1), strings.Replace(e.Ref, "/card0000/", "/old/", 1)
			told = append(told, e)
		}
	}
	if !slices.ContainsFunc(told, func(e contract.Entry) bool { return strings.Contains(e.Ref, "/old/") }) {
		t.Fatal("no line is about it")
	}
	v := view.New(optionsOf(t, n, &mergedCards{n, []store.Alias{{Old: "old", New: "card0000"}}}))
	if accounts, err = v.Standing(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range accounts[0].Extend(told, now, now) {
		if e.Kind == contract.Judged {
			t.Errorf("%+v", e)
		}
	}
}

// The page of a contract says that verdicts wait, for how long and for what, once that is
// longer than reading takes; and nothing where all is entered.
func TestAPageSaysWhatVerdictsWaitFor(t *testing.T) {
	t.Parallel()
	n, v := bound(t)
	said := func() string {
		t.Helper()
		c, err := v.As(view.Somebody()).Contract(t.Context(), "risk")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(c.Unheard, "\n")
	}
	if got := said(); got != "" {
		t.Errorf("all is entered, and it says %q", got)
	}
	lines, _ := view.Lines(n.ledger["risk"])
	cut := slices.IndexFunc(lines, func(e contract.Entry) bool {
		return e.Kind == contract.Judged && e.At.After(monday().Start(time.UTC).AddDate(0, 0, 7))
	})
	n.ledger["risk"] = chained("risk", lines[:cut])
	since := "No verdicts have been entered since " + kanban.Moment(lines[cut].At, time.UTC) + ", because "
	at := now.Add(time.Minute)
	v.Now = func() time.Time { return at }
	n.sources[0].OKAt = at
	if got := said(); got != "" {
		t.Errorf("all is read, and it says %q", got)
	}
	n.unrecorded = []store.IssueRow{{Tracker: "github", ID: "9"}}
	if got := said(); !strings.HasPrefix(got, since+"the history of 1 issue of github has not been read.") {
		t.Errorf("a history is missing: %q", got)
	}
	n.unrecorded, n.sources[0].OKAt = nil, lines[cut].At.Add(-time.Hour)
	if got := said(); !strings.HasPrefix(got, since+"github has not been read since "+kanban.Moment(n.sources[0].OKAt, time.UTC)) {
		t.Errorf("a tracker is not read: %q", got)
	}
	n.sources[0].Imported = false
	if got := said(); !strings.HasPrefix(got, since+"github has not been read from end to end.") {
		t.Errorf("a tracker was never read: %q", got)
	}
	if waits, err := v.Waiting(t.Context()); err != nil || !waits["risk"].Equal(lines[cut].At) {
		t.Errorf("they wait since %v, %v", waits, err)
	}
}

// The case of a verdict is told by whichever of its names, with what is said of it.
func TestTheCaseOfAVerdictByWhatItWasCalled(t *testing.T) {
	t.Parallel()
	n := newNotary()
	n.put(request("risk", "OPS-9", 0.5)) // nobody replied
	accounts, err := n.views(t, view.DefaultPolicy()).Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(accounts[0].Verdicts, func(v contract.Verdict) bool { return v.Former != "" && v.Decided() })
	if at < 0 {
		t.Fatal("no duty is decided")
	}
	is := accounts[0].Verdicts[at]
	n.decisions = []contract.Event{{ID: "c", At: now.Add(-time.Minute), Kind: contract.Contested, Unit: "risk", By: kanban.Business, Ref: is.Former, Who: "mia", Note: "we called"}}
	old := strings.Replace(is.ID, "/card0000/", "/old/", 1)
	v := view.New(optionsOf(t, n, &mergedCards{n, []store.Alias{{Old: "old", New: "card0000"}}}))
	for _, id := range []string{is.ID, is.Former, old} {
		c, err := v.As(view.Somebody()).Verdict(t.Context(), "risk", id)
		if err != nil || c.ID != is.ID || !c.Contested || len(c.Words[1].Said) != 1 || c.Words[1].Said[0].Note != "we called" {
			t.Errorf("%s: %v, %s, contested %v, %+v", id, err, c.ID, c.Contested, c.Words)
		}
	}
}
