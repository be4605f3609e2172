package web_test

import "parley/web"

// deals is a step after which a decision about a contract was asked for.
func deals(s step, is func(d web.Deal) bool) step {
	s.asked = func(o *office) bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return len(o.dealt) == 1 && is(o.dealt[0])
	}
	return s
}

// dealStories decide about a contract.
func dealStories() map[string]story {
	page := stage{path: "/contract/trading"}
	done := func(what string) string {
		return `location.search.includes("done=` + what + `") && location.hash === "#said" && document.querySelector("#said.taken") && ` + scripts
	}
	verdict := stage{path: "/contract/trading/verdict?id=trading/R1/c1/1"}
	return map[string]story{
		"swap": {page, []step{
			reach("#swaps a"), press(`.deal-swap input[value="c4"]`, `document.querySelector('.deal-swap input[value="c4"]').checked`),
			deals(press(`.deal-swap button`, done("swap")), func(d web.Deal) bool { return d.What == web.DealSwap && d.Card == "c2" && d.For == "c4" }),
		}},
		"borrow":  {page, []step{deals(press(`.deal-ways [value="borrow"] ~ button`, done("borrow")), func(d web.Deal) bool { return d.What == web.DealBorrow && d.Card == "c2" })}},
		"wait":    {page, []step{deals(press(`.deal-ways [value="wait"] ~ button`, done("wait")), func(d web.Deal) bool { return d.What == web.DealWait && d.Card == "c2" })}},
		"approve": {page, []step{reach("#decide a"), deals(press(`#decide [value="approve"] ~ button`, done("approve")), func(d web.Deal) bool { return d.What == web.DealApprove && d.Card == "c8" })}},
		"say why work was unplanned": {page, []step{
			write(`.deal-note [name="note"]`, "the bank was down"), deals(press(`.deal-note button`, done("note")), func(d web.Deal) bool {
				return d.What == web.DealNote && d.Ref == "2026-W47" && d.Note == "the bank was down"
			}),
		}},
		"agree to a loan": {page, []step{deals(press(`#decide [value="loan"] ~ button`, done("loan")), func(d web.Deal) bool {
			return d.What == web.DealLoan && d.With == "risk" && d.Ref == "spring" && d.Slots == 1
		})}},
		"lend slots": {page, []step{
			press(".lending summary", `document.querySelector(".lending").open`), write(`.lending [name="slots"]`, "2"), choose(`.lending [name="with"]`, "risk"), write(`.lending [name="ref"]`, "May"),
			deals(press(`.lending button[value="lend"]`, done("lend")), func(d web.Deal) bool {
				return d.What == web.DealLend && d.With == "risk" && d.Ref == "May" && d.Slots == 2
			}),
		}},
		"take slots": {page, []step{
			press(".lending summary", `document.querySelector(".lending").open`), deals(press(`.lending button[value="loan"]`, done("loan")), func(d web.Deal) bool { return d.What == web.DealLoan && d.Ref == "week 47" }),
		}},
		"pay for another unit's request": {page, []step{
			press(".sponsoring summary", `document.querySelector(".sponsoring").open`), write(`.sponsoring [name="card"]`, "OPS-9"),
			deals(press(`.sponsoring button`, done("sponsor")), func(d web.Deal) bool { return d.What == web.DealSponsor && d.Card == "OPS-9" }),
		}},
		"agree that another unit pays": {page, []step{deals(press(`#decide [value="sponsor"] ~ [name="with"] ~ button`, done("sponsor")), func(d web.Deal) bool {
			return d.What == web.DealSponsor && d.Card == "c1" && d.With == "risk"
		})}},
		"agree to pay for another unit's request": {page, []step{deals(press(`#decide [name="card"][value="c7"] + button`, done("sponsor")), func(d web.Deal) bool {
			return d.What == web.DealSponsor && d.Card == "c7" && d.With == ""
		})}},
		"settle a verdict": {page, []step{
			press(`#contested a`, `location.pathname === "/contract/trading/verdict" && `+scripts), press(`.deal-settle input[value="business"]`), press(`.deal-settle input[value="kept"]`), write(`.deal-settle [name="note"]`, "found it"),
			deals(press(`.deal-settle button`, done("settle")), func(d web.Deal) bool {
				return d.What == web.DealSettle && d.Side == "business" && d.Outcome == "kept" && d.Note == "found it" && d.Ref == "trading/R1/c1/1"
			}),
		}},
		"contest a verdict": {stage{path: "/contract/trading/verdict?id=trading/P1/2026-W46"}, []step{
			reach(`#clock a[href*="week="]`), press(`.deal-contest input[value="it"]`), write(`.deal-contest [name="note"]`, "nothing was ready"),
			deals(press(`.deal-contest button`, done("contest")), func(d web.Deal) bool {
				return d.What == web.DealContest && d.Side == "it" && d.Note == "nothing was ready"
			}),
		}},
		"a verdict and its card": {verdict, []step{press(`.flow-top a[href^="/card/"]`, `location.pathname.startsWith("/card/")`)}},
		"take a request on": {stage{path: "/contract/trading/replenish"}, []step{
			asks(press(`.pick-commit button`, `document.querySelector("#said.taken")`), "status", "doing"), reach("#said a"), asks(press("#said button", `location.pathname.startsWith("/card/")`), "undo", ""),
		}},
		"from a card to its contract": {stage{path: "/card/c4"}, []step{press(".badge-over a", `location.pathname === "/contract/trading" && location.hash === "#over-c4"`)}},
	}
}
