package view_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/kanban/flow"
	"parley/sync/view"
)

// flowAs is the flow as an audience sees it.
func (b *bench) flowAs(w view.Viewer) *view.Flow {
	b.t.Helper()
	f, err := b.views.Views.As(w).Flow(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return f
}

// TestNoPictureIsComputedForWhoHasGone has no turn free.
func TestNoPictureIsComputedForWhoHasGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.views.Views.As(view.Somebody())
	release := view.HoldTurns(b.views.Views)
	ways := map[string]func(context.Context) error{
		"flow":     func(ctx context.Context) error { _, err := s.FlowPicture(ctx, view.FlowQuery{}); return err },
		"workload": func(ctx context.Context) error { _, err := s.Workload(ctx, view.FlowQuery{}); return err },
		"cards": func(ctx context.Context) error {
			_, err := s.FlowCards(ctx, view.FlowQuery{}, view.FlowList{})
			return err
		},
	}
	for name, ask := range ways {
		ctx, leave := context.WithTimeout(context.Background(), 20*time.Millisecond)
		if err := ask(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		leave()
	}
	release()
	for name, ask := range ways {
		if err := ask(context.Background()); err != nil {
			t.Errorf("%s, with a turn: %v", name, err)
		}
	}
}

func TestFlowCountsEveryCardAndTellsWhatIsGranted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	card := b.see(1, 48*time.Hour, "secret plans", "open", "wip", "wild")
	ops, other := b.flowAs(view.Somebody()), b.flowAs(view.Viewer{Audience: view.UnitAudience("elsewhere")})
	if len(ops.Items) != 1 || len(other.Items) != 1 {
		t.Fatalf("%d and %d items", len(ops.Items), len(other.Items))
	}
	o, x := ops.Items[0], other.Items[0]
	if o.Title != "secret plans" || !cmp.Equal(o.Traces, []string{"label wild", "secret plans"}) {
		t.Errorf("ops: %+v", o.Traits)
	}
	if x.Title != "" || x.Traces != nil || x.Assignee != "" || !x.Hidden || o.Hidden {
		t.Errorf("others read %+v", x.Traits)
	}
	if s := x.Stint(); s == nil || s.Outcome != flow.Open || x.Column != "doing" || s.Active != 48*time.Hour {
		t.Errorf("others do not count it: %+v", x.Track)
	}
	shown, ok := other.Card(card.ID)
	if !ok || !shown.Masked || shown.Title == "secret plans" {
		t.Errorf("%+v", shown)
	}
	if _, ok := other.Card("zzz"); ok {
		t.Error("an unknown card is known")
	}
	if again := b.flowAs(view.Somebody()); again.Items[0].Track != o.Track {
		t.Error("nothing has changed, and the card was folded anew")
	}
}
