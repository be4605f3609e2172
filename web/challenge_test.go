package web

import (
	"net/http"
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

// A question is put, answered and concluded by forms; the page shows both texts as texts.
func TestQuestionsWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	card := cardN(1)
	w.put(card)
	h := w.handler()
	contains(t, page(t, h, "/card/PAY-1", http.StatusOK), []string{`/ask"><input type="hidden" name="op"`}, []string{`/answer">`, `/conclude">`})
	for _, x := range []struct {
		target, body string
		want         Challenge
	}{
		{"/card/PAY-1/ask", "text=Which+%3Cb%3Eweek%3F&op=one", Challenge{What: ChallengeAsk, Text: "Which <b>week?", Op: "one"}},
		{"/card/PAY-1/answer", "text=The+first&op=two", Challenge{What: ChallengeAnswer, Text: "The first", Op: "two"}},
		{"/card/PAY-1/conclude", "outcome=reshaped&op=three", Challenge{What: ChallengeConclude, Outcome: "reshaped", Op: "three"}},
	} {
		rec := form(h, x.target, x.body)
		got := w.challenges[len(w.challenges)-1]
		if got.By, got.Card = (view.Viewer{}), ""; rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/card/PAY-1" || got != x.want {
			t.Errorf("%s: %d to %q, %+v", x.target, rec.Code, rec.Header().Get("Location"), got)
		}
	}
	if rec := form(h, "/card/PAY-1/ask", "text=+"); rec.Code != http.StatusBadRequest {
		t.Errorf("nothing is asked: %d", rec.Code)
	}
	w.tell = func(e *view.Explanation) {
		e.Questions = []view.Question{{Stage: "open", Text: "Which <b>week?", By: "Ana", At: noon, Put: noon, Days: 3, Due: "Wed 2026-11-25", Problem: "anybody may read it"}}
	}
	contains(t, page(t, h, "/card/PAY-1", http.StatusOK), []string{"Ana asked", "waited for an answer for 3 d, expected by the end of Wed 2026-11-25", "Which &lt;b&gt;week?", "Not carried: anybody may read it", `/answer"><input`, `value="withdrawn"`}, []string{"<b>week"})
	w.tell = func(e *view.Explanation) {
		e.Questions = []view.Question{{Stage: "concluded", At: noon, Put: noon, Days: 1, Outcome: "kept", Ended: noon, EndedBy: "Lea", Answers: []view.Reply{{Text: "The first", By: "Mia", At: noon}}}}
	}
	contains(t, page(t, h, "/card/PAY-1", http.StatusOK), []string{"was taken back, or is not kept", "Mia answered", "The first", "Lea concluded", ": kept"}, []string{`/answer">`, `/conclude">`})
}

// TestOfSeveralQuestionsItIsSaidWhichIsMeant: the forms for an answer and for the end name the
// question that they are about, and a further answer is called one.
func TestOfSeveralQuestionsItIsSaidWhichIsMeant(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.put(cardN(1))
	h, both := w.handler(), []view.Question{{Stage: "open", Text: "And which <i>desk?", At: noon, ToAnswer: true}, {Stage: "answered", Text: "Which week?", At: noon, ToConclude: true, Answers: []view.Reply{{Text: "The first", At: noon}}}}
	w.tell = func(e *view.Explanation) { e.Questions = both }
	contains(t, page(t, h, "/card/PAY-1", http.StatusOK), []string{
		"<summary>Answer</summary>", `<p class="meta">The question: <q>And which &lt;i&gt;desk?</q></p><label>Answer`, `<p class="meta">The question: <q>Which week?</q></p><p class="meta">What became of the request?`,
	}, []string{"Add to the answer"})
	both = both[1:]
	both[0].ToAnswer = true
	contains(t, page(t, h, "/card/PAY-1", http.StatusOK), []string{"<summary>Add to the answer</summary>", "The answer from before stays.", "<button>Add</button>"}, nil)
}

func TestTheFaceOfACardThatWaitsForAnAnswer(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "Waits for an answer since today", 3: "Waits for an answer for 3 d"} {
		c := view.Card{Blocked: &kanban.Block{Party: kanban.Business, Asked: true}, BlockedDays: n}
		if got := stateLine(c); got == nil || got.Kind != "asked" || got.Text != want {
			t.Errorf("after %d days: %+v", n, got)
		}
	}
}
