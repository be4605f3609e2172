package view

import (
	"context"
	"fmt"
	"time"

	"parley/connectors"
	"parley/sync/store"
)

// Polls after which a picture is called late, and stale.
const (
	lateAfter  = 2
	staleAfter = 5
)

// freshness tells, per tracker, when its slowest source was last read.
func (v *Views) freshness(ctx context.Context) ([]Fresh, error) {
	states, err := v.Source.Sources(ctx)
	if err != nil {
		return nil, err
	}
	paused, list, err := v.pauses(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Fresh, 0, len(v.Trackers))
	for _, t := range v.Trackers {
		f := v.fresh(t, states)
		f.Pauses = paused[t.Name]
		if f.History, err = v.history(ctx, t.Name, list); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (v *Views) fresh(t TrackerName, states []store.SourceState) Fresh {
	f := Fresh{Tracker: t.Name, Kind: t.Kind, Poll: int(v.Poll.Seconds())}
	if t.Expires != nil {
		f.Notice = v.expiry(t.Expires())
	}
	if t.Hooks != nil {
		f.Hooks = t.Hooks().told(v.Now(), v.Zone)
	}
	worst := -1
	for _, source := range t.Sources {
		st, ok := stateOf(states, t.Name, source)
		if !ok || st.OKAt.IsZero() || !st.Imported {
			f.Age, f.Level, f.Source = -1, "never", source
			f.Problem = st.Error
			f.Import = importing(st, source)
			return f
		}
		if age := int(v.Now().Sub(st.OKAt).Seconds()); age > worst {
			worst, f.OKAt, f.Source = age, st.OKAt, source
		}
		if st.Error != "" {
			f.Problem = st.Error
		}
	}
	f.Age = max(worst, 0)
	f.Level = v.level(f.Age)
	return f
}

// expiry is the notice of a credential's end, in the zone in which people are told times.
func (v *Views) expiry(ends time.Time) string {
	if !ends.IsZero() && v.Zone != nil {
		ends = ends.In(v.Zone)
	}
	return connectors.ExpiryNotice(ends, v.Now())
}

func (v *Views) level(age int) string {
	polls := float64(age) / max(v.Poll.Seconds(), 0.1)
	switch {
	case polls > staleAfter:
		return "stale"
	case polls > lateAfter:
		return "late"
	default:
		return "live"
	}
}

func importing(st store.SourceState, source string) string {
	if st.OKAt.IsZero() {
		return ""
	}
	if source == "" {
		return fmt.Sprintf("first read under way, page %d", st.Cursor.Scan.Pages)
	}
	return fmt.Sprintf("first read of %s under way, page %d", source, st.Cursor.Scan.Pages)
}

func stateOf(states []store.SourceState, tracker, source string) (store.SourceState, bool) {
	for _, s := range states {
		if s.Tracker == tracker && s.Source == source {
			return s, true
		}
	}
	return store.SourceState{}, false
}

// Ready reports whether every tracker was read once and none is older than five
// polls; if not, why.
func (v *Views) Ready(ctx context.Context) (bool, []string) {
	fresh, err := v.freshness(ctx)
	if err != nil {
		return false, []string{"the store cannot be read"}
	}
	var reasons []string
	for _, f := range fresh {
		switch f.Level {
		case "never":
			reasons = append(reasons, fmt.Sprintf("%s was not read completely yet", f.Tracker))
		case "stale":
			reasons = append(reasons, fmt.Sprintf("%s was last read %d s ago", f.Tracker, f.Age))
		}
	}
	return len(reasons) == 0, reasons
}
