package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/connectors"
)

// editBody is what PUT issue takes. A list is changed by operations on its elements,
// never set whole, so that nobody's edit of another label can be overwritten.
type editBody struct {
	Fields   map[string]any                 `json:"fields,omitempty"`
	Update   map[string][]map[string]string `json:"update,omitempty"`
	Metadata *metadata                      `json:"historyMetadata,omitempty"`
}

// edit changes one field.
func (c *Client) edit(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	who, err := c.learn(ctx)
	if err != nil {
		return connectors.Receipt{}, err
	}
	what, body, err := edited(who, w)
	doing := fmt.Sprintf("set the %s of %s", what, called(w.Issue))
	if err != nil {
		e := c.fail(request{doing: doing}, connectors.Invalid, err)
		e.Field = what
		return connectors.Receipt{}, e
	}
	return c.put(ctx, who, path, doing, w, body)
}

// put asks for the issue in the answer: it verifies the write and shows what it
// replaced. Data Center answers without.
func (c *Client) put(ctx context.Context, who identity, path, doing string, w connectors.Write, body editBody) (connectors.Receipt, error) {
	body.Metadata = about(w.Op)
	a, err := c.call(ctx, request{
		doing: doing, method: http.MethodPut, path: path, write: true, body: body,
		query: url.Values{"returnIssue": {"true"}, "expand": {"changelog"}, "properties": ourProperties()},
	})
	if err != nil {
		return connectors.Receipt{}, err
	}
	return c.receipt(who, w, a.Body), nil
}

// edited puts the one field of a write into the form that Jira takes, and names it in
// Jira's words.
func edited(who identity, w connectors.Write) (what string, body editBody, err error) {
	set := func(field string, value any) (string, editBody, error) {
		return field, editBody{Fields: map[string]any{field: value}}, nil
	}
	label := func(op, name string) (string, editBody, error) {
		return "labels", editBody{Update: map[string][]map[string]string{"labels": {{op: name}}}}, checkLabel(name)
	}
	switch {
	case w.Priority != "":
		return set("priority", idBody{w.Priority})
	case w.Title != "":
		return set("summary", w.Title)
	case w.Due != "":
		what, body, _ = set("duedate", w.Due)
		if _, err := time.Parse(time.DateOnly, w.Due); err != nil {
			return what, body, fmt.Errorf("%.40q is no date; write it as 2026-12-24", w.Due)
		}
		return what, body, nil
	case w.Assign != "":
		return set("assignee", who.account(w.Assign))
	case w.AddLabel != "":
		return label("add", w.AddLabel)
	}
	return label("remove", w.RemoveLabel)
}

// checkLabel refuses what Jira would refuse, or worse, take for several labels.
func checkLabel(name string) error {
	if strings.ContainsAny(name, " \t\r\n") {
		return errors.New("a label of Jira holds no spaces; map it to one without")
	}
	if len([]rune(name)) > 255 {
		return errors.New("a label of Jira has at most 255 characters")
	}
	return nil
}

// account is how a field names somebody: by the id on Cloud, by the name on Data Center.
func (who identity) account(id string) map[string]string {
	if who.cloud {
		return map[string]string{"accountId": id}
	}
	return map[string]string{"name": id}
}

// unassign takes the assignee off if it is the one meant; see Send.
func (c *Client) unassign(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	now, err := c.Read(ctx, w.Issue)
	if err != nil {
		return connectors.Receipt{}, err
	}
	if a := now.Issue.Assignees; len(a) == 0 || a[0].ID != w.Unassign {
		return connectors.Receipt{Issue: &now.Issue, Entries: now.Entries, Since: now.Since}, nil
	}
	who, err := c.learn(ctx)
	if err != nil {
		return connectors.Receipt{}, err
	}
	body := editBody{Fields: map[string]any{"assignee": nil}}
	return c.put(ctx, who, path, "set the assignee of "+called(w.Issue), w, body)
}
