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

// renamed is what is kept of contracts, with cards that live on as others.
type renamed struct {
	*notary

	gone []store.Alias
}

func (r *renamed) Gone(context.Context, int64) ([]store.Alias, error) { return r.gone, nil }

// TestDecisionsFollowACardThatLivesOnAsAnotherOne keeps what was approved, swapped and contested
// of a card where it was found to be one with another.
func TestDecisionsFollowACardThatLivesOnAsAnotherOne(t *testing.T) {
	t.Parallel()
	at := monday().Start(time.UTC).Add(25 * time.Hour)
	for name, gone := range map[string][]store.Alias{"gone": {{Old: "old", New: "card0000"}}, "card0000": nil} {
		n := &notary{shelf: &shelf{}}
		c := request("risk", "OPS-1", 0.4, "committed", 1.0, "doing", 2.0, "waiting", 2.1)
		c.Class = kanban.ClassExpedite
		n.put(c)
		id := kanban.CardID("card0000")
		if gone != nil {
			id = "old"
		}
		n.decisions = []contract.Event{
			{ID: "d1", At: at, Kind: contract.Approved, Card: id, Who: "lia", By: kanban.Business, Unit: "risk"},
			{ID: "d2", At: at, Kind: contract.Contested, Ref: "risk/R1/" + string(id) + "/1", Who: "lia", By: kanban.Business, Unit: "risk"},
		}
		vs := view.New(optionsOf(t, n, &renamed{n, gone}))
		all, err := vs.Standing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range all[0].Verdicts {
			if v.Promise == contract.Restrain && v.Outcome == contract.Broken {
				t.Errorf("%s: %s is %s: %+v", name, v.ID, v.Outcome, v.Facts)
			}
		}
		is := slices.IndexFunc(all[0].Verdicts, func(v contract.Verdict) bool { return v.Former == "risk/R1/card0000/1" })
		if len(all[0].Disputes) != 1 || is < 0 || all[0].Disputes[0].Verdict != all[0].Verdicts[is].ID {
			t.Errorf("%s: disputed are %+v", name, all[0].Disputes)
		}
		if n.decisions[0].Card != id {
			t.Errorf("%s: the record is changed: %+v", name, n.decisions[0])
		}
	}
}

// optionsOf are those of a notary's views, with another source.
func optionsOf(tb testing.TB, n *notary, source view.Source) view.Options {
	tb.Helper()
	o := n.views(tb, view.DefaultPolicy()).Options
	o.Source = source
	return o
}

// TestATextOnATicketNamesIssuesOfItsJiraOnly holds that what stands in a repository, or may not
// be read, has no name in a comment that others read.
func TestATextOnATicketNamesIssuesOfItsJiraOnly(t *testing.T) {
	t.Parallel()
	n := &notary{shelf: &shelf{}}
	for i, key := range []string{"OPS-1", "acme/secret-vault#7", "OPS-9"} {
		c := request("risk", key, 21.1, "committed", 21.2+float64(i)/100)
		if i == 1 {
			c.Sides = []kanban.CardSide{{Side: "github", Tracker: "github", Key: key}}
		}
		c.Restricted = i == 2
		c.Past.Ranks = []kanban.Ranking{{Priority: "high", At: c.Journey.Created}}
		n.put(c)
	}
	over := request("risk", "OPS-3", 21.1)
	over.Past.Ranks = []kanban.Ranking{{Priority: "low", At: over.Journey.Created}, {Priority: "high", At: over.Journey.Created.Add(time.Hour)}}
	n.put(over)
	vs := n.views(t, view.DefaultPolicy())
	for i := range vs.Agreements {
		terms := &vs.Agreements[i].Versions[0]
		terms.Priorities, terms.Over, terms.Slots = []kanban.PriorityKey{"high"}, contract.Ask, 1
	}
	moves, err := vs.OverMoves(t.Context())
	if err != nil || len(moves) != 1 {
		t.Fatal(moves, err)
	}
	text := moves[0].Text
	if !strings.Contains(text, "OPS-3 asks for a slot of Risk") || !strings.Contains(text, "OPS-1") || !strings.Contains(text, "another request") {
		t.Error(text)
	}
	for _, secret := range []string{"secret-vault", "OPS-9", "acme"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is named: %s", secret, text)
		}
	}
}
