package official

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// Exception is one point in which a tracker, or its simulator, is known to be other than
// its maker's document says. docs/CONFORMANCE.md has the same table.
type Exception struct {
	ID       string
	Products []Product
	What     string // the exception
	Why      string // its reason

	part    part
	applies func(x exchange) bool   // to undescribed, request and answer
	text    func(raw []byte) []byte // of requestText and answerText
}

// part is what an exception is about.
type part uint8

const (
	undescribed part = iota // the whole exchange
	request
	answer
	body        // what is sent and answered, before it is judged
	requestText // the text of a document
	answerText  // the same, for what is answered only
)

var (
	everywhere = []Product{JiraCloud, JiraDataCenter, GitHub, GitHubEnterprise}
	anyJira    = []Product{JiraCloud, JiraDataCenter}
	anyGitHub  = []Product{GitHub, GitHubEnterprise}
)

// excepted reports whether an exchange needs no judgement in one of its parts.
func (j *Judge) excepted(p part, x exchange) bool {
	for _, e := range exceptions {
		if e.part == p && e.ID != j.without && slices.Contains(e.Products, j.product) && e.applies(x) {
			return true
		}
	}
	return false
}

// clean applies the exceptions about bodies.
func (j *Judge) clean(x exchange, raw []byte) []byte {
	for _, e := range exceptions {
		if e.part == body && e.ID != j.without && slices.Contains(e.Products, j.product) && (e.applies == nil || e.applies(x)) {
			raw = e.text(raw)
		}
	}
	return raw
}

// amended applies the exceptions about the documents themselves.
func amended(raw []byte, without string, parts ...part) []byte {
	for _, e := range exceptions {
		if e.ID != without && slices.Contains(parts, e.part) {
			raw = e.text(raw)
		}
	}
	return raw
}

// replace is a change of a document's text.
func replace(old, by string) func([]byte) []byte {
	return func(raw []byte) []byte { return bytes.ReplaceAll(raw, []byte(old), []byte(by)) }
}

// on fits exchanges by method and the document's path, or for what no document has the
// path of the request. A star stands for any text.
func on(method, path string) func(exchange) bool {
	fits := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(path), `\*`, ".*") + "$")
	return func(x exchange) bool {
		at := x.path
		if at == "" {
			at = x.request.URL.EscapedPath()
		}
		return (method == "*" || method == x.method) && fits.MatchString(at)
	}
}

// either fits what one of them fits.
func either(cases ...func(exchange) bool) func(exchange) bool {
	return func(x exchange) bool {
		return slices.ContainsFunc(cases, func(fits func(exchange) bool) bool { return fits(x) })
	}
}

// prefixes are what stands before a path of the documents.
var prefixes = regexp.MustCompile(`^(/ex/jira/[^/]+|/api/v3)`)

// byID is how GitHub's own links and redirects name a repository.
var byID = regexp.MustCompile(`^/repositories/\d+`)

// translate gives the path as the documents have it.
func translate(path string) string {
	path = prefixes.ReplaceAllString(path, "")
	path = strings.TrimSuffix(path, "/") // a lost name of a label
	path = byID.ReplaceAllString(path, "/repos/o/r")
	return strings.Replace(path, "/rest/api/latest/", "/rest/api/2/", 1)
}

func empty(x exchange) bool { return len(x.answered) == 0 }
