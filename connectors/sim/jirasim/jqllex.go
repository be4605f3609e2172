package jirasim

import (
	"strings"
	"unicode/utf8"
)

// tokenKind tells the tokens of JQL apart.
type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokWord
	tokString
	tokOperator // = != < <= > >= ~ !~
	tokOpen
	tokClose
	tokComma
)

// token is one token and where it stands, counted in characters from 1.
type token struct {
	kind tokenKind
	text string
	at   int
}

// is reports whether a token is the keyword, which is written in any case and
// never quoted.
func (t token) is(keyword string) bool {
	return t.kind == tokWord && strings.EqualFold(t.text, keyword)
}

// lex cuts JQL into tokens; the last is tokEnd.
func lex(jql string) ([]token, *Refusal) {
	var out []token
	for i := 0; i < len(jql); {
		at := utf8.RuneCountInString(jql[:i]) + 1
		switch c := jql[i]; {
		case strings.IndexByte(" \t\r\n", c) >= 0:
			i++
		case c == '"' || c == '\'':
			text, n, ok := quoted(jql[i:])
			if !ok {
				return nil, jqlError("The quoted string '%s' has not been completed. (line 1, character %d)", jql[i+1:], at)
			}
			out = append(out, token{tokString, text, at})
			i += n
		case c == '(':
			out = append(out, token{tokOpen, "(", at})
			i++
		case c == ')':
			out = append(out, token{tokClose, ")", at})
			i++
		case c == ',':
			out = append(out, token{tokComma, ",", at})
			i++
		case strings.IndexByte("=!<>~", c) >= 0:
			n := operatorLen(jql[i:])
			out = append(out, token{tokOperator, jql[i : i+n], at})
			i += n
		default:
			n := wordLen(jql[i:])
			out = append(out, token{tokWord, jql[i : i+n], at})
			i += n
		}
	}
	return append(out, token{tokEnd, "", utf8.RuneCountInString(jql) + 1}), nil
}

// quoted reads a quoted text with backslash escapes; n is its length in bytes.
func quoted(s string) (text string, n int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == s[0]:
			return b.String(), i + 1, true
		default:
			b.WriteByte(s[i])
		}
	}
	return "", 0, false
}

func operatorLen(s string) int {
	if len(s) > 1 && (s[1] == '=' && s[0] != '=' && s[0] != '~' || s[0] == '!' && s[1] == '~') {
		return 2
	}
	return 1
}

func wordLen(s string) int {
	if i := strings.IndexAny(s, " \t\r\n\"'(),=!<>~"); i >= 0 {
		return i
	}
	return len(s)
}

// jqlError is a 400 of the JQL parser.
func jqlError(format string, args ...any) *Refusal {
	return invalid("Error in the JQL Query: "+format, args...)
}
