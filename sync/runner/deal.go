package runner

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/kanban"
	"parley/sync/store"
)

// How cards are dealt.
const (
	dealMost  = 128                   // on offer at once
	dealAgain = 50 * time.Millisecond // the shortest time until a card is offered again
	dealLost  = holdFor + holdFor/2   // after which a job that nobody took counts as lost
	dealKeep  = 10 * time.Minute      // how long it is remembered what was dealt
)

// settingDesk keeps what the process that decides tells all others.
const settingDesk = "desk"

// lead is what the process that decides tells.
type lead struct {
	Term   int64         `json:"term"`
	Owner  string        `json:"owner"`
	Config string        `json:"config"`
	Doubt  time.Duration `json:"doubt"` // about the trackers' clocks, see clocks
}

// dealt is what was offered of a card, and when.
type dealt struct {
	turn         int
	fresh, tried time.Time // when it was first on offer, and when that was last seen to
}

// deal offers the cards that are due to all processes, and says how many were not on
// offer yet. Comments are worked on here.
func (r *Runner) deal(ctx context.Context, g *errgroup.Group) (int, error) {
	if err := r.hearOut(ctx); err != nil {
		return 0, err
	}
	if err := r.guide(ctx); err != nil {
		return 0, err
	}
	ids, err := r.Store.Due(ctx, r.Now(), dealMost+r.aside.count(r.Now()))
	if err != nil {
		return 0, err
	}
	n := 0
	if jobs := r.jobs(ids); len(jobs) > 0 && !r.scans.under() {
		if n, err = r.offerJobs(ctx, jobs); err != nil {
			return n, err
		}
	}
	said, err := r.beginRemarks(ctx, g)
	return n + said, err
}

// jobs are those of the cards that can be dealt now.
func (r *Runner) jobs(ids []kanban.CardID) []Job {
	now := r.Now()
	var out []Job
	for _, id := range ids {
		if d := r.dealt[id]; !r.isAside(id) && now.Sub(d.tried) >= dealAgain {
			out = append(out, Job{Card: id, Term: r.epoch.Load(), Turn: d.turn})
		}
	}
	return out
}

// offerJobs deals. A job that stands for long although nobody holds its card is lost: its
// process was killed while it had it. The card is dealt anew.
func (r *Runner) offerJobs(ctx context.Context, jobs []Job) (n int, err error) {
	fresh, err := r.Crew.Deal(ctx, jobs)
	if err != nil {
		return 0, fmt.Errorf("deal out cards: %w", err)
	}
	now := r.Now()
	for i, j := range jobs {
		d := r.dealt[j.Card]
		if d.tried = now; fresh[i] {
			d.fresh = now
			n++
		}
		if now.Sub(d.fresh) > dealLost {
			held, err := r.Store.LeaseOf(ctx, leaseCard(j.Card))
			if ignoreUnknown(err) != nil {
				return n, err
			}
			if d.fresh = now; err != nil || !held.Until.After(r.storeNow()) {
				d.turn++
			}
		}
		r.dealt[j.Card] = d
	}
	for id, d := range r.dealt {
		if now.Sub(d.tried) > dealKeep {
			delete(r.dealt, id)
		}
	}
	return n, nil
}

// guide tells all processes what to go by where that has changed.
func (r *Runner) guide(ctx context.Context) error {
	is := lead{Term: r.epoch.Load(), Owner: r.Owner, Config: r.Crew.Config, Doubt: r.clock.doubt(r.Skew, len(r.Trackers))}
	if is == r.said {
		return nil
	}
	if err := r.keepJSON(ctx, settingDesk, "what all go by", is); err != nil {
		return err
	}
	r.said = is
	return nil
}

// inherits lists the notices that stand when a process begins to decide. All that they are
// about is found anew from the cards themselves.
func (r *Runner) inherits(ctx context.Context) (ids []int64, err error) {
	if !r.desk {
		return nil, nil
	}
	all, err := r.Store.Notices(ctx, noticesMost)
	for _, n := range all {
		ids = append(ids, n.ID)
	}
	return ids, err
}

// leads lets the others begin once all is counted.
func (r *Runner) leads(ctx context.Context, heard []int64) error {
	if !r.desk {
		return nil
	}
	if _, err := r.put(ctx, store.Commit{Now: r.Now(), Heard: heard}); err != nil {
		return err
	}
	return r.guide(ctx)
}

// underway marks what is stored while it is being counted how much there is to write: no
// process sends any of it before that is over.
func (r *Runner) underway(c *store.Commit) {
	switch {
	case !r.desk || len(c.Cards) == 0:
	case r.scans.under():
		c.Notices = append(c.Notices, store.Notice{Hold: store.HoldWrites, Doc: "{}"})
	case r.offers.under():
		c.Notices = append(c.Notices, store.Notice{Hold: store.HoldTwins, Doc: "{}"})
	}
}
