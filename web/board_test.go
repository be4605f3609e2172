package web

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

// crowd is a board of so many cards, spread over its columns.
func crowd(cards int) *world {
	w := newWorld()
	all := make([]string, len(w.columns))
	for i, c := range w.columns {
		all[i] = string(c.Key)
	}
	for n := range cards {
		c := cardN(n)
		c.Column = all[n%len(all)]
		c.Seq = 1
		w.cards[c.ID] = c
	}
	w.seq = 1
	return w
}

func TestAColumnShowsFiftyCards(t *testing.T) {
	t.Parallel()
	h := crowd(5000).handler()
	text := page(t, h, "/?open=done", http.StatusOK)
	columns := strings.Split(text, `<section class="column`)[1:]
	if len(columns) != 4 {
		t.Fatalf("%d columns", len(columns))
	}
	for _, c := range columns {
		if n := strings.Count(c, `<li class="card`); n != 50 || !strings.Contains(c, ">Show 1200 more</a>") || !strings.Contains(c, ">1250") {
			t.Errorf("a column of 1250 cards shows %d:\n%.300s", n, c)
		}
	}
	more := page(t, h, moreOf(t, text, "done"), http.StatusOK)
	if n := strings.Count(more, `data-column="done" data-priority`); n != 1000 {
		t.Errorf("a column that is asked for shows %d cards, want 1000", n)
	}
	if strings.Contains(page(t, crowd(200).handler(), "/", http.StatusOK), `class="more"`) {
		t.Error("columns that show all their cards offer more")
	}
}

// moreOf is the address that shows more of a column.
func moreOf(t *testing.T, text, column string) string {
	t.Helper()
	for _, m := range regexp.MustCompile(`class="more" href="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if to := html.UnescapeString(m[1]); strings.Contains(to, "column="+column) {
			return to
		}
	}
	t.Fatalf("nothing shows more of %s", column)
	return ""
}

func TestFiltersStayWhenAColumnShowsMore(t *testing.T) {
	t.Parallel()
	text := page(t, crowd(5000).handler(), "/?unit=sales&turn=it&priority=high&search=refund+%26&limit=2", http.StatusOK)
	if strings.Contains(text, `class="more"`) {
		t.Fatal("something matches refund &")
	}
	text = page(t, crowd(5000).handler(), "/?unit=sales&turn=it&priority=high&search=is+shown", http.StatusOK)
	u, err := url.Parse(moreOf(t, text, "build"))
	if want := "column=build&priority=high&search=is+shown&turn=it&unit=sales"; err != nil || u.RawQuery != want {
		t.Errorf("%v, want %s", u, want)
	}
}

func TestFiltersAreNamedAndCanBeTakenOff(t *testing.T) {
	t.Parallel()
	w := newWorld()
	bare := cardN(2)
	bare.Priority, bare.PriorityName = nil, ""
	w.put(cardN(1), bare)
	long := strings.Repeat("ä", 40)
	cases := map[string]struct {
		target         string
		want, wantNone []string
	}{
		"none":            {"/", []string{"PAY-1", "PAY-2"}, []string{"remove this filter", "Nothing matches"}},
		"no priority":     {"/?priority=none", []string{"PAY-2", `value="none" selected`, ">No priority <"}, []string{">PAY-1<"}},
		"unit and turn":   {"/?unit=sales&turn=it", []string{`<option value="sales" selected>Sales</option>`, `<option value="it" selected>IT</option>`, `href="/?turn=it"`, `href="/?unit=sales"`, "Remove Unit"}, nil},
		"search":          {"/?search=refund+2", []string{"Remove the search", `value="refund 2"`, ">PAY-2<"}, []string{">PAY-1<"}},
		"nothing matches": {"/?search=zebra&turn=third&unit=moon", []string{"Nothing matches moon and Third party has the turn and “zebra”.", `<a href="/" data-soft="clear">Clear</a>`}, []string{`<li class="card`, "No cards yet"}},
		"a long search":   {"/?search=" + url.QueryEscape(long), []string{"“" + long[:40] + "…”"}, nil},
		"cut in a letter": {"/?search=x" + url.QueryEscape(long), []string{"“x" + long[:38] + "…”"}, []string{"\uFFFD"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			contains(t, page(t, w.handler(), c.target, http.StatusOK), c.want, c.wantNone)
		})
	}
}

func TestCardsArePagedWithoutGapsOrRepeats(t *testing.T) {
	t.Parallel()
	w := crowd(250)
	h := w.handler()
	seen := map[kanban.CardID]bool{}
	next := ""
	for pages := 1; ; pages++ {
		var got struct {
			Cards []struct{ ID kanban.CardID }
			Next  string
		}
		decodeAnswer(t, ask(h, http.MethodGet, "/api/v1/cards?limit=100&after="+next, ""), &got)
		for _, c := range got.Cards {
			if seen[c.ID] {
				t.Errorf("%s comes twice", c.ID)
			}
			seen[c.ID] = true
		}
		if next = got.Next; next == "" {
			if len(seen) != 250 || pages != 3 {
				t.Errorf("%d cards in %d pages", len(seen), pages)
			}
			return
		}
	}
}

func TestLimitsOfLists(t *testing.T) {
	t.Parallel()
	h := crowd(3000).handler()
	for target, want := range map[string]int{"cards": 100, "cards?limit=1000": 1000, "cards?limit=1": 1, "board": 4 * 50, "board?limit=3": 4 * 3} {
		rec := ask(h, http.MethodGet, "/api/v1/"+target, "")
		if n := strings.Count(rec.Body.String(), `"turn_days"`); n != want {
			t.Errorf("%s: %d cards, want %d", target, n, want)
		}
	}
}

// still is a board that was read before: what is measured is the making of the page.
type still struct {
	*world
	board view.Board
}

// Board is Boards'.
func (s still) Board(context.Context, view.Query) (view.Board, error) { return s.board, nil }

// BenchmarkBoardPage makes the board page of 5,000 cards as a browser asks for it.
func BenchmarkBoardPage(b *testing.B) {
	w := crowd(5000)
	board, err := w.Board(b.Context(), view.Query{})
	if err != nil {
		b.Fatal(err)
	}
	h := New(Options{Readers: same(still{w, board}), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com"})
	r := request(http.MethodGet, "/", "")
	r.Header.Set("Accept-Encoding", "gzip")
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		rec := serve(h, r)
		if size = rec.Body.Len(); rec.Code != http.StatusOK {
			b.Fatal(rec.Code)
		}
	}
	b.ReportMetric(float64(size), "gzip-B/page")
}

// BenchmarkCardFragment makes what a stream sends of one card.
func BenchmarkCardFragment(b *testing.B) {
	p, c := mustPages(mustStatic(), nil), cardN(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.fragment("card", c); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTheFirstPageIsSmall holds the budget of the design: at most 50 KB for the board
// page of 5,000 cards, here in six open columns and with titles of their own.
func TestTheFirstPageIsSmall(t *testing.T) {
	t.Parallel()
	w := crowd(5000)
	for _, name := range []string{"plan", "test", "ship"} {
		w.columns = append(w.columns, view.Column{Key: kanban.ColumnKey(name), Name: name, Category: kanban.Active, Turn: kanban.IT, WIP: 12})
	}
	words := strings.Fields("nightly reconciliation fails on trades show settlement status in blotter counterparty limits one rating wrong exposure by sector commission table amend price feed allocation rules")
	n := 0
	for id, c := range w.cards {
		title := make([]string, 8)
		for i := range title {
			title[i] = words[(n*7+n/5*i+i*i)%len(words)]
		}
		c.Title, c.Column, c.Band = strings.Join(title, " "), string(w.columns[n%len(w.columns)].Key), kanban.BandRisk
		c.AgeDays, c.Ask, c.Since, c.Planned = n%50, "asked", "2026-11-09", n%4 > 0
		w.cards[id] = c
		n++
	}
	r := request(http.MethodGet, "/", "")
	r.Header.Set("Accept-Encoding", "gzip")
	if n := serve(w.handler(), r).Body.Len(); n < 20<<10 || n > 50<<10 {
		t.Errorf("%d bytes", n)
	}
}
