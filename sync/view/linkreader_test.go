package view_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
)

// TestWhoComesByALinkIsToldOfTheirUnitAlone: how many histories cannot be read is told of the
// unit's own issues, and a decision that names no unit is not named: it may be another one's.
func TestWhoComesByALinkIsToldOfTheirUnitAlone(t *testing.T) {
	t.Parallel()
	n := newNotary()
	for i := range 2100 { // of three pages: the last one is risk's
		card := kanban.CardID("card0002") // trading's
		if i == 2099 {
			card = "card0000"
		}
		n.refused = append(n.refused, store.IssueRow{Tracker: "github", ID: fmt.Sprintf("%04d", i), Card: card})
	}
	text, err := store.EncodeHistory(store.HistoryProgress{HistoryTally: store.HistoryTally{Issues: 3000, Refused: 2100}})
	if err != nil {
		t.Fatal(err)
	}
	n.history = text
	n.decisions = []contract.Event{{ID: "decided/of-trading", At: now.Add(-time.Hour)}}
	for unit, want := range map[string]string{"risk": "1 issue of github", "trading": "2,099 issues of github", "": "2,100 issues of github"} {
		who := view.Viewer{Audience: view.UnitAudience(kanban.UnitKey(unit)), Link: true, Role: kanban.Requester}
		if unit == "" {
			unit, who = "risk", view.Somebody()
		}
		c, err := n.views(t, view.DefaultPolicy()).As(who).Contract(t.Context(), kanban.UnitKey(unit))
		if told := ofHistories(c.Unheard); err != nil || len(told) != 1 || !strings.Contains(told[0], want) {
			t.Errorf("by %+v %s is told %q, %v; want %q", who, unit, c.Unheard, err, want)
		}
		if named := strings.Contains(c.Problem, "decided/of-trading"); named == who.Link || !strings.Contains(c.Problem, "these figures may be wrong") {
			t.Errorf("by %+v %s is told %q", who, unit, c.Problem)
		}
	}
	n.refused = n.refused[:10] // none of risk's
	c, err := n.views(t, view.DefaultPolicy()).As(view.Viewer{Audience: "unit:risk", Link: true, Role: kanban.Requester}).Contract(t.Context(), "risk")
	if err != nil || len(ofHistories(c.Unheard)) != 0 {
		t.Errorf("where none is risk's it is told %q, %v", c.Unheard, err)
	}
}

// TestWhoComesByALinkIsNotToldHowManyWait: what verdicts wait for is told to everybody who reads the
// contract, and how many issues of all units that are only inside.
func TestWhoComesByALinkIsNotToldHowManyWait(t *testing.T) {
	t.Parallel()
	n, v := bound(t)
	lines, _ := view.Lines(n.ledger["risk"])
	cut := slices.IndexFunc(lines, func(e contract.Entry) bool { return e.Kind == contract.Judged })
	n.ledger["risk"] = chained("risk", lines[:cut])
	n.unrecorded = []store.IssueRow{{Tracker: "github", ID: "9"}}
	text, err := store.EncodeHistory(store.HistoryProgress{HistoryTally: store.HistoryTally{Issues: 3000, Whole: 2958}})
	if err != nil {
		t.Fatal(err)
	}
	n.history = text
	for link, want := range map[bool]string{false: "because the history of 42 issues of github has not been read.", true: "because the histories of github have not all been read."} {
		c, err := v.As(view.Viewer{Audience: "unit:risk", Link: link, Role: kanban.Requester}).Contract(t.Context(), "risk")
		if err != nil || len(c.Unheard) != 1 || !strings.Contains(c.Unheard[0], want) {
			t.Errorf("by a link %v: %q, %v; want %q", link, c.Unheard, err, want)
		}
	}
}

// ofHistories are the sentences about histories that cannot be read.
func ofHistories(said []string) (out []string) {
	for _, s := range said {
		if strings.HasPrefix(s, "The history of") {
			out = append(out, s)
		}
	}
	return out
}
