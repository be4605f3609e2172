package flow

// hand is what one person, or one team, had on each day of a span: how many planned cards
// that stood still, and whether any unplanned work burned.
type hand struct {
	still  []int32
	burned dayset
	cards  []*stretch // that stood still
	fires  []*stretch
}

// stretch is a card and some of the working days on which it was under way.
//
// Two cards are in the same hands where the same person works on both. Where it is not
// known of one of them who does, they are if the same team has both.
type stretch struct {
	*Item
	days dayset
	in   []*hand // that it is in
	with []*hand // of which the cards are in the same hands; none is in two of them
}

// hands are those of all persons, and of teams: of all their cards, and of those of which
// nobody is known to work on them.
type hands struct {
	span    Span
	persons map[string]*hand
	teams   map[string]*hand
	anyones map[string]*hand
}

func newHands(span Span) hands {
	return hands{span, map[string]*hand{}, map[string]*hand{}, map[string]*hand{}}
}

// of is somebody's hand, a new one where nothing was known of it.
func (h hands) of(by map[string]*hand, who string) *hand {
	out := by[who]
	if out == nil {
		out = &hand{still: make([]int32, h.span.Len()), burned: newDayset(h.span)}
		by[who] = out
	}
	return out
}

// take finds the hands that a card is in.
func (h hands) take(i *Item, days dayset) *stretch {
	s := &stretch{Item: i, days: days}
	who := i.worker()
	if who != "" {
		own := h.of(h.persons, who)
		s.in, s.with = append(s.in, own), append(s.with, own)
	}
	if i.Team == "" {
		return s
	}
	all, anyones := h.of(h.teams, i.Team), h.of(h.anyones, i.Team)
	s.in = append(s.in, all)
	if who != "" {
		s.with = append(s.with, anyones)
		return s
	}
	s.in, s.with = append(s.in, anyones), append(s.with, all)
	return s
}

// worker tells people apart: one that the configuration knows, and an account that merely
// calls itself the same, are two. It is "" where nobody is known to work on a card.
func (t *Traits) worker() string {
	switch {
	case t.Person != "":
		return "person " + t.Person
	case t.Assignee != "":
		return "account " + t.Assignee
	}
	return ""
}

// stand notes the days on which a planned card stood still.
func (s *stretch) stand() {
	for _, h := range s.in {
		s.days.each(func(d int) { h.still[d]++ })
		h.cards = append(h.cards, s)
	}
}

// burn notes the days on which a fire burned.
func (s *stretch) burn() {
	for _, h := range s.in {
		h.burned.or(s.days)
		h.fires = append(h.fires, s)
	}
}

// bill adds up the cards that stood still, in the same hands, on the days of a fire.
func (s *stretch) bill() (sum int) {
	for _, h := range s.with {
		s.days.each(func(day int) { sum += int(h.still[day]) })
	}
	return sum
}

// held is on how many of the days on which a card stood still any fire burned in the same
// hands.
func (s *stretch) held() int {
	fires := make(dayset, len(s.days))
	for _, h := range s.with {
		fires.or(h.burned)
	}
	return s.days.common(fires)
}

// beside goes through the others in the same hands that share a day, each once: cards for a
// fire, fires for a card.
func (s *stretch) beside(of func(*hand) []*stretch, use func(o *stretch, days int)) {
	for _, h := range s.with {
		for _, o := range of(h) {
			if n := s.days.common(o.days); n > 0 {
				use(o, n)
			}
		}
	}
}
