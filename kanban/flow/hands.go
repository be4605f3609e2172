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
	in   [2]*hand // that it is in; nil from the first that there is not
	with [2]*hand // of which the cards are in the same hands; none is in two of them
}

// hands are those of all persons, and of teams: of all their cards, and of those of which
// nobody is known to work on them.
type hands struct {
	span    Span
	persons map[worker]*hand
	teams   map[string]*hand
	anyones map[string]*hand
}

func newHands(span Span) hands {
	return hands{span, map[worker]*hand{}, map[string]*hand{}, map[string]*hand{}}
}

// handOf is somebody's hand, a new one where nothing was known of it.
func handOf[K comparable](by map[K]*hand, who K, span Span) *hand {
	out := by[who]
	if out == nil {
		out = &hand{still: make([]int32, span.Len()), burned: newDayset(span)}
		by[who] = out
	}
	return out
}

// take finds the hands that a card is in.
func (h hands) take(s *stretch, i *Item, days dayset) {
	s.Item, s.days = i, days
	who := i.worker()
	var own, all, anyones *hand
	if who.name != "" {
		own = handOf(h.persons, who, h.span)
	}
	if i.Team != "" {
		all, anyones = handOf(h.teams, i.Team, h.span), handOf(h.anyones, i.Team, h.span)
	}
	switch {
	case own == nil:
		s.in, s.with = [2]*hand{all, anyones}, [2]*hand{all}
	case all == nil:
		s.in, s.with = [2]*hand{own}, [2]*hand{own}
	default:
		s.in, s.with = [2]*hand{own, all}, [2]*hand{own, anyones}
	}
}

// worker tells people apart: one that the configuration knows, and an account that merely
// calls itself the same, are two. It has no name where nobody is known to work on a card.
type worker struct {
	known bool
	name  string
}

func (t *Traits) worker() worker {
	if t.Person != "" {
		return worker{known: true, name: t.Person}
	}
	return worker{name: t.Assignee}
}

// handsOf are those of two that there are.
func handsOf(all *[2]*hand) []*hand {
	for n, h := range all {
		if h == nil {
			return all[:n]
		}
	}
	return all[:]
}

// stand notes the days on which a planned card stood still.
func (s *stretch) stand() {
	for _, h := range handsOf(&s.in) {
		s.days.each(func(d int) { h.still[d]++ })
		h.cards = append(h.cards, s)
	}
}

// burn notes the days on which a fire burned.
func (s *stretch) burn() {
	for _, h := range handsOf(&s.in) {
		h.burned.or(s.days)
		h.fires = append(h.fires, s)
	}
}

// bill adds up the cards that stood still, in the same hands, on the days of a fire.
func (s *stretch) bill() (sum int) {
	for _, h := range handsOf(&s.with) {
		s.days.each(func(day int) { sum += int(h.still[day]) })
	}
	return sum
}

// held is on how many of the days on which a card stood still any fire burned in the same
// hands.
func (s *stretch) held() int {
	fires := make(dayset, len(s.days))
	for _, h := range handsOf(&s.with) {
		fires.or(h.burned)
	}
	return s.days.common(fires)
}

// beside goes through the others in the same hands that share a day, each once: cards for a
// fire, fires for a card.
func (s *stretch) beside(of func(*hand) []*stretch, use func(o *stretch, days int)) {
	for _, h := range handsOf(&s.with) {
		for _, o := range of(h) {
			if n := s.days.common(o.days); n > 0 {
				use(o, n)
			}
		}
	}
}
