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
//nolint:tparallel,paralleltest // one browser: only the tab in front is given the pointer
func TestEveryActionHasBothWays(t *testing.T) {
	t.Parallel()
	browser := webtest.Browser(t, 1440, 900)
	ways := map[string]hand{"by keys": keyboard{}, "by clicks": pointer{}}
	used := map[string]map[string]bool{}
	for way, h := range ways {
		used[way] = map[string]bool{
			"body leads on":       true, // past the head of a page: for keys alone
			"filters button show": true, // is seen without scripts only
		}
		for name, s := range stories() {
			t.Run(name+" "+way, func(t *testing.T) {
				p, o := s.enter(browser, t, s.width(), 900)
				s.run(t, p, o, h, func(control string) { used[way][control] = true })
			})
		}
	}
	t.Run("and there is nothing else", func(t *testing.T) {
		here := map[string]string{}
		for name, s := range stages() {
			if strings.HasPrefix(name, "wall") {
				continue // has no controls
			}
			p, _ := s.enter(browser, t, s.width(), 900)
			for _, c := range p.controls() {
				here[c] = name
			}
		}
		for way := range ways {
			for _, c := range slices.Sorted(maps.Keys(here)) {
				if !used[way][c] {
					t.Errorf("%s no story uses %q, as on %q", way, c, here[c])
				}
			}
		}
	})
}
