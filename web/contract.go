package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"parley/kanban"
	"parley/sync/view"
)

// Contracts tells how what was agreed on with units stands.
type Contracts interface {
	// Parties are the units of whose contracts the viewer may read more than the name.
	Parties() []view.Named
	ContractWith(ctx context.Context, unit kanban.UnitKey, q view.VerdictQuery) (view.Contract, error)
	Contracts(ctx context.Context) ([]view.Contract, error)
	Ledger(ctx context.Context, unit kanban.UnitKey) ([]view.LedgerLine, error)
	LedgerSheet(ctx context.Context, unit kanban.UnitKey, period string, most int) (view.LedgerSheet, error)
	// Deciding is what can be decided of a contract that the viewer may read, Verdict one of
	// its verdicts, Swap a swap that was begun by an op.
	Deciding(ctx context.Context, unit kanban.UnitKey) (view.Deciding, error)
	Verdict(ctx context.Context, unit kanban.UnitKey, id string) (view.VerdictCase, error)
	Swap(ctx context.Context, unit kanban.UnitKey, op string) (view.Swap, error)
	Replenishment(ctx context.Context, unit kanban.UnitKey) (view.Replenishment, error)
}

// getContract is a unit's contract for programs.
func (s *server) getContract(w http.ResponseWriter, r *http.Request) {
	q := view.VerdictQuery{Period: r.URL.Query().Get("week"), After: r.URL.Query().Get("after")}
	if limit := r.URL.Query().Get("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 || n > 1000 {
			writeError(w, http.StatusBadRequest, "limit: it is a number from 1 to 1000")
			return
		}
		q.Limit = n
	}
	c, err := s.reader(r).ContractWith(r.Context(), kanban.UnitKey(r.PathValue("unit")), q)
	if errors.Is(err, view.ErrUnknown) {
		writeError(w, http.StatusNotFound, "there is no contract with such a unit, or no verdict of it to go on after; name the key of a unit that has one")
		return
	}
	s.reply(w, r, c, err)
}

// contractWay is where a reader finds the contracts: the one there is for them, a list of
// several, "" where there is none.
func contractWay(parties []view.Named) string {
	switch len(parties) {
	case 0:
		return ""
	case 1:
		return contractAt(kanban.UnitKey(parties[0].Key), "")
	}
	return "/contract"
}

// contractAt is the address of a unit's contract, or of something below it.
func contractAt(unit kanban.UnitKey, below string) string {
	return "/contract/" + url.PathEscape(string(unit)) + below
}

// contractPage is a unit's contract for people.
func (s *server) contractPage(w http.ResponseWriter, r *http.Request) { s.showContract(w, r, nil) }

// showContract is a unit's contract, and why a decision about it was not taken.
func (s *server) showContract(w http.ResponseWriter, r *http.Request, refused *Refusal) {
	ctx, reader, unit := r.Context(), s.reader(r), kanban.UnitKey(r.PathValue("unit"))
	var d contractData
	if refused == nil { // after a form the page is the whole one
		d.week, d.after = r.URL.Query().Get("week"), r.URL.Query().Get("after")
	}
	var err error
	for _, step := range []func() error{
		func() error {
			d.C, err = reader.ContractWith(ctx, unit, view.VerdictQuery{Period: d.week, After: d.after})
			return err
		},
		func() error { d.frame, d.board, err = s.framed(ctx, r, "contract", d.C.Name+" and IT"); return err },
		func() error { d.D, err = s.dealingOf(r, unit, refused); return err },
		func() error {
			if !d.C.Masked && !d.knows(d.week) {
				return errNoWeek
			}
			return nil
		},
		func() error { d.ledger, err = reader.LedgerSheet(ctx, unit, d.week, shownEntries); return err },
	} {
		if err := step(); err != nil {
			s.failContract(w, r, err)
			return
		}
	}
	if d.C.Period != nil {
		d.D.Week = d.C.Period.Period
	}
	s.render(w, r, statusOf(refused), "contract-page", d)
}

// errNoWeek says that a week is none of those that are shown.
var errNoWeek = errors.New("no such week")

func (s *server) failContract(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errNoWeek) {
		s.absent(w, r, absence{frame: frame{Title: "No such week", Page: "contract"}, Way: contractAt(kanban.UnitKey(r.PathValue("unit")), ""), WayName: "To the contract",
			Words: "There is no such week of this contract, or it lies too far back to be shown. Its entries are in the file of the ledger."})
		return
	}
	if errors.Is(err, view.ErrUnknown) {
		s.absent(w, r, absence{frame: frame{Title: "No such contract", Page: "contract"}, Way: contractWay(s.reader(r).Parties()), WayName: "To the contracts that there are", Words: "There is no contract with such a unit."})
		return
	}
	s.fail(w, r, err)
}
