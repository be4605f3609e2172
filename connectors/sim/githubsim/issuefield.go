package githubsim

import (
	"fmt"
	"slices"
	"strings"
)

// IssueField is a field that an organisation defines for the issues of its repositories.
type IssueField struct {
	Name string
	// Type is single_select where empty, or text. The others that GitHub has are left out.
	Type    string
	Options []string // of a single_select, in their order
}

type issueField struct {
	id      int64
	name    string
	kind    string
	options []*fieldOption
}

// fieldOption is one of a field's options, in an organisation's or a project's.
type fieldOption struct {
	id   int64
	hex  string // id of a project's
	name string
}

// fieldValue is what an issue has in a field.
type fieldValue struct {
	field  *issueField
	option *fieldOption // nil: text
	text   string
}

func (v fieldValue) word() string {
	if v.option != nil {
		return v.option.name
	}
	return v.text
}

// AddIssueField gives an organisation a field. It fails where the account is a person's,
// and where the name is taken.
func (h *Hub) AddIssueField(org string, in IssueField) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	owner := h.w.meet(org, 0, "Organization")
	if in.Type == "" {
		in.Type = "single_select"
	}
	switch {
	case owner.Type != "Organization":
		return fmt.Errorf("add issue field: %s is no organization", org)
	case h.w.issueField(owner, in.Name) != nil:
		return fmt.Errorf("add issue field: %s has a field %q", org, in.Name)
	}
	f := &issueField{id: next(&h.w.ids.field, 0), name: in.Name, kind: in.Type}
	for _, name := range in.Options {
		f.options = append(f.options, &fieldOption{id: next(&h.w.ids.option, 0), name: name})
	}
	h.w.fields[owner] = append(h.w.fields[owner], f)
	h.w.version++
	return nil
}

func (w *world) issueField(owner *user, name string) *issueField {
	for _, f := range w.fields[owner] {
		if strings.EqualFold(f.name, name) {
			return f
		}
	}
	return nil
}

// RenameIssueOption gives an option of an organisation's field another name; the issues
// that have it show that. An empty name removes the option, and takes it off them. No
// updated_at moves.
func (h *Hub) RenameIssueOption(org, field, option, to string) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	f := h.w.issueField(h.w.users[strings.ToLower(org)], field)
	if f == nil {
		return fmt.Errorf("rename option: %s has no field %q", org, field)
	}
	o := optionNamed(f.options, option)
	if o == nil {
		return fmt.Errorf("rename option: %q has no option %q", field, option)
	}
	if o.name = to; to == "" {
		f.options = slices.DeleteFunc(f.options, func(x *fieldOption) bool { return x == o })
		h.w.eachIssue(func(is *issue) {
			is.state.fields = slices.DeleteFunc(slices.Clone(is.state.fields), func(v fieldValue) bool { return v.option == o })
		})
	}
	h.w.version++
	return nil
}

func (w *world) eachIssue(do func(*issue)) {
	for _, rp := range w.byID {
		for _, is := range rp.issues {
			do(is)
		}
		rp.version++
	}
}

func optionNamed(options []*fieldOption, name string) *fieldOption {
	for _, o := range options {
		if strings.EqualFold(o.name, name) {
			return o
		}
	}
	return nil
}

// SetIssueField sets a field of an issue as actor: an option by its name, or a text. An
// empty value takes off what is set.
func (h *Hub) SetIssueField(actor, name string, number int, field, value string) error {
	return h.on(actor, name, number, func(a act, is *issue) error {
		f := a.w.issueField(is.repo.owner, field)
		if f == nil {
			return refuse(404, "Not Found: no field "+field)
		}
		if value == "" {
			return a.clearField(is, f)
		}
		v, err := f.value(value)
		if err != nil {
			return err
		}
		return a.setFields(is, []fieldValue{v}, false)
	})
}

// IssueField is what an issue has in a field, "" for nothing.
func (h *Hub) IssueField(name string, number int, field string) string {
	out := ""
	_ = h.on("", name, number, func(_ act, is *issue) error {
		for _, v := range is.state.fields {
			if strings.EqualFold(v.field.name, field) {
				out = v.word()
			}
		}
		return nil
	})
	return out
}

// value reads a text as what the field holds.
func (f *issueField) value(text string) (fieldValue, error) {
	if f.kind == "text" {
		return fieldValue{field: f, text: text}, nil
	}
	o := optionNamed(f.options, text)
	if o == nil {
		return fieldValue{}, invalid(FieldError{Value: text, Resource: "IssueFieldValue", Field: "value", Code: "invalid",
			Message: fmt.Sprintf("%q is not an option of the field %q", text, f.name)})
	}
	return fieldValue{field: f, option: o}, nil
}

// mayField refuses who may not set fields: that takes push access.
func (a act) mayField(is *issue) error {
	if err := a.changes(is); err != nil {
		return err
	}
	if !a.can(is.repo, Write) {
		return mustAdmin()
	}
	return nil
}

// setFields sets fields, leaving the others as they are or, with alone, empty.
func (a act) setFields(is *issue, values []fieldValue, alone bool) error {
	if err := a.mayField(is); err != nil {
		return err
	}
	var to []fieldValue
	if !alone {
		to = slices.Clone(is.state.fields)
	}
	for _, v := range values {
		to = append(slices.DeleteFunc(to, func(o fieldValue) bool { return o.field == v.field }), v)
	}
	a.refield(is, to)
	return nil
}

// clearField takes off what a field is set to: nothing there is 404.
func (a act) clearField(is *issue, f *issueField) error {
	if err := a.mayField(is); err != nil {
		return err
	}
	to := slices.DeleteFunc(slices.Clone(is.state.fields), func(v fieldValue) bool { return v.field == f })
	if len(to) == len(is.state.fields) {
		return refuse(404, "Not Found")
	}
	a.refield(is, to)
	return nil
}

// refield replaces the values of an issue. Whether that moves its updated_at, and whether
// its history tells of it, nobody has measured: the hub does as it was told.
func (a act) refield(is *issue, to []fieldValue) {
	slices.SortFunc(to, func(x, y fieldValue) int { return int(x.field.id - y.field.id) })
	if slices.Equal(to, is.state.fields) {
		return
	}
	kind := "field_added"
	if len(to) < len(is.state.fields) {
		kind = "field_removed"
	}
	if a.w.opts.FieldsMoveIssues {
		a.change(is, func(s *state) { s.fields = to })
	} else {
		s := *is.state
		s.fields = to
		a.replace(is, is.state, &s)
	}
	if a.w.opts.FieldsInFeed {
		a.record(is, event{kind: kind})
	}
}
