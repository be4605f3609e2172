package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
)

func TestTitleSays(t *testing.T) {
	t.Parallel()
	l := companyRules(t).Lens("jira", "github")
	long := strings.Repeat("x", 256)
	for _, c := range []struct {
		side    kanban.Side
		n       kanban.Native
		at      kanban.Value
		want    kanban.Value
		opinion kanban.Opinion
	}{
		{kanban.GitHub, "OPS-12 Slow feed", "", "Slow feed", kanban.Says},
		{kanban.GitHub, "[OPS-12] Slow feed", "", "Slow feed", kanban.Says},
		{kanban.GitHub, "OPS-12: Slow feed", "", "Slow feed", kanban.Says},
		{kanban.GitHub, "[OPS-12]: Slow feed", "", "Slow feed", kanban.Says},
		{kanban.GitHub, "OPS-12 - Slow feed", "", "Slow feed", kanban.Says},
		{kanban.GitHub, "OPS-12 -5 degrees", "", "-5 degrees", kanban.Says},
		{kanban.GitHub, "OPS-12 OPS-13 Slow feed", "", "Slow feed", kanban.Says},
		{kanban.GitHub, "OPS-12 OPS-13 Slow feed", "OPS-13 Slow feed", "OPS-13 Slow feed", kanban.Says},
		{kanban.GitHub, "UTF-8 in feeds", "", "UTF-8 in feeds", kanban.Says},
		{kanban.GitHub, "OPS-12a feed", "", "OPS-12a feed", kanban.Says},
		{kanban.GitHub, "OPS-012 feed", "", "OPS-012 feed", kanban.Says},
		{kanban.GitHub, "Slow feed OPS-12", "", "Slow feed OPS-12", kanban.Says},
		{kanban.GitHub, "OPS-12", "Slow feed", "Slow feed", kanban.Silent},
		{kanban.GitHub, "[OPS-12] OPS-13:", "Slow feed", "Slow feed", kanban.Silent},
		{kanban.Jira, "Acme/payments#7", "Slow feed", "Slow feed", kanban.Silent},
		{kanban.Jira, "acme/infra#7", "Slow feed", "acme/infra#7", kanban.Says},
		{kanban.Jira, " \n\t", "Slow feed", "Slow feed", kanban.Silent},
		{kanban.Jira, "OPS-12 Slow feed", "", "OPS-12 Slow feed", kanban.Says},
		{kanban.Jira, " Slow\r\n\tfeed\u00a0", "Slow feed", "Slow feed", kanban.Says},
		{kanban.Jira, "Slow\u202e feed\x00", "", "Slow feed", kanban.Says},
		{kanban.Jira, kanban.Native(long[:255]), kanban.Value(long), kanban.Value(long), kanban.Says},
		{kanban.GitHub, kanban.Native("OPS-12 " + long[:249]), kanban.Value(long), kanban.Value(long), kanban.Says},
		{kanban.GitHub, kanban.Native("OPS-12 " + long[:248]), kanban.Value(long), kanban.Value(long[:248]), kanban.Says},
	} {
		got, opinion := l.Back(c.side, kanban.FieldTitle, c.n, c.at)
		if got != c.want || opinion != c.opinion {
			t.Errorf("%s %q on a card at %q says %q, %s, want %q, %s", c.side, c.n, c.at, got, opinion, c.want, c.opinion)
		}
	}
}

func TestTitleIsWritten(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	l := r.Lens("jira", "github")
	long := strings.Repeat("é", 300)
	for _, c := range []struct {
		side kanban.Side
		m    kanban.Value
		n    kanban.Native
		want []kanban.Native
	}{
		{kanban.GitHub, "Slow feed", "[OPS-12]  slow", []kanban.Native{"[OPS-12] Slow feed"}},
		{kanban.GitHub, "Slow feed", "OPS-12", []kanban.Native{"OPS-12 Slow feed"}},
		{kanban.GitHub, "Slow feed", "acme/payments#7", []kanban.Native{"Slow feed"}},
		{kanban.GitHub, "OPS-12 Slow feed", "OPS-12 slow", []kanban.Native{"OPS-12 Slow feed"}},
		{kanban.GitHub, "OPS-13 Slow feed", "OPS-12 slow", []kanban.Native{"OPS-12 OPS-13 Slow feed"}},
		{kanban.GitHub, "Slow feed", "OPS-12: Slow feed", []kanban.Native{"OPS-12: Slow feed"}},
		{kanban.GitHub, kanban.Value(long), "OPS-12 x", []kanban.Native{kanban.Native("OPS-12 " + long[:2*249])}},
		{kanban.Jira, kanban.Value(long), "x", []kanban.Native{kanban.Native(long[:2*255])}},
		{kanban.Jira, "🦀 " + kanban.Value(strings.Repeat("🦀", 200)), "x", []kanban.Native{"🦀 " + kanban.Native(strings.Repeat("🦀", 126))}},
		{kanban.Jira, "Slow feed", "OPS-12 slow", []kanban.Native{"Slow feed"}},
		{kanban.Jira, "acme/payments#7", "x", nil},
		{kanban.Jira, " ", "x", nil},
		{kanban.Jira, "", "x", nil},
	} {
		if diff := cmp.Diff(c.want, l.Forward(c.side, kanban.FieldTitle, c.m, c.n)); diff != "" {
			t.Errorf("%s %q over %q: %s", c.side, c.m, c.n, diff)
		}
	}
	want := []connectors.Write{{Title: "OPS-12 Slow feed"}}
	if diff := cmp.Diff(want, r.Steps(kanban.GitHub, kanban.FieldTitle, "OPS-12", "OPS-12 Slow feed")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]connectors.Write{{Title: "b"}}, r.Steps(kanban.Jira, kanban.FieldTitle, "a", "b")); diff != "" {
		t.Error(diff)
	}
}

func TestTitleIsFolded(t *testing.T) {
	t.Parallel()
	r := companyRules(t)
	l := r.Lens("jira", "github")
	e := connectors.Entry{ID: "7", Changes: []connectors.Change{{Field: kanban.ChangeTitle, From: "Old", To: " New \n name"}}}
	n, touched := l.Apply(kanban.Jira, kanban.FieldTitle, "Old", r.Folding("jira", "100", e).Changes)
	if n != "New name" || !touched {
		t.Errorf("folded to %q, %v", n, touched)
	}
	if got := r.Native(connectors.Issue{Ref: connectors.Ref{Tracker: "jira"}, Title: " New\tname "}, kanban.FieldTitle); got != n {
		t.Errorf("the issue shows %q, its history %q", got, n)
	}
	record := r.Event("jira", "100", e).Changes
	if diff := cmp.Diff([]kanban.Change{{Field: kanban.ChangeTitle}}, record); diff != "" {
		t.Errorf("the record keeps a text: %s", diff)
	}
	if n, touched := l.Apply(kanban.Jira, kanban.FieldTitle, "Old", record); n != "Old" || touched {
		t.Errorf("an event without its text made the title %q", n)
	}
	if !l.Explains(kanban.Jira, kanban.FieldTitle, "New name", kanban.Change{Field: kanban.ChangeTitle, To: "New  name"}) ||
		l.Explains(kanban.Jira, kanban.FieldTitle, "New name", kanban.Change{Field: kanban.ChangeTitle, To: "Old"}) {
		t.Error("a write is known by the title it sets")
	}
}

// anyTitle draws titles that meet at their edges: keys, lengths, blanks, odd letters.
func anyTitle() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"OPS-1", "[OPS-1]", "OPS-22:", "[OPS-1]:", "-", ":", "acme/payments#7", "acme/infra#7", "FIN-3", "feed", "Feed",
			" ", "\n", "\t \u00a0", "\u202e", "\x00", "🦀", "OPS-", "[OPS-1", "é", strings.Repeat("x", 240), strings.Repeat("🦀", 125)}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 5).Draw(t, "parts"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
	})
}

// TestTitleLaws holds the lens of titles against the laws, for a title that is
// changed on one side and carried to the other, and for any way a tracker may lay
// the same words out.
func TestTitleLaws(t *testing.T) {
	t.Parallel()
	l := companyRules(t).Lens("jira", "github")
	f := kanban.FieldTitle
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom(kanban.Sides[:]).Draw(t, "side")
		n, other := kanban.Native(anyTitle().Draw(t, "title")), kanban.Native(anyTitle().Draw(t, "other"))
		m, m2 := kanban.Value(anyTitle().Draw(t, "agreed")), kanban.Value(anyTitle().Draw(t, "asked"))
		for _, side := range kanban.Sides {
			if vs := CheckLaws(l, side, f, []kanban.Value{m, m2}, []kanban.Native{n, other, ""}); len(vs) > 0 {
				t.Fatalf("%s: %+v", side, vs[0])
			}
		}
		v, opinion := l.Back(from, f, n, m)
		if laidOut := kanban.Native(" " + strings.ReplaceAll(string(n), " ", "\r\n ") + "\t"); opinion == kanban.Says {
			if w, _ := l.Back(from, f, laidOut, m); w != v {
				t.Fatalf("law N: %q says %q, %q says %q", n, v, laidOut, w)
			}
		}
		if norm(norm(string(n))) != norm(string(n)) {
			t.Fatalf("norm is not idempotent on %q", n)
		}
		to := l.Forward(from.Other(), f, v, other)
		if len(to) == 0 {
			return
		}
		if back, says := l.Back(from.Other(), f, to[0], v); back != v || says != kanban.Says {
			t.Fatalf("%q was carried as %q and comes back as %q, %s", v, to[0], back, says)
		}
		if again := l.Forward(from.Other(), f, v, to[0]); again[0] != to[0] {
			t.Fatalf("%q would be written again as %q", to[0], again[0])
		}
		if opinion == kanban.Says && l.Forward(from, f, v, n)[0] != n {
			t.Fatalf("%q would be written back over %q", v, n)
		}
		limit := map[kanban.Side]int{kanban.Jira: jiraTitle, kanban.GitHub: githubTitle}[from.Other()]
		if to[0] != other && length(string(to[0])) > limit {
			t.Fatalf("%d units were written", length(string(to[0])))
		}
	})
}

func TestNormKnowsTheUsualCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyTitle().Draw(t, "title")
		if slow := strings.Join(strings.Fields(strings.Map(visible, s)), " "); norm(s) != slow || isNorm(s) && s != slow {
			t.Fatalf("%q is %q, want %q", s, norm(s), slow)
		}
	})
}
