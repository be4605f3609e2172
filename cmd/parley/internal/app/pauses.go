package app

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/mapping"
	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/view"
)

// Pauses tells which trackers a running Parley leaves in peace, wholly or in part, and
// until when. Where nothing is stored yet, or the store is on a server, on which a look
// would set it up, it tells nothing.
func Pauses(ctx context.Context, o Options) ([]mapping.Problem, error) {
	path, file := o.Config.StorePath()
	if _, err := os.Stat(path); !file || err != nil {
		return nil, nil
	}
	db, err := open.Open(ctx, o.Config.Store.URL)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	defer func() { _ = db.Close() }() // nothing was written
	text, _, err := db.Setting(ctx, store.SettingPauses)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if o.Now != nil {
		now = o.Now()
	}
	list, err := store.DecodePauses(text, now)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(o.Config.Calendar.Timezone)
	if err != nil {
		zone = time.UTC // told as a problem of its own
	}
	return paused(o.Config, list, now, zone), nil
}

func paused(c *config.Config, list []store.Pause, now time.Time, zone *time.Location) []mapping.Problem {
	var out []mapping.Problem
	for _, p := range list {
		table := tableOf(c, p.Tracker)
		if table == "" {
			continue // of a configuration that was
		}
		told := view.NewPause(p, now, zone)
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
