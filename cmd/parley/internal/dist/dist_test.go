package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func packed() ([]file, time.Time) {
	return []file{{name: "parley", body: []byte("binary"), run: true}, {name: "LICENSE", body: []byte("terms")}}, time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
}

// TestTheSameFilesMakeTheSameArchive: a build can be checked by building again, only
// where nothing but its content is in an archive.
func TestTheSameFilesMakeTheSameArchive(t *testing.T) {
	t.Parallel()
	files, at := packed()
	for name, pack := range map[string]func(io.Writer, string, []file, time.Time) error{"tar.gz": tarball, "zip": zipped} {
		var a, b, later bytes.Buffer
		if err := errors.Join(pack(&a, "parley_1", files, at), pack(&b, "parley_1", files, at), pack(&later, "parley_1", files, at.Add(time.Hour))); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s: two archives of the same files differ", name)
		}
		if bytes.Equal(a.Bytes(), later.Bytes()) {
			t.Errorf("%s: files of another commit make the same archive", name)
		}
	}
}

func TestArchivesHoldWhatWasPutIn(t *testing.T) {
	t.Parallel()
	files, at := packed()
	want := map[string]string{"parley_1/parley": "-rwxr-xr-x binary", "parley_1/LICENSE": "-rw-r--r-- terms"}
	var tarred, zip bytes.Buffer
	if err := errors.Join(tarball(&tarred, "parley_1", files, at), zipped(&zip, "parley_1", files, at)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, untar(t, &tarred)); diff != "" {
		t.Errorf("tar.gz (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, unzip(t, zip.Bytes())); diff != "" {
		t.Errorf("zip (-want +got):\n%s", diff)
	}
}

func untar(t *testing.T, r io.Reader) map[string]string {
	t.Helper()
	z, err := gzip.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for in := tar.NewReader(z); ; {
		head, err := in.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		body, readErr := io.ReadAll(in)
		if err := errors.Join(err, readErr); err != nil {
			t.Fatal(err)
		}
		out[head.Name] = head.FileInfo().Mode().String() + " " + string(body)
	}
}

func unzip(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = f.Mode().String() + " " + string(body)
	}
	return out
}

// TestTheBillNamesEveryModule: the hash is that of go.sum, as other programs write it.
func TestTheBillNamesEveryModule(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{
		GoVersion: "go1.26.8", Settings: []debug.BuildSetting{{Key: "GOOS", Value: "linux"}},
		Deps: []*debug.Module{
			{Path: "example.org/a", Version: "v1.0.0+incompatible", Sum: "h1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
			{Path: "example.org/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/c", Version: "v2.0.0"}},
		},
	}
	_, at := packed()
	var out bytes.Buffer
	if err := writeBill(&out, info, "1.2.3", at); err != nil {
		t.Fatal(err)
	}
	var got bill
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := []component{
		{Type: "library", Ref: "std", Name: "std", Version: "1.26.8", URL: "pkg:golang/std@1.26.8"},
		{Type: "library", Ref: "pkg:golang/example.org/a@v1.0.0%2Bincompatible", Name: "example.org/a", Version: "v1.0.0+incompatible", URL: "pkg:golang/example.org/a@v1.0.0%2Bincompatible", Hashes: []hash{{"SHA-256", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}}},
		{Type: "library", Ref: "pkg:golang/example.org/c@v2.0.0", Name: "example.org/c", Version: "v2.0.0", URL: "pkg:golang/example.org/c@v2.0.0"},
	}
	if diff := cmp.Diff(want, got.Components); diff != "" {
		t.Errorf("components (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(property{"go:build:GOOS", "linux"}, got.Metadata.Component.Settled[0]); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	info.Deps[0].Sum = "h1:short"
	if err := writeBill(io.Discard, info, "1.2.3", at); err == nil || !strings.Contains(err.Error(), "example.org/a") {
		t.Errorf("a hash that is none: %v", err)
	}
}

// TestTermsGoAlong: every module that is linked has its licence in the text; one without
// any stops the build.
func TestTermsGoAlong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var b bytes.Buffer
	m := used{Path: "example.org/a", Version: "v1.0.0", Dir: dir}
	if err := m.write(&b); err == nil {
		t.Error("a module without terms is given away")
	}
	for name, body := range map[string]string{"LICENCE.md": "you may", "NOTICE": "who made it", "license.go": "package a"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	names, err := m.files()
	if err != nil || !slices.Equal(names, []string{"LICENCE.md", "NOTICE"}) {
		t.Errorf("files with terms are %q, %v", names, err)
	}
	if err := m.write(&b); err != nil || !strings.Contains(b.String(), "you may") || !strings.Contains(b.String(), "who made it") {
		t.Errorf("terms are %q, %v", b.String(), err)
	}
}

func TestModulesAreListedOnce(t *testing.T) {
	t.Parallel()
	got, err := decode(`{"Path":"b","Version":"v1","Dir":"/b"}` + "\n\n" + `{"Path":"a","Version":"v1","Dir":"/a"}` + "\n" + `{"Path":"b","Version":"v1","Dir":"/b"}`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]used{{"a", "v1", "/a"}, {"b", "v1", "/b"}}, got); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
}

func TestManPagesAreDatedByTheCommit(t *testing.T) {
	t.Parallel()
	if got := dated(`.TH PARLEY 1 "2030-01-01" "parley" "One board"`, "2026-11-23"); got != `.TH PARLEY 1 "2026-11-23" "parley" "One board"`+"\n" {
		t.Error(got)
	}
}

func TestChecksumsAreThoseThatSha256sumReads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := sums(dir, []string{"a"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if want := "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n"; err != nil || string(got) != want { // FIPS 180-2, B.1
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
