package web

import (
	"context"
	"errors"
	"net/http"

	"parley/kanban"
	"parley/sync/view"
)

// Contracts tells how what was agreed on with units stands.
type Contracts interface {
	Contract(ctx context.Context, unit kanban.UnitKey) (view.Contract, error)
	Contracts(ctx context.Context) ([]view.Contract, error)
}

// getContract is a unit's contract for programs.
func (s *server) getContract(w http.ResponseWriter, r *http.Request) {
	c, err := s.reader(r).Contract(r.Context(), kanban.UnitKey(r.PathValue("unit")))
	if errors.Is(err, view.ErrUnknown) {
		writeError(w, http.StatusNotFound, "there is no contract with such a unit; name the key of a unit that has one")
		return
	}
	s.reply(w, r, c, err)
}
