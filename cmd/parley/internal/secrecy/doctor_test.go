package secrecy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/cmd/parley/internal/cli"
)

// diagnosed fails where what parley doctor gathers, which is sent to strangers, holds a word
// that is more than the name of a project or repository in the configuration, a person, an
// address, or the name or value of a variable that Parley does not know.
func (d *daemon) diagnosed(t *testing.T) {
	t.Helper()
	const variable, value = "PARLEY_TEST_ZQXDEADXQZ", "zqxbeefxqz"
	if err := os.Setenv(variable, value); err != nil { //nolint:usetesting // the test runs beside others, none of which reads it
		t.Fatal(err)
	}
	defer func() { _ = os.Unsetenv(variable) }()
	var out bytes.Buffer
	file := filepath.Join(t.TempDir(), "doctor.tar.gz")
	if code := cli.Main(t.Context(), []string{"doctor", "--out", file, "--config", d.file}, cli.IO{Out: &out, Err: &out}, "test"); code != 0 {
		t.Errorf("parley doctor ends with %d: %s", code, out.String())
	}
	all := out.String() + unpacked(t, file)
	for _, part := range []string{"integrity", "schema version", "source jira", "/readyz answers 200", "parley_cards", "jira[0].token = set", "unit[0].key"} {
		if !strings.Contains(all, part) {
			t.Errorf("parley doctor does not tell %q", part)
		}
	}
	for _, w := range words(all) {
		if !d.plants[w].known {
			t.Errorf("parley doctor holds the %q (%s)", d.plants[w].place, w)
		}
	}
	for _, private := range []string{"acme.example", "Leila", "Hanna", "OPS-1", d.jira, d.github} {
		if strings.Contains(all, private) {
			t.Errorf("parley doctor holds %q", private)
		}
	}
}

// unpacked is everything that an archive holds.
func unpacked(t *testing.T, file string) string {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the archive: %v, %v", info.Mode(), err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for archive := tar.NewReader(zip); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(header.Name + "\n")
		if _, err := io.Copy(&all, archive); err != nil {
			t.Fatal(err)
		}
	}
}
