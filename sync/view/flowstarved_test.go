package view

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/kanban/flow"
)

// TestWhatIsPutOff has ten open cards of each of two types, and of what was finished nine
// in ten are of the one.
func TestWhatIsPutOff(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	in.Items = nil
	begin := in.Clock.Now.AddDate(0, 0, -5)
	add := func(kind string, column kanban.ColumnKey) {
		id := kanban.CardID(fmt.Sprint("c", len(in.Items)))
		track := &flow.Track{}
		track.Apply(in.Board, flow.Event{Card: id, At: begin, Kind: flow.Created, To: "build"})
		track.Apply(in.Board, flow.Event{Card: id, At: begin.AddDate(0, 0, 1), Kind: flow.Moved, To: column})
		in.Items = append(in.Items, flow.Item{Track: track, Traits: &flow.Traits{Type: kind}})
	}
	for n := range 10 {
		add("change", "build")
		add("improvement", "build")
		add(map[bool]string{true: "improvement", false: "change"}[n == 0], "out")
	}
	open := Amount{N: 10, Cards: "list=open&of-type=improvement"}
	for name, c := range map[string]struct {
		floors Floors
		want   []Starving
	}{
		"nothing is configured":          {Floors{}, []Starving{}},
		"less than a part of the open":   {Floors{PutOff: 0.25}, []Starving{{Type: "improvement", Open: open, Share: 0.1, Part: 0.5, Floor: 0.125}}},
		"no less":                        {Floors{PutOff: 0.2}, []Starving{}},
		"less than its floor":            {Floors{Types: map[string]float64{"improvement": 0.15}}, []Starving{{Type: "improvement", Open: open, Share: 0.1, Part: 0.5, Floor: 0.15, Set: true}}},
		"a floor counts before the part": {Floors{PutOff: 0.25, Types: map[string]float64{"improvement": 0.1}}, []Starving{}},
		"a floor of what nobody asks":    {Floors{Types: map[string]float64{"internal": 0.1}}, []Starving{}},
	} {
		in.Floors = c.floors
		if diff := cmp.Diff(c.want, NewWorkload(in, FlowQuery{}).Starved); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
