package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/sync/view"
)

func TestBodiesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ body, want string }{
		"unknown key":            {`{"to":"done","colour":"red"}`, `"colour": there is no such key here`},
		"key of the other":       {`{"to":"done","expect_priority":"x"}`, `"expect_priority": there is no such key here`},
		"long unknown key":       {`{"` + strings.Repeat("k", 5000) + `":1}`, `kkk…: there is no such key here`},
		"number for a column":    {`{"to":7}`, `to: a JSON number does not belong here`},
		"text for a revision":    {`{"to":"done","rev":"3"}`, `rev: a JSON string does not belong here`},
		"part of a revision":     {`{"to":"done","rev":1.5}`, `rev: a JSON number 1.5 does not belong here`},
		"revision too large":     {`{"to":"done","rev":9223372036854775808}`, `rev: a JSON number`},
		"list for an op":         {`{"to":"done","op":["a"]}`, `op: a JSON array does not belong here`},
		"object for expect":      {`{"to":"done","expect_column":{}}`, `expect_column: a JSON object does not belong here`},
		"list for a body":        {`[1]`, `the body: a JSON array does not belong here`},
		"text for a body":        {`"done"`, `the body: a JSON string does not belong here`},
		"nothing":                {``, `the body is empty`},
		"spaces":                 {"  \n", `the body is empty`},
		"half a document":        {`{"to":"done"`, `the body is not the JSON that is expected`},
		"no JSON":                {`to=done`, `the body is not the JSON that is expected`},
		"two documents":          {`{"to":"done"}{"to":"build"}`, `the body goes on after the JSON document`},
		"garbage after it":       {`{"to":"done"} x`, `the body goes on after the JSON document`},
		"too large":              {`{"to":"` + strings.Repeat("x", maxBody) + `"}`, `the body is longer than 65536 bytes`},
		"too large after it":     {`{"to":"done"}` + strings.Repeat(" ", maxBody), `the body goes on after the JSON document`},
		"no column":              {`{}`, `to: name a column`},
		"null for a column":      {`{"to":null}`, `to: name a column`},
		"null for a body":        {`null`, `to: name a column`},
		"revision of no card":    {`{"to":"done","rev":-1}`, `rev: it is not a revision`},
		"an op that is too long": {`{"to":"done","op":"` + strings.Repeat("x", maxOp+1) + `"}`, `op: it is longer than 200 bytes`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			w.put(cardN(1))
			rec := ask(w.handler(), http.MethodPost, "/api/v1/cards/PAY-1/move", c.body)
			var got struct{ Error string }
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if rec.Code != http.StatusBadRequest || !strings.Contains(got.Error, c.want) {
				t.Errorf("%d %s, want 400 with %q", rec.Code, rec.Body, c.want)
			}
			if len(w.asked) != 0 {
				t.Error("it was handed on")
			}
			if rec.Body.Len() > 300 {
				t.Errorf("the answer repeats %d bytes", rec.Body.Len())
			}
		})
	}
}

func TestBodiesAtTheirLimits(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"an op of 200 bytes": `{"to":"done","op":"` + strings.Repeat("x", maxOp) + `"}`,
		"64 KiB":             `{"to":"` + strings.Repeat("x", maxBody-len(`{"to":""}`)) + `"}`,
		"spaces around":      " \n{\"to\":\"done\"}\r\n\t ",
		"the largest rev":    `{"to":"done","rev":9223372036854775807}`,
	} {
		w := newWorld()
		w.put(cardN(1))
		if rec := ask(w.handler(), http.MethodPost, "/api/v1/cards/PAY-1/move", body); rec.Code != http.StatusAccepted {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
}

// FuzzMove sends any body as a move. It is taken with just what a plain reading of the
// same JSON says, or refused with a reason; it never breaks the server.
func FuzzMove(f *testing.F) {
	for _, seed := range []string{
		`{"to":"done","after":null,"expect_column":"build","rev":3,"op":"o"}`, `{"to":"done"}`, `{}`, `null`, `[]`, `{"to":7}`, `{"to":"done"}x`, `{"to":"\ud800"}`,
		"{\"to\":\"\xff\"}", `{"to":"a","to":"b"}`, `{"TO":"done"}`, `{"to":"done","rev":1e400}`, `{"x":1}`, `{"to":"done","op":"` + strings.Repeat("o", 201) + `"}`,
	} {
		f.Add([]byte(seed))
	}
	w := newWorld()
	// One for all: most of its making is the parsing of templates. Nobody asks too often.
	h := New(Options{Readers: same(w), Identity: Everybody(view.Somebody()), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Now: func() time.Time { return noon }, Limits: Limits{Intents: Pace{1e9, 1e9}}})
	f.Fuzz(func(t *testing.T, body []byte) {
		w.put(cardN(1))
		w.asked = nil
		clear(w.answers)
		rec := ask(h, http.MethodPost, "/api/v1/cards/PAY-1/move", string(body))
		var got map[string]any
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
			t.Fatalf("the answer is no JSON: %q", rec.Body)
		}
		switch rec.Code {
		case http.StatusBadRequest:
			if reason, _ := got["error"].(string); reason == "" || !utf8.ValidString(reason) || rec.Body.Len() > 2000 || len(w.asked) != 0 {
				t.Errorf("%q, %d intents", rec.Body, len(w.asked))
			}
		case http.StatusAccepted:
			var m moveRequest
			if err := json.Unmarshal(body, &m); err != nil {
				t.Fatalf("%q was taken, but: %v", body, err)
			}
			in := w.asked[0]
			if in.To != m.To || in.To == "" || in.Rev != m.Rev || in.Rev < 0 || in.Op == "" || m.Op != "" && in.Op != m.Op || (in.Expect == nil) != (m.Expect == nil) {
				t.Errorf("%q became %+v", body, in)
			}
		default:
			t.Errorf("%d for %q", rec.Code, body)
		}
	})
}
