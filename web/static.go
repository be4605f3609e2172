package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var staticFiles embed.FS

// static serves the embedded files. Their addresses carry a hash of all of them
// (?v=…), so that browsers may keep what they have for ever.
type static struct {
	files   map[string][]byte
	version string
}

func mustStatic() *static {
	s := &static{files: map[string][]byte{}}
	sum := sha256.New()
	err := fs.WalkDir(staticFiles, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := staticFiles.ReadFile(name)
		if err != nil {
			return err
		}
		s.files[strings.TrimPrefix(name, "static/")] = body
		fmt.Fprintf(sum, "%s %d\n", name, len(body))
		sum.Write(body)
		return nil
	})
	if err != nil {
		panic(err) // the files are part of the binary
	}
	s.version = hex.EncodeToString(sum.Sum(nil)[:6])
	return s
}

// url is the address of a file as pages link it.
func (s *static) url(name string) string { return "/static/" + name + "?v=" + s.version }

// ServeHTTP gives one file.
func (s *static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	body, ok := s.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("ETag", `"`+s.version+`"`)
	h.Set("Cache-Control", "no-cache") // modules import each other without a version
	if r.URL.Query().Get("v") == s.version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == h.Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body)
}
