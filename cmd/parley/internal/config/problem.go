package config

import (
	"fmt"

	"parley/mapping"
)

// Problem is something wrong or odd in a configuration file.
type Problem struct {
	File     string // as given to Load
	Line     int    // 0 where the file as a whole is meant
	Path     string // of the key: "sync.poll", "column[2].jira[0]"
	Also     int    // line of the other entry where two contradict each other, else 0
	Severity mapping.Severity
	Message  string
	Fix      string // what to do about it, "" where the message says it
}

// String is "config.toml:12: sync.pol: unknown key; did you mean poll?".
func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
	}
	if s += ": "; p.Path != "" {
		s += p.Path + ": "
	}
	s += p.Message
	if p.Also > 0 {
		s += fmt.Sprintf(" (see also line %d)", p.Also)
	}
	if p.Fix != "" {
		s += "; " + p.Fix
	}
	return s
}

// Failed reports whether one of the problems keeps Parley from starting.
func Failed(ps []Problem) bool {
	for _, p := range ps {
		if p.Severity == mapping.Error {
			return true
		}
	}
	return false
}

// source is the file that a Config came from.
type source struct {
	file  string
	lines positions
}

// Locate turns the problems of mapping.Compile into problems of the file.
func (c *Config) Locate(ps []mapping.Problem) []Problem {
	located := make([]Problem, 0, len(ps))
	for _, p := range ps {
		located = append(located, c.source.locate(p))
	}
	return located
}

func (s source) locate(p mapping.Problem) Problem {
	located := Problem{File: s.file, Line: s.lines.line(p.Path), Path: p.Path,
		Severity: p.Severity, Message: p.Message, Fix: p.Fix}
	if p.Also != "" {
		located.Also = s.lines.line(p.Also)
	}
	return located
}
