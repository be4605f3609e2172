package app

import (
	"context"
	"errors"
	"fmt"

	"parley/connectors"
	"parley/mapping"
	"parley/sync/runner"
)

// Connect makes the clients of all configured trackers. It sends no request.
func Connect(o Options) ([]runner.Tracker, error) { return connect(o) }

// Report is what a check found out about a tracker.
type Report struct {
	Tracker  string
	Severity mapping.Severity
	Text     string
	Fix      string
}

// String is one line: what, where, how to mend it.
func (r Report) String() string {
	s := r.Tracker + ": " + r.Text
	if r.Fix != "" {
		s += "; " + r.Fix
	}
	return s
}

// CheckTrackers asks every tracker for its directory and tells what keeps it, or one
// of its projects and repositories, from being read or written.
func CheckTrackers(ctx context.Context, trackers []runner.Tracker) ([]connectors.Directory, []Report) {
	var dirs []connectors.Directory
	var reports []Report
	for _, t := range trackers {
		dir, err := t.Check(ctx)
		if err != nil {
			reports = append(reports, failure(t.Name, err))
			continue
		}
		dirs = append(dirs, dir)
		reports = append(reports, containers(dir)...)
	}
	return dirs, reports
}

func failure(tracker string, err error) Report {
	r := Report{Tracker: tracker, Severity: mapping.Error, Text: err.Error()}
	var e *connectors.Error
	if errors.As(err, &e) {
		r.Text = fmt.Sprintf("%s: %s", e.Doing, e.Kind)
		if e.Status != 0 {
			r.Text += fmt.Sprintf(" (HTTP %d)", e.Status)
		}
		if e.Message != "" {
			r.Text += ": " + e.Message
		}
		r.Fix = e.Hint
	}
	return r
}

func containers(dir connectors.Directory) []Report {
	var out []Report
	for _, c := range dir.Containers {
		switch {
		case !c.Readable:
			out = append(out, Report{Tracker: dir.Tracker, Severity: mapping.Error, Text: fmt.Sprintf("%s cannot be read: %s", c.Key, c.Problem)})
		case !c.Writable:
			out = append(out, Report{Tracker: dir.Tracker, Severity: mapping.Warning, Text: fmt.Sprintf("%s can be read and not written: %s", c.Key, c.Problem)})
		}
	}
	return out
}
