package web

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/sync/view"
)

//go:embed openapi.json
var openAPIDocument []byte

func (s *server) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(openAPIDocument)
}

// writeJSON answers with v. It is encoded before the status is out: a moment of the year
// 10000 has no JSON, and must not become half an answer.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Errorf("encode an answer: %w", err)) // recovered, logged and answered with 500
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // a reader that has gone cannot be told
}

// apiError is the body of every failure of the API.
type apiError struct {
	Error   string     `json:"error"`
	Allowed []string   `json:"allowed,omitempty"`
	Card    *view.Card `json:"card,omitempty"`
	Full    *view.Full `json:"full,omitempty"`
}

func writeError(w http.ResponseWriter, status int, reason string) {
	writeJSON(w, status, apiError{Error: reason})
}

// reply answers with v, or with what err means.
func (s *server) reply(w http.ResponseWriter, r *http.Request, v any, err error) {
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, v)
	case errors.Is(err, view.ErrUnknown):
		writeError(w, http.StatusNotFound, "there is no such card; name a card id, a Jira key or owner/repo#n")
	case badFilter(err) != nil:
		writeError(w, http.StatusBadRequest, badFilter(err).Error())
	case several(err) != nil:
		writeError(w, http.StatusConflict, several(err).Error())
	case r.Context().Err() != nil:
	default:
		s.Log.ErrorContext(r.Context(), "answer the API", "path", r.URL.Path, "error", err)
		writeError(w, http.StatusInternalServerError, "Parley could not read its store; the log says why")
	}
}

// badFilter is the error of a filter whose value cannot be, nil where that is not the trouble.
func badFilter(err error) error {
	if of, ok := errors.AsType[*view.FilterError](err); ok {
		return of
	}
	return nil
}

// several is the error of a key that several cards have, nil where that is not the trouble.
func several(err error) error {
	if of, ok := errors.AsType[*view.SeveralError](err); ok {
		return of
	}
	return nil
}

func (s *server) getBoard(w http.ResponseWriter, r *http.Request) {
	q, err := queryOf(r.URL.Query(), 50, 1000)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	board, err := s.reader(r).Board(r.Context(), q)
	s.reply(w, r, board, err)
}

func (s *server) getCards(w http.ResponseWriter, r *http.Request) {
	q, err := queryOf(r.URL.Query(), 100, 1000)
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	cards, next, err := s.reader(r).Cards(r.Context(), q)
	s.reply(w, r, map[string]any{"cards": cards, "next": next}, err)
}

// clip shortens what somebody sent, so that an answer does not repeat all of it.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…" // a letter that was cut in two goes
}

func (s *server) getCard(w http.ResponseWriter, r *http.Request) {
	card, err := s.reader(r).Card(r.Context(), r.PathValue("id"))
	s.reply(w, r, card, err)
}

func (s *server) getExplanation(w http.ResponseWriter, r *http.Request) {
	ex, err := s.reader(r).Explain(r.Context(), r.PathValue("id"))
	s.reply(w, r, ex, err)
}

func (s *server) getPlan(w http.ResponseWriter, r *http.Request) {
	plan, err := s.reader(r).Plan(r.Context())
	s.reply(w, r, plan, err)
}

func (s *server) getConflicts(w http.ResponseWriter, r *http.Request) {
	clashes, err := s.reader(r).Conflicts(r.Context(), true)
	s.reply(w, r, map[string]any{"conflicts": clashes}, err)
}

func (s *server) getActivity(w http.ResponseWriter, r *http.Request) {
	before, limit, err := activityPage(r.URL.Query())
	if err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	lines, err := s.reader(r).Activity(r.Context(), before, limit)
	s.reply(w, r, map[string]any{"activity": lines}, err)
}

func activityPage(v url.Values) (before int64, limit int, err error) {
	limit = 100
	if text := v.Get("before"); text != "" {
		if before, err = strconv.ParseInt(text, 10, 64); err != nil || before < 0 {
			return 0, 0, fmt.Errorf("before: %q is not a sequence number", clip(text))
		}
	}
	if text := v.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > 500 {
			return 0, 0, fmt.Errorf("limit: %q is not a number from 1 to 500", clip(text))
		}
	}
	return before, limit, nil
}

// maxBody is the largest body of a request.
const maxBody = 64 << 10

// bodyOf reads the body of a request. One that cannot be read is answered: ok is false.
func bodyOf[T any](w http.ResponseWriter, r *http.Request) (body T, ok bool) {
	if err := decode(w, r, &body); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return body, false
	}
	return body, true
}

// decode reads one JSON document and nothing else. Its errors name the key.
func decode(w http.ResponseWriter, r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var wrong *json.UnmarshalTypeError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &wrong):
		return fmt.Errorf("%s: a JSON %s does not belong here", cmp.Or(wrong.Field, "the body"), clip(wrong.Value))
	case errors.As(err, &large):
		return fmt.Errorf("the body is longer than %d bytes", maxBody)
	case errors.Is(err, io.EOF):
		return errors.New("the body is empty; a JSON object belongs here")
	case err != nil:
		if key, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			return fmt.Errorf("%s: there is no such key here", clip(key))
		}
		return fmt.Errorf("the body is not the JSON that is expected: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body goes on after the JSON document")
	}
	return nil
}
