package web

import (
	"fmt"
	"strings"

	"parley/sync/view"
)

// replenishData is the sheet for filling free slots.
type replenishData struct {
	frame
	R view.Replenishment
}

// At is an address below the contract's.
func (d replenishData) At(below string) string { return contractAt(d.R.Unit, below) }

// Cutoff says when the requests of the week are counted.
func (d replenishData) Cutoff() string {
	switch at := d.R.Period.Cutoff; {
	case at.IsZero():
		return "nobody works in this week"
	case at.After(d.R.At):
		return "the cut-off is on " + dueWords(at)
	default:
		return "the cut-off was on " + dueWords(at)
	}
}

// Free is how many slots there are, in words and as a number.
func (d replenishData) Free() string {
	if d.R.Free < 0 {
		return fmt.Sprint(-d.R.Free)
	}
	return fmt.Sprint(d.R.Free)
}

// FreeWords say what that number is.
func (d replenishData) FreeWords() string {
	switch {
	case d.R.Free < 0:
		return "taken in advance, out of the next weeks"
	case d.R.Free == 1:
		return "free slot"
	}
	return "free slots"
}

// Fits reports whether there is a slot for the n-th ready request, from 0 on.
func (d replenishData) Fits(n int) bool { return n < d.R.Free }

// Promised says what the forecast is held against.
func (d replenishData) Promised() string {
	k := d.R.Forecast
	switch {
	case k.Share > 0:
		return fmt.Sprintf("of each request %d %% was promised", k.Share)
	case k.Agreed:
		return "the days that were agreed on"
	}
	return "no days were agreed on; a week is taken"
}

// Short says that less is likely than was promised, and what that follows from; "" where
// nothing does.
func (d replenishData) Short() string {
	k := d.R.Forecast
	if k.Refused != "" || k.Items == 0 || k.Share == 0 || 100*k.Chance >= float64(k.Share) {
		return ""
	}
	return fmt.Sprintf("If all of this is taken on, the contract is likely not kept: that %s are finished within %s has a chance of %s, and %d %% was promised. %s in IT’s hands already.",
		countWords(k.Items, "request"), countWords(k.Days, "day"), k.Words, k.Share, capitalOf(countIs(k.Held)))
}

// Overcommitted says that more was agreed on than can be carried, "" where it was not.
func (d replenishData) Overcommitted() string {
	p := d.R.Proposed
	if p == nil || p.Agreed <= p.Slots {
		return ""
	}
	unsure := ""
	if d.R.Unsure {
		unsure = " That is provisional: fewer than eight full weeks were measured."
	}
	return fmt.Sprintf("More is agreed on than is carried: %s a week, where what was finished in the last weeks carries %d.%s", slotWords(p.Agreed), p.Slots, unsure)
}

// Lacks are what a request lacks, in words.
func (replenishData) Lacks(r view.ReadyRequest) string { return strings.Join(r.Lacks, ", ") }

func countIs(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

func capitalOf(s string) string { return view.Capital(s) }
