package app

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

const agreedSettings = `
[server]
listen = "127.0.0.1:0"
[store]
url = "sqlite:parley.db"
[sync]
write = "on"
[[jira]]
name = "jira"
url = "http://127.0.0.1:1"
user = "bot@acme.example"
token = "env:TOKEN"
projects = ["OPS"]
[[column]]
key = "todo"
name = "To do"
category = "option"
jira = ["To Do"]
[[column]]
key = "next"
name = "Next"
category = "queue"
jira = ["Selected"]
[[column]]
key = "doing"
name = "In progress"
category = "active"
jira = ["In Progress"]
[[priority]]
key = "high"
jira = ["High"]
[[priority]]
key = "medium"
jira = ["Medium"]
[[priority]]
key = "low"
jira = ["Low"]
`

// withdrawable is a column for requests that are given up.
const withdrawable = `
[[column]]
key = "withdrawn"
name = "Withdrawn"
category = "cancelled"
jira = ["Withdrawn"]
`

const agreedUnit = `
[[unit]]
key = %q
name = %q
match = { jira_component = %q }
[[unit.contract]]
from = "2026-W40"
slots = 2
expedite = 1
answer_days = 2
unplanned = "25%%"
priorities = ["high"]
over = "ask"
agreed = { business = "Mia", it = "Ana" }
`

func idOf(name string) kanban.CardID { return kanban.NewCardID("jira", name) }

func ref(name string) string { return string(idOf(name)) }

// dealing is an App with contracts and a few cards of trading: A and B hold its slots, C
// was raised without one, E is an expedite; R is risk's.
func dealing(t *testing.T) *App {
	t.Helper()
	now := time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC)
	return dealingAt(t, func() time.Time { return now })
}

// dealingAt is dealing by a clock of its own, from that Wednesday's noon on.
func dealingAt(t *testing.T, clock func() time.Time) *App {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	text := onStore(t, agreedSettings) + withdrawable + fmt.Sprintf(agreedUnit, "trading", "Trading", "Trading") + fmt.Sprintf(agreedUnit, "risk", "Risk", "Risk")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.LoadEnv(path, func(string) (string, bool) { return "secret", true })
	if config.Failed(problems) {
		t.Fatal(problems)
	}
	now := clock()
	a, err := New(t.Context(), Options{Config: cfg, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if err := a.Remember(t.Context()); err != nil {
		t.Fatal(err)
	}
	monday := time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC)
	var writes []store.CardWrite
	for n, c := range []struct {
		id, unit, column, class string
		raised                  time.Duration
	}{{"cardA", "trading", "next", "standard", time.Hour}, {"cardB", "trading", "next", "standard", 2 * time.Hour}, {"cardC", "trading", "todo", "standard", 3 * time.Hour},
		{"cardE", "trading", "todo", "expedite", -1}, {"cardR", "risk", "todo", "standard", -1}} {
		f := kanban.Card{ID: idOf(c.id), Unit: kanban.UnitKey(c.unit), Column: kanban.ColumnKey(c.column), Class: c.class, Planned: true, Priority: "low", Title: c.id,
			Sides:   []kanban.CardSide{{Side: "jira", Tracker: "jira", Key: fmt.Sprintf("OPS-%d", n+1)}},
			Journey: kanban.Journey{Created: monday}, Past: kanban.Past{Steps: []kanban.Step{{Column: "todo", At: monday}}, Ranks: []kanban.Ranking{{Priority: "low", At: monday}}}}
		if c.raised > 0 {
			f.Priority = "high"
			f.Past.Ranks = append(f.Past.Ranks, kanban.Ranking{Priority: "high", At: monday.Add(c.raised)})
		}
		if c.column == "next" {
			f.Past.Steps = append(f.Past.Steps, kanban.Step{Column: "next", At: monday.Add(10 * time.Hour)})
		}
		writes = append(writes, store.CardWrite{Card: inJira(a, f), Face: f})
	}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: now, Cards: writes}); err != nil {
		t.Fatal(err)
	}
	return a
}

// inJira is a card with an issue in Jira that says what its face does.
func inJira(a *App, f kanban.Card) engine.Card {
	at := f.Journey.Created
	issue := connectors.Issue{Ref: connectors.Ref{Tracker: "jira", ID: string(f.ID), Key: f.Sides[0].Key, Container: "OPS"}, Kind: connectors.Jira, Title: f.Title,
		Status: connectors.Option{ID: "1", Name: "To Do"}, Priority: connectors.Option{ID: "2", Name: "High"}, Created: at, Updated: at,
		Components: []string{view.Capital(string(f.Unit))}}
	return a.Runner.Engine().Step(engine.Card{ID: f.ID}, engine.Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: issue, Since: -1}}, at).Card
}

// TestWhoMayDecideWhat holds every decision to roles, and to what makes sense.
func TestWhoMayDecideWhat(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	ops := view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}
	dev := view.Viewer{Audience: view.AudienceIT, Role: kanban.Developer, Name: "lea", Proved: true}
	mia := view.Viewer{Audience: "unit:trading", Role: kanban.Requester, Name: "mia", Proved: true}
	lia, other, wall, link := mia, mia, view.Viewer{Audience: view.AudienceWall}, mia
	lia.Role, other.Audience, link.Link = kanban.Liaison, "unit:risk", true
	riskLia := other
	riskLia.Role = kanban.Liaison
	swap := web.Deal{Unit: "trading", What: web.DealSwap, Card: ref("cardC"), For: ref("cardA")}
	wait := web.Deal{Unit: "trading", What: web.DealWait, Card: ref("cardC")}
	lend := web.Deal{Unit: "risk", What: web.DealLend, With: "trading", Slots: 1, Ref: "spring"}
	note := web.Deal{Unit: "trading", What: web.DealNote, Ref: "2026-W46", Note: "the bank was down"}
	approve := web.Deal{Unit: "trading", What: web.DealApprove, Card: ref("cardE")}
	with := func(d web.Deal, change func(*web.Deal)) web.Deal { change(&d); return d }
	for n, x := range []struct {
		name string
		deal web.Deal
		by   view.Viewer
		want int
	}{
		{"a wall lets wait", wait, wall, 403},
		{"another unit lets wait", wait, other, 403},
		{"a developer lets wait", wait, dev, 403},
		{"by a link", wait, link, 403},
		{"what holds a slot lets wait", with(wait, func(d *web.Deal) { d.Card = ref("cardA") }), mia, 422},
		{"a card that is not there", with(wait, func(d *web.Deal) { d.Card = ref("cardZ") }), mia, 404},
		{"a unit without a contract", with(wait, func(d *web.Deal) { d.Unit = "sales" }), ops, 404},
		{"a requester lets wait", wait, mia, 202},
		{"once more, and no unit is named", with(wait, func(d *web.Deal) { d.Unit = "" }), mia, 409},
		{"a requester lends", with(lend, func(d *web.Deal) {}), other, 403},
		{"a liaison lends too much", with(lend, func(d *web.Deal) { d.Slots = 9 }), riskLia, 422},
		{"to itself", with(lend, func(d *web.Deal) { d.With = "risk" }), riskLia, 422},
		{"to nobody", with(lend, func(d *web.Deal) { d.With = "sales" }), riskLia, 422},
		{"a liaison lends", lend, riskLia, 202},
		{"the same loan by another op", lend, riskLia, 409},
		{"IT notes a cause", note, dev, 202},
		{"and another one", note, dev, 409},
		{"the unit notes IT's cause", note, lia, 403},
		{"of no week", with(note, func(d *web.Deal) { d.Ref = "soon" }), dev, 422},
		{"a requester approves", approve, mia, 403},
		{"a liaison approves", approve, lia, 202},
		{"of what is no expedite", with(approve, func(d *web.Deal) { d.Card = ref("cardC") }), lia, 422},
		{"and once more", approve, lia, 409},
		{"another unit's liaison", with(approve, func(d *web.Deal) { d.Unit = "risk" }), ops, 422},
		{"a liaison approves for another unit", with(approve, func(d *web.Deal) { d.Unit = "risk" }), riskLia, 403},
		{"an ops lead has a unit sponsor its own", web.Deal{Unit: "trading", What: web.DealSponsor, Card: ref("cardC")}, ops, 422},
		{"an ops lead sponsors what was taken on", web.Deal{Unit: "risk", What: web.DealSponsor, Card: ref("cardA")}, ops, 422},
		{"an ops lead sponsors", web.Deal{Unit: "trading", What: web.DealSponsor, Card: ref("cardR")}, ops, 202},
		{"what is paid for already", web.Deal{Unit: "trading", What: web.DealSponsor, Card: ref("cardR")}, ops, 422},
		{"who does not pay agrees", web.Deal{Unit: "risk", What: web.DealSponsor, Card: ref("cardR"), With: "trading"}, riskLia, 422},
		{"that nobody pays", web.Deal{Unit: "trading", What: web.DealSponsor, Card: ref("cardC"), With: "sales"}, lia, 422},
		{"a verdict that is not there", web.Deal{What: web.DealContest, Ref: "trading/P9/x"}, mia, 404},
		{"another unit swaps", swap, other, 403},
		{"for what holds no slot", with(swap, func(d *web.Deal) { d.For = ref("cardE") }), mia, 422},
		{"what does not wait swaps", with(swap, func(d *web.Deal) { d.Card, d.For = ref("cardB"), ref("cardA") }), mia, 422},
		{"a requester swaps", swap, mia, 202},
		{"while that is open", with(swap, func(d *web.Deal) { d.For = ref("cardB") }), mia, 409},
		{"nothing is said", web.Deal{}, ops, 400},
	} {
		x.deal.Op, x.deal.By = fmt.Sprint("op-", n), x.by
		for range 2 { // asked for again, the answer is the same
			_, err := a.Deal(t.Context(), x.deal)
			if got := status(t, err); got != x.want {
				t.Fatalf("%s: %d (%v), want %d", x.name, got, err, x.want)
			}
			if x.want == http.StatusConflict {
				break
			}
		}
	}
	trades, err := a.Store.OpenTrades(t.Context())
	if err != nil || len(trades) != 1 || trades[0].Down != (contract.Half{Card: idOf("cardA"), From: "high", To: "low"}) || trades[0].Up != (contract.Half{Card: idOf("cardC"), From: "high", To: "high"}) {
		t.Errorf("%+v, %v", trades, err)
	}
	var kinds []string
	decisions, err := a.Store.Decisions(t.Context())
	for _, e := range decisions {
		kinds = append(kinds, fmt.Sprintf("%s by %s for %s", e.Kind, e.Who, e.By))
	}
	if got := strings.Join(kinds, ", "); err != nil || got != "chose by mia for business, lends by mia for business, noted by lea for it, approved by mia for business, sponsored by olu for business, sponsored by olu for business" {
		t.Errorf("%s, %v", got, err)
	}
}

// TestAnOpIsOneDecision refuses another decision, or another swap, by the op of one that
// there is.
func TestAnOpIsOneDecision(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	ops := view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}
	for _, x := range []struct {
		deal web.Deal
		want int
	}{
		{web.Deal{What: web.DealWait, Card: ref("cardC"), Op: "one", By: ops}, 202},
		{web.Deal{What: web.DealBorrow, Card: ref("cardC"), Op: "one", By: ops}, 409},
		{web.Deal{What: web.DealSwap, Card: ref("cardC"), For: ref("cardA"), Op: "two", By: ops}, 202},
		{web.Deal{What: web.DealSwap, Card: ref("cardC"), For: ref("cardB"), Op: "two", By: ops}, 409},
		{web.Deal{What: web.DealSwap, Card: ref("cardC"), For: ref("cardA"), Op: "one", By: ops}, 409},
		{web.Deal{What: web.DealBorrow, Card: ref("cardC"), Op: "two", By: ops}, 409},
	} {
		if _, err := a.Deal(t.Context(), x.deal); status(t, err) != x.want {
			t.Errorf("%s by %s: %v, want %d", x.deal.What, x.deal.Op, err, x.want)
		}
	}
	if _, err := a.Deal(t.Context(), web.Deal{What: web.DealBorrow, Card: ref("cardC"), Op: "three", By: ops}); err != nil {
		t.Fatal(err)
	}
	accounts, err := a.Views.Standing(t.Context())
	if err != nil || len(accounts[0].Over)+len(accounts[1].Over) != 0 {
		t.Errorf("a decision counts from when it is made: %+v, %v", accounts, err)
	}
}
