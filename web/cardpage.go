package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"parley/kanban"
	"parley/sync/view"
)

// cardData is the page of one card, and the drawer that shows the same over the board.
type cardData struct {
	frame
	view.Explanation
	Timeline   view.Timeline
	Courts     view.Courts
	Viewer     view.Viewer
	Columns    []offer
	Priorities []offer
	Stage      kanban.Category
	Decides    bool   // this viewer may end conflicts
	Blocks     string // why this viewer may not block the card, "" where they may
	Unsorted   string // why they may not say whether it was planned, "" where they may
	Asks       string // why they may not ask the business, "" where they may
	Answers    string // why they may not answer for the business, "" where they may
	Refused    *Refusal
	Op         string // of the form, so that sending it twice does it once
	Undo       string // op of the change that was made just now; "" for none
	Before     string // the page of the timeline is one before this moment
}

// offer is something that a card can be given, or why not.
type offer struct {
	Key, Name string
	Why       string // it cannot, "" where it can
	Here      bool   // it is there already
}

// Age says how old the card is, and since when that is counted.
func (d cardData) Age() string {
	n := days(d.Card.AgeDays)
	switch d.Stage {
	case kanban.Queue:
		return n + " since it was committed to"
	case kanban.Active, kanban.Wait:
		return n + " since it was begun"
	case kanban.Done, kanban.Cancelled:
		return "took " + n
	case kanban.Option:
		return n + " since it was asked for"
	}
	return n + " old"
}

// Open reports whether anything can be chosen, and if not, why.
func (d cardData) Open(cs []offer) (why string) {
	for _, c := range cs {
		if c.Why == "" && !c.Here {
			return ""
		}
		if !c.Here {
			why = c.Why
		}
	}
	return why
}

// Chooses reports whether this viewer acts for either side: who gives a request back, or
// withdraws it, makes a difference to a contract.
func (d cardData) Chooses() bool { return d.Viewer.Role == kanban.Ops }

// Waiting are the conflicts of the card that a person has to decide.
func (d cardData) Waiting() []view.Clash {
	var out []view.Clash
	for _, f := range d.Fields {
		for _, c := range f.Lost {
			if c.Open() {
				out = append(out, c)
			}
		}
	}
	return out
}

// Yours reports whether it is the turn of whoever reads this.
func (d cardData) Yours() bool {
	switch d.Card.Turn {
	case kanban.Business:
		return d.Viewer.Owns(d.Card.Unit)
	case kanban.IT:
		return d.Viewer.Audience == view.AudienceIT
	default:
		return false
	}
}

// Unasked reports whether a question to the business can be put here: where there is an
// issue in Jira that it can be read at, and the work goes on.
func (d cardData) Unasked() bool {
	return d.Asks == "" && d.Stage != kanban.Done && d.Stage != kanban.Cancelled && slices.ContainsFunc(d.Card.Sides, func(s kanban.CardSide) bool { return s.Side == kanban.Jira.String() })
}

// Pending reports whether a question about the card is not concluded.
func (d cardData) Pending() bool {
	return slices.ContainsFunc(d.Questions, func(q view.Question) bool { return q.Outcome == "" })
}

// ToAnswer is the question that an answer is about, ToConclude the one that is concluded: of
// several it is said which.
func (d cardData) ToAnswer() view.Question {
	return d.questionThat(func(q view.Question) bool { return q.ToAnswer })
}

// ToConclude is the question that is concluded.
func (d cardData) ToConclude() view.Question {
	return d.questionThat(func(q view.Question) bool { return q.ToConclude })
}

func (d cardData) questionThat(is func(view.Question) bool) view.Question {
	at := slices.IndexFunc(d.Questions, is)
	if at < 0 {
		return view.Question{}
	}
	return d.Questions[at]
}

// Outcomes are what this viewer may conclude a question with: who asks for something does
// not say that it stays as it is.
func (d cardData) Outcomes() []view.Named {
	all := []view.Named{{Key: "kept", Name: "Kept as it is"}, {Key: "reshaped", Name: "Reshaped"}, {Key: "withdrawn", Name: "Withdrawn"}}
	switch {
	case d.Asks == "":
		return all
	case d.Answers == "":
		return all[1:]
	}
	return nil
}

func (s *server) cardPage(w http.ResponseWriter, r *http.Request) {
	s.showCard(w, r, http.StatusOK, nil)
}

// refusedPage is the card's page with the reason why it could not be changed.
func (s *server) refusedPage(w http.ResponseWriter, r *http.Request, refused *Refusal) {
	s.showCard(w, r, refused.Status, refused)
}

func (s *server) showCard(w http.ResponseWriter, r *http.Request, status int, refused *Refusal) {
	s.showCardOf(w, r, r.PathValue("id"), status, refused)
}

// parts are the templates that answer a request for a part of the card's page.
func parts() map[string]string {
	return map[string]string{"": "card-page", "drawer": "card-drawer", "timeline": "card-timeline"}
}

func (s *server) showCardOf(w http.ResponseWriter, r *http.Request, id string, status int, refused *Refusal) {
	name, ok := parts()[r.URL.Query().Get("part")]
	if !ok {
		s.sorry(w, r, http.StatusBadRequest, "Part: it is drawer, timeline, or left out.")
		return
	}
	d, err := s.card(r, id)
	if errors.Is(err, view.ErrUnknown) {
		s.render(w, r, http.StatusNotFound, "missing-page", frame{Title: "No such card", Page: "card", Theme: theme(r), Guest: s.guest(r, nil), Contract: contractWay(s.reader(r).Parties())})
		return
	}
	if of := several(err); of != nil {
		s.sorry(w, r, http.StatusConflict, sentence(of.Error()))
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if op := r.URL.Query().Get("undo"); refused == nil && len(op) <= maxOp {
		d.Undo = op
	}
	d.Refused = refused
	s.render(w, r, status, name, d)
}

// card gathers what the page of a card shows.
func (s *server) card(r *http.Request, id string) (cardData, error) {
	ctx, reader := r.Context(), s.reader(r)
	d := cardData{Viewer: viewer(r), Op: newOp(), Before: r.URL.Query().Get("before")}
	var board view.Board
	var err error
	for _, step := range []func() error{
		func() error { d.Explanation, err = reader.Explain(ctx, id); return err },
		func() error { d.Timeline, err = reader.Timeline(ctx, id, d.Before, 0); return err },
		func() error { d.Courts, err = reader.Courts(ctx, id); return err },
		func() error { d.frame, board, err = s.framed(ctx, r, "card", d.Card.Title); return err },
	} {
		if err := step(); err != nil {
			return d, err
		}
	}
	return offering(d, board), nil
}

// framed is the frame of a page other than the board, and the board that it is about.
func (s *server) framed(ctx context.Context, r *http.Request, page, title string) (frame, view.Board, error) {
	b, err := s.reader(r).Board(ctx, view.Query{Limit: 1})
	return s.frameOf(r, page, title, b), b, err
}

// offering adds to the page what the card can be given by its viewer.
func offering(d cardData, b view.Board) cardData {
	own, role := d.Viewer.Owns(d.Card.Unit), d.Viewer.Role
	masked := ""
	if d.Card.Masked && (role != kanban.Ops || !d.Viewer.Proved) { // nobody is offered to change what nobody here can read
		masked = "its words are not for you"
	}
	d.Decides = role.MayDecide() == ""
	d.Blocks = cmp.Or(role.MayBlock(own), masked)
	d.Unsorted = cmp.Or(role.MaySort(), masked)
	d.Asks, d.Answers = cmp.Or(role.MayAsk(), masked), cmp.Or(role.MayAnswer(own), masked)
	var from kanban.Column
	for _, c := range b.Columns {
		if string(c.Key) == d.Card.Column {
			from = boardColumn(c)
			d.Stage = from.Category
		}
	}
	for _, c := range b.Columns {
		if c.Key == view.ColumnUnmapped {
			continue
		}
		why := cmp.Or(role.MayMove(own, from, boardColumn(c)), masked)
		d.Columns = append(d.Columns, offer{string(c.Key), c.Name, why, string(c.Key) == d.Card.Column})
	}
	why := cmp.Or(role.MayPrioritise(own, d.Card.Unit != kanban.UnitUnassigned), masked)
	for _, p := range b.Priorities {
		d.Priorities = append(d.Priorities, offer{p.Key, p.Name, why, p.Key == deref(d.Card.Priority)})
	}
	return d
}

// boardColumn is a column as far as rights depend on it.
func boardColumn(c view.Column) kanban.Column {
	if c.Key == view.ColumnUnmapped {
		return kanban.Column{}
	}
	return kanban.Column{Key: c.Key, Name: c.Name, Category: c.Category, Turn: c.Turn}
}

// timelineAnswer is a page of a card's timeline, with whose turn it was.
type timelineAnswer struct {
	view.Timeline
	Courts view.Courts `json:"courts"`
}

func (s *server) getTimeline(w http.ResponseWriter, r *http.Request) {
	limit := 0
	if text := r.URL.Query().Get("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 200 {
			writeError(w, http.StatusBadRequest, fmt.Sprintf("limit: %q is not a number from 1 to 200", clip(text)))
			return
		}
	}
	var out timelineAnswer
	var err error
	if out.Timeline, err = s.reader(r).Timeline(r.Context(), r.PathValue("id"), r.URL.Query().Get("before"), limit); err == nil {
		out.Courts, err = s.reader(r).Courts(r.Context(), r.PathValue("id"))
	}
	s.reply(w, r, out, err)
}
