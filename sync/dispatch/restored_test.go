package dispatch_test

import (
	"strings"
	"testing"
	"time"

	"parley/sync/dispatch"
)

// After a restoring a mail that was to be sent is not: it may have gone since the backup. What
// its receiver knows again goes on.
func TestRestoredRepeatsNoMail(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	now := made.Add(time.Hour)
	for _, state := range []dispatch.State{dispatch.Waiting, dispatch.Held, dispatch.Sending} {
		for channel, want := range map[dispatch.Channel]dispatch.State{dispatch.Mail: dispatch.Unknown, dispatch.Hook: state, dispatch.Comment: state} {
			got := dispatch.Restored(dispatch.Dispatch{Channel: channel, State: state}, made, now)
			if got.State != want || got.State.Open() != got.Ended.IsZero() {
				t.Errorf("a %s that was %s is %s, ended %v", channel, state, got.State, got.Ended)
			}
			if want == dispatch.Unknown && !strings.Contains(got.Problem, "it may have been sent after the backup of") {
				t.Errorf("the reason is %q", got.Problem)
			}
		}
	}
	if got := dispatch.Restored(dispatch.Dispatch{Channel: dispatch.Mail, State: dispatch.Sent, Ended: made}, made, now); got.State != dispatch.Sent {
		t.Errorf("one that was sent became %s", got.State)
	}
}
