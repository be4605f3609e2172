package view

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/connectors"
	"parley/sync/store"
)

// history tells how far the import of a tracker's old history is, "" where all is there.
func (v *Views) history(ctx context.Context, tracker string, pauses []store.Pause) (string, error) {
	text, _, err := v.Source.Setting(ctx, store.SettingHistory+tracker)
	if err != nil {
		return "", err
	}
	p, err := store.DecodeHistory(text)
	if err != nil {
		return "", err
	}
	return HistoryText(tracker, p, pauses, v.Now(), Hours(v.Now(), v.Zone)), nil
}

// recess is the pause that keeps histories from being read for the longest, the zero one
// where they are read.
func recess(tracker string, list []store.Pause) (longest store.Pause) {
	for _, p := range list {
		concerns := p.Class == "" && p.Endpoint == "" || p.Class == string(connectors.ClassBackground) ||
			p.Endpoint == "history" || strings.HasPrefix(p.Endpoint, "feed ")
		if p.Tracker == tracker && concerns && (longest.Cause == "" || p.Until.IsZero() || !longest.Until.IsZero() && p.Until.After(longest.Until)) {
			longest = p
		}
	}
	return longest
}

// HistoryText tells how far the import of a tracker's old history is, and how long it still
// takes or what it waits for: "History: 3,200 of 29,057 issues, about 25 minutes left". It
// is "" where nothing is missing. pauses are those that Parley keeps.
func HistoryText(tracker string, p store.HistoryProgress, pauses []store.Pause, now time.Time, tell Clock) string {
	paused, unread := recess(tracker, pauses), ""
	if p.Refused > 0 {
		unread = fmt.Sprintf("; that of %s cannot be read", issues(p.Refused))
	}
	switch left, known := p.TimeLeft(now, paused.Until); {
	case p.Left() <= 0 && unread == "":
		return ""
	case p.Left() <= 0:
		return fmt.Sprintf("History: %s of %s", Grouped(p.Whole), issues(p.Issues)) + unread
	case paused.Cause == store.PauseQuota:
		return fmt.Sprintf("History: %s of %s, waiting for quota until %s", Grouped(p.Whole), issues(p.Issues), tell(paused.Until)) + unread
	case paused.Cause != "":
		return fmt.Sprintf("History: %s of %s, waiting for the tracker", Grouped(p.Whole), issues(p.Issues)) + unread
	case !known:
		return fmt.Sprintf("History: %s of %s", Grouped(p.Whole), issues(p.Issues)) + unread
	default:
		return fmt.Sprintf("History: %s of %s, %s left", Grouped(p.Whole), issues(p.Issues), about(left)) + unread
	}
}

func issues(n int) string {
	if n == 1 {
		return "1 issue"
	}
	return Grouped(n) + " issues"
}

// about is a span of time as people say it.
func about(d time.Duration) string {
	switch minutes := int((d + time.Minute/2) / time.Minute); {
	case minutes < 1:
		return "less than a minute"
	case minutes == 1:
		return "about a minute"
	case minutes < 100:
		return fmt.Sprintf("about %d minutes", minutes)
	case minutes < 48*60:
		return fmt.Sprintf("about %d hours", (minutes+30)/60)
	default:
		return fmt.Sprintf("about %d days", (minutes+12*60)/(24*60))
	}
}
