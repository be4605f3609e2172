package app

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// bookkeeping is a bookkeeper that has told nothing yet.
func bookkeeping(a *App) *bookkeeper {
	return &bookkeeper{App: a, told: map[kanban.UnitKey]string{}, failed: map[string]bool{}}
}

// behind changes rows of the store behind Parley's back.
func behind(t *testing.T, a *App, change string) {
	t.Helper()
	driver, at := "pgx", a.Config.Store.URL
	if file, ok := strings.CutPrefix(at, "sqlite:"); ok {
		driver, at = "sqlite", file
	}
	db, err := sql.Open(driver, at)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	done, err := db.ExecContext(t.Context(), change)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := done.RowsAffected(); n == 0 || err != nil {
		t.Fatalf("nothing is changed: %v", err)
	}
}

// ledgerLines are those of a unit.
func ledgerLines(t *testing.T, a *App, unit kanban.UnitKey) []contract.Entry {
	t.Helper()
	recorded, err := a.Store.Ledger(t.Context(), unit, 0)
	if err != nil {
		t.Fatal(err)
	}
	lines, _ := view.Lines(recorded)
	return lines
}

// TestWhatPeopleSaidNeverHoldsUpALedger enters what was recorded with bytes that no store
// keeps: it is readable from then on, and what comes after it is entered as well.
func TestWhatPeopleSaidNeverHoldsUpALedger(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	said := contract.Event{ID: "decided/1", At: a.Now().Add(-time.Hour), Kind: contract.Contested, Ref: "risk/P1/2026-W46", Who: "mia", By: kanban.Business, Unit: "risk", Note: "why?"}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Decisions: []contract.Event{said}}); err != nil {
		t.Fatal(err)
	}
	behind(t, a, `UPDATE decision SET doc = replace(doc, 'why?', 'why\u0000?')`)
	accounts, err := a.Views.Standing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := bookkeeping(a).enterAll(t.Context(), accounts, time.Time{}); err != nil {
		t.Error(err)
	}
	risk := ledgerLines(t, a, "risk")
	if n := len(risk); n == 0 || !strings.Contains(risk[n-1].Note, "why\uFFFD?") || len(ledgerLines(t, a, "trading")) == 0 {
		t.Errorf("%+v", risk)
	}
}

// TestOneUnitsLedgerHoldsUpNoOther enters what happened to the others where one ledger
// cannot be extended, or cannot be read; the page of that one says so.
func TestOneUnitsLedgerHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	k := bookkeeping(a)
	accounts, err := a.Views.Standing(t.Context())
	if err != nil || len(accounts) != 2 || accounts[0].Unit != "risk" {
		t.Fatal(len(accounts), err)
	}
	odd := accounts[0]
	odd.Entries = append([]contract.Entry{{Seq: 1, Unit: "risk", Note: "\x00"}}, odd.Entries...)
	if err := k.enterAll(t.Context(), []contract.Account{odd, accounts[1]}, time.Time{}); err == nil || !strings.Contains(err.Error(), "extend ledger of risk") {
		t.Errorf("it is told as %v", err)
	}
	if n := len(ledgerLines(t, a, "trading")); n == 0 || len(ledgerLines(t, a, "risk")) != 0 {
		t.Fatalf("%d lines", n)
	}
	if err := k.enterAll(t.Context(), accounts, time.Time{}); err != nil {
		t.Fatal(err)
	}
	behind(t, a, `UPDATE ledger SET doc = '{' WHERE unit = 'risk' AND seq = 1`)
	before := len(ledgerLines(t, a, "trading"))
	if _, err := a.Deal(t.Context(), web.Deal{Unit: "trading", What: web.DealContest, Ref: contested(t, accounts[1]), Op: "o", By: view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}}); err != nil {
		t.Fatal(err)
	}
	a.Views.Now = func() time.Time { return a.Now().Add(time.Minute) }
	if accounts, err = a.Views.Standing(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := k.enterAll(t.Context(), accounts, time.Time{}); err != nil || len(ledgerLines(t, a, "trading")) != before+1 || k.told["risk"] == "" {
		t.Errorf("%v, told %v", err, k.told)
	}
	page, err := a.Views.As(view.Somebody()).Contract(t.Context(), "risk")
	if err != nil || page.Ledger == nil || !strings.Contains(page.Ledger.Problem, "entry 1 is not the one that was written") {
		t.Errorf("the page says %+v, %v", page.Ledger, err)
	}
	if lines, err := a.Views.As(view.Somebody()).Ledger(t.Context(), "risk"); err != nil || len(lines) == 0 {
		t.Errorf("its lines are %d, %v", len(lines), err)
	}
}

// contested is a verdict that can be.
func contested(t *testing.T, a contract.Account) string {
	t.Helper()
	for _, v := range a.Verdicts {
		if v.Decided() {
			return v.ID
		}
	}
	t.Fatal("nothing is decided")
	return ""
}
