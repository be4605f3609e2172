package chart_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/web/chart"
)

var update = flag.Bool("update", false, "write the golden files anew")

// monday is the first day of all charts here.
var monday = time.Date(2026, 8, 24, 0, 0, 0, 0, time.UTC)

func percentiles() []chart.Percentile {
	return []chart.Percentile{{Percent: 50, Days: 5}, {Percent: 70, Days: 7}, {Percent: 85, Days: 9}, {Percent: 95, Days: 14}}
}

// samples is one chart of each kind, with name as every name in it.
func samples(name string) map[string]chart.Drawing {
	days := chart.Days{From: monday, N: 90}
	return map[string]chart.Drawing{
		"scatter": chart.Scatter{Days: days, Lines: percentiles(), Dots: []chart.Dot{
			{Day: 0, Value: 1, Name: name}, {Day: 10, Value: 5, Name: name}, {Day: 10, Value: 5, Name: name}, {Day: 44, Value: 9, Open: true, Name: name}, {Day: 89, Value: 14, Name: name}, {Day: 60, Value: 90, Name: name},
		}},
		"stack": chart.Stack{Days: chart.Days{From: monday, N: 4}, From: 10, Bands: []chart.Band{
			{Name: name, Kind: chart.Queue, Values: []int{13, 14, 16, 18}}, {Name: name, Kind: chart.Waits, Values: []int{12, 12, 13, 15}}, {Name: name, Kind: chart.Finished, Values: []int{10, 11, 11, 13}},
		}},
		"bars": chart.Bars{Unit: "cards", Groups: []chart.Group{
			{Label: "24 Aug", Bars: []chart.Bar{{Top: "5", Parts: []chart.Part{{Kind: chart.Planned, Value: 3, Name: name}, {Kind: chart.Unplanned, Value: 2, Name: name}}}}},
			{Label: "31 Aug", Partial: true, Bars: []chart.Bar{{Top: "0"}, {Parts: []chart.Part{{Kind: chart.Finished, Value: 6, Name: name}}}}},
		}},
		"rows": chart.Rows{Rows: []chart.Row{
			{Name: name, Text: "11 of 8", Limit: 8, Over: true, Parts: []chart.Part{{Kind: chart.Planned, Value: 7, Name: name}, {Kind: chart.Unplanned, Value: 4, Name: name}}}, {Name: name, Text: "nothing"},
		}},
		"split": chart.Split{Parts: []chart.Part{{Kind: chart.IT, Value: 38, Name: name}, {Kind: chart.Business, Value: 41, Name: name}, {Kind: chart.Queue, Value: 21, Name: name}}},
		"aging": chart.Aging{Columns: []chart.AgingColumn{
			{Name: name, Lines: percentiles(), Dots: []chart.AgingDot{{Age: 2, Kind: chart.Calm, Name: name}, {Age: 2, Kind: chart.Calm, Open: true, Name: name}, {Age: 90, Kind: chart.Late, Name: name}}},
			{Name: name, Dots: []chart.AgingDot{{Age: 6, Kind: chart.Calm, Name: name}}},
		}},
		"dates": chart.Dates{Today: monday, Rows: []chart.DateRow{
			{Name: name, Due: monday.AddDate(0, 0, 12), Marks: []chart.DateMark{{Day: monday.AddDate(0, 0, 8), Percent: 50}, {Day: monday.AddDate(0, 0, 9), Percent: 70}, {Day: monday.AddDate(0, 0, 15), Percent: 85}, {Day: monday.AddDate(0, 0, 30), Percent: 95}}},
			{Name: name, Text: "not enough data yet"},
		}},
	}
}

func figure(name string, d chart.Drawing) chart.Figure {
	return chart.Figure{ID: "c1", Title: name, Desc: name, Chart: d}
}

func TestChartsAreDrawnAsBefore(t *testing.T) {
	t.Parallel()
	for kind, d := range samples("Review") {
		for _, size := range []string{"wide", "narrow"} {
			got := string(figure("How long work took", d).Wide())
			if size == "narrow" {
				got = string(figure("How long work took", d).Narrow())
			}
			got = strings.ReplaceAll(got, "><", ">\n<") + "\n"
			file := filepath.Join("testdata", kind+"-"+size+".svg")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s is drawn otherwise (go test -update, and look at it):\n%s", file, diff)
			}
		}
	}
}

// TestEveryDueDateIsInTheFrame draws dates that are over, and ones that lie far ahead.
func TestEveryDueDateIsInTheFrame(t *testing.T) {
	t.Parallel()
	drawn := func(due time.Time) (x, mark float64, arrow bool) {
		d := chart.Dates{Today: monday, Rows: []chart.DateRow{{Name: "Cloud move", Due: due, Marks: []chart.DateMark{{Day: monday.AddDate(0, 0, 20), Percent: 50}}}}}
		svg := string(figure("c", d).Wide())
		var y float64
		var shape string
		at := strings.Index(svg, `class="due" d="M`)
		if _, err := fmt.Sscanf(svg[at+len(`class="due" d="M`):], "%f %f%s", &x, &y, &shape); at < 0 || err != nil {
			t.Fatalf("%v: %s", err, svg)
		}
		at = strings.Index(svg, `class="stop" d="M`)
		if _, err := fmt.Sscanf(svg[at+len(`class="stop" d="M`):], "%f", &mark); at < 0 || err != nil {
			t.Fatalf("%v: %s", err, svg)
		}
		return x, mark, strings.Contains(shape, "v10")
	}
	_, usual, _ := drawn(monday.AddDate(0, 0, 10))
	for name, c := range map[string]struct {
		days  int
		arrow bool
	}{"over": {-1, true}, "long over": {-400, true}, "today": {0, false}, "soon": {10, false}, "later": {39, false}, "far ahead": {400, true}} {
		x, mark, arrow := drawn(monday.AddDate(0, 0, c.days))
		if x < 0 || x > 700 || arrow != c.arrow || mark < usual/2 {
			t.Errorf("%s: at %v, an arrow %v, the forecast at %v", name, x, arrow, mark)
		}
	}
}

// elements reads a drawing as XML, strictly, and counts its elements.
func elements(t *testing.T, svg string) map[string]int {
	t.Helper()
	out, ids := map[string]int{}, map[string]bool{}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("no XML: %v\n%s", err, svg)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		out[e.Name.Local]++
		for _, a := range e.Attr {
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
				t.Errorf("%s %s=%q", e.Name.Local, a.Name.Local, a.Value)
			}
			if a.Name.Local == "id" && ids[a.Value] {
				t.Errorf("two elements are called %q", a.Value)
			}
			ids[a.Value] = ids[a.Value] || a.Name.Local == "id"
		}
	}
}

func TestHostileNamesStayText(t *testing.T) {
	t.Parallel()
	names := []string{`"'></text></svg><script>alert(1)</script>`, "nul \x00 and \x1b[31m", "\xff\xfe broken", "turned \u202e round", "]]>&amp;<!--", ""}
	for _, name := range names {
		for kind, d := range samples(name) {
			svg := string(figure(name, d).Wide()) + string(figure(name, d).Narrow())
			all := elements(t, "<x>"+svg+"</x>")
			if all["script"] > 0 || all["svg"] != 2 || all["desc"] != 2 {
				t.Errorf("%s of %q holds %v", kind, name, all)
			}
			if strings.ContainsAny(svg, "\x00\x1b\u202e") {
				t.Errorf("%s of %q keeps characters that are no text", kind, name)
			}
		}
	}
}

func TestWhateverIsDrawnIsWellFormed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		value := rapid.SampledFrom([]float64{0, 1, 3.3, -4, 1e12, math.NaN(), math.Inf(1), math.Inf(-1)})
		count := rapid.IntRange(-3, 100000)
		name := rapid.String()
		n := rapid.IntRange(0, 4)
		var bars chart.Bars
		var rows chart.Rows
		var split chart.Split
		scatter := chart.Scatter{Days: chart.Days{From: monday, N: rapid.IntRange(0, 4000).Draw(r, "days")}}
		stack := chart.Stack{Days: chart.Days{From: monday, N: n.Draw(r, "days")}}
		var aging chart.Aging
		dates := chart.Dates{Today: monday}
		for range n.Draw(r, "parts") {
			p := chart.Part{Kind: chart.Unplanned, Value: value.Draw(r, "value"), Name: name.Draw(r, "name")}
			bars.Groups = append(bars.Groups, chart.Group{Label: p.Name, Bars: []chart.Bar{{Parts: []chart.Part{p}, Top: p.Name}}})
			rows.Rows = append(rows.Rows, chart.Row{Name: p.Name, Text: p.Name, Parts: []chart.Part{p}, Limit: value.Draw(r, "limit")})
			split.Parts = append(split.Parts, p)
			scatter.Dots = append(scatter.Dots, chart.Dot{Day: count.Draw(r, "day"), Value: count.Draw(r, "took"), Name: p.Name})
			scatter.Lines = append(scatter.Lines, chart.Percentile{Percent: 50, Days: count.Draw(r, "line")})
			stack.Bands = append(stack.Bands, chart.Band{Name: p.Name, Values: rapid.SliceOfN(count, 0, 4).Draw(r, "band")})
			aging.Columns = append(aging.Columns, chart.AgingColumn{Name: p.Name, Lines: scatter.Lines, Dots: []chart.AgingDot{{Age: count.Draw(r, "age"), Name: p.Name}}})
			dates.Rows = append(dates.Rows, chart.DateRow{Name: p.Name, Text: p.Name, Marks: []chart.DateMark{{Day: monday.AddDate(0, 0, count.Draw(r, "by")), Percent: 50}}})
		}
		for _, d := range []chart.Drawing{bars, rows, split, scatter, stack, aging, dates} {
			elements(t, string(figure("x", d).Wide()))
			elements(t, string(figure("x", d).Narrow()))
		}
	})
}

// TestEachChartShowsItsData counts what is drawn: one mark for each value.
func TestEachChartShowsItsData(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]struct {
		pattern string
		n       int
	}{
		"scatter": {`class="dot`, 5}, // two of the six stand on one place
		"stack":   {`class="area`, 3}, "bars": {`<title>[^<]*Review</title>`, 3}, "rows": {`class="limit"`, 1}, "split": {`y="8"`, 3},
		"aging": {`class="dot`, 4}, "dates": {`class="stop"`, 4},
	} {
		svg := string(figure("x", samples("Review")[kind]).Wide())
		if got := len(regexp.MustCompile(want.pattern).FindAllString(svg, -1)); got != want.n {
			t.Errorf("%s: %d of %s, want %d\n%s", kind, got, want.pattern, want.n, svg)
		}
	}
	if svg := string(figure("x", samples("Review")["scatter"]).Wide()); !strings.Contains(svg, "85 % 9 d") || !strings.Contains(svg, "2 cards, about 5 d") {
		t.Errorf("the percentiles are not named, or dots are lost: %s", svg)
	}
	if svg := string(figure("x", samples("Review")["bars"]).Wide()); !regexp.MustCompile(`k-unplanned" fill="url\(#c1-wide-h\)"`).MatchString(svg) {
		t.Errorf("unplanned work is not hatched: %s", svg)
	}
}

// TestAWeekThatIsNotOverIsDrawnAsOne: nobody takes two days for a week's worth.
func TestAWeekThatIsNotOverIsDrawnAsOne(t *testing.T) {
	t.Parallel()
	svg := string(figure("x", samples("Review")["bars"]).Wide())
	_, part, found := strings.Cut(svg, `<g class="partial">`)
	if !found || strings.Count(svg, `class="partial"`) != 1 || !strings.Contains(part, "31 Aug, not whole: Review") || strings.Contains(part, "24 Aug:") {
		t.Errorf("it is drawn as a whole one: %s", svg)
	}
}

// TestAKeyShowsWhatIsDrawnHow: with the hatching once, for all of its parts.
func TestAKeyShowsWhatIsDrawnHow(t *testing.T) {
	t.Parallel()
	f := figure("x", chart.Bars{})
	f.Keys = []chart.Part{{Kind: chart.Planned, Name: "planned"}, {Kind: chart.Unplanned, Name: `<b>"nobody"`}, {Kind: chart.Waits, Name: "waits"}}
	key := string(f.Key())
	if n := elements(t, "<x>"+key+"</x>"); n["li"] != 3 || n["svg"] != 3 || n["defs"] != 1 || n["b"] != 0 || !strings.Contains(key, "planned</li>") || !strings.Contains(key, `k-unplanned" fill="url(#c1-key-h)"`) {
		t.Errorf("%v: %s", n, key)
	}
	if key := figure("x", chart.Bars{}).Key(); key != "" {
		t.Errorf("a chart in which nothing has to be told apart: %s", key)
	}
}

func TestAFigureWithoutDataHasNoChart(t *testing.T) {
	t.Parallel()
	if svg := (chart.Figure{ID: "x", Refused: "nothing was finished"}).Wide(); svg != "" {
		t.Errorf("drawn: %s", svg)
	}
}

// TestAnEmptyColumnIsLeftToTheFile: its columns are always the same, a page's say something.
func TestAnEmptyColumnIsLeftToTheFile(t *testing.T) {
	t.Parallel()
	table := chart.Table{Head: chart.Words("Card", "Due", "Id")}
	table.Head[2].File = true
	if bare := table.Shown(); bare.Head[0].File || bare.Head[1].File {
		t.Error("a table without rows has no columns")
	}
	table.Add("a", "", "1")
	table.Add("b", "", "2")
	shown := table.Shown()
	if got := []bool{shown.Head[0].File, shown.Head[1].File, shown.Head[2].File}; got[0] || !got[1] || !got[2] || table.Head[1].File {
		t.Errorf("left to the file: %v", got)
	}
	var b strings.Builder
	if err := shown.CSV(&b); err != nil || !strings.HasPrefix(b.String(), "\"Card\",\"Due\",\"Id\"\r\n\"a\",\"\",\"1\"") {
		t.Errorf("%v %q", err, b.String())
	}
}

func TestATableIsWrittenForSpreadsheets(t *testing.T) {
	t.Parallel()
	table := chart.Table{Key: "x", Head: append(chart.Words("=cmd|' /C calc'!A0"), chart.Nums("Days")...)}
	table.Add("x;=1", -4)
	table.Add(2.5, chart.Num(3, "/x"))
	var b strings.Builder
	if err := table.CSV(&b); err != nil {
		t.Fatal(err)
	}
	if want := "\"'=cmd|' /C calc'!A0\",\"Days\"\r\n\"x;'=1\",\"-4\"\r\n\"2.5\",\"3\"\r\n"; b.String() != want {
		t.Errorf("written %q, want %q", b.String(), want)
	}
}
