package view_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/kanban/contract/digest"
	"parley/sync/dispatch"
	"parley/sync/store"
	"parley/sync/view"
)

// lastWeek is the last period that is over.
func lastWeek() contract.Period { return contract.PeriodOf(calendar.Of(now, time.UTC)).Back(1) }

func (n *notary) Quarantine(context.Context) ([]store.Quarantined, error) { return nil, nil }

// TestADigestIsForTheUnitsOwnPeople names their cards and nobody else's, and none of the
// words that a reader by a link may not have.
func TestADigestIsForTheUnitsOwnPeople(t *testing.T) {
	t.Parallel()
	n := newNotary()
	hidden := request("risk", "OPS-7", 7.4, "committed", 8.0)
	hidden.Restricted = true
	n.put(hidden)
	is, err := n.views(t, view.DefaultPolicy()).Digest(t.Context(), "risk", "", "https://parley.example/contract/risk")
	if err != nil {
		t.Fatal(err)
	}
	text := is.Digest.Text()
	if is.Digest.Period != lastWeek().String() || !is.Latest || is.Digest.Page == "" || !is.Ended.Equal(lastWeek().Next().Monday().Start(time.UTC)) {
		t.Errorf("%+v", is)
	}
	earlier, err := n.views(t, view.DefaultPolicy()).Digest(t.Context(), "risk", lastWeek().Back(1).String(), "")
	if err != nil || earlier.Latest || earlier.Digest.Period == is.Digest.Period {
		t.Errorf("%+v, %v", earlier, err)
	}
	all, _ := json.Marshal([]any{is, earlier})
	if !strings.Contains(string(all), "OPS-1 ") || !strings.Contains(string(all), "OPS-2 ") {
		t.Errorf("the unit's own cards are not named: %s", all)
	}
	for _, secret := range []string{"OPS-3", "OPS-7", "Secret of", "dev-"} {
		if strings.Contains(string(all), secret) {
			t.Errorf("%s is told:\n%s", secret, text)
		}
	}
	for _, ask := range [][2]string{{"nobody", ""}, {"risk", "2019-W01"}, {"risk", lastWeek().Next().String()}, {"risk", "soon"}} {
		if _, err := n.views(t, view.DefaultPolicy()).Digest(t.Context(), kanban.UnitKey(ask[0]), ask[1], ""); !errors.Is(err, view.ErrUnknown) {
			t.Errorf("%v: %v", ask, err)
		}
	}
}

// TestWhatADigestWaitsFor goes from an empty ledger to one that is written, and from a
// tracker that was read before the end to one that was read since.
func TestWhatADigestWaitsFor(t *testing.T) {
	t.Parallel()
	n := newNotary()
	v := n.views(t, view.DefaultPolicy())
	present := lastWeek().Next().Monday().Start(time.UTC).Add(time.Hour)
	v.Now = func() time.Time { return present }
	wait := func() (string, bool) {
		t.Helper()
		is, err := v.Digest(t.Context(), "trading", "", "")
		if err != nil {
			t.Fatal(err)
		}
		return is.Wait, is.Sealed
	}
	if got, written := wait(); !strings.Contains(got, "ledger is not written") || written {
		t.Errorf("%q", got)
	}
	accounts, err := v.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	read := func(at time.Time) {
		n.sources = []store.SourceState{{Tracker: "github", Source: "acme/infra", OKAt: at, Imported: true}}
	}
	write := func() {
		known, err := v.Known(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range accounts {
			lines, _ := view.Lines(n.ledger[a.Unit])
			n.ledger[a.Unit] = chained(a.Unit, append(lines, a.Extend(lines, known, present)...))
		}
	}
	read(present.Add(-2 * time.Hour))
	write()
	if got, written := wait(); !strings.Contains(got, "github has not been read since the period ended") || !written {
		t.Errorf("%q", got)
	}
	read(present)
	if got, written := wait(); !strings.Contains(got, "ledger is not written") || written {
		t.Errorf("its verdicts are decided, and no line says so: %q", got)
	}
	write()
	if got, _ := wait(); got != "" {
		t.Errorf("all is there, and it waits: %q", got)
	}
	present = present.Add(view.DigestPatience)
	read(present.Add(-view.DigestPatience - 2*time.Hour))
	is, err := v.Digest(t.Context(), "trading", "", "")
	if err != nil || is.Wait != "" || len(is.Digest.Unread) != 1 {
		t.Errorf("its patience is over, and it waits: %q, %q, %v", is.Wait, is.Digest.Unread, err)
	}
	n.unrecorded = []store.IssueRow{{Tracker: "github", ID: "9"}}
	lines, _ := view.Lines(n.ledger["trading"])
	n.ledger["trading"] = nil
	present = present.Add(time.Minute)
	if is, err = v.Digest(t.Context(), "trading", "", ""); err != nil || is.Wait != "" || is.Sealed || !is.Overdue || len(is.Missing) != 1 || !strings.Contains(strings.Join(is.Digest.Unread, "\n"), "The histories of github have not all been read, and not all that is told here stands in the ledger") {
		t.Errorf("a history is missing as well: %q, %q, %v", is.Wait, is.Digest.Unread, err)
	}
	n.unrecorded, n.ledger["trading"] = nil, chained("trading", lines)
	present = present.Add(-view.DigestPatience - 2*time.Hour)
	if is, err = v.Digest(t.Context(), "trading", "", ""); err != nil || !strings.Contains(is.Wait, "clock of this process is behind") {
		t.Errorf("the clock is behind: %q", is.Wait)
	}
	present = present.Add(view.DigestPatience + 2*time.Hour)
	n.ledger["trading"][0].Entry.Amount = 9
	present = present.Add(time.Minute)
	if is, err = v.Digest(t.Context(), "trading", "", ""); err != nil || is.Wait != "" || !strings.Contains(is.Digest.Ledger.Problem, "not the one that was written") {
		t.Errorf("a bent ledger: %+v, %v", is, err)
	}
}

// TestAWeekIsNotToldBeforeItsPromisesAreDecided has a request whose reply is due only after
// the week.
func TestAWeekIsNotToldBeforeItsPromisesAreDecided(t *testing.T) {
	t.Parallel()
	n := newNotary()
	v := n.views(t, view.DefaultPolicy())
	ended := lastWeek().Next().Monday().Start(time.UTC)
	v.Now = func() time.Time { return ended.Add(time.Hour) }
	for i := range v.Agreements {
		v.Agreements[i].Versions[0].Unplanned = 10
	}
	fire := request("risk", "OPS-8", 14.5, "doing", 15.0)
	fire.Planned, fire.Class = false, "standard"
	n.put(fire)
	accounts, err := v.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n.sources = []store.SourceState{{Tracker: "github", Source: "acme/infra", OKAt: ended.Add(time.Hour), Imported: true}}
	n.ledger["risk"] = chained("risk", accounts[0].Extend(nil, ended, ended.Add(time.Hour)))
	is, err := v.Digest(t.Context(), "risk", "", "")
	if err != nil || !strings.Contains(is.Wait, "not all promises") || is.Digest.Sides[0].Open != 1 {
		t.Errorf("%q, %+v, %v", is.Wait, is.Digest.Sides, err)
	}
}

// TestHowFarADigestHasCome is told in full to those inside, and to a unit without addresses.
func TestHowFarADigestHasCome(t *testing.T) {
	t.Parallel()
	n := newNotary()
	at := lastWeek().Next().Monday().Start(time.UTC)
	for _, d := range []struct {
		c       dispatch.Channel
		s       dispatch.State
		to, why string
	}{
		{dispatch.Comment, dispatch.Sent, "OPS-1", ""}, {dispatch.Mail, dispatch.Waiting, "mia@acme.example", "greylisted"}, {dispatch.Mail, dispatch.Unknown, "bo@acme.example", "cut"},
		{dispatch.Mail, dispatch.Waiting, "new@acme.example", ""}, {dispatch.Mail, dispatch.Held, "held@acme.example", ""}, {dispatch.Hook, dispatch.Lapsed, "hooks.example", "HTTP 500"}, {dispatch.Mail, dispatch.Refused, "no@acme.example", "no such user"},
	} {
		n.sent = append(n.sent, dispatch.Dispatch{Digest: digest.ID("risk", lastWeek()), Channel: d.c, State: d.s, To: d.to, Problem: d.why, Made: at})
	}
	v := n.views(t, view.DefaultPolicy())
	own, err := v.As(view.Viewer{Audience: "unit:risk"}).Contract(t.Context(), "risk")
	text, _ := json.Marshal(own.Digest)
	if err != nil || own.Digest == nil || len(own.Digest.Ways) != 7 || own.Digest.Period != lastWeek().String() || strings.Contains(string(text), "acme.example") || strings.Contains(string(text), "greylisted") {
		t.Errorf("%s, %v", text, err)
	}
	if other, err := v.As(view.Viewer{Audience: "unit:trading"}).Contract(t.Context(), "risk"); err != nil || other.Digest != nil {
		t.Errorf("%+v, %v", other.Digest, err)
	}
	ops := v.As(view.Viewer{Audience: view.AudienceOps})
	if k, err := ops.Contract(t.Context(), "risk"); err != nil || k.Digest.Ways[1].Problem != "greylisted" || k.Digest.Ways[1].To != "mia@acme.example" {
		t.Errorf("%+v, %v", k.Digest, err)
	}
	is, err := ops.Sync(t.Context())
	var told []string
	for _, x := range is.Troubles {
		if x.Kind == view.TroubleDigest {
			told = append(told, x.Key+": "+x.Text)
		}
	}
	want := []string{"to mia@acme.example is tried again: greylisted.", "to bo@acme.example may have arrived or not: cut.", "to hooks.example was not sent: HTTP 500.", "to no@acme.example was refused: no such user."}
	all := strings.Join(told, "\n")
	if err != nil || len(told) != len(want) {
		t.Errorf("%q, %v", told, err)
	}
	for _, w := range want {
		if !strings.Contains(all, w) {
			t.Errorf("%q is not in\n%s", w, all)
		}
	}
	unit, err := v.As(view.Viewer{Audience: "unit:risk"}).Sync(t.Context())
	if err != nil || len(unit.Troubles) != 0 {
		t.Errorf("a unit is told %+v, %v", unit.Troubles, err)
	}
}

// TestDigestsAreCounted counts each receiver's once, of the last two periods and of what is
// still on its way, and tells each channel with each state.
func TestDigestsAreCounted(t *testing.T) {
	t.Parallel()
	n := newNotary()
	sent := func(back int, to string, c dispatch.Channel, s dispatch.State) {
		of := digest.ID("risk", lastWeek().Back(back))
		n.sent = append(n.sent, dispatch.Dispatch{ID: dispatch.ID(of, c, to), Digest: of, Channel: c, State: s})
	}
	sent(0, "mia", dispatch.Mail, dispatch.Waiting)
	sent(0, "bo", dispatch.Mail, dispatch.Waiting)
	sent(0, "", dispatch.Hook, dispatch.Refused)
	sent(1, "", dispatch.Hook, dispatch.Lapsed)
	sent(0, "", dispatch.Comment, dispatch.Sent)
	counts, err := n.views(t, view.DefaultPolicy()).DigestCounts(t.Context())
	if err != nil || len(counts) != len(dispatch.Channels())*len(dispatch.States()) {
		t.Fatalf("%+v, %v", counts, err)
	}
	got := map[view.DigestCount]bool{}
	for _, c := range counts {
		if c.Count > 0 {
			got[c] = true
		}
	}
	want := map[view.DigestCount]bool{{dispatch.Mail, dispatch.Waiting, 2}: true, {dispatch.Hook, dispatch.Refused, 1}: true, {dispatch.Hook, dispatch.Lapsed, 1}: true, {dispatch.Comment, dispatch.Sent, 1}: true}
	if !maps.Equal(got, want) {
		t.Errorf("%v; want %v", got, want)
	}
}
