package view

import (
	"testing"
	"time"
)

func TestHooksInWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 16, 14, 10, 0, 0, time.UTC)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		hooks         Hooks
		text, problem string
	}{
		"none":      {Hooks{}, "none yet", ""},
		"some":      {Hooks{Last: now.Add(-8 * time.Minute), Today: 120}, "last 15:02, 120 today", ""},
		"yesterday": {Hooks{Last: now.Add(-24 * time.Hour)}, "last 15:10 on 15 Nov, 0 today", ""},
		"rejected": {Hooks{Rejected: 3, Refused: now.Add(-12 * time.Minute), Reason: "the signature does not fit"}, "none yet",
			"3 rejected, the last at 14:58: the signature does not fit"},
		"long ago": {Hooks{Rejected: 3, Refused: now.Add(-24 * time.Hour), Reason: "the signature does not fit"}, "none yet", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.hooks.told(now, paris); got.Text != c.text || got.Problem != c.problem {
				t.Errorf("told %q, %q; want %q, %q", got.Text, got.Problem, c.text, c.problem)
			}
		})
	}
}
