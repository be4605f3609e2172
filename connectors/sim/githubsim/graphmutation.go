package githubsim

import "strings"

func (x *graphRun) mutation() *graphObject {
	return &graphObject{"Mutation", graphFields{
		"addProjectV2ItemById":          x.mutate("AddProjectV2ItemById", "item", x.addByID),
		"updateProjectV2ItemFieldValue": x.mutate("UpdateProjectV2ItemFieldValue", "projectV2Item", x.setValue),
		"clearProjectV2ItemFieldValue":  x.mutate("ClearProjectV2ItemFieldValue", "projectV2Item", x.clearValue),
	}}
}

// mutate is a mutation of one project, which the caller must be allowed to change.
func (x *graphRun) mutate(name, under string, do func(*project, map[string]any) (*projectItem, error)) func(map[string]any) (any, error) {
	return func(args map[string]any) (any, error) {
		in, _ := args["input"].(map[string]any)
		p, err := x.changing(name, word(in, "projectId"))
		if err != nil {
			return nil, err
		}
		i, err := do(p, in)
		if err != nil {
			return nil, err
		}
		return &graphObject{name + "Payload", graphFields{"clientMutationId": plainly(in["clientMutationId"]), under: plainly(x.graphItem(i))}}, nil
	}
}

func (x *graphRun) changing(name, id string) (*project, error) {
	if err := x.mayProjects(Write, name); err != nil {
		return nil, err
	}
	for _, p := range x.w.projects {
		if p.node() != id || !p.permission(x.user).atLeast(Read) {
			continue
		}
		if !p.permission(x.user).atLeast(Write) {
			return nil, graphFail("FORBIDDEN", "%s does not have the correct permissions to execute `%s`", x.user.Login, name)
		}
		return p, nil
	}
	return nil, unresolved(id)
}

func (x *graphRun) addByID(p *project, in map[string]any) (*projectItem, error) {
	is := x.issueOfNode(word(in, "contentId"))
	if is == nil {
		return nil, unresolved(word(in, "contentId"))
	}
	return x.addItem(p, is), nil
}

// target is the item and the field that a mutation names.
func (x *graphRun) target(p *project, in map[string]any) (*projectItem, *projectField, error) {
	var item *projectItem
	var field *projectField
	for _, i := range p.items {
		if i.node() == word(in, "itemId") {
			item = i
		}
	}
	for _, f := range p.fields {
		if f.node() == word(in, "fieldId") {
			field = f
		}
	}
	switch {
	case item == nil:
		return nil, nil, unresolved(word(in, "itemId"))
	case field == nil:
		return nil, nil, unresolved(word(in, "fieldId"))
	case item.archived:
		return nil, nil, graphFail("UNPROCESSABLE", "The item is archived and cannot be updated.")
	}
	return item, field, nil
}

func (x *graphRun) setValue(p *project, in map[string]any) (*projectItem, error) {
	i, f, err := x.target(p, in)
	if err != nil {
		return nil, err
	}
	value, _ := in["value"].(map[string]any)
	for _, o := range f.options {
		if strings.EqualFold(o.hex, word(value, "singleSelectOptionId")) {
			x.assignOption(i, f, o)
			return i, nil
		}
	}
	return nil, graphFail("VALIDATION", "The single select option Id does not belong to the field")
}

func (x *graphRun) clearValue(p *project, in map[string]any) (*projectItem, error) {
	i, f, err := x.target(p, in)
	if err != nil {
		return nil, err
	}
	x.assignOption(i, f, nil)
	return i, nil
}
