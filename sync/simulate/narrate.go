package simulate

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/simulate/world"
	"parley/sync/store"
)

// narrator writes down a run for people, as a table around one card.
type narrator struct {
	sim    *sim
	focus  kanban.CardID // "": all
	struck int           // faults told
	told   int64         // edits of the world told
	out    strings.Builder
}

// Narrate runs a script once more and tells it. Where a property does not hold, only
// what concerns its card is told.
func Narrate(sc Script) string {
	first := Run(sc)
	s, err := prepare(sc)
	if err != nil {
		return err.Error()
	}
	s.narrator = &narrator{sim: s}
	if first.Err != nil {
		s.narrator.focus = kanban.CardID(cardNamed.FindString(first.Err.Error()))
	}
	n := s.narrator
	fmt.Fprintf(&n.out, "%-12s | %-64s | %-34s | %-30s | %-40s | %s\n", "time", "what happens", "Jira", "GitHub", "agreed", "writes")
	s.play()
	s.end()
	return n.out.String()
}

var cardNamed = regexp.MustCompile(`\b[0-9a-z]{12}\b`)

// tellf adds a line.
func (n *narrator) tellf(format string, args ...any) {
	if n != nil {
		n.row(fmt.Sprintf(format, args...), "", "", "", "")
	}
}

func (n *narrator) row(what, jira, github, agreed, writes string) {
	at := time.Duration(n.sim.now - n.sim.began).Truncate(time.Millisecond)
	fmt.Fprintf(&n.out, "%-12s | %-64s | %-34s | %-30s | %-40s | %s\n", at, what, jira, github, agreed, writes)
}

// committed tells what a commit did to the card in question.
func (n *narrator) committed(p *process, c *store.Commit) {
	if n == nil {
		return
	}
	n.world()
	for i := range c.Cards {
		w := &c.Cards[i]
		if n.focus != "" && w.Card.ID != n.focus {
			continue
		}
		what := fmt.Sprintf("p%d commits %s", p.index, w.Card.ID)
		for _, a := range c.Record.Activity {
			if a.Card == w.Card.ID {
				what += "; " + a.Text //nolint:modernize // a few at most
			}
		}
		card := &w.Card
		agreed := fmt.Sprintf("%s v%d %s/%s v%d %s", card.Status.Agreed, card.Status.Version, card.Status.Frozen, card.Priority.Agreed, card.Priority.Version, card.Priority.Frozen)
		n.row(what, shown(card, kanban.Jira), shown(card, kanban.GitHub), agreed, n.underway(card))
	}
	for i := range c.Record.Conflicts {
		k := &c.Record.Conflicts[i]
		n.tellf("  conflict %s on %s of %s: %s over %s", k.State, k.Field, k.Card, k.Winner.Value, k.Loser.Value)
	}
}

// world tells what has changed in the trackers since.
func (n *narrator) world() {
	for _, i := range n.sim.world.Incidents()[n.struck:] {
		n.tellf("request %d, %s %s %s: %s", i.N, i.Tracker, i.Request, i.Issue, i.Fault)
		n.struck++
	}
	last := n.told
	for _, i := range n.sim.world.Truth().Issues {
		for k := range i.Edits {
			e := &i.Edits[k]
			last = max(last, e.N)
			if e.N > n.told && n.concerns(i) {
				n.tellf("%s %s: %s %q → %q by %s %s (entry %d, %s)", i.Kind, i.Now().Key, e.Field, e.From, e.To, e.Who, e.Op, e.Seq, e.At.Format("15:04:05.000"))
			}
		}
	}
	n.told = last
}

// concerns reports whether an issue is on the card in question.
func (n *narrator) concerns(i *world.Issue) bool {
	if n.focus == "" {
		return true
	}
	rows, err := n.sim.memory.Index(context.Background(), n.sim.trackerOf(i.Kind), []string{i.ID})
	return err != nil || rows[i.ID].Card == n.focus || rows[i.ID].Card == ""
}

// shown is what a card remembers of a side: natives, versions seen, last entry folded,
// and what it waits for.
func shown(c *engine.Card, s kanban.Side) string {
	st, pr := c.Status.Sides[s], c.Priority.Sides[s]
	text := fmt.Sprintf("%s/%s seen %d/%d #%d", st.Native, pr.Native, st.Seen, pr.Seen, st.Seq)
	sd := c.Sides[s]
	if sd == nil {
		return text
	}
	if sd.Need != "" {
		text += " need " + string(sd.Need)
	}
	if sd.Problem != nil {
		text += " " + string(sd.Problem.Kind)
	}
	if sd.Away != nil {
		text += " away"
	}
	return text
}

// underway tells the writes that are open or were closed just now.
func (n *narrator) underway(c *engine.Card) string {
	var b strings.Builder
	for i := range c.Ops {
		op := &c.Ops[i]
		if op.State.Open() || n.sim.now-op.Closed.UnixNano() < int64(10*time.Second) {
			fmt.Fprintf(&b, "%s %s:%s→%s v%d %s  ", op.ID[max(0, len(op.ID)-4):], op.Side, op.From, op.To, op.Version, op.State)
		}
	}
	return b.String()
}
