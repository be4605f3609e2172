package store

import (
	"encoding/json"
	"fmt"
	"time"
)

// SettingPauses is the setting that holds the pauses that a running Parley keeps, for
// whoever shows them.
const SettingPauses = "pauses"

// SettingDenied is the setting that holds, in the form of pauses, where a running Parley
// is not let write: Endpoint is the project or repository.
const SettingDenied = "denied"

// PauseCause is why requests to a tracker are not made for a while.
type PauseCause string

// The causes of a pause.
const (
	PauseQuota   PauseCause = "quota"   // too many requests; the tracker or our own budget says so
	PauseRefused PauseCause = "refused" // the credential is refused
	PauseLocked  PauseCause = "locked"  // the account is locked; it ends with a restart only
	PauseFailing PauseCause = "failing" // the tracker does not work
	PauseDenied  PauseCause = "denied"  // the account may not write in a project or repository
)

// Pause is a time in which a tracker, or a part of what it is asked, is left in peace.
type Pause struct {
	Tracker  string     `json:"tracker"`            // configured name
	Class    string     `json:"class,omitempty"`    // of the requests that wait, as in connectors.Class; "" all or those of Endpoint
	Endpoint string     `json:"endpoint,omitempty"` // the requests that wait, in one word; "" all or those of Class
	Cause    PauseCause `json:"cause"`
	Since    time.Time  `json:"since"`
	Until    time.Time  `json:"until,omitzero"` // zero: until a person acts
	Why      string     `json:"why,omitempty"`  // what the tracker said
}

// EncodePauses gives the value of SettingPauses.
func EncodePauses(list []Pause) (string, error) {
	text, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("encode pauses: %w", err)
	}
	return string(text), nil
}

// DecodePauses reads the value of SettingPauses; those that are over are left out.
func DecodePauses(text string, now time.Time) ([]Pause, error) {
	if text == "" {
		return nil, nil
	}
	var all, out []Pause
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, fmt.Errorf("read the pauses: %w", err)
	}
	for _, p := range all {
		if p.Until.IsZero() || p.Until.After(now) {
			out = append(out, p)
		}
	}
	return out, nil
}
