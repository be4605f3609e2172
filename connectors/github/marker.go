package github

import (
	"strings"

	"parley/connectors"
)

// A mark stands in a comment of its own, which pages do not show, as the last line of
// the body.
const (
	markOpen  = "<!-- parley:"
	markClose = " -->"
)

// marked adds a mark to a body and cuts the body to make room for it. What looks like
// the beginning of a comment in it is written so that it shows as it is and can
// neither be nor hide a mark.
func marked(body, mark string) string {
	body = strings.TrimRight(strings.ReplaceAll(body, "<!--", "&lt;!--"), " \t\r\n")
	end := markOpen + mark + markClose
	const cutOff = "\n\n…"
	if r := []rune(body); len(r)+len("\n\n")+len(end) > maxBody {
		body = string(r[:maxBody-len(end)-len("\n\n")-len(cutOff)]) + cutOff
	}
	if body != "" {
		body += "\n\n"
	}
	return body + end
}

// marker is the mark of a body, "" where there is none. It counts only as the last
// line, and only if it is the only one: a body with two was put together by somebody,
// and which of them is whose cannot be told. Whether the mark is genuine is for others
// to judge.
func marker(body string) string {
	body = strings.TrimRight(body, " \t\r\n")
	at := strings.LastIndexAny(body, "\r\n") + 1
	mark, ok := strings.CutPrefix(body[at:], markOpen)
	if !ok || strings.Contains(body[:at], markOpen) {
		return ""
	}
	if mark, ok = strings.CutSuffix(mark, markClose); !ok || !connectors.IsMarker(mark) {
		return ""
	}
	return mark
}
