package githubsim

import (
	"cmp"
	"slices"
	"time"
)

// Event is a copy of one entry of an issue's history.
type Event struct {
	ID        int64
	Number    int
	Kind      string // labeled, unlabeled, closed, reopened, assigned, unassigned, renamed, …
	Actor     string // "" where the account was deleted
	At        time.Time
	Label     string
	Reason    string // closed
	Assignee  string
	Milestone string
	From, To  string // renamed
}

type event struct {
	id        int64
	issue     *issue
	actor     *user
	app       string
	kind      string
	at        time.Time
	label     labelBrief
	assignee  *user
	assigner  *user
	milestone string
	from, to  string
	lockedFor string
	reason    string
}

// Events is the history of an issue, oldest first.
func (h *Hub) Events(name string, number int) ([]Event, error) {
	var out []Event
	err := h.on("", name, number, func(_ act, is *issue) error {
		for _, e := range is.events {
			out = append(out, e.snapshot())
		}
		return nil
	})
	return out, err
}

func (e *event) snapshot() Event {
	out := Event{ID: e.id, Number: e.issue.number, Kind: e.kind, At: e.at, Label: e.label.Name,
		Reason: e.reason, Milestone: e.milestone, From: e.from, To: e.to}
	if e.actor != nil && !e.actor.deleted {
		out.Actor = e.actor.Login
	}
	if e.assignee != nil {
		out.Assignee = e.assignee.Login
	}
	return out
}

// record adds to the history of an issue and to its repository's feed.
func (a act) record(is *issue, e event) {
	e.id, e.issue, e.actor, e.at = a.w.ids.event(a.at), is, a.who, a.at
	if a.who != nil {
		e.app = a.who.App
	}
	if n := len(is.events); n == 0 || is.events[n-1].id < e.id {
		is.events = append(is.events, &e)
	} else {
		at, _ := slices.BinarySearchFunc(is.events, e.id, func(x *event, id int64) int { return cmp.Compare(x.id, id) })
		is.events = slices.Insert(is.events, at, &e)
	}
	is.repo.feed.add(&e)
	a.noteEvent(is, &e)
	is.repo.version++
	is.repo.settled = later(is.repo.settled, a.at.Add(max(is.lag(a.w.opts.FeedLag), is.lag(a.w.opts.ReadLag))))
}

// feed holds all events of a repository. Seeding adds them out of order, so they
// are sorted when somebody reads.
type feed struct {
	list   []*event // ascending by id while sorted
	sorted int      // how many at the front are in order
}

func (f *feed) add(e *event) {
	if n := len(f.list); f.sorted == n && (n == 0 || f.list[n-1].id < e.id) {
		f.sorted++
	}
	f.list = append(f.list, e)
}

func (f *feed) drop(is *issue) {
	f.list = slices.DeleteFunc(f.list, func(e *event) bool { return e.issue == is })
	f.sorted = 0
}

func (f *feed) all() []*event {
	if f.sorted < len(f.list) {
		slices.SortFunc(f.list, func(x, y *event) int { return cmp.Compare(x.id, y.id) })
		f.sorted = len(f.list)
	}
	return f.list
}

func (f *feed) find(id int64) *event {
	all := f.all()
	if at, ok := slices.BinarySearchFunc(all, id, func(x *event, id int64) int { return cmp.Compare(x.id, id) }); ok {
		return all[at]
	}
	return nil
}
