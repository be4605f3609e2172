package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// used is a module of which the program has code.
type used struct{ Path, Version, Dir string }

// asked has go list tell the module of each package, if it is another one's.
const asked = `{{with .Module}}{{if not .Main}}{"Path":{{printf "%q" .Path}},"Version":{{printf "%q" .Version}},"Dir":{{printf "%q" .Dir}}}{{end}}{{end}}`

// terms are the licences of everything that is linked into Parley: most of them ask that
// their text goes along with a binary.
func (o order) terms(ctx context.Context) ([]byte, error) {
	var lists strings.Builder
	for _, system := range o.systems {
		goos, goarch, _ := strings.Cut(system, "/")
		list, err := output(ctx, o.root, []string{"CGO_ENABLED=0", "GOOS=" + goos, "GOARCH=" + goarch}, "go", "list", "-deps", "-f", asked, "./cmd/parley")
		if err != nil {
			return nil, err
		}
		lists.WriteString(list + "\n")
	}
	modules, err := decode(lists.String())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("Parley is made with these modules. Each comes under its own terms, which follow.\n")
	for _, m := range modules {
		if err := m.write(&b); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// decode reads modules, each once, by their paths.
func decode(list string) ([]used, error) {
	var out []used
	for d := json.NewDecoder(strings.NewReader(list)); ; {
		var m used
		err := d.Decode(&m)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read list of modules: %w", err)
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b used) int { return strings.Compare(a.Path, b.Path) })
	return slices.Compact(out), nil
}

// write writes all that a module says of its terms. One that says nothing must not be
// given away.
func (m used) write(b *bytes.Buffer) error {
	names, err := m.files()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return fmt.Errorf("%s says nowhere on which terms it may be given away", m.Path)
	}
	for _, name := range names {
		body, err := os.ReadFile(filepath.Join(m.Dir, name))
		if err != nil {
			return fmt.Errorf("read licence: %w", err)
		}
		fmt.Fprintf(b, "\n%s\n%s %s: %s\n\n%s\n", strings.Repeat("-", 78), m.Path, m.Version, name, bytes.TrimSpace(body))
	}
	return nil
}

// files are those that hold a module's terms, by the names that people give them.
func (m used) files() ([]string, error) {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return nil, fmt.Errorf("look for a licence: %w", err)
	}
	named := regexp.MustCompile(`(?i)^(li[cs]en[cs]e|copying|notice|copyright|unlicense)([-.].*)?$`)
	var out []string
	for _, e := range entries {
		if !e.IsDir() && named.MatchString(e.Name()) && !strings.HasSuffix(e.Name(), ".go") {
			out = append(out, e.Name())
		}
	}
	return out, nil
}
