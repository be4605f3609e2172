package web

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/sync/view"
	"parley/web/chart"
)

// flowPages are those that show flow.
func flowPages() []string {
	return []string{"/flow", "/workload", "/flow/cards?list=finished"}
}

func flowWorld(text string) *world {
	w := newWorld()
	w.put(cardN(1))
	flowing(w, text)
	return w
}

func TestThePagesOfFlow(t *testing.T) {
	t.Parallel()
	h := flowWorld("TRD-1").handler()
	for target, want := range map[string][]string{
		"/flow?days=30":            {"<h1>Flow</h1>", `aria-current="page">Flow`, "25 Aug 2026 to 22 Nov 2026, all units", "whole weeks in a row", "a sign of overload; this week so far ", "How long work took", "What comes back", "came", `aria-current="true">30 days`, "solved by TRD-1", "it did not come back", "it came back", "not so far"},
		"/workload?unit=TRD-1":     {"<h1>Workload</h1>", `aria-current="page">Workload`, "never: as much or more comes in as goes out", "more than half: priorities say little here", "9 card-days lost in all", "together they cost 9 card-days", "Unplanned work and what it held up, 1 of 3", `<option value="TRD-1" selected>`},
		"/flow/cards?list=blocked": {"<h1>Cards that were blocked</h1>", ">TRD-1</a>", "/flow/cards.csv?list=blocked"},
	} {
		text := page(t, h, target, http.StatusOK)
		for _, s := range want {
			if !strings.Contains(html.UnescapeString(text), s) {
				t.Errorf("%s does not say %q", target, s)
			}
		}
	}
	if text := page(t, h, "/workload", http.StatusOK); !strings.Contains(text, "TRD-1 1 over") {
		t.Error("more work than the limits is not told")
	}
}

func TestTheDiagramBeginsBeforeItsFirstDay(t *testing.T) {
	t.Parallel()
	f := cumulativeFigure(view.FlowPicture{From: "2026-10-12", Query: view.FlowQuery{Days: 2}, Cumulative: []view.CumulativeLine{
		{Column: "done", Before: 7, Cards: []int{10, 12}}, {Name: "Given up or back", Before: 3, Cards: []int{3, 4}},
	}})
	if s, ok := f.Chart.(chart.Stack); !ok || s.From != 7 || !slices.Equal(s.Bands[1].Values, []int{7, 8}) || !strings.Contains(f.Desc, "the 7 cards that had left") {
		t.Errorf("%+v, %s", f.Chart, f.Desc)
	}
}

// TestEveryChartHasWordsAndATable looks at each chart as those do who do not see it.
func TestEveryChartHasWordsAndATable(t *testing.T) {
	t.Parallel()
	h := flowWorld("TRD-1").handler()
	for target, least := range map[string]int{"/flow": 12, "/workload": 10} {
		text := page(t, h, target, http.StatusOK)
		for _, svg := range regexp.MustCompile(`(?s)<svg xmlns.*?</svg>`).FindAllString(text, -1) {
			for d := xml.NewDecoder(strings.NewReader(svg)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v: %s", target, err, svg)
				}
			}
			if !regexp.MustCompile(`role="img" aria-labelledby="(\S+) (\S+)"><title id="\S+">[^<]+</title><desc id="\S+">[^<]+</desc>`).MatchString(svg) {
				t.Errorf("%s: a chart without words: %.300s", target, svg)
			}
		}
		plates := strings.Split(text, `<section class="plate"`)[1:]
		drawn := 0
		for _, p := range plates {
			if n := strings.Count(p, "<svg xmlns"); n != 0 && n != 2 || !strings.Contains(p, "<table") || !strings.Contains(p, "CSV") {
				t.Errorf("%s: a plate with %d charts, or without a table: %.400s", target, n, p)
			}
			drawn += strings.Count(p, `class="chart wide"`)
		}
		if drawn < least {
			t.Errorf("%s draws %d charts", target, drawn)
		}
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(text, -1) {
			if ids[m[1]] {
				t.Errorf("%s: two elements are called %s", target, m[1])
			}
			ids[m[1]] = true
		}
	}
}

func TestTextsInFiguresAreNeverMarkup(t *testing.T) {
	t.Parallel()
	w := flowWorld(attack)
	h := w.handler()
	for _, target := range flowPages() {
		text := page(t, h, target+"?", http.StatusOK)
		if found := markup(text); found != "" {
			t.Errorf("%s: an attack became markup: %q", target, found)
		}
		if n := strings.Count(text, "&lt;script&gt;alert(1)"); n < 3 {
			t.Errorf("%s shows the attack %d times", target, n)
		}
	}
	for _, target := range []string{"/api/v1/flow", "/api/v1/workload", "/api/v1/flow/cards"} {
		if body := ask(h, http.MethodGet, target, "").Body.String(); strings.ContainsAny(body, "<>") || !strings.Contains(body, "alert(1)") {
			t.Errorf("%s: %.200s", target, body)
		}
	}
}

func TestTablesAreFiles(t *testing.T) {
	t.Parallel()
	h := flowWorld("=cmd()").handler()
	for _, target := range []string{"/flow", "/workload"} {
		files := regexp.MustCompile(`class="csv" href="([^"]+)"`).FindAllStringSubmatch(page(t, h, target+"?days=30&unit=a%26b", http.StatusOK), -1)
		if len(files) < 10 {
			t.Fatalf("%s has %d files", target, len(files))
		}
		for _, f := range files {
			address := html.UnescapeString(f[1])
			rec := ask(h, http.MethodGet, address, "")
			if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(rec.Header().Get("Content-Disposition"), "attachment") || !strings.Contains(address, "days=30") || !strings.Contains(address, "unit=a%26b") {
				t.Errorf("%s: %d %v", address, rec.Code, rec.Header())
			}
			rows, err := csv.NewReader(rec.Body).ReadAll()
			if err != nil || len(rows) < 2 {
				t.Errorf("%s: %v %v", address, rows, err)
			}
			for _, r := range rows {
				for _, cell := range r {
					if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "@") {
						t.Errorf("%s: a spreadsheet runs %q", address, cell)
					}
				}
			}
		}
	}
	for target, want := range map[string]int{"/flow.csv": 404, "/flow.csv?table=moon": 404, "/workload.csv?table=moon": 404, "/flow.csv?table=types&days=0": 400, "/flow/cards.csv?list=work": 200, "/flow/cards.csv?days=x": 400, "/flow/cards?days=x": 400} {
		if rec := ask(h, http.MethodGet, target, ""); rec.Code != want {
			t.Errorf("%s: %d, want %d", target, rec.Code, want)
		}
	}
}

func TestProgramsAreSentFlowAgainWhenSomethingChanged(t *testing.T) {
	t.Parallel()
	w := flowWorld("TRD-1")
	h := w.handler()
	for _, target := range []string{"/api/v1/flow", "/api/v1/workload"} {
		mark := ask(h, http.MethodGet, target, "").Header().Get("ETag")
		again := func(target, mark string) int {
			r := request(http.MethodGet, target, "")
			r.Header.Set("If-None-Match", `"other", `+mark)
			rec := record(h, r)
			if rec.Code == http.StatusNotModified && rec.Body.Len() > 0 {
				t.Errorf("%s: 304 with a body", target)
			}
			return rec.Code
		}
		if mark == "" || again(target, mark) != http.StatusNotModified {
			t.Errorf("%s (%s) is sent again though nothing changed", target, mark)
		}
		other := target + "?days=30"
		if again(other, mark) != http.StatusOK {
			t.Errorf("%s passes for %s", target, other)
		}
		w.put(cardN(1))
		if again(target, mark) != http.StatusOK {
			t.Errorf("%s is not sent again after a change", target)
		}
	}
}

func TestWhatCannotBeAskedOfFlow(t *testing.T) {
	t.Parallel()
	for _, q := range []string{"days=0", "days=731", "days=many", "items=0", "items=501", "by=soon", "by=2026-13-01"} {
		h := flowWorld("TRD-1").handler()
		for _, target := range []string{"/flow", "/workload", "/flow.csv", "/api/v1/flow", "/api/v1/workload", "/api/v1/flow/cards"} {
			if rec := ask(h, http.MethodGet, target+"?"+q, ""); rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), strings.SplitN(q, "=", 2)[0]) {
				t.Errorf("%s?%s: %d %s", target, q, rec.Code, rec.Body)
			}
		}
	}
}

func TestAPageWithoutDataSaysWhatToDo(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for _, target := range []string{"/flow", "/workload"} {
		if text := page(t, w.handler(), target, http.StatusOK); !strings.Contains(text, "Nothing is known of any card yet") || strings.Contains(text, "<svg xmlns") {
			t.Errorf("%s of an empty board: %s", target, text)
		}
	}
	w.flow, w.load = &view.FlowPicture{Known: 3}, &view.Workload{Known: 3}
	for _, target := range []string{"/flow", "/workload"} {
		if text := page(t, w.handler(), target+"?type=moon", http.StatusOK); !strings.Contains(text, "Choose a longer time, or take a filter off") {
			t.Errorf("%s without matches: %s", target, text)
		}
	}
	w.flow, w.load = &view.FlowPicture{Known: 3, Work: view.Amount{N: 1}, Forecast: view.FlowForecast{Refused: "not enough data yet"}}, &view.Workload{Known: 3, Work: view.Amount{N: 1}}
	if text := page(t, w.handler(), "/flow", http.StatusOK); !strings.Contains(text, "No forecast: not enough data yet") || !strings.Contains(text, "Nothing was finished in this time") || !strings.Contains(text, "too few to say") {
		t.Errorf("too little data is not told: %s", text)
	}
	page(t, w.handler(), "/workload", http.StatusOK)
	if text := page(t, w.handler(), "/flow/cards?list=work", http.StatusOK); !strings.Contains(text, "No card is behind this number any more") {
		t.Error("an empty list says nothing")
	}
}

func TestPeopleAreNotOnThePageOfThoseWhoMayNotKnowThem(t *testing.T) {
	t.Parallel()
	w := flowWorld("TRD-1")
	w.load.Named = false
	text := page(t, w.handler(), "/workload", http.StatusOK)
	if strings.Contains(text, `id="people"`) || strings.Contains(text, `id="teams"`) || !strings.Contains(text, "not shown to you") {
		t.Error("people are shown")
	}
	if rec := ask(w.handler(), http.MethodGet, "/workload.csv?table=by-people", ""); rec.Code != http.StatusNotFound {
		t.Errorf("their file: %d", rec.Code)
	}
}

// TestWhoMayNotKnowHandsIsNotToldThatNothingWasHeldUp: what fires held up is made out by
// who works on cards, and without that it is not none.
func TestWhoMayNotKnowHandsIsNotToldThatNothingWasHeldUp(t *testing.T) {
	t.Parallel()
	w := flowWorld("TRD-1")
	l := w.load
	l.Named, l.HeldKnown, l.HeldCards, l.Held = false, false, view.Amount{}, nil
	for n := range l.Fires {
		l.Fires[n].Held, l.Fires[n].Bill = view.Amount{}, 0
	}
	text := html.UnescapeString(page(t, w.handler(), "/workload", http.StatusOK))
	for _, lie := range []string{"No planned card stood still", "no planned card in the same hands", "planned cards</"} {
		if strings.Contains(text, lie) {
			t.Errorf("the page says %q", lie)
		}
	}
	if !strings.Contains(text, "3 fires; what they held up is told by who works on it, and that is not shown to you") {
		t.Error("the page does not say why nothing is told")
	}
	if file := ask(w.handler(), http.MethodGet, "/workload.csv?table=fires", "").Body.String(); strings.Contains(file, `,"0"`) || !strings.Contains(file, "not shown to you") {
		t.Errorf("the file: %s", file)
	}
	l.Named, l.HeldKnown, l.HeldPart = true, true, true
	if !strings.Contains(page(t, w.handler(), "/workload", http.StatusOK), "Some cards hide who works on them; they are not counted") {
		t.Error("what is told in part passes for all")
	}
}

// TestLimitsAreAboutTheColumnsOfWork: what is under way elsewhere is not held against them.
func TestLimitsAreAboutTheColumnsOfWork(t *testing.T) {
	t.Parallel()
	l := view.Workload{Work: view.Amount{N: 8, Cards: "list=work"}, Limit: 7}
	for name, c := range map[string]struct {
		outside, limit int
		over           []view.Over
		want           tile
	}{
		"more than all of them": {0, 7, nil, tile{Unit: "of 7", Note: "0 of them blocked"}},
		"over":                  {0, 7, []view.Over{{Name: "Build", By: 3}}, tile{Unit: "of 7", Note: "Build 3 over", Over: true}},
		"elsewhere":             {1, 7, nil, tile{Note: "7 of 7 in the columns of work, 1 in others"}},
		"one without a limit":   {1, 0, []view.Over{{Name: "Build", By: 3}, {Name: "Test", By: 1}}, tile{Note: "2 columns over", Over: true}},
		"no limit":              {1, 0, nil, tile{Note: "0 of them blocked, 1 in no column of work"}},
		"none of it":            {0, 0, nil, tile{Note: "0 of them blocked"}},
	} {
		l.Outside.N, l.Limit, l.Over = c.outside, c.limit, c.over
		c.want.Name, c.want.Value, c.want.Link = "In work", "8", "/flow/cards?list=work"
		if got := workTile(l, flowWays{}); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// record sends one request and gives the answer.
func record(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}
