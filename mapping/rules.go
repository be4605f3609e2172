package mapping

import (
	"time"

	"parley/connectors"
	"parley/kanban"
)

// Rules is a compiled Config. It never changes and is safe for concurrent use.
type Rules struct {
	layout      kanban.Layout
	jira        map[string]map[kanban.Field]scale // by tracker: its own ids
	isGitHub    map[string]bool
	paired      map[kanban.Field]scale                  // GitHub side of a card that has a Jira side
	alone       map[kanban.Field]scale                  // GitHub side of one that has not
	options     map[kanban.Field]scale                  // of paired, where some GitHubs hold a field in labels and others in options
	gitHub      map[string]gitHubSide                   // by tracker
	weak        map[string]map[kanban.Field]FieldConfig // by tracker: fields without a history
	pairs       []PairRule
	units       []UnitConfig
	rules       []RuleConfig
	persons     []PersonConfig
	people      map[string]PersonConfig // by name: those with an account on both sides
	policy      VisibilityConfig
	sites       []site
	public      map[string]bool              // by place: anybody may read it
	schemes     map[string]scheme            // by place: the priorities of a project that uses some only
	deciding    map[Property]map[string]bool // folded values that units and rules go by
	arrival     time.Duration
	fingerprint string
}

// Fingerprint names the rules: the same configuration against trackers with the
// same statuses and priorities has the same one. What was read by other rules has
// to be read again.
func (r *Rules) Fingerprint() string { return r.fingerprint }

// Arrival is how soon after its creation a card has to be in work for having come there
// unplanned, where nobody had committed to it; 0: that counts for nothing.
func (r *Rules) Arrival() time.Duration { return r.arrival }

// Layout is the board's columns and priorities in their order.
func (r *Rules) Layout() kanban.Layout { return r.layout }

// Native takes the native value of a field out of an issue. It is "" for an issue
// of a tracker that is not configured.
func (r *Rules) Native(i connectors.Issue, f kanban.Field) kanban.Native {
	all := r.scales(i.Tracker)
	s, ok := all[f]
	if !ok && all != nil {
		side := kanban.Jira
		if r.isGitHub[i.Tracker] {
			side = kanban.GitHub
		}
		s = r.element(side, f)
	}
	if s == nil {
		return ""
	}
	return s.read(i)
}

// scales gives the scales that read a tracker's issues.
func (r *Rules) scales(tracker string) map[kanban.Field]scale {
	if r.isGitHub[tracker] {
		return r.gitHub[tracker].paired
	}
	return r.jira[tracker]
}

// Describe says a native value in words for people: "In Progress", "open,
// status:review", "Highest", "no label".
func (r *Rules) Describe(side kanban.Side, f kanban.Field, n kanban.Native) string {
	for _, s := range r.ofSide(side, f) {
		if text, ok := s.describe(n); ok {
			return text
		}
	}
	if n == "" {
		return "no " + string(f)
	}
	return string(n)
}

// ofSide lists the scales that a side has for a field, of each Jira its own.
func (r *Rules) ofSide(side kanban.Side, f kanban.Field) []scale {
	if e := r.element(side, f); e != nil {
		return []scale{e}
	}
	var all []scale
	if s := r.paired[f]; s != nil && side == kanban.GitHub {
		all = append(all, s)
	}
	if s := r.options[f]; s != nil && side == kanban.GitHub {
		all = append(all, s)
	}
	for _, site := range r.sites {
		if s := r.jira[site.tracker][f]; s != nil && side == kanban.Jira {
			all = append(all, s)
		}
	}
	return all
}

// Event turns a history entry into the board's record of it. Texts that people
// wrote are left out: events are kept for ever and shown to others than issues are.
func (r *Rules) Event(tracker, issueID string, e connectors.Entry) kanban.Event {
	return event(tracker, issueID, e, isText)
}

// Folding is an event as it is folded: unlike in Event, a title is told. It must not
// be kept, nor shown to anybody.
func (r *Rules) Folding(tracker, issueID string, e connectors.Entry) kanban.Event {
	return event(tracker, issueID, e, func(field string) bool {
		return isText(field) && field != kanban.ChangeTitle
	})
}

func event(tracker, issueID string, e connectors.Entry, silent func(field string) bool) kanban.Event {
	event := kanban.Event{
		Tracker: tracker, SourceID: e.ID, Seq: e.Seq, Issue: issueID,
		At: e.At, Actor: e.Actor.ID, Own: e.Own, Op: e.Op,
		Changes: make([]kanban.Change, 0, len(e.Changes)),
	}
	for _, c := range e.Changes {
		if silent(c.Field) {
			c = connectors.Change{Field: c.Field}
		}
		event.Changes = append(event.Changes, kanban.Change(c))
	}
	return event
}

// isText names the fields whose values are prose.
func isText(field string) bool {
	switch fold(field) {
	case "summary", "description", "environment", "comment", "title", "body", "renamed":
		return true
	}
	return false
}
