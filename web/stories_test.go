package web_test

import "maps"

// story is what a person does on a page, step by step.
type story struct {
	stage
	steps []step
}

// step is one thing that is done, and what comes of it.
type step struct {
	do    func(h hand, p *browserPage, at, value string)
	at    string // selector of the control
	value string
	then  string             // comes true on the page
	asked func(*office) bool // is true of what was asked of the board
}

func doing(do func(h hand, p *browserPage, at, value string), at, value string, then []string) step {
	s := step{do: do, at: at, value: value}
	if len(then) > 0 {
		s.then = then[0]
	}
	return s
}

func press(at string, then ...string) step {
	return doing(func(h hand, p *browserPage, at, _ string) { h.press(p, at) }, at, "", then)
}

func choose(at, value string, then ...string) step {
	return doing(func(h hand, p *browserPage, at, value string) { h.choose(p, at, value) }, at, value, then)
}

func write(at, value string, then ...string) step {
	return doing(func(h hand, p *browserPage, at, value string) { h.write(p, at, value) }, at, value, then)
}

func reach(at string) step {
	return doing(func(h hand, p *browserPage, at, _ string) { h.reach(p, at) }, at, "", nil)
}

// asks is a step after which a change of a field to a value was asked of the board.
func asks(s step, field, to string) step {
	s.asked = func(o *office) bool { return o.did(field, to) }
	return s
}

// decides is a step after which a conflict was decided so.
func decides(s step, choice string) step {
	s.asked = func(o *office) bool {
		o.mu.Lock()
		defer o.mu.Unlock()
		return len(o.decided) == 1 && o.decided[0].Choice == choice
	}
	return s
}

// What comes true on pages.
const (
	settled    = `!document.querySelector("#card-c3.pending, #card-c2.pending, #card-c8.pending")`
	drawerOpen = `document.querySelector("#drawer[open] #card-title") && document.getElementById("drawer").getAnimations().length === 0`
	drawerShut = `!document.getElementById("drawer").open && !location.search.includes("card=")`
	scripts    = `document.documentElement.dataset.scripts === "on"`
)

// now is an expression for where the page is.
func now(path string) string {
	return `location.pathname + location.search === "` + path + `" && document.readyState === "complete"`
}

// says is an expression for what the address says of a filter.
func says(key, value string) string {
	return `(new URLSearchParams(location.search).get("` + key + `") ?? "") === "` + value + `"`
}

// stories are what people can do, on every page.
func stories() map[string]story {
	all := map[string]story{}
	for _, some := range []map[string]story{cardStories(), pageStories(), filterStories(), boardStories(), wayStories(), flowStories(), dealStories()} {
		maps.Copy(all, some)
	}
	return all
}

// cardStories change cards on the board.
func cardStories() map[string]story {
	board := stage{path: "/"}
	return map[string]story{
		"move a card and take it back": {board, []step{
			press("#card-c3 .menu", `document.getElementById("move").open`),
			press(`#move button[value="cancel"]`, `!document.getElementById("move").open`),
			press("#card-c3 .menu"), asks(press(`#move button[value="review"]`, columnOf("c3")+` === "review" && `+settled), "status", "review"),
			asks(press("#toasts .undo", settled+` && !document.querySelector("#toasts .undo")`), "undo", ""),
		}},
		"give a card a priority": {board, []step{
			press("#card-c2 .menu"), asks(press(`#move button[value="urgent"]`, settled), "priority", "urgent"), press("#toasts .toast button:last-child"),
		}},
		"block a card": {board, []step{
			press("#card-c3 .menu"), press(".block-open", `document.getElementById("block").open`), press(`#block button[value="cancel"]`, `!document.getElementById("block").open`),
			press("#card-c3 .menu"), press(".block-open"), write("#block [name=reason]", "waits for the vendor"), press(`#block input[value="third"]`),
			asks(press("#block form button:not([type])", `document.querySelector("#toasts .undo")`), "blocked", "third"),
		}},
		"let a card go on": {board, []step{press("#card-c8 .menu"), asks(press(".block-open", settled), "blocked", "")}},
		"look at a card over the board": {board, []step{
			press("#card-c3", drawerOpen), press("#drawer .drawer-close", drawerShut),
			press("#card-c1 .key", drawerOpen), press("#drawer .why summary"), press("#drawer .drawer-close", drawerShut),
			press("#card-c2 .menu"), press("#move a.open", drawerOpen), reach("#drawer .side-key"), press("#drawer [data-earlier]", `!document.querySelector("#drawer [data-earlier]")`),
			press("#drawer .drawer-page", now("/card/c2")),
		}},
		"a card that is gone": {stage{path: "/?card=c99"}, []step{press("#drawer button[data-close]", drawerShut)}},
		"change a card over the board": {board, []step{
			press("#card-c3", drawerOpen), press("#drawer .block summary", `document.querySelector("#drawer .block").open`), choose(`#drawer form[action$="/move"] select`, "review"), choose(`#drawer form[action$="/move"] select[name="side"]`, "business"),
			asks(press(`#drawer form[action$="/move"] button`, `document.querySelector("#drawer .chip.place").textContent === "Review"`), "status", "review"),
		}},
		"decide a conflict over the board": {stage{path: "/?card=c1"}, []step{decides(press(`#drawer [data-decide="dismiss"] button`, `!document.querySelector("#drawer .conflicts")`), "dismiss")}},
	}
}

// pageStories change cards, and what is written, on pages of their own.
func pageStories() map[string]story {
	card := stage{path: "/card/c3"}
	return map[string]story{
		"move a card on its page": {card, []step{
			choose(`form[action$="/move"] select`, "review"), choose(`form[action$="/move"] select[name="side"]`, "business"), asks(press(`form[action$="/move"] button`, `document.querySelector(".chip.place").textContent === "Review"`), "status", "review"),
		}},
		"give a card a priority on its page": {card, []step{
			choose(`form[action$="/priority"] select`, "urgent"), asks(press(`form[action$="/priority"] button`, `document.querySelector('form[action$="/priority"] select').value === "urgent"`), "priority", "urgent"),
		}},
		"block a card on its page": {card, []step{
			press(".block summary", `document.querySelector(".block").open`), write(".block [name=reason]", "waits for the vendor"), press(`.block input[value="it"]`),
			asks(press(".block form button", `document.querySelector(".notice.blocked")`), "blocked", "it"),
			asks(press(`form[action$="/unblock"] button`, `!document.querySelector(".notice.blocked")`), "blocked", ""),
		}},
		"ask, answer and conclude on a card's page": {card, []step{
			press(".ask summary", `document.querySelector(".ask").open`), write(".ask [name=text]", "Which week?"),
			asks(press(".ask form button", `document.querySelector(".question")`), "ask", "Which week?"),
			press(".answer summary", `document.querySelector(".answer").open`), write(".answer [name=text]", "The first"),
			asks(press(".answer form button", `document.querySelectorAll(".question .said").length === 2`), "answer", "The first"),
			press(".conclude summary", `document.querySelector(".conclude").open`),
			asks(press(`.conclude button[value="kept"]`, `!document.querySelector(".conclude")`), "conclude", "kept"),
		}},
		"say on its page that a card was planned": {card, []step{
			press(".sort summary", `document.querySelector(".sort").open`), write(".sort [name=reason]", "it came in overnight"),
			asks(press(`.sort button[value="planned"]`, `!document.querySelector(".chip.unplanned") && !document.querySelector(".sort").open`), "planned", "planned"),
			press(".sort summary", `document.querySelector(".sort").open`), asks(press(`.sort button[value="rules"]`, `!document.querySelector('.sort button[value="rules"]')`), "planned", "rules"),
		}},
		"say over the board that a card was not planned": {stage{path: "/"}, []step{
			press("#card-c2", drawerOpen), press("#drawer .sort summary", `document.querySelector("#drawer .sort").open`),
			asks(press(`#drawer .sort button[value="unplanned"]`, `document.querySelector("#drawer .chip.unplanned")`), "planned", "unplanned"),
		}},
		"take a change back on a card's page": {stage{path: "/card/c3?undo=op-1"}, []step{asks(press(`form[action$="/undo"] button`), "undo", "")}},
		"read a card's page": {stage{path: "/card/c4"}, []step{
			reach(".keys .side-key"), reach(".compare a"), press(".why summary"), press("[data-earlier]", `!document.querySelector("[data-earlier]")`), press(".back a", now("/")),
		}},
		"back to what is newest":         {stage{path: "/card/c4?before=x"}, []step{press(".timeline .meta a", now("/card/c4"))}},
		"restore what lost, on the card": {stage{path: "/card/c1"}, []step{decides(press(`[data-decide="restore"] button`), "restore")}},
		"keep what won, on the card":     {stage{path: "/card/c1"}, []step{decides(press(`[data-decide="dismiss"] button`), "dismiss")}},
		"restore what lost":              {stage{path: "/sync"}, []step{decides(press(`[data-decide="restore"] button`, `document.querySelector("#toasts .toast")`), "restore"), press("#toasts .toast button")}},
		"keep what won":                  {stage{path: "/sync"}, []step{decides(press(`[data-decide="dismiss"] button`, `document.querySelector("#toasts .toast")`), "dismiss")}},
		"have a write tried again":       {stage{path: "/sync"}, []step{asks(press(".trouble form button", `location.search.includes("tried")`), "retry", "")}},
		"a refusal on the board": {stage{path: "/", office: refuses}, []step{
			press("#card-c3 .menu"), press(`#move button[value="review"]`, `document.querySelector("#alerts .toast")`), press("#alerts .toast button", `!document.querySelector("#alerts .toast")`),
		}},
	}
}

// filterStories show a part of the board.
func filterStories() map[string]story {
	more := []step{press(".more-filters summary", `document.querySelector(".more-filters").open`), reach(".exports a"), reach(".exports a + a")}
	for _, c := range [][2]string{{"priority", "high"}, {"planned", "no"}, {"stage", "work"}, {"state", "blocked"}} {
		at := `#filters select[name="` + c[0] + `"]`
		more = append(more, choose(at, c[1], says(c[0], c[1])+` && document.querySelector("[data-soft=off-`+c[0]+`]")`))
	}
	main := []step{}
	for _, c := range [][2]string{{"unit", "risk"}, {"turn", "it"}, {"class", "expedite"}, {"age", "late"}, {"group", "unit"}, {"density", "compact"}} {
		main = append(main, choose(`#filters select[name="`+c[0]+`"]`, c[1], says(c[0], c[1])))
	}
	main = append(main, press(`#filters [data-soft="off-turn"]`, says("turn", "")))
	return map[string]story{
		"filter and group the board": {stage{path: "/"}, main},
		"filter by more": {stage{path: "/"}, append(more,
			press(`#filters [data-soft="off-state"]`, says("state", "")+` && !document.querySelector("[data-soft=off-state]")`), press(`.more-filters input[name="done"]`, says("done", "all")),
			press(".set-row .removable"), press(`.set-row [data-soft="clear"]`, now("/")))},
		"search": {stage{path: "/"}, []step{
			write("#search", "zebra"), press("#saved summary", says("search", "zebra")), press(`.nothing [data-soft="widen"]`, says("done", "all")),
			press(`.nothing [data-soft="clear"]`, says("search", "")), write("#search", "zebra"), press("#saved summary", says("search", "zebra")), press(`#filters [data-soft="off-search"]`, now("/")),
		}},
		"other views": {stage{path: "/"}, []step{
			press(`[data-soft="view-Business"]`, says("turn", "business")), press(`[data-soft="view-IT"]`, now("/?turn=it")), press(`[data-soft="view-Ops"]`, now("/")),
		}},
		"keep a view of one's own": {stage{path: "/?turn=it"}, []step{
			press("#saved summary", `document.getElementById("saved").open`), write("#save-view input", "Mine"), press("#save-view button", `document.querySelector("#saved-list a")?.textContent === "Mine"`),
			press(`#saved-list [data-rename]`, `document.querySelector("#saved-list input")`), write("#saved-list input", "Ours"), press("#saved-list form button", `document.querySelector("#saved-list a")?.textContent === "Ours"`),
			press("#saved-list a", `document.querySelector("#saved-list a")`), press("#saved summary", `document.getElementById("saved").open`),
			press("#saved-list [data-forget]", `!document.querySelector("#saved-list li")`),
		}},
		"filters of a narrow screen": {stage{path: "/", phone: true}, []step{
			choose("#column-picker", "doing", `document.getElementById("col-doing").hasAttribute("data-current")`),
			press(".filters-open", `document.getElementById("filters").matches(":popover-open")`), choose(`#filters select[name="turn"]`, "it", says("turn", "it")),
		}},
		"a folded column of a narrow screen": {stage{path: "/", phone: true}, []step{
			choose("#column-picker", "done", `document.getElementById("col-done").hasAttribute("data-current")`), press("#col-done .fold", says("open", "done")),
		}},
	}
}
