package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// verdict is what came of a mutant.
type verdict string

// The verdicts. Only killed is good.
const (
	killed   verdict = "killed"
	survived verdict = "SURVIVED" // a test passes that had to fail
	stale    verdict = "STALE"    // the text to weaken is not there any more, or there twice
	broken   verdict = "BROKEN"   // it does not compile, or no test ran
	unclear  verdict = "UNCLEAR"  // a test fails, but in another way than was foretold
)

// result is a mutant with its verdict.
type result struct {
	mutant
	verdict
	took   time.Duration // without compiling
	effort string        // what the tests tried before they failed, where they say so
	detail string        // what to read where it was not killed
}

// lab runs tests over weakened code.
type lab struct {
	root    string // of the module
	scratch string
	timeout time.Duration // of one run of a test
}

// try gives one mutant over to its tests.
func (l *lab) try(ctx context.Context, m mutant) (result, error) {
	r := result{mutant: m, verdict: killed}
	overlay, err := l.overlay(m)
	if errors.Is(err, errStale) {
		r.verdict, r.detail = stale, err.Error()
		return r, nil
	}
	if err != nil {
		return r, err
	}
	for i, t := range m.Tests {
		program := filepath.Join(l.scratch, fmt.Sprintf("%s-%d.test", m.Name, i))
		out, err := l.build(ctx, t, program, "-overlay="+overlay)
		if err != nil {
			return r, err
		}
		if out != "" {
			r.verdict, r.detail = broken, tail(out)
			break
		}
		began := time.Now()
		out, passed, err := l.test(ctx, t, program, t.Fails)
		r.took += time.Since(began)
		if err = errors.Join(err, os.Remove(program)); err != nil {
			return r, err
		}
		if r.verdict = judge(t, out, passed); r.verdict != killed {
			r.detail = t.String() + "\n" + tail(out)
			break
		}
		r.effort = effort(out)
	}
	return r, nil
}

// overlay writes the weakened file and the description that go takes for -overlay.
func (l *lab) overlay(m mutant) (string, error) {
	text, err := m.apply(l.root)
	if err != nil {
		return "", err
	}
	weak := filepath.Join(l.scratch, m.Name+".go")
	list := filepath.Join(l.scratch, m.Name+".json")
	doc, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(l.root, filepath.FromSlash(m.File)): weak}})
	if err == nil {
		err = errors.Join(os.WriteFile(weak, text, 0o600), os.WriteFile(list, doc, 0o600))
	}
	if err != nil {
		return "", fmt.Errorf("write overlay of %s: %w", m.Name, err)
	}
	return list, nil
}

// build makes the program of a package's tests; said is what the compiler refuses it for.
func (l *lab) build(ctx context.Context, t trial, program string, more ...string) (said string, err error) {
	args := append([]string{"test", "-c", "-vet=off", "-o", program}, more...)
	cmd := exec.CommandContext(ctx, "go", append(args, t.Package)...) //nolint:gosec // what the mutants name
	cmd.Dir = l.root
	out, err := cmd.CombinedOutput()
	if _, refused := errors.AsType[*exec.ExitError](err); refused && ctx.Err() == nil {
		return string(out), nil
	}
	if err != nil {
		return "", fmt.Errorf("build the tests of %s: %w", t.Package, err)
	}
	return "", nil
}

// test runs a program of tests until it ends or, where that is given, until it has said
// what is waited for: nothing that it says later changes that a mutant is killed.
func (l *lab) test(ctx context.Context, t trial, program string, until *regexp.Regexp) (out string, passed bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	args := append([]string{"-test.v", "-test.run=" + t.Pattern, "-test.timeout=" + l.timeout.String()}, t.Flags...)
	cmd := exec.CommandContext(ctx, program, append(args, quiet(ctx, program)...)...) //nolint:gosec // it was built just now
	cmd.Dir = filepath.Join(l.root, filepath.FromSlash(t.Package))
	cmd.Env = append(os.Environ(), t.Env...)
	said := &listener{until: until, heard: stop}
	cmd.Stdout, cmd.Stderr = said, said
	err = cmd.Run()
	_, failed := errors.AsType[*exec.ExitError](err)
	if err != nil && !failed {
		return said.String(), false, fmt.Errorf("run %s: %w", t, err)
	}
	return said.String(), err == nil, nil
}

// quiet is the flag that keeps tests with drawn inputs from leaving the failing ones
// behind: they are failures of the mutant, and the next run would begin with them.
func quiet(ctx context.Context, program string) []string {
	const flag = "-rapid.nofailfile"
	usage, _ := exec.CommandContext(ctx, program, "-help").CombinedOutput() // ends with an error
	if bytes.Contains(usage, []byte(flag)) {
		return []string{flag}
	}
	return nil
}

// judge says what a run of a test over a mutant means for it.
func judge(t trial, out string, passed bool) verdict {
	switch {
	case t.Fails.MatchString(out):
		return killed
	case !strings.Contains(out, "=== RUN"):
		return broken
	case passed:
		return survived
	default:
		return unclear
	}
}

// sound runs every test that the mutants name over the code as it is: a test that
// fails anyway kills nothing.
func (l *lab) sound(ctx context.Context, all []mutant) error {
	done := map[string]bool{}
	for _, m := range all {
		for _, t := range m.Tests {
			if done[t.String()] {
				continue
			}
			done[t.String()] = true
			program := filepath.Join(l.scratch, "sound.test")
			out, err := l.build(ctx, t, program)
			passed := false
			if err == nil && out == "" {
				out, passed, err = l.test(ctx, t, program, nil)
			}
			if err != nil {
				return err
			}
			if !passed || judge(t, out, passed) != survived {
				return fmt.Errorf("%s does not pass without any mutant:\n%s", t, tail(out))
			}
		}
	}
	return nil
}

// effort finds what a failing test says of how much it had tried.
func effort(out string) string {
	said := regexp.MustCompile(`after ([\d,]+) (tests|states|seeds|runs|schedules|operations|edits|requests)`)
	if found := said.FindStringSubmatch(out); found != nil {
		return found[1] + " " + found[2]
	}
	return ""
}

// tail is the end of an output that a person will want to read.
func tail(out string) string {
	const most = 2000
	if len(out) > most {
		return "…" + strings.ToValidUTF8(out[len(out)-most:], "")
	}
	return out
}
