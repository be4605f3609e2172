package web

import (
	"context"
	"net/http"

	"parley/sync/view"
)

// Mapper tells what tracker values mean to the board, and what the configuration file
// would make of it where it is another one by now.
type Mapper interface {
	Mapping(ctx context.Context, who view.Viewer) (Mapping, error)
}

// Mapping is the running mapping, and the one in the file.
type Mapping struct {
	Rows     []view.Mapped
	File     string
	Findings []Finding // about the file, errors and warnings
	Usable   bool      // the mapping of the file keeps its laws
	Differs  bool      // it is another one than the running one
	Unread   []string  // its new projects and repositories
	Preview  *view.Preview
}

// Finding is something wrong or odd about the configuration file.
type Finding struct {
	Severity string // error, warning
	Text     string
}

// mappingData is the page about the mapping.
type mappingData struct {
	frame
	Mapping
	Status, Priority []view.Mapped
	Most             int // cards of the fullest row
	MoreChanges      int // that are not on the page
	MoreWrites       int
}

// How much of a preview the page has room for.
const (
	shownChanges = 200
	shownPlanned = 100
)

// mappingPage is for those who run Parley: it names every status and counts every card.
func (s *server) mappingPage(w http.ResponseWriter, r *http.Request) {
	who := viewer(r)
	if s.Mapper == nil {
		s.render(w, r, http.StatusNotFound, "nowhere-page", frame{Title: "No such page", Page: "nowhere", Theme: theme(r), Guest: s.guest(r, nil), Contract: contractWay(s.reader(r).Parties())})
		return
	}
	if who.Audience != view.AudienceOps || who.Role.MayDecide() != "" {
		s.sorry(w, r, http.StatusForbidden, "The mapping is for ops leads.")
		return
	}
	d, err := s.mapping(r, who)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "mapping-page", d)
}

func (s *server) mapping(r *http.Request, who view.Viewer) (mappingData, error) {
	var d mappingData
	var err error
	if d.Mapping, err = s.Mapper.Mapping(r.Context(), who); err != nil {
		return d, err
	}
	if d.frame, _, err = s.framed(r.Context(), r, "mapping", "Mapping"); err != nil {
		return d, err
	}
	for _, m := range d.Rows {
		d.Most = max(d.Most, m.Cards)
		if m.Field == "priority" {
			d.Priority = append(d.Priority, m)
			continue
		}
		d.Status = append(d.Status, m)
	}
	if d.Preview != nil {
		p := *d.Preview
		d.MoreChanges, d.MoreWrites = max(0, len(p.Changes)-shownChanges), max(0, len(p.Writes)-shownPlanned)
		p.Changes, p.Writes = p.Changes[:len(p.Changes)-d.MoreChanges], p.Writes[:len(p.Writes)-d.MoreWrites]
		d.Preview = &p
	}
	return d, nil
}
