package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/mapping"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// Preview is what another configuration would do.
type Preview struct {
	view.Preview
	// Usable says that the mapping keeps its laws; otherwise nothing was compared.
	Usable bool
	// Differs says that the other mapping is another one than the running one.
	Differs bool
	// Problems are those of the file, and of its mapping against the trackers as they were
	// last read.
	Problems []config.Problem
	// Keys are those that the file says otherwise than the running configuration.
	Keys []config.Changed
	// Unread are the projects and repositories that are new: nothing is known of their issues.
	Unread []string
}

// Preview compares a configuration file with the running one, by what is stored: no
// tracker is asked and nothing is written. It is told as a viewer may know it.
func (a *App) Preview(ctx context.Context, file string, who view.Viewer) (Preview, error) {
	env := a.Env
	if env == nil {
		env = os.LookupEnv
	}
	cfg, problems := config.Inspect(file, env)
	if cfg == nil {
		return Preview{Problems: problems}, nil
	}
	return a.compare(ctx, cfg, problems, who)
}

// compare is Preview of a configuration that was read, with these problems.
func (a *App) compare(ctx context.Context, cfg *config.Config, problems []config.Problem, who view.Viewer) (Preview, error) {
	rules, found, err := a.against(ctx, cfg)
	if err != nil {
		return Preview{}, err
	}
	for _, p := range found {
		if !slices.ContainsFunc(problems, func(k config.Problem) bool { return k.Path == p.Path && k.Severity == p.Severity }) {
			problems = append(problems, p)
		}
	}
	out := Preview{Problems: problems, Usable: rules != nil, Unread: added(a.Config, cfg), Keys: config.Differences(a.Config, cfg)}
	if rules == nil {
		return out, nil
	}
	out.Differs = rules.Fingerprint() != a.engine().Rules.Fingerprint()
	out.Preview, err = a.Views.As(who).Preview(ctx, rules, units(cfg))
	return out, err
}

// against compiles a configuration by what was last read of the trackers.
func (a *App) against(ctx context.Context, cfg *config.Config) (*mapping.Rules, []config.Problem, error) {
	var dirs []connectors.Directory
	for _, t := range cfg.Mapping().Trackers {
		dir, _, err := a.Store.Directory(ctx, t.Name)
		if errors.Is(err, store.ErrUnknown) {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		dirs = append(dirs, dir)
	}
	rules, problems := cfg.Compile(dirs)
	return rules, problems, nil
}

// added are the projects and repositories that only the newer configuration names.
func added(older, newer *config.Config) []string {
	var had, out []string
	for _, t := range older.Mapping().Trackers {
		had = append(had, t.Containers...)
	}
	for _, t := range newer.Mapping().Trackers {
		for _, c := range t.Containers {
			if !slices.Contains(had, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// inFile is a problem of a file that the reader has before them.
func inFile(p config.Problem) string {
	if rest, ok := strings.CutPrefix(p.String(), p.File+":"); ok && p.Line > 0 {
		return "line " + rest
	}
	return p.String()
}

// findings are what is wrong or odd about a file, to somebody who may read the trackers'
// words that they quote; else how many there are.
func findings(problems []config.Problem, quoted bool) (out []web.Finding) {
	for _, p := range problems {
		if !quoted {
			text := fmt.Sprintf("findings: %d. They quote what [visibility.shows] does not show to ops; `parley check` prints them.", len(problems))
			return []web.Finding{{Severity: p.Severity.String(), Text: text}}
		}
		out = append(out, web.Finding{Severity: p.Severity.String(), Text: inFile(p)})
	}
	return out
}

// mapper tells the web of the mapping.
type mapper struct{ *App }

// Mapping is the running mapping, and what the configuration file would make of it now.
func (m mapper) Mapping(ctx context.Context, who view.Viewer) (web.Mapping, error) {
	rows, err := m.Views.As(who).Mapping(ctx)
	if err != nil {
		return web.Mapping{}, err
	}
	out := web.Mapping{Rows: rows, File: m.Config.File()}
	p, err := m.Preview(ctx, out.File, who)
	if err != nil {
		return out, err
	}
	out.Findings = findings(p.Problems, m.Views.As(who).ReadsTrackers())
	out.Unread, out.Usable, out.Differs = p.Unread, p.Usable, p.Differs
	if p.Differs {
		out.Preview = &p.Preview
	}
	return out, nil
}
