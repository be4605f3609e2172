package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

// verdictData is the page of one verdict: what decided it, and what both sides say.
type verdictData struct {
	frame
	V      view.VerdictCase
	D      dealing
	courts view.Courts
	now    time.Time
	Lines  []view.Moment // that lie in the time that was counted, the earliest first
}

// verdictAt is the address of a verdict.
func verdictAt(unit kanban.UnitKey, id string) string {
	return contractAt(unit, "/verdict") + "?" + url.Values{"id": {id}}.Encode()
}

// verdictPage tells one verdict.
func (s *server) verdictPage(w http.ResponseWriter, r *http.Request) {
	s.showVerdict(w, r, r.URL.Query().Get("id"), nil)
}

// showVerdict tells one verdict, and why a decision about it was not taken.
func (s *server) showVerdict(w http.ResponseWriter, r *http.Request, id string, refused *Refusal) {
	ctx, unit := r.Context(), kanban.UnitKey(r.PathValue("unit"))
	d := verdictData{now: s.Now()}
	var err error
	for _, step := range []func() error{
		func() error { d.V, err = s.reader(r).Verdict(ctx, unit, id); return err },
		func() error { d.frame, _, err = s.framed(ctx, r, "contract", d.Heading()); return err },
		func() error { d.D, err = s.dealingOf(r, unit, refused); return err },
		func() error { return s.clocked(r, &d) },
	} {
		if err := step(); err != nil {
			s.failVerdict(w, r, err)
			return
		}
	}
	d.Listed = true
	s.render(w, r, statusOf(refused), "verdict-page", d)
}

func statusOf(refused *Refusal) int {
	if refused != nil {
		return refused.Status
	}
	return http.StatusOK
}

func (s *server) failVerdict(w http.ResponseWriter, r *http.Request, err error) {
	if unit := kanban.UnitKey(r.PathValue("unit")); errors.Is(err, view.ErrUnknown) {
		if _, err := s.reader(r).ContractWith(r.Context(), unit, view.VerdictQuery{Limit: 1}); err != nil {
			s.failContract(w, r, err)
			return
		}
		s.absent(w, r, absence{frame: frame{Title: "No such verdict", Page: "contract"}, Way: contractAt(unit, ""), WayName: "To the contract",
			Words: "There is no such verdict of this contract. Where the trackers tell it otherwise now, another one may have taken its place."})
		return
	}
	s.fail(w, r, err)
}

// clocked reads whose time it was that decided, and what happened in it.
func (s *server) clocked(r *http.Request, d *verdictData) (err error) {
	if d.V.From.IsZero() {
		return nil
	}
	if d.courts, err = s.reader(r).Courts(r.Context(), string(d.V.Card)); err != nil {
		return leftOut(err)
	}
	t, err := s.reader(r).Timeline(r.Context(), string(d.V.Card), "", 200)
	from, to := d.V.From.Add(-time.Minute), d.until().Add(time.Minute)
	for _, m := range t.Moments {
		if !m.At.Before(from) && !m.At.After(to) {
			d.Lines = append([]view.Moment{m}, d.Lines...)
		}
	}
	return leftOut(err)
}

// leftOut lets a card that is gone be told by the verdict alone.
func leftOut(err error) error {
	if errors.Is(err, view.ErrUnknown) {
		return nil
	}
	return err
}

// until is when what was owed was done, or now.
func (d verdictData) until() time.Time {
	if d.V.To.IsZero() {
		return d.now
	}
	return d.V.To
}

// Heading names the verdict.
func (d verdictData) Heading() string {
	if d.V.Masked {
		return "Verdict"
	}
	return fmt.Sprintf("%s, week %s", d.V.Promise.Words(), weekName(d.V.Period))
}

// At is an address below the contract's.
func (d verdictData) At(below string) string { return contractAt(d.V.Unit, below) }

// turnSpell is a time in which one party had the turn.
type turnSpell struct {
	Party    kanban.Party
	Blocked  bool
	From, To time.Time
	Long     string
}

// Spells are the times that were counted, and whose they were.
func (d verdictData) Spells() (out []turnSpell) {
	for _, s := range d.courts.Spells {
		from, to := s.From, s.To
		if from.Before(d.V.From) {
			from = d.V.From
		}
		if end := d.until(); to.After(end) {
			to = end
		}
		if to.After(from) {
			out = append(out, turnSpell{s.Party, s.Blocked, from, to, span(int(to.Sub(from).Seconds()))})
		}
	}
	return out
}

// Contestable reports whether the verdict counts, so that it can be contested.
func (d verdictData) Contestable() bool {
	return !d.V.Contested && (d.V.Outcome == contract.Kept || d.V.Outcome == contract.Broken)
}

// Spoken reports whether anybody has said anything about it.
func (d verdictData) Spoken() bool { return len(d.V.Words[0].Said)+len(d.V.Words[1].Said) > 0 }

// wordOf says what a side did with what it said.
func wordOf(w view.Word) string {
	switch w.Outcome {
	case "":
		return "contests it"
	case contract.NotApplicable:
		return "says that it does not apply"
	}
	return "says that it was " + string(w.Outcome)
}
