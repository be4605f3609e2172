package view

import "parley/kanban/flow"

// Starving is a work type of which cards are open, and less was finished than is meant for
// it.
type Starving struct {
	Type  string  `json:"type"`
	Open  Amount  `json:"open"`
	Share float64 `json:"share"`      // of what was finished, 0 to 1
	Part  float64 `json:"open_share"` // of what is open, 0 to 1
	Floor float64 `json:"floor"`      // least share of what is finished, 0 to 1
	// Set says that the floor was set for this type, and not derived from its share of what
	// is open.
	Set bool `json:"floor_set"`
}

// Floors say which share of the finished work is meant for a work type.
type Floors struct {
	// PutOff is for types without a floor of their own: that part of its share of the open
	// work is a type's floor, 0 to 1.
	PutOff float64
	Types  map[string]float64 // shares of the finished work, 0 to 1, by work type
}

// DefaultPutOff is the part that is taken where nothing else is configured: a type that has
// a quarter of the finished work that its share of the open work lets one expect is put off.
const DefaultPutOff = 0.25

// starved are the work types that are always put off: less was finished of them than their
// floor.
func (s *flowSet) starved() []Starving {
	open := map[string]int{}
	for _, i := range s.ongoing {
		open[i.Type]++
	}
	part := func(kind string) float64 { return float64(open[kind]) / float64(len(s.ongoing)) }
	floors := map[string]float64{}
	for kind := range open {
		floor, set := s.Floors.Types[kind]
		if !set {
			floor = s.Floors.PutOff * part(kind)
		}
		floors[kind] = floor
	}
	out := []Starving{}
	for _, x := range flow.StarvingOf(open, s.sums.types, floors) {
		_, set := s.Floors.Types[x.Type]
		out = append(out, Starving{Type: x.Type, Open: amount(x.Open, FlowList{List: ListOpen, Type: orNone(x.Type)}),
			Share: x.Share, Part: part(x.Type), Floor: x.Floor, Set: set})
	}
	return out
}
