package transport

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// Answer is a response with its body read.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Read takes the whole response and closes its body. When the body breaks off
// or is too large, the answer has what came before together with the error.
func Read(resp *http.Response) (Answer, error) {
	defer func() { _ = resp.Body.Close() }()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	var err error
	if a.Body, err = io.ReadAll(resp.Body); err != nil {
		return a, fmt.Errorf("read answer: %w", err)
	}
	return a, nil
}

// IsJSON reports whether a header declares JSON: application/json or any type
// that ends in +json. A sign-in page behind status 200 declares HTML.
func IsJSON(h http.Header) bool {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		// A damaged parameter leaves the type itself readable.
		media, _, _ = strings.Cut(h.Get("Content-Type"), ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}
	return media == "application/json" || strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// CheckJSON fails with the declared type when a body is not JSON by IsJSON.
func CheckJSON(h http.Header) error {
	if IsJSON(h) {
		return nil
	}
	ct := h.Get("Content-Type")
	if ct == "" {
		ct = "no type at all"
	}
	return fmt.Errorf("read answer: expected JSON, got %.80q", ct)
}
