package contract_test

import (
	"testing"
	"time"

	"parley/kanban/calendar"
	"parley/kanban/contract"
)

// TestDutiesAreDueByWorkingDays holds answers to the tables.
func TestDutiesAreDueByWorkingDays(t *testing.T) {
	t.Parallel()
	now := moment("11-20 18:00", time.UTC)
	at := func(text string) time.Time {
		out, err := time.Parse("2006-01-02T15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for from, rows := range tables(t, "duties.csv", "duty_response.csv") {
		for _, row := range rows {
			var holidays []calendar.Day
			if row["holidays"] != "" {
				d, err := calendar.Parse(row["holidays"])
				if err != nil {
					t.Fatal(err)
				}
				holidays = append(holidays, d)
			}
			cal := calendar.New(time.UTC, holidays...)
			d := contract.Duty{From: at(row["asked_at_local"]), Allowed: number(t, row, "allowed_business_days")}
			if row["answered_at_local"] != "" {
				d.To = at(row["answered_at_local"])
			}
			if got := d.Due(cal).String(); got != row["due_end_of_day"] {
				t.Errorf("%s %s: due %s, want %s", from, row["case"], got, row["due_end_of_day"])
			}
			if got := string(d.Judge(cal, nil, now)); got != row["verdict"] {
				t.Errorf("%s %s: %s, want %s", from, row["case"], got, row["verdict"])
			}
			if row["business_days_used"] != "" && d.Used(cal, now) != number(t, row, "business_days_used") {
				t.Errorf("%s %s: %d working days, want %s", from, row["case"], d.Used(cal, now), row["business_days_used"])
			}
		}
	}
}

// TestAnOutageBlamesNobody walks a gap over the moment that decides.
func TestAnOutageBlamesNobody(t *testing.T) {
	t.Parallel()
	cal := calendar.New(time.UTC)
	late := contract.Duty{From: moment("11-16 09:00", time.UTC), To: moment("11-20 09:00", time.UTC), Allowed: 2} // due 11-18
	now := moment("11-21 00:00", time.UTC)
	for _, c := range []struct {
		from, to string
		want     contract.Outcome
	}{
		{"11-18 20:00", "11-19 00:01", contract.Unknown},
		{"11-18 20:00", "", contract.Unknown},
		{"11-19 00:00", "11-19 00:01", contract.Unknown},
		{"11-18 20:00", "11-19 00:00", contract.Broken}, // it was read again when it was decided
		{"11-19 00:01", "", contract.Broken},
	} {
		g := contract.Gap{Tracker: "jira", From: moment(c.from, time.UTC)}
		if c.to != "" {
			g.To = moment(c.to, time.UTC)
		}
		if got := late.Judge(cal, []contract.Gap{g}, now); got != c.want {
			t.Errorf("not read from %s to %q: %s, want %s", c.from, c.to, got, c.want)
		}
		kept := late
		kept.To = moment("11-18 23:59", time.UTC)
		if got := kept.Judge(cal, []contract.Gap{g}, now); got != contract.Kept {
			t.Errorf("not read from %s to %q: a promise that was kept is %s", c.from, c.to, got)
		}
	}
}
