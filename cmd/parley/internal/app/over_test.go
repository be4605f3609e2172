package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// TestWhatIsDoneAboutAPriorityOverTheContract puts the choices on the ticket once, counts
// them as told when they are there, and writes the priority back once when nobody chose.
func TestWhatIsDoneAboutAPriorityOverTheContract(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	for i := range a.Views.Agreements {
		terms := &a.Views.Agreements[i].Versions[0]
		terms.Over, terms.ChooseDays = contract.Enforce, 2
	}
	k := bookkeeper{App: a, told: map[kanban.UnitKey]string{}, failed: map[string]bool{}}
	look := func(comments int, decisions ...contract.Kind) []remark.Remark {
		t.Helper()
		for range 2 { // once more, and nothing is done twice
			if err := k.answerOver(t.Context()); err != nil || len(k.failed) > 0 {
				t.Fatal(err, k.failed)
			}
		}
		open, err := a.Store.RemarksOf(t.Context(), "jira", ref("cardC"))
		if err != nil || len(open) != comments {
			t.Fatalf("%d comments, %v; want %d", len(open), err, comments)
		}
		all, err := a.Store.Decisions(t.Context())
		var kinds []contract.Kind
		for _, e := range all {
			kinds = append(kinds, e.Kind)
		}
		if err != nil || len(kinds) != len(decisions) || len(kinds) > 0 && kinds[len(kinds)-1] != decisions[len(decisions)-1] {
			t.Fatalf("decided is %v, %v; want %v", kinds, err, decisions)
		}
		return open
	}
	asked := look(1)[0]
	for _, words := range []string{"OPS-3 asks for a slot of Trading", "held by OPS-2 and OPS-1", "swap", "borrow", "wait", "If nobody chooses until"} {
		if !strings.Contains(asked.Body, words) {
			t.Errorf("%q is not in %q", words, asked.Body)
		}
	}
	asked.Post.State, asked.Post.Issue, asked.Written = mirror.Done, "c1", asked.Version
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Remarks: []store.RemarkWrite{{Remark: asked}}}); err != nil {
		t.Fatal(err)
	}
	look(1, contract.Told)
	now := a.Now().AddDate(0, 0, 3)
	a.Now = func() time.Time { return now }
	a.Views.Now, a.Runner.Now = a.Now, a.Now
	look(1, contract.Told) // it is said once a tracker shows it
	shows(t, a, "cardC")
	look(2, contract.Told, contract.PutBack)
	if c, err := a.Store.Card(t.Context(), idOf("cardC")); err != nil || c.Priority.Agreed != "low" {
		t.Errorf("it is %q, %v", c.Priority.Agreed, err)
	}
}

// shows lets Jira show the priority that a card has, as after its write.
func shows(t *testing.T, a *App, name string) {
	t.Helper()
	c, err := a.Store.Card(t.Context(), idOf(name))
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Ops {
		c.Ops[i].State, c.Ops[i].Closed = reconcile.Finished, a.Now()
	}
	c.Sides[kanban.Jira].Need = engine.NeedNothing
	c.Priority.Sides[kanban.Jira].Native = kanban.Native(c.Priority.Agreed)
	w := store.CardWrite{Card: c, Face: a.Runner.Engine().Face(&c)}
	if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Cards: []store.CardWrite{w}}); err != nil {
		t.Fatal(err)
	}
}

// TestWhatCannotBeSaidOnATicketIsTriedOnce records it with the reason, says it on the page,
// and writes nothing back that nobody was asked about. A comment that somebody deleted was there.
func TestWhatCannotBeSaidOnATicketIsTriedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(*remark.Remark)
		mute string
		last contract.Kind
	}{
		"refused": {func(r *remark.Remark) { r.Post.State, r.Problem = mirror.Rejected, "403:\n no comments here" }, "403: no comments here", contract.Told},
		"deleted": {func(r *remark.Remark) {
			r.Post.State, r.Post.Issue, r.Written, r.Gone = mirror.Done, "c1", r.Version, r.Post.Created.Add(time.Second)
		}, "", contract.PutBack},
	} {
		a := dealing(t)
		for i := range a.Views.Agreements {
			terms := &a.Views.Agreements[i].Versions[0]
			terms.Over, terms.ChooseDays = contract.Enforce, 2
		}
		k := bookkeeper{App: a, told: map[kanban.UnitKey]string{}, failed: map[string]bool{}}
		answer := func() {
			t.Helper()
			if err := k.answerOver(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		answer()
		asked, err := a.Store.Remark(t.Context(), "over/"+ref("cardC")+"/2026-W47")
		if err != nil {
			t.Fatal(err)
		}
		c.end(&asked)
		if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Remarks: []store.RemarkWrite{{Remark: asked}}}); err != nil {
			t.Fatal(err)
		}
		answer()
		now := a.Now().AddDate(0, 0, 3)
		a.Now = func() time.Time { return now }
		a.Views.Now, a.Runner.Now = a.Now, a.Now
		answer()
		if c.last == contract.PutBack {
			shows(t, a, "cardC")
		}
		answer()
		all, err := a.Store.Decisions(t.Context())
		if err != nil || len(all) == 0 || all[0].Kind != contract.Told || all[0].Note != c.mute || all[len(all)-1].Kind != c.last || len(all) > 2 {
			t.Errorf("%s: decided is %+v, %v", name, all, err)
		}
		k2, err := a.Views.As(view.Somebody()).Contract(t.Context(), "trading")
		if said := err == nil && len(k2.Over) == 1 && strings.Contains(k2.Over[0].Sentence, "could not be said on its ticket"); said != (c.mute != "") {
			t.Errorf("%s: the page says %+v, %v", name, k2.Over, err)
		}
	}
}

// TestMarksFollowWhoIsOverTheContract keeps them where boards read them, and has the cards
// told again whose marks have changed, and no others.
func TestMarksFollowWhoIsOverTheContract(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	k := bookkeeper{App: a, told: map[kanban.UnitKey]string{}, failed: map[string]bool{}}
	ops := view.Viewer{Audience: view.AudienceOps, Role: kanban.Ops, Name: "olu", Proved: true}
	seq, err := a.Store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	told := func(want string) {
		t.Helper()
		for range 2 {
			accounts, err := a.Views.Standing(t.Context())
			if err == nil {
				err = k.markOver(t.Context(), accounts)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		delta, err := a.Views.As(ops).Since(t.Context(), seq)
		var got []string
		for _, c := range delta.Cards {
			line := c.Title
			if c.Over != nil {
				line = fmt.Sprintf("%s over %s, place %d %s", c.Title, c.Over.Unit, c.Over.Place, c.Over.Choice)
			}
			got = append(got, line)
		}
		if err != nil || strings.Join(got, "; ") != want {
			t.Errorf("told is %q, %v; want %q", got, err, want)
		}
		if seq == delta.Seq {
			t.Error("nobody is told")
		}
		seq = delta.Seq
	}
	told("cardC over trading, place 1 ")
	for n, c := range [][2]string{{web.DealWait, "cardC over trading, place 1 wait"}, {web.DealBorrow, "cardC"}} {
		if _, err := a.Deal(t.Context(), web.Deal{What: c[0], Card: ref("cardC"), Op: fmt.Sprint(n, c[0]), By: ops}); err != nil {
			t.Fatal(err)
		}
		told(c[1])
	}
}

// TestTheChoicesAreOneCommentInAPeriod writes them anew there where the priority is raised
// once more, and puts others on the ticket in another week.
func TestTheChoicesAreOneCommentInAPeriod(t *testing.T) {
	t.Parallel()
	a := dealing(t)
	k := bookkeeping(a)
	moves, err := a.Views.OverMoves(t.Context())
	if err != nil || len(moves) != 1 {
		t.Fatal(moves, err)
	}
	raised := func(days int, text string) view.OverMove {
		m := moves[0]
		m.Raised, m.Text = a.Now().AddDate(0, 0, days).Add(time.Hour), text
		return m
	}
	for n, x := range []struct {
		move     view.OverMove
		comments int
		body     string // of the first
		told     int
	}{
		{moves[0], 1, moves[0].Text, 0}, {moves[0], 1, moves[0].Text, 1}, {raised(0, "anew"), 1, "anew", 1}, {raised(0, "anew"), 1, "anew", 2}, {raised(7, "later"), 2, "anew", 2},
	} {
		if err := k.tell(t.Context(), x.move); err != nil {
			t.Fatal(n, err)
		}
		all, err := a.Store.RemarksOf(t.Context(), "jira", ref("cardC"))
		decisions, err2 := a.Store.Decisions(t.Context())
		if err != nil || err2 != nil || len(all) != x.comments || all[0].Body != x.body || len(decisions) != x.told {
			t.Fatalf("%d: %+v, told %d, %v, %v", n, all, len(decisions), err, err2)
		}
		r := all[0]
		r.Post.State, r.Post.Issue, r.Written = mirror.Done, "c1", r.Version
		if _, err := a.Store.Commit(t.Context(), store.Commit{Now: a.Now(), Remarks: []store.RemarkWrite{{Remark: r}}}); err != nil {
			t.Fatal(err)
		}
	}
}
