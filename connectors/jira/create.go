package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"parley/connectors"
	"parley/connectors/transport"
)

// Create makes an issue in one request, its mark included as a property. The create
// screen of the issue type is read before, unless it is known: a required field that
// nobody gave is Invalid, and what the screen does not show is left out. After any
// answer to the creating request but a refusal the issue may exist: that is an Error
// of kind Unknown.
//
// Jira answers with no more than the id and the key. The issue has besides them what
// was sent; its status and its moments are zero, and take a Read.
func (c *Client) Create(ctx context.Context, d connectors.Draft) (connectors.Issue, error) {
	q := request{doing: fmt.Sprintf("create an issue in %.40q", d.Container), method: http.MethodPost, path: "issue", write: true}
	if err := c.checkDraft(q, d); err != nil {
		return connectors.Issue{}, err
	}
	who, err := c.learn(ctx)
	if err != nil {
		return connectors.Issue{}, err
	}
	f, err := c.formOf(ctx, q.doing, d.Container, d.Type)
	if err != nil {
		return connectors.Issue{}, err
	}
	body := drafted(who, d, f)
	if err := c.lacking(q, d, f, body.Fields); err != nil {
		return connectors.Issue{}, err
	}
	q.body = body
	if who.cloud {
		q.root = rootCloud
	}
	a, err := c.call(ctx, q)
	if err != nil {
		c.forms.forget()
		return connectors.Issue{}, doubted(err)
	}
	return c.made(who, q, a, d, f)
}

func (c *Client) checkDraft(q request, d connectors.Draft) error {
	refuse := func(field, message string) error {
		e := c.fail(q, connectors.Invalid, errors.New(message))
		e.Field = field
		return e
	}
	switch {
	case !projectKey.MatchString(d.Container):
		return refuse("project", "the container is no project key")
	case !connectors.IsMarker(d.Marker):
		return refuse("", "the draft has no mark that can be written")
	case strings.TrimSpace(d.Title) == "":
		return refuse("summary", "an issue needs a title")
	}
	for _, l := range d.Labels {
		if err := checkLabel(l); err != nil {
			return refuse("labels", err.Error())
		}
	}
	return nil
}

// newBody is what POST issue takes.
type newBody struct {
	Fields     map[string]any `json:"fields"`
	Properties []newProperty  `json:"properties"`
}

type newProperty struct {
	Key   string `json:"key"`
	Value mark   `json:"value"`
}

// drafted puts a draft into the form of the product, as far as its screen takes it.
func drafted(who identity, d connectors.Draft, f form) newBody {
	fields := map[string]any{
		"project":   map[string]string{"key": d.Container},
		"issuetype": idBody{string(f.issueType.ID)},
		"summary":   strings.TrimSpace(d.Title),
	}
	if body := plainProse(d.Body); body != "" && f.fields["description"] != nil {
		fields["description"] = wikiText(body)
		if who.cloud {
			fields["description"] = document(body)
		}
	}
	if len(d.Labels) > 0 && f.fields["labels"] != nil {
		fields["labels"] = d.Labels
	}
	if r := f.fields["reporter"]; r != nil && r.wanted() {
		fields["reporter"] = who.account(person(&who.me).ID)
	}
	return newBody{fields, []newProperty{{markerProperty, mark{d.Marker}}}}
}

// lacking fails where the screen requires fields that were not given.
func (c *Client) lacking(q request, d connectors.Draft, f form, given map[string]any) error {
	var keys, names []string
	for key, m := range f.fields {
		if _, ok := given[key]; !ok && m.wanted() {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		names = append(names, fmt.Sprintf("%s (%s)", f.fields[key].Name, key))
	}
	if len(keys) == 0 {
		return nil
	}
	c.forms.forget() // an administrator is expected to change it now
	e := c.fail(q, connectors.Invalid, fmt.Errorf("an issue of type %s in project %s requires %s", f.issueType.Name, d.Container, strings.Join(names, ", ")))
	e.Field = keys[0]
	e.Hint = "give the fields a default in Jira, make them optional for this issue type, or create issues of another type"
	return e
}

// doubted makes sure that a create whose outcome cannot be known is not taken for one
// that failed: a success in a shape that Jira does not send may still be one.
func doubted(err error) error {
	var e *connectors.Error
	if errors.As(err, &e) && e.Kind == connectors.Malformed && e.Status/100 == 2 {
		e.Kind = connectors.Unknown
	}
	return err
}

// made reads the answer to a create.
func (c *Client) made(who identity, q request, a transport.Answer, d connectors.Draft, f form) (connectors.Issue, error) {
	var answer struct {
		ID  text `json:"id"`
		Key text `json:"key"`
	}
	err := c.decode(q, a, &answer)
	project, _, _ := strings.Cut(string(answer.Key), "-") // the draft may spell it in another case
	if err == nil && (!plainID.MatchString(string(answer.ID)) || !plainID.MatchString(string(answer.Key)) || a.Status != http.StatusCreated) {
		err = c.malformed(q, a, errors.New("the answer names no new issue"))
	}
	if err != nil {
		return connectors.Issue{}, doubted(err)
	}
	return connectors.Issue{
		Ref:  connectors.Ref{Tracker: c.config.Name, ID: string(answer.ID), Key: string(answer.Key), Container: project},
		Kind: connectors.Jira, URL: c.browse(who, answer.Key), Title: strings.TrimSpace(d.Title), Type: string(f.issueType.Name),
		Reporter: person(&who.me), Creator: person(&who.me), Own: true, Marker: d.Marker,
	}, nil
}
