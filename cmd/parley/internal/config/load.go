package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"parley/mapping"
)

// largest is the size of file that is read at most.
const largest = 4 << 20

// Load reads and checks a configuration file, and resolves its secrets and paths.
// Config is nil if one of the problems is an error.
func Load(path string) (*Config, []Problem) { return LoadEnv(path, os.LookupEnv) }

// LoadEnv is Load with an environment of one's own.
func LoadEnv(path string, env func(name string) (value string, ok bool)) (*Config, []Problem) {
	config, problems := Inspect(path, env)
	if Failed(problems) {
		return nil, problems
	}
	return config, problems
}

// Inspect is LoadEnv for looking further: it gives what could be read of a file also
// where errors keep it from being run with. Config is nil where nothing could, as in
// a text that is not TOML or holds a value of the wrong kind.
func Inspect(path string, env func(name string) (value string, ok bool)) (*Config, []Problem) {
	text, err := ReadText(path)
	if err != nil {
		return nil, []Problem{{File: path, Message: "cannot be read: " + cause(err), Fix: "parley init writes a first one; or name another with --config"}}
	}
	return InspectText(path, text, env)
}

// InspectText is Inspect for a text that is to be the file at path.
func InspectText(path, text string, env func(name string) (value string, ok bool)) (*Config, []Problem) {
	return inspect(path, text, env)
}

// ReadText reads a file of at most 4 MB; a longer one is none that somebody wrote. The error
// is an *os.PathError.
func ReadText(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err == nil && len(data) > largest {
		err = &os.PathError{Op: "read", Path: path, Err: fmt.Errorf("larger than %d bytes", largest)}
	}
	return string(data), err
}

// cause is the innermost error: the path is printed anyway.
func cause(err error) string {
	if pathError, ok := errors.AsType[*os.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}

func parse(path, text string, env func(string) (string, bool)) (*Config, []Problem) {
	config, problems := inspect(path, text, env)
	if Failed(problems) {
		return nil, problems
	}
	return config, problems
}

func inspect(path, text string, env func(string) (string, bool)) (*Config, []Problem) {
	var have map[string]any
	if _, err := toml.Decode(text, &have); err != nil {
		return nil, []Problem{syntaxProblem(path, err)}
	}
	c := checker{source: source{path, index(text)}, env: env}
	if c.compare("", have, reflect.TypeFor[Config]()); c.misfit {
		return nil, c.sorted()
	}
	config := defaults()
	config.source = c.source
	if _, err := toml.Decode(text, config); err != nil {
		return nil, append(c.sorted(), syntaxProblem(path, err))
	}
	c.check(config)
	return config, c.sorted()
}

// syntaxProblem says what is wrong in own words: those of the parser quote the text,
// and there may be a secret in it.
func syntaxProblem(path string, err error) Problem {
	p := Problem{File: path, Line: 1, Message: "is not TOML"}
	syntax, ok := errors.AsType[toml.ParseError](err)
	if !ok {
		return p
	}
	p.Line, p.Path = max(1, syntax.Position.Line), syntax.LastKey
	for _, known := range [...]struct{ sign, message, fix string }{
		{"already", "is written twice", "keep it once, or make it a list with [[…]]"},
		{"unexpected EOF", "the file ends in the middle of something", "look for a missing quote or bracket"},
		{"strings cannot contain newlines", "the text has no closing quote in its line", ""},
		{"invalid escape", "a backslash in double quotes begins a special character", `write \\, or use single quotes`},
		{"expected value", "a value is expected", "a text stands in quotes"},
		{"end with a newline", "something follows the value", "write one setting a line"},
		{"expected '.' or '='", "a key and a value are expected", `write KEY = "VALUE"`},
		{"comma", "a comma or a closing bracket is missing", ""},
		{"invalid UTF-8", "is not UTF-8 text", "save the file as UTF-8"},
	} {
		if strings.Contains(syntax.Message, known.sign) {
			p.Message, p.Fix = known.message, known.fix
			return p
		}
	}
	p.Fix = "look at quotes and brackets in and above this line"
	return p
}

// checker collects what is found in one file.
type checker struct {
	source source
	env    func(string) (string, bool)
	list   []Problem
	misfit bool // a value is of another kind than its key takes
}

func (c *checker) addf(severity mapping.Severity, path, fix, format string, args ...any) {
	c.list = append(c.list, Problem{File: c.source.file, Line: c.source.lines.line(path), Path: path,
		Severity: severity, Message: fmt.Sprintf(format, args...), Fix: fix})
}

func (c *checker) errorf(path, fix, format string, args ...any) {
	c.addf(mapping.Error, path, fix, format, args...)
}

func (c *checker) warnf(path, fix, format string, args ...any) {
	c.addf(mapping.Warning, path, fix, format, args...)
}

// sorted gives the problems in the order of the file.
func (c *checker) sorted() []Problem {
	slices.SortStableFunc(c.list, func(a, b Problem) int { return a.Line - b.Line })
	return c.list
}

// path makes a path in the file absolute.
func (s source) path(p string) string {
	if filepath.IsAbs(p) {
		return filepath.Clean(p)
	}
	dir, err := filepath.Abs(filepath.Dir(s.file))
	if err != nil { // no working directory: the path stays relative to the file
		dir = filepath.Dir(s.file)
	}
	return filepath.Join(dir, p)
}
