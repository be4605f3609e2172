package engine

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

// storm is a desk on which people, failures and crashes follow each other at random.
type storm struct {
	*desk
	begun map[kanban.Field][2]kanban.Native
}

// TestStorm lets anything happen and then nothing more: the trackers must come to
// agree, or the card must say why not, and nothing may be asked after that.
func TestStorm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := &storm{desk: paired(rt, func(c *mapping.PairConfig) {
			policies := []mapping.Policy{mapping.PolicyJira, mapping.PolicyGitHub, mapping.PolicyNewest, mapping.PolicyAsk}
			c.Conflict = map[kanban.Field]mapping.Policy{}
			for _, f := range kanban.Fields {
				c.Conflict[f] = rapid.SampledFrom(policies).Draw(rt, "policy")
			}
		})}
		w.known, w.begun = memory{}, map[kanban.Field][2]kanban.Native{}
		for _, f := range kanban.Fields {
			w.begun[f] = [2]kanban.Native{w.eng.Rules.Native(w.issue[0], f), w.eng.Rules.Native(w.issue[1], f)}
		}
		w.ways["9"], w.ways["1"] = []string{"1", "2"}, []string{"2", "9"}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			w.something(rt)
		}
		w.lag, w.fail, w.deaf = 0, nil, nil
		w.step(Resumed{})
		for range 4 {
			w.now = w.now.Add(2 * time.Hour)
			w.poll(kanban.Jira)
			w.poll(kanban.GitHub)
			w.work()
		}
		w.calm(rt)
	})
}

// something makes one thing happen.
func (w *storm) something(rt *rapid.T) {
	side := rapid.SampledFrom(kanban.Sides[:]).Draw(rt, "side")
	w.lag = max(0, rapid.IntRange(-4, 2).Draw(rt, "lag"))
	switch rapid.IntRange(0, 10).Draw(rt, "what") {
	case 0, 1:
		w.person(rt, side)
	case 2, 3:
		w.poll(side)
	case 4:
		w.step(Resumed{})
	case 5:
		w.drag(rt)
	case 10:
		w.regret(rt)
	default:
		w.request(rt)
	}
}

// person changes something in a tracker as its pages allow.
func (w *storm) person(rt *rapid.T, s kanban.Side) {
	if s == kanban.Jira {
		if rapid.Bool().Draw(rt, "priority") {
			if v := rapid.SampledFrom([]string{"21", "22", "23", "24"}).Draw(rt, "to"); v != w.issue[s].Priority.ID {
				w.edit(s, "ana", "", to(kanban.ChangePriority, v))
			}
			return
		}
		if v := rapid.SampledFrom([]string{"1", "2", "3", "4", "9"}).Draw(rt, "to"); v != w.issue[s].Status.ID {
			w.edit(s, "ana", "", to(kanban.ChangeStatus, v)) // Jira has no entry of what stays as it is
		}
		return
	}
	if n := len(w.issue[s].Labels); n > 0 && rapid.Bool().Draw(rt, "remove") {
		w.edit(s, "ben", "", off(w.issue[s].Labels[rapid.IntRange(0, n-1).Draw(rt, "label")]))
		return
	}
	label := rapid.SampledFrom([]string{"doing", "review", "p-high", "p-low"}).Draw(rt, "label")
	if slices.Contains(w.issue[s].Labels, label) {
		w.edit(s, "ben", "", to(kanban.ChangeState, map[string]string{"open": "closed:completed", "closed": "open"}[w.issue[s].State]))
		return
	}
	w.edit(s, "ben", "", to(kanban.ChangeLabel, label))
}

// drag moves the card on the board, by its present revision.
func (w *storm) drag(rt *rapid.T) {
	f := rapid.SampledFrom(kanban.Fields[:]).Draw(rt, "field")
	v := map[kanban.Field][]kanban.Value{kanban.FieldStatus: {"todo", "doing", "review", "done"}, kanban.FieldPriority: {"high", "medium", "low"}}[f]
	st, _, refused := w.eng.Ask(w.card, Intent{Key: "k", Field: f, To: rapid.SampledFrom(v).Draw(rt, "value"), Rev: w.card.Rev, Actor: "lea", At: w.now})
	if refused != nil {
		return
	}
	for _, s := range kanban.Sides { // whoever drags a card sees what stands on its sides
		if e := w.card.Field(f).Sides[s].Alone; e != nil {
			w.known.note(*e)
		}
	}
	w.keep(st)
}

// regret takes the last drag back, as long as that can be done.
func (w *storm) regret(rt *rapid.T) {
	n := len(w.card.Deeds)
	if n == 0 {
		return
	}
	st, _, refused := w.eng.Undo(w.card, Undo{Key: "k", Anybody: true, At: w.card.Deeds[n-1].At.Add(time.Second)})
	if refused != nil {
		return
	}
	for _, s := range kanban.Sides { // whoever takes it back sees what stands on its sides
		if e := w.card.Field(w.card.Deeds[n-1].Field).Sides[s].Alone; e != nil {
			rt.Fatalf("taken back although somebody has set %+v since", e)
		}
	}
	w.keep(st)
}

// request lets the engine ask what it wants to, with some fate.
func (w *storm) request(rt *rapid.T) {
	q := w.next()
	if q == nil {
		return
	}
	no := func(kind connectors.ErrorKind) func(Request) error {
		return func(Request) error { return &connectors.Error{Kind: kind, Tracker: "x", Doing: "try"} }
	}
	w.fail, w.deaf = nil, nil
	fate := rapid.IntRange(0, 9).Draw(rt, "fate")
	switch fate {
	case 0:
		w.fail = no(rapid.SampledFrom([]connectors.ErrorKind{connectors.RateLimit, connectors.Transient, connectors.Unknown, connectors.Conflict, connectors.NotFound}).Draw(rt, "kind"))
	case 1:
		w.deaf = no(connectors.Unknown)
	case 2: // a crash after the request took effect
		w.perform(*q)
		w.step(Resumed{})
		return
	case 3: // a person is quicker
		w.person(rt, q.Side)
	}
	w.step(w.perform(*q))
}

// calm checks what must hold when nothing happens any more (P2, P14).
func (w *storm) calm(rt *rapid.T) {
	if !w.card.Quiet(w.now) {
		rt.Fatalf("something is still under way:\n%s", w.story())
	}
	for _, f := range kanban.Fields {
		m, state := w.eng.Machine(&w.card, f), w.card.Field(f)
		for _, s := range kanban.Sides {
			w.nothingLost(rt, f, s)
			native := w.eng.Rules.Native(w.issue[s], f)
			if state.Sides[s].Native != native {
				rt.Fatalf("%s of %s is %q, believed %q:\n%s", f, s, native, state.Sides[s].Native, w.story())
			}
			_, opinion := m.Lens.Back(s, f, native, state.Agreed)
			if state.Frozen == reconcile.Thawed && state.Sides[s].Refused == nil && !m.Shows(state, s) && opinion != kanban.Silent {
				rt.Fatalf("%s of %s rests at %q, agreed is %q:\n%s", f, s, native, state.Agreed, w.story())
			}
		}
		if state.Frozen == reconcile.FrozenAsk && !slices.ContainsFunc(w.record.Conflicts, func(c reconcile.Conflict) bool { return c.Field == f && c.State == reconcile.ConflictOpen }) {
			rt.Fatalf("%s waits for a person, and no conflict is open:\n%s", f, w.story())
		}
		if state.Frozen != reconcile.Thawed && state.Frozen != reconcile.FrozenAsk && !w.excused(f) {
			rt.Fatalf("%s is frozen as %s for no reason:\n%s", f, state.Frozen, w.story())
		}
	}
	w.asked = nil
	w.poll(kanban.Jira)
	w.poll(kanban.GitHub)
	if w.work(); len(w.asked) > 0 {
		rt.Fatalf("at rest it asks %v:\n%s", w.asked, w.story())
	}
}

// excused reports whether a side holds what nobody can translate.
func (w *storm) excused(f kanban.Field) bool {
	m := w.eng.Machine(&w.card, f)
	for _, s := range kanban.Sides {
		if _, o := m.Lens.Back(s, f, w.eng.Rules.Native(w.issue[s], f), ""); o == kanban.Unmapped || o == kanban.Ambiguous {
			return true
		}
	}
	return false
}
