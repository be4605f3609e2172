package githubsim

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

func issueFieldRoutes(top, in add) {
	const doc = "/issues/issue-field-values#"
	top("GET", "orgs/*/issue-fields", "/orgs/issue-fields#list-issue-fields-for-an-organization", listIssueFields)
	in("GET", "issues/*/issue-field-values", doc+"list-issue-field-values-for-an-issue", listFieldValues)
	in("POST", "issues/*/issue-field-values", doc+"add-issue-field-values-to-an-issue", addFieldValues)
	in("PUT", "issues/*/issue-field-values", doc+"set-issue-field-values-for-an-issue", putFieldValues)
	in("DELETE", "issues/*/issue-field-values/*", doc+"delete-an-issue-field-value-from-an-issue", deleteFieldValue)
}

type issueFieldJSON struct {
	ID          int64        `json:"id"`
	NodeID      string       `json:"node_id"`
	Name        string       `json:"name"`
	Description *string      `json:"description"`
	Type        string       `json:"data_type"`
	Options     []optionJSON `json:"options,omitempty"`
	CreatedAt   string       `json:"created_at"`
	UpdatedAt   string       `json:"updated_at"`
}

type optionJSON struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

type fieldValueJSON struct {
	FieldID int64       `json:"issue_field_id"`
	Name    string      `json:"issue_field_name"`
	NodeID  string      `json:"node_id"`
	Type    string      `json:"data_type"`
	Value   string      `json:"value"`
	Option  *optionJSON `json:"single_select_option,omitempty"`
}

// listIssueFields answers members only; to others the organisation has none to see.
func listIssueFields(c *call) (answer, error) {
	org := c.w.users[strings.ToLower(c.args[0])]
	if org == nil || org.Type != "Organization" || c.user == nil || c.w.opts.NoIssueFields {
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	}
	out := []issueFieldJSON{}
	for _, f := range c.w.fields[org] {
		j := issueFieldJSON{ID: f.id, NodeID: nodeID("IFSS", f.id), Name: f.name, Type: f.kind, CreatedAt: stamp(born()), UpdatedAt: stamp(born())}
		for _, o := range f.options {
			j.Options = append(j.Options, optionJSON{o.id, o.name, "gray"})
		}
		out = append(out, j)
	}
	return answer{status: http.StatusOK, body: out}, nil
}

func (c *call) fieldValues(is *issue, s *state) []fieldValueJSON {
	out := []fieldValueJSON{}
	for _, v := range s.fields {
		j := fieldValueJSON{FieldID: v.field.id, Name: v.field.name, NodeID: nodeID("IFV", is.id, v.field.id), Type: v.field.kind, Value: v.word()}
		if v.option != nil {
			j.Option = &optionJSON{v.option.id, v.option.name, "gray"}
		}
		out = append(out, j)
	}
	return out
}

func listFieldValues(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.fieldValues(is, is.read(c.now))}, nil
}

func addFieldValues(c *call) (answer, error) { return c.setting(false) }

func putFieldValues(c *call) (answer, error) { return c.setting(true) }

// setting sets values. An empty list clears all of them, whichever the method.
func (c *call) setting(alone bool) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	f, err := c.object()
	if err != nil {
		return answer{}, err
	}
	values, err := c.values(is, f)
	if err == nil {
		err = c.setFields(is, values, alone || len(values) == 0)
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusOK, body: c.fieldValues(is, is.state)}, nil
}

// values reads the list of a body.
func (c *call) values(is *issue, f fields) ([]fieldValue, error) {
	var list []struct {
		Field *int64 `json:"field_id"`
		Value any    `json:"value"`
	}
	raw, sent := f["issue_field_values"]
	if !sent {
		return nil, malformed("%q wasn't supplied.", "issue_field_values")
	}
	if json.Unmarshal(raw, &list) != nil || list == nil {
		return nil, malformed("For 'properties/issue_field_values', %s is not an array.", raw)
	}
	out := make([]fieldValue, 0, len(list))
	for _, e := range list {
		text, ok := e.Value.(string)
		if e.Field == nil || !ok {
			return nil, malformed("For 'properties/issue_field_values', %s has no field_id or no value.", raw)
		}
		field := c.fieldByID(is.repo.owner, *e.Field)
		if field == nil {
			return nil, invalid(FieldError{Value: *e.Field, Resource: "IssueFieldValue", Field: "field_id", Code: "missing"})
		}
		v, err := field.value(text)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func (c *call) fieldByID(owner *user, id int64) *issueField {
	for _, f := range c.w.fields[owner] {
		if f.id == id {
			return f
		}
	}
	return nil
}

func deleteFieldValue(c *call) (answer, error) {
	is, err := c.issue()
	if err != nil {
		return answer{}, err
	}
	id, _ := strconv.ParseInt(c.args[1], 10, 64) // 0 is no field
	f := c.fieldByID(is.repo.owner, id)
	if f == nil {
		return answer{}, refuse(http.StatusNotFound, "Not Found")
	}
	return answer{status: http.StatusNoContent}, c.clearField(is, f)
}
