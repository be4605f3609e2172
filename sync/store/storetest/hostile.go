package storetest

import (
	"strings"

	"github.com/google/go-cmp/cmp"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/reconcile"
	"parley/sync/store"
)

func hostileCases() []check {
	return []check{
		{"texts of trackers are stored whatever is in them", hostileTexts},
		{"names too long to be indexed stay apart", longNames},
	}
}

func hostileTexts(t fixture) {
	s := t.store
	for i, text := range []string{
		"NUL \x00 inside", "'; DROP TABLE card; --", "\u202eright to left", "\U0001F469\u200d\U0001F4BB", "tab\tnew\nline\r",
		strings.Repeat("x", 100_000), strings.Repeat("é\x00", 60_000), "bad \xff\xfe utf-8", "$1 ? %s :name", "",
	} {
		id := kanban.NewCardID("jira", text)
		w := newCard(id, text)
		w.Face.Column, w.Face.Unit = kanban.ColumnKey(text), kanban.UnitKey(text)
		w.Card.Ops = []reconcile.Op{newOp("op"+text, id, reconcile.Planned, i)}
		w.Card.Ops[0].Problem = text
		event := newEvent("e"+text, "1"+string(id), i)
		event.Actor, event.Changes[0].To = text, text
		commit(t, s, store.Commit{
			Cards:    []store.CardWrite{w},
			Issues:   []store.IssueRow{{Tracker: "jira", ID: "i" + text, Key: "k" + text, Container: text, StatusID: text, Card: id, Hash: text}},
			Mentions: []store.MentionSet{{Tracker: "jira", IssueID: "i" + text, Method: "m", Targets: []string{"t" + text}}},
			Answer:   &store.Answer{Key: "a" + text, JSON: []byte(`{}`)},
			Record: engine.Record{
				Events:    []kanban.Event{event},
				Activity:  []engine.Activity{{Card: id, Text: text, Actor: text}},
				Conflicts: []reconcile.Conflict{{ID: "c" + text, Card: id, State: reconcile.ConflictOpen}},
			},
			Cursor: &store.SourceState{Tracker: "jira", Source: "s" + text, Tier: text, Error: text},

			Settings:   map[string]string{"s" + text: text},
			Quarantine: []store.Quarantined{{Tracker: "jira", Issue: "q" + text, Key: text, Fingerprint: text, Reason: text}},
			Swept:      []store.Swept{{Tracker: "jira", IDs: []string{"i" + text}, At: at(99)}},
		})
		if err := s.SavePlan(t.Context(), "plan"+text, []byte(text), at(i)); err != nil {
			t.Errorf("save plan: %v", err)
		}
		found(t, id, text)
	}
	if got, want := len(must(s.Faces(t.Context(), store.FaceQuery{}))(t)), 10; got != want {
		t.Errorf("%d faces, want %d", got, want)
	}
	if got := must(s.Unswept(t.Context(), "jira", nil, at(99), "", 0))(t); len(got) != 0 {
		t.Errorf("%d issues are not marked as swept", len(got))
	}
}

// found fails unless everything about a text is found again by the same text.
func found(t fixture, id kanban.CardID, text string) {
	t.Helper()
	s := t.store
	ctx, name := t.Context(), text[:min(len(text), 20)]
	card := must(s.Card(ctx, id))(t)
	valid := strings.ToValidUTF8(text, "\uFFFD")
	if title := card.Sides[kanban.Jira].Issue.Title; len(title) < len(valid) || !strings.Contains(title, "\uFFFD") && title != valid {
		t.Errorf("%q: title became %.40q", name, title)
	}
	if len(card.Ops) != 1 {
		t.Errorf("%q: %d writes, want 1", name, len(card.Ops))
	}
	if row, ok := must(s.Index(ctx, "jira", []string{"i" + text}))(t)["i"+text]; !ok || row.Card != id {
		t.Errorf("%q: issue found: %v, of card %q", name, ok, row.Card)
	}
	if rows := must(s.IssueByKey(ctx, "K"+text))(t); len(rows) != 1 {
		t.Errorf("%q: %d issues by key, want 1", name, len(rows))
	}
	if m := must(s.Mentioned(ctx, "t"+text))(t); len(m) != 1 {
		t.Errorf("%q: %d mentions, want 1", name, len(m))
	}
	if _, ok, err := s.AnswerOf(ctx, "a"+text); !ok || err != nil {
		t.Errorf("%q: answer found: %v, %v", name, ok, err)
	}
	if faces := must(s.Faces(ctx, store.FaceQuery{Columns: []kanban.ColumnKey{kanban.ColumnKey(text)}}))(t); len(faces) != 1 {
		t.Errorf("%q: %d faces in the column, want 1", name, len(faces))
	}
	if len(must(s.Events(ctx, id))(t)) != 1 || must(s.Conflict(ctx, "c"+text))(t).Card != id {
		t.Errorf("%q: event or conflict lost", name)
	}
	if value, ok, err := s.Setting(ctx, "s"+text); !ok || err != nil || len(value) < len(valid) {
		t.Errorf("%q: setting %.40q, %v, %v", name, value, ok, err)
	}
	if items, _, err := s.PlanOf(ctx, "plan"+text); err != nil || string(items) != text {
		t.Errorf("%q: plan %.40q, %v", name, items, err)
	}
	if st := must(s.Tier(ctx, "jira", "s"+text, text))(t); st.Cursor.Source != "" || len(st.Error) < len(valid) {
		t.Errorf("%q: source came back as %.80v", name, st)
	}
}

func longNames(t fixture) {
	s := t.store
	long := strings.Repeat("n", 3000)
	commit(t, s, store.Commit{Issues: []store.IssueRow{
		{Tracker: "jira", ID: long + "1", Key: long + "1", Hash: "1"}, {Tracker: "jira", ID: long + "2", Key: long + "2", Hash: "2"},
	}})
	got := map[string]string{}
	for id, row := range must(s.Index(t.Context(), "jira", []string{long + "1", long + "2", long + "3"}))(t) {
		got[id] = row.Hash
	}
	if diff := cmp.Diff(map[string]string{long + "1": "1", long + "2": "2"}, got); diff != "" {
		t.Errorf("Index (-want +got):\n%s", diff)
	}
}
