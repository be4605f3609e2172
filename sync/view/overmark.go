package view

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"parley/kanban"
	"parley/kanban/contract"
)

// SettingOver is the setting that holds which cards are over a contract. It follows from
// everything that has happened; boards read it, so that none waits for that to be folded.
const SettingOver = "contract.over"

// CardOver says that a card's priority was raised while no slot of a unit was free.
type CardOver struct {
	Unit   kanban.UnitKey  `json:"unit,omitempty"`  // that pays; "" where it is not for the reader, as is all that follows
	Place  int             `json:"place,omitempty"` // in the row of those that wait, from 1 on
	Choice contract.Choice `json:"choice,omitempty"`
}

// OverMarks are the cards that are over a contract by accounts, as SettingOver holds them.
func OverMarks(accounts []contract.Account) (string, error) {
	marks := map[kanban.CardID]CardOver{}
	for _, a := range accounts {
		for _, o := range a.Over {
			marks[o.Card] = CardOver{a.Unit, o.Place, o.Choice}
		}
	}
	text, err := json.Marshal(marks)
	if err != nil {
		return "", fmt.Errorf("encode marks over contracts: %w", err)
	}
	return string(text), nil
}

// OverChanged are the cards that two texts of SettingOver tell differently, by id. One that
// cannot be read tells of no card.
func OverChanged(was, is string) []kanban.CardID {
	before, after := overMarks(was), overMarks(is)
	changed := map[kanban.CardID]bool{}
	for id, o := range before {
		if now, ok := after[id]; !ok || now != o {
			changed[id] = true
		}
	}
	for id := range after {
		if _, ok := before[id]; !ok {
			changed[id] = true
		}
	}
	return slices.Sorted(maps.Keys(changed))
}

func overMarks(text string) map[kanban.CardID]CardOver {
	marks := map[kanban.CardID]CardOver{}
	if json.Unmarshal([]byte(text), &marks) != nil {
		return nil
	}
	return marks
}

// readOver takes in which cards are over a contract. The lock of the picture is held.
func (p *picture) readOver(ctx context.Context, s Source) error {
	text, _, err := s.Setting(ctx, SettingOver)
	if err != nil {
		return err
	}
	if text != p.overText {
		p.overText, p.over = text, overMarks(text)
	}
	return nil
}

// overOf is how a card is over a contract.
func (p *picture) overOf(id kanban.CardID) (CardOver, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	o, ok := p.over[id]
	return o, ok
}

// over is how a card is over a contract, as the viewer may know it: a wall learns that it is,
// and other units nothing. It is nil where the card is over none that there still is.
func (v *Sight) over(id kanban.CardID) *CardOver {
	o, ok := v.picture.overOf(id)
	if !ok || !slices.ContainsFunc(v.Agreements, func(c contract.Contract) bool { return c.Unit == o.Unit }) {
		return nil
	}
	switch {
	case v.whole(o.Unit):
		return &o
	case v.Viewer.Audience == AudienceWall:
		return &CardOver{}
	}
	return nil
}
