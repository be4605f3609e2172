package sheet_test

import (
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban/sheet"
)

func TestTablesAreWrittenAsTheRFCSays(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"a", "b"}, {"plain", `he said "no", twice`}, {"=1+1", "-4"}, {"", "é\nü"}}
	var b strings.Builder
	if err := sheet.Write(&b, rows...); err != nil {
		t.Fatal(err)
	}
	want := "\"a\",\"b\"\r\n\"plain\",\"he said \"\"no\"\", twice\"\r\n\"'=1+1\",\"-4\"\r\n\"\",\"é\nü\"\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if rows[2][0] != "=1+1" {
		t.Error("writing a table has changed it")
	}
	if err := sheet.Write(broken{}, rows...); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
}

type broken struct{}

var errFull = errors.New("full")

func (broken) Write([]byte) (int, error) { return 0, errFull }

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1+1": "'+1+1", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", " =1": "' =1", "\r=1": "'\r'=1", "\u00a0=1": "'\u00a0=1",
		"\ufeff=1": "'\ufeff=1", "\u200b=1": "'\u200b=1", "|x": "'|x", "＝1": "'＝1", "\x00=1": "'=1", "-": "'-", "-inf": "'-inf", "-0x1p4": "'-0x1p4", `"=1"`: `'"=1"`, "\tx": "'\tx",
		"a;=cmd|' /C x'!A0": "a;'=cmd|' /C x'!A0", "a; \"=1": "a;' \"=1", "a\t@x": "a\t'@x", "a\n-1;+2": "a\n'-1;'+2", "x;\x00=1": "x;'=1", "a;;\t=1": "a;;\t'=1",
		// What stays as it is.
		"": "", "-4": "-4", "+2.5": "+2.5", "1e3": "1e3", "a=b": "a=b", "a; b - c": "a; b - c", `plain, "quoted"`: `plain, "quoted"`, "nan": "nan", "2026-11-20": "2026-11-20",
	} {
		if got := sheet.Inert(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Whatever a cell says, it is read back as one cell of its row; and at whatever sign a
// spreadsheet parts cells, and whether or not it knows quotes, none of them is run.
func TestEveryCellIsInertWhereverItIsParted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[=+@;\t\r\n "x'|-]*`))
		row := []string{text.Draw(t, "first"), text.Draw(t, "second"), "end"}
		var b strings.Builder
		if err := sheet.Write(&b, row); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != 3 || rows[0][2] != "end" {
			t.Fatalf("%q is read as %q, %v", row, rows, err)
		}
		for _, cell := range slices.Concat(rows[0], strings.FieldsFunc(b.String(), func(r rune) bool { return strings.ContainsRune(";\t\r\n", r) })) {
			if runs(strings.TrimLeft(cell, " \"")) {
				t.Fatalf("%q: a spreadsheet runs %q", row, cell)
			}
		}
	})
}

// runs reports whether a spreadsheet would run a cell; one that is a number it would not.
func runs(cell string) bool {
	return cell != "" && strings.ContainsAny(cell[:1], "=+-@|") && strings.Trim(cell, "+-.0123456789\",end") != ""
}
