package jirasim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// NewIssue is an issue to be made. Project, Type and Summary are needed;
// priority, status and resolution are ids or names, accounts are ids.
type NewIssue struct {
	Project, Type, Summary, Description string

	Priority   string // "": the scheme's default; None: no priority at all
	Status     string // "": where the workflow begins
	Labels     []string
	Components []string
	Versions   []string // fix versions
	Assignee   string
	Reporter   string // "": the creator
	Security   string
	Parent     string // key
	Due        string // YYYY-MM-DD
	Custom     map[string]json.RawMessage
	Properties map[string]json.RawMessage
	Created    time.Time // zero: now
}

// None is a priority that an issue explicitly lacks.
const None = "none"

// Create makes an issue at the moment; NewIssue.Created goes before it.
func (m Moment) Create(actor string, n NewIssue) (Issue, error) {
	s := m.site
	s.mu.Lock()
	defer s.mu.Unlock()
	if !n.Created.IsZero() {
		m.at = n.Created.UTC().Truncate(time.Millisecond)
	}
	v, r := s.newIssue(actor, n, m.now())
	if r != nil {
		return Issue{}, r
	}
	return s.catalog.snapshot(v), nil
}

func (s *Site) newIssue(actor string, n NewIssue, now time.Time) (*Issue, *Refusal) {
	p := s.catalog.project(n.Project)
	if p == nil || actor != "" && !s.allowed(s.catalog.users[actor], p.Key, Browse) {
		return nil, refuseField("project", "Specify a valid project ID or key")
	}
	if p.Archived {
		return nil, refuseField("project", "The project is archived.")
	}
	if r := s.actor(actor, p.Key, Create, "create issues in this project"); r != nil {
		return nil, r
	}
	if n.Assignee != "" {
		if r := s.mayAssign(actor, p.Key, &n.Assignee); r != nil {
			return nil, r
		}
	}
	v := &Issue{Project: p.Key, Summary: n.Summary, Description: n.Description,
		Labels: sortedSet(n.Labels), Components: sortedSet(n.Components), FixVersions: sortedSet(n.Versions),
		Assignee: n.Assignee, Reporter: n.Reporter, Creator: actor, Security: n.Security, Parent: n.Parent, Due: n.Due,
		Custom: maps.Clone(n.Custom), Properties: maps.Clone(n.Properties), Created: now, Updated: now, CategoryChanged: now}
	if v.Reporter == "" {
		v.Reporter = actor
	}
	if r := merge(s.complete(v, p, n), p.lacks(v), checkProperties(n.Properties)); r != nil {
		return nil, r
	}
	s.place(v, p)
	return v, nil
}

// complete checks and fills what has rules: type, summary, priority, status.
func (s *Site) complete(v *Issue, p *Project, n NewIssue) *Refusal {
	var noType, noSummary *Refusal
	var ok bool
	if v.Type, ok = p.has(n.Type); !ok {
		noType = refuseField("issuetype", "Specify a valid issue type")
	}
	if strings.TrimSpace(n.Summary) == "" {
		noSummary = refuseField("summary", "You must specify a summary of the issue.")
	}
	priority, r := s.choosePriority(p, n.Priority)
	if r := merge(noType, noSummary, r, checkLabels(n.Labels), checkTitle(n.Summary), checkDue(&n.Due), s.checkAssignee(p.Key, n.Assignee), s.checkUser("reporter", n.Reporter)); r != nil {
		return r
	}
	v.Priority = priority
	v.Status = s.catalog.workflow(p, v.Type).initial()
	if n.Status != "" {
		st := s.catalog.statusNamed(n.Status)
		if st == nil {
			return invalid("The status '%s' does not exist.", n.Status)
		}
		v.Status = st.ID
	}
	if v.Status == "" {
		return refuse(http.StatusUnprocessableEntity, "The workflow of %s issues in %s has no status.", v.Type, p.Key)
	}
	return nil
}

func (s *Site) choosePriority(p *Project, ref string) (string, *Refusal) {
	switch ref {
	case None:
		return "", nil
	case "":
		if ps := s.catalog.scheme(p); ps != nil {
			return ps.Default, nil
		}
		return "", nil
	}
	return s.checkPriority(p, ref)
}

// checkPriority finds a priority that the project's scheme holds.
func (s *Site) checkPriority(p *Project, ref string) (string, *Refusal) {
	pr := s.catalog.priority(ref)
	if pr == nil || !slices.Contains(s.catalog.prioritiesOf(p), pr) {
		return "", refuseField("priority", "The priority selected is invalid.")
	}
	return pr.ID, nil
}

func checkLabels(labels []string) *Refusal {
	for _, l := range labels {
		if strings.ContainsAny(l, " \t\n") || l == "" {
			return refuseField("labels", "The label '%s' contains spaces which is invalid.", l)
		}
		if len(l) > 255 {
			return refuseField("labels", "The label '%s' exceeds the maximum length of 255 characters.", l[:20])
		}
	}
	return nil
}

func (s *Site) checkUser(field, account string) *Refusal {
	if account == "" || s.catalog.users[account] != nil {
		return nil
	}
	return refuseField(field, "User '%s' does not exist.", account)
}

// place gives an issue its id and key and puts it on the site.
func (s *Site) place(v *Issue, p *Project) {
	v.num = s.takeID("issue")
	v.ID = strconv.FormatInt(v.num, 10)
	v.Key = p.takeKey()
	rec := &record{num: v.num}
	s.issues[v.num] = rec
	s.commit(rec, v, v.Updated)
}

func (p *Project) takeKey() string {
	p.next++
	return fmt.Sprintf("%s-%d", p.Key, p.next)
}

// sortedSet is how Jira keeps labels and components: sorted, without doubles.
func sortedSet(in []string) []string {
	if len(in) == 0 {
		return nil
	}
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}
