package app

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// CheckTrackers asks every configured tracker for its directory and tells what keeps
// it, or one of its projects and repositories, from being read or written. The paths
// are those of the configuration. A tracker whose table skip names, "jira[0]", is not
// asked.
func CheckTrackers(ctx context.Context, o Options, skip func(path string) bool) ([]connectors.Directory, []mapping.Problem) {
	var dirs []connectors.Directory
	var found []mapping.Problem
	for path, alone := range eachTracker(*o.Config) {
		if skip(path) {
			continue
		}
		o.Config = &alone
		dir, err := ask(ctx, o)
		if err != nil {
			found = append(found, failure(path, err, o.zone()))
			continue
		}
		dirs = append(dirs, dir)
		found = append(found, expiring(path, dir, o.now(), o.zone())...)
		found = append(found, containers(path, dir)...)
		found = append(found, optionFields(path, dir)...)
	}
	return dirs, found
}

// eachTracker gives the table of each tracker with a configuration of it alone.
func eachTracker(c config.Config) func(yield func(path string, alone config.Config) bool) {
	jira, gitHub := c.Jira, c.GitHub
	return func(yield func(string, config.Config) bool) {
		for i := range jira {
			c.Jira, c.GitHub = jira[i:i+1], nil
			if !yield(fmt.Sprintf("jira[%d]", i), c) {
				return
			}
		}
		for i := range gitHub {
			c.Jira, c.GitHub = nil, gitHub[i:i+1]
			if !yield(fmt.Sprintf("github[%d]", i), c) {
				return
			}
		}
	}
}

// ask reads the directory of the one tracker that is configured.
func ask(ctx context.Context, o Options) (connectors.Directory, error) {
	trackers, err := connect(o)
	if err != nil {
		return connectors.Directory{}, err
	}
	return trackers[0].Check(ctx)
}

// settingName is the form of a key of the configuration.
var settingName = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// failure says at which key a tracker that cannot be used is to be mended.
func failure(path string, err error, zone *time.Location) mapping.Problem {
	p := mapping.Problem{Path: path, Severity: mapping.Error, Message: err.Error()}
	var e *connectors.Error
	if !errors.As(err, &e) {
		// What is wrong with a setting begins with its name.
		if key, rest, ok := strings.Cut(p.Message, ": "); ok && settingName.MatchString(key) {
			p.Path, p.Message = path+"."+key, rest
		}
		return p
	}
	p.Message, p.Fix = e.Error(), e.Hint
	if _, away := connectors.Unanswered("", "", e.Err); away && p.Fix == "" {
		p.Fix = "check the address, and what stands between: proxy, firewall, certificates"
	}
	if e.Kind == connectors.RateLimit && p.Fix == "" {
		p.Fix = "nothing is wrong with the configuration; check again " + orSoon(e.RetryAt, zone)
	}
	switch {
	case e.Kind == connectors.Auth && e.Field != "":
		p.Path += "." + e.Field
	case e.Kind == connectors.Auth:
		p.Path += ".token"
	case e.Status == 0 || e.Kind == connectors.Malformed:
		p.Path += ".url"
	}
	return p
}

// orSoon says when to try again.
func orSoon(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return "in some minutes"
	}
	return "after " + kanban.Moment(at, zone)
}

// expiring tells of a token that ends soon.
func expiring(path string, dir connectors.Directory, now time.Time, zone *time.Location) []mapping.Problem {
	notice := connectors.ExpiryNotice(dir.Expires.In(zone), now)
	if notice == "" {
		return nil
	}
	return []mapping.Problem{{Path: path + ".token", Severity: mapping.Warning, Message: notice, Fix: "make a new one and put it in the place of this one"}}
}

// containers tells of each project or repository what cannot be done in it.
func containers(path string, dir connectors.Directory) []mapping.Problem {
	list := path + ".projects"
	if dir.Kind == connectors.GitHub {
		list = path + ".repos"
	}
	var out []mapping.Problem
	for i, c := range dir.Containers {
		if c.Called != "" && c.Readable {
			out = append(out, mapping.Problem{Path: fmt.Sprintf("%s[%d]", list, i), Severity: mapping.Warning,
				Message: c.Key + " is called " + c.Called + " now; it is read and written all the same",
				Fix:     "write " + strconv.Quote(c.Called) + " here and wherever this file names it, before somebody takes the old name"})
		}
		p := mapping.Problem{Path: fmt.Sprintf("%s[%d]", list, i), Severity: mapping.Error, Fix: "let the account read it, or take it out"}
		switch {
		case !c.Readable:
			p.Message = about(c, "cannot be read")
		case !c.Writable:
			p.Severity, p.Fix = mapping.Warning, "let the account write, or nothing is carried there"
			p.Message = about(c, "can be read and not written")
		default:
			continue
		}
		out = append(out, p)
	}
	return out
}

// optionFields tells of each field that holds the status or the priority what keeps it
// from being read or written.
func optionFields(path string, dir connectors.Directory) []mapping.Problem {
	var out []mapping.Problem
	for _, f := range dir.Fields {
		if f.Problem != "" {
			p := mapping.Problem{Path: path + "." + f.Of, Severity: mapping.Error, Message: fmt.Sprintf("the field %q of the %s cannot be used: %s", f.Name, f.Holder, f.Problem)}
			if instead := "keep the " + f.Of + " in labels"; !strings.HasSuffix(p.Message, instead) {
				p.Fix = "mend it there, or " + instead
			}
			out = append(out, p)
		}
	}
	return out
}

// about is a container's problem in its own words, begun with what follows from it
// unless it says so itself.
func about(c connectors.Container, consequence string) string {
	if strings.Contains(c.Problem, c.Key+" "+consequence) {
		return c.Problem
	}
	return fmt.Sprintf("%s %s: %s", c.Key, consequence, c.Problem)
}
