package simulate

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"parley/internal/race"
	"parley/sync/simulate/world"
)

// TestSimulation runs neighbouring seeds until enough tracker operations were made.
// PARLEY_SIM_OPERATIONS says how many: more than a minute of it belongs to `make check`.
func TestSimulation(t *testing.T) {
	t.Parallel()
	c := Campaign{From: 1, Operations: operations(t), Workers: runtime.GOMAXPROCS(0), Twice: 10, Failures: 3}
	tally := c.Run(t.Context())
	t.Log(tally.String())
	for _, f := range tally.Failures {
		report(t, f)
	}
	for _, row := range Missing(tally.Met) {
		if tally.Operations < everything {
			break // the rarest rows need more than that
		}
		t.Errorf("§%s %s was never met: the generator is wrong", row.Section, row.Name)
	}
	PrintRows(testOut{t}, tally.Met)
}

// everything is how many operations it takes to meet every row of the tables.
const everything = 500_000

// TestQuietWorld runs seeds in worlds where nothing fails and nobody but one Parley and
// the people in it does anything.
func TestQuietWorld(t *testing.T) {
	t.Parallel()
	_ = operations(t)
	var operations int64
	began := time.Now()
	for seed := uint64(1); seed <= uint64(race.Of(60, 12)); seed++ {
		res := Run(Script{Seed: seed, Swarm: &world.Swarm{Fields: seed%3 == 0}, Setup: &Setup{
			Status: []string{"jira", "github", "newest", "ask"}[seed%4], Priority: "newest", Poll: 30 * time.Second, Processes: 1}})
		operations += res.Operations
		if res.Err != nil {
			report(t, res)
		}
	}
	t.Logf("%d operations, %.0f a second", operations, float64(operations)/time.Since(began).Seconds())
}

// operations is how many tracker operations the campaign makes.
func operations(t *testing.T) int64 {
	t.Helper()
	text := os.Getenv("PARLEY_SIM_OPERATIONS")
	if text == "" {
		return int64(race.Of(40_000, 8_000))
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatalf("PARLEY_SIM_OPERATIONS=%s: not a number", text)
	}
	return n
}

// report makes a failure small and tells it.
func report(t *testing.T, failed Result) {
	t.Helper()
	t.Errorf("seed %d: %v", failed.Script.Seed, failed.Err) // before it is made smaller, which takes a minute
	small := Shrink(failed, 300)
	text, _ := json.Marshal(small.Script)
	t.Errorf("seed %d: %v\nreplay: go test ./sync/simulate -run TestReplay -seed=%d\nshortest: %v\n%s\n%s",
		failed.Script.Seed, failed.Err, failed.Script.Seed, small.Err, text, Narrate(small.Script))
}

var (
	seedFlag   = flag.Uint64("seed", 0, "replay this seed")
	scriptFlag = flag.String("script", "", "replay this file")
)

// TestReplay tells the run of one seed: -seed=N, or of one file: -script=FILE. Nothing
// named is the first seed.
func TestReplay(t *testing.T) {
	t.Parallel()
	sc := Script{Seed: *seedFlag}
	switch {
	case *scriptFlag != "":
		sc = load(t, *scriptFlag)
	case *seedFlag == 0:
		sc.Seed = 1
	}
	res := Run(sc)
	t.Logf("%d operations, %d effects, trace %x", res.Operations, res.Effects, res.Trace)
	if res.Err != nil {
		report(t, res)
	}
}

// TestRecorded runs every script that once showed a violation.
func TestRecorded(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/sim/*.json")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			sc := load(t, file)
			if res := Run(sc); res.Err != nil {
				t.Errorf("%v\n%s", res.Err, Narrate(sc))
			}
		})
	}
}

func load(t *testing.T, file string) Script {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var sc Script
	if err := json.Unmarshal(text, &sc); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return sc
}

// TestSameSeedSameTrace holds P13: replay, same seed → identical store and request trace.
func TestSameSeedSameTrace(t *testing.T) {
	t.Parallel()
	for seed := range uint64(race.Of(5, 1)) {
		seed += 1000
		a, b := Run(Script{Seed: seed}), Run(Script{Seed: seed})
		if a.Trace != b.Trace || a.Operations != b.Operations || a.Effects != b.Effects {
			t.Errorf("seed %d: %x after %d operations, then %x after %d", seed, a.Trace, a.Operations, b.Trace, b.Operations)
		}
		if written := Run(a.Script); written.Trace != a.Trace {
			t.Errorf("seed %d: %x drawn, %x from its script", seed, a.Trace, written.Trace)
		}
	}
}

type testOut struct{ t *testing.T }

func (o testOut) Write(p []byte) (int, error) {
	o.t.Helper()
	o.t.Log(string(p))
	return len(p), nil
}
