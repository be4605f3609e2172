package challenge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/contract"
)

func at(n int) time.Time { return time.Date(2026, 11, 16, 9, 0, n, 0, time.UTC) }

func hub(comment string) Source {
	return Source{Issue: connectors.Ref{Tracker: "hub", ID: "7", Key: "acme/payments#7", Container: "acme/payments", Number: 7}, Comment: comment}
}

func site(comment string) Source {
	return Source{Issue: connectors.Ref{Tracker: "jira", ID: "10012", Key: "OPS-12", Container: "OPS"}, Comment: comment}
}

func word(s Source, text string, from, edited int) Word {
	return Word{Source: s, Text: text, Who: "somebody", At: at(from), Edited: at(edited)}
}

func asked() Question { return Begin("q1", "c1", word(hub("1"), "Which week?", 0, 0), at(1)) }

func TestTheLifeOfAQuestion(t *testing.T) {
	t.Parallel()
	open := asked().Reaches(at(10))
	answered := open.Answer(word(site("5"), "The last one.", 20, 20))
	kept := answered.Conclude(End{Outcome: Kept, By: kanban.IT, At: at(30)})
	for name, c := range map[string]struct {
		q             Question
		stage         Stage
		carried, back string
		events        int
	}{
		"asked":                        {asked(), Waiting, "Which week?", "", 0},
		"carried":                      {open, Open, "/answer", "", 1},
		"edited":                       {open.Ask(word(hub("1"), "Which day?", 0, 12)), Open, "Which day?", "", 1},
		"an older version":             {open.Ask(word(hub("1"), "Which year?", 0, -3)), Open, "Which week?", "", 1},
		"somebody else's words":        {open.Ask(word(hub("2"), "Which year?", 0, 12)), Open, "Which week?", "", 1},
		"answered":                     {answered, Answered, "is answered", "The last one.", 2},
		"answered before it is there":  {asked().Answer(word(site("5"), "Any.", 5, 5)), Answered, "is answered", "Any.", 0},
		"answered twice":               {answered.Answer(word(site("6"), "Or any.", 22, 22)), Answered, "", "The last one.\n\nOr any.", 3},
		"the answer edited":            {answered.Answer(word(site("5"), "The first.", 20, 25)), Answered, "", "The first.", 2},
		"the answer deleted":           {answered.Unanswer(site("5")), Answered, "is answered", "", 2},
		"and shown once more":          {answered.Unanswer(site("5")).Answer(word(site("5"), "The last one.", 20, 40)), Answered, "is answered", "", 2},
		"taken back":                   {open.TakeBack(hub("1"), at(15)), Concluded, "", "", 2},
		"taken back before it is sent": {asked().TakeBack(hub("1"), at(15)), Concluded, "", "", 0},
		"taken back after the answer":  {answered.TakeBack(hub("1"), at(25)), Answered, "", "a question that was taken back", 2},
		"another comment is gone":      {open.TakeBack(hub("2"), at(15)), Open, "Which week?", "", 1},
		"kept":                         {kept, Concluded, "concluded (kept)", "concluded (kept)", 3},
		"concluded again":              {kept.Conclude(End{Outcome: Withdrawn, At: at(31)}), Concluded, "concluded (kept)", "(kept)", 3},
		"edited after the end":         {kept.Ask(word(hub("1"), "Which day?", 0, 35)), Concluded, "Which week?", "Which week?", 3},
		"answered after the end":       {kept.Answer(word(site("9"), "Late.", 35, 35)), Concluded, "", "The last one.", 3},
		"answered before, seen after":  {open.Conclude(End{Outcome: Kept, At: at(30)}).Answer(word(site("5"), "The last one.", 20, 20)), Concluded, "", "The last one.", 3},
		"deleted after the end":        {kept.TakeBack(hub("1"), at(35)).Unanswer(site("5")), Concluded, "Which week?", "The last one.", 3},
		"concluded unsent":             {asked().Conclude(End{Outcome: Kept, At: at(3)}), Concluded, "", "", 0},
	} {
		if got := c.q.Stage(); got != c.stage || c.q.Waits() != (c.stage == Open) {
			t.Errorf("%s: it is %s, waits %v, want %s", name, got, c.q.Waits(), c.stage)
		}
		if got := c.q.Carried(); !strings.Contains(got, c.carried) || c.carried == "" && got != "" && strings.HasPrefix(name, "taken") {
			t.Errorf("%s: carried is %q, want %q in it", name, got, c.carried)
		}
		if got := c.q.Back(); !strings.Contains(got, c.back) || (c.back == "") != (got == "") {
			t.Errorf("%s: back goes %q, want %q in it", name, got, c.back)
		}
		if got := c.q.Events(); len(got) != c.events {
			t.Errorf("%s: %d events, want %d", name, len(got), c.events)
		}
	}
}

// What crosses is the text and nothing that names who wrote it, or where.
func TestNobodysNameCrosses(t *testing.T) {
	t.Parallel()
	q := asked().Reaches(at(10)).Answer(word(site("5"), "The last one.", 20, 20))
	q.Due = "Wed 2026-11-18"
	fresh := asked()
	for _, text := range []string{q.Carried(), q.Back(), fresh.Carried()} {
		for _, not := range []string{"somebody", "OPS-12", "acme/payments"} {
			if strings.Contains(text, not) {
				t.Errorf("%q is in %q", not, text)
			}
		}
		if mark, _ := Read(text); mark != NoMark {
			t.Errorf("%q would be read as %s", text, mark)
		}
	}
	open := asked().Reaches(at(10))
	open.Due = q.Due
	if !strings.Contains(open.Carried(), "by the end of Wed 2026-11-18") {
		t.Errorf("the day is not told: %s", open.Carried())
	}
}

func TestWhatTheContractHears(t *testing.T) {
	t.Parallel()
	q := asked().Reaches(at(10)).Answer(word(site("5"), "The last one.", 9, 20)).Conclude(End{Outcome: Reshaped, Who: "ben", By: kanban.IT, At: at(30)})
	want := []contract.Event{
		{ID: "question/q1/asked", At: at(10), Card: "c1", Kind: contract.Asked, Who: "somebody", By: kanban.IT, Ref: "q1"},
		{ID: "question/q1/answered/jira/5", At: at(10), Card: "c1", Kind: contract.Answered, Who: "somebody", By: kanban.Business, Ref: "q1"},
		{ID: "question/q1/concluded", At: at(30), Card: "c1", Kind: contract.Concluded, Who: "ben", By: kanban.IT, Ref: "q1", Note: "reshaped"},
	}
	if d := cmp.Diff(want, q.Events()); d != "" {
		t.Error(d)
	}
}

// In whatever order the trackers show what was said, and however often, the question is the
// same in the end.
func TestTheOrderOfArrivalDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []func(Question) Question
		for i := range rapid.IntRange(1, 4).Draw(t, "versions") {
			w := word(hub("1"), fmt.Sprint("version ", i), 0, i)
			all = append(all, func(q Question) Question { return q.Ask(w) })
		}
		for i := range rapid.IntRange(0, MaxAnswers).Draw(t, "answers") {
			for v := range rapid.IntRange(1, 3).Draw(t, "versions") {
				w := word(site(fmt.Sprint(i)), fmt.Sprint("answer ", i, v), i, i+v)
				all = append(all, func(q Question) Question { return q.Answer(w) })
			}
		}
		all = append(all, func(q Question) Question { return q.Reaches(at(2)) })
		begin := Begin("q1", "c1", word(hub("1"), "first", 0, -1), at(0))
		play := func(steps []func(Question) Question) (q Question) {
			q = begin
			for _, do := range steps {
				q = do(q)
			}
			return q
		}
		other := rapid.Permutation(append(slices.Clone(all), all...)).Draw(t, "order")
		if d := cmp.Diff(play(all), play(other)); d != "" {
			t.Fatal(d)
		}
	})
}

func TestAQuestionSurvivesTheStore(t *testing.T) {
	t.Parallel()
	q := asked().Reaches(at(10)).Answer(word(site("5"), "The last one.", 20, 20)).Conclude(End{Outcome: Kept, At: at(30)})
	text, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	var back Question
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(q, back); d != "" {
		t.Error(d)
	}
}

func TestReadingMarks(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct {
		mark Mark
		text string
	}{
		"/ask Which week?":            {MarkAsk, "Which week?"},
		"/Ask Which week?\r\nOr day?": {MarkAsk, "Which week?\nOr day?"},
		"/ask\nWhich week?":           {MarkAsk, "Which week?"},
		"/answer\tNext":               {MarkAnswer, "Next"},
		"/kept":                       {MarkKept, ""},
		"/withdrawn not needed":       {MarkWithdrawn, "not needed"},
		"/reshaped\nsee OPS-13":       {MarkReshaped, "see OPS-13"},
		"/ask @ana \u202ewhen\u200b?": {MarkAsk, "@ana when?"},
		"/ask":                        {NoMark, ""},
		"/ask \u200b\n ":              {NoMark, ""},
		"/asking Which week?":         {NoMark, ""},
		" /ask Which week?":           {NoMark, ""},
		"> /ask Which week?":          {NoMark, ""},
		"```\n/ask Which week?\n```":  {NoMark, ""},
		"`/ask` is how":               {NoMark, ""},
		"Which week?\n/ask that":      {NoMark, ""},
		"/\u200bask Which week?":      {NoMark, ""},
		"/close":                      {NoMark, ""},
		"":                            {NoMark, ""},
	} {
		if mark, text := Read(body); mark != want.mark || text != want.text {
			t.Errorf("%q: %q %q, want %q %q", body, mark, text, want.mark, want.text)
		}
	}
	if _, text := Read("/ask " + strings.Repeat("é", 2*MaxText)); len([]rune(text)) != MaxText {
		t.Errorf("a text of %d letters is carried", len([]rune(text)))
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"/ask a", "/answer\nb", "> /ask", "/kept", "/ask \xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		mark, text := Read(body)
		if text != Clean(text) || len([]rune(text)) > MaxText || mark == NoMark && text != "" {
			t.Errorf("%q: %q", mark, text)
		}
		if again, _ := Read("IT has a question about this request:\n\n" + text); again != NoMark {
			t.Errorf("what is carried asks for %s", again)
		}
	})
}
