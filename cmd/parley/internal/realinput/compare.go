package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"parley/cmd/parley/internal/rig"
)

// census counts one thing straight from a raw file by programs that share no code
// with Parley. The shell sees the file as $FILE and prints lines of "count name".
type census struct{ title, file, needs, line string }

func censuses(in input) []census {
	count := func(field string) string {
		return fmt.Sprintf(`zcat "$FILE" | grep -o '"%s": "[^"]*"' | sort | uniq -c`, field)
	}
	return []census{
		{"status", in.jira, "zcat", count("status")},
		{"priority", in.jira, "zcat", count("priority")},
		{"lines", in.jira, "zcat", `zcat "$FILE" | wc -l`},
		{"state", in.polls, "python3", `zcat "$FILE" | python3 -c '
import json, sys, collections
issues = {}
for poll in map(json.loads, sys.stdin):
    issues.update({i["number"]: i for i in poll["changed"]})
    for n in poll["gone"]: issues.pop(n, None)
for state, n in collections.Counter(i["state"] for i in issues.values() if "pull_request" not in i).items(): print(n, state)'`},
	}
}

// take runs the one-liner and prints it with its answer.
func (c census) take(ctx context.Context, out io.Writer) (map[string]int, error) {
	fmt.Fprintf(out, "$ FILE=%s\n$ %s\n", c.file, c.line)
	if _, err := exec.LookPath(c.needs); err != nil {
		fmt.Fprintf(out, "%s is not installed here: this comparison is skipped\n\n", c.needs)
		return nil, nil
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", c.line) //nolint:gosec // one of the lines written above; the file is in the environment
	cmd.Env = append(cmd.Environ(), "FILE="+c.file)
	answer, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", c.title, err)
	}
	fmt.Fprintf(out, "%s\n", answer)
	counts := map[string]int{}
	for line := range strings.Lines(string(answer)) {
		number, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("count %s: %q is no count", c.title, line)
		}
		_, value, quoted := strings.Cut(name, `": `)
		if !quoted {
			value = name
		}
		counts[strings.Trim(value, `"`)] = n
	}
	return counts, nil
}

// compare sets what the daemon shows beside what the raw files hold.
func compare(ctx context.Context, out io.Writer, in input, d *rig.Daemon) error {
	raw := map[string]map[string]int{}
	for _, c := range censuses(in) {
		counts, err := c.take(ctx, out)
		if err != nil {
			return err
		}
		raw[c.title] = counts
	}
	shown, err := count(ctx, d)
	if err != nil {
		return fmt.Errorf("count the cards: %w", err)
	}
	t := table{out: out}
	t.columns(raw["status"], raw["state"], shown)
	t.same("cards by Jira status", raw["status"], shown.status["jira"])
	t.same("cards by Jira priority", withNone(raw["priority"], raw["lines"][""]), shown.priority)
	if raw["state"] != nil {
		t.same("cards by GitHub state", raw["state"], shown.status["github"])
	}
	return t.failed
}

// noPriority stands for issues that have none, beside the priority called None.
const noPriority = "(none)"

func withNone(counts map[string]int, total int) map[string]int {
	out := maps.Clone(counts)
	for _, n := range counts {
		total -= n
	}
	out[noPriority] = total
	return out
}

// table prints counts side by side and remembers what differs.
type table struct {
	out    io.Writer
	failed error
}

func (t *table) row(what, name string, raw, shown int) {
	verdict := "ok"
	if raw != shown {
		verdict = "DIFFERS"
		t.failed = errors.Join(t.failed, fmt.Errorf("%s %q: %d in the raw file, %d shown", what, name, raw, shown))
	}
	fmt.Fprintf(t.out, "%-24s %9d %9d  %s\n", name, raw, shown, verdict)
}

func (t *table) head(what string) { fmt.Fprintf(t.out, "%-24s %9s %9s\n", what, "raw", "parley") }

func (t *table) same(what string, raw, shown map[string]int) {
	t.head(what)
	names := map[string]bool{}
	for _, m := range []map[string]int{raw, shown} {
		for n := range m {
			names[n] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		t.row(what, name, raw[name], shown[name])
	}
	fmt.Fprintln(t.out)
}

// columns compares the board: each column holds its Jira status and, where it lists
// one, its GitHub state.
func (t *table) columns(status, state map[string]int, shown counts) {
	gitHub := state
	if gitHub == nil { // not counted independently: take the daemon's word for that part
		gitHub = shown.status["github"]
	}
	want := map[string]int{}
	for _, c := range columns() {
		want[c.key] = status[c.status]
		if c.gitHub != "" {
			want[c.key] += gitHub[c.gitHub]
		}
	}
	t.same("board column", want, shown.column)
}
