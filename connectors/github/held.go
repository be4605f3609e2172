package github

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"parley/connectors"
)

// Place is where a GitHub holds the status or the priority of its issues. The zero value
// is labels.
type Place struct {
	// Project is owner/number of the project whose field it is; "" is an Issue Field of the
	// organisation that owns the repository.
	Project string
	Field   string // name of the field
}

// The two that can be held in fields.
const (
	ofStatus   = "status"
	ofPriority = "priority"
)

var projectName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9-]*)/([1-9][0-9]{0,8})$`)

// holding is what a client knows of the fields that hold something.
type holding struct {
	places  map[string]Place // by what they hold; those of labels are not there
	project string           // owner/number, "" where no field is a project's

	mu    sync.Mutex
	board board                   // the project as it was last read; its id is "" before
	orgs  map[string][]optionList // Issue Fields by organisation in lower case
}

// board is a project.
type board struct {
	id     string
	fields map[string]optionList // by what they hold
}

// optionList is a field of options.
type optionList struct {
	id      string // a project's node id, an Issue Field's number
	name    string
	options []choice
}

type choice struct{ id, name string }

func (l optionList) find(name string) (choice, bool) {
	i := slices.IndexFunc(l.options, func(o choice) bool { return strings.EqualFold(strings.TrimSpace(o.name), strings.TrimSpace(name)) })
	if i < 0 {
		return choice{}, false
	}
	return l.options[i], true
}

func (l optionList) names() []string {
	out := make([]string, 0, len(l.options))
	for _, o := range l.options {
		out = append(out, o.name)
	}
	return out
}

func newHolding(status, priority Place) (*holding, error) {
	h := &holding{places: map[string]Place{}, orgs: map[string][]optionList{}}
	for of, p := range map[string]Place{ofStatus: status, ofPriority: priority} {
		switch {
		case p == Place{}:
			continue
		case p.Field == "":
			return nil, fmt.Errorf("%s: names no field", of)
		case p.Project != "" && !projectName.MatchString(p.Project):
			return nil, errors.New("project: is not OWNER/NUMBER")
		case p.Project != "" && h.project != "" && !strings.EqualFold(h.project, p.Project):
			return nil, errors.New("project: status and priority are of different ones")
		}
		h.places[of] = p
		if p.Project != "" {
			h.project = p.Project
		}
	}
	return h, nil
}

// inProject lists what the project holds, in a fixed order.
func (h *holding) inProject() []string {
	return slices.DeleteFunc([]string{ofStatus, ofPriority}, func(of string) bool { return h.places[of].Project == "" })
}

// inFields lists what Issue Fields hold.
func (h *holding) inFields() []string {
	return slices.DeleteFunc([]string{ofStatus, ofPriority}, func(of string) bool { p := h.places[of]; return p.Field == "" || p.Project != "" })
}

func (h *holding) known() board {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.board
}

// projectDocument asks for a project's fields, whoever owns it.
const projectDocument = `query($owner:String!,$number:Int!,$status:String!,$priority:String!){repositoryOwner(login:$owner){
... on Organization{projectV2(number:$number){...P}} ... on User{projectV2(number:$number){...P}}}}
fragment P on ProjectV2{id viewerCanUpdate status:field(name:$status){...F} priority:field(name:$priority){...F}}
fragment F on ProjectV2FieldConfiguration{__typename ... on ProjectV2SingleSelectField{id name options{id name}}}`

type fieldJSON struct {
	Kind    string `json:"__typename"`
	ID      string `json:"id"`
	Name    string `json:"name"`
	Options []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"options"`
}

func (f *fieldJSON) list() optionList {
	l := optionList{id: f.ID, name: f.Name}
	for _, o := range f.Options {
		l.options = append(l.options, choice{o.ID, o.Name})
	}
	return l
}

// theBoard is the project, read where it was not or where fresh asks for it.
func (c *Client) theBoard(ctx context.Context, fresh bool) (board, error) {
	if b := c.held.known(); b.id != "" && !fresh {
		return b, nil
	}
	b, _, err := c.readBoard(ctx)
	return b, err
}

// readBoard reads the project. What is wrong with a field of it is told by what it holds.
func (c *Client) readBoard(ctx context.Context) (b board, problems map[string]string, err error) {
	m := projectName.FindStringSubmatch(c.held.project)
	number, _ := strconv.Atoi(m[2])
	d := document{doing: "read the project " + c.held.project, text: projectDocument, vars: c.fieldVars(map[string]any{"owner": m[1], "number": number})}
	var got struct {
		Owner *struct {
			Project *struct {
				ID       string     `json:"id"`
				Writable bool       `json:"viewerCanUpdate"`
				Status   *fieldJSON `json:"status"`
				Priority *fieldJSON `json:"priority"`
			} `json:"projectV2"`
		} `json:"repositoryOwner"`
	}
	if _, err = c.graph(ctx, d, &got); err != nil {
		return b, nil, err
	}
	if got.Owner == nil || got.Owner.Project == nil || got.Owner.Project.ID == "" {
		e := c.fail(call{doing: d.doing}, connectors.NotFound, "there is no such project", nil)
		e.Hint = "check owner and number, and that the account may see it"
		return b, nil, e
	}
	p := got.Owner.Project
	b, problems = board{id: p.ID, fields: map[string]optionList{}}, map[string]string{}
	for of, f := range map[string]*fieldJSON{ofStatus: p.Status, ofPriority: p.Priority} {
		switch name := c.held.places[of].Field; {
		case c.held.places[of].Project == "":
			continue
		case f == nil:
			problems[of] = fmt.Sprintf("the project %s has no field %q", c.held.project, name)
		case f.ID == "" || f.Kind != "ProjectV2SingleSelectField":
			problems[of] = fmt.Sprintf("the field %q of the project %s is not one of single options", name, c.held.project)
		case !p.Writable:
			problems[of] = "the account may only read the project " + c.held.project + ": give it the role Write there"
		}
		if f != nil && f.ID != "" {
			b.fields[of] = f.list()
		}
	}
	c.held.mu.Lock()
	defer c.held.mu.Unlock()
	c.held.board = b
	return b, problems, nil
}

// inspect tells of each field that holds something what it is like.
func (c *Client) inspect(ctx context.Context) ([]connectors.OptionField, error) {
	var out []connectors.OptionField
	if c.held.project != "" {
		b, problems, err := c.readBoard(ctx)
		if ends(err) {
			return nil, err
		}
		for _, of := range c.held.inProject() {
			f := connectors.OptionField{Of: of, Holder: "project " + c.held.project, Name: c.held.places[of].Field, Problem: problems[of]}
			if err != nil {
				f.Problem = plainly(err)
			}
			f.Options = b.fields[of].names()
			out = append(out, f)
		}
	}
	for _, of := range c.held.inFields() {
		for _, org := range c.owners() {
			f := connectors.OptionField{Of: of, Holder: "organisation " + org, Name: c.held.places[of].Field}
			l, err := c.issueField(ctx, org, of, true)
			if ends(err) {
				return nil, err
			}
			if err != nil {
				f.Problem = plainly(err)
			}
			f.Options = l.names()
			out = append(out, f)
		}
	}
	return out, nil
}

// owners are those of the repositories, each once.
func (c *Client) owners() []string {
	var out []string
	for _, r := range c.repos {
		owner := c.ownerOf(r)
		if !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, owner) }) {
			out = append(out, owner)
		}
	}
	return out
}

// ownerOf is who owns a repository by now.
func (c *Client) ownerOf(repo string) string {
	if at, _ := c.homes.find(repo); at.name != "" {
		repo = at.name
	}
	owner, _, _ := strings.Cut(repo, "/")
	return owner
}
