package simulate

import (
	"os"
	"strconv"
	"testing"
)

// TestFirstSeeds runs seeds one after the other and stops at the first violation. The
// weakened versions of the code are measured by how many seeds they survive:
// PARLEY_SIM_SEEDS says how many are run.
func TestFirstSeeds(t *testing.T) {
	t.Parallel()
	seeds := uint64(3)
	if text := os.Getenv("PARLEY_SIM_SEEDS"); text != "" {
		n, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			t.Fatalf("PARLEY_SIM_SEEDS=%s: not a number", text)
		}
		seeds = n
	}
	var operations int64
	for seed := uint64(1); seed <= seeds; seed++ {
		res := Run(Script{Seed: seed})
		operations += res.Operations
		if res.Err != nil {
			t.Fatalf("after %d seeds: %v\nreplay: go test ./sync/simulate -run TestReplay -seed=%d", seed, res.Err, seed)
		}
	}
	t.Logf("%d seeds, %d operations", seeds, operations)
}
