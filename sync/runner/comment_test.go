package runner

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/mirror"
	"parley/sync/remark"
	"parley/sync/store"
)

const question = "Which week, @ben? See #1."

// commentPlaces are an issue of each tracker on which Parley comments.
func (w *world) commentPlaces() map[string]connectors.Ref {
	w.t.Helper()
	key, _ := w.pair("Pay faster")
	card := w.card(key)
	return map[string]connectors.Ref{"jira": card.Sides[0].Issue.Ref, "github": card.Sides[1].Issue.Ref}
}

// comments are the texts of an issue's comments, by whichever tracker has it.
func (w *world) comments(at connectors.Ref) (texts []string) {
	w.t.Helper()
	if at.Tracker == "jira" {
		i, _ := w.site.Issue(at.Key)
		for _, c := range i.Comments {
			texts = append(texts, c.Body)
		}
		return texts
	}
	cs, err := w.hub.Comments(repo, at.Number)
	w.must(err)
	for _, c := range cs {
		texts = append(texts, c.Body)
	}
	return texts
}

func (w *world) comment(at connectors.Ref, change ...func(*remark.Wish)) remark.Remark {
	w.t.Helper()
	wish := remark.Wish{Key: "q1", Issue: at, Body: question, Reason: "the requester is asked"}
	for _, f := range change {
		f(&wish)
	}
	r, err := w.runner.Comment(context.Background(), wish)
	w.must(err)
	return r
}

func (w *world) said(key string) *remark.Remark {
	w.t.Helper()
	r, err := w.runner.CommentOf(context.Background(), key)
	w.must(err)
	return &r
}

// wait lets time pass in steps in which the worker works.
func (w *world) wait(d time.Duration) {
	w.t.Helper()
	for end := w.clock.Now().Add(d); w.clock.Now().Before(end); w.clock.Advance(time.Second * 15) {
		w.work()
	}
	w.work()
}

// onBoth runs a test for an issue of each tracker.
func onBoth(t *testing.T, test func(t *testing.T, w *world, at connectors.Ref)) {
	t.Helper()
	for _, tracker := range []string{"jira", "github"} {
		t.Run(tracker, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.site.SetRole("OPS", "Developers", w.at.Bot.AccountID, "ana")
			test(t, w, w.commentPlaces()[tracker])
		})
	}
}

func commentPost(r *http.Request) bool {
	return r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/comment") || strings.HasSuffix(r.URL.Path, "/comments"))
}

func TestACommentIsPostedOnceEditedAndDeleted(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *world, at connectors.Ref) {
		t.Helper()
		w.comment(at)
		w.work()
		w.comment(at, func(r *remark.Wish) { r.Body = "something else" }) // the same key is the same comment
		w.work()
		if got := w.comments(at); len(got) != 1 || !strings.Contains(got[0], "Which week") || w.said("q1").State() != remark.Posted {
			t.Fatalf("%q, %s", got, w.said("q1").State())
		}
		_, err := w.runner.RewriteComment(context.Background(), "q1", "Which day?", nil)
		w.must(err)
		w.work()
		if got := w.comments(at); len(got) != 1 || !strings.Contains(got[0], "Which day?") {
			t.Errorf("edited: %q", got)
		}
		_, err = w.runner.WithdrawComment(context.Background(), "q1")
		w.must(err)
		w.work()
		if got := w.comments(at); len(got) != 0 || w.said("q1").State() != remark.Deleted {
			t.Errorf("withdrawn: %q, %s", got, w.said("q1").State())
		}
		story := w.story(w.card(at.Key))
		for _, line := range []string{"wrote: commented on " + at.Key + ": the requester is asked", "wrote: edited a comment on " + at.Key, "wrote: deleted a comment on " + at.Key} {
			if strings.Count(story, line) != 1 || strings.Contains(story, "Which") {
				t.Errorf("%q is not told once, or its words are: %s", line, story)
			}
		}
	})
}

func TestACommentWhoseAnswerIsLostIsPostedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *world, at connectors.Ref) {
		t.Helper()
		lost := 0
		w.after = func(r *http.Request) error {
			if commentPost(r) {
				lost++
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		w.comment(at)
		w.work()
		if w.said("q1").State() != remark.Unknown {
			t.Fatalf("%s after a lost answer", w.said("q1").State())
		}
		w.wait(20 * time.Minute)
		if got := w.comments(at); lost != 1 || len(got) != 1 || w.said("q1").State() != remark.Posted {
			t.Errorf("%d requests, %q, %s %s", lost, got, w.said("q1").State(), w.said("q1").Problem)
		}
	})
}

// A process that ends between storing and sending has posted nothing: the next one finds
// that out, and posts it once.
func TestACommentThatNeverLeftIsPostedOnce(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *world, at connectors.Ref) {
		t.Helper()
		w.comment(at)
		for _, ev := range []remark.Event{nil, remark.LookedUp{Began: w.clock.Now()}} {
			_, err := w.runner.stepRemark(context.Background(), "q1", ev, false)
			w.must(err)
		}
		if w.said("q1").Post.State != mirror.Sending {
			t.Fatal(w.said("q1").Post.State)
		}
		w.must(w.store.Close())
		w.start()
		w.must(w.runner.TakeUp(context.Background()))
		w.work()
		if got := w.comments(at); len(got) != 0 {
			t.Errorf("%q is there before it is known that the first request is lost", got)
		}
		w.wait(10 * time.Minute)
		if got := w.comments(at); len(got) != 1 || w.said("q1").Post.Attempts != 2 {
			t.Errorf("%q after %d requests", got, w.said("q1").Post.Attempts)
		}
	})
}

// The issue remembers what a lost store forgets.
func TestACommentIsFoundAgainAfterALostStore(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *world, at connectors.Ref) {
		t.Helper()
		first := w.comment(at)
		w.work()
		id := w.said("q1").ID()
		w.lose()
		w.settle(3)
		again := w.comment(at)
		w.work()
		if got := w.comments(at); len(got) != 1 || w.said("q1").ID() != id || first.Post.Mark != again.Post.Mark {
			t.Errorf("%q, %q", got, w.said("q1").ID())
		}
	})
}

func TestAPersonsWordsInACommentAreLeftAlone(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, w *world, at connectors.Ref) {
		t.Helper()
		w.comment(at)
		w.work()
		w.clock.Advance(time.Minute)
		w.editComment(at, "I mean the week after")
		_, err := w.runner.RewriteComment(context.Background(), "q1", "Which day?", nil)
		w.must(err)
		w.work()
		if got := w.comments(at); got[0] != "I mean the week after" || w.said("q1").State() != remark.Refused {
			t.Errorf("%q, %s", got, w.said("q1").State())
		}
		w.deleteComment(at)
		if _, err = w.runner.RewriteComment(context.Background(), "q1", "Which hour?", nil); err != nil {
			t.Fatal(err)
		}
		w.wait(3 * time.Minute) // a read that does not show a new comment may be late
		if got := w.comments(at); len(got) != 0 || w.said("q1").State() != remark.Vanished {
			t.Errorf("posted again: %q, %s", got, w.said("q1").State())
		}
	})
}

// Reads come from a copy that lags: neither a comment that it does not show yet is gone,
// nor one that it shows as it was edited by somebody.
func TestACommentIsReadFromACopyThatLags(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{20 * time.Second, 90 * time.Second} {
		late := func(string, int) time.Duration { return lag }
		w := newWorld(t, func(w *world) { w.gitHub(githubsim.Options{ReadLag: late, ListLag: late}) })
		key, _ := w.pair("Pay faster")
		w.settle(5)
		at := w.card(key).Sides[kanban.GitHub].Issue.Ref
		w.comment(at)
		for i, text := range []string{"Which day?", "Which hour?", "Which minute?"} {
			w.work()
			w.clock.Advance(time.Duration(i) * 2 * time.Second)
			_, err := w.runner.RewriteComment(context.Background(), "q1", text, nil)
			w.must(err)
		}
		w.wait(10 * time.Minute)
		if got := w.comments(at); len(got) != 1 || !strings.Contains(got[0], "Which minute?") || w.said("q1").State() != remark.Posted {
			t.Errorf("%s: %q, %s %s", lag, got, w.said("q1").State(), w.said("q1").Problem)
		}
		_, err := w.runner.WithdrawComment(context.Background(), "q1")
		w.must(err)
		w.wait(time.Minute)
		if got := w.comments(at); len(got) != 0 {
			t.Errorf("%s: withdrawn: %q", lag, got)
		}
	}
}

func (w *world) editComment(at connectors.Ref, body string) {
	w.t.Helper()
	if at.Tracker == "jira" {
		i, _ := w.site.Issue(at.Key)
		w.must(w.site.At(w.clock.Now()).EditComment("ana", at.Key, i.Comments[0].ID, body))
		return
	}
	cs, err := w.hub.Comments(repo, at.Number)
	w.must(err)
	w.must(w.hub.EditComment("ben", repo, cs[0].ID, body))
}

func (w *world) deleteComment(at connectors.Ref) {
	w.t.Helper()
	if at.Tracker == "jira" {
		i, _ := w.site.Issue(at.Key)
		w.must(w.site.At(w.clock.Now()).DeleteComment("ana", at.Key, i.Comments[0].ID))
		return
	}
	cs, err := w.hub.Comments(repo, at.Number)
	w.must(err)
	w.must(w.hub.DeleteComment("ben", repo, cs[0].ID))
}

func TestACommentForFewIsNeverForMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.SetRole("OPS", "Developers", w.at.Bot.AccountID, "ana")
	at := w.commentPlaces()
	few := func(key string, a connectors.Audience) func(*remark.Wish) {
		return func(r *remark.Wish) { r.Key, r.Audience = key, a }
	}
	w.comment(at["jira"], few("role", connectors.Audience{Role: "Developers"}))
	w.comment(at["jira"], few("internal", connectors.Audience{Internal: true})) // OPS is no service desk
	w.comment(at["github"], few("github", connectors.Audience{Role: "Developers"}))
	w.work()
	_, err := w.runner.RewriteComment(context.Background(), "role", "Which day?", nil)
	w.must(err)
	w.work()
	i, _ := w.site.Issue(at["jira"].Key)
	if len(i.Comments) != 1 || i.Comments[0].Visibility == nil || i.Comments[0].Visibility.Value != "Developers" || !strings.Contains(i.Comments[0].Body, "Which day?") {
		t.Errorf("%+v", i.Comments)
	}
	if got := w.comments(at["github"]); len(got) != 0 {
		t.Errorf("on GitHub: %q", got)
	}
	for key, want := range map[string]remark.State{"role": remark.Posted, "internal": remark.Refused, "github": remark.Refused} {
		if c := w.said(key); c.State() != want || (want == remark.Refused) == (c.Problem == "") {
			t.Errorf("%s: %s %q", key, c.State(), c.Problem)
		}
	}
}

func TestAnInternalCommentStaysInternal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) {
		w.site.AddProject(jirasim.Project{Key: "OPS", Name: "Operations", ServiceDesk: true, PriorityScheme: jirasim.DefaultScheme, Types: []string{"Story"}, Workflows: map[string]string{"": jirasim.StrictWorkflow}})
	})
	at := w.commentPlaces()["jira"]
	w.comment(at, func(r *remark.Wish) { r.Audience.Internal = true })
	w.work()
	_, err := w.runner.RewriteComment(context.Background(), "q1", "Which day?", nil)
	w.must(err)
	w.work()
	if i, _ := w.site.Issue(at.Key); len(i.Comments) != 1 || !i.Comments[0].Internal || !strings.Contains(i.Comments[0].Body, "Which day?") {
		t.Errorf("%+v, %s", i.Comments, w.said("q1").Problem)
	}
}

func TestPlanModePostsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.write = false })
	at := w.commentPlaces()["jira"]
	w.comment(at)
	w.wait(time.Minute)
	if got := w.comments(at); len(got) != 0 || w.said("q1").State() != remark.Held {
		t.Errorf("%q, %s", got, w.said("q1").State())
	}
	_, err := w.runner.AllowComment(context.Background(), "q1")
	w.must(err)
	w.work()
	if got := w.comments(at); len(got) != 1 {
		t.Errorf("allowed: %q, %s", got, w.said("q1").State())
	}
}

// What is held in plan mode goes once writing is on.
func TestACommentGoesOnceWritingIsOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(w *world) { w.write = false })
	at := w.commentPlaces()["github"]
	w.comment(at)
	w.work()
	w.must(w.store.Close())
	w.write = true
	w.start()
	w.must(w.runner.TakeUp(context.Background()))
	w.work()
	if got := w.comments(at); len(got) != 1 {
		t.Errorf("%q, %s", got, w.said("q1").State())
	}
}

func TestCommentsAreReadWithAuthorAudienceAndTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.SetRole("OPS", "Developers", w.at.Bot.AccountID, "ana")
	at := w.commentPlaces()["jira"]
	w.comment(at)
	w.work()
	asked := w.clock.Now()
	w.clock.Advance(time.Hour)
	_, err := w.site.PostComment("ana", at.Key, jirasim.Comment{Body: "Next week", Visibility: &jirasim.Visibility{Type: "role", Value: "Developers"}})
	w.must(err)
	all, err := w.runner.ReadComments(context.Background(), at, time.Time{})
	if err != nil || len(all) != 2 || !all[0].Own || all[0].Body != question {
		t.Fatalf("%+v, %v", all, err)
	}
	replies, err := w.runner.ReadComments(context.Background(), at, asked.Add(time.Minute))
	if err != nil || len(replies) != 1 || replies[0].Own || replies[0].Author.ID != "ana" || replies[0].Audience.Role != "Developers" || !replies[0].Created.Equal(asked.Add(time.Hour)) {
		t.Errorf("%+v, %v", replies, err)
	}
}

func TestWhatCannotBeAskedOfComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.commentPlaces()
	w.comment(at["jira"])
	if _, err := w.runner.Comment(context.Background(), remark.Wish{Key: "q1", Issue: at["github"], Body: "x"}); err == nil {
		t.Error("a key is taken for another issue")
	}
	if _, err := w.runner.Comment(context.Background(), remark.Wish{Key: "q2", Issue: connectors.Ref{Tracker: "none", ID: "1"}, Body: "x"}); err == nil {
		t.Error("an unknown tracker takes comments")
	}
	if _, err := w.runner.RewriteComment(context.Background(), "q9", "x", nil); !errors.Is(err, store.ErrUnknown) {
		t.Error(err)
	}
	if _, err := w.runner.ReadComments(context.Background(), connectors.Ref{Tracker: "none"}, time.Time{}); err == nil {
		t.Error("comments of an unknown tracker")
	}
}
