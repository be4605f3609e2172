package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"parley/kanban"
	"parley/sync/view"
)

// Retry asks that what a tracker refused, or what failed, of a card is tried again now.
type Retry struct {
	Card string // id, Jira key or owner/repo#n
	Op   string // the asker's own id of it: the same one does it once
	By   view.Viewer
}

// syncData is the page about the trackers and what is written to them.
type syncData struct {
	frame
	Sync      view.Sync
	Plan      view.Plan
	More      int          // planned writes that are not on the page
	Conflicts []view.Clash // those that can be acted on, open ones first, as many as there is room for
	Total     int          // of all that can be acted on
	Asking    int          // of them, those that wait for a person
	Groups    []group      // that conflicts can be settled by
	Settled   int          // conflicts that were settled just now
	Activity  []view.Line
	Earlier   int64 // the account goes on before this data sequence; 0: it does not
	Decides   bool  // this viewer may end conflicts and have things tried again
	Inside    bool  // this viewer runs the trackers' side of things
	Refused   *Refusal
}

// How much of each the page has room for.
const (
	shownConflicts = 100
	shownWrites    = 100
	shownLines     = 60
)

func (s *server) syncPage(w http.ResponseWriter, r *http.Request) {
	s.showSync(w, r, http.StatusOK, nil)
}

func (s *server) showSync(w http.ResponseWriter, r *http.Request, status int, refused *Refusal) {
	before, _, err := activityPage(r.URL.Query())
	if err != nil {
		s.sorry(w, r, http.StatusBadRequest, sentence(err.Error()))
		return
	}
	d, err := s.sync(r, before)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d.Refused, d.Settled = refused, settledNow(r)
	s.render(w, r, status, "sync-page", d)
}

// sync gathers what the page shows.
func (s *server) sync(r *http.Request, before int64) (syncData, error) {
	ctx, reader, who := r.Context(), s.reader(r), viewer(r)
	d := syncData{Decides: who.Role.MayDecide() == "", Inside: who.Audience == view.AudienceOps || who.Audience == view.AudienceIT}
	var err error
	for _, step := range []func() error{
		func() error { d.frame, _, err = s.framed(ctx, r, "sync", "Sync"); return err },
		func() error { d.Sync, err = reader.Sync(ctx); return err },
		func() error { d.Plan, err = reader.Plan(ctx); return err },
		func() error { d.Conflicts, err = reader.Conflicts(ctx, false); return err },
		func() error { d.Activity, err = reader.Activity(ctx, before, shownLines); return err },
	} {
		if err := step(); err != nil {
			return d, err
		}
	}
	if n := len(d.Activity); n >= shownLines {
		d.Earlier = d.Activity[n-1].Seq
	}
	d.Groups = groups(d.Conflicts)
	d.Total, d.Asking = len(d.Conflicts), unsettled(d.Conflicts)
	d.Conflicts = d.Conflicts[:min(d.Total, shownConflicts)]
	if d.More = len(d.Plan.Writes) - shownWrites; d.More > 0 {
		d.Plan.Writes = d.Plan.Writes[:shownWrites]
	}
	return d, nil
}

// Queue is how many writes are on their way.
func (d syncData) Queue() (n int) {
	for _, t := range d.Sync.Trackers {
		n += t.Waiting
	}
	return n
}

// HeldBack is how many writes wait for permission.
func (d syncData) HeldBack() (n int) {
	for _, t := range d.Sync.Trackers {
		n += t.Held
	}
	return n
}

// Urgent counts what was refused or cannot be read.
func (d syncData) Urgent() (n int) {
	for _, t := range d.Sync.Troubles {
		if t.Kind == kanban.BadgeRefused || t.Kind == view.TroubleUnread || t.Kind == kanban.BadgeAway {
			n++
		}
	}
	return n
}

// Away names the trackers that have not answered lately, with what they do as the verb of
// a sentence: "GitHub shows"; "" where all have.
func (d syncData) Away() string {
	var names []string
	for _, t := range d.Sync.Trackers {
		if t.Level != "stale" && t.Level != "never" {
			continue
		}
		name := product(t.Kind)
		if t.Tracker != t.Kind {
			name += " (" + t.Tracker + ")"
		}
		names = append(names, name)
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0] + " shows"
	}
	return strings.Join(names, " and ") + " show"
}

// MoreOpen is how many conflicts are not on the page.
func (d syncData) MoreOpen() int { return d.Total - len(d.Conflicts) }

// unsettled counts the conflicts that wait for a person.
func unsettled(clashes []view.Clash) (n int) {
	for _, c := range clashes {
		if c.Open() {
			n++
		}
	}
	return n
}

// retryForm has a card tried again and goes back to the page about the trackers.
func (s *server) retryForm(w http.ResponseWriter, r *http.Request) {
	if !s.whole(w, r) {
		return
	}
	in := Retry{Card: r.PathValue("id"), Op: cmp.Or(r.PostFormValue("op"), newOp()), By: viewer(r)}
	if len(in.Op) > maxOp {
		s.malformed(w, r, "op: it is longer than 200 bytes")
		return
	}
	_, err := s.Intents.Retry(r.Context(), in)
	refused, ok := errors.AsType[*Refusal](err)
	switch {
	case err == nil:
		http.Redirect(w, r, "/sync?tried="+url.QueryEscape(in.Card)+"#troubles", http.StatusSeeOther)
	case ok:
		s.showSync(w, r, refused.Status, refused)
	default:
		s.fail(w, r, err)
	}
}
