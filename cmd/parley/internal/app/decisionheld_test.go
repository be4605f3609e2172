package app

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// TestADecisionThatCannotBeReadStopsItsUnitAlone cuts a row of risk's off: risk's page says so,
// fsck and the metric tell it, and nothing is added to its ledger; trading goes on.
func TestADecisionThatCannotBeReadStopsItsUnitAlone(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	var log bytes.Buffer
	a.Log = slog.New(slog.NewTextHandler(&log, nil))
	said := contract.Event{ID: "decided/1", At: a.Now().Add(-time.Hour), Kind: contract.Noted, Ref: "2026-W46", Who: "ana", By: kanban.IT, Unit: "risk", Note: "the bank was down"}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Decisions: []contract.Event{said}}); err != nil {
		t.Fatal(err)
	}
	behind(t, a, `UPDATE decision SET doc = substr(doc, 1, length(doc) - 3)`)
	accounts, err := a.Views.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := bookkeeping(a).enterAll(t.Context(), accounts, time.Time{}); err != nil {
		t.Error(err)
	}
	if risk, trading := ledgerLines(t, a, "risk"), ledgerLines(t, a, "trading"); len(risk) != 0 || len(trading) == 0 {
		t.Errorf("risk has %d lines, trading %d", len(risk), len(trading))
	}
	if !strings.Contains(log.String(), "nothing is added to a ledger") || !strings.Contains(log.String(), "unit=risk") {
		t.Errorf("the log says %s", log.String())
	}
	for unit, stopped := range map[kanban.UnitKey]bool{"risk": true, "trading": false} {
		c, err := a.Views.As(view.Somebody()).Contract(t.Context(), unit)
		if err != nil || strings.Contains(c.Problem, "cannot be read any more") != stopped {
			t.Errorf("%s: %q, %v", unit, c.Problem, err)
		}
		ops := view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}
		_, err = a.Deal(t.Context(), web.Deal{Unit: string(unit), What: web.DealNote, Ref: "2026-W45", Note: "why", Op: "note-" + string(unit), By: ops})
		if got := status(t, err); (got == 409) != stopped {
			t.Errorf("a cause is noted for %s: %d", unit, got)
		}
	}
	found, err := a.Fsck(t.Context())
	if !slices.ContainsFunc(found.Findings, func(f Finding) bool {
		return strings.Contains(f.Text, `decision "decided/1" about a contract cannot be read`)
	}) || err != nil {
		t.Errorf("%+v, %v", found.Findings, err)
	}
	if got := scraped(t, a, "parley_contracts_stopped"); got != 1 {
		t.Errorf("the metric says %v", got)
	}
	behind(t, a, `UPDATE decision SET doc = '{' WHERE id = 'decided/1'`)
	a.Views.Now = func() time.Time { return a.Now().Add(time.Minute) }
	if stopped, err := a.Views.Stopped(t.Context()); err != nil || len(stopped) != 2 {
		t.Errorf("of nobody knows which unit: %v, %v", stopped, err)
	}
}

// scraped is the value of a metric whose labels have these values, by the names of the labels.
func scraped(t *testing.T, a *App, name string, labels ...string) float64 {
	t.Helper()
	all, err := a.metrics().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		for _, m := range f.GetMetric() {
			var of []string
			for _, l := range m.GetLabel() {
				of = append(of, l.GetValue())
			}
			if f.GetName() == name && slices.Equal(of, labels) {
				return m.GetGauge().GetValue()
			}
		}
	}
	t.Fatalf("there is no %s of %v", name, labels)
	return 0
}
