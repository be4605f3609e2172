package view

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/kanban"
	"parley/kanban/flow"
)

// TestPartsOfAListAreTheList reads lists part by part, of whatever size.
func TestPartsOfAListAreTheList(t *testing.T) {
	t.Parallel()
	in := crowd(120, 90, 3)
	named := 0
	name := in.Name
	in.Name = func(id kanban.CardID) CardName { named++; return name(id) }
	rapid.Check(t, func(t *rapid.T) {
		l := FlowList{List: rapid.SampledFrom([]string{ListOpen, ListFinished, ListStarted, ListBlocked, ListHeld, ListFires}).Draw(t, "list")}
		limit := rapid.IntRange(1, 150).Draw(t, "limit")
		all := CardsBehind(in, FlowQuery{}, l)
		var got []FlowEntry
		for after, more := "", true; more; {
			named = 0
			p, err := PartBehind(in, FlowQuery{}, l, after, limit)
			if err != nil || p.All != len(all) || len(p.Cards) > limit || p.Next != "" && len(p.Cards) < limit {
				t.Fatalf("%+v, %v, of %d", p, err, len(all))
			}
			if l.List != ListHeld && l.List != ListFires && named > len(p.Cards) {
				t.Fatalf("%d cards are named to show %d", named, len(p.Cards))
			}
			if got = append(got, p.Cards...); len(got) > len(all) {
				t.Fatalf("%d cards and more of %d", len(got), len(all))
			}
			after, more = p.Next, p.Next != ""
		}
		if diff := cmp.Diff(all, append([]FlowEntry{}, got...)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestAPlaceInAListStaysWhenItsCardGoes reads on from a card that is in the list no more.
func TestAPlaceInAListStaysWhenItsCardGoes(t *testing.T) {
	t.Parallel()
	m := newMade()
	for n := range 6 {
		m.add(flow.Traits{Unit: "u"}, 20-n, -1)
	}
	l := FlowList{List: ListOpen}
	first, err := PartBehind(m.FlowCards, FlowQuery{}, l, "", 3)
	if err != nil || first.Next == "" {
		t.Fatal(first, err)
	}
	m.Items = append(m.Items[:2], m.Items[3:]...)
	next, err := PartBehind(m.FlowCards, FlowQuery{}, l, first.Next, 3)
	if got := fmt.Sprintln(len(next.Cards), next.Cards[0].Card, next.Next); err != nil || got != "3 c0003 \n" {
		t.Error(got, err)
	}
	for _, odd := range []string{"x", "1.2.3", "1.2.3.", "1.2.3.a b", "01.2.3.a", "1.2.3.a.4 ", "-", "9999999999999999999999.1.1.a"} {
		var bad *FilterError
		if _, err := PartBehind(m.FlowCards, FlowQuery{}, l, odd, 3); !errors.As(err, &bad) || bad.Key != "after" {
			t.Errorf("%q: %v", odd, err)
		}
	}
}
