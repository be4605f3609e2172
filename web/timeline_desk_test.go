package web_test

import (
	"context"

	"parley/sync/view"
	"parley/web"
)

// Timeline tells that the card was created, once it is there.
func (d *desk) Timeline(ctx context.Context, ref, _ string, _ int) (view.Timeline, error) {
	c, err := d.Card(ctx, ref)
	return view.Timeline{Moments: []view.Moment{{ID: "c", Where: "jira", Text: c.Title + " was created", Day: "Sun 22 Nov 2026", Hour: "12:00"}}}, err
}

// Courts are empty.
func (d *desk) Courts(ctx context.Context, ref string) (view.Courts, error) {
	_, err := d.Card(ctx, ref)
	return view.Courts{}, err
}

// Sync is empty.
func (d *desk) Sync(context.Context) (view.Sync, error) { return view.Sync{}, nil }

// Retry does nothing.
func (d *desk) Retry(_ context.Context, in web.Retry) (web.Answer, error) {
	return web.Answer{Op: in.Op, State: "sent"}, nil
}
