package githubsim

import (
	"slices"
	"strconv"
	"strings"
)

// graphFields are the fields of an object, asked for by name.
type graphFields = map[string]func(args map[string]any) (any, error)

// plainly is a field whose value needs no arguments.
func plainly(v any) func(map[string]any) (any, error) {
	return func(map[string]any) (any, error) { return v, nil }
}

func word(args map[string]any, name string) string {
	s, _ := args[name].(string)
	return s
}

func (x *graphRun) query() *graphObject {
	return &graphObject{"Query", graphFields{
		"viewer":       func(map[string]any) (any, error) { return x.graphAccount(x.user), nil },
		"organization": func(a map[string]any) (any, error) { return x.accountNamed("Organization", word(a, "login")) },
		"user":         func(a map[string]any) (any, error) { return x.accountNamed("User", word(a, "login")) },
		"repository":   x.repositoryNamed,
		"repositoryOwner": func(a map[string]any) (any, error) {
			if u := x.w.users[strings.ToLower(word(a, "login"))]; u != nil {
				return x.graphAccount(u), nil
			}
			return nil, nil
		},
		"node":      func(a map[string]any) (any, error) { return x.nodeOf(word(a, "id")) },
		"nodes":     x.nodesOf,
		"rateLimit": func(map[string]any) (any, error) { return x.rateLimit(), nil },
	}}
}

func (x *graphRun) rateLimit() *graphObject {
	w := x.w.limits.window(x.call)
	return &graphObject{"RateLimit", graphFields{
		"cost": plainly(x.points), "limit": plainly(w.limit), "remaining": plainly(w.remaining()), "used": plainly(w.limit - w.remaining()),
		"resetAt": plainly(stamp(w.reset)), "nodeCount": plainly(x.nodes),
	}}
}

func (x *graphRun) accountNamed(kind, login string) (any, error) {
	u := x.w.users[strings.ToLower(login)]
	if u == nil || (u.Type == "Organization") != (kind == "Organization") {
		an := "a User"
		if kind == "Organization" {
			an = "an Organization"
		}
		return nil, graphFail("NOT_FOUND", "Could not resolve to %s with the login of '%s'.", an, login)
	}
	return x.graphAccount(u), nil
}

func (x *graphRun) graphAccount(u *user) *graphObject {
	kind := "User"
	if u.Type == "Organization" {
		kind = kindOrganization
	}
	return &graphObject{kind, graphFields{
		"id": plainly(u.node), "login": plainly(u.Login),
		"projectV2": func(a map[string]any) (any, error) {
			number := whole(a["number"])
			if err := x.mayProjects(Read, "projectV2"); err != nil {
				return nil, err
			}
			p := x.w.project(u, number)
			if p == nil || !p.permission(x.user).atLeast(Read) {
				return nil, graphFail("NOT_FOUND", "Could not resolve to a ProjectV2 with the number %d.", number)
			}
			return x.graphProject(p), nil
		},
	}}
}

const kindOrganization = "Organization"

// mayProjects refuses a credential that was not given projects.
func (x *graphRun) mayProjects(p Permission, field string) error {
	switch {
	case x.with != nil && x.with.of != nil:
		if given := x.with.of.app.Permissions["organization_projects"]; !Permission(given).atLeast(p) {
			return graphFail("FORBIDDEN", "Resource not accessible by integration")
		}
	case x.with != nil && x.with.noProjects:
		return graphFail("INSUFFICIENT_SCOPES", "Your token has not been granted the required scopes to execute this query. The '%s' field requires one of the following scopes: ['read:project'], but your token has only been granted the: ['repo'] scopes. Please modify your token's scopes at: https://github.com/settings/tokens.", field)
	}
	return nil
}

func (x *graphRun) repositoryNamed(a map[string]any) (any, error) {
	name := word(a, "owner") + "/" + word(a, "name")
	rp := x.w.repos[strings.ToLower(name)]
	if was := x.w.moved[strings.ToLower(name)]; rp == nil && a["followRenames"] != false {
		rp = was
	}
	if rp == nil || !x.sees(rp) {
		return nil, graphFail("NOT_FOUND", "Could not resolve to a Repository with the name '%s'.", name)
	}
	return x.graphRepo(rp), nil
}

func (x *graphRun) graphRepo(rp *repo) *graphObject {
	return &graphObject{"Repository", graphFields{
		"id": plainly(nodeID("R", rp.id)), "databaseId": plainly(rp.id), "nameWithOwner": plainly(rp.full()),
		"projectsV2": func(a map[string]any) (any, error) {
			if err := x.mayProjects(Read, "projectsV2"); err != nil {
				return nil, err
			}
			var linked []*graphObject
			for _, p := range x.w.projects {
				if p.linked(rp) && p.permission(x.user).atLeast(Read) {
					linked = append(linked, x.graphProject(p))
				}
			}
			return x.connection("ProjectV2Connection", linked, a)
		},
		"issue": func(a map[string]any) (any, error) {
			n := whole(a["number"])
			if is := rp.byNumber[n]; is != nil && !is.pull {
				return x.graphIssue(is), nil
			}
			return nil, graphFail("NOT_FOUND", "Could not resolve to an Issue with the number of %d.", n)
		},
	}}
}

func (x *graphRun) graphIssue(is *issue) *graphObject {
	s := is.state
	kind := "Issue"
	if is.pull {
		kind = "PullRequest"
	}
	return &graphObject{kind, graphFields{
		"id": plainly(is.node()), "fullDatabaseId": plainly(strconv.FormatInt(is.id, 10)), "number": plainly(is.number), "title": plainly(s.title),
		"updatedAt": plainly(stamp(s.updated)), "repository": plainly(x.graphRepo(is.repo)),
		"projectItems": func(a map[string]any) (any, error) { return x.itemsOf(is, a) },
	}}
}

// itemsOf are the items that an issue is, in the projects that the caller may see.
func (x *graphRun) itemsOf(is *issue, a map[string]any) (any, error) {
	if err := x.mayProjects(Read, "projectItems"); err != nil {
		return nil, err
	}
	var items []*graphObject
	for _, p := range x.w.projects {
		i := p.item(is)
		if i == nil || !p.permission(x.user).atLeast(Read) || i.archived && a["includeArchived"] == false {
			continue
		}
		items = append(items, x.graphItem(i))
	}
	return x.connection("ProjectV2ItemConnection", items, a)
}

func (x *graphRun) graphProject(p *project) *graphObject {
	return &graphObject{"ProjectV2", graphFields{
		"id": plainly(p.node()), "number": plainly(p.number), "title": plainly(p.title), "closed": plainly(false), "public": plainly(p.public), "owner": plainly(x.graphAccount(p.owner)),
		"updatedAt": plainly(stamp(p.updated)), "viewerCanUpdate": plainly(p.permission(x.user).atLeast(Write) && x.mayProjects(Write, "") == nil),
		"field": func(a map[string]any) (any, error) {
			f := p.field(word(a, "name"))
			if f == nil {
				return nil, nil
			}
			return x.graphField(f), nil
		},
		"fields": func(a map[string]any) (any, error) {
			fields := []*graphObject{{"ProjectV2Field", graphFields{"id": plainly(nodeID("PVTF", p.id)), "name": plainly("Title"), "dataType": plainly("TITLE")}}}
			for _, f := range p.fields {
				fields = append(fields, x.graphField(f))
			}
			return x.connection("ProjectV2FieldConfigurationConnection", fields, a)
		},
		"items": func(a map[string]any) (any, error) {
			items := make([]*graphObject, 0, len(p.items))
			for _, i := range p.items {
				items = append(items, x.graphItem(i))
			}
			return x.connection("ProjectV2ItemConnection", items, a)
		},
	}}
}

func (x *graphRun) graphField(f *projectField) *graphObject {
	var options []*graphObject
	for _, o := range f.options {
		options = append(options, &graphObject{"ProjectV2SingleSelectFieldOption", graphFields{"id": plainly(o.hex), "name": plainly(o.name)}})
	}
	return &graphObject{"ProjectV2SingleSelectField", graphFields{
		"id": plainly(f.node()), "name": plainly(f.name), "dataType": plainly("SINGLE_SELECT"), "options": plainly(options)}}
}

func (x *graphRun) graphItem(i *projectItem) *graphObject {
	return &graphObject{"ProjectV2Item", graphFields{
		"id": plainly(i.node()), "type": plainly("ISSUE"), "isArchived": plainly(i.archived), "createdAt": plainly(stamp(i.created)), "updatedAt": plainly(stamp(i.updated)),
		"project": func(map[string]any) (any, error) { return x.graphProject(i.in), nil },
		"content": func(map[string]any) (any, error) {
			if rp := i.issue.repo; !x.sees(rp) || rp.byNumber[i.issue.number] != i.issue {
				return nil, nil
			}
			return x.graphIssue(i.issue), nil
		},
		"fieldValueByName": func(a map[string]any) (any, error) {
			f := i.in.field(word(a, "name"))
			if f == nil {
				return nil, nil
			}
			return x.graphValue(i, f), nil
		},
		"fieldValues": func(a map[string]any) (any, error) {
			var values []*graphObject
			for _, f := range i.in.fields {
				if v := x.graphValue(i, f); v != nil {
					values = append(values, v)
				}
			}
			return x.connection("ProjectV2ItemFieldValueConnection", values, a)
		},
	}}
}

func (x *graphRun) graphValue(i *projectItem, f *projectField) *graphObject {
	v, set := i.values[f]
	if !set {
		return nil
	}
	return &graphObject{"ProjectV2ItemFieldSingleSelectValue", graphFields{
		"id": plainly(nodeID("PVTFSV", i.id, f.id)), "name": plainly(v.option.name), "optionId": plainly(v.option.hex),
		"createdAt": plainly(stamp(v.created)), "updatedAt": plainly(stamp(v.updated)), "field": plainly(x.graphField(f))}}
}

// connection is a page of a list. Its cursors are the places of the rows.
func (x *graphRun) connection(kind string, rows []*graphObject, a map[string]any) (any, error) {
	from := 0
	if after := word(a, "after"); after != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(after, "cursor:"))
		if err != nil {
			return nil, graphFail("INVALID_CURSOR_ARGUMENTS", "`%s` does not appear to be a valid cursor.", after)
		}
		from = min(n, len(rows))
	}
	to := min(from+max(whole(a["first"]), 1), len(rows))
	page := &graphObject{"PageInfo", graphFields{"hasNextPage": plainly(to < len(rows)), "endCursor": plainly("cursor:" + strconv.Itoa(to))}}
	return &graphObject{kind, graphFields{"nodes": plainly(slices.Clone(rows[from:to])), "pageInfo": plainly(page), "totalCount": plainly(len(rows))}}, nil
}

// nodesOf are things by their ids, with null and an error for each that is not there.
func (x *graphRun) nodesOf(a map[string]any) (any, error) {
	ids, _ := a["ids"].([]any)
	if len(ids) > 100 {
		return nil, graphFail("ARGUMENT_LIMIT", "You may not provide more than 100 node ids; you provided %d.", len(ids))
	}
	out := make([]*graphObject, 0, len(ids))
	for i, id := range ids {
		text, _ := id.(string)
		o, err := x.nodeOf(text)
		if err != nil {
			x.fail([]any{"nodes", i}, err)
		}
		out = append(out, o)
	}
	return out, nil
}

func (x *graphRun) nodeOf(id string) (*graphObject, error) {
	if is := x.issueOfNode(id); is != nil {
		return x.graphIssue(is), nil
	}
	for _, p := range x.w.projects {
		if !p.permission(x.user).atLeast(Read) {
			continue
		}
		if p.node() == id {
			return x.graphProject(p), nil
		}
		for _, i := range p.items {
			if i.node() == id {
				return x.graphItem(i), nil
			}
		}
	}
	return nil, unresolved(id)
}

func unresolved(id string) error {
	return graphFail("NOT_FOUND", "Could not resolve to a node with the global id of '%s'.", id)
}

// issueOfNode finds an issue that the caller may see by its global id.
func (x *graphRun) issueOfNode(id string) *issue {
	prefix, parts := nodeParts(id)
	if prefix != "I" && prefix != "PR" || len(parts) != 2 {
		return nil
	}
	rp := x.w.byID[parts[0]]
	if rp == nil || !x.sees(rp) {
		return nil
	}
	for _, is := range rp.issues {
		if is.id == parts[1] && is.node() == id {
			return is
		}
	}
	return nil
}
