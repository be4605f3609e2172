package web

import (
	"net/http"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

// A card that is over its contract says so in words where there is room, else by a mark, and
// to whom may know no more by a mark alone.
func TestACardSaysThatItIsOverItsContract(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		over         *view.CardOver
		change       func(*view.Card)
		line         string
		chip         bool
		label, never string
	}{
		"over":            {over: &view.CardOver{Unit: "sales", Place: 2}, line: "Over the contract, place 2 in the row", label: "Over the contract, place 2 in the row"},
		"it waits":        {over: &view.CardOver{Unit: "sales", Place: 1, Choice: "wait"}, line: "Waits for a slot, place 1 in the row", label: "Waits for a slot"},
		"blocked, too":    {over: &view.CardOver{Unit: "sales", Place: 2}, change: func(c *view.Card) { c.Blocked = &kanban.Block{Party: kanban.Third} }, line: "Blocked today: waits for third party", chip: true, label: "over the contract"},
		"a badge, too":    {over: &view.CardOver{Unit: "sales", Place: 2}, change: func(c *view.Card) { c.Badges = []kanban.Badge{{Kind: "differs", Text: "Status differs"}} }, line: "Status differs", chip: true, label: "over the contract"},
		"asked, too":      {over: &view.CardOver{Unit: "sales", Place: 2}, change: func(c *view.Card) { c.Ask, c.Since = "asked", "2026-11-09" }, line: "Over the contract, place 2 in the row"},
		"without words":   {over: &view.CardOver{}, chip: true, label: "over the contract", never: "place"},
		"not over it":     {never: "contract"},
		"asked, no words": {over: &view.CardOver{}, change: func(c *view.Card) { c.Ask, c.Since = "asked", "2026-11-09" }, line: "Asked 9 Nov: answer it", chip: true},
	} {
		card := cardN(1)
		if card.Over = c.over; c.change != nil {
			c.change(&card)
		}
		line := ""
		if l := stateLine(card); l != nil {
			line = l.Text
		}
		html, err := newWorld().pages(t).fragment("card", card)
		if err != nil {
			t.Fatal(err)
		}
		if line != c.line || overChip(card) != c.chip || strings.Contains(html, "over-mark") != c.chip || !strings.Contains(cardLabel(card), c.label) || c.never != "" && strings.Contains(html, c.never) {
			t.Errorf("%s: %q, chip %v, label %q\n%s", name, line, overChip(card), cardLabel(card), html)
		}
	}
}

// The page of the card leads to where its unit chooses; nobody is led where they may not read.
func TestACardOverItsContractLeadsToTheChoice(t *testing.T) {
	t.Parallel()
	w := newWorld()
	one, wall := cardN(1), cardN(2)
	one.Over, wall.Over = &view.CardOver{Unit: "sales", Place: 2}, &view.CardOver{}
	w.put(one, wall)
	contains(t, page(t, w.handler(), "/card/PAY-1", http.StatusOK), []string{`<a href="/contract/sales#over-` + string(one.ID) + `">Choose what becomes of it</a>`}, nil)
	contains(t, page(t, w.handler(), "/card/PAY-2", http.StatusOK), nil, []string{"#over-"})
}

func (w *world) pages(t *testing.T) *pages {
	t.Helper()
	return mustPages(mustStatic(), nil)
}
