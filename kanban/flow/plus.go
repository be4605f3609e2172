package flow

// What is folded from two sets of cards adds up to what is folded from both; and without
// those that changed, and with what they are now, a fold is that of the cards as they are.

// Plus adds another week's counts so many times: -1 takes them away.
func (w WeekFlow) Plus(o WeekFlow, times int) WeekFlow {
	w.Arrived += times * o.Arrived
	w.Departed += times * o.Departed
	w.Returned += times * o.Returned
	w.Started += times * o.Started
	w.Finished += times * o.Finished
	w.Unplanned += times * o.Unplanned
	w.Fires += times * o.Fires
	return w
}

// Plus adds what other items took, so many times.
func (e Efficiency) Plus(o Efficiency, times int) Efficiency {
	e.Active += Sum(times) * o.Active
	e.Elapsed += Sum(times) * o.Elapsed
	e.Items += times * o.Items
	e.Ratios += int64(times) * o.Ratios
	return e
}

// Plus adds other items, so many times.
func (s Shares) Plus(o Shares, times int) Shares {
	s.Items += times * o.Items
	s.ItemsAll += times * o.ItemsAll
	s.Days += times * o.Days
	s.DaysAll += times * o.DaysAll
	s.Active += Sum(times) * o.Active
	s.ActiveAll += Sum(times) * o.ActiveAll
	return s
}

// Plus adds the counts of other cards of the unit, so many times. Its days stay as they
// are: they are those since the first card.
func (d Drain) Plus(o Drain, times int) Drain {
	d.Open += times * o.Open
	d.Came += times * o.Came
	d.Left += times * o.Left
	return d
}

// Plus adds the time of other cards that were blocked for the same, so many times.
func (h Hindrance) Plus(o Hindrance, times int) Hindrance {
	h.Time += Sum(times) * o.Time
	h.Times += times * o.Times
	return h
}
