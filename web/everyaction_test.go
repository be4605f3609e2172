package web_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"parley/web/webtest"
)

// TestEveryActionHasBothWays does everything that can be done on the pages by keys alone,
// and again by single clicks alone: no drag, no double click, nothing that shows only
// under a pointer. A control on any page that none of the stories uses fails it.
//
//nolint:tparallel,paralleltest // one browser for each way: only the tab in front is given the pointer
func TestEveryActionHasBothWays(t *testing.T) {
	t.Parallel()
	walkUnwatched(t)
	used := map[string]map[string]bool{"by keys": {}, "by clicks": {}}
	here := map[string]string{}
	t.Run("ways", func(t *testing.T) {
		for way, h := range map[string]hand{"by keys": keyboard{}, "by clicks": pointer{}} {
			mine := used[way]
			t.Run(way, func(t *testing.T) {
				t.Parallel()
				browser := webtest.Browser(t, 1440, 900)
				for name, s := range stories() {
					t.Run(name, func(t *testing.T) {
						p, o := s.enter(browser, t, s.width(), 900)
						s.run(t, p, o, h, func(control string) { mine[control] = true })
					})
				}
			})
		}
		t.Run("what there is", func(t *testing.T) {
			t.Parallel()
			browser := webtest.Browser(t, 1440, 900)
			for name, s := range stages() {
				if strings.HasPrefix(name, "wall") {
					continue // has no controls
				}
				t.Run(name, func(t *testing.T) { // each page is closed before the next one opens
					p, _ := s.enter(browser, t, s.width(), 900)
					for _, c := range p.controls() {
						here[c] = name
					}
				})
			}
		})
	})
	delete(here, "body leads on")       // past the head of a page: for keys alone
	delete(here, "filters button show") // is seen without scripts only
	for way, mine := range used {
		for _, c := range slices.Sorted(maps.Keys(here)) {
			if !mine[c] {
				t.Errorf("%s no story uses %q, as on %q", way, c, here[c])
			}
		}
	}
}
