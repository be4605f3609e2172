package mapping

import "fmt"

// Severity says whether a Problem keeps Parley from starting.
type Severity uint8

// Severities.
const (
	Error   Severity = iota // no Rules are made
	Warning                 // works, but a person should know
)

// String is the word printed before the message.
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// Problem is something wrong or odd in a Config.
type Problem struct {
	Path     string // of the offending entry: "column[2].jira[0]"
	Also     string // path of the other entry where two contradict each other
	Severity Severity
	Message  string // what is wrong
	Fix      string // what to do about it, "" where the message says it
}

// String is path, message and fix in one line.
func (p Problem) String() string {
	s := p.Path + ": " + p.Message
	if p.Fix != "" {
		s += "; " + p.Fix
	}
	return s
}

// Failed reports whether one of the problems is an Error.
func Failed(ps []Problem) bool {
	for _, p := range ps {
		if p.Severity == Error {
			return true
		}
	}
	return false
}

// problems collects what compiling finds, so that all is reported at once.
type problems struct{ list []Problem }

func (ps *problems) add(p Problem) { ps.list = append(ps.list, p) }

func (ps *problems) errorf(path, fix, format string, args ...any) {
	ps.add(Problem{Path: path, Severity: Error, Message: fmt.Sprintf(format, args...), Fix: fix})
}

func (ps *problems) warnf(path, fix, format string, args ...any) {
	ps.add(Problem{Path: path, Severity: Warning, Message: fmt.Sprintf(format, args...), Fix: fix})
}

func (ps *problems) twicef(path, also, fix, format string, args ...any) {
	ps.add(Problem{Path: path, Also: also, Severity: Error, Message: fmt.Sprintf(format, args...), Fix: fix})
}
