package jira

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// formFor is how long a create screen is remembered: administrators change them rarely.
const formFor = 10 * time.Minute

// form is what creating an issue of one type in a project asks for.
type form struct {
	issueType metaType
	fields    map[string]*metaField // by key; what is not here must not be sent
	read      time.Time
}

type metaType struct {
	ID           text `json:"id"`
	Name         text `json:"name"`
	Untranslated text `json:"untranslatedName"`
	Subtask      bool `json:"subtask"`
}

func (t metaType) called(name string) bool {
	return strings.EqualFold(string(t.Name), name) || strings.EqualFold(string(t.Untranslated), name) || string(t.ID) == name
}

type metaField struct {
	field
	FieldID text `json:"fieldId"`
	Key     text `json:"key"`
	Name    text `json:"name"`
}

// metaPage is a page of types or of fields: Cloud names the list, Data Center does not.
type metaPage[T any] struct {
	Types  []T  `json:"issueTypes"`
	Fields []T  `json:"fields"`
	Values []T  `json:"values"`
	Total  int  `json:"total"`
	IsLast bool `json:"isLast"`
}

// metaPageSize is the most that either product gives.
const metaPageSize = 200

// formOf looks up the create screen for a type by its name, "" for the project's usual
// one: Task if there is one, else the first that is no sub-task.
func (c *Client) formOf(ctx context.Context, doing, project, name string) (form, error) {
	key := strings.ToUpper(project) + "\n" + strings.ToLower(name)
	if f, ok := c.forms.get(key, c.config.Now()); ok {
		return f, nil
	}
	path := "issue/createmeta/" + project + "/issuetypes"
	types, err := wholeMeta[metaType](ctx, c, doing, path)
	if err != nil {
		return form{}, err
	}
	t, ok := pickType(types, name)
	if !ok {
		return form{}, c.noType(doing, project, name, types)
	}
	if !plainID.MatchString(string(t.ID)) {
		return form{}, c.fail(request{doing: doing}, connectors.Malformed, fmt.Errorf("the issue type %.40q has no usable id", t.Name))
	}
	fields, err := wholeMeta[metaField](ctx, c, doing, path+"/"+string(t.ID))
	if err != nil {
		return form{}, err
	}
	f := form{issueType: t, fields: map[string]*metaField{}, read: c.config.Now()}
	for i := range fields {
		f.fields[fields[i].id()] = &fields[i]
	}
	c.forms.put(key, f)
	return f, nil
}

func (f *metaField) id() string {
	if f.FieldID != "" {
		return string(f.FieldID)
	}
	return string(f.Key)
}

func pickType(types []metaType, name string) (metaType, bool) {
	usual := slices.DeleteFunc(slices.Clone(types), func(t metaType) bool { return t.Subtask })
	want := name
	if want == "" {
		want = "Task"
	} else {
		usual = types
	}
	if at := slices.IndexFunc(usual, func(t metaType) bool { return t.called(want) }); at >= 0 {
		return usual[at], true
	}
	if name != "" || len(usual) == 0 {
		return metaType{}, false
	}
	return usual[0], true
}

// noType says what there is instead.
func (c *Client) noType(doing, project, name string, types []metaType) error {
	var names []string
	for _, t := range types {
		names = append(names, c.clean(string(t.Name)))
	}
	e := c.fail(request{doing: doing}, connectors.Invalid, fmt.Errorf("project %s has no issue type %q that the account can create", project, name))
	e.Field = "issuetype"
	e.Hint = "the account may create there: " + strings.Join(names, ", ")
	if len(names) == 0 {
		e.Hint = "give the account the permission Create Issues in the project"
	}
	return e
}

// maxMetaPages is where a list of types or fields that has no end is left.
const maxMetaPages = 50

// wholeMeta reads all pages of a list of types or fields.
func wholeMeta[T any](ctx context.Context, c *Client, doing, path string) ([]T, error) {
	var all []T
	for range maxMetaPages {
		var p metaPage[T]
		query := url.Values{"startAt": {strconv.Itoa(len(all))}, "maxResults": {strconv.Itoa(metaPageSize)}}
		if _, err := c.get(ctx, doing, path, query, &p); err != nil {
			return nil, err
		}
		page := slices.Concat(p.Types, p.Fields, p.Values)
		all = append(all, page...)
		if p.IsLast || len(page) == 0 || len(all) >= p.Total {
			return all, nil
		}
	}
	return nil, c.fail(request{doing: doing}, connectors.Malformed, errors.New("the list does not end"))
}
