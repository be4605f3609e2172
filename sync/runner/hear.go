package runner

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// noticesMost is how many notices are heard at a time.
const noticesMost = 1000

// word is what a process that works on cards tells the one that decides.
type word struct {
	Cards []kanban.CardID `json:"cards,omitempty"` // look what is to be expected of them
	Aside bool            `json:"aside,omitempty"` // and leave them in peace for a while
	Wants bool            `json:"wants,omitempty"` // and whether they ask for a twin

	Rule      string `json:"rule,omitempty"` // a step by it brought these
	Changes   int    `json:"changes,omitempty"`
	Conflicts int    `json:"conflicts,omitempty"`

	Tracker   string `json:"tracker,omitempty"`
	Container string `json:"container,omitempty"`
	Hint      bool   `json:"hint,omitempty"`  // something has changed there
	Learn     bool   `json:"learn,omitempty"` // what is known of it may be out of date
}

// notice is a word as it is stored.
func (w word) notice(hold store.Hold) store.Notice {
	text, _ := json.Marshal(w) // of plain texts and numbers; it cannot fail
	return store.Notice{Hold: hold, Doc: string(text)}
}

// tell tells the process that decides. What cannot be told is found out later in other ways.
func (r *Runner) tell(ctx context.Context, w word) {
	if _, err := r.Store.Commit(ctx, store.Commit{Now: r.Now(), Notices: []store.Notice{w.notice(store.HoldNothing)}}); err != nil {
		r.Log.DebugContext(ctx, "tell the process that decides", "error", err)
	}
}

// tidings is what a step of a card has to tell, nothing where this process decides itself.
// A write that was not counted holds back all that nobody asked for until it is.
func (r *Runner) tidings(eng *engine.Engine, before, after *engine.Card, rec engine.Record, uncounted bool) []store.Notice {
	if !r.hand() {
		return nil
	}
	w, hold := word{}, store.HoldNothing
	if w.Changes, w.Conflicts = stirred(rec); w.Changes+w.Conflicts > 0 {
		w.Rule = eng.RuleOf(after)
	}
	was, ended := eng.Doubtful(before)
	is, ends := eng.Doubtful(after)
	_, _, asked := eng.Mirrorable(before)
	_, _, asks := eng.Mirrorable(after)
	w.Wants = asks && !asked
	if uncounted {
		hold = store.HoldWrites
	}
	if uncounted || w.Wants || was != is || ended != ends {
		w.Cards = []kanban.CardID{after.ID}
	}
	if w.Rule == "" && len(w.Cards) == 0 {
		return nil
	}
	return []store.Notice{w.notice(hold)}
}

// mentions tells of the cards that a process has written beside those it steps.
func (r *Runner) mentions(c *store.Commit) {
	if !r.hand() || len(c.Notices) > 0 || len(c.Cards) == 0 {
		return
	}
	var w word
	for _, card := range c.Cards {
		w.Cards = append(w.Cards, card.Card.ID)
	}
	w.Wants = true
	c.Notices = []store.Notice{w.notice(store.HoldNothing)}
}

// hearOut takes in what the processes tell that work on cards. What is held back until it is
// counted is let go by it.
func (r *Runner) hearOut(ctx context.Context) error {
	all, err := r.Store.Notices(ctx, noticesMost)
	if err != nil || len(all) == 0 {
		return err
	}
	if r.scans.under() { // what it brings is counted at its end
		return nil
	}
	if slices.ContainsFunc(all, func(n store.Notice) bool { return n.Hold != store.HoldNothing }) && r.Write {
		err = r.judge(ctx)
	} else {
		err = r.gather(ctx)
	}
	if err != nil {
		return err
	}
	var heard []int64
	for _, n := range all {
		if n.Hold != store.HoldTwins || !r.offers.under() {
			heard = append(heard, n.ID)
		}
	}
	_, err = r.put(ctx, store.Commit{Now: r.Now(), Heard: heard})
	return err
}

// gather takes in what was told since the last time.
func (r *Runner) gather(ctx context.Context) error {
	if !r.desk {
		return nil
	}
	select {
	case r.gathering <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-r.gathering }()
	all, err := r.Store.Notices(ctx, noticesMost)
	if err != nil {
		return err
	}
	cards, wants := map[kanban.CardID]bool{}, map[kanban.CardID]bool{}
	for _, n := range all {
		if n.ID <= r.heardTo {
			continue
		}
		var w word
		if err := json.Unmarshal([]byte(n.Doc), &w); err != nil {
			return fmt.Errorf("read notice %d: %w", n.ID, err)
		}
		r.takeIn(&w, cards, wants)
		r.heardTo = n.ID
	}
	return r.expect(ctx, cards, wants)
}

// takeIn takes one word in, and adds the cards that it names.
func (r *Runner) takeIn(w *word, cards, wants map[kanban.CardID]bool) {
	for _, id := range w.Cards {
		cards[id] = true
		wants[id] = wants[id] || w.Wants
		if w.Aside {
			r.aside.put(string(id), r.Now().Add(setAside))
		}
	}
	r.quarrels.add(w.Rule, w.Changes, w.Conflicts, r.Now())
	if w.Learn {
		r.dirs.doubt(w.Tracker)
	}
	if w.Hint {
		r.Hint(w.Tracker, w.Container)
	}
}

// expect finds out what is to be expected of cards that others have worked on.
func (r *Runner) expect(ctx context.Context, cards, wants map[kanban.CardID]bool) error {
	if len(cards) == 0 {
		return nil
	}
	found, err := r.Store.Cards(ctx, slices.Sorted(maps.Keys(cards)))
	if err != nil {
		return err
	}
	eng := r.Engine()
	for id := range cards {
		c, there := found[id]
		if !there {
			r.doubts.forget(id) // it has become part of another one
			continue
		}
		r.doubts.note(eng, &c)
		if wants[id] {
			r.wanted(eng, &c)
		}
	}
	return nil
}
