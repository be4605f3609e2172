package web

import (
	"compress/gzip"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// policy lets a page load what Parley itself serves, and nothing run that stands in
// a tracker's text.
const policy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// guard sets the headers that keep a page from being used against its reader, and
// refuses what another site sends in the reader's name.
func guard(next http.Handler, publicURL string) http.Handler {
	cross := http.NewCrossOriginProtection()
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" {
		// Behind a proxy the host of a request need not be the one that browsers know. An
		// address that does not do is not trusted, and the request has to fit by itself.
		_ = cross.AddTrustedOrigin(u.Scheme + "://" + u.Host)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !ours(r.Host, publicURL) {
			writeError(w, http.StatusMisdirectedRequest, "the board is not served under this name; server.public_url says under which")
			return
		}
		if err := cross.Check(r); err != nil {
			writeError(w, http.StatusForbidden, "this request comes from another site; open the board and try again")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ours reports whether a request was sent to a name that is the board's own: an
// address, this machine, or the host of its public URL. Any other name may have been
// pointed here by somebody whose page, in a reader's browser, then counts as ours.
func ours(host, publicURL string) bool {
	if u, err := url.Parse(publicURL); err == nil && u.Host != "" && strings.EqualFold(u.Host, host) {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	return net.ParseIP(host) != nil || host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// compress zips answers for those who can read it. The event stream is left as it
// is: it has to arrive line by line.
func compress(next http.Handler) http.Handler {
	var zippers sync.Pool
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v1/events" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Add("Vary", "Accept-Encoding")
		if r.Method == http.MethodHead || !takesGzip(r.Header.Get("Accept-Encoding")) {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipped{ResponseWriter: w, zippers: &zippers}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

// takesGzip reports whether an Accept-Encoding names gzip and does not weigh it 0.
func takesGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		_, q, given := strings.Cut(weight, "=")
		n, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !given || err == nil && n > 0
	}
	return false
}

// zipped begins to zip with the first byte of a body.
type zipped struct {
	http.ResponseWriter
	zippers *sync.Pool // used before, to be used again
	zip     *gzip.Writer
	begun   bool
}

// WriteHeader decides whether there will be a body to zip.
func (z *zipped) WriteHeader(status int) {
	if !z.begun {
		z.begun = true
		h := z.Header()
		if status != http.StatusNoContent && status != http.StatusNotModified && status >= http.StatusOK && h.Get("Content-Encoding") == "" {
			h.Set("Content-Encoding", "gzip")
			h.Del("Content-Length")
			z.zip = z.zipper()
			z.zip.Reset(z.ResponseWriter)
		}
	}
	z.ResponseWriter.WriteHeader(status)
}

func (z *zipped) zipper() *gzip.Writer {
	if used, ok := z.zippers.Get().(*gzip.Writer); ok {
		return used
	}
	return gzip.NewWriter(nil)
}

// Write zips.
func (z *zipped) Write(p []byte) (int, error) {
	if !z.begun {
		if z.Header().Get("Content-Type") == "" {
			z.Header().Set("Content-Type", http.DetectContentType(p))
		}
		z.WriteHeader(http.StatusOK)
	}
	if z.zip == nil {
		return z.ResponseWriter.Write(p)
	}
	return z.zip.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (z *zipped) Unwrap() http.ResponseWriter { return z.ResponseWriter }

func (z *zipped) close() {
	if z.zip == nil {
		return
	}
	_ = z.zip.Close() // the reader has gone if this fails
	z.zip.Reset(nil)
	z.zippers.Put(z.zip)
}
