package contract

import (
	"slices"
	"strings"
)

// toldLines are the lines that a ledger told last of verdicts.
type toldLines struct {
	of   map[string]*Entry // by the ids that the verdicts have now
	rest []*Entry          // of verdicts that are none of the account's
}

// told finds what a recorded ledger told last of each verdict. Its lines name verdicts as they
// were called then: of cards that are a part of others by now, and of duties by numbers, which
// move when more or less becomes known of a card. So a duty is known again by the event that
// began or ended it, and by its number only where that is of the same week.
func (a Account) told(recorded []Entry) toldLines {
	out := toldLines{of: map[string]*Entry{}}
	var judged, numbered []*Entry
	for n := range recorded {
		if e := &recorded[n]; e.Kind == Judged {
			judged = append(judged, e)
		}
	}
	for _, e := range latest(judged, recorded) {
		switch ref := Renamed(e.Ref, a.As); {
		case byNumber(ref):
			numbered = append(numbered, e)
		case e.Outcome != Pending:
			out.put(ref, e)
		}
	}
	if len(numbered) > 0 {
		out.rest = append(out.rest, a.renumbered(numbered, out.of)...)
	}
	return out
}

// put has a line stand for a verdict. Two cards that became one may both have had a duty that the
// same began: the line about the card of that name stands for it, and the other one for nothing.
func (t *toldLines) put(ref string, e *Entry) {
	if had := t.of[ref]; had != nil {
		if had.Ref == ref && e.Ref != ref {
			had, e = e, had
		}
		t.rest = append(t.rest, had)
	}
	t.of[ref] = e
}

// byNumber reports whether an id names a duty by a number.
func byNumber(ref string) bool {
	at := strings.LastIndexByte(ref, '/')
	return strings.Count(ref, "/") == 3 && at < len(ref)-1 && strings.Trim(ref[at+1:], "0123456789") == ""
}

// latest are those of some lines that no later line took back.
func latest(some []*Entry, recorded []Entry) []*Entry {
	back := map[int64]bool{}
	for _, e := range recorded {
		if e.Kind == Judged && e.Reverses != 0 {
			back[e.Reverses] = true
		}
	}
	return slices.DeleteFunc(some, func(e *Entry) bool { return back[e.Seq] })
}

// renumbered puts lines that name duties by numbers to the verdicts that they are about, of
// which nothing was told since, and gives those that are about none.
func (a Account) renumbered(lines []*Entry, of map[string]*Entry) (rest []*Entry) {
	byCause, byNumber := map[string]*Entry{}, map[string]*Entry{}
	for _, e := range lines {
		ref := Renamed(e.Ref, a.As)
		byNumber[ref] = e
		byCause[numberless(ref)+bare(e.Cause, e.Card)] = e
	}
	taken := map[*Entry]bool{}
	take := func(v *Verdict, e *Entry) {
		if e != nil && of[v.ID] == nil && !taken[e] {
			of[v.ID], taken[e] = e, true
		}
	}
	for n := range a.Verdicts {
		if v := &a.Verdicts[n]; v.Former != "" {
			for _, cause := range []string{v.Cause, v.Begun} {
				take(v, byCause[numberless(v.Former)+bare(cause, v.Card)])
			}
		}
	}
	for n := range a.Verdicts {
		if v := &a.Verdicts[n]; v.Former != "" {
			if e := byNumber[v.Former]; e != nil && e.Period == v.Period {
				take(v, e)
			}
		}
	}
	return slices.DeleteFunc(lines, func(e *Entry) bool { return taken[e] })
}

// numberless is the id of a verdict on a duty without its number.
func numberless(ref string) string { return ref[:strings.LastIndexByte(ref, '/')+1] }
