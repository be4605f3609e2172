package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// Deal is Intents'.
func (w *world) Deal(_ context.Context, d Deal) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken(); err != nil {
		return Answer{}, err
	}
	if w.refuse != nil {
		return Answer{}, w.refuse
	}
	w.dealt = append(w.dealt, d)
	return Answer{Op: d.Op, State: "done"}, nil
}

// Challenge notes what is said of a question.
func (w *world) Challenge(_ context.Context, c Challenge) (Answer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.broken(); err != nil {
		return Answer{}, err
	}
	if w.refuse != nil {
		return Answer{}, w.refuse
	}
	if c.Card != "PAY-1" {
		return Answer{}, &Refusal{Status: http.StatusNotFound, Reason: "there is no such card"}
	}
	w.challenges = append(w.challenges, c)
	return Answer{Op: c.Op, State: "sent", Rev: 3}, nil
}

// deals reach every status of the operation that decides about a contract.
func deals() []exchange {
	post := func(body string, status int) exchange {
		return exchange{method: http.MethodPost, target: "/api/v1/contract/sales/decisions", body: body, status: status}
	}
	var out []exchange
	for _, body := range []string{`{"what":"swap","card":"PAY-1","for":"PAY-2","op":"one"}`, `{"what":"borrow","card":"PAY-1"}`, `{"what":"lend","with":"ops","slots":2,"ref":"spring"}`,
		`{"what":"note","ref":"2026-W47","note":"the bank was down"}`, `{"what":"settle","ref":"sales/R1/one/1","outcome":"kept","side":"it"}`} {
		out = append(out, post(body, 202))
	}
	for _, body := range []string{`{}`, `{"what":"steal"}`, `{"what":"swap","card":7}`, `{"what":"wait","card":"x","op":"` + strings.Repeat("x", 201) + `"}`,
		`{"what":"settle","ref":"x","outcome":"lost"}`, `{"what":"contest","ref":"x","side":"wall"}`, `{"what":"note","ref":"x","note":"` + strings.Repeat("x", 1001) + `"}`} {
		x := post(body, 400)
		x.odd = true
		out = append(out, x)
	}
	for _, body := range []string{`{"what":"swap","card":"PAY-1"}`, `{"what":"loan","with":"ops","ref":"x"}`, `{"what":"contest"}`} {
		out = append(out, post(body, 400))
	}
	for _, status := range []int{403, 404, 409, 422} {
		x := post(`{"what":"wait","card":"PAY-1"}`, status)
		x.set = func(w *world) { w.refuse = &Refusal{Status: status, Reason: "it waits for no slot"} }
		out = append(out, x)
	}
	down, foreign := post(`{"what":"wait","card":"PAY-1"}`, 500), post(`{"what":"wait","card":"PAY-1"}`, 403)
	down.set = func(w *world) { w.fail = errors.New("disk is gone") }
	foreign.header = [2]string{"Sec-Fetch-Site", "cross-site"}
	return append(out, down, foreign)
}

// TestADecisionSaysWhatItNeeds names the key that is missing.
func TestADecisionSaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	whole := Deal{Op: "one", Card: "a", For: "b", With: "risk", Slots: 1, Ref: "r", Outcome: "kept", Note: "n"}
	for _, what := range Deals() {
		d := whole
		if d.What = what; d.Problem() != "" {
			t.Errorf("%s: %s", what, d.Problem())
		}
		if d := (Deal{What: what, Op: "one"}); !strings.HasSuffix(d.Problem(), what+" needs it") {
			t.Errorf("%s: %q", what, d.Problem())
		}
	}
}
