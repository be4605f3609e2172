package view

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"parley/kanban"
)

// brokenBy is what a panic says, "" where there is none.
func brokenBy(do func()) (why string) {
	defer func() {
		if p := recover(); p != nil {
			why = fmt.Sprint(p)
		}
	}()
	do()
	return ""
}

func TestAPartThatBreaksBreaksWhoeverAsked(t *testing.T) {
	t.Parallel()
	var ended atomic.Int32
	part := func() { ended.Add(1) }
	why := brokenBy(func() { atOnce(part, func() { panic("no such week") }, part, func() { panic("nor that one") }) })
	if !strings.HasPrefix(why, "a part of a picture: no") || !strings.Contains(why, "atonce_test.go") || ended.Load() != 2 {
		t.Errorf("%d others ended, and it says %q", ended.Load(), why)
	}
	if why := brokenBy(func() { atOnce(part, part) }); why != "" || ended.Load() != 4 {
		t.Errorf("nothing is broken: %q, %d ended", why, ended.Load())
	}
}

// TestAPictureThatBreaksIsOneFailedRequest has cards that nobody knows how to name.
func TestAPictureThatBreaksIsOneFailedRequest(t *testing.T) {
	t.Parallel()
	in := taleCards(t)
	in.Name = func(kanban.CardID) CardName { panic("no name") }
	for name, take := range map[string]func(){
		"flow":     func() { NewFlowPicture(in, FlowQuery{Days: 30}) },
		"workload": func() { NewWorkload(in, FlowQuery{Days: 30}) },
	} {
		if why := brokenBy(take); !strings.Contains(why, "no name") {
			t.Errorf("%s: %q", name, why)
		}
	}
}
