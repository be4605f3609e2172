package contract_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// layout is the board that the diaries of these tests are about.
func layout() kanban.Layout {
	return kanban.Layout{Columns: []kanban.Column{
		{Key: "requests", Category: kanban.Option, Turn: kanban.Business}, {Key: "committed", Category: kanban.Queue, Turn: kanban.IT},
		{Key: "doing", Category: kanban.Active, Turn: kanban.IT}, {Key: "waiting", Category: kanban.Wait, Turn: kanban.Business},
		{Key: "verify", Category: kanban.Active, Turn: kanban.Business}, {Key: "done", Category: kanban.Done},
		{Key: "withdrawn", Category: kanban.Cancelled},
	}}
}

// terms are three slots a week from 2026-W45 on.
func terms() contract.Terms {
	return contract.Terms{From: calendar.On(2026, time.November, 2), Slots: 3, Carry: 2, Cutoff: contract.Cutoff{Day: time.Tuesday, Hour: 12},
		Expedites: 2, SLEDays: 8, SLEShare: 85, AnswerDays: 2, AcceptDays: 2, Unplanned: 25, ChooseDays: 1, Ready: []string{"form"},
		Agreed: contract.Agreed{Business: "Mia", IT: "Ana"}}
}

// setting has contracts with trading and risk, by the same terms.
func setting(t contract.Terms) contract.Setting {
	return contract.Setting{Layout: layout(), Calendar: calendar.New(time.UTC), Contracts: []contract.Contract{
		{Unit: "trading", Name: "Trading", Versions: []contract.Terms{t}}, {Unit: "risk", Name: "Risk", Versions: []contract.Terms{t}},
	}}
}

// moment reads "11-16 09:00" of 2026, or of another year where it is given.
func moment(text string, zone *time.Location) time.Time {
	if len(text) == len("11-16 09:00") {
		text = "2026-" + text
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		panic(err)
	}
	return at
}

// diary reads events, one a line: day, time, kind, card, then words. A word is a trait that
// the card has from now on (ready: its form is filled in, -ready, expedite, unplanned, internal, unit=, prio=, rank=, parent=)
// or belongs to the event (to=, by=, who=, from=, with=, other=, n=, ref=, choice=, outcome=, note=, began=).
func diary(zone *time.Location, lines string) []contract.Event {
	traits := map[string]contract.Traits{}
	var out []contract.Event
	for n, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		words := strings.Fields(line)
		if len(words) < 4 {
			panic("a line of a diary has a day, a time, a kind and a card: " + line)
		}
		e := contract.Event{ID: fmt.Sprintf("e%03d", n), At: moment(words[0]+" "+words[1], zone), Kind: contract.Kind(words[2]), Card: kanban.CardID(words[3]), Who: "mia"}
		is := traits[words[3]]
		for _, w := range words[4:] {
			if !describe(&is, w) {
				tell(&e, w)
			}
		}
		traits[words[3]] = is
		e.Traits = is
		out = append(out, e)
	}
	return out
}

func describe(t *contract.Traits, word string) bool {
	key, value, _ := strings.Cut(word, "=")
	on := !strings.HasPrefix(key, "-")
	switch strings.TrimPrefix(key, "-") {
	case "ready":
		t.Has = ""
		if on {
			t.Has = "due,form"
		}
	case "expedite":
		t.Expedite = on
	case "unplanned":
		t.Unplanned = on
	case "internal":
		t.Internal = on
	case "unit":
		t.Unit = kanban.UnitKey(value)
	case "prio":
		t.Priority = kanban.PriorityKey(value)
	case "rank":
		t.Rank = strings.TrimPrefix(value, "0")
	case "loose":
		t.Loose = on
	case "parent":
		t.Parent = kanban.CardID(value)
	default:
		return false
	}
	return true
}

func tell(e *contract.Event, word string) {
	key, value, _ := strings.Cut(word, "=")
	switch key {
	case "to":
		e.To = kanban.ColumnKey(value)
	case "by":
		e.By = kanban.Party(value)
	case "who":
		e.Who = value
	case "from":
		e.Unit = kanban.UnitKey(value)
	case "with":
		e.With = kanban.UnitKey(value)
	case "began":
		e.Began = moment(strings.ReplaceAll(value, "_", " "), e.At.Location())
	case "other":
		e.Other = kanban.CardID(value)
	case "n":
		e.Amount, _ = strconv.Atoi(value)
	case "ref":
		e.Ref = value
	case "choice":
		e.Choice = contract.Choice(value)
	case "outcome":
		e.Outcome = contract.Outcome(value)
	case "note":
		e.Note = strings.ReplaceAll(value, "_", " ")
	default:
		panic("no diary knows " + word)
	}
}

// fold folds a diary up to a moment and gives one unit's account.
func fold(s contract.Setting, unit kanban.UnitKey, now, lines string, gaps ...contract.Gap) contract.Account {
	zone := s.Calendar.Zone()
	for _, a := range contract.Fold(s, diary(zone, lines), gaps, moment(now, zone)) {
		if a.Unit == unit {
			return a
		}
	}
	panic("no such unit")
}

// statement is the one of a week.
func statement(t *testing.T, a contract.Account, week string) contract.Statement {
	t.Helper()
	for _, s := range a.Statements {
		if s.Period.String() == week {
			return s
		}
	}
	t.Fatalf("%s has no statement of %s", a.Unit, week)
	return contract.Statement{}
}

// verdict is the one with an id.
func verdict(t *testing.T, a contract.Account, id string) contract.Verdict {
	t.Helper()
	var ids []string
	for _, v := range a.Verdicts {
		if v.ID == id || v.Former == id {
			return v
		}
		ids = append(ids, v.ID)
	}
	t.Fatalf("there is no verdict %s, but %v", id, ids)
	return contract.Verdict{}
}

// outcomes checks verdicts by their ids.
func outcomes(t *testing.T, a contract.Account, want map[string]contract.Outcome) {
	t.Helper()
	for id, o := range want {
		if got := verdict(t, a, id); got.Outcome != o {
			t.Errorf("%s: %s, want %s (%+v)", id, got.Outcome, o, got.Facts)
		}
	}
}

// booked are an account's entries as "commit A -1".
func booked(a contract.Account) []string {
	var out []string
	for _, e := range a.Entries {
		text := string(e.Kind)
		for _, card := range []kanban.CardID{e.Card, e.Other} {
			if card != "" {
				text += " " + string(card)
			}
		}
		out = append(out, fmt.Sprintf("%s %+d", text, e.Amount))
	}
	return out
}
