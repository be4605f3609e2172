package connectors

import "strings"

// maxMarker bounds a marker, in bytes.
const maxMarker = 1024

// IsMarker reports whether s can be a marker: one line of printable ASCII without a
// quote, a backslash, "<", ">" or "--", and so the same text in an HTML comment, in
// JSON and where a tracker trims spaces. It says nothing about what the marker proves.
func IsMarker(s string) bool {
	if s == "" || len(s) > maxMarker || s != strings.TrimSpace(s) || strings.Contains(s, "--") || strings.HasSuffix(s, "-") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"'\<>`, r) })
}
