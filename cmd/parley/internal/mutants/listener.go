package main

import (
	"bytes"
	"regexp"
	"sync"
)

// listener keeps what a program says, line by line, and calls heard when a line says
// what is waited for. It is safe for concurrent use.
type listener struct {
	until *regexp.Regexp // nil: nothing is waited for
	heard func()

	mu   sync.Mutex
	text bytes.Buffer
	line int // where the first line begins that has not ended
}

// Write takes in a part of the output.
func (l *listener) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.text.Write(p) // never fails
	for {
		rest := l.text.Bytes()[l.line:]
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		if l.until != nil && l.until.Match(rest[:end]) {
			l.heard()
		}
		l.line += end + 1
	}
}

// String is everything that was said.
func (l *listener) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
