package kanban_test

import (
	"strings"
	"testing"

	"parley/kanban"
)

var (
	requests  = kanban.Column{Key: "requests", Name: "Requests", Category: kanban.Option, Turn: kanban.Business}
	committed = kanban.Column{Key: "committed", Name: "Committed", Category: kanban.Queue, Turn: kanban.IT}
	doing     = kanban.Column{Key: "doing", Name: "In progress", Category: kanban.Active, Turn: kanban.IT}
	waiting   = kanban.Column{Key: "waiting", Name: "Waiting", Category: kanban.Wait, Turn: kanban.Business}
	verify    = kanban.Column{Key: "verify", Name: "To accept", Category: kanban.Active, Turn: kanban.Business}
	done      = kanban.Column{Key: "done", Name: "Done", Category: kanban.Done, Turn: kanban.Nobody}
	withdrawn = kanban.Column{Key: "withdrawn", Name: "Withdrawn", Category: kanban.Cancelled, Turn: kanban.Nobody}
)

func TestWhoMayMoveWhat(t *testing.T) {
	t.Parallel()
	type move struct{ from, to kanban.Column }
	moves := map[string]move{
		"commit": {requests, committed}, "withdraw": {requests, withdrawn}, "return": {committed, requests},
		"start": {committed, doing}, "ask": {doing, waiting}, "answer": {waiting, doing}, "deliver": {doing, verify},
		"accept": {verify, done}, "refuse": {verify, doing}, "close": {doing, done}, "reopen": {done, doing},
		"give up": {doing, withdrawn}, "place": {kanban.Column{}, doing},
	}
	for _, c := range []struct {
		role kanban.Role
		own  bool
		may  string // the moves, by name
	}{
		{kanban.Viewer, true, ""},
		{"", true, ""},
		{"admin", true, ""},
		{kanban.Requester, true, "withdraw answer accept refuse"},
		{kanban.Requester, false, ""},
		{kanban.Liaison, true, "withdraw answer accept refuse commit return"},
		{kanban.Liaison, false, ""},
		{kanban.Developer, false, "start ask answer deliver refuse close reopen"},
		{kanban.Ops, false, "commit withdraw return start ask answer deliver accept refuse close reopen give up place"},
	} {
		for name, m := range moves {
			why := c.role.MayMove(c.own, m.from, m.to)
			if want := strings.Contains(" "+c.may+" ", " "+name+" "); want != (why == "") {
				t.Errorf("%q, own %v, may %s: %v (%s), want %v", c.role, c.own, name, why == "", why, want)
			}
		}
	}
}

func TestWhoMayDoWhatElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role                              kanban.Role
		own, owned                        bool
		prioritise, block, decide, unitly bool
	}{
		{role: kanban.Viewer, own: true, owned: true},
		{role: "", own: true, owned: true},
		{role: kanban.Requester, own: true, owned: true, prioritise: true, block: true, unitly: true},
		{role: kanban.Requester, owned: true, unitly: true},
		{role: kanban.Liaison, own: true, owned: true, prioritise: true, block: true, unitly: true},
		{role: kanban.Developer, owned: true, block: true},
		{role: kanban.Developer, prioritise: true, block: true},
		{role: kanban.Ops, owned: true, prioritise: true, block: true, decide: true},
	} {
		got := [...]bool{c.role.MayPrioritise(c.own, c.owned) == "", c.role.MayBlock(c.own) == "", c.role.MayDecide() == "", c.role.ForUnit()}
		if want := [...]bool{c.prioritise, c.block, c.decide, c.unitly}; got != want {
			t.Errorf("%+v: prioritise, block, decide, for a unit: %v, want %v", c, got, want)
		}
	}
}

func TestForWhichSideSomebodyActs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role        kanban.Role
		named, want kanban.Party
		may         bool
	}{
		{kanban.Requester, "", kanban.Business, true}, {kanban.Liaison, kanban.Business, kanban.Business, true}, {kanban.Liaison, kanban.IT, "", false},
		{kanban.Developer, "", kanban.IT, true}, {kanban.Developer, kanban.Business, "", false},
		{kanban.Ops, "", kanban.IT, true}, {kanban.Ops, kanban.Business, kanban.Business, true}, {kanban.Ops, kanban.IT, kanban.IT, true}, {kanban.Ops, kanban.Third, "", false},
		{kanban.Viewer, "", "", true}, {kanban.Viewer, kanban.IT, "", false}, {"", kanban.Business, "", false},
	} {
		if got, why := c.role.Acts(c.named); got != c.want || (why == "") != c.may {
			t.Errorf("%q who names %q acts for %q, %q; want %q", c.role, c.named, got, why, c.want)
		}
	}
	for source, want := range map[string]kanban.Party{
		kanban.BoardSource(kanban.IT, "01J"): kanban.IT, kanban.BoardSource(kanban.Business, "01J"): kanban.Business, kanban.BoardSource("", "01J"): "",
		kanban.BoardSource(kanban.Nobody, "01J"): "", "10023": "", "history/it/7": "",
	} {
		if got := kanban.BoardSide(source); got != want {
			t.Errorf("%s is by %q, want %q", source, got, want)
		}
	}
}
