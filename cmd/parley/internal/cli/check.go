package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/mapping"
)

type checkCommand struct {
	Offline bool `help:"Check the file alone; ask no tracker."`
	JSON    bool `help:"Print one JSON document." name:"json"`
}

// finding is one line of a check.
type finding struct {
	Severity string `json:"severity"` // error, warning
	Where    string `json:"where"`    // file:line
	Text     string `json:"text"`     // the whole line, with what to do about it
}

// Run checks everything that can be checked without writing. An error in the file is
// no reason not to look further: whoever mends it wants to know the rest as well.
func (c checkCommand) Run(ctx context.Context, s *session) error {
	cfg, problems := config.Inspect(s.path, os.LookupEnv)
	if cfg != nil && !c.Offline {
		problems = append(problems, s.ask(ctx, cfg, problems)...)
	}
	slices.SortStableFunc(problems, func(a, b config.Problem) int { return a.Line - b.Line })
	found := make([]finding, 0, len(problems))
	for _, p := range problems {
		found = append(found, finding{Severity: p.Severity.String(), Where: where(p), Text: p.String()})
	}
	var hooks []app.Hooked
	var digests []string
	if cfg != nil {
		hooks, digests = app.Hooks(cfg), app.Digests(cfg)
	}
	var histories []string
	if cfg != nil && !c.Offline {
		var err error
		if histories, err = app.Histories(ctx, app.Options{Config: cfg, Version: s.version}); err != nil {
			histories = nil // that the store cannot be read is a finding already
		}
	}
	return c.report(s, found, hooks, digests, histories)
}

func where(p config.Problem) string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// ask checks the trackers, and the mapping against what they offer. What the file
// alone told already is not told again, and a tracker whose table is wrong is not
// asked: its token might go where it should not.
func (s *session) ask(ctx context.Context, cfg *config.Config, known []config.Problem) []config.Problem {
	wrong := func(table string) bool {
		return slices.ContainsFunc(known, func(p config.Problem) bool {
			return p.Severity == mapping.Error && (p.Path == table || strings.HasPrefix(p.Path, table+"."))
		})
	}
	dirs, problems := app.CheckTrackers(ctx, app.Options{Config: cfg, Version: s.version}, wrong)
	if !slices.ContainsFunc(known, func(p config.Problem) bool {
		return p.Severity == mapping.Error && strings.HasPrefix(p.Path, "server.")
	}) {
		problems = append(problems, app.CheckSignIn(ctx, app.Options{Config: cfg, Version: s.version})...)
	}
	problems = append(problems, app.CheckDigests(ctx, app.Options{Config: cfg, Version: s.version}, wrong)...)
	pauses, err := app.Pauses(ctx, app.Options{Config: cfg, Version: s.version})
	if err != nil {
		pauses = []mapping.Problem{{Path: "store.url", Severity: mapping.Error, Message: err.Error()}}
	}
	found := cfg.Locate(append(problems, pauses...))
	rules, ofMapping := cfg.Compile(dirs)
	for _, p := range ofMapping {
		if !slices.ContainsFunc(known, func(k config.Problem) bool { return same(k, p) }) {
			found = append(found, p)
		}
	}
	if rules == nil {
		return found
	}
	strangers, err := app.Strangers(ctx, app.Options{Config: cfg, Version: s.version}, rules)
	if err != nil {
		strangers = []mapping.Problem{{Path: "store.url", Severity: mapping.Error, Message: err.Error()}}
	}
	return append(found, cfg.Locate(strangers)...)
}

// same reports whether two problems are one, told with and without what a tracker says
// of the value: its id.
func same(a, b config.Problem) bool {
	return a == b || a.Path == b.Path && a.Also == b.Also && a.Also > 0 && a.Severity == b.Severity
}

func (c checkCommand) report(s *session, found []finding, hooks []app.Hooked, digests, histories []string) error {
	failed := false
	for _, f := range found {
		failed = failed || f.Severity == mapping.Error.String()
	}
	if c.JSON {
		document := map[string]any{
			"ok": !failed, "findings": append([]finding{}, found...),
			"webhooks": append([]app.Hooked{}, hooks...), "histories": append([]string{}, histories...),
			"digests": append([]string{}, digests...),
		}
		if err := printJSON(s.Out, document); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			fmt.Fprintf(s.Out, "%-8s %s\n", f.Severity, plain(f.Text))
		}
		for _, h := range hooks {
			fmt.Fprintf(s.Out, "%-8s %s\n", "webhooks", hooked(h))
		}
		for _, line := range digests {
			fmt.Fprintf(s.Out, "%-8s %s\n", "digests", plain(line))
		}
		for _, line := range histories {
			fmt.Fprintln(s.Out, plain(line))
		}
		fmt.Fprintln(s.Out, summary(found))
	}
	if failed {
		return errTold
	}
	return nil
}

// hooked says how a tracker's webhooks reach Parley.
func hooked(h app.Hooked) string {
	if !h.On {
		return h.Tracker + ": off; polls see what changes, webhook_secret has them made at once"
	}
	return fmt.Sprintf("%s: register %s there with the same secret, as JSON, for %s", h.Tracker, h.URL, strings.Join(h.Events, ", "))
}

// summary is the last line of a check.
func summary(found []finding) string {
	count := map[string]int{}
	for _, f := range found {
		count[f.Severity]++
	}
	said := kanban.Count(count[mapping.Error.String()], "error", "errors") + ", " + kanban.Count(count[mapping.Warning.String()], "warning", "warnings")
	switch {
	case count[mapping.Error.String()] > 0:
		return "parley cannot run with this configuration: " + said
	case len(found) > 0:
		return "ok, parley can run with this configuration: " + said
	}
	return "ok: parley can run with this configuration"
}
