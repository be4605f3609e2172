package web_test

import (
	"context"
	"maps"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parley/internal/race"
	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// stage is a page in one of the states in which people have it before them.
type stage struct {
	path   string
	office func(*office)
	serve  func(*web.Options)
	script string // what is done there
	until  string // when that has happened
	again  bool   // is what a second visit comes to
	phone  bool   // is on narrow screens only
}

// width is the width at which the stage is entered.
func (s stage) width() int64 {
	if s.phone {
		return 360
	}
	return 1440
}

// stages are all pages in all their states.
func stages() map[string]stage {
	all := boardStages()
	maps.Copy(all, map[string]stage{
		"card":                {path: "/card/c1"},
		"card, unfolded":      {path: "/card/c4", script: unfold},
		"card, refused":       {path: "/card/c4", office: refuses, script: `document.querySelector('form[action$="/move"] button').click()`, until: `document.querySelector(".notice.refused")`},
		"card, taken":         {path: "/card/c3?undo=op-1"},
		"card, masked":        {path: "/card/c5"},
		"card, blocked":       {path: "/card/c8"},
		"card, unplanned":     {path: "/card/c3", script: unfold},
		"card for a guest":    {path: "/card/c1", serve: guests},
		"no such card":        {path: "/card/c99"},
		"sync":                {path: "/sync", script: unfold},
		"sync, plan mode":     {path: "/sync", office: plans},
		"sync, stale":         {path: "/sync", office: ages},
		"conflict settled":    {path: "/sync", script: `document.querySelector('[data-decide="restore"] button').click()`, until: `document.querySelector(".toast")`},
		"mapping":             {path: "/admin/mapping", script: unfold},
		"mapping, not told":   {path: "/admin/mapping", serve: guests},
		"people":              {path: "/people"},
		"flow, unfolded":      {path: "/flow?unit=trading", script: unfold},
		"contract":            {path: "/contract/trading", script: unfold},
		"contract, decided":   {path: "/contract/trading?done=swap&swap=op1#said"},
		"contract, refused":   {path: "/contract/trading", office: refusesDeals, script: `document.querySelector('.deal-ways [value="borrow"] ~ button').click()`, until: `document.querySelector(".notice.refused")`},
		"contract, for whom":  {path: "/contract/trading", serve: guests},
		"a week of it":        {path: "/contract/trading?week=2026-W45"},
		"no such week":        {path: "/contract/trading?week=2026-W01"},
		"verdict, contested":  {path: "/contract/trading/verdict?id=trading/R1/c1/1"},
		"verdict that counts": {path: "/contract/trading/verdict?id=trading/P1/2026-W46"},
		"verdict, not told":   {path: "/contract/trading/verdict?id=masked"},
		"no such verdict":     {path: "/contract/trading/verdict"},
		"taken on":            {path: "/contract/trading/replenish?card=c2&undo=op1#said"},
		"not taken on":        {path: "/contract/trading/replenish", office: func(o *office) { o.refusals["c2"] = refusal() }, script: `document.querySelector(".pick-commit button").click()`, until: `document.querySelector(".notice.refused")`},
		"card over contract":  {path: "/card/c4"},
		"contract, not told":  {path: "/contract/finance"},
		"contract to come":    {path: "/contract/risk"},
		"contracts":           {path: "/contract"},
		"replenishment":       {path: "/contract/trading/replenish"},
		"no such contract":    {path: "/contract/nobody"},
		"cards of a number":   {path: "/flow/cards?list=finished"},
		"settling many":       {path: "/sync", script: `(document.querySelector("#conflicts input[type=checkbox]").click(), document.querySelector('#settle [value="dismiss"]').click())`, until: `document.querySelector(".settle-page form")`},
		"people by epic":      {path: "/people?by=epic&unit=trading"},
		"flow of nothing":     {path: "/flow?type=none&unit=none"},
		"odd flow address":    {path: "/flow?days=x"},
		"wall":                {path: "/?wall=1"},
		"wall's summary":      {path: "/?wall=1", script: `import("/static/wall.js").then((m) => m.turn())`, until: `document.getElementById("main").dataset.shown === "2"`},
		"wall, stale":         {path: "/?wall=1", office: ages},
		"sign in":             {path: "/", serve: asksWho},
		"signed out":          {path: "/signin?out", serve: asksWho},
		"sign-in refused":     {path: "/signin/done", serve: asksWho},
		"link ended":          {path: "/?link=old", serve: func(o *web.Options) { o.Links = letter{} }},
		"no such page":        {path: "/nowhere"},
		"odd address":         {path: "/?limit=x"},
		"odd sync address":    {path: "/sync?before=x"},
		"store away":          {path: "/", office: func(o *office) { o.fails = true }},
		"too fast":            {path: "/people", again: true, until: `document.querySelector(".door")`, serve: func(o *web.Options) { o.Limits = web.Limits{Reads: web.Pace{PerSecond: 0.001, Burst: 1}} }},
		"wrong method":        {path: "/card/c1/move"},
		"card, asked":         {path: "/card/c4", office: questioned, script: unfold},
		"board, asked":        {path: "/", office: questioned},
	})
	return all
}

// boardStages are those of the board and of what opens over it.
func boardStages() map[string]stage {
	return map[string]stage{
		"board":                  {path: "/"},
		"board, plan mode":       {path: "/", office: plans},
		"board, stale":           {path: "/", office: ages},
		"board for a guest":      {path: "/", serve: guests},
		"board, signed in":       {path: "/", serve: knowsAna},
		"Business":               {path: "/?group=unit&turn=business"},
		"IT":                     {path: "/?turn=it"},
		"compact lanes":          {path: "/?group=unit&density=compact&turn=it&planned=yes"},
		"folded lanes":           {path: "/?group=unit&fold=/trading,review"},
		"one line":               {path: "/?density=line&fold=review&open=done"},
		"all of one column":      {path: "/?column=doing&done=all&assignee=Ana"},
		"nothing matches":        {path: "/?turn=third&search=zebra"},
		"first run":              {path: "/", office: begins},
		"menu of a card":         {path: "/", script: `document.querySelector("#card-c1 .menu").click()`},
		"blocking":               {path: "/", script: `(document.querySelector("#card-c2 .menu").click(), document.querySelector(".block-open").click())`},
		"help":                   {path: "/", script: `document.getElementById("help-open").click()`},
		"saved views":            {path: "/?turn=it", script: `(document.querySelector("#save-view input").value = "Mine", document.getElementById("save-view").requestSubmit(), document.getElementById("saved").open = true)`},
		"more filters":           {path: "/", script: `document.querySelectorAll("details.pop").forEach((d) => d.open = true)`},
		"filters on a phone":     {path: "/?turn=it", phone: true, script: `document.querySelector(".filters-open").click()`},
		"drawer":                 {path: "/?card=c1", script: unfold, until: `document.querySelector("#drawer[open] #card-title")`},
		"a folded column picked": {path: "/", phone: true, script: pickDone, until: `document.getElementById("col-done").hasAttribute("data-current")`},
		"drawer of nothing":      {path: "/?card=c99", until: `document.querySelector("#drawer[open] [data-close]")`},
		"saving":                 {path: "/", office: func(o *office) { o.quiet = true }, script: moveByMenu, until: `document.querySelector("#toasts .undo")`},
		"refused":                {path: "/", office: refuses, script: moveByMenu, until: `document.querySelector("#alerts .toast")`},
		"a column closed":        {path: "/", script: `document.getElementById("card-c4").dispatchEvent(new KeyboardEvent("keydown", {key: " ", bubbles: true}))`},
		"a page heard nothing":   {path: "/", script: `(() => { const wait = window.setTimeout; window.setTimeout = (f, ms) => wait(f, ms === 8000 ? 0 : ms); window.dispatchEvent(new Event("offline")); })()`, until: `document.getElementById("away")`},
	}
}

// What is done on stages.
const (
	unfold     = `document.querySelectorAll("main details, .drawer details").forEach((d) => d.open = true)`
	pickDone   = `(() => { const s = document.getElementById("column-picker"); s.value = "done"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`
	moveByMenu = `(document.querySelector("#card-c3 .menu").click(), document.querySelector('#move button[value="review"]').click())`
)

func plans(o *office) { o.write = "plan" }
func begins(o *office) {
	o.still, o.fresh = true, []view.Fresh{{Tracker: "jira", Kind: "jira", Age: -1, Poll: 15, Level: "never"}}
}
func ages(o *office) {
	o.fresh = []view.Fresh{
		{Tracker: "jira", Kind: "jira", Age: 900, OKAt: at(), Poll: 15, Level: "stale", Problem: "503 from Jira", Pauses: []view.Pause{{Text: "waiting for quota until 14:05, reads continue", Cause: "quota", Why: "403"}}},
		{Tracker: "github", Kind: "github", Age: -1, Poll: 15, Level: "never", Problem: "its credential is refused"},
	}
}

func refuses(o *office) {
	o.refusals["c3"], o.refusals["c4"] = refusal(), refusal()
}

func refusal() *web.Refusal {
	return &web.Refusal{Status: 409, Reason: "the card has changed meanwhile", Allowed: []string{"Review", "Done"}}
}

func refusesDeals(o *office) {
	o.refusals["deal"] = &web.Refusal{Status: 422, Reason: "OPS-2 does not wait for a slot of Trading"}
}

func guests(o *web.Options)  { o.Links = letter{} }
func asksWho(o *web.Options) { o.Identity, o.Door = porch{}, porch{} }
func knowsAna(o *web.Options) {
	o.Identity, o.Door = web.Everybody(view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "Ana Maria Montanari-Wiedemann", Proved: true}), porch{}
}

// walkUnwatched leaves a walk through all pages, one after the other, to the run without
// the race detector: it takes minutes, and one reader at a time races with nobody. The
// tests of the board, the drawer and the stream are watched.
func walkUnwatched(t *testing.T) {
	t.Helper()
	if race.Enabled {
		t.Skip("one reader at a time: walked without the race detector")
	}
}

// enter opens a stage at a width, and does there what it says.
func (s stage) enter(browser context.Context, t *testing.T, width, height int64) (*browserPage, *office) {
	t.Helper()
	o := newOffice()
	if s.office != nil {
		s.office(o)
	}
	options := o.options()
	if s.serve != nil {
		s.serve(&options)
	}
	server := httptest.NewServer(web.New(options))
	t.Cleanup(server.Close)
	tab, leave := chromedp.NewContext(browser)
	t.Cleanup(leave)
	ctx, cancel := context.WithTimeout(tab, 60*time.Second)
	t.Cleanup(cancel)
	p := &browserPage{t: t, ctx: ctx, url: server.URL}
	p.do(chromedp.EmulateViewport(width, height), chromedp.Navigate(server.URL+s.path))
	if s.again {
		p.do(chromedp.Navigate(server.URL + s.path))
	}
	p.until(`document.readyState === "complete" && (!document.querySelector("script[type=module]") || document.documentElement.dataset.scripts === "on")`)
	if s.script != "" {
		p.do(evaluate(s.script))
	}
	if s.until != "" {
		p.until(s.until)
	}
	p.do(evaluate(`document.getAnimations().forEach((a) => a.finish())`))
	return p, o
}
