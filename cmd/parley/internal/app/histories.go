package app

import (
	"context"

	"parley/sync/store"
	"parley/sync/view"
)

// Histories tells how far a running Parley is with the import of what happened before it
// knew the issues, a line for each tracker of which something is missing. Where nothing is
// stored yet it tells nothing.
func Histories(ctx context.Context, o Options) ([]string, error) {
	db, err := glance(ctx, o)
	if err != nil || db == nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // nothing was written
	list, err := pausesIn(ctx, db, store.SettingPauses, o.now())
	if err != nil {
		return nil, err
	}
	var names, out []string
	for _, j := range o.Config.Jira {
		names = append(names, j.Name)
	}
	for _, g := range o.Config.GitHub {
		names = append(names, g.Name)
	}
	for _, name := range names {
		text, _, err := db.Setting(ctx, store.SettingHistory+name)
		if err != nil {
			return nil, err
		}
		p, err := store.DecodeHistory(text)
		if err != nil {
			return nil, err
		}
		if line := view.HistoryText(name, p, list, o.now(), view.Moments(o.zone())); line != "" {
			out = append(out, name+": "+line)
		}
	}
	return out, nil
}
