package view_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley/sync/view"
)

// told is everything that an audience is told of flow, as JSON.
func (b *bench) told(w view.Viewer, q view.FlowQuery) (string, view.FlowPicture) {
	b.t.Helper()
	sight := b.views.Views.As(w)
	p, err := sight.FlowPicture(b.t.Context(), q)
	if err != nil {
		b.t.Fatal(err)
	}
	l, err := sight.Workload(b.t.Context(), q)
	if err != nil {
		b.t.Fatal(err)
	}
	cards, err := sight.FlowCards(b.t.Context(), q, view.FlowList{List: view.ListOpen})
	if err != nil {
		b.t.Fatal(err)
	}
	text, err := json.Marshal([]any{p, l, cards})
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text), p
}

func TestPicturesOfFlowAreEachAudiencesOwn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.see(1, 48*time.Hour, "secret plans", "open", "wip", "wild")
	other := view.Viewer{Audience: view.UnitAudience("elsewhere")}
	for range 2 { // taken, and kept
		ops, p := b.told(view.Somebody(), view.FlowQuery{})
		if !strings.Contains(ops, "secret plans") || p.Work.N != 1 {
			t.Errorf("ops are told %d cards: %s", p.Work.N, ops)
		}
		if text, p := b.told(other, view.FlowQuery{}); strings.Contains(text, "secret") || strings.Contains(text, "wild") || p.Work.N != 1 {
			t.Errorf("others are told %d cards: %s", p.Work.N, text)
		}
	}
	if _, p := b.told(view.Somebody(), view.FlowQuery{Class: "intangible"}); p.Work.N != 0 {
		t.Errorf("another query is answered with %d cards", p.Work.N)
	}
	b.see(2, 24*time.Hour, "more plans", "open", "wip")
	if text, p := b.told(view.Somebody(), view.FlowQuery{}); p.Work.N != 2 || !strings.Contains(text, "more plans") {
		t.Errorf("after a change %d cards are told: %s", p.Work.N, text)
	}
}
