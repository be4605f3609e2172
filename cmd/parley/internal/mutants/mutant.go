package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// mutant is one way to weaken the code that the tests have to notice.
type mutant struct {
	Name    string // of its file, without the ending
	Weakens string // a sentence: what does not hold any more
	File    string // the weakened file, by its path from the top of the module
	Edits   []edit
	Tests   []trial
}

// edit replaces a text that occurs once.
type edit struct{ Old, New string }

// trial is a test that must fail because of the mutant.
type trial struct {
	Package string   // ./sync/reconcile
	Pattern string   // of the names of tests, as for go test -run
	Flags   []string // more flags for the tests' program
	Env     []string // NAME=VALUE, beside the environment of the tool
	Fails   *regexp.Regexp
}

// String is the trial as it is written down.
func (t trial) String() string {
	return strings.Join(slices.Concat(t.Env, []string{t.Package, t.Pattern}, t.Flags), " ")
}

// suffix of the files that describe mutants.
const suffix = ".mutant"

// load reads all mutants of a folder, in the order of their names.
func load(dir string) ([]mutant, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no mutants in %s", dir)
	}
	slices.Sort(files)
	var all []mutant
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read mutant: %w", err)
		}
		m, err := parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("read mutant %s: %w", file, err)
		}
		m.Name = strings.TrimSuffix(filepath.Base(file), suffix)
		all = append(all, m)
	}
	return all, nil
}

// parse reads one description: lines of "key: value", then pairs of sections begun by
// "-- old --" and "-- new --", each without its last line break.
func parse(text string) (mutant, error) {
	var m mutant
	head, body, _ := strings.Cut(text, "-- old --\n")
	for line := range strings.Lines(head) {
		if err := m.set(strings.TrimSpace(line)); err != nil {
			return m, err
		}
	}
	for section := range strings.SplitSeq(body, "-- old --\n") {
		before, after, ok := strings.Cut(section, "-- new --\n")
		if !ok || before == "" {
			return m, errors.New(`want sections "-- old --" with text and "-- new --"`)
		}
		m.Edits = append(m.Edits, edit{strings.TrimSuffix(before, "\n"), strings.TrimSuffix(after, "\n")})
	}
	return m, m.complete()
}

// set takes in one line of the head.
func (m *mutant) set(line string) error {
	key, value, _ := strings.Cut(line, ":")
	value = strings.TrimSpace(value)
	switch key {
	case "":
	case "weakens":
		m.Weakens = value
	case "file":
		m.File = value
	case "test":
		words := strings.Fields(value)
		if len(words) < 2 {
			return errors.New("test: wants a package and a pattern")
		}
		m.Tests = append(m.Tests, trial{Package: words[0], Pattern: words[1], Flags: words[2:]})
	case "env":
		if len(m.Tests) == 0 {
			return errors.New("env: stands before any test")
		}
		m.Tests[len(m.Tests)-1].Env = strings.Fields(value)
	case "fails":
		if len(m.Tests) == 0 {
			return errors.New("fails: stands before any test")
		}
		expr, err := regexp.Compile(value)
		m.Tests[len(m.Tests)-1].Fails = expr
		return err
	default:
		return fmt.Errorf("unknown line %q", line)
	}
	return nil
}

func (m *mutant) complete() error {
	if m.Weakens == "" || m.File == "" || len(m.Tests) == 0 {
		return errors.New("want weakens, file and test")
	}
	for _, t := range m.Tests {
		if t.Fails == nil || t.Fails.String() == "" {
			return errors.New("each test wants a fails")
		}
	}
	return nil
}

// errStale says that the code has moved on from under a mutant.
var errStale = errors.New("stale")

// apply gives the text of the weakened file.
func (m *mutant) apply(root string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.File)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStale, err)
	}
	out := string(text)
	for _, e := range m.Edits {
		if n := strings.Count(out, e.Old); n != 1 {
			return nil, fmt.Errorf("%w: %s holds the old text %d times, want once:\n%s", errStale, m.File, n, e.Old)
		}
		out = strings.Replace(out, e.Old, e.New, 1)
	}
	return []byte(out), nil
}
