package memory_test

import (
	"testing"

	"parley/sync/store/memory"
	"parley/sync/store/storetest"
)

func empty(testing.TB) storetest.Store { return memory.New() }

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, empty)
}

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, empty) }
