package jirasim

import (
	"encoding/json"
	"time"
)

// Moment is a site at a given time: what is done through it happened then. It
// lets history be seeded in the past whatever the site's clock says. The zero
// time is the clock's present.
type Moment struct {
	site *Site
	at   time.Time
}

// At gives the site as it is written to at t. Entries get their ids in the
// order of the calls, so seed each issue's history oldest first.
func (s *Site) At(t time.Time) Moment { return Moment{s, t.UTC().Truncate(time.Millisecond)} }

// present gives the site at its clock's time.
func (s *Site) present() Moment { return Moment{site: s} }

func (m Moment) now() time.Time {
	if m.at.IsZero() {
		return m.site.now()
	}
	return m.at
}

// Create makes an issue; see NewIssue.
func (s *Site) Create(actor string, n NewIssue) (Issue, error) { return s.present().Create(actor, n) }

// Edit changes fields of an issue; see Edit.
func (s *Site) Edit(actor, key string, e Edit) error { return s.present().Edit(actor, key, e) }

// Transition takes a transition, named by id or name, that the issue's workflow
// offers now. e holds the fields of its screen.
func (s *Site) Transition(actor, key, transition string, e Edit) error {
	return s.present().Transition(actor, key, transition, e)
}

// ForceStatus puts an issue into a status, by id or name, whatever its workflow
// says. The changelog shows it as any other change.
func (s *Site) ForceStatus(actor, key, status string) error {
	return s.present().ForceStatus(actor, key, status)
}

// MigrateStatus is what an administrator's workflow migration does: the status
// changes and the changelog shows it, but "updated" stays as it was.
func (s *Site) MigrateStatus(actor, key, status string) error {
	return s.present().MigrateStatus(actor, key, status)
}

// AddComment adds a comment and gives its id.
func (s *Site) AddComment(actor, key, body string) (int64, error) {
	return s.present().AddComment(actor, key, body)
}

// PostComment adds a comment with what else it has, and gives its id. The author must be
// of the role or group that it is for.
func (s *Site) PostComment(actor, key string, c Comment) (int64, error) {
	return s.present().PostComment(actor, key, c)
}

// AddRemoteLink adds a remote link, or replaces the one with the same GlobalID;
// created tells which.
func (s *Site) AddRemoteLink(actor, key string, l RemoteLink) (id int64, created bool, err error) {
	return s.present().AddRemoteLink(actor, key, l)
}

// DeleteRemoteLink removes a remote link by its id.
func (s *Site) DeleteRemoteLink(actor, key string, id int64) error {
	return s.present().DeleteRemoteLink(actor, key, id)
}

// SetProperty sets an issue property; a nil value removes it. It leaves no
// trace in the changelog and does not touch "updated".
func (s *Site) SetProperty(actor, key, property string, value json.RawMessage) (created bool, err error) {
	return s.present().SetProperty(actor, key, property, value)
}

// Delete removes an issue without a trace.
func (s *Site) Delete(actor, key string) error { return s.present().Delete(actor, key) }

// Move takes an issue to another project, where it gets a new key. Its id stays
// and its former keys keep leading to it.
func (s *Site) Move(actor, key, project string) (Issue, error) {
	return s.present().Move(actor, key, project)
}

// Clone copies an issue as Jira's own action does, in its project: summary with a
// prefix, description, labels, priority, people and fields, so also whatever text a
// mark was hidden in. The clone is made by the actor, starts where the workflow begins
// and has a history of its own; properties go along with Options.CloneProperties only.
func (s *Site) Clone(actor, key string) (Issue, error) { return s.present().Clone(actor, key) }

// Archive takes an issue off searches and makes it read-only, or brings it back.
func (s *Site) Archive(actor, key string, archived bool) error {
	return s.present().Archive(actor, key, archived)
}
