package mirror

import "strings"

const hexDigits = "0123456789ABCDEF"

// escape writes a name or id with letters, digits, "." and "_" as they are and any
// other byte as %XX, so that nothing in it can end the line, the word or the HTML
// comment that it stands in. A single "-" between two such characters stays readable.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; plain(c) || c == '-' && i > 0 && i+1 < len(s) && plain(s[i-1]) && plain(s[i+1]) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

func plain(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_'
}

// unescape undoes escape. What escape would not have written comes out as something
// that escapes to another text, which is how Read tells.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || i+2 >= len(s) {
			b.WriteByte(s[i])
			continue
		}
		hi, lo := strings.IndexByte(hexDigits, s[i+1]), strings.IndexByte(hexDigits, s[i+2])
		if hi < 0 || lo < 0 {
			b.WriteByte(s[i])
			continue
		}
		b.WriteByte(byte(hi<<4 | lo))
		i += 2
	}
	return b.String()
}
