package transfer

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/sync/store"
	"parley/sync/store/open"
	"parley/sync/store/sole"
)

func move(from, to string) Move {
	ids := 0
	return Move{From: from, To: to, Now: now, NewID: func() string { ids++; return strings.Repeat("m", ids) }, Tell: func(string, int64) {}}
}

// Whatever the engines are, everything arrives, and only the new store is worked with.
func TestMoveBringsEverything(t *testing.T) {
	t.Parallel()
	for from, source := range engines() {
		for to, target := range engines() {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				m := move(filled(t, source), target(t))
				want := held(t, m.From)
				got, err := m.Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("moved (-was +is):\n%s", diff)
				}
				for _, c := range got {
					if c.Rows == 0 {
						t.Errorf("the fixture has no row of table %s: nothing is proved of it", c.Table)
					}
				}
				works(t, m)
			})
		}
	}
}

// works looks at two stores between which everything was moved.
func works(t *testing.T, m Move) {
	t.Helper()
	if h, err := at(t, m.From).Closed(t.Context()); err != nil || h == nil || h.Why != store.ClosedGone || !strings.Contains(h.Error(), open.Name(m.To)) {
		t.Errorf("the source is held by %v, %v", h, err)
	}
	target := at(t, m.To)
	if h, err := target.Closed(t.Context()); err != nil || h != nil {
		t.Errorf("the target is held by %v, %v", h, err)
	}
	if found, err := target.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("a check of the target finds %q, %v", found, err)
	}
	epoch, err := target.Acquire(t.Context(), store.LeaseRunner, "test", leaseFor, now())
	if err != nil || epoch < 4 { // the fixture's is 2
		t.Errorf("the next epoch is %d, %v; whoever had the source is not fenced", epoch, err)
	}
}

// errKilled ends a move in the middle.
var errKilled = errors.New("killed")

// killedAt lets so many steps happen, and stops before the next.
func killedAt(n int) func(string) error {
	return func(string) error {
		if n--; n < 0 {
			return errKilled
		}
		return nil
	}
}

// A move that is stopped before any of its steps goes on when it is repeated, and meanwhile
// nobody can work on either store.
func TestMoveGoesOnWhereItWasStopped(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{"sqlite to postgres": {"sqlite", "postgres"}, "postgres to sqlite": {"postgres", "sqlite"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := move(filled(t, engines()[pair[0]]), engines()[pair[1]](t))
			want := held(t, m.From)
			for stops := 0; ; stops++ {
				m.step = killedAt(stops)
				got, err := m.Run(t.Context())
				if err == nil {
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("moved (-was +is):\n%s", diff)
					}
					if stops < len(want) {
						t.Errorf("it was stopped %d times only", stops)
					}
					break
				}
				if !errors.Is(err, errKilled) {
					t.Fatalf("after %d stops: %v", stops, err)
				}
				if h, err := at(t, m.From).Closed(t.Context()); stops > 0 && (err != nil || h == nil) {
					t.Fatalf("after %d stops the source is held by %v, %v", stops, h, err)
				}
			}
			works(t, m)
		})
	}
}

// Killed when everything had arrived, and before the source knew: it is not moved again, nor
// given up.
func TestMoveThatHadArrived(t *testing.T) {
	t.Parallel()
	m := move(filled(t, engines()["sqlite"]), engines()["sqlite"](t))
	arrived := false
	m.step = func(step string) error {
		if arrived {
			return errKilled
		}
		arrived = step == "arrive"
		return nil
	}
	if _, err := m.Run(t.Context()); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	if err := m.Abandon(t.Context()); err == nil || !strings.Contains(err.Error(), "everything is in the new store already") {
		t.Errorf("Abandon = %v", err)
	}
	m.step = nil
	if _, err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	works(t, m)
	if _, err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "was moved to") {
		t.Errorf("moving on = %v", err)
	}
}

func TestMoveIsGivenUp(t *testing.T) {
	t.Parallel()
	m := move(filled(t, engines()["sqlite"]), engines()["sqlite"](t))
	if err := m.Abandon(t.Context()); err == nil || !strings.Contains(err.Error(), "it is not being moved") {
		t.Errorf("Abandon before = %v", err)
	}
	m.step = killedAt(9)
	if _, err := m.Run(t.Context()); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	elsewhere := move(m.From, engines()["sqlite"](t))
	if _, err := elsewhere.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "is being moved to "+open.Name(m.To)) {
		t.Errorf("moving it elsewhere = %v", err)
	}
	if err := m.Abandon(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h, err := at(t, m.From).Closed(t.Context()); err != nil || h != nil {
		t.Errorf("the source is held by %v, %v", h, err)
	}
	m.step = nil
	if _, err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "only a part of it may be here") {
		t.Errorf("into what was left = %v", err)
	}
}

func TestMoveRefuses(t *testing.T) {
	t.Parallel()
	sqlite := engines()["sqlite"]
	full, other := filled(t, sqlite), filled(t, engines()["postgres"])
	for name, c := range map[string]struct{ from, to, says string }{
		"itself":             {full, full, "both are the same store"},
		"itself by a link":   {full, "sqlite://" + strings.TrimPrefix(full, "sqlite:"), "both are the same store"},
		"a full file":        {other, full, "it is not empty; name an empty file or schema"},
		"a full schema":      {full, other, "it is not empty; name an empty file or schema"},
		"nothing":            {sqlite(t), sqlite(t), store.ErrNothing.Error()},
		"no store":           {full, "mysql://u:geheim@h/d", "unknown kind of store"},
		"a server not there": {full, "postgres://u:geheim@127.0.0.1:1/d", "127.0.0.1"},
		"from one not there": {"postgres://u:geheim@127.0.0.1:1/d", full, "127.0.0.1"},
	} {
		_, err := move(c.from, c.to).Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	for _, url := range []string{full, other} {
		if h, err := at(t, url).Closed(t.Context()); err != nil || h != nil {
			t.Errorf("%s is held by %v, %v after refusals", open.Name(url), h, err)
		}
	}
}

// A daemon that lives is known by its lock, and where there are none by its lease.
func TestMoveRefusesWhileDaemonRuns(t *testing.T) {
	t.Parallel()
	for name, empty := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := move(filled(t, empty), empty(t))
			claim := sole.New(m.From)
			if alone, err := claim.Take(t.Context()); err != nil || !alone {
				t.Fatal(alone, err)
			}
			if _, err := m.Run(t.Context()); !errors.Is(err, errRuns) {
				t.Errorf("Run = %v", err)
			}
			if err := claim.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := m.Run(t.Context()); err != nil {
				t.Errorf("once the daemon has ended: %v", err)
			}
		})
	}
}

// In PostgreSQL several processes may work on a store: any lease that is held says so, and a
// lock does not say that its holder is dead.
func TestMoveRefusesWhileAnyLeaseIsHeld(t *testing.T) {
	t.Parallel()
	m := move(filled(t, engines()["postgres"]), engines()["sqlite"](t))
	s := at(t, m.From)
	for _, name := range []string{store.LeaseRunner, "another"} {
		epoch, err := s.Acquire(t.Context(), name, "a machine, process 7", time.Minute, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Run(t.Context()); !errors.Is(err, errRuns) || !strings.Contains(err.Error(), "a machine, process 7") {
			t.Errorf("while %s is held: %v", name, err)
		}
		if err := s.Release(t.Context(), name, epoch); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Run(t.Context()); err != nil {
		t.Error(err)
	}
}

// What another program writes in between is noticed: both stores stay closed.
func TestMoveNoticesOthers(t *testing.T) {
	t.Parallel()
	m := move(filled(t, engines()["sqlite"]), engines()["sqlite"](t))
	other := at(t, m.From)
	m.step = func(step string) error {
		if step != "extend source" { // a table that comes after the setting
			return nil
		}
		return other.SetSetting(context.WithoutCancel(t.Context()), "written", "meanwhile")
	}
	if _, err := m.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "setting is not the same in both stores") {
		t.Errorf("Run = %v", err)
	}
	if h, err := at(t, m.To).Closed(t.Context()); err != nil || h == nil {
		t.Errorf("the target is held by %v, %v", h, err)
	}
}

// Who takes the lease of a store that is being moved ends the move, which says so.
func TestMoveSaysWhoTookTheStore(t *testing.T) {
	t.Parallel()
	ctx, lost := context.WithCancelCause(t.Context())
	lost(errKilled)
	if err := because(ctx, context.Canceled); !errors.Is(err, errKilled) {
		t.Errorf("because = %v", err)
	}
	if err := because(t.Context(), errRuns); !errors.Is(err, errRuns) {
		t.Errorf("because of nothing = %v", err)
	}
	if err := because(ctx, nil); err != nil {
		t.Errorf("because nothing failed = %v", err)
	}
}
