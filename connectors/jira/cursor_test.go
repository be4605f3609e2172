package jira

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors"
)

func at(clock string) time.Time {
	t, err := time.Parse(time.RFC3339, "2026-11-02T"+clock+"Z")
	if err != nil {
		panic(err)
	}
	return t
}

func TestLowerBound(t *testing.T) {
	t.Parallel()
	for w, want := range map[string]string{"09:30:00": "09:29:00", "09:30:59": "09:29:00", "09:31:00": "09:30:00"} {
		if got := lowerBound(at(w)); !got.Equal(at(want)) {
			t.Errorf("lowerBound(%s) = %s, want %s", w, got, want)
		}
	}
	if got := lowerBound(time.Time{}); !got.IsZero() {
		t.Errorf("lowerBound of nothing = %s, want everything", got)
	}
}

func TestSearchJQL(t *testing.T) {
	t.Parallel()
	const order = " ORDER BY updated ASC, key ASC"
	if got, want := searchJQL([]string{"OPS", "FIN"}, time.Time{}), `project in ("OPS", "FIN")`+order; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := searchJQL([]string{"OPS"}, time.UnixMilli(1766102400000)), `project in ("OPS") AND updated >= 1766102400000`+order; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBegin(t *testing.T) {
	t.Parallel()
	old := connectors.Cursor{Watermark: at("09:00:00"), ETag: "a", Scan: connectors.Scan{Token: "x"}}
	if got := begin(old, "a"); got != old {
		t.Errorf("same question: %+v", got)
	}
	if got, want := begin(old, "b"), (connectors.Cursor{ETag: "b"}); got != want {
		t.Errorf("other question: %+v, want a read of everything", got)
	}
	made := connectors.Cursor{Watermark: at("09:00:00")}
	if got := begin(made, "b"); !got.Watermark.Equal(made.Watermark) || got.ETag != "b" {
		t.Errorf("cursor without a question: %+v, want its watermark kept", got)
	}
	a, b := fingerprint([]string{"A", "B"}, []string{"f"}), fingerprint([]string{"B", "A"}, []string{"f"})
	if a != b || a == fingerprint([]string{"A"}, []string{"B", "f"}) {
		t.Errorf("fingerprints %s %s: want order to be ignored and lists to be told apart", a, b)
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	const overlap = 10 * time.Minute
	start := connectors.Cursor{Watermark: at("08:00:00")}
	page := func(date, newest, next string) answerPage {
		p := answerPage{Date: at(date), HasNext: next != "", Next: position{Page: next}}
		if newest != "" {
			p.Newest = at(newest)
		}
		return p
	}
	for name, tc := range map[string]struct {
		pages []answerPage
		more  bool
		want  time.Time
	}{
		"one page":                  {[]answerPage{page("09:00:30", "08:30:00", "")}, false, at("08:50:29")},
		"nothing found":             {[]answerPage{page("09:00:30", "", "")}, false, at("08:50:29")},
		"not before the last page":  {[]answerPage{page("09:00:30", "08:30:00", "t1"), page("09:05:00", "08:40:00", "t2")}, true, at("08:00:00")},
		"clock of the first page":   {[]answerPage{page("09:00:30", "08:30:00", "t1"), page("09:05:00", "08:40:00", "")}, false, at("08:50:29")},
		"an empty page goes on":     {[]answerPage{page("09:00:30", "", "t1")}, true, at("08:00:00")},
		"never back":                {[]answerPage{page("08:05:00", "", "")}, false, at("08:00:00")},
		"same token twice":          {[]answerPage{page("09:00:30", "08:30:00", "t1"), page("09:00:40", "08:33:00", "t1")}, false, at("08:33:00")},
		"same token, nothing read":  {[]answerPage{page("09:00:30", "", "t1"), page("09:00:40", "", "t1")}, false, at("08:00:00")},
		"same token, read to today": {[]answerPage{page("09:00:30", "08:59:00", "t1"), page("09:00:40", "09:00:20", "t1")}, false, at("08:50:29")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, more := start, true
			for i, p := range tc.pages {
				if !more {
					t.Fatalf("ended before page %d", i+1)
				}
				pos, err := parsePosition(c.Scan.Token)
				if err != nil {
					t.Fatal(err)
				}
				c, more = advance(c, pos, p, overlap)
			}
			if more != tc.more || !c.Watermark.Equal(tc.want) {
				t.Errorf("watermark %s, more %v; want %s, %v", c.Watermark, more, tc.want, tc.more)
			}
			if !more && c.Scan != (connectors.Scan{}) {
				t.Errorf("scan %+v left behind", c.Scan)
			}
		})
	}
}

func TestAdvanceLeavesEveryCircle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lead, size := rapid.IntRange(0, 40).Draw(t, "lead"), rapid.IntRange(1, 40).Draw(t, "circle")
		token := func(n int) string {
			if n >= lead {
				n = lead + (n-lead)%size
			}
			return fmt.Sprintf("t%d", n)
		}
		c, more := connectors.Cursor{}, true
		for n := 0; more; n++ {
			if n > 3*(lead+size)+4 {
				t.Fatalf("still going round after %d pages", n)
			}
			pos, err := parsePosition(c.Scan.Token)
			if err != nil {
				t.Fatal(err)
			}
			before := n
			c, more = advance(c, pos, answerPage{Date: at("09:00:00"), HasNext: true, Next: position{Page: token(n)}}, 0)
			if !more && before < lead {
				t.Fatalf("page %d was taken for a repetition", before)
			}
		}
		if !c.Watermark.IsZero() {
			t.Fatalf("watermark %v although nothing was read", c.Watermark)
		}
	})
}

// world is a search whose rows show up late. Moments are seconds.
type world struct {
	changes []worldChange
	now     int64
}

type worldChange struct{ item, at, shows int64 }

func (w *world) visible(item int64) (newest int64) {
	newest = -1
	for _, c := range w.changes {
		if c.item == item && c.shows <= w.now {
			newest = max(newest, c.at)
		}
	}
	return newest
}

type worldRow struct{ updated, item int64 }

func (w *world) search(items, from int64, after *worldRow, limit int) (rows []worldRow, more bool) {
	for i := range items {
		if u := w.visible(i); u >= 0 && u >= from {
			rows = append(rows, worldRow{u, i})
		}
	}
	order := func(a, b worldRow) int { return cmp.Or(cmp.Compare(a.updated, b.updated), cmp.Compare(a.item, b.item)) }
	slices.SortFunc(rows, order)
	if after != nil {
		rows = slices.DeleteFunc(rows, func(r worldRow) bool { return order(r, *after) <= 0 })
	}
	if len(rows) > limit {
		return rows[:limit], true
	}
	return rows, false
}

// The claim of the cursor: once a read is complete, everything changed up to the
// watermark is known, however late rows show and however slow the pages are.
func TestCursorMissesNothing(t *testing.T) {
	t.Parallel()
	const overlap = 120
	base := at("00:00:00").Unix()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.Int64Range(1, 6).Draw(t, "items")
		w := &world{now: rapid.Int64Range(0, 1500).Draw(t, "start")}
		for range rapid.IntRange(1, 30).Draw(t, "changes") {
			u := rapid.Int64Range(0, 1500).Draw(t, "at")
			w.changes = append(w.changes, worldChange{rapid.Int64Range(0, items-1).Draw(t, "item"), u, u + rapid.Int64Range(0, overlap).Draw(t, "late")})
		}
		seen := make(map[int64]int64)
		for i := range items {
			seen[i] = -1
		}
		cur := connectors.Cursor{}
		var last *worldRow
		for w.now < 2000 {
			w.now += rapid.Int64Range(0, 60).Draw(t, "pause")
			if rapid.IntRange(0, 9).Draw(t, "crash") == 0 && cur.Scan.Token != "" {
				cur.Scan, last = connectors.Scan{}, nil
			}
			from := int64(0)
			if lo := lowerBound(cur.Watermark); !lo.IsZero() {
				from = lo.Unix() - base
			}
			rows, more := w.search(items, from, last, 2)
			page := answerPage{Date: time.Unix(base+w.now, 0), HasNext: more}
			for _, r := range rows {
				seen[r.item] = max(seen[r.item], r.updated)
				last = &worldRow{r.updated, r.item}
				page.Newest = time.Unix(base+r.updated, 0)
			}
			if more {
				page.Next = position{Page: fmt.Sprintf("%d-%d", last.updated, last.item)}
			}
			pos, err := parsePosition(cur.Scan.Token)
			if err != nil {
				t.Fatal(err)
			}
			if cur, more = advance(cur, pos, page, overlap*time.Second); more {
				continue
			}
			last = nil
			for _, c := range w.changes {
				if c.at+base <= cur.Watermark.Unix() && seen[c.item] < c.at {
					t.Fatalf("item %d changed at %d, known up to %d, watermark %d", c.item, c.at, seen[c.item], cur.Watermark.Unix()-base)
				}
			}
		}
	})
}

func TestKeyset(t *testing.T) {
	t.Parallel()
	ms := at("09:10:00").UnixMilli()
	row := func(key, updated string) string {
		return `{"id":"1","key":"` + key + `","fields":{"updated":"2026-11-02T` + updated + `+0000"}}`
	}
	projects := []string{"OPS", "FIN"}
	for name, tc := range map[string]struct {
		at     position
		newest string
		total  int
		rows   []string
		more   bool
		want   position
	}{
		"a later second":       {position{}, "09:10:00.300", 9, []string{row("OPS-1", "")}, true, position{From: ms}},
		"the last page":        {position{}, "09:10:00.300", 1, []string{row("OPS-1", "")}, false, position{From: ms}},
		"nothing":              {position{From: ms}, "", 9, nil, false, position{From: ms}},
		"the same second":      {position{From: ms}, "09:10:00.900", 9, []string{row("OPS-1", "")}, true, position{From: ms, Project: "OPS"}},
		"no moment to read":    {position{From: ms}, "", 9, []string{row("OPS-1", "")}, true, position{From: ms, Start: 1}},
		"behind the key":       {position{From: ms, Project: "OPS"}, "", 9, []string{row("OPS-1", ""), row("OPS-7", "")}, true, position{From: ms, Project: "OPS", Key: "OPS-7"}},
		"and the next":         {position{From: ms, Project: "OPS", Key: "OPS-7"}, "", 9, []string{row("OPS-10", "")}, true, position{From: ms, Project: "OPS", Key: "OPS-10"}},
		"no key to read":       {position{From: ms, Project: "OPS", Key: "OPS-7"}, "", 9, []string{row("", "")}, true, position{From: ms, Project: "OPS", Key: "OPS-7", Start: 1}},
		"a key that goes back": {position{From: ms, Project: "OPS", Key: "OPS-7"}, "", 9, []string{row("OPS-7", "")}, true, position{From: ms, Project: "OPS", Key: "OPS-7", Start: 1}},
		"another's key":        {position{From: ms, Project: "OPS", Key: "OPS-7"}, "", 9, []string{row("FIN-8", "")}, true, position{From: ms, Project: "OPS", Key: "OPS-7", Start: 1}},
		"the next project":     {position{From: ms, Project: "OPS", Key: "OPS-7"}, "", 1, []string{row("OPS-8", "")}, true, position{From: ms, Project: "FIN"}},
		"an empty project":     {position{From: ms, Project: "OPS"}, "", 0, nil, true, position{From: ms, Project: "FIN"}},
		"the next second":      {position{From: ms, Project: "FIN", Key: "FIN-7"}, "", 0, nil, true, position{From: ms + 1000}},
		"a project that went":  {position{From: ms, Project: "OLD"}, "", 0, nil, true, position{From: ms + 1000}},
	} {
		f, p := found{Total: tc.total}, answerPage{}
		for _, r := range tc.rows {
			f.Issues = append(f.Issues, wireRow{raw: []byte(r)})
		}
		if tc.newest != "" {
			p.Newest = at(tc.newest)
		}
		if got := f.serverStep(projects, at("09:00:00"), tc.at, p); got.HasNext != tc.more || tc.more && got.Next != tc.want {
			t.Errorf("%s: %v %+v, want %v %+v", name, got.HasNext, got.Next, tc.more, tc.want)
		}
	}
}

func TestSecondJQL(t *testing.T) {
	t.Parallel()
	for want, at := range map[string]position{
		`project in ("OPS") AND updated >= 1766102400000 AND updated < 1766102401000 AND key > "OPS-7" ORDER BY key ASC`: {From: 1766102400000, Project: "OPS", Key: "OPS-7"},
		`project in ("OPS") AND updated >= 1766102400000 AND updated < 1766102401000 ORDER BY key ASC`:                   {From: 1766102400000, Project: "OPS"},
		`project in ("OPS") AND key > "OPS-7" ORDER BY key ASC`:                                                          {Project: "OPS", Key: "OPS-7"},
	} {
		if got := secondJQL(at); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestPositionRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := position{
			Page: strings.ToValidUTF8(rapid.String().Draw(t, "page"), ""), Anchor: strings.ToValidUTF8(rapid.String().Draw(t, "anchor"), ""),
			From: rapid.Int64().Draw(t, "from"), Start: rapid.Int().Draw(t, "start"),
			Project: rapid.SampledFrom([]string{"", "OPS"}).Draw(t, "project"), Key: rapid.SampledFrom([]string{"", "OPS-7"}).Draw(t, "key"),
		}
		got, err := parsePosition(p.String())
		if err != nil || got != p {
			t.Fatalf("%+v came back as %+v, %v", p, got, err)
		}
	})
}
