package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/sync/store/storetest/pgtest"
)

// TestKilledAndRestored backs the store up in the middle of writes, lets people and the
// daemon go on, kills the daemon, restores the backup into a new store, of SQLite and of
// PostgreSQL in turn, and runs on from there, again and again. At the end both trackers and
// the board agree, no edit is lost and no write was made twice, though each new store knows
// nothing of what was written after its backup. PARLEY_KILLS says how often.
func TestKilledAndRestored(t *testing.T) {
	t.Parallel()
	rounds := number(t, "PARLEY_KILLS", 4)
	seed := number(t, "PARLEY_SEED", int(time.Now().UnixNano()%1e9))
	w := startKillWorld(t, uint64(seed), rounds)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("replay: PARLEY_KILLS=%d PARLEY_SEED=%d go test -count=1 -run '^TestKilledAndRestored$' ./cmd/parley", rounds, seed)
		}
	})
	server := new(pgtest.Server)
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	w.start()
	w.waitFor("every pair to be one card", 60*time.Second, w.allPaired)
	for round := range rounds {
		w.restoreOnce(round, server)
	}
	w.comeToRest()
	if held := w.letGo(); held > 0 {
		t.Logf("%d writes were held, as more than a tenth of what a store read again was in conflict, and were let go by a person", held)
		w.comeToRest()
	}
	w.judge(rounds)
	t.Logf("%d rounds; %d writes were made after the backups that their stores forgot; PARLEY_SEED=%d", rounds, w.forgotten, seed)
	if w.forgotten == 0 {
		t.Error("nothing was written between a backup and its kill: nothing was tested")
	}
}

// restoreOnce backs up while the daemon writes, loses the store, and goes on from the backup.
func (w *killWorld) restoreOnce(round int, server *pgtest.Server) {
	w.t.Helper()
	for range 6 {
		w.change()
	}
	backup := filepath.Join(w.dir, fmt.Sprintf("round%d.backup", round))
	w.mustRun("backup", "--to", backup)
	before := w.log.count()
	if out, err := w.command("migrate", "--to", "sqlite:"+filepath.Join(w.dir, "never.db")); err == nil || !strings.Contains(out, "a parley run works on it") {
		w.t.Errorf("the store can be moved while the daemon works on it: %v\n%s", err, out)
	}
	for range 6 {
		w.edit()
	}
	w.request()
	fired := w.log.arm(w.pick(), w.kill) // at one of the next writes, of what the backup knows or does not
	select {
	case <-fired:
	case <-time.After(patience):
		if !w.log.disarm() {
			<-fired
		}
	}
	w.kill()
	w.start() // what goes on from here is forgotten as well
	w.waitFor("the daemon to answer", 20*time.Second, w.answers)
	w.pause(w.rng.IntN(3000))
	w.remember()
	w.kill()
	w.forgotten += w.log.count() - before
	w.edit() // also while there is no daemon
	url := "sqlite:" + filepath.Join(w.dir, fmt.Sprintf("round%d.db", round))
	if round%2 == 0 {
		url = server.Schema(w.t)
	}
	w.useStore(url)
	out, err := w.command("restore", backup)
	if err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	w.schedule = append(w.schedule, fmt.Sprintf("%s restored into %s", time.Now().Format("15:04:05.000"), url))
	w.start()
	w.waitFor("the daemon to answer", 20*time.Second, w.answers)
}

// letGo is a person who looks at the plan and applies it. What a lost store had settled is in
// conflict once more when it is read again: Parley cannot tell its former writes from edits
// that somebody makes with its account, and stops to ask where there are many.
func (w *killWorld) letGo() int {
	w.t.Helper()
	out, err := w.printed("plan", "--offline", "--json")
	var plan struct {
		Hash   string
		Writes []any
	}
	if err := cmp.Or(err, json.Unmarshal([]byte(out), &plan)); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
	if len(plan.Writes) > 0 {
		if out, err := w.command("apply", plan.Hash); err != nil {
			w.t.Logf("%v\n%s", err, out) // what no longer holds is told, and is no failure here
		}
	}
	return len(plan.Writes)
}

// edit is change by a person in a tracker: what was decided on the board alone after a backup
// is gone with the store.
func (w *killWorld) edit() {
	w.t.Helper()
	for range 50 {
		p := w.now()[w.rng.IntN(atWork)]
		did := [...]func(twins) string{w.transition, w.prioritise, w.label, w.closeOrOpen}[w.rng.IntN(4)](p)
		if did != "" {
			w.did = append(w.did, fmt.Sprintf("%s %s: %s", time.Now().Format("15:04:05.000"), p.key, did))
			return
		}
	}
	w.t.Fatal("nobody can change anything any more")
}

// remember keeps which edits were on record in a store that is about to be lost.
func (w *killWorld) remember() {
	w.t.Helper()
	maps.Copy(w.records, w.kept())
}

// mustRun runs a command that has to work.
func (w *killWorld) mustRun(args ...string) {
	w.t.Helper()
	if out, err := w.command(args...); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
}

// useStore leads the daemon to another store.
func (w *killWorld) useStore(url string) {
	w.t.Helper()
	file := filepath.Join(w.dir, "config.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^url = "(sqlite|postgres):.*$`)
	if !line.Match(text) {
		w.t.Fatal("the configuration names no store")
	}
	if err := os.WriteFile(file, line.ReplaceAllLiteral(text, []byte(fmt.Sprintf("url = %q", url))), 0o600); err != nil {
		w.t.Fatal(err)
	}
}
