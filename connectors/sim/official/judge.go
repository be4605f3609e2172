package official

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/getkin/kin-openapi/openapi3filter"

	"parley/connectors/sim"
)

// Product is one of the four that the documents are applied to.
type Product string

// The products. Cloud and GitHub.com have documents of their own; the other two are held
// to those, with more exceptions.
const (
	JiraCloud        Product = "Jira Cloud"
	JiraDataCenter   Product = "Jira Data Center"
	GitHub           Product = "GitHub.com"
	GitHubEnterprise Product = "GitHub Enterprise Server"
)

// Judge holds exchanges to the documents of one product. It is safe for concurrent use.
type Judge struct {
	product Product
	docs    documents
	without string // the exception that is not made, for tests

	mu      sync.Mutex
	seen    map[string]int
	granted map[string]int
	known   map[[sha256.Size]byte]bool
}

// exchange is one request with its answer.
type exchange struct {
	product  Product
	method   string
	path     string // of the document, with its parameters in braces
	request  *http.Request
	sent     []byte
	status   int
	header   http.Header
	answered []byte
}

// Seen counts the judged exchanges by method and path of the document.
func (j *Judge) Seen() map[string]int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.seen)
}

// Granted counts by their ids how often exceptions were made.
func (j *Judge) Granted() map[string]int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.granted)
}

// Wrap gives a handler that answers as h does and hands each objection to wrong. Answers
// that go wrong on purpose are not judged, the requests for them are.
func (j *Judge) Wrap(h http.Handler, wrong func(objection error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchange{request: r}
		if r.Body != nil {
			x.sent, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(x.sent))
		}
		rec := httptest.NewRecorder()
		r, receipt := sim.WithReceipt(r)
		whole := false
		defer func() { // also where the handler cuts the connection
			if whole && !receipt.Fault {
				x.status, x.header, x.answered = rec.Code, rec.Header(), rec.Body.Bytes()
			}
			if err := j.Hold(x.request, x.sent, x.status, x.header, x.answered); err != nil {
				wrong(err)
			}
		}()
		h.ServeHTTP(rec, r)
		whole = true
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes()) // the client is gone; there is nobody to tell
	})
}

// Hold judges one exchange. A status of 0 is no answer: the request alone is judged. What
// was judged before, to the letter, is not judged again.
func (j *Judge) Hold(r *http.Request, sent []byte, status int, header http.Header, answered []byte) error {
	x := exchange{product: j.product, method: r.Method, request: r, sent: sent, status: status, header: header, answered: answered}
	if j.judged(x) {
		return nil
	}
	if err := j.hold(x); err != nil {
		return fmt.Errorf("%s: %s %s: %w", j.product, r.Method, r.URL.RequestURI(), err)
	}
	return nil
}

// judged remembers an exchange and reports whether it was held before.
func (j *Judge) judged(x exchange) bool {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%d\n%s\n%d\n%s", x.method, x.request.URL.RequestURI(), x.request.Header.Get("Content-Type"), len(x.sent), x.sent, x.status, x.answered)
	key := [sha256.Size]byte(h.Sum(nil))
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.known[key] {
		return true
	}
	j.known[key] = true
	return false
}

func (j *Judge) hold(x exchange) error {
	if j.excepted(undescribed, x) {
		return nil
	}
	path := translate(x.request.URL.EscapedPath())
	in, doc, err := j.docs.find(x, path, j.clean(x, x.sent))
	if err != nil {
		return fmt.Errorf("no document has it: %w", err)
	}
	x.path = in.Route.Path
	j.count(x.method + " " + x.path)
	if !j.excepted(request, x) {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			return fmt.Errorf("the request: %w", brief(err))
		}
	}
	if x.status == 0 || j.excepted(answer, x) {
		return nil
	}
	if in.Route, _, err = doc.answers.FindRoute(in.Request); err != nil {
		return fmt.Errorf("find its answers: %w", err)
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: x.status, Header: x.header, Options: in.Options,
		Body: io.NopCloser(bytes.NewReader(j.clean(x, x.answered))),
	}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		return fmt.Errorf("the answer %d: %w", x.status, brief(err))
	}
	return nil
}

func (j *Judge) count(operation string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seen[operation]++
}
