package web_test

import (
	"encoding/json"
	"testing"

	"parley/web/webtest"
)

// TestEveryPageFitsANarrowPhone looks at every page in every state at 360 px: nothing is
// wider than the screen, nothing to press is smaller than 24 px or lies under something
// else, and no words are cut off without a sign of it.
//
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestEveryPageFitsANarrowPhone(t *testing.T) {
	t.Parallel()
	walkUnwatched(t)
	browser := webtest.Browser(t, 360, 740)
	for name, s := range stages() {
		t.Run(name, func(t *testing.T) {
			p, _ := s.enter(browser, t, 360, 740)
			p.is(`document.documentElement.scrollWidth`, "360")
			var found []string
			if err := json.Unmarshal([]byte(p.text(`(() => {`+misfits+`})()`)), &found); err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Error(f)
			}
		})
	}
}

// misfits lists what does not fit. A target counts as large as what a finger meets around
// its middle, whatever box it has; links in the middle of a text are let off, as WCAG does.
const misfits = `
	const out = [];
	const top = [...document.querySelectorAll("dialog[open], [popover]:popover-open")].at(-1) ?? document.body;
	const seen = (e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest(".hidden, .visually-hidden, [inert], .sprite") && getComputedStyle(e).clipPath === "none";
	const name = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 140);
	const inText = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline" && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim().length > 2);
	for (const e of top.querySelectorAll("a[href], button, select, input:not([type=hidden]), summary, [tabindex='0']")) {
		if (!seen(e) || inText(e) || e.matches(".skip, .scroll, .people-scroll, .pulse, main, .drawer")) continue;
		if (top === document.body && e.closest("dialog, [popover]:not(:popover-open)")) continue;
		e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const whole = e.closest("label") ?? e;
		const b = (e.matches("input[type=radio], input[type=checkbox]") ? whole : e).getBoundingClientRect();
		const x = b.left + b.width / 2, y = b.top + b.height / 2;
		if (b.left < -0.5 || b.right > innerWidth + 0.5) { out.push("beyond the screen: " + name(e)); continue; }
		const w = Math.min(11, b.width < 24 ? 11 : b.width / 2 - 1);
		for (const [dx, dy] of [[0, 0], [-w, 0], [w, 0], [0, -11], [0, 11]]) {
			const hit = document.elementFromPoint(x + dx, y + dy);
			if ([".toast", ".pop-sheet"].some((over) => hit?.closest(over) && !e.closest(over))) break; // it goes away
			if (!hit || !(e.contains(hit) || whole.contains(hit) || hit === e)) { out.push("small or covered at " + [dx, dy] + " by " + (hit ? name(hit).slice(0, 60) : "nothing") + ": " + name(e) + " " + [b.width, b.height].map(Math.round)); break; }
		}
	}
	for (const e of top.querySelectorAll("*")) {
		if (!seen(e) || e.closest("svg") || (top === document.body && e.closest("dialog, [popover]:not(:popover-open)"))) continue;
		const s = getComputedStyle(e);
		const cut = (s.overflowX === "hidden" || s.overflowX === "clip") && e.scrollWidth > e.clientWidth + 1 && s.textOverflow !== "ellipsis" && s.webkitLineClamp === "none" && e.clientWidth > 0;
		if (cut && s.display !== "inline") out.push("cut off: " + name(e) + " " + [e.scrollWidth, e.clientWidth]);
	}
	return JSON.stringify(out);
`
