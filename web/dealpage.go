package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"parley/kanban"
	"parley/sync/view"
)

// dealRights says why a reader may not decide something about a contract, each "" where they
// may.
type dealRights struct {
	Choose string         // what becomes of a request that waits for a slot
	Bind   string         // what gives away what the unit has
	Note   string         // the cause of unplanned work
	Speaks []kanban.Party // sides for which they may contest
	Ends   []kanban.Party // sides for which they may settle
	Quiet  string         // why they may contest for none
	Leaves string         // why they may settle for none
}

// contractStopped is why nobody may decide anything about a stopped contract.
const contractStopped = "the contract is stopped until what was decided about it can be read again"

// rightsIn are a viewer's rights in the contract of a unit.
func rightsIn(w view.Viewer, unit kanban.UnitKey) dealRights {
	why := func(side kanban.Party, binding bool) string {
		if w.Link {
			return "you came by a link that only shows"
		}
		return w.Role.MayContract(side, w.Owns(unit), binding)
	}
	d := dealRights{Choose: why(kanban.Business, false), Bind: why(kanban.Business, true), Note: why(kanban.IT, false)}
	own := kanban.Business
	if w.Role == kanban.Developer {
		own = kanban.IT
	}
	d.Quiet, d.Leaves = why(own, false), why(own, true)
	for _, side := range []kanban.Party{kanban.IT, kanban.Business} {
		if why(side, false) == "" {
			d.Speaks = append(d.Speaks, side)
		}
		if why(side, true) == "" {
			d.Ends = append(d.Ends, side)
		}
	}
	return d
}

// dealing is what the pages of a contract show of what can be decided.
type dealing struct {
	view.Deciding

	May     dealRights
	Op      string      // of the forms, so that sending one twice does it once
	Done    string      // what was decided just now, "" nothing
	Swapped *view.Swap  // the swap that was begun just now
	Refused *Refusal    // why nothing was decided
	Typed   dealRequest // what was asked for then
	At      string      // where forms are sent
	Week    string      // the present one
}

// dealingOf gathers what can be decided about a contract by whoever asks.
func (s *server) dealingOf(r *http.Request, unit kanban.UnitKey, refused *Refusal) (dealing, error) {
	d := dealing{May: rightsIn(viewer(r), unit), Op: newOp(), Refused: refused, At: contractAt(unit, "/decide") + "#said"}
	var err error
	if d.Deciding, err = s.reader(r).Deciding(r.Context(), unit); err != nil {
		return d, err
	}
	if d.Stopped {
		d.May = dealRights{Choose: contractStopped, Bind: contractStopped, Note: contractStopped, Quiet: contractStopped, Leaves: contractStopped}
	}
	if refused == nil {
		err = s.decidedJustNow(r, unit, &d)
	}
	return d, err
}

// decidedJustNow reads what the address says was decided just now.
func (s *server) decidedJustNow(r *http.Request, unit kanban.UnitKey, d *dealing) error {
	q := r.URL.Query()
	if done := q.Get("done"); slices.Contains(Deals(), done) {
		d.Done = done
	}
	if op := q.Get("swap"); d.Done == DealSwap && op != "" && len(op) <= maxOp {
		swap, err := s.reader(r).Swap(r.Context(), unit, op)
		switch {
		case err == nil:
			d.Swapped = &swap
		case !errors.Is(err, view.ErrUnknown):
			return err
		}
	}
	return nil
}

// Open reports whether there is anything that could be decided besides what stands by itself.
func (d dealing) Open() bool {
	return len(d.Expedites)+len(d.Weeks)+len(d.Others)+len(d.Loans)+len(d.Pledges) > 0
}

// Said tells what was decided just now.
func (d dealing) Said() string {
	if d.Swapped != nil {
		return d.swapSaid()
	}
	return map[string]string{
		DealSwap: "The swap was asked for. How far it is stands below while it is under way, and in the ledger once it is done.", DealBorrow: "A slot of the next week is taken for it. The ledger has it once it takes the slot.",
		DealWait: "It waits for the next free slot. That choice is kept.", DealLend: "Named: the slots pass once the other unit names the same.", DealLoan: "Named: the slots pass once the other unit names the same.",
		DealApprove: "The expedite has somebody who approved it.", DealSponsor: "Named: the unit pays once the other unit agrees, unless an ops lead has said it for both.", DealNote: "The cause is noted, and nothing that is noted is changed.",
		DealContest: "The verdict is contested. It counts for nobody until both sides agree on an outcome.", DealSettle: "Your word is kept. The verdict counts again once both sides name the same outcome.",
	}[d.Done]
}

func (d dealing) swapSaid() string {
	s := d.Swapped
	switch {
	case s.Ended.IsZero():
		return fmt.Sprintf("The swap of %s for %s is under way; both priorities are written, or neither is.", s.Down.Called, s.Up.Called)
	case s.Problem != "":
		return "The swap did not come about, and both are as they were or as somebody set them meanwhile: " + s.Problem + "."
	}
	return fmt.Sprintf("%s has the slot of %s. Both priorities are written.", s.Up.Called, s.Down.Called)
}

// SideName is what a side of this contract is called.
func (d dealing) SideName(p kanban.Party) string {
	if p == kanban.Business {
		return d.Name
	}
	return turnName(p)
}

// Sub is the op of one of the page's forms.
func (d dealing) Sub(parts ...any) string {
	op := []string{d.Op}
	for _, p := range parts {
		op = append(op, fmt.Sprint(p))
	}
	return strings.Join(op, "-")
}

// With is a part of the page together with what can be decided.
func (d dealing) With(part any) dealPart { return dealPart{d, part} }

// dealPart is one thing that can be decided about.
type dealPart struct {
	D    dealing
	Part any
}

// dealForm takes a decision about a contract without scripts.
func (s *server) dealForm(w http.ResponseWriter, r *http.Request) {
	if !s.whole(w, r) {
		return
	}
	value := r.PostFormValue
	slots, err := strconv.Atoi(cmp.Or(value("slots"), "0"))
	if err != nil {
		slots = -1
	}
	d := Deal{Unit: r.PathValue("unit"), What: value("what"), Card: value("card"), For: value("for"), With: value("with"), Slots: slots, Ref: value("ref"),
		Side: value("side"), Outcome: value("outcome"), Note: value("note"), Op: value("op"), By: viewer(r)}
	if problem := d.Problem(); problem != "" {
		s.dealRefused(w, r, d, &Refusal{Status: http.StatusBadRequest, Reason: lacking(d, problem)})
		return
	}
	_, err = s.Intents.Deal(r.Context(), d)
	refused, ok := errors.AsType[*Refusal](err)
	switch {
	case ok:
		s.dealRefused(w, r, d, refused)
	case err != nil:
		s.fail(w, r, err)
	default:
		http.Redirect(w, r, dealtAt(d), http.StatusSeeOther)
	}
}

// dealtAt is where a decision is told, and what came of it.
func dealtAt(d Deal) string {
	q, below := url.Values{"done": {d.What}}, ""
	switch d.What {
	case DealSwap:
		q.Set("swap", d.Op)
	case DealContest, DealSettle:
		below = "/verdict"
		q.Set("id", d.Ref)
	}
	return contractAt(kanban.UnitKey(d.Unit), below) + "?" + q.Encode() + "#said"
}

// lacking says what a form left out, in the words of the page.
func lacking(d Deal, problem string) string {
	switch {
	case d.What == DealSwap && d.For == "":
		return "Choose which request steps down"
	case d.What == DealSettle && d.Outcome == "":
		return "Choose an outcome"
	case d.What == DealNote && d.Note == "":
		return "Say what the cause was"
	case (d.What == DealLend || d.What == DealLoan) && d.Slots < 1:
		return "Say how many slots, as a number from 1 on"
	case (d.What == DealLend || d.What == DealLoan) && d.Ref == "":
		return "Give the loan a name; both units name it by that"
	case d.What == DealSponsor && d.Card == "":
		return "Name the request that the unit pays for"
	}
	return "The form cannot be taken: " + problem
}

// dealRefused shows why nothing was decided where it was asked for.
func (s *server) dealRefused(w http.ResponseWriter, r *http.Request, d Deal, refused *Refusal) {
	if d.What == DealContest || d.What == DealSettle {
		s.showVerdict(w, r, d.Ref, refused)
		return
	}
	s.showContract(w, r, refused)
}
