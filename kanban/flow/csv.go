package flow

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"parley/kanban"
)

// ReadCSV reads events with the columns card, at, kind, from, to, side and note. The note
// of a creation tells the card's traits in words: "planned" or "unplanned", a class of
// service, "bu=UNIT". A creation need not name a column: the card was on no board then. The error says in which line it is.
func ReadCSV(r io.Reader) ([]Event, map[kanban.CardID]Traits, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	head, err := in.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("read the heading: %w", err)
	}
	at := map[string]int{}
	for i, name := range head {
		at[strings.TrimSpace(strings.ToLower(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	for _, name := range []string{"card", "at", "kind", "to"} {
		if _, ok := at[name]; !ok {
			return nil, nil, fmt.Errorf("line 1: there is no column %q; the columns are card,at,kind,from,to,side,note", name)
		}
	}
	var events []Event
	traits := map[kanban.CardID]Traits{}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return events, traits, nil
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			return nil, nil, fmt.Errorf("read the events: %w", err)
		}
		get := func(name string) string {
			if i, ok := at[name]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		e, err := eventOf(get)
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", line, err)
		}
		e.Source = fmt.Sprintf("%09d", line)
		events = append(events, e)
		if e.Kind == Created {
			traits[e.Card] = traitsOf(get("note"))
		}
	}
}

func eventOf(get func(string) string) (Event, error) {
	e := Event{Card: kanban.CardID(get("card")), Kind: Kind(get("kind")), To: kanban.ColumnKey(get("to"))}
	var err error
	e.At, err = time.Parse(time.RFC3339, get("at"))
	switch {
	case e.Card == "":
		return e, errors.New("card: it is empty")
	case err != nil:
		return e, fmt.Errorf("at: %.40q is not a moment; write it as 2026-11-20T18:00:00Z", get("at"))
	case e.Kind != Created && e.Kind != Moved && e.Kind != Blocked && e.Kind != Unblocked:
		return e, fmt.Errorf("kind: %.40q is not known; it is one of created, move, block, unblock", string(e.Kind))
	case e.Kind == Moved && e.To == "":
		return e, errors.New("to: name the column that is entered")
	}
	return e, nil
}

func traitsOf(note string) Traits {
	var t Traits
	for word := range strings.FieldsSeq(note) {
		switch unit, ok := strings.CutPrefix(word, "bu="); {
		case ok:
			t.Unit = kanban.UnitKey(unit)
		case word == "unplanned":
			t.Unplanned = true
		case word == "expedite" || word == "fixed_date" || word == "standard" || word == "intangible":
			t.Class = strings.ReplaceAll(word, "_", "-")
		}
	}
	return t
}
