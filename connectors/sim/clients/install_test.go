package clients

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// oldest is the first Node that the clients run on.
const oldest = 20

// once installs for all tests of a run.
var once = sync.OnceValues(install)

// installed gives the folder node_modules with the clients in it. Without Node and npm,
// or where the packages cannot be had, the test is skipped.
func installed(t *testing.T) string {
	t.Helper()
	dir, missing := once()
	if missing != "" {
		t.Skip(missing)
	}
	return dir
}

// install puts the clients into the user's cache, in a folder for this very lock file. It
// is made under another name first, so that one that broke off is never taken for whole.
func install() (modules, missing string) {
	out, err := exec.Command("node", "--version").Output()
	if err != nil {
		return "", "Node is not installed; apt-get install nodejs npm"
	}
	if major, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(string(out)), "v"), "."); !atLeast(major) {
		return "", "Node " + strings.TrimSpace(string(out)) + " is too old for the clients; they need 20"
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	files := map[string][]byte{}
	sum := sha256.New()
	for _, name := range []string{"package.json", "package-lock.json"} {
		if files[name], err = os.ReadFile(filepath.Join("npm", name)); err != nil {
			return "", err.Error()
		}
		sum.Write(files[name])
	}
	home := filepath.Join(cache, "parley-clients-"+hex.EncodeToString(sum.Sum(nil))[:16])
	modules = filepath.Join(home, "node_modules")
	if _, err := os.Stat(modules); err == nil {
		return modules, ""
	}
	if why := fetch(home, files); why != "" {
		return "", why
	}
	return modules, ""
}

func atLeast(major string) bool {
	n, err := strconv.Atoi(major)
	return err == nil && n >= oldest
}

// fetch has npm install what the lock file names.
func fetch(home string, files map[string][]byte) (missing string) {
	if err := os.MkdirAll(filepath.Dir(home), 0o700); err != nil {
		return err.Error()
	}
	dir, err := os.MkdirTemp(filepath.Dir(home), "parley-clients-new-")
	if err != nil {
		return err.Error()
	}
	defer os.RemoveAll(dir)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err.Error()
		}
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "npm ci cannot install the clients: " + err.Error() + ": " + string(bytes.TrimSpace(out)) + "; apt-get install npm, and let it reach its registry once"
	}
	if err := os.Rename(dir, home); err != nil {
		if _, there := os.Stat(home); there != nil { // nobody else was faster
			return err.Error()
		}
	}
	return ""
}
