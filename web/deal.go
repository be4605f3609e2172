package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/sync/view"
)

// What can be decided about a contract.
const (
	DealSwap    = "swap"    // Card has the slot of For, which steps down
	DealBorrow  = "borrow"  // Card takes a slot of the next week
	DealWait    = "wait"    // Card has its turn when a slot is free
	DealLend    = "lend"    // Slots go to the unit With
	DealLoan    = "loan"    // Slots are taken from the unit With
	DealApprove = "approve" // Card may be an expedite
	DealSponsor = "sponsor" // the unit pays for Card
	DealNote    = "note"    // Note is the cause of the unplanned work of the week Ref
	DealContest = "contest" // the verdict Ref is not accepted
	DealSettle  = "settle"  // the verdict Ref has this Outcome
)

// Deals lists them.
func Deals() []string {
	return []string{DealSwap, DealBorrow, DealWait, DealLend, DealLoan, DealApprove, DealSponsor, DealNote, DealContest, DealSettle}
}

// Deal is a person's decision about a contract.
type Deal struct {
	Unit    string // key; "" where the card or the verdict says whose it is
	What    string // one of Deals
	Card    string // id, Jira key or owner/repo#n
	For     string // likewise
	With    string // key of the other unit of a loan; of DealSponsor that of the unit that pays, where Unit is asked and agrees
	Slots   int
	Ref     string // of a loan, a week or a verdict
	Side    string // for which side an ops lead speaks: business or it, "" for IT's
	Outcome string
	Note    string
	Op      string // the asker's own id of it: the same one gets the same answer
	By      view.Viewer
}

// dealRequest is the body of a decision about a contract.
type dealRequest struct {
	What    string `json:"what"`
	Card    string `json:"card"`
	For     string `json:"for"`
	With    string `json:"with"`
	Slots   int    `json:"slots"`
	Ref     string `json:"ref"`
	Side    string `json:"side"`
	Outcome string `json:"outcome"`
	Note    string `json:"note"`
	Op      string `json:"op"`
}

// maxNote is how long a note can be, in letters.
const maxNote = 1000

// Problem says what is missing of a decision, or cannot be.
func (d Deal) Problem() string {
	needs := map[string]string{
		DealSwap: "card for", DealBorrow: "card", DealWait: "card", DealLend: "with slots ref", DealLoan: "with slots ref", DealApprove: "card", DealSponsor: "card",
		DealNote: "ref note", DealContest: "ref", DealSettle: "ref outcome",
	}
	missing := map[string]bool{"card": d.Card == "", "for": d.For == "", "with": d.With == "", "slots": d.Slots < 1, "ref": d.Ref == "", "note": d.Note == "", "outcome": d.Outcome == ""}
	switch {
	case !slices.Contains(Deals(), d.What):
		return "what: it is one of " + strings.Join(Deals(), ", ")
	case unnamed("op", d.Op) != "":
		return unnamed("op", d.Op)
	case d.Op == "":
		return "op: give the decision an id"
	case unnamed("ref", d.Ref) != "":
		return unnamed("ref", d.Ref)
	case !utf8.ValidString(d.Note) || strings.ContainsFunc(d.Note, unkept):
		return "note: it holds letters that cannot be kept; lines and tabs can"
	case d.Slots < 0 || d.Slots > 1000:
		return "slots: it is a number from 1 to 1000"
	case utf8.RuneCountInString(d.Note) > maxNote:
		return fmt.Sprintf("note: it is longer than %d letters", maxNote)
	case !slices.Contains([]string{"", "business", "it"}, d.Side):
		return "side: it is business or it"
	case !slices.Contains([]string{"", "kept", "broken", "n/a"}, d.Outcome):
		return "outcome: it is kept, broken or n/a"
	}
	for need := range strings.FieldsSeq(needs[d.What]) {
		if missing[need] {
			return fmt.Sprintf("%s: %s needs it", need, d.What)
		}
	}
	return ""
}

// unnamed says why a text cannot be somebody's own name of something, "" where it can.
func unnamed(key, text string) string {
	switch {
	case len(text) > maxOp:
		return fmt.Sprintf("%s: it is longer than %d bytes", key, maxOp)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return key + ": it holds letters that cannot be kept"
	}
	return ""
}

// unkept reports whether a note cannot hold a letter: a control letter that is no space.
func unkept(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

// postDeal takes a decision about a contract.
func (s *server) postDeal(w http.ResponseWriter, r *http.Request) {
	b, ok := bodyOf[dealRequest](w, r)
	if !ok {
		return
	}
	d := Deal{Unit: r.PathValue("unit"), What: b.What, Card: b.Card, For: b.For, With: b.With, Slots: b.Slots, Ref: b.Ref, Side: b.Side, Outcome: b.Outcome, Note: b.Note,
		Op: cmp.Or(b.Op, newOp()), By: viewer(r)}
	if problem := d.Problem(); problem != "" {
		writeError(w, http.StatusBadRequest, problem)
		return
	}
	answer, err := s.Intents.Deal(r.Context(), d)
	s.answer(w, r, "contract", d.Unit, answer, err)
}
