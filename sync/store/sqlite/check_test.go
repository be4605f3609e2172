package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/challenge"
	"parley/sync/dispatch"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
	"parley/sync/store"
)

// sound is a store with a row of everything that a check looks at.
func sound(t *testing.T, path string) *store.Store {
	t.Helper()
	s := opened(t, path)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	card := func(id kanban.CardID) store.CardWrite {
		return store.CardWrite{Card: engine.Card{ID: id, Sides: [2]*engine.Side{{
			Issue: connectors.Issue{Ref: connectors.Ref{Tracker: "jira", ID: "1" + string(id)}},
		}}}}
	}
	a := card("a")
	a.Card.Ops = []reconcile.Op{
		{ID: "o1", State: reconcile.Planned, Field: kanban.FieldStatus, Created: at},
		{ID: "o2", State: reconcile.Finished, Field: kanban.FieldStatus, Created: at, Closed: at},
	}
	for _, c := range []store.Commit{{
		Now: at, Cards: []store.CardWrite{a, card("b"), card("old")},
		Issues: []store.IssueRow{
			{Tracker: "jira", ID: "1a", Key: "OPS-1", Card: "a"}, {Tracker: "jira", ID: "1b", Key: "OPS-2", Card: "b"}, {Tracker: "jira", ID: "1old", Card: "old"},
		},
		Record: engine.Record{
			Events:    []kanban.Event{{Tracker: "jira", SourceID: "e", Issue: "1a", At: at}},
			Conflicts: []reconcile.Conflict{{ID: "c", Card: "a", State: reconcile.ConflictOpen}},
			Activity:  []engine.Activity{{Card: "a", Text: "x"}},
		},
		Questions: []store.QuestionWrite{{Question: challenge.Question{ID: "ask", Card: "a"}}},
		Remarks: []store.RemarkWrite{{Remark: remark.Remark{
			Key: "q", Issue: connectors.Ref{Tracker: "jira", ID: "1a"}, Version: 1, Written: 1, Post: mirror.Saga{State: mirror.Done, Issue: "5"},
		}}},
		Trades:     []store.Trade{{Begun: at, Trade: contract.Trade{ID: "s", Phase: contract.Raising, Down: contract.Half{Card: "a", To: "low"}, Up: contract.Half{Card: "b", To: "high"}}}},
		Dispatches: []dispatch.Dispatch{{ID: "d/email", Digest: "d", State: dispatch.Sent, Ended: at}},
	}, {Moved: []store.Alias{{Old: "old", New: "b"}}}} {
		if _, err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := s.Check(t.Context()); err != nil || len(found) != 0 {
		t.Fatalf("a sound store: %q, %v", found, err)
	}
	return s
}

// Every finding is made behind the store's back and has to be the only one, or to
// come with those that follow from it.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		damage string
		says   []string
	}{
		"no sequence":            {`DELETE FROM data_seq`, []string{"the data sequence has 0 rows instead of one", "card a was changed at data sequence 1, but the store is at 0", "card b was changed", "the end of card old was changed", `the activity of card "a" was changed`}},
		"two sequences":          {`INSERT INTO data_seq VALUES (2)`, []string{"the data sequence has 2 rows"}},
		"card of the future":     {`UPDATE card SET seq = 99 WHERE id = 'a'`, []string{"card a was changed at data sequence 99, but the store is at 2"}},
		"card without a lock":    {`UPDATE card SET lock = 0 WHERE id = 'a'`, []string{"card a has lock 0"}},
		"card touched later":     {`UPDATE card SET touched = 7 WHERE id = 'a'`, []string{"card a has lock 1 and was touched at lock 7"}},
		"card unreadable":        {`UPDATE card SET doc = '{' WHERE id = 'b'`, []string{"card b cannot be read (read card b from the store: unexpected end of JSON input)"}},
		"card of another name":   {`UPDATE card SET doc = replace(doc, '"id":"b"', '"id":"x"') WHERE id = 'b'`, []string{`card b says of itself that it is card "x"`}},
		"marked as paired":       {`UPDATE card SET paired = 1 WHERE id = 'b'`, []string{"card b is marked paired=true, but its issues say false"}},
		"one issue, two cards":   {`UPDATE card SET doc = replace(doc, '"ID":"1b"', '"ID":"1a"') WHERE id = 'b'`, []string{"cards a and b both have issue 1a of jira"}},
		"issue not in the index": {`DELETE FROM issue WHERE id = '1b'`, []string{"card b has issue 1b of jira, which is not in the index"}},
		"issue of no card":       {`UPDATE issue SET card = 'gone' WHERE id = '1old'`, []string{"filed under card gone, which does not exist"}},
		"issue of another card":  {`UPDATE issue SET card = 'b' WHERE id = '1a'`, []string{`issue OPS-1 (1a of jira) is on card a, but filed under card "b"`}},
		"issue filed nowhere":    {`UPDATE issue SET card = '' WHERE id = '1a'`, []string{`issue OPS-1 (1a of jira) is on card a, but filed under card ""`}},
		"alias to nobody":        {`UPDATE alias SET new_id = 'gone'`, []string{"card old lives on as card gone, which does not exist"}},
		"alias of one alive":     {`UPDATE alias SET old_id = 'a'`, []string{"card a lives on as card b, but is there itself as well"}},
		"alias of the future":    {`UPDATE alias SET seq = 9`, []string{"the end of card old was changed at data sequence 9"}},
		"write of no card":       {`UPDATE op SET card = 'gone' WHERE id = 'o1'`, []string{"write o1 belongs to card gone, which does not exist, and will never be sent"}},
		"write unreadable":       {`UPDATE op SET doc = '' WHERE id = 'o1'`, []string{"write o1 of card a cannot be read"}},
		"write filed as closed":  {`UPDATE op SET is_open = 0 WHERE id = 'o1'`, []string{"write o1 of card a is filed as planned (open: false), but is planned (open: true)"}},
		"write filed as another": {`UPDATE op SET state = 'held' WHERE id = 'o1'`, []string{"write o1 of card a is filed as held (open: true), but is planned (open: true)"}},
		"write filed as open":    {`UPDATE op SET is_open = 1 WHERE id = 'o2'`, []string{"write o2 of card a is filed as done (open: true)"}},
		"write open twice": {
			`UPDATE op SET doc = replace(doc, '"done"', '"acked"'), state = 'acked', is_open = 1 WHERE id = 'o2'`,
			[]string{"writes o1 and o2 of card a are open at once for status in jira"},
		},
		"conflict of no card":    {`UPDATE conflict SET card = 'gone'`, []string{`conflict c belongs to card "gone"`}},
		"conflict unreadable":    {`UPDATE conflict SET doc = 'x'`, []string{"conflict c cannot be read"}},
		"activity of no card":    {`UPDATE activity SET card = 'gone'`, []string{"1 lines of activity belong to card gone"}},
		"activity of the future": {`UPDATE activity SET seq = 9`, []string{`the activity of card "a" was changed at data sequence 9`}},
		"question unreadable":    {`UPDATE question SET doc = '{'`, []string{`question "ask" cannot be read`}},
		"question of another id": {`UPDATE question SET id = 'p'`, []string{`question "p" says of itself that it is "ask"`}},
		"question of no card":    {`UPDATE question SET card = 'zzz'`, []string{`question "ask" is about card zzz, which does not exist`}},
		"question filed as done": {`UPDATE question SET is_open = 0`, []string{`question "ask" is filed as open: false, but is waiting`}},
		"comment unreadable":     {`UPDATE remark SET doc = '{'`, []string{`comment "q" cannot be read`}},
		"comment of another key": {`UPDATE remark SET id = 'p'`, []string{`comment "p" says of itself that it is "q"`}},
		"comment elsewhere":      {`UPDATE remark SET issue = '1b'`, []string{`comment "q" is filed under issue 1b of jira, but is on 1a of jira`}},
		"comment filed as open":  {`UPDATE remark SET is_open = 1`, []string{`comment "q" is filed as open: true, but is posted`}},
		"comment to be stepped":  {`UPDATE remark SET dirty = 1`, []string{`comment "q" waits for a step, but is posted`}},
		"swap unreadable":        {`UPDATE trade SET doc = '['`, []string{`swap "s" cannot be read`}},
		"swap of another id":     {`UPDATE trade SET id = 'p'`, []string{`swap "p" says of itself that it is "s"`}},
		"swap filed as ended":    {`UPDATE trade SET is_open = 0`, []string{`swap "s" is filed as open: false, but is raising`}},
		"swap of no phase":       {`UPDATE trade SET doc = replace(doc, 'raising', 'resting')`, []string{`swap "s" is "resting", which is no phase of a swap, so that it never ends`}},
		"swap without an end":    {`UPDATE trade SET doc = replace(doc, 'raising', 'traded'), is_open = 0`, []string{`swap "s" is traded, but has an end: false`}},
		"swap of other cards":    {`UPDATE trade SET up = 'c'`, []string{`swap "s" is filed under cards a and c, but is of a and b`}},
		"dispatch unreadable":    {`UPDATE dispatch SET doc = '{'`, []string{`dispatch "d/email" cannot be read`}},
		"dispatch of another id": {`UPDATE dispatch SET id = 'p'`, []string{`dispatch "p" says of itself that it is "d/email"`}},
		"dispatch filed as open": {`UPDATE dispatch SET is_open = 1`, []string{`dispatch "d/email" is filed as open: true, but is sent`}},
		"dispatch filed astray":  {`UPDATE dispatch SET digest = 'x'`, []string{`dispatch "d/email" is filed under "x", but is of "d"`}},
		"history of no issue":    {`UPDATE event SET issue = '77'`, []string{"1 history entries belong to issue 77 of jira, which no card has and the index does not know"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "parley.db")
			s := sound(t, path)
			execute(t, path, c.damage)
			found, err := s.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != len(c.says) {
				t.Errorf("%d findings, want %d:\n%s", len(found), len(c.says), strings.Join(found, "\n"))
			}
			for i, says := range c.says[:min(len(found), len(c.says))] {
				if !strings.Contains(found[i], says) {
					t.Errorf("finding %q, want %q", found[i], says)
				}
			}
		})
	}
}

func TestCheckFindsDamagedFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	if err := sound(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	execute(t, path, `PRAGMA journal_mode = DELETE`)
	// An index that lacks a row: no reading of tables would ever notice.
	execute(t, path, `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX card_seq ON card (rev)' WHERE name = 'card_seq'`)
	s := opened(t, path)
	found, err := s.Check(t.Context())
	if err != nil || len(found) == 0 || !strings.HasPrefix(found[0], "the database says: ") || !strings.Contains(found[0], "card_seq") {
		t.Errorf("Check = %q, %v; want what is wrong with index card_seq", found, err)
	}
}

func TestCheckOfUnreadableFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "parley.db")
	s := sound(t, path)
	execute(t, path, `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err := os.Truncate(path, 4096*4); err != nil {
		t.Fatal(err)
	}
	if found, err := s.Check(t.Context()); err == nil && len(found) == 0 {
		t.Error("a file cut off is sound")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Check(ctx); err == nil {
		t.Error("a check told to stop says nothing")
	}
}
