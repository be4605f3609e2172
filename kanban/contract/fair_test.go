package contract_test

import (
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
)

// TestARefusalByWayOfTheRequests holds that a delivery that is refused was none, also where
// the request goes back to where it came from: it keeps its slot, and takes no second one.
func TestARefusalByWayOfTheRequests(t *testing.T) {
	t.Parallel()
	const delivered = `
11-02 08:00 created A to=requests unit=trading ready by=business
11-02 09:00 moved A to=committed by=it
11-02 10:00 moved A to=doing by=it
11-03 10:00 moved A to=verify by=it
`
	for name, c := range map[string]struct {
		lines            string
		taken, delivered int
		days             int
	}{
		"refused":                   {"11-04 10:00 moved A to=requests by=business", 1, 0, 0},
		"refused by nobody knows":   {"11-04 10:00 moved A to=requests", 1, 0, 0},
		"taken on again":            {"11-04 10:00 moved A to=requests by=business\n11-05 10:00 moved A to=committed by=it", 1, 0, 0},
		"delivered again":           {"11-04 10:00 moved A to=requests by=business\n11-05 10:00 moved A to=doing by=it\n11-06 10:00 moved A to=verify by=it", 1, 1, 4},
		"IT takes it back":          {"11-04 10:00 moved A to=requests by=it", 0, 0, 0},
		"withdrawn after a refusal": {"11-04 10:00 moved A to=requests by=business\n11-05 10:00 moved A to=withdrawn by=business", 1, 0, 0},
		"accepted, and comes back":  {"11-04 10:00 moved A to=done by=business\n11-05 10:00 moved A to=verify\n11-05 10:00 moved A to=requests by=business", 1, 1, 2},
	} {
		a := fold(setting(terms()), "trading", "11-09 10:00", delivered+c.lines)
		w, v := statement(t, a, "2026-W45"), verdict(t, a, "trading/P2/2026-W45")
		if w.Count.Taken != c.taken || v.Facts.Of != c.delivered {
			t.Errorf("%s: %d slots and %d deliveries, want %d and %d: %v", name, w.Count.Taken, v.Facts.Of, c.taken, c.delivered, booked(a))
		}
		now := fold(setting(terms()), "trading", "11-08 10:00", delivered+c.lines)
		if len(now.Holders) > 0 && now.Holders[0].ITDays != c.days {
			t.Errorf("%s: %d days on IT's clock, want %d", name, now.Holders[0].ITDays, c.days)
		}
	}
}

// TestNoReplyIsOwedToWhatWasBefore holds that editing an old request owes nobody a reply.
func TestNoReplyIsOwedToWhatWasBefore(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-12 09:00", `
10-01 09:00 created OLD to=requests unit=trading ready prio=low by=business
10-02 09:00 created DONE to=doing unit=trading
11-01 23:59 created LAST to=requests unit=trading
11-02 00:00 created FIRST to=requests unit=trading
11-04 09:00 described OLD prio=medium by=business
11-04 09:00 described LAST ready
11-04 09:00 moved DONE to=requests by=business`)
	for _, v := range a.Verdicts {
		if v.Promise == contract.Reply && v.Card != "FIRST" {
			t.Errorf("%s is %s", v.ID, v.Outcome)
		}
	}
	outcomes(t, a, map[string]contract.Outcome{"trading/P3/FIRST/1": contract.Broken})
	again := fold(setting(terms()), "trading", "11-12 09:00", "11-03 09:00 created A to=committed unit=trading\n11-03 10:00 moved A to=requests by=business")
	for _, v := range again.Verdicts {
		if v.Promise == contract.Reply {
			t.Errorf("it was taken on before: %s is %s", v.ID, v.Outcome)
		}
	}
}

// TestClocksBeginWithTheContract holds that what was before it is on nobody's clock.
func TestClocksBeginWithTheContract(t *testing.T) {
	t.Parallel()
	a := fold(setting(terms()), "trading", "11-03 09:00", `
09-01 08:00 created A to=requests unit=trading ready by=business
09-01 09:00 moved A to=doing by=it
09-01 09:00 created B to=doing unit=trading
10-01 09:00 moved B to=done
11-03 08:00 created C to=doing unit=trading`)
	if got := contract.Sum(a.Clocks); got.IT != 33*time.Hour+time.Hour || !got.From.Equal(moment("11-02 00:00", time.UTC)) || len(a.Clocks) != 2 {
		t.Errorf("%+v", a.Clocks)
	}
}

// TestMidnightIsNoDay holds that a turn that ends with a day is not on the next one.
func TestMidnightIsNoDay(t *testing.T) {
	t.Parallel()
	for end, want := range map[string]int{"11-02 23:59": 1, "11-03 00:00": 1, "11-03 00:01": 2} {
		a := fold(setting(terms()), "trading", "11-05 10:00", "11-02 09:00 created A to=doing unit=trading\n"+end+" moved A to=verify by=it")
		if h := a.Holders[0]; h.Card != kanban.CardID("A") || h.ITDays != want {
			t.Errorf("delivered at %s: %d days, want %d", end, h.ITDays, want)
		}
	}
}
