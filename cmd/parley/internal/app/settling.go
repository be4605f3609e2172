package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"parley/sync/store"
	"parley/web"
)

// settling is what an op of several decisions is about. It is kept before the first
// decision is taken: asked again, the op chooses nothing anew.
type settling struct {
	Choice    string         `json:"choice"`
	Group     string         `json:"group,omitempty"`
	Conflicts []string       `json:"conflicts"`
	More      int            `json:"more,omitempty"`
	Writes    map[string]int `json:"writes"`

	refused map[string]string // by conflict, why it cannot be settled so
}

// would tells what would come of one conflict.
func (s settling) would(id string) web.SettledOne {
	if why := s.refused[id]; why != "" {
		return web.SettledOne{Conflict: id, State: web.SettledRefused, Problem: why}
	}
	return web.SettledOne{Conflict: id, State: web.SettledWould}
}

// begin tells what an op is about: as it was kept, else as it is asked for, with the writes
// that are foreseen, which is then kept.
func (a *App) begin(ctx context.Context, in web.Settlement) (settling, error) {
	if !in.Dry {
		if kept, found, err := a.begun(ctx, in); err != nil || found {
			return kept, err
		}
	}
	forecast, err := a.Runner.Foresee(ctx, decisions(in, in.Conflicts))
	s := settling{Choice: in.Choice, Group: in.Group, Conflicts: append([]string{}, in.Conflicts...), More: in.More, Writes: forecast.Writes, refused: forecast.Refused}
	if err != nil || in.Dry {
		return s, err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return s, fmt.Errorf("write what %s settles: %w", in.Op, err)
	}
	_, err = a.Store.Commit(ctx, store.Commit{Now: a.Now(), Answer: &store.Answer{Key: in.Op, JSON: text}})
	if errors.Is(err, store.ErrAnswered) { // a twin of this request was quicker
		s, _, err = a.begun(ctx, in)
	}
	return s, err
}

// begun looks up what an op was about before. The error is a *web.Refusal where that is
// something else than what is asked for now.
func (a *App) begun(ctx context.Context, in web.Settlement) (s settling, found bool, err error) {
	text, found, err := a.Store.AnswerOf(ctx, in.Op)
	if err != nil || !found {
		return s, false, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, false, fmt.Errorf("read what %s settles: %w", in.Op, err)
	}
	if s.Choice != in.Choice || s.Group != in.Group || s.Conflicts == nil || in.Group == "" && !slices.Equal(s.Conflicts, in.Conflicts) {
		return s, false, &web.Refusal{Status: http.StatusUnprocessableEntity, Reason: "this op was another change; give each change an op of its own"}
	}
	return s, true, nil
}
