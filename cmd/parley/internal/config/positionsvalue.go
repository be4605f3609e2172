package config

import (
	"fmt"
	"strings"
)

// deepest is how deep values are followed; no key of the configuration is that deep.
const deepest = 32

// value reads a value and what is in it.
func (s *scanner) value(path string) {
	if s.depth++; s.depth > deepest {
		s.at = len(s.text)
	}
	defer func() { s.depth-- }()
	switch s.peek() {
	case '"', '\'':
		s.quoted()
	case '[':
		s.items(']', func(i int) {
			item := fmt.Sprintf("%s[%d]", path, i)
			s.note(item)
			s.value(item)
		})
	case '{':
		s.items('}', func(int) { s.pair(path) })
	default:
		for s.at < len(s.text) && !strings.ContainsRune(",]}#\r\n", rune(s.peek())) {
			s.next()
		}
	}
}

// items reads the parts of a list or an inline table up to its end.
func (s *scanner) items(end byte, item func(i int)) {
	s.next()
	for i := 0; s.at < len(s.text); i++ {
		s.blank(true)
		if s.peek() == end {
			s.next()
			return
		}
		start := s.at
		item(i)
		s.blank(true)
		if !s.take(",") && s.peek() != end && s.at == start {
			s.next()
		}
	}
}
