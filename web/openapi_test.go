package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"parley/kanban"
	"parley/sync/view"
)

// document is the description that is served, read strictly: what it does not
// mention must not be in an answer, though clients are told to expect more.
func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(ask(newWorld().handler(), http.MethodGet, "/api/v1/openapi.json", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
	none := false
	for _, s := range doc.Components.Schemas {
		if extra := &s.Value.AdditionalProperties; s.Value.Type.Is("object") && extra.Has == nil && extra.Schema == nil {
			extra.Has = &none
		}
	}
	return doc
}

// exchange is one request and what must come of it.
type exchange struct {
	method, target, body string
	header               [2]string
	status               int
	odd                  bool // the request is not as described
	set                  func(*world)
}

// full has one of everything that an answer can hold.
func full(w *world) {
	blocked, bare, stray := cardN(2), cardN(3), cardN(4)
	blocked.Blocked = &kanban.Block{Reason: "waits for the bank", Party: kanban.Third, Since: noon}
	blocked.Pending = []kanban.Pending{{Op: "o", Side: "jira", Tracker: "acme", Field: "status", To: "Done", State: "sending", Since: noon, Problem: "slow"}}
	blocked.Badges = []kanban.Badge{{Kind: kanban.BadgeRefused, Text: "Jira refused it", Side: "jira", Field: "status"}, {Kind: kanban.BadgeClash, Text: "two twins"}}
	blocked.Band, blocked.BlockedDays, blocked.Since, blocked.Ask = kanban.BandRisk, 3, "2026-11-12", "asked"
	blocked.Type, blocked.Due, blocked.Group, blocked.Class = "bug", "2026-12-01", "Payments", "fixed-date"
	blocked.Over, bare.Over = &view.CardOver{Unit: "sales", Place: 1, Choice: "wait"}, &view.CardOver{}
	bare.Priority, bare.PriorityName, bare.Assignee, bare.Turn, bare.Sides = nil, "", "", kanban.Nobody, []kanban.CardSide{}
	stray.Column = view.ColumnUnmapped
	stray.Sides[0].Error = "the issue cannot be read"
	w.put(cardN(1), blocked, bare, stray)
	w.fresh = append(w.fresh, view.Fresh{Tracker: "old", Kind: "jira", Age: -1, Poll: 30, Level: "never", Problem: "401", Import: "page 3", Notice: "the token ends soon", Pauses: []view.Pause{
		{Text: "waiting for quota until 14:05, reads continue", Cause: "quota", Waits: "write", Until: noon}, {Text: "locked", Cause: "locked", Waits: "everything", Why: "CAPTCHA"},
	}, Hooks: &view.Hooks{Text: "last 14:02, 3 today", Last: noon, Today: 3, Accepted: 1, Duplicate: 1, Ignored: 1, Rejected: 1, Problem: "1 rejected"}})
	w.plan = view.Plan{Hash: "ab", Writes: []view.PlanWrite{{Card: blocked.ID, Tracker: "acme", Issue: "PAY-2", Field: "status", From: "To Do", To: "Done", Reason: "closed", Kind: "field", Held: "plan mode"}, {Card: blocked.ID, Tracker: "code", Issue: "PAY-2", To: "acme/shop", Reason: "no twin", Kind: "create"}, {Card: blocked.ID, Tracker: "acme", Issue: "PAY-2", To: "Which week?", Reason: "asked", Kind: "comment"}}, Counts: map[string]int{"total": 3, "field": 1, "create": 1, "comment": 1, "acme": 1, "code": 1}}
	element, waits := clash("x2", "auto", blocked), clash("x3", "open", blocked)
	element.Field, element.Loser, element.Restorable = "labels:urgent", view.Said{Side: "board"}, false
	w.clashes = []view.Clash{waits, clash("x1", "auto", blocked), element, clash("x4", "restored", blocked)}
	flowing(w, "TRD-1")
	agreed(w)
	w.lines = []view.Line{{Seq: 9, At: noon, Card: blocked.ID, Kind: "changed", Who: "Ada", Where: "jira", Field: "status", Text: "moved"}, {Seq: 8, At: noon, Kind: "read", Text: "read acme"}}
}

// exchanges reach every status of every operation that the document names.
func exchanges() []exchange {
	down := func(w *world) { w.fail = errors.New("disk is gone") }
	stale := func(w *world) {
		card := cardN(1)
		w.refuse = &Refusal{Status: http.StatusConflict, Reason: "the card has changed meanwhile", Card: &card}
	}
	wrong := func(w *world) {
		card := cardN(1)
		w.refuse = &Refusal{Status: http.StatusUnprocessableEntity, Reason: "the board has no column \"x\"", Allowed: []string{"build"}, Card: &card,
			Full: &view.Full{Limit: &view.Limit{Scope: kanban.ScopeColumn, Key: "build", Name: "Build", WIP: 1, Hard: true, Count: 1}, Holders: []view.Holder{{Card: card.ID, Key: "PAY-1", Column: "build", Assignee: "Ada"}, {Card: card.ID, Column: "build"}}}}
	}
	foreign := [2]string{"Sec-Fetch-Site", "cross-site"}
	out := []exchange{
		{target: "/api/v1/openapi.json", status: 200},
		{target: "/healthz", status: 200},
		{target: "/readyz", status: 200},
		{target: "/readyz", status: 503, set: func(w *world) { w.reasons = []string{"acme was not read completely yet"} }},
		{target: "/api/v1/board", status: 200},
		{target: "/api/v1/board?unit=sales&turn=it&priority=high&search=refund&column=build&limit=1", status: 200},
		{target: "/api/v1/board?class=expedite&age=older&planned=no&stage=work&state=blocked&assignee=none&epic=x&project=OPS&done=all", status: 200},
		{target: "/api/v1/board?limit=0", status: 400, odd: true},
		{target: "/api/v1/cards?limit=2&priority=none", status: 200},
		{target: "/api/v1/cards?limit=1000&column=build&after=" + string(cardN(1).ID), status: 200},
		{target: "/api/v1/cards?limit=1001", status: 400, odd: true},
		{target: "/api/v1/cards?limit=many", status: 400, odd: true},
		{target: "/export/cards.csv?unit=sales&done=all", status: 200},
		{target: "/export/events.csv?class=expedite", status: 200},
		{target: "/export/cards.csv?limit=0", status: 400},
		{target: "/export/events.csv?limit=0", status: 400},
		{target: "/export/cards.csv", status: 500, set: down},
		{target: "/export/events.csv", status: 500, set: down},
		{target: "/api/v1/activity?before=9&limit=500", status: 200},
		{target: "/api/v1/activity?limit=501", status: 400, odd: true},
		{target: "/api/v1/activity?before=-1", status: 400, odd: true},
		{target: "/api/v1/plan", status: 200},
		{target: "/api/v1/flow?unit=sales&type=none&class=standard&days=30&by=2026-12-24&items=25", status: 200},
		{target: "/api/v1/flow?by=soon", status: 400, odd: true},
		{target: "/api/v1/workload?days=365", status: 200},
		{target: "/api/v1/workload?days=0", status: 400, odd: true},
		{target: "/api/v1/flow/cards?list=blocked&week=2026-11-16&of-unit=sales&party=third&reason=none", status: 200},
		{target: "/api/v1/flow/cards?days=731", status: 400, odd: true},
		{target: "/api/v1/flow/cards?list=open&limit=1&after=0.3.0.abc", status: 200},
		{target: "/api/v1/flow/cards?limit=1001", status: 400, odd: true},
		{target: "/api/v1/contract/sales", status: 200},
		{target: "/api/v1/contract/ops", status: 200},
		{target: "/api/v1/contract/nobody", status: 404},
		{target: "/api/v1/contract/sales?week=2026-W47&limit=1&after=sales/R1/one/1", status: 200},
		{target: "/api/v1/contract/sales?limit=0", status: 400, odd: true},
		{target: "/api/v1/conflicts", status: 200},
		{target: "/api/v1/events?since=0", status: 200},
		{target: "/api/v1/events?since=now", status: 400, odd: true},
	}
	for _, target := range []string{"board", "cards", "activity", "plan", "conflicts", "flow", "workload", "flow/cards", "contract/sales", "cards/PAY-1", "cards/PAY-1/explain", "cards/PAY-1/timeline"} {
		out = append(out, exchange{target: "/api/v1/" + target, status: 500, set: down})
		if strings.HasPrefix(target, "cards/") {
			out = append(out, exchange{target: "/api/v1/" + target, status: 409, set: func(w *world) { w.fail = &view.SeveralError{Cards: []kanban.CardID{"one1", "two2"}} }})
		}
	}
	out = append(out, exchange{target: "/api/v1/cards/PAY-1/timeline", status: 200}, exchange{target: "/api/v1/cards/acme%2Fshop%231/timeline?before=e-1&limit=200", status: 200},
		exchange{target: "/api/v1/cards/PAY-99/timeline", status: 404}, exchange{target: "/api/v1/cards/PAY-1/timeline?limit=201", status: 400, odd: true}, exchange{target: "/api/v1/cards/PAY-1/timeline?limit=x", status: 400, odd: true})
	for _, ref := range []string{string(cardN(1).ID), "PAY-2", "acme%2Fshop%231"} {
		out = append(out, exchange{target: "/api/v1/cards/" + ref, status: 200}, exchange{target: "/api/v1/cards/" + ref + "/explain", status: 200})
	}
	out = append(out, exchange{target: "/api/v1/cards/PAY-99", status: 404}, exchange{target: "/api/v1/cards/PAY-99/explain", status: 404})
	for _, what := range [][2]string{{"/move", "expect_column"}, {"/priority", "expect_priority"}} {
		at, expect := "/api/v1/cards/acme%2Fshop%231"+what[0], what[1]
		good := `{"to":"done","` + expect + `":null,"rev":3,"op":"one"}`
		post := func(target, body string, status int) exchange {
			return exchange{method: http.MethodPost, target: target, body: body, status: status}
		}
		out = append(out, post(at, good, 202), post(at, `{"to":"done"}`, 202), post(at, `{"to":"done","`+expect+`":"build"}`, 202),
			post("/api/v1/cards/PAY-99"+what[0], good, 404))
		for _, body := range []string{`{}`, `{"to":""}`, `{"to":7}`, `{"to":"done","rev":"3"}`, `{"to":"done","rev":-1}`, `{"to":"done","colour":"red"}`, `{"to":"done"`, `[]`} {
			x := post(at, body, 400)
			x.odd = true
			out = append(out, x)
		}
		for status, set := range map[int]func(*world){409: stale, 422: wrong, 500: down} {
			x := post(at, good, status)
			x.set = set
			out = append(out, x)
		}
		x := post(at, good, 403)
		x.header = foreign
		out = append(out, x)
	}
	return out
}

// decisions reach every status of the operations that end a conflict.
func decisions() []exchange {
	var out []exchange
	refusal := func(status int) func(*world) {
		return func(w *world) {
			card := cardN(2)
			w.refuse = &Refusal{Status: status, Reason: "this conflict was restored already", Card: &card}
		}
	}
	out = append(out, settlements()...)
	out = append(out, deals()...)
	for _, verb := range []string{"/restore", "/dismiss"} {
		post := func(id, body string, status int) exchange {
			return exchange{method: http.MethodPost, target: "/api/v1/conflicts/" + id + verb, body: body, status: status}
		}
		out = append(out, post("x1", `{"op":"one"}`, 202), post("x3", `{}`, 202), post("x9", `{}`, 404))
		for _, body := range []string{`{"op":7}`, `{"why":"x"}`, `[]`, `{"op":"` + strings.Repeat("x", 201) + `"}`} {
			x := post("x1", body, 400)
			x.odd = true
			out = append(out, x)
		}
		for status, set := range map[int]func(*world){409: refusal(409), 422: refusal(422), 500: func(w *world) { w.fail = errors.New("disk is gone") }} {
			x := post("x1", `{}`, status)
			x.set = set
			out = append(out, x)
		}
		x := post("x1", `{}`, 403)
		x.header = [2]string{"Sec-Fetch-Site", "cross-site"}
		out = append(out, x)
	}
	return out
}

// settlements reach every status of the operation that ends several conflicts.
func settlements() []exchange {
	var out []exchange
	post := func(body string, status int) exchange {
		return exchange{method: http.MethodPost, target: "/api/v1/conflicts/settle", body: body, status: status}
	}
	for _, body := range []string{`{"conflicts":["x1","x3","x9"],"choice":"dismiss","op":"one"}`, `{"conflicts":["x1","x4"],"choice":"restore","dry_run":true}`, `{"field":"status","side":"github","choice":"restore"}`, `{"side":"any","choice":"dismiss"}`} {
		out = append(out, post(body, 200))
	}
	for _, body := range []string{`{}`, `{"choice":"restore"}`, `{"conflicts":["x1"],"choice":"forget"}`, `{"conflicts":["x1"],"side":"jira","choice":"dismiss"}`, `{"choice":7}`, `{"conflicts":["x1"],"choice":"dismiss","op":"` + strings.Repeat("x", 201) + `"}`} {
		x := post(body, 400)
		x.odd = true
		out = append(out, x)
	}
	down := post(`{"conflicts":["x1"],"choice":"dismiss"}`, 500)
	down.set = func(w *world) { w.fail = errors.New("disk is gone") }
	foreign := post(`{"conflicts":["x1"],"choice":"dismiss"}`, 403)
	foreign.header = [2]string{"Sec-Fetch-Site", "cross-site"}
	half, other := post(`{"conflicts":["x1","x3"],"choice":"dismiss"}`, 207), post(`{"conflicts":["x1"],"choice":"dismiss","op":"moved"}`, 422)
	half.set = func(w *world) { w.breaks = "x3" }
	other.set = func(w *world) {
		w.refuse = &Refusal{Status: http.StatusUnprocessableEntity, Reason: "this op was another change; give each change an op of its own"}
	}
	return append(out, down, foreign, half, other)
}

// blocks reach every status of the operations that block, unblock and take back.
func blocks() []exchange {
	var out []exchange
	refusal := func(status int) func(*world) {
		return func(w *world) {
			card := cardN(1)
			w.refuse = &Refusal{Status: status, Reason: "it is not blocked", Allowed: []string{"third"}, Card: &card}
		}
	}
	for verb, bodies := range map[string]struct{ good, wrong []string }{
		"/block":      {[]string{`{"party":"third","reason":"waits for the bank","rev":3,"op":"one"}`, `{"party":"it"}`}, []string{`{}`, `{"party":7}`, `{"reason":"why"}`, `{"party":"it","to":"it"}`, `{"party":"it","rev":-1}`}},
		"/unblock":    {[]string{`{"rev":3,"op":"one"}`, `{}`}, []string{`{"party":"it"}`, `{"rev":-1}`, `[]`}},
		"/planned":    {[]string{`{"to":"unplanned","reason":"it came in overnight","rev":3,"op":"one"}`, `{"to":"rules"}`}, []string{`{}`, `{"to":""}`, `{"to":true}`, `{"to":"planned","party":"it"}`, `{"to":"planned","rev":-1}`}},
		"/questions":  {[]string{`{"text":"Which week?","op":"one"}`, `{"text":"Which\nweek?"}`}, []string{`{}`, `{"text":""}`, `{"text":7}`, `{"text":"a","outcome":"kept"}`, `{"text":"` + strings.Repeat("x", 2001) + `"}`}},
		"/answers":    {[]string{`{"text":"The first","op":"one"}`}, []string{`{}`, `{"text":"a","op":"` + strings.Repeat("x", 201) + `"}`}},
		"/conclusion": {[]string{`{"outcome":"kept","op":"one"}`, `{"outcome":"reshaped"}`, `{"outcome":"withdrawn"}`}, []string{`{}`, `{"outcome":"lost"}`, `{"text":"a"}`}},
		"/undo":       {[]string{`{"op":"one"}`, `{"op":"one","rev":3}`}, []string{`{}`, `{"op":""}`, `{"op":"` + strings.Repeat("x", 201) + `"}`, `{"op":"one","rev":-1}`, `{"op":7}`}},
	} {
		post := func(card, body string, status int) exchange {
			return exchange{method: http.MethodPost, target: "/api/v1/cards/" + card + verb, body: body, status: status}
		}
		for _, body := range bodies.good {
			out = append(out, post("PAY-1", body, 202))
		}
		for _, body := range bodies.wrong {
			x := post("PAY-1", body, 400)
			x.odd = true
			out = append(out, x)
		}
		good := bodies.good[0]
		for status, set := range map[int]func(*world){409: refusal(409), 422: refusal(422), 500: func(w *world) { w.fail = errors.New("disk is gone") }} {
			x := post("PAY-1", good, status)
			x.set = set
			out = append(out, x)
		}
		x := post("PAY-1", good, 403)
		x.header = [2]string{"Sec-Fetch-Site", "cross-site"}
		out = append(out, post("PAY-99", good, 404), x)
	}
	return out
}

func TestServerKeepsToItsDescription(t *testing.T) {
	t.Parallel()
	doc := document(t)
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, x := range slices.Concat(exchanges(), decisions(), blocks()) {
		if x.method == "" {
			x.method = http.MethodGet
		}
		route := x.check(t, router)
		if route != nil {
			seen[fmt.Sprint(route.Operation.OperationID, " ", x.status)] = true
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			for status := range op.Responses.Map() {
				if !seen[op.OperationID+" "+status] {
					t.Errorf("no request brings %s %s to answer %s, which the document names", method, path, status)
				}
			}
		}
	}
}

// check makes the exchange and holds both halves of it against the document.
func (x exchange) check(t *testing.T, router routers.Router) *routers.Route {
	t.Helper()
	name := fmt.Sprintf("%s %s %s → %d", x.method, x.target, x.body, x.status)
	w := newWorld()
	full(w)
	if x.set != nil {
		x.set(w)
	}
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	r := request(x.method, x.target, x.body).WithContext(ctx)
	if x.header[0] != "" {
		r.Header.Set(x.header[0], x.header[1])
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	stream := route.Operation.OperationID == "streamEvents"
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: &openapi3filter.Options{IncludeResponseStatus: true, SkipSettingDefaults: true, ExcludeResponseBody: stream && x.status == 200}}
	if err := openapi3filter.ValidateRequest(ctx, in); (err != nil) != x.odd {
		t.Errorf("%s: the document judges the request: %v", name, err)
	}
	r.Body = io.NopCloser(strings.NewReader(x.body))
	rec := httptest.NewRecorder()
	w.handler().ServeHTTP(hangingUp{rec, hangUp}, r)
	if rec.Code != x.status {
		t.Errorf("%s: got %d %s", name, rec.Code, rec.Body)
	}
	err = openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Options: in.Options, Status: rec.Code, Header: rec.Header(), Body: io.NopCloser(bytes.NewReader(rec.Body.Bytes()))})
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return route
}

// hangingUp is a reader that leaves once the first event of a stream is there.
type hangingUp struct {
	*httptest.ResponseRecorder
	leave func()
}

// Flush leaves.
func (h hangingUp) Flush() { h.ResponseRecorder.Flush(); h.leave() }

func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	var described, registered []string
	for path, item := range document(t).Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	for _, pattern := range patterns(t) {
		if strings.Contains(pattern, " /api/") || strings.Contains(pattern, " /export/") || strings.HasSuffix(pattern, "z") {
			registered = append(registered, pattern)
		}
	}
	slices.Sort(described)
	slices.Sort(registered)
	if !slices.Equal(described, registered) {
		t.Errorf("described:\n%s\nregistered:\n%s", strings.Join(described, "\n"), strings.Join(registered, "\n"))
	}
}

// patterns are those that the source hands to the mux.
func patterns(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "web.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		if to, ok := call.Fun.(*ast.SelectorExpr); !ok || to.Sel.Name != "HandleFunc" && to.Sel.Name != "Handle" {
			return true
		}
		if text, ok := call.Args[0].(*ast.BasicLit); ok {
			pattern, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, pattern)
		}
		return true
	})
	if len(out) < 10 {
		t.Fatalf("only %d patterns found in web.go: %q", len(out), out)
	}
	return out
}

func TestWhatIsNotDescribedIsNotFound(t *testing.T) {
	t.Parallel()
	for _, x := range [][2]string{{"GET", "/api/v1/nothing"}, {"GET", "/api/"}, {"POST", "/api/v1/conflicts/x1/forget"}} {
		rec := ask(newWorld().handler(), x[0], x[1], "")
		if rec.Code != http.StatusNotFound || !strings.Contains(rec.Body.String(), "/api/v1/openapi.json") || rec.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %s", x[0], x[1], rec.Code, rec.Body)
		}
	}
}

func TestAMethodThatDoesNotGoWithAnAddress(t *testing.T) {
	t.Parallel()
	for _, x := range [][3]string{
		{"DELETE", "/api/v1/cards/PAY-1", "GET, HEAD"}, {"POST", "/api/v1/board", "GET, HEAD"}, {"GET", "/api/v1/cards/PAY-1/move", "POST"},
		{"GET", "/api/v1/conflicts/x1/restore", "POST"}, {"POST", "/sync", "GET, HEAD"}, {"GET", "/card/PAY-1/move", "POST"},
	} {
		rec := ask(newWorld().handler(), x[0], x[1], "")
		if rec.Code != http.StatusMethodNotAllowed || rec.Header().Get("Allow") != x[2] || !strings.Contains(rec.Body.String(), "does not go with") {
			t.Errorf("%s %s: %d, Allow %q: %s", x[0], x[1], rec.Code, rec.Header().Get("Allow"), rec.Body)
		}
	}
}

func TestAnAddressThatNothingIsAtHasAPage(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/nope", "/card", "/sync/x"} {
		if html := page(t, newWorld().handler(), target, http.StatusNotFound); !strings.Contains(html, "<h1>No such page</h1>") || !strings.Contains(html, `href="/"`) {
			t.Errorf("%s: %s", target, html)
		}
	}
}

func TestUnknownFiltersAreLetPass(t *testing.T) {
	t.Parallel()
	if rec := ask(newWorld().handler(), http.MethodGet, "/?utm_source=mail", ""); rec.Code != http.StatusOK {
		t.Errorf("a link with an addition of a mail program: %d", rec.Code)
	}
}
