package githubsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Project is a project (of the second kind) to add, with fields of single options.
type Project struct {
	Owner  string // login of an organization or a person
	Number int
	Title  string
	Public bool
	Fields []ProjectField
	Repos  []string // that it is linked to: owner/name
	// OnClose is the option that the project sets in its field Status by itself when an
	// issue of it is closed; "" switches that off.
	OnClose string
}

// ProjectField is a field of a project and its options in their order.
type ProjectField struct {
	Name    string
	Options []string
}

type project struct {
	id      int64
	owner   *user
	number  int
	title   string
	public  bool
	onClose string
	fields  []*projectField
	repos   []string
	items   []*projectItem
	perms   map[*user]Permission
	updated time.Time
}

type projectField struct {
	id      int64
	name    string
	options []*fieldOption
}

type projectItem struct {
	id       int64
	in       *project
	issue    *issue
	created  time.Time
	updated  time.Time
	archived bool
	values   map[*projectField]projectValue
}

type projectValue struct {
	option  *fieldOption
	created time.Time
	updated time.Time
}

func (p *project) node() string      { return nodeID("PVT", p.owner.ID, p.id) }
func (f *projectField) node() string { return nodeID("PVTSSF", f.id) }
func (i *projectItem) node() string  { return nodeID("PVTI", i.id) }

// AddProject adds a project. It fails where the number is taken. Whoever has push access
// everywhere may change it, others see it where it is public or SetProjectAccess says so.
func (h *Hub) AddProject(in Project) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	owner := h.w.meet(in.Owner, 0, "Organization")
	if in.Number < 1 || h.w.project(owner, in.Number) != nil {
		return fmt.Errorf("add project: %s/%d is no free number", in.Owner, in.Number)
	}
	p := &project{id: next(&h.w.ids.project, 0), owner: owner, number: in.Number, title: in.Title, public: in.Public, onClose: in.OnClose, repos: in.Repos,
		perms: map[*user]Permission{}, updated: born()}
	for _, f := range in.Fields {
		field := &projectField{id: next(&h.w.ids.field, 0), name: f.Name}
		for _, name := range f.Options {
			field.options = append(field.options, h.w.newOption(name))
		}
		p.fields = append(p.fields, field)
	}
	h.w.projects = append(h.w.projects, p)
	return nil
}

func (w *world) newOption(name string) *fieldOption {
	id := next(&w.ids.option, 0)
	return &fieldOption{id: id, hex: fmt.Sprintf("%08x", uint32(id)*2654435761), name: name}
}

func (w *world) project(owner *user, number int) *project {
	for _, p := range w.projects {
		if p.owner == owner && p.number == number {
			return p
		}
	}
	return nil
}

// permission is what a user may do with the project; nil is a stranger.
func (p *project) permission(u *user) Permission {
	if u != nil {
		if own, set := p.perms[u]; set {
			return own
		}
		switch {
		case u == p.owner:
			return Admin
		case u.Push:
			return Write
		}
	}
	if p.public {
		return Read
	}
	return None
}

// linked reports whether a repository lists the project among its own.
func (p *project) linked(rp *repo) bool {
	return slices.ContainsFunc(p.repos, func(name string) bool { return strings.EqualFold(name, rp.full()) })
}

func (p *project) field(name string) *projectField {
	for _, f := range p.fields {
		if strings.EqualFold(f.name, name) {
			return f
		}
	}
	return nil
}

func (p *project) item(is *issue) *projectItem {
	for _, i := range p.items {
		if i.issue == is {
			return i
		}
	}
	return nil
}

// named finds a project by "owner/number".
func (w *world) named(name string) (*project, error) {
	owner, number, _ := strings.Cut(name, "/")
	n, err := strconv.Atoi(number)
	if p := w.project(w.users[strings.ToLower(owner)], n); err == nil && p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("no project %s", name)
}

// inProject runs fn with the project of a name, "owner/number", and the lock held.
func (h *Hub) inProject(name string, fn func(*project) error) error {
	h.w.mu.Lock()
	defer h.w.mu.Unlock()
	p, err := h.w.named(name)
	if err != nil {
		return err
	}
	return fn(p)
}

// SetProjectAccess gives a user a role in a project: None, Read, Write or Admin.
func (h *Hub) SetProjectAccess(name, login string, perm Permission) error {
	return h.inProject(name, func(p *project) error {
		u := h.w.users[strings.ToLower(login)]
		if u == nil {
			return fmt.Errorf("set project access: no user %s", login)
		}
		p.perms[u] = perm
		return nil
	})
}

// RenameProjectOption gives an option of a project's field another name; the items that
// have it show that, and nothing of them moves. An empty name removes the option.
func (h *Hub) RenameProjectOption(name, field, option, to string) error {
	return h.inProject(name, func(p *project) error {
		f := p.field(field)
		if f == nil || optionNamed(f.options, option) == nil {
			return fmt.Errorf("rename option: %s has no option %q in %q", name, option, field)
		}
		o := optionNamed(f.options, option)
		if o.name = to; to == "" {
			f.options = slices.DeleteFunc(f.options, func(x *fieldOption) bool { return x == o })
			for _, i := range p.items {
				if i.values[f].option == o {
					delete(i.values, f)
				}
			}
		}
		return nil
	})
}

// SetProjectField sets a field of an issue in a project as somebody who drags it there,
// adding the issue where it is not part of it. An empty option takes off what is set.
func (h *Hub) SetProjectField(name, repo string, number int, field, option string) error {
	return h.on("", repo, number, func(a act, is *issue) error {
		p, err := a.w.named(name)
		if err != nil {
			return err
		}
		f := p.field(field)
		if f == nil {
			return fmt.Errorf("set project field: %s has no field %q", name, field)
		}
		o := optionNamed(f.options, option)
		if option != "" && o == nil {
			return fmt.Errorf("set project field: %q has no option %q", field, option)
		}
		a.assignOption(a.addItem(p, is), f, o)
		return nil
	})
}

// ArchiveProjectItem takes an issue out of a project's sight, or brings it back.
func (h *Hub) ArchiveProjectItem(name, repo string, number int, archived bool) error {
	return h.on("", repo, number, func(a act, is *issue) error {
		p, err := a.w.named(name)
		if err == nil && p.item(is) == nil {
			err = fmt.Errorf("archive: #%d is not in %s", number, name)
		}
		if err == nil {
			p.item(is).archived = archived
		}
		return err
	})
}

// ProjectField is what an issue is set to in a project, "" for nothing; in says whether
// it is part of the project.
func (h *Hub) ProjectField(name, repo string, number int, field string) (option string, in bool) {
	_ = h.on("", repo, number, func(a act, is *issue) error {
		p, err := a.w.named(name)
		if err != nil || p.item(is) == nil {
			return err
		}
		in = true
		if v, set := p.item(is).values[p.field(field)]; set {
			option = v.option.name
		}
		return nil
	})
	return option, in
}

// addItem gives the item of an issue, made where it is not there. Nothing of the issue
// itself moves.
func (a act) addItem(p *project, is *issue) *projectItem {
	i := p.item(is)
	if i == nil {
		i = &projectItem{id: next(&a.w.ids.item, 0), in: p, issue: is, created: a.at, updated: a.at, values: map[*projectField]projectValue{}}
		p.items = append(p.items, i)
		p.updated = later(p.updated, a.at)
	}
	return i
}

// assignOption sets an item's field; nil takes off what is set.
func (a act) assignOption(i *projectItem, f *projectField, o *fieldOption) {
	was, set := i.values[f]
	if set && was.option == o || !set && o == nil {
		return
	}
	i.updated, i.in.updated = later(i.updated, a.at), later(i.in.updated, a.at)
	if o == nil {
		delete(i.values, f)
		return
	}
	v := projectValue{option: o, created: was.created, updated: a.at}
	if !set {
		v.created = a.at
	}
	i.values[f] = v
}

// closedInProjects does what projects do by themselves when an issue is closed.
func (a act) closedInProjects(is *issue) {
	for _, p := range a.w.projects {
		f, i := p.field("Status"), p.item(is)
		if p.onClose == "" || f == nil || i == nil {
			continue
		}
		if o := optionNamed(f.options, p.onClose); o != nil {
			a.assignOption(i, f, o)
		}
	}
}
