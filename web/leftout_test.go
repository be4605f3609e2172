package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/sync/view"
)

// fussy is a world whose reader refuses units and lanes that there are not.
type fussy struct{ *world }

func vetted(q view.Query) error {
	switch {
	case q.Unit == "nope":
		return &view.FilterError{Key: "unit", Value: q.Unit, Values: []string{"sales", "unassigned"}}
	case q.Lanes == "<colour>":
		return &view.FilterError{Key: "group", Value: q.Lanes, Values: []string{"unit"}}
	}
	return nil
}

func (s fussy) Board(ctx context.Context, q view.Query) (view.Board, error) {
	if err := vetted(q); err != nil {
		return view.Board{}, err
	}
	return s.world.Board(ctx, q)
}

func (s fussy) People(ctx context.Context, q view.Query, by string) (view.People, error) {
	if err := vetted(q); err != nil {
		return view.People{}, err
	}
	return s.world.People(ctx, q, by)
}

func (s fussy) Cards(ctx context.Context, q view.Query) ([]view.Card, string, error) {
	if err := vetted(q); err != nil {
		return nil, "", err
	}
	return s.world.Cards(ctx, q)
}

func (s fussy) CardTable(ctx context.Context, q view.Query) (view.Table, error) {
	if err := vetted(q); err != nil {
		return view.Table{}, err
	}
	return s.world.CardTable(ctx, q)
}

// TestFiltersThatCannotBeAreLeftOut: a page that somebody kept shows the board without them
// and says so, programs and files are refused with the values that can be.
func TestFiltersThatCannotBeAreLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h := New(Options{Readers: same(fussy{w}), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Now: func() time.Time { return noon }})
	said := "Unit: there is no &#34;nope&#34;; there are sales, unassigned."
	contains(t, page(t, h, "/?unit=nope&group=%3Ccolour%3E&turn=it", http.StatusOK), []string{said, "Group: there is no &#34;&lt;colour&gt;&#34;; there are unit.", "PAY-1"}, []string{"unit=nope", "Nothing matches"})
	contains(t, page(t, h, "/people?unit=nope", http.StatusOK), []string{said, "PAY-1"}, []string{"unit=nope"})
	contains(t, page(t, h, "/?group=person", http.StatusOK), []string{`value="assignee" selected`}, []string{"left out"})
	for _, target := range []string{"/api/v1/board?unit=nope", "/api/v1/cards?unit=nope", "/export/cards.csv?unit=nope", "/?wall=1&unit=nope"} {
		rec := ask(h, http.MethodGet, target, "")
		if rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "there are sales, unassigned") {
			t.Errorf("%s: %d %s", target, rec.Code, rec.Body)
		}
	}
	w.fail = &view.FilterError{Key: "by", Value: "2020-01-01", Reason: "is over"}
	for _, target := range []string{"/flow", "/workload", "/flow.csv?table=cycle", "/flow/cards?list=open", "/api/v1/flow", "/api/v1/workload", "/api/v1/flow/cards?list=open"} {
		if rec := ask(h, http.MethodGet, target, ""); rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "2020-01-01") {
			t.Errorf("%s: %d %s", target, rec.Code, rec.Body)
		}
	}
	page(t, h, "/", http.StatusBadRequest) // a reader that refuses what is not asked for is not asked for ever
}
