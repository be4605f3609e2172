package config

import (
	"fmt"
	"strings"
)

// positions knows the line of every key, table and list element of a TOML text by
// its path: "sync.poll", "column[2].jira[0]".
type positions map[string]int

// line finds the line of a path, or of the nearest thing that contains it.
func (p positions) line(path string) int {
	for path != "" {
		if line, ok := p[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexByte(path, '.'), strings.LastIndexByte(path, '['), 0)]
	}
	return 1
}

// index reads where things are in a TOML text. The text was parsed before, so it is
// well formed; of one that is not, the positions are of no use but nothing breaks.
func index(text string) positions {
	s := scanner{text: text, line: 1, found: positions{}, tables: map[string]int{}}
	prefix := ""
	for s.blank(true); s.at < len(s.text); s.blank(true) {
		start := s.at
		if s.peek() == '[' {
			prefix = s.header()
		} else {
			s.pair(prefix)
		}
		if s.at == start {
			s.next()
		}
	}
	return s.found
}

type scanner struct {
	text   string
	at     int
	line   int
	depth  int
	found  positions
	tables map[string]int // elements so far of each list of tables
}

func (s *scanner) peek() byte {
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) next() {
	if s.peek() == '\n' {
		s.line++
	}
	s.at++
}

func (s *scanner) take(word string) bool {
	if !strings.HasPrefix(s.text[min(s.at, len(s.text)):], word) {
		return false
	}
	for range len(word) {
		s.next()
	}
	return true
}

// blank skips blanks, and with lines also line ends and comments.
func (s *scanner) blank(lines bool) {
	for s.at < len(s.text) {
		switch c := s.peek(); {
		case c == ' ' || c == '\t' || lines && (c == '\n' || c == '\r'):
			s.next()
		case lines && c == '#':
			for s.at < len(s.text) && s.peek() != '\n' {
				s.next()
			}
		default:
			return
		}
	}
}

// note keeps the first place of a path.
func (s *scanner) note(path string) {
	if _, ok := s.found[path]; !ok {
		s.found[path] = s.line
	}
}

// header reads [table] or [[list]] and gives the path of what follows.
func (s *scanner) header() string {
	s.next()
	list := s.take("[")
	parts := s.key()
	path := ""
	for i, part := range parts {
		path = join(path, part)
		switch n, many := s.tables[path]; {
		case list && i == len(parts)-1:
			s.tables[path] = n + 1
			path = fmt.Sprintf("%s[%d]", path, n)
		case many:
			path = fmt.Sprintf("%s[%d]", path, n-1)
		}
	}
	s.note(path)
	s.take("]")
	s.take("]")
	return path
}

// pair reads KEY = VALUE below prefix.
func (s *scanner) pair(prefix string) {
	path := prefix
	for _, part := range s.key() {
		path = join(path, part)
		s.note(path)
	}
	s.blank(false)
	if s.take("=") {
		s.blank(false)
		s.value(path)
	}
}

func join(prefix, part string) string {
	if prefix == "" {
		return part
	}
	return prefix + "." + part
}

// key reads a dotted key.
func (s *scanner) key() []string {
	var parts []string
	for s.at < len(s.text) {
		s.blank(false)
		start := s.at
		if c := s.peek(); c == '"' || c == '\'' {
			s.quoted()
			parts = append(parts, strings.Trim(s.text[start:min(s.at, len(s.text))], `"'`))
		} else {
			for s.at < len(s.text) && !strings.ContainsRune(" \t\r\n.=[]{},#\"'", rune(s.peek())) {
				s.next()
			}
			parts = append(parts, s.text[start:s.at])
		}
		s.blank(false)
		if !s.take(".") {
			break
		}
	}
	return parts
}

// quoted skips a text in any of the four notations.
func (s *scanner) quoted() {
	quote := s.text[s.at : s.at+1]
	end := quote
	if long := strings.Repeat(quote, 3); strings.HasPrefix(s.text[s.at:], long) {
		end = long
	}
	s.take(end)
	for s.at < len(s.text) {
		if s.peek() == '\\' && quote == `"` {
			s.next()
			s.next()
			continue
		}
		if s.take(end) {
			for len(end) == 3 && s.take(quote) { // quotes may stand right before the end
			}
			return
		}
		s.next()
	}
}
