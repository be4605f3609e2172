// Package sheet writes tables as CSV files that people open in spreadsheets. The words in
// them are anybody's who can name an issue, so no cell of such a file is a formula,
// however the spreadsheet parts it.
package sheet

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// Write writes rows as CSV by RFC 4180: UTF-8, lines that end with CR LF. Every cell is
// quoted and inert. The error is the writer's.
func Write(w io.Writer, rows ...[]string) error {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(Inert(cell), `"`, `""`) + `"`)
		}
		b.WriteString("\r\n")
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

// live finds where a cell could begin for some spreadsheet and hold what it would run: the
// separator that is not ours may be a semicolon or a tab, and a text in quotes may be taken
// to end with its line. What cannot be seen there, and quotes, may stand before it.
var live = regexp.MustCompile(`(^|[;\t\r\n\v\f])([\p{Z}\p{Cf}\x01-\x08\x0e-\x1f\x7f"]*[=+\-@|%＝＋－＠])`)

// Inert is a text that no spreadsheet takes for a formula: an apostrophe stands before
// what would begin one, at its start and behind every sign at which some spreadsheet parts
// cells. Numbers stay numbers. NUL bytes go: some programs end a cell there, and look at
// what follows anew.
func Inert(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if _, err := strconv.ParseFloat(s, 64); err == nil && !strings.ContainsAny(s, "nNxXpP_") {
		return s
	}
	s = live.ReplaceAllString(s, "${1}'${2}")
	if strings.IndexAny(s, "\t\r\n") == 0 {
		return "'" + s
	}
	return s
}
