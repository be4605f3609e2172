package contract

import (
	"fmt"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
)

// Names turn keys into what a reader may see of them: a card whose title or key they may
// not know is called by something else.
type Names struct {
	Unit     string // the business unit
	Card     func(kanban.CardID) string
	Calendar calendar.Calendar
}

// card is what a card is called; its own id where nobody says.
func (n Names) card(id kanban.CardID) string {
	if n.Card == nil {
		return string(id)
	}
	return n.Card(id)
}

func (n Names) cards(ids []kanban.CardID) string {
	const most = 5
	var out []string
	for _, id := range ids[:min(len(ids), most)] {
		out = append(out, n.card(id))
	}
	if rest := len(ids) - most; rest > 0 {
		out = append(out, fmt.Sprintf("%d more", rest))
	}
	if len(out) > 1 {
		return strings.Join(out[:len(out)-1], ", ") + " and " + out[len(out)-1]
	}
	return strings.Join(out, "")
}

func (n Names) day(t time.Time) string { return dated(n.Calendar.Of(t)) }

func dated(d calendar.Day) string { return d.Format("Mon 2006-01-02") }

// Clock says which clock decides a promise: that of the side whose days are counted, or
// the calendar, which ends a period or passes the cut-off.
func (p Promise) Clock(unit string) string {
	switch p {
	case Deliver, Reply:
		return "IT's clock"
	case AnswerDuty, Accept:
		return unit + "'s clock"
	case Order:
		return "the cut-off"
	default:
		return "the end of the period"
	}
}

// Sentence tells a verdict in one sentence or two: how it turned out, by which clock, and
// by which figures.
func (v Verdict) Sentence(n Names) string {
	head := map[Outcome]string{Kept: "Kept", Broken: "Broken", Pending: "Open", NotApplicable: "Does not apply", Unknown: "Unknown"}[v.Outcome]
	if v.Outcome == Pending {
		head += ", to be decided"
	}
	text := fmt.Sprintf("%s by %s: %s.", head, v.Promise.Clock(n.Unit), v.figures(n))
	switch {
	case v.Facts.Idle:
		text = fmt.Sprintf("Does not apply: nobody works in %s.", v.Period.Words())
	case v.Outcome == NotApplicable:
		text = fmt.Sprintf("%s: %s.", head, v.nothing(n))
	case v.Outcome == Unknown && v.Facts.Gap != nil:
		text = fmt.Sprintf("Unknown: when %s decided, %s had not been read since %s, and nobody is blamed for that; %s.",
			v.Promise.Clock(n.Unit), v.Facts.Gap.Tracker, kanban.Moment(v.Facts.Gap.From, n.Calendar.Zone()), v.figures(n))
	}
	switch {
	case v.Contested:
		text += " It is contested and counts for nobody until both sides agree."
	case v.Settled:
		text += fmt.Sprintf(" IT and %s agreed on this.", n.Unit)
	}
	return text
}

// nothing says why a promise does not apply.
func (v Verdict) nothing(n Names) string {
	f := v.Facts
	switch v.Promise {
	case TakeOn:
		return fmt.Sprintf("nothing was due in %s, as no request was ready for a slot; unused: %d", v.Period.Words(), f.Slots.Forfeited)
	case Deliver:
		return fmt.Sprintf("%d of the %d deliveries that a share needs", f.Of, LeastDeliveries)
	case Reply, AnswerDuty, Accept:
		return n.card(v.Card) + " was withdrawn in time"
	case Order:
		return "there were no two requests to be put in order"
	case Restrain:
		return "there was no expedite in four weeks"
	case Prepare:
		return "no new request was replied to"
	default:
		return "no work was begun, or no allowance was agreed on"
	}
}

// figures are what was counted.
func (v Verdict) figures(n Names) string {
	f := v.Facts
	if text := v.sofar(); text != "" {
		return text
	}
	switch v.Promise {
	case TakeOn:
		return fmt.Sprintf("of %s due in %s, IT used %d%s", kanban.Count(f.Slots.Due, "slot", "slots"), v.Period.Words(), f.Slots.Charge, more(f.Slots))
	case Deliver:
		if v.Card != "" {
			return fmt.Sprintf("%s is on day %d of %d on IT's clock", n.card(v.Card), f.Used, f.Limit)
		}
		return fmt.Sprintf("%d of %d requests delivered in 13 weeks took at most %d days on IT's clock, and %d %% were promised%s",
			f.Met, f.Of, f.Limit, f.Share, n.named("; longer: ", f.Cards))
	case Shield:
		text := fmt.Sprintf("of %s begun in %s, %d had not been planned, and %d %% may be", kanban.Count(f.Of, "card", "cards"), v.Period.Words(), f.Met, f.Limit)
		if f.Noted != "" {
			text += "; the cause was noted: " + f.Noted
		}
		return text
	case Order:
		return v.ordered() + n.named("; not so: ", f.Cards)
	case Restrain:
		return fmt.Sprintf("%s in four weeks, and %d agreed on%s", kanban.Count(f.Used, "expedite", "expedites"), f.Limit, n.named("; without an approver: ", f.Cards))
	case Prepare:
		return fmt.Sprintf("%d of %d new requests were complete at the first reply, and %d %% are owed", f.Met, f.Of, f.Limit)
	default:
		return v.owed(n)
	}
}

// sofar is what is said of a promise that is open where nothing is there yet that counts, ""
// where something is: 0 of 0 says nothing to anybody.
func (v Verdict) sofar() string {
	f, week := v.Facts, v.Period.Words()
	switch {
	case v.Outcome != Pending:
	case v.Promise == TakeOn && f.Slots.Due == 0:
		return fmt.Sprintf("no slot is due in %s so far, and IT used %d", week, f.Slots.Charge)
	case f.Of > 0:
	case v.Promise == Deliver && v.Card == "":
		return fmt.Sprintf("nothing was delivered in 13 weeks, and %d %% within %d days on IT's clock were promised", f.Share, f.Limit)
	case v.Promise == Shield && f.Noted == "":
		return fmt.Sprintf("no work was begun in %s so far, of which %d %% may be unplanned", week, f.Limit)
	case v.Promise == Order:
		return "no two requests are ready so far, so that there is nothing to be put in order"
	case v.Promise == Prepare:
		return fmt.Sprintf("no new request was replied to so far, and %d %% of them are to be complete then", f.Limit)
	}
	return ""
}

// ordered says how many of the requests that come next have their own places.
func (v Verdict) ordered() string {
	f := v.Facts
	come, have, one, has := "came", "had", "came", "had"
	if v.Outcome == Pending {
		come, have, one, has = "come", "have", "comes", "has"
	}
	switch {
	case f.Of > 1:
		return fmt.Sprintf("%d of the %d requests that %s next %s a rank of their own", f.Met, f.Of, come, have)
	case f.Met > 0:
		return fmt.Sprintf("the one request that %s next %s a rank of its own", one, has)
	}
	return fmt.Sprintf("the one request that %s next %s no rank of its own", one, has)
}

func more(s Slots) string {
	switch {
	case s.Overdrawn > 0:
		return fmt.Sprintf("; %d of them in advance, out of the next week", s.Overdrawn)
	case s.CarryOut > 0:
		verb := "carry"
		if s.CarryOut == 1 {
			verb = "carries"
		}
		return fmt.Sprintf("; %d %s over as IT's debt", s.CarryOut, verb)
	}
	return ""
}

func (n Names) named(before string, ids []kanban.CardID) string {
	if len(ids) == 0 {
		return ""
	}
	return before + n.cards(ids)
}

// owed tells of a duty for one card.
func (v Verdict) owed(n Names) string {
	began, ended := "was put to "+n.Unit, "answered"
	switch v.Promise {
	case Reply:
		began, ended = "was handed in", "replied to"
	case Accept:
		began, ended = "was delivered", "accepted or refused"
	}
	f := v.Facts
	was, not := "was", "not"
	if v.Outcome == Pending {
		was, not = "is", "not yet"
	}
	text := fmt.Sprintf("%s %s on %s and %s due by the end of %s", n.card(v.Card), began, n.day(f.From), was, dated(f.DueDay))
	if f.To.IsZero() {
		return text + fmt.Sprintf("; it is %s %s, after %s of %d", not, ended, kanban.Count(f.Used, "working day", "working days"), f.Limit)
	}
	if v.Promise == Accept {
		ended = f.accepted()
	}
	return text + fmt.Sprintf("; it was %s on %s, after %s of %d", ended, n.day(f.To), kanban.Count(f.Used, "working day", "working days"), f.Limit)
}

// accepted says what became of a delivery, by where the card went.
func (f Facts) accepted() string {
	switch f.Left {
	case kanban.Done:
		return "accepted"
	case kanban.Cancelled:
		return "withdrawn"
	case kanban.Option, kanban.Queue, kanban.Active:
		return "refused"
	}
	return "moved on, neither accepted nor refused,"
}

// Sentence tells a request over the contract whose own requests hold the slots, and what
// its unit may do. holders are those of the account, in its order.
func (o Over) Sentence(a Account, n Names) string {
	var held []kanban.CardID
	for _, h := range a.Holders {
		held = append(held, h.Card)
	}
	text := fmt.Sprintf("%s asks for a slot of %s, and none is free this week", n.card(o.Card), n.Unit)
	switch {
	case a.Free > 0 && len(held) > 0:
		text = fmt.Sprintf("%s asks for a slot of %s; what is free this week goes to requests that asked before it, and the others are held by %s", n.card(o.Card), n.Unit, n.cards(held))
	case a.Free > 0:
		text = fmt.Sprintf("%s asks for a slot of %s; what is free this week goes to requests that asked before it", n.card(o.Card), n.Unit)
	case len(held) > 0:
		text += ": they are held by " + n.cards(held)
	}
	switch o.Choice {
	case SwapOne:
		return text + ". One of these steps down for it; choose which."
	case WaitFor:
		return text + fmt.Sprintf(". It waits, as number %d in the row.", o.Place)
	}
	text += fmt.Sprintf(". You can swap: one of these that is not begun steps down for it; borrow: take a slot of the next week in advance; or wait, as number %d in the row. Nothing was changed.", o.Place)
	if o.Mute != "" {
		text += " This could not be said on its ticket, so that nothing is set back."
	}
	return text
}
