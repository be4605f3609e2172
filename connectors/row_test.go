package connectors_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"parley/connectors"
)

func TestPlausibleMoments(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 8, 30, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		at, now time.Time
		want    bool
	}{
		"none":                       {time.Time{}, now, false},
		"none, without a clock":      {time.Time{}, time.Time{}, false},
		"now":                        {now, now, true},
		"a clock ahead of ours":      {now.Add(47 * time.Hour), now, true},
		"the far future":             {now.Add(49 * time.Hour), now, false},
		"next year, without a clock": {now.AddDate(1, 0, 0), time.Time{}, true},
		"2300, without a clock":      {time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), time.Time{}, false},
	} {
		if got := connectors.Plausible(c.at, c.now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestErrorsOfDecodingShowNoText(t *testing.T) {
	t.Parallel()
	var row struct {
		N  int       `json:"n"`
		At time.Time `json:"at"`
	}
	for text, want := range map[string]string{
		`{"n":"s3cret"}`:  "n has the wrong type",
		`{"at":"s3cret"}`: "a moment cannot be read",
		`{"s3cret`:        "a value cannot be read",
	} {
		if got := connectors.ShapeOnly(json.Unmarshal([]byte(text), &row)); got.Error() != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestVeiledKeepsWhatACauseIsAndNotWhatItSays(t *testing.T) {
	t.Parallel()
	cause := errors.Join(io.ErrUnexpectedEOF, errors.New("s3cret"))
	err := connectors.Veiled(cause, "[token]")
	if !errors.Is(err, io.ErrUnexpectedEOF) || errors.Unwrap(err) != nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%v", err)
	}
}
