package app

import (
	"context"
	"fmt"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// Finding is something that cannot be true of the store.
type Finding struct {
	Card kanban.CardID `json:"card,omitempty"`
	Key  string        `json:"key,omitempty"` // of the card's leading issue
	Text string        `json:"text"`
}

// Soundness is what a look over the whole store came to.
type Soundness struct {
	Cards    int       `json:"cards"`
	Issues   int64     `json:"issues"`
	Findings []Finding `json:"findings"`
}

// fsckBatch is how many cards are held at once.
const fsckBatch = 500

// Fsck looks over the whole store: its rows, and every card by itself. It changes
// nothing and works beside a daemon.
func (a *App) Fsck(ctx context.Context) (Soundness, error) {
	s := Soundness{Findings: []Finding{}}
	rows, err := a.Store.Check(ctx)
	if err != nil {
		return s, err
	}
	for _, text := range rows {
		s.Findings = append(s.Findings, Finding{Text: text})
	}
	ledgers, err := a.oddLedgers(ctx)
	if err != nil {
		return s, err
	}
	s.Findings = append(s.Findings, ledgers...)
	decided, err := a.Store.DecisionsAfter(ctx, 0)
	if err != nil {
		return s, err
	}
	for _, r := range decided {
		if r.Odd {
			s.Findings = append(s.Findings, Finding{Card: r.Event.Card, Text: fmt.Sprintf("decision %.80q about a contract cannot be read; restore a backup: until then the ledger of its unit is not extended", r.Event.ID)})
		}
	}
	counts, err := a.Store.Counts(ctx)
	if err != nil {
		return s, err
	}
	s.Issues = counts.Issues
	err = a.eachCard(ctx, func(c engine.Card) {
		s.Cards++
		for _, text := range engine.Fsck(c) {
			s.Findings = append(s.Findings, Finding{Card: c.ID, Key: leadKey(c), Text: text})
		}
	})
	if err != nil && len(rows) > 0 { // what cannot be read is told among the rows
		s.Findings = append(s.Findings, Finding{Text: "the other cards were not looked at: " + err.Error()})
		err = nil
	}
	return s, err
}

// eachCard shows every card of the store, by their ids.
func (a *App) eachCard(ctx context.Context, show func(engine.Card)) error {
	var after kanban.CardID
	for {
		faces, err := a.Store.Faces(ctx, store.FaceQuery{After: after, Limit: fsckBatch})
		if err != nil {
			return err
		}
		ids := make([]kanban.CardID, len(faces))
		for i, f := range faces {
			ids[i] = f.Card.ID
		}
		cards, err := a.Store.Cards(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if c, there := cards[id]; there { // it may have become part of another one since
				show(c)
			}
		}
		if len(faces) < fsckBatch {
			return nil
		}
		after = ids[len(ids)-1]
	}
}

func leadKey(c engine.Card) string {
	for _, s := range kanban.Sides {
		if c.Sides[s] != nil {
			return c.Sides[s].Issue.Key
		}
	}
	return ""
}
