package main

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMutantsFitTheCode holds every mutant to the code as it is: it must still find the
// text that it weakens, once, and leave a file that parses. Whether the tests kill it is
// found out by running them all, which takes minutes: `make mutants`.
func TestMutantsFitTheCode(t *testing.T) {
	t.Parallel()
	root, err := top()
	if err != nil {
		t.Fatal(err)
	}
	all, err := load(filepath.Join(root, "testdata", "mutants"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		text, err := m.apply(root)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), m.File, text, parser.SkipObjectResolution); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	m, err := parse("weakens: Nothing.\nfile: a/b.go\ntest: ./a X -v\nenv: A=1 B=2\nfails: FAIL: X\n\n-- old --\none\ntwo\n-- new --\nthree\n-- old --\n\tfour\n-- new --\n\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []edit{{"one\ntwo", "three"}, {"\tfour", ""}}
	if diff := cmp.Diff(want, m.Edits); diff != "" {
		t.Error(diff)
	}
	if m.Weakens != "Nothing." || m.File != "a/b.go" || len(m.Tests) != 1 || !m.Tests[0].Fails.MatchString("--- FAIL: X") || m.Tests[0].String() != "A=1 B=2 ./a X -v" {
		t.Errorf("parsed as %+v", m)
	}
	for _, bad := range []string{
		"",
		"weakens: x\nfile: a.go\ntest: ./a X\n-- old --\na\n-- new --\nb\n",
		"weakens: x\nfile: a.go\nfails: y\n-- old --\na\n-- new --\nb\n",
		"weakens: x\nfile: a.go\ntest: ./a X\nfails: (\n-- old --\na\n-- new --\nb\n",
		"weakens: x\nfile: a.go\ntest: ./a X\nfails: y\n-- old --\na\n",
		"weakens: x\nfile: a.go\ntest: ./a X\nfails: y\n-- old --\n-- new --\nb\n",
		"weakens: x\nwhat: a.go\n",
	} {
		if _, err := parse(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	m, err := parse("weakens: x\nfile: a.go\ntest: ./a X\nfails: --- FAIL: TestX\n-- old --\na\n-- new --\nb\n")
	if err != nil {
		t.Fatal(err)
	}
	for out, want := range map[string]verdict{
		"=== RUN   TestX\n--- FAIL: TestX (0.1s)\nFAIL": killed,
		"=== RUN   TestY\n--- FAIL: TestY (0.1s)\nFAIL": unclear,
		"=== RUN   TestX\npanic: test timed out after":  unclear,
		"testing: warning: no tests to run\nPASS":       broken,
	} {
		if got := judge(m.Tests[0], out, false); got != want {
			t.Errorf("%q: %s, want %s", out, got, want)
		}
	}
	if got := judge(m.Tests[0], "=== RUN   TestX\n--- PASS: TestX\nPASS", true); got != survived {
		t.Errorf("a test that passes: %s", got)
	}
}

func TestReportFailsUnlessAllAreKilled(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	good := result{mutant: mutant{Name: "one", Weakens: "A."}, verdict: killed, effort: "7 tests"}
	if err := report(&said, []result{good}); err != nil || !strings.Contains(said.String(), "1 of 1 mutants killed") || !strings.Contains(said.String(), "7 tests") {
		t.Errorf("all killed: %v\n%s", err, said.String())
	}
	for _, v := range []verdict{survived, stale, broken, unclear} {
		if err := report(&said, []result{good, {verdict: v}}); err == nil {
			t.Errorf("one %s: no error", v)
		}
	}
	if err := report(&said, nil); err == nil {
		t.Error("none at all: no error")
	}
}

func TestEffort(t *testing.T) {
	t.Parallel()
	for out, want := range map[string]string{
		"[rapid] failed after 12 tests: x": "12 tests",
		"P1, found after 1,234 states":     "1,234 states",
		"panic: test timed out after 3m0s": "",
	} {
		if got := effort(out); got != want {
			t.Errorf("%q: %q, want %q", out, got, want)
		}
	}
}

func TestListenerHearsWholeLines(t *testing.T) {
	t.Parallel()
	heard := 0
	l := &listener{until: regexp.MustCompile("^P1: lost$"), heard: func() { heard++ }}
	for _, part := range []string{"P1: lo", "st\nP1: lost and", " more\n", "P1: lost"} {
		if n, err := l.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	if heard != 1 || l.String() != "P1: lost\nP1: lost and more\nP1: lost" {
		t.Errorf("heard %d times: %q", heard, l.String())
	}
}
