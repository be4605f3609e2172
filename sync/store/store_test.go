package store

import (
	"strings"
	"testing"
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
		intoCard(), intoOp(), intoEvent(), intoConflict(), intoActivity(), intoIssue(), intoMention(), intoEdge(), intoSetting(), intoQuarantine(),
	} {
		if got := strings.Count(into.into, ",") + 1; got != into.columns {
			t.Errorf("%s: %d columns, said to be %d", into.table(), got, into.columns)
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
