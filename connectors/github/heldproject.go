package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/connectors"
)

// valueFragment is what an item of a project says of the fields that hold something.
const valueFragment = `fragment I on ProjectV2Item{id isArchived updatedAt project{id} status:fieldValueByName(name:$status){...V} priority:fieldValueByName(name:$priority){...V}}
fragment V on ProjectV2ItemFieldValue{... on ProjectV2ItemFieldSingleSelectValue{name updatedAt}}`

// itemJSON is an item of a project.
type itemJSON struct {
	ID       string    `json:"id"`
	Archived bool      `json:"isArchived"`
	Updated  time.Time `json:"updatedAt"`
	Project  struct {
		ID string `json:"id"`
	} `json:"project"`
	Status   *valueJSON `json:"status"`
	Priority *valueJSON `json:"priority"`
}

type valueJSON struct {
	Name    string    `json:"name"`
	Updated time.Time `json:"updatedAt"`
}

// itemsJSON are the items that an issue is, of all projects.
type itemsJSON struct {
	ID    string `json:"id"`
	Whole string `json:"fullDatabaseId"`
	Items struct {
		Page  pageJSON   `json:"pageInfo"`
		Nodes []itemJSON `json:"nodes"`
	} `json:"projectItems"`
}

type pageJSON struct {
	More bool   `json:"hasNextPage"`
	End  string `json:"endCursor"`
}

// itemsEach is how many projects an issue is looked for in.
const itemsEach = 50

const itemsFragment = `fragment N on Issue{id fullDatabaseId projectItems(first:50){pageInfo{hasNextPage} nodes{...I}}}
` + valueFragment

// nodesDocument asks for the project as well: one that is hidden by now would else look as
// if no issue were part of it.
const nodesDocument = `query($project:ID!,$ids:[ID!]!,$status:String!,$priority:String!){project:node(id:$project){id} nodes(ids:$ids){...N}}
` + itemsFragment

const issueDocument = `query($owner:String!,$name:String!,$number:Int!,$status:String!,$priority:String!){repository(owner:$owner,name:$name){issue(number:$number){...N}}}
` + itemsFragment

// fieldVars are the names of the fields that a project holds something in.
func (c *Client) fieldVars(vars map[string]any) map[string]any {
	for _, asked := range []string{ofStatus, ofPriority} {
		for _, of := range c.held.inProject() { // one that is not held asks for the other's
			if vars[asked] == nil || of == asked {
				vars[asked] = c.held.places[of].Field
			}
		}
	}
	return vars
}

// on finds the item that an issue is in the project, nil where it is none.
func (i *itemsJSON) on(b board) *itemJSON {
	for k := range i.Items.Nodes {
		if i.Items.Nodes[k].Project.ID == b.id {
			return &i.Items.Nodes[k]
		}
	}
	return nil
}

// take puts what an item says into its issue. When a value was set counts only as far as
// the issue had been read by then: what happened to it later is not part of what was read.
func (c *Client) take(out *connectors.Issue, item *itemJSON, read time.Time) {
	if item == nil {
		return
	}
	if v := item.Status; v != nil && c.held.places[ofStatus].Project != "" {
		choose(out, ofStatus, v.Name)
		out.StatusAt = before(v.Updated, read)
	}
	if v := item.Priority; v != nil && c.held.places[ofPriority].Project != "" {
		choose(out, ofPriority, v.Name)
		out.PriorityAt = before(v.Updated, read)
	}
}

// before keeps a moment behind the one of an answer, by the second of doubt that answers
// leave; zero where nothing can be said.
func before(t, read time.Time) time.Time {
	switch last := read.Add(-time.Second); {
	case t.IsZero() || read.IsZero():
		return time.Time{}
	case t.After(last):
		return last
	}
	return t.UTC()
}

// fill adds what the project says of issues. nodes are their global ids; one that is not
// there any more is left without. read is when the issues were. unclear are those of which
// it cannot be told.
func (c *Client) fill(ctx context.Context, found []connectors.Observation, nodes []string, read time.Time) (unclear []connectors.Broken, err error) {
	if c.held.project == "" || len(found) == 0 {
		return nil, nil
	}
	b, err := c.theBoard(ctx, false)
	if err != nil {
		return nil, err
	}
	d := document{doing: "read the project " + c.held.project, text: nodesDocument, vars: c.fieldVars(map[string]any{"project": b.id, "ids": nodes})}
	var got struct {
		Nodes []*itemsJSON `json:"nodes"`
	}
	a, err := c.graph(ctx, d, &got)
	if err != nil {
		c.forgetBoard(err)
		return nil, err
	}
	if len(got.Nodes) != len(found) {
		return nil, c.unreadable(call{doing: d.doing}, a.Status, fmt.Sprintf("%d issues were asked for and %d came", len(found), len(got.Nodes)), nil)
	}
	for k := range found {
		i, n := &found[k].Issue, got.Nodes[k]
		if n == nil {
			continue
		}
		item := n.on(b)
		if item == nil && n.Items.Page.More {
			e := c.fail(call{doing: d.doing}, connectors.Invalid, fmt.Sprintf("%s is in more than %d projects", i.Key, itemsEach), nil)
			e.Hint = "take it out of projects that are over"
			unclear = append(unclear, connectors.Broken{ID: i.ID, Key: i.Key, Err: e})
		}
		c.take(i, item, read)
	}
	return unclear, nil
}

// complete is fill for a page of a list: an issue of which it cannot be told stops no other.
func (c *Client) complete(ctx context.Context, l *listing, found []connectors.Observation) ([]connectors.Observation, error) {
	unclear, err := c.fill(ctx, found, l.nodes, l.date)
	l.broken = append(l.broken, unclear...)
	return slices.DeleteFunc(found, func(o connectors.Observation) bool {
		return slices.ContainsFunc(unclear, func(b connectors.Broken) bool { return b.ID == o.Issue.ID })
	}), err
}

// setOption sets a field of the project, by the id of the option, or empties it. An issue
// that is not part of the project is added first. Besides the change itself it takes
// a read or two.
func (c *Client) setOption(ctx context.Context, w connectors.Write) (connectors.Receipt, error) {
	of, q := w.Choose.Of, call{doing: choosing(w)}
	field, option, err := c.optionOf(ctx, q, w)
	if err != nil {
		return connectors.Receipt{}, err
	}
	item, err := c.itemOf(ctx, w)
	if err != nil {
		return connectors.Receipt{}, err
	}
	b, err := c.theBoard(ctx, false)
	if err != nil {
		return connectors.Receipt{}, err
	}
	vars := map[string]any{"project": b.id, "field": field.id}
	at := item.on(b)
	switch {
	case at != nil && at.Archived:
		e := c.fail(q, connectors.Invalid, "the issue is archived in the project "+c.held.project, nil)
		e.Field, e.Hint = of, "restore it there"
		return connectors.Receipt{}, e
	case at == nil && option.id == "":
		return connectors.Receipt{Chosen: &connectors.Choice{Of: of}}, nil
	case at == nil:
		if vars["item"], err = c.addItem(ctx, w, b.id, item.ID); err != nil {
			return connectors.Receipt{}, err
		}
	default:
		vars["item"] = at.ID
	}
	return c.sendOption(ctx, w, vars, option)
}

// optionOf finds the field and the option of a write; the project is read again where it
// is not known to have it.
func (c *Client) optionOf(ctx context.Context, q call, w connectors.Write) (field optionList, option choice, err error) {
	for _, fresh := range []bool{false, true} {
		b, err := c.theBoard(ctx, fresh)
		if err != nil {
			return field, option, err
		}
		var there bool
		if field, there = b.fields[w.Choose.Of]; !there {
			continue
		}
		if w.Choose.Option == "" {
			return field, choice{}, nil
		}
		if option, there = field.find(w.Choose.Option); there {
			return field, option, nil
		}
	}
	if field.id == "" {
		field.name = c.held.places[w.Choose.Of].Field
		e := c.fail(q, connectors.Invalid, fmt.Sprintf("the project %s has no field %q of single options", c.held.project, field.name), nil)
		e.Field, e.Hint = w.Choose.Of, "add it there, or name the one that took its place in the configuration"
		return field, option, e
	}
	return field, option, c.noOption(q, "the project "+c.held.project, field, w)
}

// itemOf reads which items an issue is. It must be the issue that is meant: numbers are
// given anew in another repository.
func (c *Client) itemOf(ctx context.Context, w connectors.Write) (*itemsJSON, error) {
	repo := w.Issue.Container
	if at, _ := c.homes.find(repo); at.name != "" && !at.double {
		repo = at.name
	}
	owner, name, _ := strings.Cut(repo, "/")
	d := document{doing: choosing(w), text: issueDocument, vars: c.fieldVars(map[string]any{"owner": owner, "name": name, "number": w.Issue.Number})}
	var got struct {
		Repository *struct {
			Issue *itemsJSON `json:"issue"`
		} `json:"repository"`
	}
	if _, err := c.graph(ctx, d, &got); err != nil {
		return nil, err
	}
	if got.Repository == nil || got.Repository.Issue == nil || got.Repository.Issue.ID == "" ||
		w.Issue.ID != "" && got.Repository.Issue.Whole != w.Issue.ID {
		return nil, c.fail(call{doing: d.doing}, connectors.NotFound, "the number belongs to no issue or to another one", nil)
	}
	return got.Repository.Issue, nil
}

// addItem makes an issue part of the project. To do so twice changes nothing.
func (c *Client) addItem(ctx context.Context, w connectors.Write, project, node string) (string, error) {
	d := document{doing: fmt.Sprintf("add %s to the project %s", w.Issue.Key, c.held.project), change: true, vars: map[string]any{"project": project, "node": node},
		text: `mutation($project:ID!,$node:ID!){addProjectV2ItemById(input:{projectId:$project,contentId:$node}){item{id}}}`}
	var got struct {
		Added *struct {
			Item *struct {
				ID string `json:"id"`
			} `json:"item"`
		} `json:"addProjectV2ItemById"`
	}
	a, err := c.graph(ctx, d, &got)
	if err != nil {
		return "", err
	}
	if got.Added == nil || got.Added.Item == nil || got.Added.Item.ID == "" {
		return "", c.unreadable(call{doing: d.doing, method: http.MethodPost}, a.Status, "the answer names no item", nil)
	}
	return got.Added.Item.ID, nil
}

const (
	setDocument = `mutation($project:ID!,$item:ID!,$field:ID!,$option:String!){done:updateProjectV2ItemFieldValue(input:{projectId:$project,itemId:$item,fieldId:$field,value:{singleSelectOptionId:$option}}){projectV2Item{id}}}`

	emptyDocument = `mutation($project:ID!,$item:ID!,$field:ID!){done:clearProjectV2ItemFieldValue(input:{projectId:$project,itemId:$item,fieldId:$field}){projectV2Item{id}}}`
)

func (c *Client) sendOption(ctx context.Context, w connectors.Write, vars map[string]any, option choice) (connectors.Receipt, error) {
	d := document{doing: choosing(w), text: emptyDocument, vars: vars, change: true}
	if option.id != "" {
		d.text, vars["option"] = setDocument, option.id
	}
	var got struct {
		Done *struct {
			Item *struct {
				ID string `json:"id"`
			} `json:"projectV2Item"`
		} `json:"done"`
	}
	a, err := c.graph(ctx, d, &got)
	if err != nil {
		c.forgetBoard(err)
		return connectors.Receipt{}, err
	}
	if got.Done == nil || got.Done.Item == nil {
		q := call{doing: d.doing, method: http.MethodPost}
		return connectors.Receipt{}, c.unreadable(q, a.Status, "the answer names no item", nil)
	}
	return connectors.Receipt{Chosen: &connectors.Choice{Of: w.Choose.Of, Option: option.name}}, nil
}

// forgetBoard has the project read again after a refusal: it may have changed since.
func (c *Client) forgetBoard(err error) {
	var e *connectors.Error
	if !errors.As(err, &e) || e.Kind != connectors.Invalid && e.Kind != connectors.NotFound {
		return
	}
	if e.Hint == "" {
		e.Hint = hintGone
	}
	c.held.mu.Lock()
	defer c.held.mu.Unlock()
	c.held.board = board{}
}
