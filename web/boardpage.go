package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/view"
)

// boardData is the board page.
type boardData struct {
	frame
	Board    view.Board
	Query    view.Query
	Address  address
	Density  string // comfortable, compact or line
	Controls controls
	Filters  []filter // those that are set and have no control in the bar
	Said     []string // every filter that is set, in words
	Total    int      // cards shown by the filters
	All      int      // cards on the board
	Wall     bool
	LeftOut  []string // filters of the address whose values cannot be, in words
}

// lanesOf is what the columns are divided by. People call the assignee a person.
func lanesOf(v url.Values) string {
	if v.Get("group") == "person" {
		v.Set("group", view.LanesAssignee)
	}
	return v.Get("group")
}

func (s *server) boardPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("wall") != "" {
		s.wallPage(w, r)
		return
	}
	d, err := s.boardOf(r)
	if err != nil {
		s.failPage(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "board-page", &d)
}

// badAddress is an address whose values cannot be.
type badAddress struct{ error }

// failPage answers a page that cannot be made.
func (s *server) failPage(w http.ResponseWriter, r *http.Request, err error) {
	if bad, ok := err.(badAddress); ok { //nolint:errorlint // it is made here and never wrapped
		s.sorry(w, r, http.StatusBadRequest, sentence(bad.Error()))
		return
	}
	s.fail(w, r, err)
}

// boardOf reads the board that an address asks for.
func (s *server) boardOf(r *http.Request) (boardData, error) {
	values := r.URL.Query()
	var q view.Query
	var board view.Board
	leftOut, err := lenient(values, func(v url.Values) (err error) {
		if q, err = queryOf(v, 0, 1000); err != nil {
			return badAddress{err}
		}
		q.Lanes = lanesOf(v)
		board, err = s.reader(r).Board(r.Context(), q)
		return err
	})
	if err != nil {
		return boardData{}, err
	}
	a := addressOf("/", values)
	d := boardData{Board: board, Query: q, Address: a, Density: density(a.values.Get("density")), LeftOut: leftOut}
	d.frame = s.frameOf(r, "board", "Board", board)
	d.Controls = controlsOf(a, board)
	d.Filters, d.Said = filters(a, board)
	for _, c := range board.Columns {
		d.Total += c.Count
		d.All += c.All
	}
	return d, nil
}

// frameOf is what stands around a page of a board.
func (s *server) frameOf(r *http.Request, page, title string, b view.Board) frame {
	return frame{Title: title, Page: page, Theme: theme(r), Seq: b.Seq, Write: b.Write, Freshness: b.Freshness, Held: b.Pulse.Pending, Found: b.Sides, Guest: s.guest(r, b.Units),
		Contract: contractWay(s.reader(r).Parties())}
}

func density(s string) string {
	if s == "compact" || s == "line" {
		return s
	}
	return "comfortable"
}

// Clear is the board without filters.
func (d *boardData) Clear() string { return d.Address.clear() }

// Widen is where cards that ended long ago are looked for too, "" where they are.
func (d *boardData) Widen() string {
	if d.Query.Earlier || len(d.Said) == 0 {
		return ""
	}
	return d.Address.with("done", "all")
}

// Grouped reports whether the columns are divided into lanes.
func (d *boardData) Grouped() bool { return len(d.Board.Lanes) > 0 }

// shownColumn is a column of the board page, with the addresses that show more or less
// of it.
type shownColumn struct {
	view.Column
	Page   *boardData
	Folded bool
	Fold   string // the address with this turned
	More   string // "" where no more can be shown at once
	First  bool   // it names the lanes
}

// Earliest is the board with what ended long ago, "" where it is there.
func (c shownColumn) Earliest() string {
	if c.Page.Query.Earlier {
		return ""
	}
	return c.Page.Address.with("done", "all")
}

// Filtered reports whether the column shows a part of its cards.
func (c shownColumn) Filtered() bool { return len(c.Page.Said) > 0 }

// Columns are the columns as they are drawn: those of ended cards as strips, until they
// are opened, and others where somebody folded them.
func (d *boardData) Columns() []shownColumn {
	var out []shownColumn
	named := false
	for _, c := range d.Board.Columns {
		s := shownColumn{Column: c, Page: d}
		key := string(c.Key)
		turns := "fold"
		if c.Category.Ended() {
			turns = "open"
		}
		s.Folded = slices.Contains(d.Address.list(turns), key) == (turns == "fold")
		s.Fold = d.Address.toggled(turns, key)
		if d.Query.Column != key {
			s.More = d.Address.with("column", key)
		}
		if s.First = !named && !s.Folded; s.First {
			named = true
		}
		out = append(out, s)
	}
	return out
}

// shownLane is a lane of one column.
type shownLane struct {
	view.Lane
	Column shownColumn
	Total  int // on the whole board
	Limit  *view.Limit
	Folded bool
	Fold   string
}

// Rows are the lanes of the column.
func (c shownColumn) Rows() []shownLane {
	var out []shownLane
	for i, l := range c.Lanes {
		key := "/" + l.Key
		out = append(out, shownLane{Lane: l, Column: c, Total: c.Page.Board.Lanes[i].Count, Limit: c.Page.Board.Lanes[i].Limit,
			Folded: slices.Contains(c.Page.Address.list("fold"), key), Fold: c.Page.Address.toggled("fold", key)})
	}
	return out
}

// filter is one that is set, with the address that takes it off.
type filter struct {
	Text string
	Off  string
}

// filters says in words which filters are set; those without a control in the bar come
// with the address that takes them off.
func filters(a address, b view.Board) (chips []filter, said []string) {
	for _, key := range filterKeys() {
		value := a.values.Get(key)
		if value == "" || key == "column" {
			continue
		}
		text := filterWords(key, value, b)
		said = append(said, text)
		if !slices.Contains([]string{"unit", "turn", "class", "age", "search"}, key) {
			chips = append(chips, filter{Text: text, Off: a.with(key, "")})
		}
	}
	if value := a.values.Get("column"); value != "" {
		chips = append(chips, filter{Text: "All of one column", Off: a.with("column", "")})
	}
	return chips, said
}

func filterWords(key, value string, b view.Board) string {
	switch key {
	case "unit":
		return view.NameIn(b.Units, value)
	case "priority":
		return wordOr(map[string]string{view.None: "No priority"}, value, view.NameIn(b.Priorities, value))
	case "turn":
		return turnName(kanban.Party(value)) + " has the turn"
	case "class":
		return view.ClassName(clip(value))
	case "age":
		return wordOr(ageWords(), value, clip(value))
	case "stage":
		return wordOr(map[string]string{view.StageWork: "In work"}, value, clip(value))
	case "planned":
		return wordOr(map[string]string{"yes": "Planned", "no": "Nobody planned"}, value, clip(value))
	case "state":
		return wordOr(stateWords(), value, clip(value))
	case "assignee":
		return wordOr(map[string]string{view.None: "Nobody works on it"}, value, clip(value))
	case "epic":
		return wordOr(map[string]string{view.None: "On its own"}, value, clip(value))
	case "done":
		return "Also what ended long ago"
	case "project":
		return clip(value[strings.LastIndex(value, "/")+1:])
	default:
		return "“" + clip(value) + "”"
	}
}

func wordOr(words map[string]string, key, otherwise string) string {
	if w, ok := words[key]; ok {
		return w
	}
	return otherwise
}

func ageWords() map[string]string {
	return map[string]string{"calm": "Younger than half", "watch": "Older than half", "risk": "Older than usual, under the 95 % line", "late": "Past the 95 % line", view.AgeOlder: "Older than usual"}
}

func stateWords() map[string]string {
	return map[string]string{view.StateBlocked: "Blocked", view.StateSaving: "Being saved", view.StateLook: "To look at"}
}
