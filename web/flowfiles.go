package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/view"
	"parley/web/chart"
)

// unchanged answers a program's conditional request with 304 where nothing has changed
// since: the mark of an answer is made of the data sequence, of who asks for what, and of
// when the numbers were taken. Pages and files have none: no browser keeps what is told to
// one person.
func (s *server) unchanged(w http.ResponseWriter, r *http.Request, seq int64, at time.Time) bool {
	who := viewer(r)
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", []string{s.static.version, strconv.FormatInt(seq, 10), at.UTC().String(), string(who.Audience), string(who.Role), who.Name, fmt.Sprint(who.Proved, who.Link), r.URL.RequestURI()}))
	mark := `W/"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", mark)
	for have := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimSpace(have) == mark {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// flowCSV is one table of the page about flow as a file.
func (s *server) flowCSV(w http.ResponseWriter, r *http.Request) {
	s.table(w, r, func(q view.FlowQuery) ([]chart.Figure, error) {
		p, err := s.reader(r).FlowPicture(r.Context(), q)
		return flowFigures(p, flowWays{"/flow", p.Query}), err
	})
}

// workloadCSV is one table of the page about workload as a file.
func (s *server) workloadCSV(w http.ResponseWriter, r *http.Request) {
	s.table(w, r, func(q view.FlowQuery) ([]chart.Figure, error) {
		l, err := s.reader(r).Workload(r.Context(), q)
		return workFigures(l, flowWays{"/workload", l.Query}), err
	})
}

// table answers with the table that an address names.
func (s *server) table(w http.ResponseWriter, r *http.Request, take func(view.FlowQuery) ([]chart.Figure, error)) {
	q, err := flowQueryOf(r.URL.Query())
	if err != nil {
		s.sorry(w, r, http.StatusBadRequest, err.Error())
		return
	}
	figures, err := take(q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var names []string
	for _, f := range figures {
		if f.Table.Key == r.URL.Query().Get("table") {
			s.file(w, r, f.Table)
			return
		}
		names = append(names, f.Table.Key)
	}
	s.sorry(w, r, http.StatusNotFound, "There is no such table here. table= is one of "+strings.Join(names, ", ")+".")
}

// file answers with a table as CSV.
func (s *server) file(w http.ResponseWriter, r *http.Request, t chart.Table) {
	var b bytes.Buffer
	if err := t.CSV(&b); err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+t.Key+`.csv"`)
	_, _ = w.Write(b.Bytes()) // a reader that has gone cannot be told
}

// listData is the page with the cards behind a number.
type listData struct {
	frame
	Name  string
	Onto  string // what Back is called
	Said  string
	Table chart.Table
	CSV   string
	More  int
	Back  string
}

// mostListed is how many cards such a page shows; its file has all.
const mostListed = 500

// flowCards is the page with the cards behind a number.
func (s *server) flowCards(w http.ResponseWriter, r *http.Request) {
	q, l, err := listOf(r)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	part, err := s.reader(r).FlowPart(r.Context(), q, l, "", mostListed)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	page, onto := "flow", "Flow"
	if r.URL.Query().Get("back") == "workload" {
		page, onto = "workload", "Workload"
	}
	f, b, err := s.framed(r.Context(), r, page, "Cards")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	said := kanban.Count(part.All, "card", "cards")
	if slices.Contains([]string{view.ListStarted, view.ListEnded, view.ListReturned}, l.List) {
		said = kanban.Count(part.All, "time", "times") // a card as often as it was begun
	}
	f.Listed = true
	t := s.listTable(l, part.Cards)
	d := listData{frame: f, Name: s.listTitle(r, l, b), Said: said + ", " + s.listSaid(q, l, b), Table: t.Shown(), More: part.All - len(part.Cards), Back: at("/"+page, q.Values()), Onto: onto}
	d.CSV = "/flow/cards.csv?" + joined(q.Values().Encode(), l.String())
	s.render(w, r, http.StatusOK, "list-page", d)
}

// flowCardsCSV is the same as a file.
func (s *server) flowCardsCSV(w http.ResponseWriter, r *http.Request) {
	q, l, err := listOf(r)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	cards, err := s.reader(r).FlowCards(r.Context(), q, l)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	s.file(w, r, s.listTable(l, cards))
}

// listOf is which cards an address asks for.
func listOf(r *http.Request) (view.FlowQuery, view.FlowList, error) {
	q, err := flowQueryOf(r.URL.Query())
	if err != nil {
		return q, view.FlowList{}, badAddress{err}
	}
	return q, view.FlowListOf(r.URL.Query()), nil
}

// listTable is the cards of a list. Who was never begun has no days in work; the file has
// their ids and addresses too.
func (s *server) listTable(l view.FlowList, cards []view.FlowEntry) chart.Table {
	held := l.List == view.ListHeld
	t := chart.Table{Key: "cards", Caption: "Those in work longest first", Head: append(chart.Words("Card", "Title", "Unit", "Type", "Planned", "Column", "Started", "Finished"), chart.Nums("Days in work", "Blocked, h")...)}
	if held {
		t.Caption = "Those held up longest first"
		t.Head = append(t.Head, chart.Nums("Held up, working days")...)
	}
	t.Head = append(t.Head, chart.Head{Text: "Id", File: true}, chart.Head{Text: "Address", File: true})
	for _, c := range cards {
		days := chart.Cell{}
		if c.Started != "" {
			days.Text = strconv.Itoa(c.Days)
		}
		blocked := chart.Cell{Data: strconv.FormatFloat(c.Blocked, 'f', 1, 64)}
		if c.Blocked > 0 {
			blocked.Text = blocked.Data
		}
		row := []any{cardCell(c.CardName), c.Title, c.Unit, c.Type, view.YesNo(c.Planned), c.Column, c.Started, c.Finished, days, blocked}
		if held {
			row = append(row, c.Held)
		}
		t.Add(append(row, c.Card, strings.TrimSuffix(s.PublicURL, "/")+"/card/"+url.PathEscape(string(c.Card)))...)
	}
	return t
}

// listTitle is what a list is called; what one fire held up is called by it.
func (s *server) listTitle(r *http.Request, l view.FlowList, b view.Board) string {
	name := listName(l, b)
	if l.List != view.ListHeld || l.Card == "" {
		return name
	}
	c, err := s.reader(r).Card(r.Context(), l.Card)
	if err != nil {
		return name // of a fire that nobody knows any more
	}
	called := c.Title
	if len(c.Sides) > 0 {
		called = c.Sides[0].Key
	}
	return strings.Replace(name, "meanwhile", "because of "+clip(called), 1)
}

// listSaid says of which days and which cards a list is, where it is of some.
func (s *server) listSaid(q view.FlowQuery, l view.FlowList, b view.Board) string {
	var words []string
	to := s.Now().In(cmp.Or(s.Zone, time.UTC))
	if day, err := time.Parse(time.DateOnly, q.To); err == nil {
		to = day
	}
	from := to.AddDate(0, 0, 1-q.Days)
	if day, err := time.Parse(time.DateOnly, q.From); err == nil {
		from = day
	}
	switch now := slices.Contains([]string{view.ListOpen, view.ListWork, view.ListStuck, view.ListOutside, view.ListUntouched, view.ListUrgent, view.ListGroup}, l.List); {
	case now && q.To != "":
		words = append(words, "at the end of "+to.Format("2 Jan 2006"))
	case now:
		words = append(words, "now")
	default:
		words = append(words, from.Format("2 Jan 2006")+" to "+to.Format("2 Jan 2006"))
	}
	for _, part := range []struct{ value, text string }{{q.Unit, view.NameIn(b.Units, q.Unit)}, {q.Type, typeName(q.Type)}, {q.Class, view.ClassName(q.Class)}} {
		if part.value != "" {
			words = append(words, clip(part.text))
		}
	}
	return strings.Join(words, ", ")
}

// listName says in words which cards a list has.
func listName(l view.FlowList, b view.Board) string {
	words := []string{wordOr(map[string]string{
		view.ListOpen: "Open cards", view.ListWork: "Cards under way", view.ListFinished: "Finished cards", view.ListStarted: "Cards that were begun", view.ListEnded: "Cards that were done or given up",
		view.ListReturned: "Cards that were given back", view.ListCreated: "Cards that came in", view.ListLeft: "Cards that left the board", view.ListBlocked: "Cards that were blocked", view.ListStuck: "Cards that are blocked", view.ListOutside: "Cards under way in no column of work",
		view.ListUntouched: fmt.Sprintf("Open cards that nobody touched for %d days", view.UntouchedDays), view.ListUrgent: "Urgent open cards", view.ListFires: "Unplanned work",
		view.ListHeld: "Planned cards that stood still meanwhile", view.ListCluster: "Cards that recur", view.ListBack: "Cards that came again", view.ListGroup: "Cards of an epic or milestone",
	}, l.List, "Cards")}
	for _, part := range []struct{ value, text string }{
		{l.Unit, view.NameIn(b.Units, l.Unit)}, {l.Type, typeName(l.Type)}, {l.Plan, wordOr(map[string]string{"yes": "planned", "no": "nobody planned"}, l.Plan, l.Plan)},
		{l.Person, wordOr(map[string]string{view.None: "nobody works on it", view.Hidden: "who works on it is not shown to you"}, l.Person, l.Person)}, {l.Team, wordOr(map[string]string{view.None: "no team", view.Hidden: "the team is not shown to you"}, l.Team, l.Team)},
		{l.Column, columnName(b, l.Column)}, {l.Band, wordOr(ageWords(), l.Band, l.Band)}, {l.Party, turnName(partyOf(l.Party))},
		{l.Reason, wordOr(map[string]string{view.None: "no reason given"}, l.Reason, l.Reason)}, {l.Group, l.Group}, {l.Trace, l.Trace}, {l.Week, "week of " + dayWords(l.Week)},
	} {
		if part.value != "" {
			words = append(words, clip(part.text))
		}
	}
	return strings.Join(words, ", ")
}

func columnName(b view.Board, key string) string {
	for _, c := range b.Columns {
		if string(c.Key) == key {
			return c.Name
		}
	}
	return key
}

// getFlow is the page about flow for programs.
func (s *server) getFlow(w http.ResponseWriter, r *http.Request) {
	q, err := flowQueryOf(r.URL.Query())
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	p, err := s.reader(r).FlowPicture(r.Context(), q)
	if err == nil && s.unchanged(w, r, p.Seq, p.At) {
		return
	}
	s.reply(w, r, p, err)
}

// getWorkload is the page about workload for programs.
func (s *server) getWorkload(w http.ResponseWriter, r *http.Request) {
	q, err := flowQueryOf(r.URL.Query())
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	l, err := s.reader(r).Workload(r.Context(), q)
	if err == nil && s.unchanged(w, r, l.Seq, l.At) {
		return
	}
	s.reply(w, r, l, err)
}

// getFlowCards is the cards behind a number for programs, a page at a time.
func (s *server) getFlowCards(w http.ResponseWriter, r *http.Request) {
	q, l, err := listOf(r)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	const most = 1000
	page, err := queryOf(r.URL.Query(), most, most)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	part, err := s.reader(r).FlowPart(r.Context(), q, l, page.After, page.Limit)
	s.reply(w, r, part, err)
}
