package propose

import (
	"fmt"
	"strconv"
	"strings"
)

// Quote writes a text as TOML does, also in a comment. What cannot be seen is escaped:
// a sign that turns the direction of writing round would show a reader another file than
// the one that is loaded.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func printable(s string) bool {
	for _, r := range s {
		if !strconv.IsPrint(r) || r == '\uFFFD' {
			return false
		}
	}
	return true
}

// short is a name for a sentence: cut where it is too long to be read in one.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// list joins keys for a sentence.
func list(keys []string) string {
	const most = 5
	out := make([]string, 0, most+1)
	for i, k := range keys {
		if i == most {
			out = append(out, fmt.Sprintf("%d more", len(keys)-most))
			break
		}
		out = append(out, plainly(short(k)))
	}
	return strings.Join(out, ", ")
}

// plainly takes what cannot be seen out of a text in a comment.
func plainly(s string) string { return strings.Trim(Quote(s), `"`) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// slug makes a key of a name, "" where nothing of it can be in one.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "à", "a", "ç", "c", "ñ", "n").Replace(normal(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' && b.Len() > 0:
			b.WriteByte('-')
		}
	}
	s := strings.Trim(b.String(), "-")
	s = s[:min(len(s), 40)]
	if s != "" && (s[0] < 'a' || s[0] > 'z') {
		s = "u-" + s
	}
	return strings.Trim(s, "-")
}
