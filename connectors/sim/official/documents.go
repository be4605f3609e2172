package official

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// document is one description, as what is asked and as what is answered.
type document struct{ requests, answers routers.Router }

// documents are asked in order; the first that knows an operation is taken.
type documents []document

// The files of the documents, in the folder openapi of PARLEY_DATA.
var (
	atlassian = sync.OnceValues(func() (documents, error) { return read("", "openapi-cloud-v2.json", "openapi-cloud-v3.json") })
	octokit   = sync.OnceValues(func() (documents, error) { return read("", "api.github.com.sync.noexamples.json") })
)

// For gives the judge of a product. Where PARLEY_DATA is not set it is nil.
func For(t testing.TB, p Product) *Judge {
	t.Helper()
	if os.Getenv("PARLEY_DATA") == "" {
		return nil
	}
	load := atlassian
	if p == GitHub || p == GitHubEnterprise {
		load = octokit
	}
	docs, err := load()
	if err != nil {
		t.Fatalf("read the documents of %s: %v", p, err)
	}
	return &Judge{product: p, docs: docs, seen: map[string]int{}, known: map[[sha256.Size]byte]bool{}}
}

// Need is For, for tests that are about nothing else: they are skipped without documents.
func Need(t testing.TB, p Product) *Judge {
	t.Helper()
	j := For(t, p)
	if j == nil {
		t.Skip("PARLEY_DATA is not set: the OpenAPI documents of Atlassian and GitHub are not here")
	}
	return j
}

// Hear wraps a handler in the judge of a product; each objection fails the test. Without
// documents it gives h itself.
func Hear(t testing.TB, p Product, h http.Handler) http.Handler {
	t.Helper()
	return For(t, p).Wrap(h, func(objection error) { t.Error(objection) })
}

// HearAnswers is Hear for tests of a simulator, which ask for what nobody should.
func HearAnswers(t testing.TB, p Product, h http.Handler) http.Handler {
	t.Helper()
	return For(t, p).AnswersOnly().Wrap(h, func(objection error) { t.Error(objection) })
}

// read reads documents, without one of the exceptions if it is named.
func read(without string, names ...string) (documents, error) {
	var out documents
	for _, name := range names {
		raw, err := os.ReadFile(filepath.Join(os.Getenv("PARLEY_DATA"), "openapi", name))
		if err != nil {
			return nil, err
		}
		if raw, err = trimmed(raw); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		requests, err1 := router(amended(raw, without, requestText))
		answers, err2 := router(amended(raw, without, requestText, answerText))
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		out = append(out, document{requests, answers})
	}
	return out, nil
}

func router(raw []byte) (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	doc.Servers = nil
	return gorillamux.NewRouter(doc)
}

// find looks for the operation of a request.
func (d documents) find(x exchange, path string, body []byte) (*openapi3filter.RequestValidationInput, document, error) {
	copied := x.request.Clone(context.Background())
	copied.Body = io.NopCloser(bytes.NewReader(body))
	if copied.Method == http.MethodHead {
		copied.Method = http.MethodGet
	}
	copied.GetBody, copied.ContentLength = nil, int64(len(body)) // else what was sent first is read
	copied.URL.RawPath = path
	var err error
	if copied.URL.Path, err = url.PathUnescape(path); err != nil {
		return nil, document{}, err
	}
	for _, doc := range d {
		var route *routers.Route
		var params map[string]string
		if route, params, err = doc.requests.FindRoute(copied); err == nil {
			return &openapi3filter.RequestValidationInput{
				Request: copied, PathParams: params, Route: route,
				Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
			}, doc, nil
		}
	}
	return nil, document{}, err
}
