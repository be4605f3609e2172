package storetest

import (
	"fmt"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

// Benchmark measures what the runner and the board do most.
func Benchmark(b *testing.B, open Opener) {
	b.Run("commit 100 new cards", func(b *testing.B) { benchNew(b, open(b)) })
	b.Run("commit 100 known cards", func(b *testing.B) { benchKnown(b, open(b)) })
	b.Run("commit 1 known card", func(b *testing.B) { benchStep(b, open(b)) })
	b.Run("read 5000 faces", func(b *testing.B) { benchFaces(b, open(b)) })
	b.Run("list 100 due of 5000", func(b *testing.B) { benchDue(b, open(b)) })
	b.Run("load 1 card of 5000", func(b *testing.B) { benchCard(b, open(b)) })
}

// page is a commit as one page of a first read makes it: per card an issue, two
// history entries, a write and a mention.
func page(from, n int) store.Commit {
	c := store.Commit{Now: epoch(), Cursor: &store.SourceState{Tracker: "jira", FeedHead: int64(from)}}
	for i := from; i < from+n; i++ {
		w := paired(kanban.CardID(fmt.Sprintf("card%07d", i)), strings.Repeat("A title of usual length ", 3))
		w.Dirty = true
		jira := w.Card.Sides[kanban.Jira].Issue
		id := string(w.Card.ID)
		w.Card.Ops = []reconcile.Op{newOp("op-"+id, w.Card.ID, reconcile.Planned, i)}
		c.Cards = append(c.Cards, w)
		c.Issues = append(c.Issues, store.IssueRow{Tracker: "jira", ID: jira.ID, Key: jira.Key, Container: "OPS", StatusID: "3", Card: w.Card.ID, Token: at(i)})
		c.Mentions = append(c.Mentions, store.MentionSet{Tracker: "jira", IssueID: jira.ID, Method: "remote-link", Targets: []string{"acme/pay#" + id}})
		c.Record.Events = append(c.Record.Events, newEvent("a"+id, jira.ID, i), newEvent("b"+id, jira.ID, i))
		c.Record.Activity = append(c.Record.Activity, engine.Activity{At: at(i), Card: w.Card.ID, Kind: engine.DidPair, Text: "paired"})
	}
	return c
}

func perSecond(b *testing.B, n int, unit string) {
	b.Helper()
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), unit+"/s")
}

func benchNew(b *testing.B, s Store) {
	b.Helper()
	n := 0
	for b.Loop() {
		commit(b, s, page(n, 100))
		n += 100
	}
	perSecond(b, 100, "cards")
}

func benchKnown(b *testing.B, s Store) {
	b.Helper()
	commit(b, s, page(0, 100))
	lock := int64(1)
	for b.Loop() {
		c := page(0, 100)
		for i := range c.Cards {
			c.Cards[i].Card.Lock = lock
		}
		commit(b, s, c)
		lock++
	}
	perSecond(b, 100, "cards")
}

func benchStep(b *testing.B, s Store) {
	b.Helper()
	commit(b, s, page(0, 1))
	for b.Loop() {
		card := must(s.Card(b.Context(), "card0000000"))(b)
		commit(b, s, store.Commit{Cards: []store.CardWrite{again(card)}})
	}
	perSecond(b, 1, "steps")
}

// full fills a store with 5000 cards.
func full(b *testing.B, s Store) {
	b.Helper()
	for n := 0; n < 5000; n += 500 {
		commit(b, s, page(n, 500))
	}
}

func benchFaces(b *testing.B, s Store) {
	b.Helper()
	full(b, s)
	for b.Loop() {
		if n := len(must(s.Faces(b.Context(), store.FaceQuery{}))(b)); n != 5000 {
			b.Fatalf("%d faces", n)
		}
	}
}

func benchDue(b *testing.B, s Store) {
	b.Helper()
	full(b, s)
	for b.Loop() {
		if n := len(must(s.Due(b.Context(), at(1), 100))(b)); n != 100 {
			b.Fatalf("%d due", n)
		}
	}
}

func benchCard(b *testing.B, s Store) {
	b.Helper()
	full(b, s)
	for b.Loop() {
		must(s.Card(b.Context(), "card0002500"))(b)
	}
}
