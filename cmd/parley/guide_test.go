package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/cmd/parley/internal/cli"
)

// guide gives the pages of the guide and the page that leads to it, by their paths.
func guide(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../docs/guide/*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("the guide is not there: %v %v", files, err)
	}
	out := map[string]string{}
	for _, f := range append(files, "../../README.md") {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[f] = string(text)
	}
	return out
}

// help is what a command says of itself; ok is false where there is none.
func help(t *testing.T, command ...string) (text string, ok bool) {
	t.Helper()
	var out bytes.Buffer
	code := cli.Main(t.Context(), append([]string{"help"}, command...), cli.IO{Out: &out, Err: &out}, "test")
	return out.String(), code == 0
}

// TestTheGuideNamesCommandsThatExist: every `parley …` of the guide is a command, with the
// options that it is given.
func TestTheGuideNamesCommandsThatExist(t *testing.T) {
	t.Parallel()
	said := regexp.MustCompile("(?:`|^|[^\\w/.])\\.?/?parley ([a-z][^`\n#]*)")
	option := regexp.MustCompile(`--[a-z][a-z-]*`)
	tried := map[string]bool{}
	for file, text := range guide(t) {
		for _, m := range said.FindAllStringSubmatch(strings.ReplaceAll(strings.Join(code(text), "\n"), "ok: parley can", ""), -1) { // what check says
			words := strings.Fields(m[1])
			command := words[:1]
			about, ok := help(t, command...)
			if len(words) > 1 {
				if sub, is := help(t, words[:2]...); ok && is {
					command, about = words[:2], sub
				}
			}
			if !ok {
				t.Errorf("%s: there is no command parley %s", file, words[0])
				continue
			}
			for _, o := range option.FindAllString(m[1], -1) {
				if !strings.Contains(about, " "+o+"=") && !strings.Contains(about, " "+o+" ") && !strings.Contains(about, " "+o+"\n") {
					t.Errorf("%s: parley %s has no option %s", file, strings.Join(command, " "), o)
				}
			}
			tried[strings.Join(command, " ")] = true
		}
	}
	for _, c := range []string{"check", "plan", "apply", "run", "preview", "share", "see", "conflicts settle"} {
		if !tried[c] {
			t.Errorf("the guide says nothing of parley %s: the test reads it wrongly, or a page is missing", c)
		}
	}
}

// code is what stands between backticks, in a line or in lines of its own.
func code(text string) []string {
	var out []string
	for i, block := range strings.Split(text, "```") {
		if i%2 == 1 {
			out = append(out, strings.Split(block, "\n")...)
			continue
		}
		for k, piece := range strings.Split(block, "`") {
			if k%2 == 1 {
				out = append(out, "`"+strings.ReplaceAll(piece, "\n", " ")+"`")
			}
		}
	}
	return out
}

// TestTheGuideNamesKeysThatExist: every key and table of the configuration in the guide
// stands in the example, which is loaded by a test of its own.
func TestTheGuideNamesKeysThatExist(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	table, key := regexp.MustCompile("^`(\\[\\[?[a-z.]+\\]\\]?)`$"), regexp.MustCompile("^`([a-z]+_[a-z_]+|[a-z]+)( = .*)?`$")
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)(?:^#?|[{,] *)([a-z_]+) *=`).FindAllStringSubmatch(string(example), -1) {
		known[m[1]] = true
	}
	words := strings.Fields("parley check plan run none it ops wall viewer requester liaison developer held differs refused repo project m b p w f s")
	found := 0
	for file, text := range guide(t) {
		for _, c := range code(text) {
			if m := table.FindStringSubmatch(c); m != nil {
				if found++; !strings.Contains(string(example), m[1]) {
					t.Errorf("%s: the configuration has no table %s", file, m[1])
				}
			}
			if m := key.FindStringSubmatch(c); m != nil && strings.Contains(file, "guide/") && !slices.Contains(words, m[1]) {
				if found++; !known[m[1]] {
					t.Errorf("%s: the configuration has no key %s", file, m[1])
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("%d keys and tables were found: the test reads the guide wrongly", found)
	}
}

// TestTheGuideLeadsSomewhere: its links and pictures are there, and so are the headings.
func TestTheGuideLeadsSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)]+)\)`)
	found := 0
	for file, text := range guide(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target, heading, _ := strings.Cut(m[1], "#")
			if strings.HasPrefix(target, "https://") {
				continue
			}
			found++
			to := filepath.Join(filepath.Dir(file), target)
			if target == "" {
				to = file
			}
			page, err := os.ReadFile(to)
			if err != nil {
				t.Errorf("%s: %v", file, err)
			} else if heading != "" && !slices.Contains(headings(string(page)), heading) {
				t.Errorf("%s: %s has no heading #%s", file, target, heading)
			}
		}
	}
	if found < 20 {
		t.Errorf("%d links were found: the test reads the guide wrongly", found)
	}
}

// TestTheAnswersHaveProofs: every answer to what people ask names a test, and every test that
// the guide names is there.
func TestTheAnswersHaveProofs(t *testing.T) {
	t.Parallel()
	proof, answer := regexp.MustCompile("`([a-z][a-z/]*): (Test\\w+)`"), regexp.MustCompile(`(?m)^\*\*`)
	text := guide(t)["../../docs/guide/faq.md"]
	questions := answer.Split(text, -1)[1:]
	if len(questions) < 25 {
		t.Fatalf("%d questions: the page was not read", len(questions))
	}
	for _, q := range questions {
		question, _, _ := strings.Cut(q, "**")
		proofs := proof.FindAllStringSubmatch(q, -1)
		if len(proofs) == 0 {
			t.Errorf("%s: nothing proves the answer", question)
		}
		for _, p := range proofs {
			if !defined(t, p[1], p[2]) {
				t.Errorf("%s: %s has no %s", question, p[1], p[2])
			}
		}
	}
}

// defined reports whether a package, named from the root, has a test.
func defined(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", filepath.FromSlash(pkg), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "func "+name+"(") {
			return true
		}
	}
	return false
}

// headings are the names by which links reach the headings of a page.
func headings(page string) []string {
	var out []string
	drop := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for line := range strings.SplitSeq(page, "\n") {
		if name, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			out = append(out, strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(name), ""), " ", "-"))
		}
	}
	return out
}
