package main

import (
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// one builds for one system: the archive, and the list of what the binary is made of.
func (o order) one(ctx context.Context, system string, beside []file) ([]string, error) {
	goos, goarch, ok := strings.Cut(system, "/")
	if !ok {
		return nil, fmt.Errorf("%q is no system; write one as linux/amd64", system)
	}
	dir, err := os.MkdirTemp("", "parley-dist-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	binary := filepath.Join(dir, "parley")
	if goos == "windows" {
		binary += ".exe"
	}
	env := []string{"CGO_ENABLED=0", "GOOS=" + goos, "GOARCH=" + goarch}
	if _, err := output(ctx, o.root, env, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./cmd/parley"); err != nil {
		return nil, err
	}
	made, err := o.pack(binary, goos, goarch, beside)
	if err != nil {
		return nil, err
	}
	bill, err := o.bill(binary, goos, goarch)
	return []string{made, bill}, err
}

// name of a file for one system, without what it ends in.
func (o order) name(goos, goarch string) string {
	return "parley_" + o.version + "_" + goos + "_" + goarch
}

// pack puts a binary and what belongs beside it into one archive.
func (o order) pack(binary, goos, goarch string, beside []file) (string, error) {
	body, err := os.ReadFile(binary)
	if err != nil {
		return "", fmt.Errorf("read binary: %w", err)
	}
	files := append([]file{{name: filepath.Base(binary), body: body, run: true}}, beside...)
	name, pack := o.name(goos, goarch)+".tar.gz", tarball
	if goos == "windows" {
		name, pack = o.name(goos, goarch)+".zip", zipped
	}
	return name, o.create(name, func(w io.Writer) error { return pack(w, o.name(goos, goarch), files, o.at) })
}

// bill writes the list of what a binary is made of.
func (o order) bill(binary, goos, goarch string) (string, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return "", fmt.Errorf("read what the binary is made of: %w", err)
	}
	name := o.name(goos, goarch) + ".cdx.json"
	return name, o.create(name, func(w io.Writer) error { return writeBill(w, info, o.version, o.at) })
}

func (o order) create(name string, fill func(io.Writer) error) error {
	f, err := os.Create(filepath.Join(o.out, name))
	if err != nil {
		return fmt.Errorf("create file: %w", err)
	}
	if err := fill(f); err != nil {
		_ = f.Close()
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("close %s: %w", name, err)
	}
	return nil
}

// given are the files of the repository that go along.
func given() []string {
	return []string{"LICENSE", "README.md", "CHANGELOG.md", "config.example.toml", "deploy/parley.service"}
}

// beside is what goes along with every binary.
func (o order) beside(ctx context.Context) ([]file, error) {
	var out []file
	for _, name := range given() {
		body, err := os.ReadFile(filepath.Join(o.root, filepath.FromSlash(name)))
		if err != nil {
			return nil, fmt.Errorf("read what goes along: %w", err)
		}
		out = append(out, file{name: filepath.Base(name), body: body})
	}
	page, err := output(ctx, o.root, nil, "go", "run", "./cmd/parley", "man")
	if err != nil {
		return nil, err
	}
	out = append(out, file{name: "parley.1", body: []byte(dated(page, o.at.Format("2006-01-02")))})
	for _, shell := range []string{"bash", "zsh", "fish"} {
		script, err := output(ctx, o.root, nil, "go", "run", "./cmd/parley", "completion", shell)
		if err != nil {
			return nil, err
		}
		out = append(out, file{name: "completion." + shell, body: []byte(script + "\n")})
	}
	terms, err := o.terms(ctx)
	return append(out, file{name: "THIRD-PARTY-LICENSES.txt", body: terms}), err
}

// dated is a man page of the day: the page's own is that of its making, which would make
// every build another one.
func dated(page, day string) string {
	return regexp.MustCompile(`(?m)^(\.TH \S+ \d+) "[^"]*"`).ReplaceAllString(page, `$1 "`+day+`"`) + "\n"
}

// sums writes the checksums of all files, as sha256sum --check reads them.
func sums(dir string, files []string, out io.Writer) error {
	var b strings.Builder
	for _, name := range slices.Sorted(slices.Values(files)) {
		body, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		sum := sha256.Sum256(body)
		fmt.Fprintf(&b, "%s  %s\n", hex.EncodeToString(sum[:]), name)
	}
	fmt.Fprintln(out, "SHA256SUMS")
	if err := os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(b.String()), 0o644); err != nil { //nolint:gosec // it is given away
		return fmt.Errorf("write checksums: %w", err)
	}
	return nil
}
