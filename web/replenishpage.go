package web

import (
	"fmt"
	"strings"

	"parley/kanban"
	"parley/sync/view"
)

// replenishData is the sheet for filling free slots.
type replenishData struct {
	frame
	R         view.Replenishment
	Op        string // of the forms, so that sending one twice does it once
	To        view.Column
	May       []string // why each of the ready requests cannot be committed to, "" where it can
	Refused   *Refusal
	Committed *view.Card // what was committed to just now
	Undo      string     // op of that
}

// Locked says why none of the ready requests can be committed to by whoever reads, "" where
// one can.
func (d replenishData) Locked() (why string) {
	for _, w := range d.May {
		if w == "" {
			return ""
		}
		why = w
	}
	return why
}

// Why says why the n-th ready request cannot be committed to, "" where it can.
func (d replenishData) Why(n int) string { return d.May[n] }

// Sub is the op of one of the page's forms.
func (d replenishData) Sub(card kanban.CardID) string { return d.Op + "-" + string(card) }

// Where says where a commitment is made, and where it is written.
func (d replenishData) Where() string {
	if d.Write == "plan" {
		return "It is in " + d.To.Name + " on the board; the writes to the trackers are held until a person applies them."
	}
	return "It is in " + d.To.Name + " on the board, and is written to its trackers."
}

// At is an address below the contract's.
func (d replenishData) At(below string) string { return contractAt(d.R.Unit, below) }

// Cutoff says when the requests of the week are counted.
func (d replenishData) Cutoff() string {
	switch at := d.R.Period.Cutoff; {
	case at.IsZero():
		return "nobody works in this week"
	case at.After(d.R.At):
		return "the cut-off is on " + cutoffMoment(at)
	default:
		return "the cut-off was on " + cutoffMoment(at)
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

// Fits reports whether there is a slot for the n-th ready request, from 0 on: its own, or a
// free one. Those that have one come first.
func (d replenishData) Fits(n int) bool {
	return d.R.Ready[n].Slotted || n-(len(d.R.Ready)-d.R.Asking()) < d.R.Free
}

// Place says in a word by which slot the n-th ready request goes.
func (d replenishData) Place(n int) string {
	switch {
	case d.R.Ready[n].Slotted:
		return "has one"
	case d.Fits(n):
		return "slot"
	}
	return "waits"
}

// ReadyWords say what is to be known besides how many are ready.
func (d replenishData) ReadyWords() string {
	words := fmt.Sprintf("%d more lack something", len(d.R.Unready))
	if len(d.R.Unready) == 1 {
		words = "1 more lacks something"
	}
	switch n := len(d.R.Ready) - d.R.Asking(); n {
	case 0:
		return words
	case 1:
		return "1 of them has a slot already; " + words
	default:
		return fmt.Sprintf("%d of them have a slot already; %s", n, words)
	}
}

// Chance says what the forecast is of.
func (d replenishData) Chance() string {
	k := d.R.Forecast
	return fmt.Sprintf("chance that %d %% are delivered within %s on IT’s clock: %d of %d were in time in thirteen weeks, %s", k.Share, kanban.Count(k.Days, "day", "days"), k.Met, k.Of, alsoInWork(k))
}

// alsoInWork says what else counts for a forecast.
func alsoInWork(k view.KeepForecast) string {
	words := countIs(k.Held) + " in work"
	if k.Late > 0 {
		words += fmt.Sprintf(", %d of them late already", k.Late)
	}
	if k.More > 0 {
		words += fmt.Sprintf(", %d more for the free slots", k.More)
	}
	return words
}

// unlikely is the chance from which on people are not warned.
const unlikely = 0.5

// Short warns that what is taken on is likely not finished as was promised, "" where it is
// or nobody knows.
func (d replenishData) Short() string {
	k := d.R.Forecast
	if k.Refused != "" || k.Chance >= unlikely {
		return ""
	}
	begin := "If the free slots are filled, the service level likely does not hold"
	if k.More == 0 {
		begin = "Already now the service level likely does not hold"
	}
	return fmt.Sprintf("%s: that %d %% are delivered within %s on IT’s clock has a chance of %s, if work goes as it went. %d of %d were in time in thirteen weeks; %s.",
		begin, k.Share, kanban.Count(k.Days, "day", "days"), k.Words, k.Met, k.Of, alsoInWork(k))
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
	return fmt.Sprintf("More is agreed on than was carried: %s a week for %s. IT finished at least %s in 85 of 100 weeks, of planned work of all units. Less %d for removing causes, %s’s part of that is %d.%s",
		slotWords(p.Agreed), d.R.Name, kanban.Count(d.R.Carried, "request", "requests"), d.R.Spared, d.R.Name, p.Slots, unsure)
}

// Lacks are what a request lacks, in words.
func (replenishData) Lacks(r view.ReadyRequest) string { return strings.Join(r.Lacks, ", ") }

func countIs(n int) string { return kanban.Count(n, "is", "are") }
