package web

import (
	"fmt"
	"net/http"

	"parley/sync/view"
)

// contractsPage shows all contracts side by side.
func (s *server) contractsPage(w http.ResponseWriter, r *http.Request) {
	var d contractsData
	var all []view.Contract
	var err error
	if d.frame, _, err = s.framed(r.Context(), r, "contract", "Contracts"); err == nil {
		all, err = s.reader(r).Contracts(r.Context())
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, c := range all {
		d.All = append(d.All, contractGlance{contractData{C: c}})
	}
	s.render(w, r, http.StatusOK, "contracts-page", d)
}

// contractsData is the page of all contracts.
type contractsData struct {
	frame
	All []contractGlance
}

// contractGlance is what is told of a contract beside others.
type contractGlance struct{ contractData }

// Told reports whether more than its name is for the reader.
func (g contractGlance) Told() bool { return g.C.Line != "" }

// mostSeats is how many slots are drawn, and mostSoon how many dues of a side are listed.
const (
	mostSeats = 12
	mostSoon  = 3
)

// Taken are the slots that are drawn as used, Left those that are free.
func (g contractGlance) Taken() []struct{} { return make([]struct{}, min(g.Used(), mostSeats)) }

// Left are the free slots that are drawn.
func (g contractGlance) Left() []struct{} {
	return make([]struct{}, max(0, min(g.C.Free, mostSeats-len(g.Taken()))))
}

// SlotWords say how many slots of the present week are used, and how many are left.
func (g contractGlance) SlotWords() string {
	used := fmt.Sprintf("%d of %s used", g.Used(), slotWords(g.C.Period.Offered))
	switch {
	case g.C.Free < 0:
		return fmt.Sprintf("%s used of %d, %d of them in advance", slotWords(g.Used()), g.C.Period.Offered, -g.C.Free)
	case g.C.Free == 0:
		return used + ", none free"
	}
	return fmt.Sprintf("%s, %d free", used, g.C.Free)
}

// Cutoff says when requests are counted next, "" where nobody knows.
func (g contractGlance) Cutoff() string {
	if g.C.Cutoff.IsZero() {
		return ""
	}
	return cutoffMoment(g.C.Cutoff)
}

// First are the first of what a side has due.
func (s contractSide) First() []soonDue { return s.Soon[:min(len(s.Soon), mostSoon)] }

// Rest is how much more it has due.
func (s contractSide) Rest() int { return len(s.Soon) - len(s.First()) }
