package runner

import (
	"context"
	"time"
)

// How far a poll reads back grows with how late a tracker was seen to show changes
// (sync.md §1.14): to twice as much, for a day after it was seen last. What is later
// still is left to the slow readings, which come several times within maxLag.
const (
	lagFactor = 2
	lagLasts  = 24 * time.Hour
	maxLag    = time.Hour
)

// settingLag keeps how late a source shows changes.
const settingLag = "lag "

// lateness is how late a source was seen to show changes, and when that was.
type lateness struct {
	By time.Duration `json:"by"` // lagFactor times what was seen
	At time.Time     `json:"at"`
}

// lag is how far behind the watermark of a source has to stay; 0: as far as is usual.
func (r *Runner) lag(ctx context.Context, source string) (time.Duration, error) {
	l, err := r.late(ctx, source)
	if err != nil || r.Now().Sub(l.At) > lagLasts {
		return 0, err
	}
	return l.By, nil
}

func (r *Runner) late(ctx context.Context, source string) (l lateness, err error) {
	_, err = r.recallJSON(ctx, settingLag+source, "how late "+source+" shows changes", &l)
	return l, err
}

// lagged takes in that a slow reading has found what the poll had missed. When it became
// visible nobody knows: at the latest now.
func (sw *slow) lagged(ctx context.Context, changed []observed) error {
	if sw.tier.back == 0 {
		return nil // what only a reading of everything finds moved no date
	}
	now := lateness{At: sw.Now()}
	for _, o := range changed {
		if by := now.At.Sub(o.Issue.Updated); sw.overlooked(o) {
			now.By = max(now.By, min(lagFactor*by, maxLag))
		}
	}
	key := sourceKey(sw.t, sw.st.Source)
	was, err := sw.late(ctx, key)
	if err != nil {
		return err
	}
	if now.At.Sub(was.At) <= lagLasts {
		now.By = max(now.By, was.By)
	}
	return sw.keepJSON(ctx, settingLag+key, "how late "+key+" shows changes", now)
}
