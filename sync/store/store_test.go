package store

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestInsertionText(t *testing.T) {
	t.Parallel()
	into := insertion{into: "pair (a, b)", columns: 2, then: "ON CONFLICT DO NOTHING"}
	want := "INSERT INTO pair (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING"
	if got := strings.ReplaceAll(into.text(2), ",$", ", $"); got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if got := into.table(); got != "pair" {
		t.Errorf("table = %q", got)
	}
}

func TestInsertionColumns(t *testing.T) {
	t.Parallel()
	for _, into := range []insertion{
		intoCard(), intoOp(), intoEvent(), intoConflict(), intoActivity(), intoIssue(), intoMention(), intoEdge(),
	} {
		if got := strings.Count(into.into, ",") + 1; got != into.columns {
			t.Errorf("%s: %d columns, said to be %d", into.table(), got, into.columns)
		}
	}
}

func TestLast(t *testing.T) {
	t.Parallel()
	got := last([]string{"a1", "b1", "a2", "c1", "b2"}, func(s string) byte { return s[0] })
	if diff := cmp.Diff([]string{"a2", "b2", "c1"}, got); diff != "" {
		t.Errorf("last (-want +got):\n%s", diff)
	}
}

func TestBriefIsShortValidAndStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := strings.Repeat(string(rapid.SliceOf(rapid.Byte()).Draw(rt, "text")), rapid.IntRange(1, 200).Draw(rt, "times"))
		b := brief(s)
		if len(b) > maxBrief || !utf8.ValidString(b) || strings.Contains(b, "\x00") {
			rt.Fatalf("brief of %d bytes: %d bytes, %.60q", len(s), len(b), b)
		}
		if brief(b) != b {
			rt.Fatalf("brief is not the same twice: %q", b)
		}
		if len(s) > maxBrief && brief(s+"x") == b {
			rt.Fatalf("two texts have the same brief: %q", b)
		}
	})
}

func TestMomentsKeepMicroseconds(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("east", 5*3600)
	for _, at := range []time.Time{
		{}, time.Date(2026, 11, 23, 9, 0, 0, 123456000, time.UTC), time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 1, 1, 0, 0, 0, 0, zone),
	} {
		if got := moment(micros(at)); !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%v came back as %v", at, got)
		}
	}
}

func TestPatternIsLiteral(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Plain":                  "%plain%",
		"50%_!":                  "%50!%!_!!%",
		strings.Repeat("é", 600): "%" + strings.Repeat("é", 500) + "%",
	} {
		if got := pattern(in); got != want {
			t.Errorf("pattern(%.20q) = %.40q, want %.40q", in, got, want)
		}
	}
}
