package web

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// decisive gives a contract everything that can be decided about it.
func decisive() *world {
	w := settledWorld()
	two := view.NamedCard{Card: "two", Called: "PAY-2", Title: "Fees"}
	w.contracts[0].Verdicts[0].Contested = true
	w.deciding = view.Deciding{
		Name: "Sales", Free: 1, Choices: []view.Choosing{{NamedCard: two, Place: 1, Down: []view.StepDown{{NamedCard: view.NamedCard{Card: "one", Called: "PAY-1", Title: "Refunds <b>"}, From: "High", To: "Low"}}}},
		Contested: []view.VerdictCase{disputed()}, Loans: []view.SlotLoan{{Ref: "spring", From: view.Named{Key: "ops", Name: "Operations"}, To: view.Named{Key: "sales", Name: "Sales"}, Slots: 2}},
		Expedites: []view.NamedCard{{Card: "three", Called: "PAY-3"}}, Weeks: []string{"2026-W47"}, Others: []view.Named{{Key: "ops", Name: "Operations"}},
	}
	w.verdict = disputed()
	w.swaps = map[string]view.Swap{}
	return w
}

func disputed() view.VerdictCase {
	return view.VerdictCase{
		Promised: view.Promised{ID: "sales/R1/one/1", Promise: contract.AnswerDuty, By: kanban.Business, Period: "2026-W47", Card: "one", Called: "PAY-1", Outcome: contract.Broken, Contested: true, Clock: "the clock of sales", Sentence: "Broken by the clock of sales."},
		Unit:     "sales", Name: "Sales",
		Words: [2]view.SideWords{{By: kanban.IT, Name: "IT", Said: []view.Word{{At: noon, Who: "Sam", Outcome: contract.Broken, Note: "no call came"}}}, {By: kanban.Business, Name: "Sales", Said: []view.Word{{At: noon, Note: "we <i>called"}}}},
	}
}

// dealForms are the forms of a page that decide, as what they send by what they decide.
func dealForms(t *testing.T, text string) map[string][]url.Values {
	t.Helper()
	out := map[string][]url.Values{}
	for _, f := range regexp.MustCompile(`(?s)<form class="deal[^>]* action="/contract/sales/decide#said">(.*?)</form>`).FindAllStringSubmatch(text, -1) {
		values := url.Values{}
		for _, tag := range regexp.MustCompile(`<(?:input|button|option)[^>]*>`).FindAllString(f[1], -1) {
			name, value := regexp.MustCompile(` name="([a-z]+)"`).FindStringSubmatch(tag), regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(tag)
			if value != nil && name == nil {
				name = []string{"", "with"}
			}
			if value != nil {
				values.Add(name[1], html.UnescapeString(value[1]))
			}
		}
		out[values.Get("what")] = append(out[values.Get("what")], values)
	}
	return out
}

func TestEveryDecisionHasAFormOnThePage(t *testing.T) {
	t.Parallel()
	w := decisive()
	h := w.handler()
	forms := dealForms(t, page(t, h, "/contract/sales", http.StatusOK))
	for _, v := range dealForms(t, page(t, h, "/contract/sales/verdict?id=sales%2FR1%2Fone%2F1", http.StatusOK)) {
		forms[v[0].Get("what")] = v
	}
	w.verdict.Contested = false
	for _, v := range dealForms(t, page(t, h, "/contract/sales/verdict?id=sales%2FR1%2Fone%2F1", http.StatusOK)) {
		forms[v[0].Get("what")] = v
	}
	ops := map[string]bool{}
	for _, what := range Deals() {
		if len(forms[what]) == 0 && what != DealLoan {
			t.Errorf("no form decides %s", what)
		}
		for _, v := range forms[what] {
			if op := v.Get("op"); op == "" || ops[op] {
				t.Errorf("%s has the op %q of another form", what, op)
			}
			ops[v.Get("op")] = true
		}
	}
	if v := forms[DealLend][0]; !cmp.Equal(v["what"], []string{DealLend, DealLoan}) || v.Get("with") != "ops" || v.Get("ref") != "week 47" {
		t.Errorf("a slot is lent by %v", v)
	}
	agree := forms[DealLoan]
	if len(agree) != 1 || agree[0].Get("with") != "ops" || agree[0].Get("slots") != "2" || agree[0].Get("ref") != "spring" {
		t.Errorf("a loan is agreed to by %v", agree)
	}
}

// A form is taken once, however often it is sent, and leads to where it is told what came of it.
func TestADecisionByAForm(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		more string
		want Deal
		at   string
	}{
		DealSwap:    {"card=two&for=one", Deal{Card: "two", For: "one"}, "/contract/sales?done=swap&swap=op+1#said"},
		DealBorrow:  {"card=two", Deal{Card: "two"}, "/contract/sales?done=borrow#said"},
		DealWait:    {"card=two", Deal{Card: "two"}, "/contract/sales?done=wait#said"},
		DealLend:    {"with=ops&slots=2&ref=spring", Deal{With: "ops", Slots: 2, Ref: "spring"}, "/contract/sales?done=lend#said"},
		DealLoan:    {"with=ops&slots=2&ref=spring", Deal{With: "ops", Slots: 2, Ref: "spring"}, "/contract/sales?done=loan#said"},
		DealApprove: {"card=three", Deal{Card: "three"}, "/contract/sales?done=approve#said"},
		DealSponsor: {"card=PAY-9", Deal{Card: "PAY-9"}, "/contract/sales?done=sponsor#said"},
		DealNote:    {"ref=2026-W47&note=the+bank", Deal{Ref: "2026-W47", Note: "the bank"}, "/contract/sales?done=note#said"},
		DealContest: {"ref=sales/R1/one/1&side=it&note=no", Deal{Ref: "sales/R1/one/1", Side: "it", Note: "no"}, "/contract/sales/verdict?done=contest&id=sales%2FR1%2Fone%2F1#said"},
		DealSettle:  {"ref=sales/R1/one/1&side=business&outcome=kept", Deal{Ref: "sales/R1/one/1", Side: "business", Outcome: "kept"}, "/contract/sales/verdict?done=settle&id=sales%2FR1%2Fone%2F1#said"},
	} {
		w := decisive()
		h := w.handler()
		rec := form(h, "/contract/sales/decide", "what="+what+"&op=op+1&"+c.more)
		c.want.Unit, c.want.What, c.want.Op, c.want.By = "sales", what, "op 1", view.Somebody()
		if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != c.at || len(w.dealt) != 1 {
			t.Fatalf("%s: %d to %q, %+v", what, rec.Code, rec.Header().Get("Location"), w.dealt)
		}
		if diff := cmp.Diff(c.want, w.dealt[0]); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
		target, _, _ := strings.Cut(c.at, "#")
		contains(t, page(t, h, target, http.StatusOK), []string{`<p class="notice taken" id="said" role="status" tabindex="-1">`}, nil)
	}
}

func TestADecisionThatIsNotTakenIsSaidInWords(t *testing.T) {
	t.Parallel()
	refused := &Refusal{Status: http.StatusConflict, Reason: "it is contested <already>; both sides settle it"}
	for values, c := range map[string]struct {
		refuse *Refusal
		status int
		want   string
	}{
		"what=swap&card=two":                       {nil, 400, "Choose which request steps down."},
		"what=settle&ref=sales/R1/one/1":           {nil, 400, "Choose an outcome."},
		"what=note&ref=2026-W47":                   {nil, 400, "Say what the cause was."},
		"what=lend&with=ops&ref=x&slots=many":      {nil, 400, "Say how many slots, as a number from 1 on."},
		"what=loan&with=ops&slots=1":               {nil, 400, "Give the loan a name; both units name it by that."},
		"what=sponsor":                             {nil, 400, "Name the request that the unit pays for."},
		"what=steal":                               {nil, 400, "The form cannot be taken: what: it is one of"},
		"what=wait&card=two":                       {refused, 409, "It is contested &lt;already&gt;; both sides settle it."},
		"what=contest&ref=sales/R1/one/1&note=why": {refused, 409, "What both sides say"},
	} {
		w := decisive()
		w.refuse = c.refuse
		rec := form(w.handler(), "/contract/sales/decide", "op=one&"+values)
		if rec.Code != c.status || !strings.Contains(rec.Body.String(), c.want) || !strings.Contains(rec.Body.String(), `<p class="notice refused" id="said" role="alert" tabindex="-1">`) || len(w.dealt) != 0 {
			t.Errorf("%s: %d, %v\n%s", values, rec.Code, w.dealt, rec.Body)
		}
	}
	w := decisive()
	w.fail = errors.New("disk is gone")
	if rec := form(w.handler(), "/contract/sales/decide", "op=one&what=wait&card=two"); rec.Code != http.StatusInternalServerError {
		t.Errorf("%d where the store is away", rec.Code)
	}
	r := decisive().handler()
	if rec := ask(r, http.MethodPost, "/contract/sales/decide", "op=one&what=wait&card=two"); rec.Code == http.StatusSeeOther {
		t.Error("a request that no page of ours has made is taken")
	}
}

// Who may not decide something reads why instead of a form.
func TestWhoMayDecideOnThePage(t *testing.T) {
	t.Parallel()
	unit := view.Viewer{Audience: "unit:sales", Role: kanban.Requester, Name: "mia", Proved: true}
	liaison, dev, other, link, wall := unit, unit, unit, unit, view.Viewer{Audience: view.AudienceWall}
	liaison.Role, dev.Role, dev.Audience, other.Audience, link.Link = kanban.Liaison, kanban.Developer, view.AudienceIT, "unit:ops", true
	for name, c := range map[string]struct {
		by   view.Viewer
		want string
		why  string
	}{
		"ops":          {view.Somebody(), "approve borrow lend loan note settle sponsor swap wait", ""},
		"a requester":  {unit, "borrow swap wait", "Not decided by you: a liaison of the unit or an ops lead decides this."},
		"a liaison":    {liaison, "approve borrow lend loan settle sponsor swap wait", "Not decided by you: IT decides this."},
		"IT":           {dev, "note settle", "Not decided by you: its unit decides this."},
		"another unit": {other, "", "it is another unit&#39;s contract"},
		"by a link":    {link, "", "Not decided by you: you came by a link that only shows."},
		"a wall":       {wall, "", "you may look at the board, not change it"},
	} {
		w := decisive()
		o := w.options()
		o.Identity = Everybody(c.by)
		text := page(t, New(o), "/contract/sales", http.StatusOK) + page(t, New(o), "/contract/sales/verdict?id=sales%2FR1%2Fone%2F1", http.StatusOK)
		forms := dealForms(t, text)
		var got []string
		for _, what := range []string{DealApprove, DealBorrow, DealContest, DealLend, DealLoan, DealNote, DealSettle, DealSponsor, DealSwap, DealWait} {
			if len(forms[what]) > 0 {
				got = append(got, what)
			}
		}
		if strings.Join(got, " ") != c.want || !strings.Contains(text, c.why) {
			t.Errorf("%s decides %v, want %s; and reads %q: %v", name, got, c.want, c.why, strings.Contains(text, c.why))
		}
	}
}

// Both sides' words stand side by side, as text, and so does how far a swap is.
func TestWhatBothSidesSayAndHowFarASwapIs(t *testing.T) {
	t.Parallel()
	w := decisive()
	swap := view.Swap{Up: view.NamedCard{Card: "two", Called: "PAY-2"}, Down: view.NamedCard{Card: "one", Called: "PAY-1"}, Steps: []view.SwapStep{
		{Text: "PAY-1 steps down: High to Low", State: view.StepDone}, {Text: "PAY-2 has the slot: High stays", State: view.StepNow, Detail: "being saved to GitHub"}, {Text: "The ledger books it", State: view.StepNext},
	}}
	w.deciding.Swaps, w.swaps["op1"] = []view.Swap{swap}, swap
	h := w.handler()
	contains(t, page(t, h, "/contract/sales?done=swap&swap=op1", http.StatusOK), []string{
		"The swap of PAY-1 for PAY-2 is under way; both priorities are written, or neither is.", `<section class="plate" id="swaps"`, "<b>PAY-1 steps down: High to Low</b> done", "<b>PAY-2 has the slot: High stays</b> now: being saved to GitHub", "<b>The ledger books it</b> not begun",
		"<b>Says that it was broken</b><q>no call came</q>", "<b>Contests it</b><q>we &lt;i&gt;called</q>", "Refunds &lt;b&gt;", `id="over-two"`,
	}, nil)
	swap.Ended = noon
	w.swaps["op1"] = swap
	contains(t, page(t, h, "/contract/sales?done=swap&swap=op1", http.StatusOK), []string{"PAY-2 has the slot of PAY-1. Both priorities are written."}, nil)
	swap.Problem = "Jira refused it"
	w.swaps["op1"] = swap
	contains(t, page(t, h, "/contract/sales?done=swap&swap=op1", http.StatusOK), []string{"The swap did not come about, and both are as they were or as somebody set them meanwhile: Jira refused it."}, nil)
	contains(t, page(t, h, "/contract/sales?done=%3Cscript%3E&swap=gone", http.StatusOK), nil, []string{"&lt;script", `id="said"`})
	w.deciding.Choices[0].Swapping = true
	contains(t, page(t, h, "/contract/sales", http.StatusOK), []string{`A swap for it is <a href="#swaps">under way</a>.`}, []string{`value="borrow"`})
	for target, status := range map[string]int{"?id=sales%2FR9": 404, "": 404, "?id=" + strings.Repeat("x", 5000): 404} {
		if rec := ask(h, http.MethodGet, "/contract/sales/verdict"+target, ""); rec.Code != status {
			t.Errorf("%.20s: %d", target, rec.Code)
		}
	}
}

// TestAStoppedContractOffersNoDecision: the page and that of a verdict say why instead.
func TestAStoppedContractOffersNoDecision(t *testing.T) {
	t.Parallel()
	w := decisive()
	w.deciding.Stopped = true
	h := w.handler()
	for _, target := range []string{"/contract/sales", "/contract/sales/verdict?id=sales%2FR1%2Fone%2F1"} {
		text := page(t, h, target, http.StatusOK)
		if forms := dealForms(t, text); len(forms) > 0 {
			t.Errorf("%s offers %v", target, forms)
		}
		contains(t, text, []string{"the contract is stopped until what was decided about it can be read again"}, nil)
	}
	w.deciding.Stopped, w.deciding.Loans[0].Rests = false, true
	text := page(t, h, "/contract/sales", http.StatusOK)
	if forms := dealForms(t, text); len(forms[DealLoan]) > 0 {
		t.Errorf("with a stopped one a loan is agreed to by %v", forms[DealLoan])
	}
	contains(t, text, []string{"the contract with the other unit is stopped"}, nil)
}
