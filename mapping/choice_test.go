package mapping

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
)

// held is the company with status and priority in a project, the column of done and the
// withdrawn telling their issues apart by state and option.
func held() Config {
	c := company()
	for i, selectors := range [][]string{{"open"}, {"open + option:In Progress"}, {"open + option:Review"}, {"closed:completed"}, {"closed + option:Done"}, {"closed:not_planned + option:Done", "closed:duplicate"}} {
		c.Columns[i].GitHub = selectors
	}
	for i, name := range []string{"Urgent", "Normal", "Low"} {
		c.Priorities[i].GitHub = []string{"option:" + name}
	}
	c.Trackers[1].Fields = map[kanban.Field]FieldConfig{
		kanban.FieldStatus: {Project: "acme/12", Name: "Status"}, kanban.FieldPriority: {Name: "Priority"}}
	return c
}

func heldRules(tb testing.TB) *Rules {
	tb.Helper()
	return compiled(tb, held(), directories(), "keeps no history", "unmapped")
}

func TestNativeOfOptions(t *testing.T) {
	t.Parallel()
	r := heldRules(t)
	l := r.Lens("jira", "github")
	for _, c := range []struct {
		state, reason, status, priority string
		labels                          []string
		want, wantPriority              kanban.Native
		means                           kanban.Value
		opinion                         kanban.Opinion
	}{
		{"open", "", "", "", []string{"P0", "status:doing"}, "open", "", "", kanban.Silent},
		{"open", "", "in PROGRESS", "URGENT", nil, "open + option:in progress", "option:urgent", "doing", kanban.Says},
		{"closed", "completed", "In Progress", "", nil, "closed:completed + option:in progress", "", "verify", kanban.Says},
		{"closed", "not_planned", "Done", "", nil, "closed:not_planned + option:done", "", "withdrawn", kanban.Says},
		{"closed", "duplicate", "Done", "", nil, "closed:duplicate + option:done", "", "done", kanban.Says},
		{"open", "", "Someday", "", nil, "open + option:someday", "", "", kanban.Unmapped},
		{"open", "", "Done", "", nil, "open + option:done", "", "", kanban.Unmapped},
		{"open", "", "a + option:Review", "", nil, "open + option:a ＋ option:review", "", "", kanban.Unmapped},
	} {
		i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, State: c.state, Reason: c.reason, Labels: c.labels,
			Status: connectors.Option{Name: c.status}, Priority: connectors.Option{Name: c.priority}}
		n := r.Native(i, kanban.FieldStatus)
		if p := r.Native(i, kanban.FieldPriority); n != c.want || p != c.wantPriority {
			t.Errorf("%+v is %q, %q; want %q, %q", c, n, p, c.want, c.wantPriority)
		}
		if v, opinion := l.Back(kanban.GitHub, kanban.FieldStatus, n, ""); v != c.means || opinion != c.opinion {
			t.Errorf("%q means %q, %s; want %q, %s", n, v, opinion, c.means, c.opinion)
		}
	}
	if v, _ := r.Lens("", "github").Back(kanban.GitHub, kanban.FieldStatus, "open", ""); v != "requests" {
		t.Errorf("open without an option, alone, is %q", v)
	}
}

func TestStepsOfOptions(t *testing.T) {
	t.Parallel()
	r := heldRules(t)
	choose := func(of, option string) connectors.Write {
		return connectors.Write{Choose: &connectors.Choice{Of: of, Option: option}}
	}
	for _, c := range []struct {
		f        kanban.Field
		from, to kanban.Native
		want     []connectors.Write
	}{
		{"status", "open", "open + option:in progress", []connectors.Write{choose("status", "In Progress")}},
		{"status", "open + option:in progress", "closed:completed + option:done", []connectors.Write{{State: "closed", Reason: "completed"}, choose("status", "Done")}},
		{"status", "closed:completed + option:done", "open", []connectors.Write{{State: "open", Reason: "reopened"}, choose("status", "")}},
		{"status", "closed:completed + option:done", "closed:not_planned + option:done", []connectors.Write{{State: "closed", Reason: "not_planned"}}},
		{"priority", "option:low", "option:urgent", []connectors.Write{choose("priority", "Urgent")}},
		{"priority", "", "option:low", []connectors.Write{choose("priority", "Low")}},
		{"priority", "option:low", "option:low", nil},
	} {
		if diff := cmp.Diff(c.want, r.Steps(kanban.GitHub, c.f, c.from, c.to)); diff != "" {
			t.Errorf("%s to %s: %s", c.from, c.to, diff)
		}
	}
	to := r.Lens("jira", "github").Forward(kanban.GitHub, kanban.FieldStatus, "verify", "open + option:in progress")
	if diff := cmp.Diff([]kanban.Native{"closed:completed + option:in progress"}, to); diff != "" {
		t.Errorf("closing leaves the option alone: %s", diff)
	}
	if got := r.Describe(kanban.GitHub, kanban.FieldStatus, "open + option:in progress"); got != "open, In Progress" {
		t.Error(got)
	}
	if got := r.Describe(kanban.GitHub, kanban.FieldPriority, ""); got != "no option" {
		t.Error(got)
	}
}

// TestLabelsBesideOptions has one GitHub with labels and one with a project.
func TestLabelsBesideOptions(t *testing.T) {
	t.Parallel()
	c := company()
	c.Columns[1].GitHub = append(c.Columns[1].GitHub, "open + option:In Progress")
	c.Trackers = append(c.Trackers, TrackerConfig{Name: "other", Kind: "github", Containers: []string{"acme/other"},
		Fields: map[kanban.Field]FieldConfig{kanban.FieldStatus: {Project: "acme/1", Name: "Status"}}})
	r := compiled(t, c, directories(), "keeps no history", "unmapped", "cannot show")
	for tracker, want := range map[string]kanban.Native{"github": "open + label:status:doing", "other": "open + option:in progress"} {
		to := r.Lens("jira", tracker).Forward(kanban.GitHub, kanban.FieldStatus, "doing", "open")
		if diff := cmp.Diff([]kanban.Native{want}, to); diff != "" {
			t.Errorf("%s: %s", tracker, diff)
		}
		if steps := r.Steps(kanban.GitHub, kanban.FieldStatus, "open", want); len(steps) != 1 || (steps[0].Choose != nil) != (tracker == "other") {
			t.Errorf("%s: %+v", tracker, steps)
		}
		if text := r.Describe(kanban.GitHub, kanban.FieldStatus, want); strings.Contains(text, "Status:") == (tracker == "other") {
			t.Errorf("%s: %s", tracker, text)
		}
		if weak := r.Weak(tracker, kanban.FieldStatus); weak != (tracker == "other") {
			t.Errorf("%s is weak: %v", tracker, weak)
		}
		if to := r.Lens("jira", tracker).Forward(kanban.GitHub, kanban.FieldStatus, "review", "open"); (len(to) == 0) != (tracker == "other") {
			t.Errorf("%s shows review as %q", tracker, to)
		}
	}
}

func TestSetAt(t *testing.T) {
	t.Parallel()
	r, noon := heldRules(t), time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC)
	i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, State: "open", Status: connectors.Option{Name: "Review"}, Updated: noon, StatusAt: noon.Add(time.Hour)}
	for was, want := range map[kanban.Native]time.Time{"open": noon.Add(time.Hour), "closed:completed": noon} {
		if got := r.SetAt(i, kanban.FieldStatus, was); !got.Equal(want) {
			t.Errorf("from %q it was set at %v", was, got)
		}
	}
	if got := r.SetAt(i, kanban.FieldPriority, ""); !got.Equal(noon) {
		t.Errorf("of an Issue Field nothing is told: %v", got)
	}
	i.Tracker, i.Updated = "jira", noon.Add(time.Minute)
	if got := companyRules(t).SetAt(i, kanban.FieldStatus, "open"); !got.Equal(i.Updated) {
		t.Errorf("elsewhere: %v", got)
	}
}

func TestOptionsThatAreNotThere(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*Config)
		fields []connectors.OptionField
		want   string
	}{
		{"near miss", nil, []connectors.OptionField{{Of: "status", Holder: "project acme/12", Name: "Status", Options: []string{"Todo", "In progres", "Review", "Done"}}},
			`column[1].github[0]: there is no option "In Progress"; project acme/12 has in "Status": Todo, In progres, Review, Done; did you mean "In progres"?`},
		{"none", nil, []connectors.OptionField{{Of: "priority", Holder: "organisation acme", Name: "Priority"}},
			`priority[0].github[0]: there is no option "Urgent"; organisation acme has in "Priority": none; write one of these, or add it there`},
		{"unclaimed", nil, []connectors.OptionField{{Of: "status", Holder: "project acme/12", Name: "Status", Options: []string{"Todo", "In Progress", "Review", "Done"}}},
			`github[0].status: no column lists the options "Todo" of project acme/12; such cards are shown as unmapped and left alone`},
		{"weak", nil, nil, `github[0].status: GitHub keeps no history of the field "Status" of the project acme/12`},
		{"weak field", nil, nil, `github[0].priority: GitHub keeps no history of the field "Priority" of the organisation`},
		{"a label", func(c *Config) { c.Columns[1].GitHub = []string{"open + label:doing"} }, nil,
			`column[1].github[0]: "open + label:doing" asks for a label, and GitHub's status is held in a field; write option:NAME`},
		{"an option", func(c *Config) { c.Trackers[1].Fields = nil }, nil,
			`column[1].github[0]: "open + option:In Progress" asks for an option, and GitHub's status is held in labels; write label:NAME`},
		{"two options", func(c *Config) { c.Columns[1].GitHub = []string{"open + option:a + option:b"} }, nil, `asks for more than an issue can have: one option, or labels`},
		{"both", func(c *Config) { c.Columns[1].GitHub = []string{"open + label:a + option:b"} }, nil, `asks for more than an issue can have: one option, or labels`},
		{"twice", func(c *Config) { c.Columns[2].GitHub = []string{"open + option:in progress"} }, nil,
			`column[2].github[0]: open + option:In Progress is in column "doing" and in column "review"; keep it in one of them`},
		{"a tie", func(c *Config) { c.Columns[5].GitHub = []string{"closed + option:done"} }, nil, `is in column "done" and in column "withdrawn"`},
	} {
		c := held()
		if tc.change != nil {
			tc.change(&c)
		}
		dirs := directories()
		dirs[1].Fields = tc.fields
		_, ps := Compile(c, dirs)
		if !slices.ContainsFunc(ps, func(p Problem) bool { return strings.Contains(p.String(), tc.want) }) {
			t.Errorf("%s: want %s among %v", tc.name, tc.want, ps)
		}
	}
	dirs := directories()
	dirs[1].Fields = []connectors.OptionField{{Of: "status", Holder: "project acme/12", Name: "Status", Problem: "hidden"}}
	compiled(t, held(), dirs, "keeps no history", "unmapped")
}

// TestLawsHoldForOptions deals states and options out to columns at random. What is not
// refused keeps the laws, over every state with every option, none, and one that nobody
// lists; and the steps of each write arrive.
func TestLawsHoldForOptions(t *testing.T) {
	t.Parallel()
	tried := 0
	rapid.Check(t, func(t *rapid.T) {
		c := held()
		for i := range c.Columns {
			c.Columns[i].GitHub = nil
			for range rapid.IntRange(0, 3).Draw(t, "selectors") {
				text := rapid.SampledFrom(selectorStates()).Draw(t, "state")
				if rapid.IntRange(0, 4).Draw(t, "with option") > 0 {
					text += fmt.Sprintf(" + option:O%d", rapid.IntRange(0, 6).Draw(t, "option"))
				}
				c.Columns[i].GitHub = append(c.Columns[i].GitHub, text)
			}
		}
		r, _ := Compile(c, directories())
		if r == nil {
			return
		}
		tried++
		var columns []kanban.Value
		for _, col := range c.Columns {
			columns = append(columns, kanban.Value(col.Key))
		}
		for _, l := range []Lens{r.Lens("jira", "github"), r.Lens("", "github")} {
			s := l.sides[kanban.GitHub][kanban.FieldStatus]
			natives := append(s.natives(), "", "open + label:old", "closed:completed + option:zzz")
			for _, v := range CheckLaws(l, kanban.GitHub, kanban.FieldStatus, columns, natives) {
				if v.Law != LawTotal {
					t.Fatalf("%+v", v)
				}
			}
			at := rapid.SampledFrom(s.natives()).Draw(t, "native")
			for _, to := range l.Forward(kanban.GitHub, kanban.FieldStatus, rapid.SampledFrom(columns).Draw(t, "value"), at) {
				arrives(t, r, at, to)
			}
		}
	})
	if tried == 0 {
		t.Error("every configuration was refused")
	}
}

// arrives plays the steps of a write on an issue.
func arrives(t *rapid.T, r *Rules, at, to kanban.Native) {
	i := connectors.Issue{Ref: connectors.Ref{Tracker: "github"}, Status: connectors.Option{Name: parseLabelled(at).option()}}
	i.State, i.Reason, _ = strings.Cut(parseLabelled(at).state, ":")
	for _, w := range r.Steps(kanban.GitHub, kanban.FieldStatus, at, to) {
		if w.Choose != nil {
			i = Chosen(i, *w.Choose)
		} else {
			i.State, i.Reason = w.State, w.Reason
		}
	}
	if got := r.Native(i, kanban.FieldStatus); got != to {
		t.Fatalf("from %q the steps lead to %q, not %q", at, got, to)
	}
}
