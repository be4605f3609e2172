package web_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/view"
	"parley/web"
)

// office is a desk with everything that pages can tell of: full columns, cards of every
// sort, troubles, writes that wait, conflicts and an account of what happened.
type office struct {
	*desk
	write string
	fresh []view.Fresh
	still bool // nothing was asked of the trackers yet: no card, no baseline
	fails bool // the store cannot be read

	questions map[kanban.CardID]view.Question
	dealt     []web.Deal
}

// at is when everything in an office happened.
func at() time.Time { return time.Date(2026, 11, 22, 14, 2, 0, 0, time.UTC) }

// newOffice has cards that show all that a card can show.
func newOffice() *office {
	o := &office{desk: clashingDesk(), write: "on", fresh: fresh()}
	o.columns = append(o.columns, view.Column{Key: "withdrawn", Name: "Withdrawn", Category: "cancelled"})
	for _, key := range []string{"OPS-5", "OPS-6", "OPS-7", "OPS-8"} {
		o.add(key, "doing")
	}
	adorn(o.desk)
	o.change("c5", func(c *view.Card) {
		c.Masked, c.Title, c.Sides, c.Class, c.Due = true, "Restricted item", nil, "fixed-date", ""
	})
	o.change("c3", func(c *view.Card) { c.Sorted = "Ana" })
	o.change("c4", func(c *view.Card) { c.Over = &view.CardOver{Unit: "trading", Place: 1} })
	o.change("c6", func(c *view.Card) {
		c.Ask, c.Since, c.Turn, c.Unit, c.UnitName = "asked", "2026-11-09", "business", "risk", "Risk"
		c.Title = "A title as long as people write them, with Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen in it, and then some more"
	})
	o.change("c7", func(c *view.Card) {
		c.Badges = []kanban.Badge{{Kind: kanban.BadgeRefused, Text: "Jira did not take the status Done"}}
		c.Over = &view.CardOver{Unit: "trading", Place: 2, Choice: "wait"}
	})
	o.change("c8", func(c *view.Card) {
		c.Blocked = &kanban.Block{Reason: "the keys", Party: kanban.Business, Here: true, Since: at()}
	})
	return o
}

// Board is the desk's, with figures over it; a search finds nothing.
func (o *office) Board(ctx context.Context, q view.Query) (view.Board, error) {
	if o.fails {
		return view.Board{}, errors.New("the store is away")
	}
	b, err := o.desk.Board(ctx, q)
	b.Write, b.Freshness, b.At = o.write, o.fresh, at()
	b.Sides = view.Sides{Both: 8, Jira: 3, GitHub: 2}
	b.Units = append(b.Units, view.Named{Key: "risk", Name: "Risk"})
	b.Pulse = view.Pulse{
		InWork: 28, Limit: 30, Unplanned: 6, Business: 9, IT: 18, Third: 1, OldestDays: 14, ITDays: 13, ThirdDays: 5, Calm: 8, Watch: 17, Risk: 1, Late: 2,
		Baseline: kanban.Baseline{N: 40, P50: 4, P85: 14, P95: 21}, Saving: 1, Pending: 2, Mismatch: 1, Over: []view.Over{{Key: "doing", Name: "In progress", By: 3}},
	}
	if o.still {
		b.Pulse = view.Pulse{}
	}
	for i := range b.Columns {
		c := &b.Columns[i]
		c.Oldest = 21
		if q.Search != "" || o.still {
			c.Cards, c.Count, c.Lanes = []view.Card{}, 0, nil
		}
		if o.still {
			c.All, c.Oldest = 0, 0
		}
		if c.Category.Ended() {
			c.Earlier = 12
		}
	}
	if c := &b.Columns[1]; c.Count > 4 && q.Column == "" {
		c.Count, c.All, c.Unplanned = c.Count+20, c.All+20, 1
	}
	return b, err
}

// told is one field with everything that can be told of one.
func told() view.FieldStory {
	return view.FieldStory{
		Field: "status", Name: "Status", Agreed: "In progress", By: "Ana in Jira", Since: at(), Carry: "changes of both sides", Policy: "the newest wins",
		Sides:  []view.SideStory{{Side: "jira", Key: "OPS-1", Native: "On hold", Means: "unmapped", Refused: "Jira has no way there"}, {Side: "github", Key: "acme/payments#1", Native: "open", Means: "In progress", Agrees: true}},
		Writes: []view.WriteStory{{Op: "w1", Side: "jira", Issue: "OPS-1", From: "Open", To: "In Progress", State: "failed", Problem: "403 from Jira", Reason: "Ben moved it", At: at()}, {Op: "w2", Side: "github", Issue: "acme/payments#1", From: "none", To: "status:doing", State: "held", Reason: "plan mode", At: at()}},
	}
}

// Explain tells all there is of a card.
func (o *office) Explain(ctx context.Context, ref string) (view.Explanation, error) {
	e, err := o.desk.Explain(ctx, ref)
	if err != nil {
		return e, err
	}
	s := told()
	s.Lost = e.Fields[0].Lost
	e.Fields, e.Paired = []view.FieldStory{s, {Field: "priority", Name: "Priority", Agreed: "High", First: true, By: "it was first seen", Since: at(), Frozen: "a person has to choose", Carry: "changes in Jira", Policy: "Jira wins"}}, "by the remote link of OPS-1"
	o.mu.Lock()
	if q, ok := o.questions[e.Card.ID]; ok {
		e.Questions = []view.Question{q}
	}
	o.mu.Unlock()
	e.Sort = &view.SortStory{Planned: e.Card.Planned, By: e.Card.Sorted, At: at(), Reason: "it came in overnight, and the desk could not wait for the next planning"}
	e.Card.Sides = slices.Clone(e.Card.Sides) // others read the card's own
	for i := range e.Card.Sides {
		s := &e.Card.Sides[i]
		s.URL, s.Status, s.Priority, s.Labels, s.SeenAt = "https://"+s.Side+".test/"+s.Key, "In Progress", "High", []string{"settlement", "status:doing"}, at()
		s.Error = "it was moved to a project that is not read"
	}
	return e, nil
}

// Timeline has several moments, and there are earlier ones.
func (o *office) Timeline(_ context.Context, _, before string, _ int) (view.Timeline, error) {
	var t view.Timeline
	for i, mark := range []string{"active", "wait", "blocked", "attention", "wrote", "done", "option", "cancelled", ""} {
		t.Moments = append(t.Moments, view.Moment{ID: before + mark, Where: "jira", Who: "Ana", Text: "Status: Open → In Progress, and a comment of some length that asks for a list of the desks", Mark: mark, Own: i%2 == 1, Day: "Sun 22 Nov 2026", Hour: "14:02"})
	}
	if before == "" {
		t.Next = "earlier"
	}
	return t, nil
}

// Courts are those of a card that everybody had in hand.
func (o *office) Courts(context.Context, string) (view.Courts, error) {
	spell := func(p kanban.Party, blocked bool, from, to int) kanban.Spell {
		return kanban.Spell{Party: p, Blocked: blocked, From: at().Add(time.Duration(from) * time.Hour), To: at().Add(time.Duration(to) * time.Hour)}
	}
	return view.Courts{
		Spells: []kanban.Spell{spell(kanban.IT, false, -171, -147), spell(kanban.Business, false, -147, -60), spell(kanban.Third, false, -60, -30), spell(kanban.Third, true, -30, 0)},
		IT:     24 * 3600, Business: 87 * 3600, Third: 30 * 3600, Blocked: 30 * 3600,
	}, nil
}

// Sync has a tracker that is well and one that is not.
func (o *office) Sync(context.Context) (view.Sync, error) {
	out := view.Sync{}
	for _, f := range o.fresh {
		c := view.Channel{Fresh: f, Requests: 1200, Waiting: 2, Held: 3, Failed: 1, Quotas: []view.Quota{{Name: "core", Limit: 5000, Left: 900, Reserve: 1000, Reset: at()}}, Sources: []view.Feed{{Name: "OPS", Age: 4}, {Name: "FIN", Age: -1, Problem: "403: not for this account"}}}
		c.Pauses = []view.Pause{{Text: "waiting for quota until 14:05, reads continue", Cause: "quota"}, {Text: "its credential is refused", Cause: "refused", Why: "401"}}
		c.Hooks = &view.Hooks{Text: "last 14:02, 120 today", Problem: "3 were rejected: the signature is another one"}
		out.Trackers = append(out.Trackers, c)
	}
	for _, kind := range []string{kanban.BadgeRefused, view.TroubleUnread, kanban.BadgeUnmapped, view.TroubleQuarantine} {
		out.Troubles = append(out.Troubles, view.Trouble{Card: "c1", Key: "OPS-1", Title: "Nightly reconciliation of OPS-1", Side: "jira", Kind: kind, Text: "Jira has no way from To Do to Done", Retry: kind == kanban.BadgeRefused})
	}
	return out, nil
}

// Plan has a write of each kind.
func (o *office) Plan(context.Context) (view.Plan, error) {
	p := view.Plan{Hash: strings.Repeat("ab12", 16), Counts: map[string]int{"total": 3}}
	for _, kind := range []string{"field", "create", "comment"} {
		p.Writes = append(p.Writes, view.PlanWrite{Card: "c1", Tracker: "jira", Issue: "OPS-1", Field: "status", From: "Open", To: "In Progress", Reason: "Ben moved it on the board", Kind: kind, Held: "held: more than 20% of the cards would change"})
	}
	return p, nil
}

// Activity has a line of each kind, and there are earlier ones.
func (o *office) Activity(context.Context, int64, int) ([]view.Line, error) {
	var out []view.Line
	for n := range 60 {
		kind := []string{"wrote", "refused", "problem", "conflict", "froze", "changed"}[n%6]
		out = append(out, view.Line{Seq: int64(100 - n), At: at(), Card: "c1", Kind: kind, Who: "Ana", Where: "jira", Key: "OPS-1", Title: "Nightly reconciliation", Text: "status now shows Done", Why: "Ana set status to Done in Jira"})
	}
	return out, nil
}

// Mapping is what runs, beside a file that says something else.
func (o *office) Mapping(context.Context, view.Viewer) (web.Mapping, error) {
	shift := view.Shift{What: "column", From: "In progress", To: "Unmapped", Cards: 1234, Lost: true}
	return web.Mapping{
		File: "/etc/parley/config.toml", Usable: true, Differs: true, Unread: []string{"acme/new"}, Findings: []web.Finding{{Severity: "warning", Text: "line 7: column[0]: nothing shows it"}, {Severity: "error", Text: "line 9: status: no column"}},
		Rows: []view.Mapped{
			{Side: "jira", Tracker: "jira", Field: "status", Native: "On hold", Opinion: "unmapped", Cards: 4, Reach: "in 1 of 8 workflows seen"},
			{Side: "github", Field: "status", Native: "open", Means: "In progress", Opinion: "says", Cards: 8}, {Side: "jira", Field: "priority", Native: "High", Means: "High", Opinion: "says", Cards: 2},
		},
		Preview: &view.Preview{
			Cards: 20000, Changed: 1234, Unread: 1, Shifts: []view.Shift{shift}, Changes: []view.Change{{Shift: shift, Card: "c1", Key: "OPS-1", Title: "Nightly reconciliation"}},
			Writes: []view.PlanWrite{{Card: "c1", Tracker: "jira", Issue: "OPS-1", Field: "status", From: "To Do", To: "Done", Reason: "Ana set it", Kind: "field"}}, Counts: map[string]int{"total": 1},
		},
	}, nil
}

// Intend does what is asked, blocking and what was planned too.
func (o *office) Intend(ctx context.Context, in web.Intent) (web.Answer, error) {
	if in.Field != "blocked" && in.Field != "planned" {
		return o.desk.Intend(ctx, in)
	}
	o.mu.Lock()
	o.asked = append(o.asked, in)
	o.mu.Unlock()
	o.change(kanban.CardID(in.Card), func(c *view.Card) {
		if in.Field == "planned" {
			c.Planned, c.Sorted = in.To != "unplanned", map[bool]string{true: "Ana"}[in.To != "rules"]
			return
		}
		c.Blocked = nil
		if in.To != "" {
			c.Blocked = &kanban.Block{Reason: in.Reason, Party: kanban.Party(in.To), Here: true, Since: at()}
		}
	})
	return web.Answer{Op: in.Op, State: "done", Rev: in.Rev + 1}, nil
}

// Undo remembers what was to be taken back, as an intent for nothing.
func (o *office) Undo(_ context.Context, u web.Undo) (web.Answer, error) {
	o.mu.Lock()
	o.asked = append(o.asked, web.Intent{Card: u.Card, Field: "undo", Op: u.Op})
	o.mu.Unlock()
	o.change(kanban.CardID(u.Card), func(*view.Card) {})
	return web.Answer{Op: u.Op, State: "sent", Rev: u.Rev + 1}, nil
}

// Retry remembers what was to be tried again.
func (o *office) Retry(_ context.Context, in web.Retry) (web.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, web.Intent{Card: in.Card, Field: "retry", Op: in.Op})
	return web.Answer{Op: in.Op, State: "sent", Rev: 1}, nil
}

// did reports whether a change of a field to a value was asked for.
func (o *office) did(field, to string) bool {
	return slices.ContainsFunc(o.intents(), func(in web.Intent) bool { return in.Field == field && in.To == to })
}

// porch lets people in who say so with a cookie, and out again.
type porch struct{}

// Provider has a name.
func (porch) Provider() string { return "Acme accounts" }

// Begin sends nobody anywhere else.
func (porch) Begin(w http.ResponseWriter, _ *http.Request, back string) (string, error) {
	http.SetCookie(w, &http.Cookie{Name: "in", Value: "yes", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return back, nil
}

// Finish is not come to.
func (porch) Finish(http.ResponseWriter, *http.Request) (string, error) {
	return "", &web.Refusal{Status: http.StatusForbidden, Reason: "the sign-in took too long"}
}

// Leave forgets.
func (porch) Leave(w http.ResponseWriter, _ *http.Request) error {
	http.SetCookie(w, &http.Cookie{Name: "in", Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return nil
}

// Viewer is Ana, once she has said so.
func (porch) Viewer(r *http.Request) (view.Viewer, error) {
	if c, err := r.Cookie("in"); err != nil || c.Value == "" {
		return view.Viewer{}, &web.Refusal{Status: http.StatusUnauthorized, Reason: "you are not signed in"}
	}
	return view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "Ana", Proved: true}, nil
}

// letter is a read-only link that everybody holds.
type letter struct{}

// Open refuses links that are over.
func (letter) Open(http.ResponseWriter, *http.Request, string) error {
	return &web.Refusal{Status: http.StatusForbidden, Reason: "this link has ended; ask whoever sent it for a new one"}
}

// Viewer is a guest of the business.
func (letter) Viewer(r *http.Request) (view.Viewer, bool, error) {
	return view.Viewer{Audience: view.UnitAudience("trading"), Role: kanban.Viewer, Name: "Steering committee", Link: true}, r.URL.Path != "/signin", nil
}

// Close forgets.
func (letter) Close(http.ResponseWriter) {}

// server is what serves the office.
func (o *office) options() web.Options {
	return web.Options{Readers: same(o), Identity: web.Everybody(view.Somebody()), Intents: o, Signal: o, Health: o, Mapper: o, Now: at}
}

// Challenge goes on with the question of a card.
func (o *office) Challenge(_ context.Context, c web.Challenge) (web.Answer, error) {
	o.mu.Lock()
	o.asked = append(o.asked, web.Intent{Card: c.Card, Field: c.What, To: c.Text + c.Outcome, Op: c.Op})
	if o.questions == nil {
		o.questions = map[kanban.CardID]view.Question{}
	}
	q := o.questions[kanban.CardID(c.Card)]
	switch c.What {
	case web.ChallengeAsk:
		q = view.Question{ID: "q", Stage: "open", Text: c.Text, By: "Ana", At: at(), Put: at(), Days: 1, Due: "Wed 2026-11-25"}
	case web.ChallengeAnswer:
		q.Stage, q.Answers = "answered", append(q.Answers, view.Reply{Text: c.Text, By: "Mia", At: at()})
	default:
		q.Stage, q.Outcome, q.Ended, q.EndedBy = "concluded", challenge.Outcome(c.Outcome), at(), "Ana"
	}
	o.questions[kanban.CardID(c.Card)] = q
	o.mu.Unlock()
	o.change(kanban.CardID(c.Card), func(*view.Card) {})
	return web.Answer{Op: c.Op, State: "sent", Rev: 2}, nil
}

// questioned is an office in which a card has an answer that could not be carried, and one
// that waits.
func questioned(o *office) {
	o.questions = map[kanban.CardID]view.Question{"c4": {
		ID: "q", Stage: "answered", Text: "Which week?\nThe first, or the one after the holidays, when the desks of the other units are back?", By: "Ana", At: at(), Put: at(), Days: 3,
		Answers: []view.Reply{{Text: "The first", By: "Mia", At: at()}, {At: at()}}, Problem: "anybody may read acme/wide and not OPS, so the text of OPS-4 stays where it is",
	}}
	o.change("c4", func(c *view.Card) {
		c.Blocked, c.BlockedDays = &kanban.Block{Reason: kanban.AwaitsAnswer, Party: kanban.Business, Asked: true, Since: at()}, 3
	})
}
