package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/connectors"
)

// fieldValueJSON is what an issue has in a field of its organisation.
type fieldValueJSON struct {
	Name   string `json:"issue_field_name"`
	Option *struct {
		Name string `json:"name"`
	} `json:"single_select_option"`
}

// takeFields puts what an issue's fields hold into it.
func (c *Client) takeFields(out *connectors.Issue, values []fieldValueJSON) {
	for _, of := range c.held.inFields() {
		for _, v := range values {
			if v.Option != nil && strings.EqualFold(v.Name, c.held.places[of].Field) {
				choose(out, of, v.Option.Name)
			}
		}
	}
}

func choose(i *connectors.Issue, of, option string) {
	if of == ofStatus {
		i.Status = connectors.Option{Name: option}
	} else {
		i.Priority = connectors.Option{Name: option}
	}
}

// issueField is the field of an organisation that holds something, read where it was not
// or where fresh asks for it.
func (c *Client) issueField(ctx context.Context, org, of string, fresh bool) (optionList, error) {
	name, key := c.held.places[of].Field, strings.ToLower(org)
	doing := fmt.Sprintf("read the field %q of %s", name, org)
	c.held.mu.Lock()
	all, known := c.held.orgs[key]
	c.held.mu.Unlock()
	if !known || fresh {
		var err error
		if all, err = c.issueFields(ctx, doing, org); err != nil {
			return optionList{}, err
		}
		c.held.mu.Lock()
		c.held.orgs[key] = all
		c.held.mu.Unlock()
	}
	for _, l := range all {
		if strings.EqualFold(l.name, name) {
			return l, nil
		}
	}
	e := c.fail(call{doing: doing}, connectors.Invalid, "there is no such field of single options", nil)
	e.Field, e.Hint = of, "add it in the organisation's settings, or keep the "+of+" in labels"
	return optionList{}, e
}

// issueFields are the fields of single options that an organisation has.
func (c *Client) issueFields(ctx context.Context, doing, org string) ([]optionList, error) {
	q := get(doing, "orgs/"+url.PathEscape(org)+"/issue-fields")
	a, err := c.do(ctx, q)
	if err != nil {
		if e, ok := errors.AsType[*connectors.Error](err); ok && e.Kind == connectors.NotFound {
			e.Hint = "only organisations at GitHub.com have Issue Fields, and the token must be allowed to read the organisation"
		}
		return nil, err
	}
	var rows []struct {
		ID      int64  `json:"id"`
		Name    string `json:"name"`
		Type    string `json:"data_type"`
		Options []struct {
			ID   int64  `json:"id"`
			Name string `json:"name"`
		} `json:"options"`
	}
	if err := c.decode(q, a, &rows); err != nil {
		return nil, err
	}
	out := []optionList{}
	for _, r := range rows {
		if r.Type != "single_select" || r.ID <= 0 {
			continue
		}
		l := optionList{id: strconv.FormatInt(r.ID, 10), name: r.Name}
		for _, o := range r.Options {
			l.options = append(l.options, choice{strconv.FormatInt(o.ID, 10), o.Name})
		}
		out = append(out, l)
	}
	return out, nil
}

// setField sets an Issue Field, by the name of the option. What is sent is one value:
// an empty list would clear all fields of the issue.
func (c *Client) setField(ctx context.Context, path string, w connectors.Write) (connectors.Receipt, error) {
	of, org := w.Choose.Of, c.ownerOf(w.Issue.Container)
	q := call{doing: choosing(w), method: http.MethodPost, path: path + "/issue-field-values"}
	field, err := c.issueField(ctx, org, of, false)
	if err != nil {
		return connectors.Receipt{}, err
	}
	if w.Choose.Option == "" {
		return c.clearField(ctx, path, w, field)
	}
	option, ok := field.find(w.Choose.Option)
	if !ok {
		if field, err = c.issueField(ctx, org, of, true); err != nil {
			return connectors.Receipt{}, err
		}
		if option, ok = field.find(w.Choose.Option); !ok {
			return connectors.Receipt{}, c.noOption(q, "the organisation "+org, field, w)
		}
	}
	id, err := strconv.ParseInt(field.id, 10, 64)
	if err != nil {
		return connectors.Receipt{}, c.fail(q, connectors.Malformed, "the field's id is no number", nil)
	}
	q.body = map[string]any{"issue_field_values": []map[string]any{{"field_id": id, "value": option.name}}}
	a, err := c.do(ctx, q)
	if err != nil {
		return connectors.Receipt{}, c.forgetField(err, org)
	}
	var values []fieldValueJSON
	if err := c.decode(q, a, &values); err != nil {
		return connectors.Receipt{}, err
	}
	for _, v := range values {
		if v.Option != nil && strings.EqualFold(v.Name, field.name) && strings.EqualFold(v.Option.Name, option.name) {
			return connectors.Receipt{Chosen: &connectors.Choice{Of: of, Option: v.Option.Name}}, nil
		}
	}
	e := c.fail(q, connectors.Forbidden, "GitHub accepted the request and left the field as it was", nil)
	e.Status, e.Field, e.Hint = a.Status, of, "the account needs push access to the repository to set fields"
	return connectors.Receipt{}, e
}

// clearField takes off what a field is set to; that it is set to nothing already is no
// failure.
func (c *Client) clearField(ctx context.Context, path string, w connectors.Write, field optionList) (connectors.Receipt, error) {
	q := call{doing: choosing(w), method: http.MethodDelete, path: path + "/issue-field-values/" + field.id}
	a, err := c.do(ctx, q)
	if err == nil && a.Status != http.StatusNoContent {
		return connectors.Receipt{}, c.unreadable(q, a.Status, "the answer is not that of a value that was taken off", nil)
	}
	if refusedAs(err, connectors.NotFound) {
		r, missing := c.do(ctx, get(q.doing, path)) // the issue itself may be what is not there
		if missing != nil {
			return connectors.Receipt{}, missing
		}
		if err = nil; r.Status != http.StatusOK {
			return connectors.Receipt{}, c.unreadable(q, r.Status, "the answer is no issue", nil)
		}
	}
	if err != nil {
		return connectors.Receipt{}, c.forgetField(err, c.ownerOf(w.Issue.Container))
	}
	return connectors.Receipt{Chosen: &connectors.Choice{Of: w.Choose.Of}}, nil
}

// forgetField has the fields of an organisation read again after a refusal: they may have
// changed since.
func (c *Client) forgetField(err error, org string) error {
	var e *connectors.Error
	if errors.As(err, &e) && e.Kind == connectors.Invalid {
		e.Hint = hintGone
		c.held.mu.Lock()
		defer c.held.mu.Unlock()
		delete(c.held.orgs, strings.ToLower(org))
	}
	return err
}

// hintGone is the advice where an option was refused that the field had just before.
const hintGone = "the option may have been renamed or removed just now: see that the configuration lists those that are there"

// choosing says what a write of an option is for.
func choosing(w connectors.Write) string {
	if w.Choose.Option == "" {
		return fmt.Sprintf("take the %s off %s", w.Choose.Of, w.Issue.Key)
	}
	return fmt.Sprintf("set the %s of %s to %q", w.Choose.Of, w.Issue.Key, w.Choose.Option)
}

// noOption refuses an option that a field does not have.
func (c *Client) noOption(q call, holder string, field optionList, w connectors.Write) error {
	e := c.fail(q, connectors.Invalid, fmt.Sprintf("the field %q of %s has no option %q; it has %s", field.name, holder, w.Choose.Option, strings.Join(field.names(), ", ")), nil)
	e.Field, e.Hint = w.Choose.Of, "add the option there, or list the one that took its place in the configuration"
	return e
}
