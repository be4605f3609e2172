package github

import (
	"context"
	"net/http"
	"strings"

	"parley/connectors"
)

// maxBody is how long the body of an issue may be, in characters.
const maxBody = 65536

// Create makes an issue in one request, its mark included as the last line of the
// body. A body that is too long is cut. After any answer but a refusal the issue may
// exist: that is an Error of kind Unknown. The first call of a client may ask who the
// account is before.
func (c *Client) Create(ctx context.Context, d connectors.Draft) (connectors.Issue, error) {
	q := call{doing: "create an issue in " + quote(d.Container), method: http.MethodPost, path: "repos/" + d.Container + "/issues"}
	if err := c.checkDraft(q, d); err != nil {
		return connectors.Issue{}, err
	}
	if err := c.account(ctx); err != nil {
		return connectors.Issue{}, err
	}
	q.body = struct {
		Title  string   `json:"title"`
		Body   string   `json:"body"`
		Labels []string `json:"labels,omitempty"`
	}{d.Title, marked(d.Body, d.Marker), d.Labels}
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Issue{}, err
	}
	var row issueJSON
	if err := c.decode(q, a, &row); err != nil {
		return connectors.Issue{}, err
	}
	if a.Status != http.StatusCreated || !row.sound() || !row.timely(serverTime(a.Header)) {
		return connectors.Issue{}, c.unreadable(q, a.Status, "the answer is no new issue", nil)
	}
	return c.issue(c.spelling(d.Container), &row), nil
}

// checkDraft refuses what must not be sent: without its mark an issue whose answer is
// lost could not be found again.
func (c *Client) checkDraft(q call, d connectors.Draft) error {
	if err := checkRepo(d.Container); err != nil {
		return c.fail(q, connectors.Invalid, err.Error(), nil)
	}
	e := c.fail(q, connectors.Invalid, "", nil)
	switch {
	case !connectors.IsMarker(d.Marker):
		e.Message = "the draft has no mark that can be written"
	case strings.TrimSpace(d.Title) == "":
		e.Message, e.Field = "an issue needs a title", "title"
	case d.Type != "":
		e.Message, e.Field, e.Hint = "GitHub makes no issues of a type here", "type", "leave the type out for a repository"
	default:
		return nil
	}
	return e
}
