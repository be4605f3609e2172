package jira

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"parley/connectors"
	"parley/connectors/transport"
)

// Check learns the site: product, account, statuses and where they are used,
// priorities, and what the account may do in each project. What is wrong with
// one project is its Problem; what is wrong with the site or the credential
// fails the check.
func (c *Client) Check(ctx context.Context) (connectors.Directory, error) {
	ctx = transport.Series(ctx)
	who, err := c.relearn(ctx)
	if err != nil {
		return connectors.Directory{}, err
	}
	d := connectors.Directory{Tracker: c.config.Name, Kind: connectors.Jira, Product: who.product, Me: person(&who.me)}
	if who.web != c.base {
		d.Web = who.web
	}
	statuses, err := c.statuses(ctx)
	if err != nil {
		return d, err
	}
	for _, key := range c.config.Projects {
		container, used, err := c.checkProject(ctx, who, key)
		if err != nil {
			return d, err
		}
		d.Containers = append(d.Containers, container)
		statuses.use(key, used)
	}
	c.hide(d.Containers)
	d.Statuses = statuses.list()
	var priorities []wireOption
	if _, err := c.get(ctx, "read the priorities", "priority", nil, &priorities); err != nil {
		return d, err
	}
	for _, p := range priorities {
		d.Priorities = append(d.Priorities, option(&p))
	}
	return d, c.learnSchemes(ctx, who, &d)
}

// statusBook gathers statuses and the projects whose workflows contain them.
type statusBook struct {
	order []string
	byID  map[string]*connectors.Status
}

func (c *Client) statuses(ctx context.Context) (*statusBook, error) {
	var wire []wireStatus
	if _, err := c.get(ctx, "read the statuses", "status", nil, &wire); err != nil {
		return nil, err
	}
	b := &statusBook{byID: map[string]*connectors.Status{}}
	for _, s := range wire {
		b.add(s)
	}
	return b, nil
}

func (b *statusBook) add(s wireStatus) *connectors.Status {
	if known := b.byID[string(s.ID)]; known != nil {
		return known
	}
	b.order = append(b.order, string(s.ID))
	b.byID[string(s.ID)] = &connectors.Status{
		Option: s.option(), Untranslated: string(s.Untranslated), Project: string(s.Scope.V.Project.ID),
	}
	return b.byID[string(s.ID)]
}

func (b *statusBook) use(project string, used []wireStatus) {
	for _, s := range used {
		if st := b.add(s); !slices.Contains(st.Used, project) {
			st.Used = append(st.Used, project)
		}
	}
}

func (b *statusBook) list() []connectors.Status {
	out := make([]connectors.Status, 0, len(b.order))
	for _, id := range b.order {
		out = append(out, *b.byID[id])
	}
	return out
}

// checkProject looks at one project with four requests. The error is for
// failures that say nothing about the project.
func (c *Client) checkProject(ctx context.Context, who identity, key string) (connectors.Container, []wireStatus, error) {
	out := connectors.Container{Key: key}
	var project struct {
		ID       text `json:"id"`
		Key      text `json:"key"`
		Archived bool `json:"archived"`
	}
	if _, err := c.get(ctx, "read project "+key, "project/"+key, nil, &project); err != nil {
		out.Problem = "project " + key + " cannot be read: it does not exist, or the account lacks the permission Browse Projects"
		return out, nil, aside(err)
	}
	out.ID, out.Readable = string(project.ID), true
	var types []struct {
		Statuses []wireStatus `json:"statuses"`
	}
	if _, err := c.get(ctx, "read the statuses of project "+key, "project/"+key+"/statuses", nil, &types); err != nil {
		out.Problem = "the workflows of project " + key + " cannot be read"
		return out, nil, aside(err)
	}
	var used []wireStatus
	for _, t := range types {
		used = append(used, t.Statuses...)
	}
	missing, err := c.missing(ctx, key)
	if err != nil {
		out.Problem = "the account's permissions in project " + key + " cannot be read"
		return out, used, aside(err)
	}
	out.Readable = !slices.Contains(missing, "BROWSE_PROJECTS")
	out.Writable = out.Readable && !project.Archived && !slices.Contains(missing, "EDIT_ISSUES") && !slices.Contains(missing, "TRANSITION_ISSUES")
	if out.Readable {
		if out.Public, err = c.public(ctx, who, key); err != nil {
			return out, used, err
		}
	}
	out.Problem = problem(key, string(project.Key), project.Archived, missing)
	return out, used, nil
}

func problem(key, now string, archived bool, missing []string) string {
	var parts []string
	if now != "" && !strings.EqualFold(now, key) {
		parts = append(parts, "it was renamed to "+now+"; write that key in projects")
	}
	if archived {
		parts = append(parts, "it is archived and read-only")
	}
	if len(missing) > 0 {
		parts = append(parts, "the account lacks "+strings.Join(missing, ", "))
	}
	if len(parts) == 0 {
		return ""
	}
	return "project " + key + ": " + strings.Join(parts, "; ")
}

// permissions that Parley uses, in the order in which their lack hurts.
var permissions = []string{"BROWSE_PROJECTS", "TRANSITION_ISSUES", "EDIT_ISSUES", "LINK_ISSUES"}

// missing lists the permissions that the account lacks in a project.
func (c *Client) missing(ctx context.Context, key string) ([]string, error) {
	var wire struct {
		Permissions map[string]struct {
			Have bool `json:"havePermission"`
		} `json:"permissions"`
	}
	query := url.Values{"projectKey": {key}, "permissions": {strings.Join(permissions, ",")}}
	if _, err := c.get(ctx, "read the permissions in project "+key, "mypermissions", query, &wire); err != nil {
		return nil, err
	}
	var out []string
	for _, p := range permissions {
		if !wire.Permissions[p].Have {
			out = append(out, p)
		}
	}
	return out, nil
}

// aside lets a refusal that concerns one project be told as its problem.
func aside(err error) error {
	switch connectors.KindOf(err) {
	case connectors.NotFound, connectors.Forbidden, connectors.Invalid:
		return nil
	}
	return err
}
