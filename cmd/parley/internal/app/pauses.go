package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/mapping"
	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/view"
)

// Pauses tells which trackers a running Parley leaves in peace, wholly or in part, and
// until when, and where it is not let write. Where nothing is stored yet it tells nothing.
func Pauses(ctx context.Context, o Options) ([]mapping.Problem, error) {
	db, err := glance(ctx, o)
	if err != nil || db == nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // nothing was written
	list, err := pausesIn(ctx, db, store.SettingPauses, o.now())
	if err != nil {
		return nil, err
	}
	denied, err := pausesIn(ctx, db, store.SettingDenied, o.now())
	if err != nil {
		return nil, err
	}
	return paused(o.Config, append(list, denied...), o.zone()), nil
}

// glance opens the store for a look, which makes or upgrades none; nil where there is none.
func glance(ctx context.Context, o Options) (*store.Store, error) {
	ctx, cancel := context.WithTimeout(ctx, asked)
	defer cancel()
	db, err := open.At(ctx, o.Config.Store.URL, store.AsItIs)
	if errors.Is(err, store.ErrNothing) {
		return nil, nil
	}
	return db, err
}

// pausesIn is what the store tells of pauses, or of where nothing may be written.
func pausesIn(ctx context.Context, db *store.Store, setting string, now time.Time) ([]store.Pause, error) {
	text, _, err := db.Setting(ctx, setting)
	if err != nil {
		return nil, err
	}
	return store.DecodePauses(text, now)
}

func (o Options) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}

// zone is that of the configuration; one that does not exist is told as a problem of its own.
func (o Options) zone() *time.Location {
	zone, err := time.LoadLocation(o.Config.Calendar.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}

func paused(c *config.Config, list []store.Pause, zone *time.Location) []mapping.Problem {
	var out []mapping.Problem
	for _, p := range list {
		table := tableOf(c, p.Tracker)
		if table == "" {
			continue // of a configuration that was
		}
		told := view.NewPause(p, view.Moments(zone))
		out = append(out, mapping.Problem{Path: table, Severity: mapping.Warning, Message: p.Tracker + ": " + told.Text, Fix: told.Why})
	}
	return out
}

// tableOf is the table of the configuration that a tracker is named in, "github[0]".
func tableOf(c *config.Config, tracker string) string {
	if i := slices.IndexFunc(c.Jira, func(j config.Jira) bool { return j.Name == tracker }); i >= 0 {
		return fmt.Sprintf("jira[%d]", i)
	}
	if i := slices.IndexFunc(c.GitHub, func(g config.GitHub) bool { return g.Name == tracker }); i >= 0 {
		return fmt.Sprintf("github[%d]", i)
	}
	return ""
}
