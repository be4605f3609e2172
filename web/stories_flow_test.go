package web_test

import "parley/sync/view"

// flowStories read the numbers, and settle many conflicts at once.
func flowStories() map[string]story {
	table := `document.querySelector(".plate details").open`
	return map[string]story{
		"flow": {stage{path: "/flow"}, []step{
			choose(`.filters select[name="unit"]`, "risk", says("unit", "risk")), press(`.views a[href*="/flow?"]`, `location.pathname === "/flow"`),
			press(`.plate:has(.numbers a[href^="/flow/cards?"]) summary`), reach(".plate .csv"), press(`details[open] .numbers a[href^="/flow/cards?"]`, `location.pathname === "/flow/cards"`),
			reach(`a[href*="cards.csv"]`), press(`.list-ways a[href^="/flow"]`, `location.pathname === "/flow"`),
		}},
		"days of one's own":       {stage{path: "/flow?days=30"}, []step{reach(`.own-days input[name="from"]`), reach(`.own-days input[name="to"]`), press(`.own-days button`, `location.search.includes("from=")`)}},
		"ask how many":            {stage{path: "/flow"}, []step{reach(`.ask input[name="by"]`), press(`.ask:has([name="by"]) button`, `location.search.includes("by=")`)}},
		"ask when":                {stage{path: "/flow"}, []step{write(`.ask input[name="items"]`, "7"), press(`.ask:has([name="items"]) button`, says("items", "7"))}},
		"workload":                {stage{path: "/workload"}, []step{choose(`.filters select[name="type"]`, "change", says("type", "change")), press(`.views a[href*="/workload?"]`, `location.pathname === "/workload"`), press(".plate summary", table), reach(`a[href^="/workload.csv"]`)}},
		"a card behind a number":  {stage{path: "/flow/cards?list=finished"}, []step{press(`.numbers a[href^="/card/"]`, `location.pathname.startsWith("/card/")`)}},
		"on from flow of nothing": {stage{path: "/flow?type=none&unit=none"}, []step{press(`.nothing a[href^="/flow"]`, `location.search === ""`)}},
		"settle many": {stage{path: "/sync"}, []step{
			press("#conflicts input[type=checkbox]", `document.querySelector("#conflicts input[type=checkbox]").checked`), press(`#settle [value="dismiss"]`, `document.querySelector(".settle-page form")`),
			press(".settle-page form button", `location.pathname === "/sync"`),
		}},
		"contracts": {stage{path: "/"}, []step{
			press(`nav.pages a[data-key="c"]`, now("/contract")+" && "+scripts), press(`main a[href="/contract/trading"]`, now("/contract/trading")+" && "+scripts),
			press(`#verdicts summary`, `document.querySelector("#verdicts details").open`), reach(`#ledger .csv`), reach(`#verdicts .csv`), reach(`#missed-it a[href$="#clock"]`), reach(`#over a`), reach(`[data-print]`),
			press(`.way[href$="/replenish"]`, now("/contract/trading/replenish")+" && "+scripts), reach("#ready a"), press(".way", now("/contract/trading")),
		}},
		"a week of a contract": {stage{path: "/contract/trading"}, []step{
			press(`.way[href*="week="]`, now("/contract/trading?week=2026-W46")+" && "+scripts), press(`.way[href*="2026-W45"]`, now("/contract/trading?week=2026-W45")+" && "+scripts), reach(`#week-it a[href^="/card/"]`), reach(`#week-it a[href*="/verdict"]`),
		}},
		"a contract of another unit": {stage{path: "/contract"}, []step{press(`main a[href="/contract/risk"]`, now("/contract/risk")+" && "+scripts), reach(`.way`)}},
		"no such contract":           {stage{path: "/contract/nobody"}, []step{press(`main a[href="/contract"]`, now("/contract"))}},
		"settle a group":             {stage{path: "/sync"}, []step{choose(`#settle select`, " "+view.AnySide), press(`#settle [value="restore"]`, `document.querySelector(".settle-page form")`), press(".settle-page a.button", `location.pathname === "/sync"`)}},
	}
}
