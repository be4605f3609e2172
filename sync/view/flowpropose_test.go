package view

import (
	"strings"
	"testing"

	"parley/kanban"
	"parley/kanban/flow"
)

// TestAProblemCardIsDrafted is of four incidents, one of which the people of its unit may
// not read.
func TestAProblemCardIsDrafted(t *testing.T) {
	t.Parallel()
	m := newMade()
	for range 4 {
		m.add(flow.Traits{Unplanned: true, Traces: []string{"component queue"}}, 4, 2)
	}
	m.Told = func(_ kanban.UnitKey, id kanban.CardID) CardName {
		if id == "c0002" {
			return CardName{Card: id}
		}
		return m.Name(id)
	}
	d := NewFlowPicture(m.FlowCards, FlowQuery{}).Clusters[0].Draft
	if d == nil || len(d.Cards) != 3 || d.More != 1 || d.Days != 8 || strings.Contains(d.Text, "c0002") || !strings.Contains(d.Text, "c0000, c0001, c0003 and 1 more") || !strings.HasPrefix(d.Text, d.Title+"\n") {
		t.Fatalf("%+v", d)
	}
	m.Told = nil
	if c := NewFlowPicture(m.FlowCards, FlowQuery{}).Clusters[0]; c.Draft != nil {
		t.Errorf("of cards that nobody may name: %+v", c.Draft)
	}
	m.Told = func(_ kanban.UnitKey, id kanban.CardID) CardName { return m.Name(id) }
	m.add(flow.Traits{Type: "problem", Traces: []string{"component queue"}}, 2, 1)
	if c := NewFlowPicture(m.FlowCards, FlowQuery{}).Clusters[0]; c.Problem == nil || c.Draft != nil {
		t.Errorf("with a problem card that was done: %+v", c)
	}
}
