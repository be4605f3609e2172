package cli

import (
	"errors"
	"fmt"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/mapping"
)

type checkCommand struct {
	Offline bool `help:"Check the file alone; ask no tracker."`
	JSON    bool `help:"Print one JSON document." name:"json"`
}

// finding is one line of a check.
type finding struct {
	Severity string `json:"severity"` // error, warning, ok
	Where    string `json:"where"`    // file:line, or a tracker's name
	Text     string `json:"text"`
}

// Run checks everything that can be checked without writing.
func (c checkCommand) Run(s *session) error {
	cfg, problems := config.Load(s.path)
	found := fromProblems(problems)
	if cfg != nil && !config.Failed(problems) && !c.Offline {
		more, err := s.ask(cfg, problems)
		if err != nil {
			return err
		}
		found = append(found, more...)
	}
	return c.report(s, found)
}

func fromProblems(ps []config.Problem) []finding {
	out := make([]finding, 0, len(ps))
	for _, p := range ps {
		out = append(out, finding{Severity: p.Severity.String(), Where: p.File, Text: p.String()})
	}
	return out
}

// ask checks the trackers, and the mapping against what they offer. What the file
// alone told already is not told again.
func (s *session) ask(cfg *config.Config, known []config.Problem) ([]finding, error) {
	trackers, err := app.Connect(app.Options{Config: cfg, Version: s.version})
	if err != nil {
		return nil, err
	}
	var out []finding
	dirs, reports := app.CheckTrackers(s.ctx, trackers)
	for _, r := range reports {
		out = append(out, finding{Severity: r.Severity.String(), Where: r.Tracker, Text: r.String()})
	}
	_, problems := cfg.Compile(dirs)
	told := map[string]bool{}
	for _, p := range known {
		told[p.String()] = true
	}
	for _, f := range fromProblems(problems) {
		if !told[f.Text] {
			out = append(out, f)
		}
	}
	return out, nil
}

func (c checkCommand) report(s *session, found []finding) error {
	failed := false
	for _, f := range found {
		failed = failed || f.Severity == mapping.Error.String()
	}
	if c.JSON {
		if err := printJSON(s.Out, map[string]any{"ok": !failed, "findings": append([]finding{}, found...)}); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			fmt.Fprintf(s.Out, "%-8s %s\n", f.Severity, plain(f.Text))
		}
		if !failed {
			fmt.Fprintln(s.Out, "ok: parley can run with this configuration")
		}
	}
	if failed {
		return errors.Join(errTold)
	}
	return nil
}
