package flow

// hand is what one person, or one team, had on each day of a span: how many planned cards
// that stood still, and whether any unplanned work burned.
type hand struct {
	still  []int32
	burned dayset
}

// hands are those of all persons and teams, and of persons within a team: a card that is a
// person's and a team's counts once.
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
		h = &hand{make([]int32, span.Len()), newDayset(span)}
		by[who] = h
	}
	return h
}

// each goes through the hands that a card is in: nobody's are none.
func (h hands) each(i *Item, use func(*hand)) {
	if i.Assignee != "" {
		use(in(h.persons, i.Assignee, h.span))
	}
	if i.Team != "" {
		use(in(h.teams, i.Team, h.span))
	}
}

// stand notes the days on which a planned card stood still.
func (h hands) stand(i *Item, days dayset) {
	count := func(x *hand) { days.each(func(d int) { x.still[d]++ }) }
	h.each(i, count)
	if i.Assignee != "" && i.Team != "" {
		count(in(h.both, [2]string{i.Assignee, i.Team}, h.span))
	}
}

// burn notes the days on which a fire burned.
func (h hands) burn(i *Item, days dayset) {
	h.each(i, func(x *hand) { x.burned.or(days) })
}

// bill adds up the cards that stood still, in the same person's or team's hands, on the
// days of a fire: the person's and the team's, less those that are both.
func (h hands) bill(i *Item, days dayset) (sum int) {
	h.each(i, func(x *hand) { days.each(func(d int) { sum += int(x.still[d]) }) })
	if x := h.both[[2]string{i.Assignee, i.Team}]; x != nil {
		days.each(func(d int) { sum -= int(x.still[d]) })
	}
	return sum
}

// held is on how many of the days on which a card stood still any fire burned in the same
// hands.
func (h hands) held(i *Item, days dayset) int {
	fires := newDayset(h.span)
	h.each(i, func(x *hand) { fires.or(x.burned) })
	return days.common(fires)
}

// sameHands reports whether two cards are the same person's or the same team's.
func sameHands(a, b *Item) bool {
	return a.Assignee != "" && a.Assignee == b.Assignee || a.Team != "" && a.Team == b.Team
}
