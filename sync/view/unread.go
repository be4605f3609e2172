package view

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
)

// Unread is what is missing of a tracker: until it is there nothing is final that follows
// from what the trackers tell.
type Unread struct {
	Tracker   string
	Never     bool // something of it was never read from end to end
	Histories int  // issues whose history is to be read still
	Failing   int  // of them, those at which the tracker has always failed so far
}

// Stuck reports whether nothing is missing but what the tracker fails at.
func (u Unread) Stuck() bool { return !u.Never && u.Failing >= u.Histories }

// String says it in words that begin in the middle of a sentence.
func (u Unread) String() string {
	if u.Never {
		return u.Tracker + " has not been read from end to end"
	}
	return fmt.Sprintf("the history of %s of %s has not been read", issues(u.Histories), u.Tracker)
}

// outside is String for those who are told of their own unit's issues alone: not how many of all
// units are missing.
func (u Unread) outside() string {
	if u.Never {
		return u.String()
	}
	return fmt.Sprintf("the histories of %s have not all been read", u.Tracker)
}

// Unread tells what is missing of the trackers, in the order of the configuration; nothing
// where all was read once, with its history. How far the import of histories is, is told a
// while after it has begun, and not at all before: so the issues are asked of which one is
// missing. One that a tracker refuses to tell is none of them: it would be waited for as long
// as the tracker does.
func (v *Views) Unread(ctx context.Context) ([]Unread, error) {
	_, missing, err := v.readings(ctx)
	return missing, err
}

// readings tells how fresh what was read of the trackers is, and what is missing.
func (v *Views) readings(ctx context.Context) (fresh []Fresh, missing []Unread, err error) {
	if fresh, err = v.freshness(ctx); err != nil {
		return nil, nil, err
	}
	for _, f := range fresh {
		if f.Level == "never" || f.Import != "" {
			missing = append(missing, Unread{Tracker: f.Tracker, Never: true})
			continue
		}
		rows, err := v.Source.Unrecorded(ctx, f.Tracker, nil, "", 1)
		if err != nil {
			return nil, nil, err
		}
		if len(rows) > 0 {
			u, err := v.unrecorded(ctx, f.Tracker)
			if err != nil {
				return nil, nil, err
			}
			missing = append(missing, u)
		}
	}
	return fresh, missing, nil
}

// unrecorded tells of how many issues of a tracker the history is missing.
func (v *Views) unrecorded(ctx context.Context, tracker string) (Unread, error) {
	text, _, err := v.Source.Setting(ctx, store.SettingHistory+tracker)
	if err != nil {
		return Unread{}, err
	}
	p, err := store.DecodeHistory(text)
	return Unread{Tracker: tracker, Histories: max(p.Left(), 1), Failing: p.Failing}, err
}

// Waiting tells since when verdicts that are decided wait to be entered into the ledgers, by
// the units where some do: the first moment that decided one.
func (v *Views) Waiting(ctx context.Context) (map[kanban.UnitKey]time.Time, error) {
	s, err := v.standing(ctx)
	if err != nil {
		return nil, err
	}
	out := map[kanban.UnitKey]time.Time{}
	for _, a := range s.accounts {
		book, err := v.ledger(ctx, a.Unit)
		if err != nil {
			return nil, err
		}
		if since, some := a.Waiting(book.entries, s.now); some {
			out[a.Unit] = since
		}
	}
	return out, nil
}

// waits says that no verdicts were entered for longer than it takes to read the trackers, and
// why; "" where all is entered, or something else than what is unread stands in the way.
func (v *Sight) waits(ctx context.Context, a contract.Account, book *ledgerBook) (string, error) {
	since, some := a.Waiting(book.entries, v.Now())
	if !some || v.Now().Sub(since) < readAfter+lateAfter*v.Poll+waitsUnsaid {
		return "", nil
	}
	fresh, missing, err := v.readings(ctx)
	if err != nil {
		return "", err
	}
	var why []string
	for _, u := range missing {
		if v.Viewer.Link {
			why = append(why, u.outside())
			continue
		}
		why = append(why, u.String())
	}
	for _, f := range fresh {
		if f.Level != "never" && f.OKAt.Before(since.Add(readAfter)) {
			why = append(why, fmt.Sprintf("%s has not been read since %s", f.Tracker, kanban.Moment(f.OKAt, v.zone())))
		}
	}
	if len(why) == 0 {
		return "", nil
	}
	return fmt.Sprintf("No verdicts have been entered since %s, because %s. They are entered once that is read.",
		kanban.Moment(since, v.zone()), strings.Join(why, ", and because ")), nil
}

// waitsUnsaid is how much longer than reading takes nothing is said of verdicts that wait.
const waitsUnsaid = 10 * time.Minute
