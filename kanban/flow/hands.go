package flow

import "slices"

// hand is what one person, or one team, had on each day of a span: how many planned cards
// that stood still, and whether any unplanned work burned.
type hand struct {
	still  []int32
	burned dayset
	cards  []*stretch // that stood still
	fires  []*stretch
}

// stretch is a card and some of the working days on which it was under way. Nobody's hand
// is nil.
type stretch struct {
	*Item
	days         dayset
	person, team *hand
	both         *hand // the person's within the team: a card that is both counts once
}

// hands are those of all persons and teams, and of persons within a team.
type hands struct {
	span    Span
	persons map[string]*hand
	teams   map[string]*hand
	both    map[[2]string]*hand
}

func newHands(span Span) hands {
	return hands{span, map[string]*hand{}, map[string]*hand{}, map[[2]string]*hand{}}
}

// in is somebody's hand, a new one where nothing was known of it.
func in[K comparable](by map[K]*hand, who K, span Span) *hand {
	h := by[who]
	if h == nil {
		h = &hand{still: make([]int32, span.Len()), burned: newDayset(span)}
		by[who] = h
	}
	return h
}

// take finds the hands that a card is in.
func (h hands) take(i *Item, days dayset) *stretch {
	s := &stretch{Item: i, days: days}
	if i.Assignee != "" {
		s.person = in(h.persons, i.Assignee, h.span)
	}
	if i.Team != "" {
		s.team = in(h.teams, i.Team, h.span)
	}
	if s.person != nil && s.team != nil {
		s.both = in(h.both, [2]string{i.Assignee, i.Team}, h.span)
	}
	return s
}

// stand notes the days on which a planned card stood still.
func (s *stretch) stand() {
	for _, h := range []*hand{s.person, s.team, s.both} {
		if h != nil {
			s.days.each(func(d int) { h.still[d]++ })
			h.cards = append(h.cards, s)
		}
	}
}

// burn notes the days on which a fire burned.
func (s *stretch) burn() {
	for _, h := range []*hand{s.person, s.team, s.both} {
		if h != nil {
			h.burned.or(s.days)
			h.fires = append(h.fires, s)
		}
	}
}

// bill adds up the cards that stood still, in the same person's or team's hands, on the
// days of a fire: the person's and the team's, less those that are both.
func (s *stretch) bill() int {
	return s.days.sum(s.person) + s.days.sum(s.team) - s.days.sum(s.both)
}

// sum adds up the cards that stood still in a hand on some days.
func (s dayset) sum(h *hand) (sum int) {
	if h != nil {
		s.each(func(day int) { sum += int(h.still[day]) })
	}
	return sum
}

// held is on how many of the days on which a card stood still any fire burned in the same
// hands.
func (s *stretch) held() int {
	switch {
	case s.person == nil && s.team == nil:
		return 0
	case s.team == nil:
		return s.days.common(s.person.burned)
	case s.person == nil:
		return s.days.common(s.team.burned)
	}
	fires := slices.Clone(s.person.burned)
	fires.or(s.team.burned)
	return s.days.common(fires)
}

// beside goes through the others in the same hands that share a day, each once: cards for a
// fire, fires for a card.
func (s *stretch) beside(of func(*hand) []*stretch, use func(o *stretch, days int)) {
	for _, h := range []*hand{s.person, s.team} {
		if h == nil {
			continue
		}
		for _, o := range of(h) {
			if n := s.days.common(o.days); n > 0 && (h == s.person || s.person == nil || o.person != s.person) {
				use(o, n)
			}
		}
	}
}
