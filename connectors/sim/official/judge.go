package official

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"net/http"
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
	product     Product
	docs        documents
	answersOnly bool
	without     string // the exception that is not made, for tests

	mu    sync.Mutex
	seen  map[string]int
	known map[[sha256.Size]byte]bool
}

// exchange is one request with its answer; a status of 0 is none.
type exchange struct {
	method   string
	path     string // of the document, with its parameters in braces
	request  *http.Request
	sent     []byte
	status   int
	named    bool // the document has this status for this operation
	header   http.Header
	answered []byte
}

// Seen counts the judged exchanges by method and path of the document.
func (j *Judge) Seen() map[string]int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.seen)
}

// AnswersOnly makes the judge pass over requests, and over refusals of what is no operation.
func (j *Judge) AnswersOnly() *Judge {
	if j != nil {
		j.answersOnly = true
	}
	return j
}

// Wrap gives a handler that answers as h does and hands each objection to wrong. Answers
// that go wrong on purpose are not judged, the requests for them are. No judge gives h.
func (j *Judge) Wrap(h http.Handler, wrong func(objection error)) http.Handler {
	if j == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var sent []byte
		if r.Body != nil {
			sent, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(sent))
		}
		in, receipt := sim.WithReceipt(r)
		out := &tee{ResponseWriter: w}
		whole := false
		defer func() { // also where the handler cuts the connection
			x := exchange{method: r.Method, request: r, sent: sent}
			if whole && !receipt.Fault {
				x.status, x.header, x.answered = cmp.Or(out.status, http.StatusOK), out.Header(), out.body
			}
			if err := j.object(x); err != nil {
				wrong(err)
			}
		}()
		h.ServeHTTP(out, in)
		whole = true
	})
}

// object judges one exchange. What was judged before, to the letter, is not judged again.
func (j *Judge) object(x exchange) error {
	if j.judged(x) {
		return nil
	}
	if err := j.hold(x); err != nil {
		return fmt.Errorf("%s: %s %s: %w", j.product, x.method, x.request.URL.RequestURI(), err)
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
	if err != nil && j.answersOnly && x.status >= http.StatusBadRequest {
		return nil
	}
	if err != nil {
		return fmt.Errorf("no document has it: %w", err)
	}
	x.path = in.Route.Path
	x.named = in.Route.Operation.Responses.Status(x.status) != nil
	j.count(x.method + " " + x.path)
	if !j.answersOnly && !j.excepted(request, x) {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			return fmt.Errorf("the request: %w", brief(err))
		}
	}
	if x.status == 0 || x.method == http.MethodHead || j.excepted(answer, x) {
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
