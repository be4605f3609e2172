package view

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// atOnce computes parts of a picture that need nothing of each other, on as many
// processors as there are. Where one of them panics, so does atOnce once all have ended:
// what answers the request keeps it from being the end of the process, as a panic of a
// goroutine of its own would be.
func atOnce(parts ...func()) {
	var wg sync.WaitGroup
	var broken atomic.Pointer[string]
	for _, part := range parts {
		wg.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					why := fmt.Sprintf("a part of a picture: %v\n%s", p, debug.Stack())
					broken.CompareAndSwap(nil, &why)
				}
			}()
			part()
		})
	}
	wg.Wait()
	if why := broken.Load(); why != nil {
		panic(*why)
	}
}
