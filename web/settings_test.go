package web_test

import (
	"testing"

	"parley/web/webtest"
)

// TestWhatPeopleSetTheirSystemTo is respected: less motion, and colours of one's own.
func TestWhatPeopleSetTheirSystemTo(t *testing.T) {
	t.Parallel()
	p, _ := stage{path: "/"}.enter(webtest.Browser(t, 1440, 900), t, 1440, 900)
	p.do(evaluate(`document.getElementById("card-c3").classList.add("settled")`))
	p.is(`getComputedStyle(document.getElementById("card-c3")).animationName`, "settle")
	p, _ = stage{path: "/"}.enter(webtest.Browser(t, 1440, 900, "force-prefers-reduced-motion", "force-high-contrast"), t, 1440, 900)
	p.do(evaluate(`document.getElementById("card-c3").classList.add("settled")`))
	p.is(`getComputedStyle(document.getElementById("card-c3")).animationName`, "none")
	p.is(`matchMedia("(forced-colors: active)").matches && getComputedStyle(document.getElementById("card-c1")).borderTopStyle`, "solid")
	p.is(`getComputedStyle(document.querySelector("#card-c1 .rail")).forcedColorAdjust`, "none")
	p.is(`getComputedStyle(document.querySelector(".agebar .late")).borderTopStyle !== "none" || getComputedStyle(document.querySelector(".agebar .late")).outlineStyle`, "true")
}

// TestMasksLeaveNoEmptyWords looks at a card whose date is not for its reader.
func TestMasksLeaveNoEmptyWords(t *testing.T) {
	t.Parallel()
	p, _ := stage{path: "/card/c5"}.enter(webtest.Browser(t, 1440, 900), t, 1440, 900)
	p.is(`document.querySelectorAll(".card-facts .fixed").length`, "0")
	p.is(`Array.from(document.querySelectorAll(".card-facts > *")).filter((e) => !/\w{3}/.test(e.textContent)).length`, "0")
}
