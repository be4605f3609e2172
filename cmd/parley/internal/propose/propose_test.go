package propose

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/mapping"
)

// names are what trackers might call something: usual words, words of the configuration's
// own language, and anything at all.
func names() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"To Do", "Backlog", "Ready", "In Progress", "In Review", "Done", "Closed", "Won't Do", "Waiting", "Fertig", "In Arbeit", "Abnahme",
			"status:review", "status: in progress", "Status/Done", "stage::x", "priority:high", "priority: P1", "P0", "P2", "p3 - low", "prio_low", "high priority", "Highest", "High", "Low", "Blocker",
			"bug", "type: bug", "bu:trading", "due:2026-01-01", "in progress", "42", "same:doing", "a + b", "open", "closed", "any", "", " ", "'''", "\"\"\"", "\n[[column]]", "\\", "\u202e", "e\u0301", "＋", "İ", "ſ"}),
		rapid.String(), rapid.StringMatching(`(status|priority)[:/ ]+[a-zA-Z +"']{0,12}`),
	)
}

func found() *rapid.Generator[Found] {
	return rapid.Custom(func(t *rapid.T) Found {
		f := Found{Zone: "UTC"}
		which := rapid.IntRange(1, 3).Draw(t, "trackers")
		if which&1 != 0 {
			f.Jira = jiraOf(t)
		}
		if which&2 != 0 {
			f.GitHub = gitHubOf(t)
		}
		return f
	})
}

func jiraOf(t *rapid.T) *Jira {
	j := &Jira{URL: "https://acme.atlassian.net", User: "a@b.test", TokenEnv: "JIRA_TOKEN"}
	j.Directory = connectors.Directory{Tracker: "jira", Kind: connectors.Jira, Product: names().Draw(t, "product"), Me: connectors.Person{ID: "x", Name: names().Draw(t, "me")}}
	projects := []string{"OPS", "FIN", "APP"}[:rapid.IntRange(1, 3).Draw(t, "projects")]
	for _, p := range projects {
		j.Directory.Containers = append(j.Directory.Containers, connectors.Container{Key: p, Readable: true, Writable: true})
		j.Places = append(j.Places, connectors.Place{Key: p, Name: names().Draw(t, "project"), Components: rapid.SliceOfN(names(), 0, 20).Draw(t, "components"), Types: rapid.SliceOfN(names(), 0, 5).Draw(t, "types")})
	}
	for i := range rapid.IntRange(0, 15).Draw(t, "statuses") {
		st := connectors.Status{Untranslated: names().Draw(t, "untranslated"), Used: projects[:rapid.IntRange(0, len(projects)).Draw(t, "used")]}
		st.Option = connectors.Option{ID: fmt.Sprint(10 + i), Name: names().Draw(t, "status"), Category: rapid.SampledFrom([]string{"new", "indeterminate", "done", "undefined", ""}).Draw(t, "category")}
		j.Directory.Statuses = append(j.Directory.Statuses, st)
	}
	for i := range rapid.IntRange(0, 7).Draw(t, "priorities") {
		j.Directory.Priorities = append(j.Directory.Priorities, connectors.Option{ID: fmt.Sprint(i), Name: names().Draw(t, "priority")})
	}
	return j
}

func gitHubOf(t *rapid.T) *GitHub {
	g := &GitHub{URL: "https://api.github.com", TokenEnv: "GITHUB_TOKEN"}
	g.Directory = connectors.Directory{Tracker: "github", Kind: connectors.GitHub, Product: "GitHub", Labels: map[string][]string{}}
	for _, r := range []string{"acme/ops", "acme/web"}[:rapid.IntRange(1, 2).Draw(t, "repos")] {
		g.Directory.Containers = append(g.Directory.Containers, connectors.Container{Key: r, Readable: true, Writable: true})
		g.Directory.Labels[r] = rapid.SliceOfN(names(), 0, 25).Draw(t, "labels")
	}
	if rapid.Bool().Draw(t, "board") {
		g.Boards = []connectors.Board{{Name: "acme/1", Title: names().Draw(t, "title"), Writable: true, Fields: []connectors.OptionField{
			{Name: "Status", Options: append([]string{"In progress"}, rapid.SliceOfN(names(), 0, 8).Draw(t, "options")...)},
			{Name: "Priority", Options: rapid.SliceOfN(names(), 0, 5).Draw(t, "steps")},
		}}}
	}
	return g
}

// told is what the trackers would say to a check of the proposal.
func told(p Proposal) []connectors.Directory {
	var dirs []connectors.Directory
	if p.Found.Jira != nil {
		dirs = append(dirs, p.Found.Jira.Directory)
	}
	if g := p.Found.GitHub; g != nil {
		d := g.Directory
		for of, in := range map[string]string{"status": p.StatusIn, "priority": p.PriorityIn} {
			if in != "" {
				field := fieldOf(&g.Boards[0], of)
				d.Fields = append(d.Fields, connectors.OptionField{Of: of, Name: field.Name, Options: field.Options})
			}
		}
		dirs = append(dirs, d)
	}
	return dirs
}

// TestWhateverIsFoundHolds: whatever the trackers call their things, the proposal is TOML
// that loads and breaks no law, by itself and against the trackers; and it is never long.
func TestWhateverIsFoundHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Make(found().Draw(t, "found"))
		text := p.Text()
		cfg, problems := config.InspectText("config.toml", text, func(string) (string, bool) { return "t0ken", true })
		if config.Failed(problems) {
			t.Fatalf("%v\n%s", problems, text)
		}
		_, problems = cfg.Compile(told(p))
		for _, x := range problems {
			if x.Severity == mapping.Error {
				t.Fatalf("%v\n%s", x, text)
			}
		}
		if cfg.Sync.Write != "plan" {
			t.Fatal("it writes")
		}
		if n := strings.Count(text, "\n"); n > 700 {
			t.Fatalf("%d lines", n)
		}
		for _, r := range text {
			if r != '\n' && r < ' ' || r == '\u202e' || r == 0x7f || r == '\u2028' {
				t.Fatalf("%q stands in the text", r)
			}
		}
	})
}

// TestEveryUsualNameHasOnePlace: no name stands for two slots, and each is found in the
// form that it is looked up in.
func TestEveryUsualNameHasOnePlace(t *testing.T) {
	t.Parallel()
	all, words := 0, vocabulary()
	for name := range words {
		all++
		if normal(name) != name {
			t.Errorf("%q is looked up as %q", name, normal(name))
		}
	}
	if again := vocabulary(); len(again) != all {
		t.Error(len(again), all)
	}
	for range 20 { // a name in two slots would be drawn by the order of a map
		for name, w := range vocabulary() {
			if words[name].slot != w.slot {
				t.Fatalf("%q is in %s and in %s", name, w.slot, words[name].slot)
			}
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	m := &maker{words: vocabulary()}
	for name, want := range map[string]struct {
		slot slot
		sure Sureness
	}{
		"In Progress/indeterminate":          {doing, Sure},
		"IN-PROGRESS/indeterminate":          {doing, Sure},
		"🚧 In progress/indeterminate":        {doing, Sure},
		"Won’t do/done":                      {withdrawn, Sure},
		"Zur Abnahme/indeterminate":          {accepting, Sure},
		"Waiting on legal/indeterminate":     {waiting, Likely},
		"Ready for customer test/new":        {committed, Likely},
		"Umbau/indeterminate":                {doing, Likely},
		"Umbau/done":                         {done, Likely},
		"Closed/new":                         {requests, Guess},
		"Backlog/undefined":                  {requests, Likely},
		"Umbau/undefined":                    {"", Likely},
		"Rejected by the customer/done":      {withdrawn, Likely},
		"Approved/done":                      {done, Guess},
		"Waiting for support/indeterminate":  {committed, Sure},
		"Selected for Development/new":       {committed, Sure},
		"Ausgewählt für nächsten Sprint/new": {requests, Likely},
	} {
		text, category, _ := strings.Cut(name, "/")
		v := m.judge(connectors.Status{Option: connectors.Option{Name: text, Category: category}})
		if v.slot != want.slot || v.sure != want.sure {
			t.Errorf("%s: %s (%s, %s), want %s (%s)", name, v.slot, v.sure, v.why, want.slot, want.sure)
		}
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for names, want := range map[string]string{
		"P0 P1 P2 P3":               "0 1 2 3",
		"P1 P2 P3":                  "1 2 3",
		"P1 P2 P3 P4 P5":            "0 1 2 3 3",
		"priority:high prio/low":    "1 3",
		"Blocker Critical Trivial":  "0 0 3",
		"Höchste Mittel Niedrigste": "0 2 3",
		"priority::medium p0:now":   "2 0",
		"weird P2":                  "2",
		"P10":                       "",
	} {
		var got []string
		out, _ := level(strings.Fields(names))
		for _, l := range out {
			got = append(got, fmt.Sprint(l.level))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", names, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`a"b\c`: `"a\"b\\c"`, "a\nb": `"a\u000Ab"`, "a\u202eb": `"a\u202Eb"`, "😀": `"😀"`, "\U000e0001": `"\U000E0001"`, "\x7f": `"\u007F"`, "ä'''": `"ä'''"`,
	} {
		if got := Quote(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
