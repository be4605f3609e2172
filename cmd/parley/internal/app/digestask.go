package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/kanban/contract/digest"
	"parley/sync/dispatch"
	"parley/sync/remark"
	"parley/sync/store"
)

// DigestWay is one receiver of a digest, and how far it has come to them.
type DigestWay struct {
	Channel dispatch.Channel `json:"channel"`
	To      string           `json:"to"`
	State   dispatch.State   `json:"state,omitempty"` // "": it was not begun yet
	SentAt  time.Time        `json:"sent_at,omitzero"`
	NextAt  time.Time        `json:"next_at,omitzero"` // of what is tried again
	Ended   time.Time        `json:"ended,omitzero"`
	Tries   int              `json:"tries,omitempty"`
	Problem string           `json:"problem,omitempty"`
}

// ToldDigest is the digest of a period as it was sent, or would be.
type ToldDigest struct {
	Digest digest.Digest `json:"digest"`
	Made   bool          `json:"recorded"`            // it is the one that goes out, whatever becomes known
	Wait   string        `json:"waits_for,omitempty"` // why it is not sent yet
	Ways   []DigestWay   `json:"ways"`
}

// Digest tells the digest of a unit's contract for a period, "" for the last one that is
// over, and where it was sent or would be. The error is a view.ErrUnknown where there is no
// such contract or period.
func (a *App) Digest(ctx context.Context, unit kanban.UnitKey, period string) (ToldDigest, error) {
	u := a.unit(unit)
	is, err := a.Views.Digest(ctx, unit, period, a.page(u))
	if err != nil {
		return ToldDigest{}, err
	}
	known, err := a.Store.DispatchesOf(ctx, is.Digest.ID)
	if err != nil {
		return ToldDigest{}, err
	}
	out := ToldDigest{Digest: is.Digest, Wait: is.Wait, Made: len(known) > 0, Ways: []DigestWay{}}
	if out.Made {
		if out.Digest, err = read(known[0]); err != nil {
			return out, err
		}
		out.Wait = ""
	}
	for _, d := range receivers(u, is) {
		if !slices.ContainsFunc(known, func(k dispatch.Dispatch) bool { return k.ID == d.ID }) {
			known = append(known, d)
		}
	}
	for _, d := range known {
		w := DigestWay{Channel: d.Channel, To: d.To, State: d.State, SentAt: a.in(d.SentAt), Ended: a.in(d.Ended), Tries: d.Tries, Problem: d.Problem}
		if d.State == dispatch.Waiting && d.Tries > 0 {
			w.NextAt = a.in(d.NextAt)
		}
		out.Ways = append(out.Ways, w)
	}
	return out, nil
}

// in is a moment in the zone in which people are told times.
func (a *App) in(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(a.zone)
}

func (a *App) unit(key kanban.UnitKey) config.Unit {
	i := slices.IndexFunc(a.Config.Unit, func(u config.Unit) bool { return u.Key == string(key) })
	if i < 0 {
		return config.Unit{Key: string(key)}
	}
	return a.Config.Unit[i]
}

// SendDigest has a digest sent now to all who do not have it, also one of an earlier period
// and one that was given up. The daemon sends it.
func (a *App) SendDigest(ctx context.Context, unit kanban.UnitKey, period string) error {
	u := a.unit(unit)
	if !u.Digest.On() {
		return fmt.Errorf("the digest of %s goes nowhere; write jira_issue, email or webhook into its [unit.digest]", unit)
	}
	if !a.posting().Write {
		return errors.New(`sync.write is "plan", and nothing is sent; set it to "on"`)
	}
	if whole, err := a.Views.Complete(ctx); err != nil || !whole {
		return errors.Join(err, errors.New("the trackers were not read with all that happened yet; what was not read would be told as not done"))
	}
	is, err := a.Views.Digest(ctx, unit, period, a.page(u))
	if err != nil {
		return err
	}
	if !is.Sealed {
		return errors.New("the ledger is not written up to now; parley run does that within a minute, once all histories were read")
	}
	all, err := a.missing(ctx, u, is)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Until = a.Now().UTC().Add(dispatch.Life)
	}
	known, err := a.Store.DispatchesOf(ctx, is.Digest.ID)
	if err != nil {
		return err
	}
	for _, d := range known {
		again, err := a.posting().Again(d, a.Now().UTC())
		if err != nil {
			continue // it is there, or just on its way
		}
		if err := a.allowComment(ctx, d); err != nil {
			return err
		}
		all = append(all, again)
	}
	if len(all) == 0 {
		return nil
	}
	_, err = a.Store.Commit(ctx, store.Commit{Now: a.Now(), Dispatches: all})
	return err
}

// allowComment has a comment tried again that Jira has refused.
func (a *App) allowComment(ctx context.Context, d dispatch.Dispatch) error {
	if d.Channel != dispatch.Comment {
		return nil
	}
	c, err := a.Runner.CommentOf(ctx, d.Digest)
	if errors.Is(err, store.ErrUnknown) {
		return nil
	}
	if err == nil && c.State() == remark.Refused && !c.Retract {
		_, err = a.Runner.AllowComment(ctx, d.Digest)
	}
	return err
}
