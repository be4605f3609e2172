package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/kanban/contract"
	"parley/sync/view"
)

// settledWorld has a contract with everything that can be told.
func settledWorld() *world {
	w := newWorld()
	agreed(w)
	w.booked = []view.LedgerLine{
		{Unit: "sales", Seq: 1, Period: "2026-W47", At: noon, Kind: contract.Grant, Amount: 3, Who: "contract", Cause: "terms/1/ab", Terms: 1, Link: "aa"},
		{Unit: "sales", Seq: 2, Period: "2026-W47", At: noon, Kind: contract.Commit, Amount: -1, Card: "PAY-1", Who: "=cmd", Name: "Ana Weber", Cause: "jira/9", Terms: 1, Link: "bb"},
	}
	w.sheet = view.Replenishment{
		Unit: "sales", Name: "Sales", At: noon, Began: true, Period: *w.contracts[0].Period, Free: 1, ToTake: 1,
		Ready:    []view.ReadyRequest{{Card: "two", Called: "PAY-2", Title: "Fees", Priority: "High", Days: 4, Over: 1}, {Card: "three", Called: "PAY-3", Days: 2, Kept: 1}},
		Unready:  []view.ReadyRequest{{Card: "four", Called: "PAY-4", Lacks: []string{"due", "epic"}, Days: 2}},
		Forecast: view.KeepForecast{Held: 3, Late: 1, More: 1, Met: 20, Of: 24, Days: 8, Share: 85, Chance: 0.25, Words: "25 %"}, Proposed: &view.ProposedUnit{Unit: "sales", Slots: 2, Agreed: 3}, Carried: 6, Spared: 1, Unsure: true,
	}
	return w
}

func TestContractPageShowsBothSidesAlike(t *testing.T) {
	t.Parallel()
	html := page(t, settledWorld().handler(), "/contract/sales", http.StatusOK)
	contains(t, html, []string{
		"Sales and IT", "Week 47 · terms 1, agreed by Mia (Sales) and Ana (IT), in force since 16\u00a0Nov\u00a02026", "<b>5 of 6 kept</b> in 8 weeks", "<b>two kept</b> in 8 weeks",
		"<b>Answer the question</b> Refunds", "by Sun\u00a022\u00a0Nov\u00a012:00", "Takes 3 requests on", "85 % done in 8 days", "Answers in 2 working days", "Accepts in 3 working days",
		"1 of 3", "1 agreed on · 0 owed by IT from before · 2 borrowed · 1 lent · 1 given back", "<td>2 borrowed, 1 lent, 1 given back</td>", "PAY-2 waits.", "Broken by the clock of sales.", `href="/contract/sales/verdict?id=sales%2FR1%2Fone%2F1#clock"`, "IT 75 %. Sales 25 %. ", "3 slots for week 47", "PAY-1 takes a slot", "<td>Ana Weber</td>", "<td>contract</td>",
		"<code>parley-ledger-1:sales:1:abc</code>", "This ledger is not as it was written: entry 1", "Version 1, from 16\u00a0Nov\u00a02026: in force", `href="/contract/sales/replenish"`, `href="/contract/sales/ledger.csv"`, `href="/contract/sales/verdicts.csv"`,
		`<a href="/contract/sales" data-key="c" aria-current="page">Contract</a>`,
	}, []string{"<script>", "style="})
	if before, _, found := strings.Cut(html, `id="soon"`); !found || strings.Count(before, "<section") != 1 {
		t.Error("what is at risk is not the first thing on the page")
	}
	for _, side := range []string{"it", "business"} {
		if strings.Count(html, `<section class="plate side-`+side+`"`) != 1 {
			t.Errorf("%s has no plate of its own", side)
		}
	}
	if !strings.Contains(html, `<td class="num">-1</td><td class="num">2</td>`) {
		t.Error("the slots that are free after an entry are not told")
	}
}

func TestContractsAreToldToWhomTheyAreFor(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	contains(t, page(t, w.handler(), "/contract/ops", http.StatusOK), []string{"There is a contract between Operations and IT.", "told to the two sides that made it"}, []string{"Ledger", "Replenishment"})
	contains(t, page(t, w.handler(), "/contract", http.StatusOK), []string{`<a href="/contract/sales">Sales and IT</a>`, "Operations and IT</h2>", "What is in it is told to the two sides that made it."}, []string{`href="/contract/ops"`})
	w.sheet = view.Replenishment{Unit: "ops", Name: "Operations", Masked: true}
	contains(t, page(t, w.handler(), "/contract/ops/replenish", http.StatusOK), []string{"told to the two sides that made it"}, []string{"Ready requests", "Done in time?"})
	for _, below := range []string{"", "/replenish", "/verdicts.csv"} {
		if rec := ask(w.handler(), http.MethodGet, "/contract/nobody"+below, ""); rec.Code != http.StatusNotFound {
			t.Errorf("/contract/nobody%s: %d", below, rec.Code)
		}
	}
}

// The page of all contracts tells of each what a lead of its unit asks first: the slots of the
// week, what both sides kept, alike, what the next days decide, and the next cut-off.
func TestContractsAtAGlance(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	w.contracts[0].Cutoff = noon
	due := w.contracts[0].AtRisk[0]
	due.Outcome, due.Contested = contract.Pending, false
	w.contracts[0].AtRisk = []view.Promised{due, due, due, due}
	html := page(t, w.handler(), "/contract", http.StatusOK)
	contains(t, html, []string{
		"next cut-off <a href=\"/contract/sales/replenish\">Sun\u00a022\u00a0Nov\u00a012:00</a>", `<i class="seat used"></i><i class="seat"></i><i class="seat"></i></span><b>1 of 3 slots used, 2 free</b> <span>in week 47</span>`,
		`IT <span>in 8 weeks</span></h3><p class="glance-score"><b>5 of 6 kept</b></p><p class="empty">Nothing is due within three days.</p>`, `Sales <span>in 8 weeks</span></h3><p class="glance-score"><b>two kept</b></p><ul class="soon">`,
		`<a href="/card/one">PAY-1</a></span><span class="soon-what"><b>Answer the question</b></span>`, `<a href="/contract/sales#soon">1 more</a> within three days`,
	}, []string{"Refunds", "last 8 weeks"})
	for free, want := range map[int]string{0: "3 of 3 slots used, none free", -2: "5 slots used of 3, 2 of them in advance"} {
		w.contracts[0].Free, w.contracts[0].Period.Used = free, 3-free
		contains(t, page(t, w.handler(), "/contract", http.StatusOK), []string{want}, []string{`<i class="seat"></i>`})
	}
	w.contracts[0].Period, w.contracts[0].Scores, w.contracts[0].AtRisk = nil, nil, nil
	contains(t, page(t, w.handler(), "/contract", http.StatusOK), []string{"This contract has not begun yet."}, nil)
	w.contracts[0].Masked = true // a wall: the line alone
	contains(t, page(t, w.handler(), "/contract", http.StatusOK), nil, []string{"has not begun", "within three days"})
}

// A page leads to contracts only where one was agreed on that its reader may know: to it
// where there is one, to the list of several.
func TestPagesLeadToContractsThatThereAre(t *testing.T) {
	t.Parallel()
	w := newWorld()
	contains(t, page(t, w.handler(), "/", http.StatusOK), nil, []string{"/contract", "contract, sync"})
	contains(t, page(t, w.handler(), "/contract", http.StatusOK), []string{"Nothing was agreed on with any unit."}, nil)
	agreed(w)
	for _, target := range []string{"/", "/sync", "/people", "/nothing"} {
		status := map[bool]int{true: http.StatusNotFound, false: http.StatusOK}[target == "/nothing"]
		contains(t, page(t, w.handler(), target, status), []string{`<a href="/contract/sales" data-key="c">Contract</a>`, "contract, sync"}, nil)
	}
	w.contracts[1].Masked = false
	contains(t, page(t, w.handler(), "/", http.StatusOK), []string{`<a href="/contract" data-key="c">Contract</a>`}, nil)
}

func TestReplenishmentSaysWhatCanBeTakenOn(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	contains(t, page(t, w.handler(), "/contract/sales/replenish", http.StatusOK), []string{
		"the cut-off was on Sun\u00a022\u00a0Nov\u00a012:00", "<b>1</b> free slot<", "<b>25 %</b>", "chance that 85 % are delivered within 8 days on IT’s clock: 20 of 24 were in time in thirteen weeks, 3 are in work, 1 of them late already, 1 more for the free slots",
		"More is agreed on than was carried: 3 slots a week for Sales. IT finished at least 6 requests in 85 of 100 weeks, of planned work of all units. Less 1 for removing causes, Sales’s part of that is 2. That is provisional",
		"If the free slots are filled, the service level likely does not hold", `<li class="fits"><i class="tick-box" aria-hidden="true"></i><span class="pick-n">slot</span><a href="/card/two">PAY-2</a>`, "place 1 in the row",
		`<span class="pick-n">waits</span><a href="/card/three">`, "due, epic", "<span>asked first</span>",
	}, nil)
	w.sheet.Forecast.More = 0
	contains(t, page(t, w.handler(), "/contract/sales/replenish", http.StatusOK), []string{"Already now the service level likely does not hold"}, []string{"If the free slots"})
	w.sheet.Proposed.Agreed, w.sheet.Forecast.Chance, w.sheet.Free = 2, 0.6, -2
	contains(t, page(t, w.handler(), "/contract/sales/replenish", http.StatusOK), []string{"<b>2</b> taken in advance"}, []string{"More is agreed on", "likely does not hold", `class="fits"`})
}

// A request that has a slot already stands before those that ask for one, and is taken on
// without another.
func TestReplenishmentMarksWhatHasASlot(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	has := view.ReadyRequest{Card: "zero", Called: "PAY-0", Title: "Swapped in", Priority: "High", Days: 1, Slotted: true}
	w.sheet.Ready = append([]view.ReadyRequest{has}, w.sheet.Ready...)
	contains(t, page(t, w.handler(), "/contract/sales/replenish", http.StatusOK), []string{
		`<span class="pick-n">has one</span><a href="/card/zero">`, `<span class="pick-n">slot</span><a href="/card/two">`, `<span class="pick-n">waits</span><a href="/card/three">`,
		"<b>3</b></span><span class=\"tile-note\">1 of them has a slot already; 1 more lacks something", "first what has a slot already, then what asked for a slot, in that order",
	}, nil)
	w.sheet.Free = 0
	html := page(t, w.handler(), "/contract/sales/replenish", http.StatusOK)
	contains(t, html, []string{`<span class="pick-n">has one</span>`, `<span class="pick-n">waits</span><a href="/card/two">`}, nil)
	if n := strings.Count(html, `name="beyond"`); n != 2 {
		t.Errorf("%d requests are beyond the slots, want 2", n)
	}
}

func TestContractFiles(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	rec := ask(w.handler(), http.MethodGet, "/contract/sales/ledger.csv", "")
	if want := "\"sales\",\"2\",\"2026-W47\",\"2026-11-22T12:00:00Z\",\"commit\",\"-1\",\"PAY-1\",\"\",\"\",\"'=cmd\",\"jira/9\",\"1\",\"\",\"\",\"bb\",\"\",\"\",\"\",\"\"\r\n"; !strings.Contains(rec.Body.String(), want) || !strings.Contains(rec.Header().Get("Content-Disposition"), "ledger.csv") {
		t.Errorf("%v\n%s", rec.Header(), rec.Body)
	}
	rec = ask(w.handler(), http.MethodGet, "/contract/sales/verdicts.csv", "")
	if want := "\"sales/R1/one/1\",\"sales\",\"2026-W47\",\"R1\",\"business\",\"broken\",\"yes\",\"yes\",\"one\",\"PAY-1\",\"2026-11-22T12:00:00Z\",\"the clock of sales\",\"Broken by the clock of sales.\"\r\n"; !strings.Contains(rec.Body.String(), want) {
		t.Errorf("%s", rec.Body)
	}
}

// What is worst in a week gives the mark, and nothing that is open counts as decided.
func TestCellsOfPromises(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		of   view.PromiseTally
		want promiseCell
	}{
		{view.PromiseTally{}, promiseCell{Words: "week 7: did not apply"}},
		{view.PromiseTally{Kept: 1}, promiseCell{"kept", "", "week 7: 1 kept"}},
		{view.PromiseTally{Kept: 2, Open: 1}, promiseCell{"kept", "2", "week 7: 2 kept, 1 open"}},
		{view.PromiseTally{Broken: 1}, promiseCell{"broken", "", "week 7: 1 broken"}},
		{view.PromiseTally{Kept: 1, Broken: 1, Unknown: 1, Open: 1}, promiseCell{"broken", "1/2", "week 7: 1 kept, 1 broken, 1 unknown, 1 open"}},
		{view.PromiseTally{Kept: 1, Contested: 1}, promiseCell{"contested", "", "week 7: 1 kept, 1 contested"}},
		{view.PromiseTally{AtRisk: 1}, promiseCell{"at risk", "", "week 7: 1 at risk"}},
	} {
		if got := cellOf("2026-W07", c.of); got != c.want {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
}

func TestEveryEntryIsSaidInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line view.LedgerLine
		want string
	}{
		{view.LedgerLine{Kind: contract.Grant, Amount: 1, Period: "2026-W07"}, "1 slot for week 7"},
		{view.LedgerLine{Kind: contract.Commit, Card: "A-1"}, "A-1 takes a slot"},
		{view.LedgerLine{Kind: contract.Release, Card: "A-1"}, "A-1 was withdrawn before it was begun; its slot is free"},
		{view.LedgerLine{Kind: contract.Swap, Card: "A-1", Other: "A-2"}, "A-1 has the slot of A-2"},
		{view.LedgerLine{Kind: contract.Lend, Amount: -2, With: "risk"}, "2 slots lent to risk"},
		{view.LedgerLine{Kind: contract.Lend, Amount: 2, With: "risk"}, "2 slots borrowed from risk"},
		{view.LedgerLine{Kind: contract.Forfeit, Amount: -3}, "3 slots not used: too little was ready"},
		{view.LedgerLine{Kind: contract.Refund}, "A request was given back by IT; its slot is free"},
		{view.LedgerLine{Kind: contract.Expire, Amount: -1}, "1 slot not owed by IT any more: beyond what carries over"},
		{view.LedgerLine{Kind: contract.Contest, Note: "not our fault"}, "not our fault"},
		{view.LedgerLine{Kind: contract.Contest, Ref: "a/R1/c/1", Promise: contract.AnswerDuty, Of: "2026-W07", Card: "A-1", Note: "a/R1/c/1, for IT: not so"}, "Answers of week 7, A-1 is contested, for IT: not so"},
		{view.LedgerLine{Kind: contract.Contest, Ref: "a/P4/2026-W07", Promise: contract.Shield, Of: "2026-W07", Note: "a/P4/2026-W07 is kept, for the unit"}, "Unplanned work of week 7 is kept, for the unit"},
		{view.LedgerLine{Kind: contract.Judged, Promise: contract.AnswerDuty, Of: "2026-W07", Card: "A-1", Outcome: contract.Kept, Note: "decided by Risk's clock"}, "Answers of week 7, A-1: kept; decided by Risk's clock"},
		{view.LedgerLine{Kind: contract.Judged, Promise: contract.Shield, Of: "2026-W07", Outcome: contract.NotApplicable, Was: contract.Broken, Reverses: 4}, "Unplanned work of week 7: does not apply; line 4 said broken"},
		{view.LedgerLine{Kind: contract.Judged, Promise: contract.Deliver, Of: "2026-W07", Outcome: contract.Pending, Was: contract.NotApplicable, Reverses: 4, Note: "why"}, "Delivers in time of week 7: is not decided any more; line 4 said that it does not apply; why"},
		{view.LedgerLine{Kind: contract.Commit, Card: "A-1", Reverses: 4}, "Takes line 4 back: it does not follow from the trackers any more"},
	} {
		if got := entryWords(c.line); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// The list of verdicts goes on by links, also without scripts, and the numbers stay those of
// all.
func TestTheListOfVerdictsGoesOn(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	one := w.contracts[0].Verdicts[0]
	for n := range 3 {
		v := one
		v.ID, v.Sentence = fmt.Sprint("sales/R1/more/", n), fmt.Sprint("Another one: ", n)
		w.contracts[0].Verdicts = append(w.contracts[0].Verdicts, v)
	}
	w.contracts[0].MoreVerdicts, w.contracts[0].NextVerdicts = 17, "sales/R1/more/0"
	contains(t, page(t, w.handler(), "/contract/sales", http.StatusOK), []string{`href="/contract/sales?after=sales%2FR1%2Fmore%2F0#verdicts">17 more ›`, "Another one: 2", "<details><summary>Table"}, []string{"The first ones"})
	w.contracts[0].MoreVerdicts, w.contracts[0].NextVerdicts = 0, ""
	contains(t, page(t, w.handler(), "/contract/sales?after=sales/R1/more/0", http.StatusOK), []string{`href="/contract/sales#verdicts">‹ The first ones`, "Another one: 2", "<details open><summary>Table", "4, the latest first"}, []string{"Another one: 0", "more ›"})
	page(t, w.handler(), "/contract/sales?after=nothing", http.StatusNotFound)
	for target, want := range map[string]int{"/api/v1/contract/sales?limit=2": 200, "/api/v1/contract/sales?limit=0": 400, "/api/v1/contract/sales?limit=x": 400, "/api/v1/contract/sales?after=nothing": 404} {
		if rec := ask(w.handler(), http.MethodGet, target, ""); rec.Code != want {
			t.Errorf("%s: %d, want %d: %s", target, rec.Code, want, rec.Body)
		}
	}
}

// A midnight that ends a promise is the end of a day, and one at which requests are counted
// is the start of one.
func TestAMidnightIsTheEndOrTheStartOfADay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 17, 0, 0, 0, 0, time.UTC)
	for p, want := range map[contract.Promise]string{contract.Reply: "the end of Mon\u00a016\u00a0Nov", contract.Order: "Tue\u00a017\u00a0Nov\u00a000:00, the start of that day"} {
		if got := dueOf(view.Promised{Promise: p, Due: at}); got != want {
			t.Errorf("%s: %q, want %q", p, got, want)
		}
		if got := dueOf(view.Promised{Promise: p, Due: at.Add(12 * time.Hour)}); got != "Tue\u00a017\u00a0Nov\u00a012:00" {
			t.Errorf("%s: %q", p, got)
		}
	}
	for _, c := range []struct {
		after time.Duration
		want  string
	}{{-time.Hour, "the cut-off is on Tue\u00a017\u00a0Nov\u00a000:00, the start of that day"}, {time.Hour, "the cut-off was on Tue\u00a017\u00a0Nov\u00a000:00, the start of that day"}} {
		if got := (replenishData{R: view.Replenishment{At: at.Add(c.after), Period: view.ContractPeriod{Cutoff: at}}}).Cutoff(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// What there is not of a contract is told within the page's frame, with a way on; programs get
// the words alone.
func TestWhatAContractDoesNotHave(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	h := w.handler()
	for target, want := range map[string][]string{
		"/contract/nobody":                   {"<h1>No such contract</h1>", "There is no contract with such a unit.", `<a href="/contract/sales">To the contracts that there are</a>`},
		"/contract/nobody/replenish":         {"<h1>No such contract</h1>"},
		"/contract/nobody/verdict?id=x":      {"<h1>No such contract</h1>"},
		"/contract/sales?week=2020-W01":      {"<h1>No such week</h1>", `<a href="/contract/sales">To the contract</a>`},
		"/contract/sales/verdict?id=sales/x": {"<h1>No such verdict</h1>", `<a href="/contract/sales">To the contract</a>`},
		"/contract/nobody/verdicts.csv":      {"<h1>No such contract</h1>"},
	} {
		person := httptest.NewRequest(http.MethodGet, target, nil)
		person.Header.Set("Accept", "text/html")
		if rec := serve(h, person); rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", target, rec.Code)
		} else {
			contains(t, rec.Body.String(), append(want, `<header class="appbar"`, `data-key="c"`), []string{`class="door"`})
		}
		if rec := serve(h, httptest.NewRequest(http.MethodGet, target, nil)); rec.Code != http.StatusNotFound || strings.Contains(rec.Body.String(), "<") {
			t.Errorf("a program asks for %s: %d %s", target, rec.Code, rec.Body)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/contract/sales/commit", strings.NewReader("rev=3"))
	r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"same-origin"}, "Accept": {"text/html"}}
	rec := serve(h, r)
	if rec.Code != http.StatusBadRequest {
		t.Errorf("a form without a request: %d", rec.Code)
	}
	contains(t, rec.Body.String(), []string{"<h1>That cannot be read</h1>", `<header class="appbar"`, `<a href="/contract/sales/replenish">Back to the sheet</a>`}, nil)
}

// What is at risk is told from what is open by its mark, not by its colour alone.
func TestAtRiskHasAMarkOfItsOwn(t *testing.T) {
	t.Parallel()
	w := settledWorld()
	w.contracts[0].Tally = []view.PromiseTally{{Promise: contract.AnswerDuty, Period: "2026-W47", AtRisk: 1}}
	html := page(t, w.handler(), "/contract/sales", http.StatusOK)
	_, cell, found := strings.Cut(html, `<span class="verdict v-at-risk" title="`)
	if cell, _, _ = strings.Cut(cell, "</td>"); !found || !strings.Contains(cell, "<svg") || strings.Contains(cell, "…") {
		t.Errorf("the cell is %q", cell)
	}
}
