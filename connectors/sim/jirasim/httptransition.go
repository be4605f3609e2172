package jirasim

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (c *call) getTransitions() (reply, error) {
	return c.locked(func(v *Issue) (reply, error) {
		withFields := slices.Contains(c.list("expand"), "transitions.fields")
		all := c.transitionsJSON(v, withFields)
		if id := c.query("transitionId"); id != "" {
			all = slices.DeleteFunc(all, func(t obj) bool { return t["id"] != id })
		}
		return ok(obj{"expand": "transitions", "transitions": all})
	})
}

func (c *call) transitionsJSON(v *Issue, withFields bool) []obj {
	out := []obj{}
	for _, t := range c.site.offered(c.user, false, v) {
		o := obj{"id": t.ID, "name": t.Name, "to": c.statusJSON(t.To)}
		if !c.site.server() {
			maps.Copy(o, obj{"hasScreen": t.Screen, "isGlobal": len(t.From) == 0,
				"isInitial": false, "isAvailable": true, "isConditional": false, "isLooped": slices.Equal(t.From, []string{t.To})})
		}
		if withFields {
			o["fields"] = c.screenJSON(v, t)
		}
		out = append(out, o)
	}
	return out
}

// screenJSON describes the fields of a transition's screen. What only a
// validator asks for is not on it.
func (c *call) screenJSON(v *Issue, t Transition) obj {
	out := obj{}
	if !t.Screen {
		return out
	}
	for _, f := range slices.Concat(t.Fields, t.Required) {
		out[f] = c.fieldMeta(v, f, slices.Contains(t.Required, f))
	}
	return out
}

// fieldMeta describes a field as editmeta and transitions.fields do.
func (c *call) fieldMeta(v *Issue, id string, required bool) obj {
	f := c.site.catalog.field(id)
	if f == nil {
		f = &Field{ID: id, Name: id, Type: "string"}
	}
	out := obj{"required": required, "schema": c.schema(f), "name": c.word(f.Name), "key": f.ID, "fieldId": f.ID, "hasDefaultValue": false, "operations": []string{"set"}}
	switch id {
	case "resolution":
		allowed := []any{}
		for _, r := range c.site.catalog.resolutions {
			allowed = append(allowed, c.resolutionJSON(r.ID))
		}
		out["allowedValues"] = allowed
	case "priority":
		allowed := []any{}
		for _, p := range c.site.catalog.prioritiesOf(c.site.catalog.project(v.Project)) {
			allowed = append(allowed, c.priorityJSON(p.ID))
		}
		out["allowedValues"] = allowed
	case "labels", "components", "fixVersions":
		out["operations"] = []string{"add", "set", "remove"}
	}
	return out
}

func (c *call) schema(f *Field) obj {
	switch {
	case f.custom && f.Type == "any": // the order of boards
		return obj{"type": f.Type, "custom": "com.pyxis.greenhopper.jira:gh-lexo-rank", "customId": customID(f.ID)}
	case f.custom:
		return obj{"type": f.Type, "custom": "com.atlassian.jira.plugin.system.customfieldtypes:" + f.Type, "customId": customID(f.ID)}
	}
	out := obj{"type": f.Type, "system": f.ID}
	if f.Type == "array" {
		out["items"] = map[string]string{"labels": "string", "components": "component", "fixVersions": "version"}[f.ID]
	}
	return out
}

func (c *call) editMeta() (reply, error) {
	return c.locked(func(v *Issue) (reply, error) { return ok(obj{"fields": c.editable(v)}) })
}

// editable describes what PUT issue would take; nothing without the permission.
func (c *call) editable(v *Issue) obj {
	out := obj{}
	if !c.site.allowed(c.user, v.Project, EditIssues) || c.site.frozen(v) {
		return out
	}
	shows := c.site.onEditScreen(c.site.catalog.project(v.Project))
	for _, f := range c.site.catalog.allFields() {
		if shows(f.ID) {
			out[f.ID] = c.fieldMeta(v, f.ID, f.ID == "summary")
		}
	}
	return out
}

func (c *call) postTransition() (reply, error) {
	var b changeBody
	if err := c.decode(&b, false); err != nil {
		return reply{}, err
	}
	id, e, err := c.readTransition(b)
	if err != nil {
		return reply{}, err
	}
	if c.inside(insideUnmoved) {
		return noContent() // JRA-33909
	}
	if err := c.site.Transition(c.account(), c.params["key"], id, e); err != nil {
		return reply{}, err
	}
	return noContent()
}

// readTransition checks the body against the screen of the transition it names.
func (c *call) readTransition(b changeBody) (string, Edit, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	v, err := c.issue()
	if err != nil {
		return "", Edit{}, err
	}
	id, r := b.transitionID()
	if r != nil {
		return "", Edit{}, r
	}
	offered := c.site.offered(c.user, false, v)
	i := slices.IndexFunc(offered, func(t Transition) bool { return t.ID == id })
	if i < 0 && c.site.server() {
		return "", Edit{}, refuse(http.StatusInternalServerError, "Transition id '%s' is not valid for this issue.", id)
	}
	if i < 0 {
		return "", Edit{}, invalid("Transition id '%s' is not valid for this issue.", id)
	}
	fr := fieldReader{site: c.site, version: c.version, shows: offered[i].shows}
	e, r := fr.read(b)
	if r != nil {
		return "", Edit{}, r
	}
	return id, e, nil
}

func customID(field string) int64 {
	id, _ := strconv.ParseInt(strings.TrimPrefix(field, "customfield_"), 10, 64) // 0 is nobody's
	return id
}
