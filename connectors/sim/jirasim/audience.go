package jirasim

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Visibility says for whom a comment is.
type Visibility struct {
	Type  string `json:"type"`  // role or group
	Value string `json:"value"` // its name
}

// role is a role in a project.
type role struct{ project, name string }

// SetRole gives a role in a project to accounts, and to no others.
func (s *Site) SetRole(projectKey, name string, accounts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[role{projectKey, strings.ToLower(name)}] = slices.Clone(accounts)
}

// publicProperty is where a service desk notes that a comment is internal.
const publicProperty = "sd.public.comment"

// internal reports whether a new comment is for agents only. Only a service desk knows
// such comments; elsewhere the property is one like all others.
func (s *Site) internal(project string, c Comment) bool {
	var said struct{ Internal bool }
	_ = json.Unmarshal(c.Properties[publicProperty], &said) // whatever else it says, it does not say that
	p := s.catalog.project(project)
	return (c.Internal || said.Internal) && p != nil && p.ServiceDesk
}

// belongs reports whether an account is of a role or group.
func (s *Site) belongs(account, project string, v Visibility) bool {
	if strings.EqualFold(v.Type, "role") {
		return slices.Contains(s.roles[role{project, strings.ToLower(v.Value)}], account)
	}
	u := s.catalog.users[account]
	return u != nil && containsFold(u.Groups, v.Value)
}

// checkVisibility refuses an audience that there is not, or that the author is not of.
func (s *Site) checkVisibility(author, project string, v *Visibility) *Refusal {
	switch {
	case v == nil || author == "":
		return nil
	case !strings.EqualFold(v.Type, "role") && !strings.EqualFold(v.Type, "group"):
		return refuseField("visibility", "Invalid visibility type '%s'.", v.Type)
	case !s.belongs(author, project, *v):
		return refuseField("commentLevel", "You are currently not a member of the project %s: %s.", strings.ToLower(v.Type), v.Value)
	}
	return nil
}

// checkReplacement is checkVisibility for a comment that is sent again.
func (s *Site) checkReplacement(actor, key string, c Comment) *Refusal {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rec := s.find(key)
	if rec == nil {
		return absent()
	}
	return merge(s.checkVisibility(actor, rec.current.Project, c.Visibility), checkProperties(c.Properties))
}

// seenComments are the comments of an issue that the account may see.
func (c *call) seenComments(v *Issue) []Comment {
	return slices.DeleteFunc(slices.Clone(v.Comments), func(cm Comment) bool {
		hidden := cm.Visibility != nil && !c.site.belongs(c.account(), v.Project, *cm.Visibility)
		return hidden || cm.Internal && (c.user == nil || c.user.Type == "customer")
	})
}

func (c *call) commentJSON(v *Issue, cm Comment) obj {
	out := obj{"self": c.self("issue/%s/comment/%d", v.ID, cm.ID), "id": strconv.FormatInt(cm.ID, 10), "author": c.userJSON(cm.Author),
		"updateAuthor": c.userJSON(cm.Author), "body": c.richText(cm.Body), "created": c.time(cm.Created), "updated": c.time(cm.Updated)}
	if !c.site.server() {
		out["jsdPublic"] = !cm.Internal
	}
	if cm.Visibility != nil {
		shown := obj{"type": strings.ToLower(cm.Visibility.Type), "value": cm.Visibility.Value}
		if !c.site.server() {
			shown["identifier"] = cm.Visibility.Value
		}
		out["visibility"] = shown
	}
	if c.r != nil && slices.Contains(c.list("expand"), "properties") {
		out["properties"] = properties(cm)
	}
	return out
}

// properties lists those of a comment by key.
func properties(cm Comment) []obj {
	out := []obj{}
	for _, key := range slices.Sorted(maps.Keys(cm.Properties)) {
		out = append(out, obj{"key": key, "value": cm.Properties[key]})
	}
	return out
}
