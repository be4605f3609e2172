package memory_test

import (
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/dispatch"
	"parley/sync/remark"
	"parley/sync/store"
	"parley/sync/store/storetest"
)

// album is what a store answers, by question.
type album struct {
	tb      testing.TB
	answers map[string]any
}

func ask[T any](a album, question string) func(T, error) {
	return func(v T, err error) {
		a.tb.Helper()
		if err != nil {
			a.answers[question] = outcome(0, err)
			return
		}
		a.answers[question] = v
	}
}

// picture is everything that a store answers.
func picture(tb testing.TB, s storetest.Store) map[string]any {
	tb.Helper()
	a := album{tb, map[string]any{}}
	ctx := tb.Context()
	ask[int64](a, "seq")(s.Seq(ctx))
	ask[store.Tally](a, "counts")(s.Counts(ctx))
	ask[[]string](a, "check")(s.Check(ctx))
	a.cards(s)
	a.issues(s)
	a.lists(s)
	return a.answers
}

func (a album) cards(s storetest.Store) {
	ctx := a.tb.Context()
	a.answers["cards"], _ = s.Cards(ctx, cardNames())
	a.answers["faces"], _ = s.Faces(ctx, store.FaceQuery{})
	a.answers["faces found"], _ = s.Faces(ctx, store.FaceQuery{SinceSeq: 3, Search: "BAD", Limit: 2, Columns: []kanban.ColumnKey{"bad\xff", "OPS-1"}})
	a.answers["due"], _ = s.Due(ctx, start(), 3)
	a.answers["gone"], _ = s.Gone(ctx, 2)
	a.answers["activity"], _ = s.Activity(ctx, store.ActivityQuery{})
	next, some, err := s.NextDue(ctx)
	a.answers["next"] = []any{next, some, err}
	for _, id := range cardNames() {
		a.answers["questions of "+string(id)], _ = s.QuestionsOf(ctx, id)
		name := string(id)
		a.answers["events "+name], _ = s.Events(ctx, id)
		a.answers["ops "+name], _ = s.OpsOf(ctx, id)
		a.answers["issues "+name], _ = s.IssuesOf(ctx, id)
		a.answers["activity "+name], _ = s.Activity(ctx, store.ActivityQuery{Card: id, Limit: 2, BeforeSeq: 20})
		a.answers["conflicts "+name], _ = s.Conflicts(ctx, store.ConflictQuery{Card: id, States: []string{"open", "restored"}})
		ask[kanban.CardID](a, "resolve "+name)(s.Resolve(ctx, name))
	}
}

func (a album) issues(s storetest.Store) {
	ctx := a.tb.Context()
	for _, tracker := range []string{"jira", "github"} {
		a.answers["index "+tracker], _ = s.Index(ctx, tracker, issueNames())
		a.answers["unpaired "+tracker], _ = s.Unpaired(ctx, tracker, []string{"OPS"}, "1", 2)
		a.answers["unswept "+tracker], _ = s.Unswept(ctx, tracker, nil, start().Add(4e9), "", 0)
		a.answers["newest "+tracker], _ = s.NewestKey(ctx, tracker, "OPS")
		row, ok, err := s.Resident(ctx, tracker, "OPS", "", "3")
		a.answers["resident "+tracker] = []any{row, ok, err}
		for _, id := range issueNames() {
			a.answers["mentions "+tracker+id], _ = s.Mentions(ctx, tracker, id)
			a.answers["parted "+tracker+id], _ = s.Parted(ctx, store.IssueID{Tracker: "jira", ID: "1"}, store.IssueID{Tracker: "jira", ID: id})
		}
		for _, source := range []string{"", "acme/pay"} {
			a.answers["source "+tracker+source], _ = s.Source(ctx, tracker, source)
		}
	}
	for _, key := range keys() {
		a.answers["by key "+key], _ = s.IssueByKey(ctx, key)
		a.answers["mentioned "+key], _ = s.Mentioned(ctx, key)
		ask[kanban.CardID](a, "resolve "+key)(s.Resolve(ctx, key))
	}
}

func (a album) lists(s storetest.Store) {
	ctx := a.tb.Context()
	a.answers["open"], _ = s.OpenOps(ctx)
	a.answers["remarks"], _ = s.OpenRemarks(ctx)
	a.answers["questions due"], _ = s.QuestionsDue(ctx, start().Add(5e9), 3)
	a.answers["remarks due"], _ = s.RemarksDue(ctx, start().Add(5e9), 3)
	for _, name := range settingNames() {
		ask[remark.Remark](a, "remark "+name)(s.Remark(ctx, name))
		ask[challenge.Question](a, "question "+name)(s.Question(ctx, name))
	}
	for _, issue := range issueNames() {
		a.answers["remarks of "+issue], _ = s.RemarksOf(ctx, "jira", issue)
	}
	a.answers["dispatches"], _ = s.OpenDispatches(ctx)
	for _, name := range settingNames() {
		a.answers["dispatches of "+name], _ = s.DispatchesOf(ctx, name)
		ask[dispatch.Dispatch](a, "dispatch "+name)(s.Dispatch(ctx, name))
	}
	a.answers["states"], _ = s.OpenStates(ctx)
	a.answers["oldest"], _ = s.OldestOpen(ctx)
	a.answers["sent"], _ = s.SentSince(ctx, start().Add(3e9))
	a.answers["ever sent"], _ = s.SentSince(ctx, time.Time{})
	a.answers["creating"], _ = s.Creating(ctx)
	a.answers["conflicts"], _ = s.Conflicts(ctx, store.ConflictQuery{Limit: 4})
	a.answers["sources"], _ = s.Sources(ctx)
	a.answers["tiers"], _ = s.Tiers(ctx)
	a.answers["edges"], _ = s.Edges(ctx, "jira", "", "")
	a.answers["quarantine"], _ = s.Quarantine(ctx)
	for _, name := range settingNames() {
		value, ok, err := s.Setting(ctx, name)
		a.answers["setting "+name] = []any{value, ok, err}
	}
	for _, hash := range []string{"01234567", "0123456799", "0123456"} {
		items, at, err := s.PlanOf(ctx, hash)
		a.answers["plan "+hash] = []any{string(items), at, err == nil}
	}
}
