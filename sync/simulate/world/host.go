package world

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
	"parley/mapping"
)

// host is what both trackers have in common.
type host struct {
	w       *World
	name    string
	base    string // address for people, without a slash at the end
	kind    connectors.Kind
	me      string // the account Parley uses
	cat     *catalog
	skew    time.Duration // its clock is that much ahead of the true time
	grain   time.Duration // of "updated"
	overlap time.Duration // Λ: how late a change may show in lists
	boxes   []*container
	nextID  int64
	scratch []row     // of the last list, to be used again
	expired time.Time // the credential is refused until then
}

// container is a project or a repository.
type container struct {
	key, id string
	read    bool // the configuration reads it
	last    int  // highest number given
	view    *view
	feed    []connectors.Entry // GitHub, oldest first
	byNum   map[int]*issue     // GitHub
	// labels that exist in the repository, as they were first written.
	labels []string

	hidden   time.Time // the account may not see it until then
	archived time.Time // nothing can be written until then
}

func newHost(w *World, t mapping.TrackerConfig, cat *catalog) host {
	h := host{w: w, name: t.Name, base: "https://" + t.Name + ".example", kind: connectors.Kind(t.Kind), cat: cat}
	if len(t.BaseURLs) > 0 {
		h.base = strings.TrimRight(t.BaseURLs[0], "/")
	}
	return h
}

// box finds a container; nil where there is none.
func (h *host) box(key string) *container {
	for _, b := range h.boxes {
		if b.key == key {
			return b
		}
	}
	return nil
}

// spell gives a label as the repository writes it, and makes one that it lacks.
func (b *container) spell(label string) string {
	if at := slices.IndexFunc(b.labels, sameLabel(label)); at >= 0 {
		return b.labels[at]
	}
	b.labels = append(b.labels, label)
	return label
}

// clock is what the tracker's clock shows.
func (h *host) clock() time.Time { return h.w.now.Add(h.skew) }

// stamp is the tracker's time as it writes it into issues.
func (h *host) stamp() time.Time { return h.clock().Truncate(h.grain) }

// date is the tracker's time as a Date header has it.
func (h *host) date() time.Time { return h.clock().Truncate(time.Second) }

// person names an account.
func (h *host) person(account string) connectors.Person {
	if account == "" {
		return connectors.Person{}
	}
	for i := range h.cat.people {
		if p := &h.cat.people[i]; h.kind == connectors.Jira && p.jira == account {
			return connectors.Person{ID: account, Name: p.name}
		}
	}
	return connectors.Person{ID: account, Name: account}
}

// account is what somebody is called here; "" is Parley's own.
func (h *host) account(p person) string {
	switch {
	case p.name == "":
		return h.me
	case h.kind == connectors.Jira:
		return p.jira
	default:
		return p.github
	}
}

// find gives the issue of a reference, also one that is gone; nil where there never
// was any.
func (h *host) find(id string) *issue { return h.w.byID[issueID{h.kind, id}] }

// takeID counts issues.
func (h *host) takeID() (int64, string) {
	h.nextID++
	return h.nextID, strconv.FormatInt(h.nextID, 10)
}
