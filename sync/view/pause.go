package view

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/store"
)

// Pause is a time in which a tracker, or a part of what it is asked, is left in peace.
type Pause struct {
	// Text is the whole of it in words: "waiting for quota until 14:05, reads continue".
	Text string `json:"text"`
	// Cause is quota, refused (the credential), locked (the account), failing, or denied
	// (writes to one project or repository).
	Cause string `json:"cause"`
	// Waits is what is not done meanwhile: everything, or one class of requests or one
	// sort of them.
	Waits string    `json:"waits"`
	Until time.Time `json:"until,omitzero"` // zero: until a person acts
	Why   string    `json:"why,omitempty"`  // what the tracker said
}

// blink is how short a wait for quota nobody needs to hear of.
const blink = 10 * time.Second

// pauses are those that the running Parley keeps: by tracker for people, where it may not
// write among them, and all in which it does not ask.
func (v *Views) pauses(ctx context.Context) (map[string][]Pause, []store.Pause, error) {
	text, _, err := v.Source.Setting(ctx, store.SettingPauses)
	if err != nil {
		return nil, nil, err
	}
	list, err := store.DecodePauses(text, v.Now())
	if err != nil {
		return nil, nil, err
	}
	if text, _, err = v.Source.Setting(ctx, store.SettingDenied); err != nil {
		return nil, nil, err
	}
	denied, err := store.DecodePauses(text, v.Now())
	if err != nil {
		return nil, nil, err
	}
	out := map[string][]Pause{}
	for _, p := range slices.Concat(list, denied) {
		if p.Cause == store.PauseQuota && p.Until.Sub(p.Since) < blink {
			continue
		}
		out[p.Tracker] = append(out[p.Tracker], NewPause(p, Hours(v.Now(), v.Zone)))
	}
	return out, list, nil
}

// Clock tells a moment to people.
type Clock func(time.Time) string

// Hours is the clock of pages, which have little room and are read now: "14:05", with the
// day where it is not today's. zone nil is UTC.
func Hours(now time.Time, zone *time.Location) Clock {
	return func(t time.Time) string { return hour(t, now, zone) }
}

// Moments is the clock of what is printed and kept: kanban.Moment in a zone.
func Moments(zone *time.Location) Clock {
	return func(t time.Time) string { return kanban.Moment(t, zone) }
}

// NewPause tells a pause to people by a clock.
func NewPause(p store.Pause, tell Clock) Pause {
	waits, rest := p.Class+p.Endpoint, restOf(p)
	if waits == "" {
		waits = "everything"
	}
	if p.Cause == store.PauseDenied {
		return Pause{Text: fmt.Sprintf("writes to %s are refused since %s: the account may not; the rest continues", p.Endpoint, tell(p.Since)), Cause: string(p.Cause), Waits: "writes to " + p.Endpoint, Why: p.Why}
	}
	return Pause{Text: pauseText(p, tell(p.Until), rest), Cause: string(p.Cause), Waits: waits, Until: p.Until, Why: p.Why}
}

func pauseText(p store.Pause, until, rest string) string {
	switch p.Cause {
	case store.PauseLocked:
		return "the account is locked; nothing is asked before somebody unlocks it and restarts Parley"
	case store.PauseRefused:
		return fmt.Sprintf("the credential is refused; nothing is asked before the next try at %s", until)
	case store.PauseFailing:
		return fmt.Sprintf("it does not work; the next try is at %s", until)
	}
	return fmt.Sprintf("waiting for quota until %s, %s", until, rest)
}

// restOf says what a wait for quota stops and what goes on. The usual one, in which
// nothing can be written, says what people ask then.
func restOf(p store.Pause) string {
	switch connectors.Class(p.Class) {
	case connectors.ClassWrite:
		return "reads continue"
	case connectors.ClassCard:
		return "single issues are not read; polls continue"
	case connectors.ClassPoll:
		return "nothing new is read; writes continue"
	case connectors.ClassSlow:
		return "nothing is read again; polls and writes continue"
	case connectors.ClassBackground:
		return "nothing is read in the background; polls and writes continue"
	}
	what, source, _ := strings.Cut(p.Endpoint, " ")
	switch what {
	case "":
		return "nothing is read or written"
	case "poll":
		if source != "" {
			return source + " is not read; the rest continues"
		}
		return "nothing new is read; writes continue"
	case "create":
		return "nothing is created; the rest continues"
	case "edit", "transition":
		return "no " + what + " is sent; the rest continues"
	}
	return what + " is not asked for; the rest continues"
}

// hour is a moment within a day, and with its day where that is another one.
func hour(t, now time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	t, now = t.In(zone), now.In(zone)
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	return t.Format("15:04 on 2 Jan")
}
