package web

import (
	"encoding/json"
	"sync"

	"parley/kanban"
	"parley/sync/view"
)

// news is a change as all pages of one kind of viewer are told it. What it says is made
// once, by the first stream that tells it: two hundred pages cost no more drawing than one.
type news struct {
	view.Delta
	once   sync.Once
	events []streamEvent
	err    error
}

// streamEvent is one event of a stream without its id.
type streamEvent struct {
	name string
	data []byte
}

// told are the events of the news; the last one is about the board as a whole.
func (n *news) told(p *pages) ([]streamEvent, error) {
	n.once.Do(func() { n.events, n.err = p.tell(n.Delta) })
	return n.events, n.err
}

// tell draws a change.
func (p *pages) tell(d view.Delta) ([]streamEvent, error) {
	var out []streamEvent
	for _, c := range d.Cards {
		html, err := p.fragment("card", c)
		if err != nil {
			return nil, err
		}
		out = append(out, encoded("card", cardPatch{ID: c.ID, Seq: c.Seq, Column: c.Column, HTML: html}))
	}
	for _, id := range d.Gone {
		out = append(out, encoded("gone", map[string]kanban.CardID{"id": id}))
	}
	patch, err := p.patch(d)
	return append(out, encoded("board", patch)), err
}

// patch draws what a change makes of the board around the cards.
func (p *pages) patch(d view.Delta) (b boardPatch, err error) {
	b = boardPatch{Seq: d.Seq, Counts: d.Counts, Heads: map[string]string{}, Limits: map[string]string{}}
	if b.Pulse, err = p.fragment("pulse", d.Pulse); err != nil {
		return b, err
	}
	for _, c := range d.Columns {
		if b.Heads[string(c.Key)], err = p.fragment("column-facts", shownColumn{Column: c, Page: &boardData{}}); err != nil {
			return b, err
		}
	}
	for _, l := range d.Limits {
		g := gauge{l}
		if b.Limits[g.ID()], err = p.fragment("gauge", g); err != nil {
			return b, err
		}
	}
	b.Fresh, err = p.fragment("fresh", d.Freshness)
	return b, err
}

// encoded is an event with its data as JSON.
func encoded(name string, v any) streamEvent {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // of texts and numbers alone
	}
	return streamEvent{name, data}
}
