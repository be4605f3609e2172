package web_test

// boardStories look at the board in other ways.
func boardStories() map[string]story {
	return map[string]story{
		"fold a column and a lane": {stage{path: "/?group=unit"}, []step{
			press("#col-review .fold", says("fold", "review")), press("#col-review .fold", says("fold", "")),
			press("#col-requests .lane a", says("fold", "/trading")), press("#col-requests .lane a", says("fold", "")),
		}},
		"show more of a column": {stage{path: "/?open=done"}, []step{
			press(`[data-soft="more-doing"]`, says("column", "doing")), press(`[data-soft="earlier-done"]`, says("done", "all")),
		}},
		"what is at a glance":  {stage{path: "/"}, []step{press("#pulse .figure.work a", now("/?stage=work"))}},
		"whose turn it is":     {stage{path: "/"}, []step{press("#pulse .turn.it", now("/?stage=work&turn=it"))}},
		"what is older":        {stage{path: "/"}, []step{press("#pulse .part.late", now("/?stage=work&age=late"))}},
		"what there is to see": {stage{path: "/"}, []step{press("#pulse .truth .note a", now("/?done=all&state=look"))}},
		"the theme and the help": {stage{path: "/"}, []step{
			press("#theme", `document.documentElement.dataset.theme === "light"`), press("#help-open", `document.getElementById("help").open`),
			press("#single-keys", `localStorage.getItem("parley.keys") === "off"`), press(`#help button[value="cancel"]`, `!document.getElementById("help").open`),
			press("#help-open"), press("#help .wall-open", now("/?wall=1")),
		}},
		"pass on the link": {stage{path: "/?turn=it"}, []step{press("#copy-link", `document.querySelector("#toasts .toast")`)}},
		"go from page to page": {stage{path: "/"}, []step{
			press(`nav.pages a[data-key="p"]`, now("/people")+" && "+scripts), press(`nav.pages a[data-key="s"]`, now("/sync")+" && "+scripts), press(".brand", now("/")),
		}},
		"plan mode":  {stage{path: "/", office: plans}, []step{press(".notice a", now("/sync"))}},
		"first run":  {stage{path: "/", office: begins}, []step{press(".nothing a", now("/sync"))}},
		"unfold all": {stage{path: "/sync"}, []step{press(".channel summary", `document.querySelector(".channel details").open`), press(".sync-top a", now("/admin/mapping"))}},
	}
}

// wayStories follow links, and go in and out.
func wayStories() map[string]story {
	return map[string]story{
		"people": {stage{path: "/people"}, []step{
			choose(`.filters select[name="unit"]`, "risk", says("unit", "risk")), choose(`.filters select[name="turn"]`, "it", says("turn", "it")),
			choose(`.filters select[name="class"]`, "expedite", says("class", "expedite")), choose(`.filters select[name="age"]`, "late", says("age", "late")),
			press(`.filters [data-soft="off-age"]`, says("age", "")),
			press(`.views a:last-child`, says("by", "epic")+" && "+scripts), press(`.views a:first-child`, says("by", "")+" && "+scripts), press(`.matrix .bit a`, now("/card/c1")),
		}},
		"a person's cards":         {stage{path: "/people"}, []step{press(`.matrix th a`, now("/?assignee=Ana"))}},
		"earlier activity":         {stage{path: "/sync"}, []step{press(`#activity .button`, says("before", "41"))}},
		"a card from the plan":     {stage{path: "/sync"}, []step{press(`#plan td a`, now("/card/c1"))}},
		"a card from a trouble":    {stage{path: "/sync"}, []step{press(`.trouble a`, now("/card/c1"))}},
		"a card from a conflict":   {stage{path: "/sync"}, []step{press(`#conflicts .keys a`, now("/card/c1"))}},
		"a card from the account":  {stage{path: "/sync"}, []step{press(`.account a`, now("/card/c1"))}},
		"the preview of a mapping": {stage{path: "/admin/mapping"}, []step{press("details summary", `document.querySelector("details").open`), press("details td a", now("/card/c1"))}},
		"back from the mapping":    {stage{path: "/admin/mapping"}, []step{press(".back a", now("/sync"))}},
		"sign in and out": {stage{path: "/", serve: asksWho}, []step{
			press(".door .go", `document.querySelector(".guest-name")?.textContent === "Ana" && `+scripts), press(".guest button", `location.pathname === "/signin"`),
		}},
		"close a link":           {stage{path: "/", serve: guests}, []step{press(".guest button")}},
		"on from a wrong turn":   {stage{path: "/nowhere"}, []step{press(`main a[href="/sync"]`, now("/sync"))}},
		"on from a lost card":    {stage{path: "/card/c99"}, []step{press(`main a`, now("/"))}},
		"on from an odd address": {stage{path: "/?limit=x"}, []step{press(`.door a`, now("/"))}},
	}
}
