package runner

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
)

// swapping is a world in which one request steps down for another.
type swapping struct {
	*world

	down, up string // keys
	trade    store.Trade
}

// newSwap makes two requests in Jira, of which the first has a high priority, and a swap
// of them that nobody has taken along yet.
func newSwap(t *testing.T, change ...func(*world)) *swapping {
	t.Helper()
	w := &swapping{world: newWorld(t, change...)}
	for _, key := range []*string{&w.down, &w.up} {
		i, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Pay faster"})
		w.must(err)
		*key = i.Key
	}
	w.must(w.site.Edit("ana", w.down, jirasim.Edit{Priority: new("High")}))
	w.must(w.site.Edit("ana", w.up, jirasim.Edit{Priority: new("Low")}))
	w.settle(2)
	w.trade = w.swapOf("s1")
	return w
}

func (w *swapping) swapOf(id string) store.Trade {
	return store.Trade{Unit: "trading", Who: "mia", Trade: contract.Trade{
		ID: id, Phase: contract.Lowering, Down: contract.Half{Card: w.card(w.down).ID, From: "high", To: "low"}, Up: contract.Half{Card: w.card(w.up).ID, From: "low", To: "high"},
	}}
}

// begin stores the swap.
func (w *swapping) begin() {
	w.t.Helper()
	_, err := w.runner.Swap(context.Background(), w.trade)
	w.must(err)
}

// along lets everything go on until the swap is at its end, and a while longer.
func (w *swapping) along() store.Trade {
	w.t.Helper()
	for range 120 {
		w.must(w.runner.WorkTrades(context.Background()))
		w.work()
		w.clock.Advance(15 * time.Second)
		w.poll()
		if t := w.at(); t.Phase.Ended() {
			w.settle(2)
			return t
		}
	}
	return w.at()
}

func (w *swapping) at() store.Trade {
	w.t.Helper()
	t, err := w.runner.TradeOf(context.Background(), "s1")
	w.must(err)
	return t
}

// priorities are those of the two requests in Jira, and on the board.
func (w *swapping) priorities() string {
	w.t.Helper()
	var out []string
	for _, key := range []string{w.down, w.up} {
		i, _ := w.site.Issue(key)
		out = append(out, fmt.Sprintf("%s %s", i.PriorityName, w.card(key).Priority.Agreed))
	}
	return strings.Join(out, ", ")
}

const (
	bothSet = "Low low, High high"
	neither = "High high, Low low"
)

// expectEnd checks how a swap ended, and that the decisions and the account say so.
func (w *swapping) expectEnd(phase contract.Phase, priorities string) {
	w.t.Helper()
	t := w.at()
	decisions, err := w.store.Decisions(context.Background())
	w.must(err)
	counts := len(decisions) == 1 && decisions[0].Kind == contract.Swapped && decisions[0].ID == "s1" && decisions[0].Card == t.Up.Card && decisions[0].Other == t.Down.Card
	if got := w.priorities(); t.Phase != phase || got != priorities || counts != (phase == contract.Traded) || !counts && len(decisions) > 0 {
		w.t.Errorf("it is %s (%q) with %s and %v; want %s with %s\n%s\n%s", t.Phase, t.Problem, got, decisions, phase, priorities, w.story(w.card(w.down)), w.story(w.card(w.up)))
	}
	for _, key := range []string{w.down, w.up} {
		if n := strings.Count(w.story(w.card(key)), engine.DidSwap+": "); n != 1 {
			w.t.Errorf("the account of %s tells of the end %d times", key, n)
		}
	}
}

// onWrites calls f for each request that sets a priority, with the key of its issue and how
// many there were before it; what f gives goes wrong with it.
func (w *swapping) onWrites(f func(key string, before int) sim.Fault) {
	n := 0
	w.site.SetFaults(func(r *http.Request) sim.Fault {
		if r.Method != http.MethodPut {
			return sim.Fault{}
		}
		for _, key := range []string{w.down, w.up} {
			if i, _ := w.site.Issue(key); strings.HasSuffix(r.URL.Path, "/issue/"+i.ID) || strings.HasSuffix(r.URL.Path, "/issue/"+key) {
				n++
				return f(key, n-1)
			}
		}
		return sim.Fault{}
	})
}

func refusing() sim.Fault {
	return sim.Fault{Name: "no", Status: http.StatusBadRequest, Header: map[string]string{"Content-Type": "application/json"},
		Body: `{"errorMessages":[],"errors":{"priority":"The priority selected is invalid."}}`}
}

func TestASwapWritesBothPriorities(t *testing.T) {
	t.Parallel()
	w := newSwap(t)
	writes := w.writes()
	w.begin()
	w.along()
	w.expectEnd(contract.Traded, bothSet)
	if n := w.writes() - writes; n != 2 {
		t.Errorf("%d writes, want 2", n)
	}
	again, err := w.runner.Swap(t.Context(), w.trade)
	if err != nil || again.Phase != contract.Traded {
		t.Errorf("asked for again it is %+v, %v", again.Phase, err)
	}
	other := w.trade
	other.Down, other.Up = other.Up, other.Down
	if refused, ok := errors.AsType[*engine.Refusal](errorOf(w.runner.Swap(t.Context(), other))); !ok || refused.Stale {
		t.Errorf("the op of another swap: %v", refused)
	}
}

func errorOf(_ store.Trade, err error) error { return err }

// TestOneSwapOfACardAtATime refuses another swap of a card while one is open, and lets one
// that was begun too late to know of it come to nothing.
func TestOneSwapOfACardAtATime(t *testing.T) {
	t.Parallel()
	w := newSwap(t)
	w.begin()
	late := w.swapOf("s2")
	if refused, ok := errors.AsType[*engine.Refusal](errorOf(w.runner.Swap(t.Context(), late))); !ok || !refused.Stale {
		t.Errorf("a second one while the first is open: %v", refused)
	}
	w.along()
	third, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "Third"})
	w.must(err)
	w.must(w.site.Edit("ana", third.Key, jirasim.Edit{Priority: new("High")}))
	w.poll()
	late.Down.Card, late.Up.From = w.card(third.Key).ID, "high"
	_, err = w.runner.Swap(t.Context(), late)
	w.must(err)
	w.along()
	w.must(w.runner.WorkTrades(t.Context()))
	if got, err := w.runner.TradeOf(t.Context(), "s2"); err != nil || got.Phase != contract.Undone || w.card(third.Key).Priority.Agreed != "high" {
		t.Errorf("it is %s, %v: %s", got.Phase, err, got.Problem)
	}
}

// TestASwapWithFaults lets something go wrong with every write of a swap.
func TestASwapWithFaults(t *testing.T) {
	t.Parallel()
	lost, cut := sim.Fault{Name: "lost", Lost: true}, sim.Fault{Name: "cut", Cut: true}
	for name, c := range map[string]struct {
		fault func(w *swapping, key string, before int) sim.Fault
		phase contract.Phase
		want  string
	}{
		"no answer to the first, which took effect":  {nth(0, lost), contract.Traded, bothSet},
		"no answer to the first, which did not":      {nth(0, cut), contract.Traded, bothSet},
		"no answer to the second, which took effect": {nth(1, lost), contract.Traded, bothSet},
		"no answer to the second, which did not":     {nth(1, cut), contract.Traded, bothSet},
		"the first is refused":                       {nth(0, refusing()), contract.Undone, neither},
		"the second is refused":                      {nth(1, refusing()), contract.Undone, neither},
		"the second is refused, no answer to the way back": {func(_ *swapping, _ string, n int) sim.Fault {
			return []sim.Fault{{}, refusing(), lost, {}, {}, {}}[min(n, 5)]
		}, contract.Undone, neither},
		"the second and the way back are refused, twice": {func(_ *swapping, _ string, n int) sim.Fault {
			return []sim.Fault{{}, refusing(), refusing(), refusing(), {}, {}}[min(n, 5)]
		}, contract.Undone, neither},
		"somebody is quicker with the first": {func(w *swapping, key string, n int) sim.Fault {
			return w.edit(n == 0, w.down, "Medium")
		}, contract.Undone, "Medium medium, Low low"},
		"somebody is quicker with the second": {func(w *swapping, key string, n int) sim.Fault {
			return w.edit(n == 1, w.up, "Medium")
		}, contract.Undone, "High high, Medium medium"},
		"somebody sets the first before the way back": {func(w *swapping, key string, n int) sim.Fault {
			if w.edit(n == 1, w.down, "Medium"); n == 1 {
				return refusing()
			}
			return sim.Fault{}
		}, contract.Undone, "Medium medium, Low low"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSwap(t)
			w.onWrites(func(key string, before int) sim.Fault { return c.fault(w, key, before) })
			w.begin()
			w.along()
			w.expectEnd(c.phase, c.want)
		})
	}
}

// nth lets one of the writes go wrong.
func nth(at int, f sim.Fault) func(*swapping, string, int) sim.Fault {
	return func(_ *swapping, _ string, before int) sim.Fault {
		if before == at {
			return f
		}
		return sim.Fault{}
	}
}

// edit lets Ana set a priority by hand just before a request; it fails then.
func (w *swapping) edit(now bool, key, to string) sim.Fault {
	if !now {
		return sim.Fault{}
	}
	w.clock.Advance(time.Minute)
	w.must(w.site.Edit("ana", key, jirasim.Edit{Priority: new(to)}))
	return sim.Fault{Name: "cut", Cut: true}
}

// TestWhatTakesTheSenseOfASwap leaves alone what a person did before the first write, and
// takes the first back where work on it begins in between.
func TestWhatTakesTheSenseOfASwap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before  func(w *swapping)
		between func(w *swapping)
		want    string
	}{
		"another priority before it": {func(w *swapping) { w.must(w.site.Edit("ana", w.down, jirasim.Edit{Priority: new("Medium")})) }, nil, "Medium medium, Low low"},
		"work had begun":             {func(w *swapping) { w.must(w.site.Transition("ana", w.down, "Start work", noEdit)) }, nil, neither},
		"work begins in between":     {nil, func(w *swapping) { w.must(w.site.Transition("ana", w.down, "Start work", noEdit)) }, neither},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSwap(t)
			w.begin()
			if c.before != nil {
				c.before(w)
				w.settle(2)
			}
			w.must(w.runner.WorkTrades(t.Context()))
			w.work()
			if c.between != nil {
				c.between(w)
				w.settle(2)
			}
			w.along()
			w.expectEnd(contract.Undone, c.want)
		})
	}
}

// TestASwapIsLookedAtAgainBeforeItCounts lets people take its sense away while the second
// priority is written: both go back, but for what they set themselves.
func TestASwapIsLookedAtAgainBeforeItCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do    func(w *swapping)
		fault func(n int) sim.Fault
		want  string
	}{
		"work begins": {func(w *swapping) { w.must(w.site.Transition("ana", w.down, "Start work", noEdit)) }, func(int) sim.Fault { return sim.Fault{} }, neither},
		"work begins, and the way back is refused": {func(w *swapping) { w.must(w.site.Transition("ana", w.down, "Start work", noEdit)) }, func(n int) sim.Fault {
			return []sim.Fault{{}, {}, refusing(), {}, refusing(), {}}[min(n, 5)]
		}, neither},
		"the first is raised again": {func(w *swapping) { w.must(w.site.Edit("ana", w.down, jirasim.Edit{Priority: new("High")})) }, func(int) sim.Fault { return sim.Fault{} }, neither},
		"the first is set by hand":  {func(w *swapping) { w.must(w.site.Edit("ana", w.down, jirasim.Edit{Priority: new("Medium")})) }, func(int) sim.Fault { return sim.Fault{} }, "Medium medium, Low low"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, done := newSwap(t), false
			w.onWrites(func(key string, before int) sim.Fault {
				if key == w.up && !done {
					done = true
					w.clock.Advance(time.Second)
					c.do(w)
				}
				return c.fault(before)
			})
			w.begin()
			w.along()
			w.expectEnd(contract.Undone, c.want)
		})
	}
}

// TestASwapSaysWhenItBegan holds what it is booked by.
func TestASwapSaysWhenItBegan(t *testing.T) {
	t.Parallel()
	w := newSwap(t)
	w.begin()
	w.along()
	decisions, err := w.store.Decisions(t.Context())
	w.must(err)
	if want := w.at().Begun.Truncate(time.Millisecond); len(decisions) != 1 || !decisions[0].Began.Equal(want) || !decisions[0].At.After(want) {
		t.Errorf("%+v, begun %v", decisions, want)
	}
}

// TestASwapInPlanModeWaits holds the first write, and with it the swap.
func TestASwapInPlanModeWaits(t *testing.T) {
	t.Parallel()
	w := newSwap(t, func(w *world) { w.write = false })
	writes := w.writes()
	w.begin()
	for range 3 {
		w.must(w.runner.WorkTrades(t.Context()))
		w.settle(1)
	}
	if got := w.at(); got.Phase != contract.Lowering || !got.Sent || w.writes() != writes {
		t.Errorf("%s, %d writes", got.Phase, w.writes()-writes)
	}
	w.write = true
	w.start()
	w.must(w.runner.TakeUp(t.Context()))
	w.along()
	w.expectEnd(contract.Traded, bothSet)
}

// mortal is a store whose process dies at one of its commits: that one and all after it
// never happen.
type mortal struct {
	Store

	left atomic.Int64 // commits that it still lives: comments are posted beside each other
}

// dying is a store of a process that lives so many commits.
func dying(s Store, commits int) *mortal {
	m := &mortal{Store: s}
	m.left.Store(int64(commits))
	return m
}

var errDead = errors.New("the process is dead")

// Commit counts.
func (m *mortal) Commit(ctx context.Context, c store.Commit) (int64, error) {
	if m.left.Add(-1) < 0 {
		return 0, fmt.Errorf("%w: %w", errDead, store.ErrFenced)
	}
	return m.Store.Commit(ctx, c)
}

// until goes on with a process that dies, and reports whether it did.
func (w *swapping) until() (dead bool) {
	w.t.Helper()
	for range 40 {
		err := w.runner.WorkTrades(context.Background())
		for n := 1; err == nil && n > 0; {
			n, err = w.runner.WorkDue(context.Background())
		}
		if errors.Is(err, errDead) {
			return true
		}
		w.must(err)
		if w.at().Phase.Ended() {
			return false
		}
		w.clock.Advance(15 * time.Second)
	}
	return false
}

// TestASwapAfterACrashAnywhere ends the process at each of its commits, and so before and
// after every request; the next process ends what it finds, with both or neither.
func TestASwapAfterACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault func(*swapping, string, int) sim.Fault
		phase contract.Phase
		want  string
	}{
		"and nothing else":        {nth(9, sim.Fault{}), contract.Traded, bothSet},
		"and the second refused":  {func(w *swapping, key string, _ int) sim.Fault { return upRefused(w, key) }, contract.Undone, neither},
		"and a first answer lost": {nth(0, sim.Fault{Name: "lost", Lost: true}), contract.Traded, bothSet},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			deaths := 0
			for at := 0; ; at++ {
				w := newSwap(t)
				w.onWrites(func(key string, before int) sim.Fault { return c.fault(w, key, before) })
				w.begin()
				w.runner.Store = dying(w.store, at)
				dead := w.until()
				w.start()
				w.must(w.runner.TakeUp(t.Context()))
				w.along()
				w.expectEnd(c.phase, c.want)
				if !dead || t.Failed() {
					break
				}
				deaths++
			}
			if deaths < 6 {
				t.Errorf("it died in %d places only", deaths)
			}
		})
	}
}

func upRefused(w *swapping, key string) sim.Fault {
	if key == w.up {
		return refusing()
	}
	return sim.Fault{}
}

// TestASwapOfPairs writes both trackers of both cards.
func TestASwapOfPairs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.change = func(*mapping.Config) {} })
	down, a := w.pair("First")
	up, b := w.pair("Second")
	w.must(w.site.Edit("ana", down, jirasim.Edit{Priority: new("High")}))
	w.must(w.site.Edit("ana", up, jirasim.Edit{Priority: new("Low")}))
	w.settle(3)
	s := &swapping{world: w, down: down, up: up}
	s.trade = s.swapOf("s1")
	s.begin()
	s.along()
	s.expectEnd(contract.Traded, bothSet)
	for n, label := range map[int]string{a: "priority:low", b: "priority:high"} {
		if g, err := w.hub.Issue(repo, n); err != nil || strings.Join(g.Labels, " ") != label {
			t.Errorf("#%d has %v, %v; want %s", n, g.Labels, err, label)
		}
	}
	if w.face(down).Priority != kanban.PriorityKey("low") {
		t.Error("the board shows something else")
	}
}
