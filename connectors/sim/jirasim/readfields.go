package jirasim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// changeBody is what PUT issue, POST issue and POST transitions take.
type changeBody struct {
	Transition *struct {
		ID json.RawMessage `json:"id"`
	} `json:"transition"`
	Fields     map[string]json.RawMessage              `json:"fields"`
	Update     map[string][]map[string]json.RawMessage `json:"update"`
	Properties []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
	Metadata json.RawMessage `json:"historyMetadata"`
}

// fieldReader turns the fields and operations of a body into an Edit. It holds
// nothing of the site but what a check needs: hold the lock.
type fieldReader struct {
	site    *Site
	version int
	shows   func(field string) bool // what the screen has
	ignore  map[string]bool         // fields that are read elsewhere or silently left alone
	edit    Edit
	refused *Refusal
}

// read takes a whole body. All complaints come together, as Jira sends them.
func (fr *fieldReader) read(b changeBody) (Edit, *Refusal) {
	for _, field := range slices.Sorted(maps.Keys(b.Fields)) {
		if b.Update[field] != nil {
			fr.refused = merge(fr.refused, refuseField(field, "Field '%s' cannot appear in both 'fields' and 'update'", field))
			continue
		}
		fr.one(field, "set", b.Fields[field])
	}
	for _, field := range slices.Sorted(maps.Keys(b.Update)) {
		for _, ops := range b.Update[field] {
			for op, raw := range ops {
				fr.one(field, op, raw)
			}
		}
	}
	fr.readProperties(b)
	if len(b.Metadata) > 0 && string(b.Metadata) != "null" {
		fr.edit.Metadata = b.Metadata
	}
	return fr.edit, fr.refused
}

func (fr *fieldReader) readProperties(b changeBody) {
	for _, p := range b.Properties {
		if fr.edit.Properties == nil {
			fr.edit.Properties = map[string]json.RawMessage{}
		}
		fr.edit.Properties[p.Key] = p.Value
	}
}

func (fr *fieldReader) one(field, op string, raw json.RawMessage) {
	if fr.ignore[field] {
		return
	}
	if field == "comment" && op == "add" {
		fr.refused = merge(fr.refused, fr.comment(raw))
		return
	}
	if !fr.shows(field) {
		fr.refused = merge(fr.refused, offScreen(field))
		return
	}
	fr.refused = merge(fr.refused, fr.value(field, op, raw))
}

func (fr *fieldReader) value(field, op string, raw json.RawMessage) *Refusal {
	e := &fr.edit
	switch field {
	case "labels":
		return list(field, op, raw, stringsOf, &e.Labels, &e.AddLabels, &e.RemoveLabels)
	case "components":
		return list(field, op, raw, fr.namesOf, &e.Components, &e.AddComponents, &e.RemoveComponents)
	case "fixVersions":
		return list(field, op, raw, fr.namesOf, &e.Versions, &e.AddVersions, &e.DropVersion)
	}
	if op != "set" {
		return refuseField(field, "Field '%s' does not support operation '%s'", field, op)
	}
	switch field {
	case "summary":
		return setString(field, raw, &e.Summary)
	case "duedate":
		return setString(field, raw, &e.Due)
	case "description":
		text, r := readText(fr.version, raw)
		e.Description = &text
		return inField(field, r)
	case "priority":
		return fr.priority(raw)
	case "resolution":
		return fr.named(field, raw, &e.Resolution)
	case "security":
		return fr.named(field, raw, &e.Security)
	case "assignee":
		return fr.user(field, raw, &e.Assignee)
	case "reporter":
		return fr.user(field, raw, &e.Reporter)
	case "parent":
		return fr.parent(raw)
	}
	if e.Custom == nil {
		e.Custom = map[string]json.RawMessage{}
	}
	e.Custom[field] = raw
	return nil
}

// list reads one operation on a list.
func list(field, op string, raw json.RawMessage, read func(json.RawMessage) ([]string, bool), set, add, remove *[]string) *Refusal {
	if op == "add" || op == "remove" {
		raw = slices.Concat(json.RawMessage("["), raw, json.RawMessage("]"))
	}
	values, valid := read(raw)
	if !valid {
		return refuseField(field, "data was not an array")
	}
	switch op {
	case "set":
		*set = orEmpty(values)
	case "add":
		*add = append(*add, values...)
	case "remove":
		*remove = append(*remove, values...)
	default:
		return refuseField(field, "Field '%s' does not support operation '%s'", field, op)
	}
	return nil
}

func stringsOf(raw json.RawMessage) ([]string, bool) {
	var out []string
	err := json.Unmarshal(raw, &out)
	return out, err == nil
}

// namesOf reads components or versions. They exist by their names here, so an
// id is resolved among those in use.
func (fr *fieldReader) namesOf(raw json.RawMessage) ([]string, bool) {
	var in []struct{ Name, ID string }
	if json.Unmarshal(raw, &in) != nil {
		return nil, false
	}
	var out []string
	for _, n := range in {
		if n.Name == "" {
			n.Name = fr.site.nameByID(n.ID)
		}
		out = append(out, n.Name)
	}
	return out, true
}

// nameByID finds the component or version in use that has an id.
func (s *Site) nameByID(id string) string {
	for _, rec := range s.issues {
		if rec.current == nil {
			continue
		}
		for _, n := range slices.Concat(rec.current.Components, rec.current.FixVersions) {
			if namedID(n) == id {
				return n
			}
		}
	}
	return id
}

func setString(field string, raw json.RawMessage, to **string) *Refusal {
	var text string
	if string(raw) != "null" && json.Unmarshal(raw, &text) != nil {
		return refuseField(field, "Operation value must be a string")
	}
	*to = &text
	return nil
}

// inField puts a refusal without a field under one.
func inField(field string, r *Refusal) *Refusal {
	if r == nil {
		return nil
	}
	return &Refusal{Status: r.Status, Errors: map[string]string{field: r.Messages[0]}}
}

func (fr *fieldReader) priority(raw json.RawMessage) *Refusal {
	var ref struct{ ID, Name *string }
	if json.Unmarshal(raw, &ref) != nil || ref.ID == nil && ref.Name == nil && string(raw) != "null" {
		return refuseField("priority", "Specify the Priority (id or name) in the string format")
	}
	if string(raw) == "null" {
		return refuseField("priority", "The priority selected is invalid.")
	}
	fr.edit.Priority = ref.ID
	if ref.ID == nil {
		fr.edit.Priority = ref.Name
	}
	if p := *fr.edit.Priority; p == "" || p == None {
		return refuseField("priority", "The priority selected is invalid.")
	}
	return nil
}

// named reads {"id"} or {"name"}; null clears.
func (fr *fieldReader) named(field string, raw json.RawMessage, to **string) *Refusal {
	var ref struct{ ID, Name string }
	if json.Unmarshal(raw, &ref) != nil {
		return refuseField(field, "Specify a valid 'id' or 'name' for %s", fr.site.catalog.fieldName(field))
	}
	if ref.ID == "" || field == "security" && ref.Name != "" {
		ref.ID = ref.Name
	}
	if ref.ID == "" && string(raw) != "null" {
		return refuseField(field, "Could not find valid 'id' or 'name' in %s object.", field)
	}
	*to = &ref.ID
	return nil
}

func (fr *fieldReader) user(field string, raw json.RawMessage, to **string) *Refusal {
	var ref struct{ AccountID, ID, Name, Key string }
	if json.Unmarshal(raw, &ref) != nil {
		return refuseField(field, "data was not an object")
	}
	if fr.site.server() {
		return fr.serverUser(field, ref.Name, ref.Key, to)
	}
	if ref.Name != "" || ref.Key != "" {
		return refuseField(field, "'accountId' must be the only user identifying query parameter in GDPR strict mode.")
	}
	if ref.AccountID == "" {
		ref.AccountID = ref.ID
	}
	if ref.AccountID == "-1" {
		ref.AccountID = ""
	}
	*to = &ref.AccountID
	return nil
}

func (fr *fieldReader) parent(raw json.RawMessage) *Refusal {
	var ref struct{ Key, ID string }
	if json.Unmarshal(raw, &ref) != nil {
		return refuseField("parent", "data was not an object")
	}
	if ref.Key == "" {
		ref.Key = ref.ID
	}
	if ref.Key == "" {
		fr.edit.Parent = &ref.Key
		return nil
	}
	rec := fr.site.find(ref.Key)
	if rec == nil {
		return refuseField("parent", "Could not find issue by id or key.")
	}
	fr.edit.Parent = &rec.current.Key
	return nil
}

func (fr *fieldReader) comment(raw json.RawMessage) *Refusal {
	var in struct{ Body json.RawMessage }
	if json.Unmarshal(raw, &in) != nil || in.Body == nil {
		return refuseField("comment", "Comment body can not be empty!")
	}
	text, r := readText(fr.version, in.Body)
	fr.edit.Comment = text
	return inField("comment", r)
}

// transitionID reads transition.id, which must be a number, sent as a text or not.
func (b changeBody) transitionID() (string, *Refusal) {
	if b.Transition == nil || len(b.Transition.ID) == 0 {
		return "", refuse(http.StatusBadRequest, "Missing 'transition' identifier")
	}
	var id flexible
	if json.Unmarshal(b.Transition.ID, &id) == nil {
		if _, err := strconv.Atoi(string(id)); err == nil {
			return string(id), nil
		}
	}
	return "", refuse(http.StatusBadRequest, "'transition' identifier must be an integer")
}
