package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/sync/store/open"
)

// A store that cannot be read to its end is told with what to do about it.
func TestFsckOfADamagedFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "parley.db")
	db, err := open.Open(t.Context(), "sqlite:"+file)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096 // the third belongs to a table
	damaged := slices.Concat(data[:2*page], bytes.Repeat([]byte{0xff}, page), data[3*page:])
	text := "[[github]]\nname = \"github\"\nurl = \"http://127.0.0.1:9\"\ntoken = \"file:token\"\nrepos = [\"acme/infra\"]\n" +
		"[[column]]\nkey = \"todo\"\nname = \"To do\"\ncategory = \"queue\"\ngithub = [\"open\"]\n"
	for name, content := range map[string][]byte{"parley.db": damaged, "token": []byte("t"), "config.toml": []byte(text)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs strings.Builder
	code := Main(t.Context(), []string{"-c", filepath.Join(dir, "config.toml"), "fsck"}, IO{Out: &out, Err: &errs}, "test")
	if code != exitFailure || !strings.HasSuffix(errs.String(), "malformed (11)\n"+startAnew+"\n") {
		t.Errorf("%d\n%s\n%s", code, out.String(), errs.String())
	}
}
