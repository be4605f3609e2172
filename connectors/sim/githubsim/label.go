package githubsim

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Label is a label of a repository. An empty colour is GitHub's grey, ededed.
type Label struct {
	ID          int64
	Name        string // case is kept and does not count
	Color       string // six hexadecimal digits
	Description string
	Default     bool
}

type label struct{ Label }

// brief is what an event remembers of a label: its name and colour of that day.
func (l *label) brief() *labelBrief { return &labelBrief{l.Name, l.Color} }

type labelBrief struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

type labelSet struct {
	list  []*label // as created
	named map[string]*label
}

func newLabelSet() labelSet { return labelSet{named: map[string]*label{}} }

func (s *labelSet) find(name string) *label { return s.named[strings.ToLower(name)] }

func (s *labelSet) add(l *label) {
	s.list = append(s.list, l)
	s.named[strings.ToLower(l.Name)] = l
}

func (s *labelSet) remove(l *label) {
	s.list = slices.DeleteFunc(s.list, func(x *label) bool { return x == l })
	delete(s.named, strings.ToLower(l.Name))
}

func defaultLabels() []Label {
	all := []Label{
		{Name: "bug", Color: "d73a4a", Description: "Something isn't working"},
		{Name: "documentation", Color: "0075ca", Description: "Improvements or additions to documentation"},
		{Name: "duplicate", Color: "cfd3d7", Description: "This issue or pull request already exists"},
		{Name: "enhancement", Color: "a2eeef", Description: "New feature or request"},
		{Name: "good first issue", Color: "7057ff", Description: "Good for newcomers"},
		{Name: "help wanted", Color: "008672", Description: "Extra attention is needed"},
		{Name: "invalid", Color: "e4e669", Description: "This doesn't seem right"},
		{Name: "question", Color: "d876e3", Description: "Further information is requested"},
		{Name: "wontfix", Color: "ffffff", Description: "This will not be worked on"},
	}
	for i := range all {
		all[i].Default = true
	}
	return all
}

// CreateLabel adds a label to a repository as actor.
func (h *Hub) CreateLabel(actor, name string, in Label) error {
	return h.do(actor, name, func(a act, rp *repo) error {
		_, err := a.createLabel(rp, in)
		return err
	})
}

// RenameLabel renames a label. Issues that carry it show the new name at once;
// their updated_at does not move, they get no event, and older events keep the
// name of their day.
func (h *Hub) RenameLabel(name, old, to string) error {
	return h.do("", name, func(a act, rp *repo) error {
		l := rp.labels.find(old)
		if l == nil {
			return refuse(404, "Not Found")
		}
		changed := l.Label
		changed.Name = to
		return a.editLabel(rp, l, changed)
	})
}

// DeleteLabel removes a label from a repository and from all its issues, whose
// updated_at does not move.
func (h *Hub) DeleteLabel(actor, name, labelName string) error {
	return h.do(actor, name, func(a act, rp *repo) error { return a.deleteLabel(rp, labelName) })
}

// Labels are the labels of a repository in the order they were made.
func (h *Hub) Labels(name string) []Label {
	var out []Label
	_ = h.do("", name, func(_ act, rp *repo) error {
		for _, l := range rp.labels.list {
			out = append(out, l.Label)
		}
		return nil
	})
	return out
}

func (a act) createLabel(rp *repo, in Label) (*label, error) {
	if !a.can(rp, Write) {
		return nil, refuse(404, "Not Found")
	}
	if rp.archived {
		return nil, a.open(rp)
	}
	return a.w.addLabel(rp, in)
}

func (w *world) addLabel(rp *repo, in Label) (*label, error) {
	in.Name = strings.TrimSpace(in.Name)
	if in.Color == "" {
		in.Color = "ededed"
	}
	if err := checkLabel(in); err != nil {
		return nil, err
	}
	if rp.labels.find(in.Name) != nil {
		return nil, invalid(FieldError{Resource: "Label", Field: "name", Code: "already_exists"})
	}
	in.ID = next(&w.ids.label, in.ID)
	l := &label{in}
	rp.labels.add(l)
	rp.version++
	return l, nil
}

func (a act) editLabel(rp *repo, l *label, to Label) error {
	if !a.can(rp, Write) {
		return refuse(404, "Not Found")
	}
	to.Name = strings.TrimSpace(to.Name)
	if err := checkLabel(to); err != nil {
		return err
	}
	if other := rp.labels.find(to.Name); other != nil && other != l {
		return invalid(FieldError{Resource: "Label", Field: "name", Code: "already_exists"})
	}
	delete(rp.labels.named, strings.ToLower(l.Name))
	l.Label = to
	rp.labels.named[strings.ToLower(to.Name)] = l
	rp.version++
	return nil
}

func (a act) deleteLabel(rp *repo, name string) error {
	l := rp.labels.find(name)
	if l == nil || !a.can(rp, Write) {
		return refuse(404, "Not Found")
	}
	rp.labels.remove(l)
	for _, is := range rp.issues {
		if slices.Contains(is.state.labels, l) {
			s := *is.state
			s.labels = without(s.labels, l)
			is.state = &s
		}
	}
	rp.version++
	return nil
}

func checkLabel(l Label) error {
	if l.Name == "" {
		return invalid(FieldError{Resource: "Label", Field: "name", Code: "missing_field"})
	}
	if utf8.RuneCountInString(l.Name) > 50 {
		return invalid(FieldError{Resource: "Label", Field: "name", Code: "custom", Message: "name is too long (maximum is 50 characters)"})
	}
	if len(l.Color) != 6 || strings.Trim(strings.ToLower(l.Color), "0123456789abcdef") != "" {
		return invalid(FieldError{Resource: "Label", Field: "color", Code: "invalid"})
	}
	if utf8.RuneCountInString(l.Description) > 100 {
		return invalid(FieldError{Resource: "Label", Field: "description", Code: "custom", Message: "description is too long (maximum is 100 characters)"})
	}
	return nil
}

// without is a copy of list lacking x.
func without[T comparable](list []T, x T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(y T) bool { return y == x })
}

const maxLabels = 100

// labelsFor is have with the named labels added, those that are new to the
// repository made. It checks all before it makes any.
func (a act) labelsFor(rp *repo, have []*label, names []string) ([]*label, error) {
	out := slices.Clone(have)
	var fresh []string
	for _, n := range names {
		n = strings.TrimSpace(n)
		if l := rp.labels.find(n); l != nil {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
			continue
		}
		if err := checkLabel(Label{Name: n, Color: "ededed"}); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(fresh, func(f string) bool { return strings.EqualFold(f, n) }) {
			fresh = append(fresh, n)
		}
	}
	if len(out)+len(fresh) > maxLabels {
		return nil, invalid(FieldError{Resource: "Issue", Field: "labels", Code: "custom",
			Message: fmt.Sprintf("issues may have at most %d labels", maxLabels)})
	}
	if len(fresh) > 0 && !a.can(rp, Write) {
		return nil, &Refusal{Status: 403, Message: "You do not have permission to create labels on this repository.",
			Errors: []FieldError{{Resource: "Repository", Field: "label", Code: "unauthorized"}}}
	}
	for _, n := range fresh {
		l, err := a.w.addLabel(rp, Label{Name: n})
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}
