package store

import (
	"encoding/json"
	"fmt"
	"time"
)

// SettingHistory begins the name of the setting that holds how far the import of old
// history is; the tracker's name follows.
const SettingHistory = "history "

// HistoryProgress is how far the import of a tracker's old history is, as whoever imports
// told last.
type HistoryProgress struct {
	HistoryTally

	Failing int       `json:"failing,omitempty"` // of those left: tried, and failed at each time so far
	At      time.Time `json:"at"`                // of this count
	Since   time.Time `json:"since"`             // when this stretch of work began: the last start of Parley, or when there was something to import again
	Before  int       `json:"before"`            // issues that were done then
	Retried time.Time `json:"retried"`           // when those that could not be read were last given another chance
}

// Done is how many issues nothing is to be imported of any more.
func (p HistoryProgress) Done() int { return p.Whole + p.Refused }

// TimeLeft estimates how long the import still takes: what is left, at the rate measured
// since this stretch of work began,
//
//	left × (now − since) ÷ (done − done before)
//
// in which every pause counts that the budget or the tracker made; and as long as the pause
// that is on now lasts, paused being its end. ok is false while there is nothing to judge
// by: a minute of work, and ten issues of it.
func (p HistoryProgress) TimeLeft(now, paused time.Time) (left time.Duration, ok bool) {
	done, took := p.Done()-p.Before, now.Sub(p.Since)
	if p.Left() <= 0 || done < 10 || took < time.Minute || p.Since.IsZero() {
		return 0, false
	}
	left = time.Duration(float64(p.Left()) * float64(took) / float64(done))
	return max(left, paused.Sub(now)), true
}

// EncodeHistory gives the value of SettingHistory.
func EncodeHistory(p HistoryProgress) (string, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encode progress of histories: %w", err)
	}
	return string(text), nil
}

// DecodeHistory reads the value of SettingHistory; "" is that of nothing.
func DecodeHistory(text string) (p HistoryProgress, err error) {
	if text == "" {
		return p, nil
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("read the progress of histories: %w", err)
	}
	return p, nil
}
