// Package web serves the board: pages for people, a JSON API, and the stream that
// keeps open pages up to date. It reads the models of sync/view and hands on what
// people ask for through a small interface; it decides nothing and redacts nothing.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// Boards gives the pictures that pages are made of.
type Boards interface {
	Board(ctx context.Context, q view.Query) (view.Board, error)
	Cards(ctx context.Context, q view.Query) (cards []view.Card, next string, err error)
	Card(ctx context.Context, ref string) (view.Card, error)
	Since(ctx context.Context, seq int64) (view.Delta, error)
	People(ctx context.Context, q view.Query, by string) (view.People, error)
	CardTable(ctx context.Context, q view.Query) (view.Table, error)
	EventTable(ctx context.Context, q view.Query) (view.Table, error)
}

// Stories gives the pictures that explain.
type Stories interface {
	Explain(ctx context.Context, ref string) (view.Explanation, error)
	Timeline(ctx context.Context, ref, before string, limit int) (view.Timeline, error)
	Courts(ctx context.Context, ref string) (view.Courts, error)
	Sync(ctx context.Context) (view.Sync, error)
	Plan(ctx context.Context) (view.Plan, error)
	Conflicts(ctx context.Context, all bool) ([]view.Clash, error)
	Activity(ctx context.Context, before int64, limit int) ([]view.Line, error)
}

// Reader is everything that is read, as one viewer sees it. An unknown card is a
// view.ErrUnknown, a delta that is too long a view.ErrTooFar.
type Reader interface {
	Boards
	Stories
	Flows
	Contracts
}

// Readers gives what a viewer reads.
type Readers func(view.Viewer) Reader

// Identity tells who sends a request. Where it fails nobody is let in; a *Refusal is told
// to the sender as it is.
type Identity interface {
	Viewer(r *http.Request) (view.Viewer, error)
}

// Everybody is the Identity that takes everybody for the one viewer.
type Everybody view.Viewer

// Viewer is that viewer.
func (e Everybody) Viewer(*http.Request) (view.Viewer, error) { return view.Viewer(e), nil }

// Intents takes what people ask for. The error is a *Refusal where it cannot be done.
type Intents interface {
	Intend(ctx context.Context, in Intent) (Answer, error)
	Decide(ctx context.Context, d Decision) (Answer, error)
	Settle(ctx context.Context, in Settlement) (Settled, error)
	Retry(ctx context.Context, in Retry) (Answer, error)
	Undo(ctx context.Context, u Undo) (Answer, error)
	Deal(ctx context.Context, d Deal) (Answer, error)
	Challenge(ctx context.Context, c Challenge) (Answer, error)
}

// Choices that end a conflict.
const (
	ChoiceRestore = "restore" // the value that lost becomes the card's
	ChoiceDismiss = "dismiss" // the card keeps what it shows
)

// Decision is a person's word about a conflict.
type Decision struct {
	Conflict string // id, or the beginning of one
	Choice   string
	Op       string // the asker's own id of it: the same one gets the same answer
	By       view.Viewer
}

// Intent is a change asked for on the board.
type Intent struct {
	Card   string       // id, Jira key or owner/repo#n
	Field  string       // status, priority, blocked, planned
	To     string       // of blocked: the party it waits for, "" for nobody any more
	Reason string       // of blocked and planned, in words
	Expect *string      // what the asker saw there, nil where that does not matter
	Rev    int64        // the revision the asker saw
	Op     string       // the asker's own id of it: the same one gets the same answer
	Side   kanban.Party // for which the asker acts; "": as their role does
	By     view.Viewer
}

// Undo asks for a change to be taken back.
type Undo struct {
	Card string // as in Intent
	Op   string // of the change
	Rev  int64  // the revision the asker saw, 0: any
	By   view.Viewer
}

// Answer is what an intent came to so far.
type Answer struct {
	Op    string `json:"op"`
	State string `json:"state"` // sent, held, done
	Rev   int64  `json:"rev"`
	// Question is which question was asked, answered or concluded; nil of everything else.
	Question *QuestionMet `json:"question,omitempty"`
}

// QuestionMet tells of which question of a card something was said, since a card can have several
// and a question more than one answer.
type QuestionMet struct {
	ID      string `json:"id"`
	Text    string `json:"text"`    // its first words
	Answers int    `json:"answers"` // that it has now
	Others  int    `json:"others"`  // other questions about the card that are not concluded
}

// Refusal says why an intent cannot be taken, and what could be.
type Refusal struct {
	Status  int // 400, 401, 403, 404, 409, 422, 502 or 503
	Reason  string
	Allowed []string
	Card    *view.Card // as it is now
	Full    *view.Full // the limit that keeps it out, nil where it is none
}

// Error is the reason.
func (r *Refusal) Error() string { return r.Reason }

// Signal tells that the board may have changed.
type Signal interface {
	Watch() (changed <-chan struct{}, stop func())
}

// Health tells whether the pictures can be believed.
type Health interface {
	Ready(ctx context.Context) (ok bool, reasons []string)
}

// Options is what the server is made of.
type Options struct {
	Readers Readers
	// Identity tells who asks; nil lets nobody in.
	Identity Identity
	Door     Door   // nil: nobody signs in here
	Links    Links  // nil: none are made
	Limits   Limits // the zero one stands for DefaultLimits
	Intents  Intents
	Signal   Signal
	Health   Health
	// Metrics is served to whomever it lets in by itself; nil: there are none.
	Metrics http.Handler
	Mapper  Mapper // nil: there is no page about the mapping
	// Hooks takes webhooks, below /hooks/; nil: none are taken. No sign-in of people is
	// asked for there: it proves itself whose they are.
	Hooks     http.Handler
	PublicURL string
	Now       func() time.Time
	Zone      *time.Location // in which pages tell times; nil: UTC
	Log       *slog.Logger
}

// server holds what the handlers share.
type server struct {
	Options
	pages  *pages
	static *static
	hubs   *hubs
	limits *limits

	meeting sync.Mutex // held while a request is taken on, so that two do not get the same slot
}

// New makes the handler of everything that Parley serves. It fails only where the
// binary itself is broken, and then at once.
func New(o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	assets := mustStatic()
	s := &server{Options: o, static: assets, pages: mustPages(assets, o.Zone), hubs: newHubs(o.Readers, o.Signal), limits: newLimits(o.Limits)}
	mux := http.NewServeMux()
	s.routes(mux)
	h := routed(mux)
	h = s.limited(h)
	h = s.identified(h)
	h = compress(h)
	h = guard(h, o.PublicURL)
	h = s.recovered(h)
	return traced(h)
}

func (s *server) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.boardPage)
	mux.HandleFunc("GET /card/{id}", s.cardPage)
	mux.HandleFunc("POST /card/{id}/move", s.moveForm)
	mux.HandleFunc("POST /card/{id}/priority", s.priorityForm)
	mux.HandleFunc("POST /card/{id}/retry", s.retryForm)
	mux.HandleFunc("POST /card/{id}/block", s.blockForm)
	mux.HandleFunc("POST /card/{id}/unblock", s.unblockForm)
	mux.HandleFunc("POST /card/{id}/planned", s.sortForm)
	mux.HandleFunc("POST /card/{id}/undo", s.undoForm)
	mux.HandleFunc("POST /card/{id}/ask", s.challengeForm(ChallengeAsk))
	mux.HandleFunc("POST /card/{id}/answer", s.challengeForm(ChallengeAnswer))
	mux.HandleFunc("POST /card/{id}/conclude", s.challengeForm(ChallengeConclude))
	mux.HandleFunc("POST /conflict/{id}/restore", s.restoreForm)
	mux.HandleFunc("POST /conflict/{id}/dismiss", s.dismissForm)
	mux.HandleFunc("POST /conflicts/settle", s.settleForm)
	mux.HandleFunc("GET /people", s.peoplePage)
	mux.HandleFunc("GET /workload", s.workloadPage)
	mux.HandleFunc("GET /workload.csv", s.workloadCSV)
	mux.HandleFunc("GET /flow", s.flowPage)
	mux.HandleFunc("GET /flow.csv", s.flowCSV)
	mux.HandleFunc("GET /flow/cards", s.flowCards)
	mux.HandleFunc("GET /flow/cards.csv", s.flowCardsCSV)
	mux.HandleFunc("GET /contract", s.contractsPage)
	mux.HandleFunc("GET /contract/{unit}", s.contractPage)
	mux.HandleFunc("GET /contract/{unit}/verdict", s.verdictPage)
	mux.HandleFunc("POST /contract/{unit}/decide", s.dealForm)
	mux.HandleFunc("GET /contract/{unit}/replenish", s.replenishPage)
	mux.HandleFunc("POST /contract/{unit}/commit", s.commitForm)
	mux.HandleFunc("GET /contract/{unit}/ledger.csv", s.ledgerCSV)
	mux.HandleFunc("GET /contract/{unit}/verdicts.csv", s.verdictsCSV)
	mux.HandleFunc("GET /export/cards.csv", s.exportCards)
	mux.HandleFunc("GET /export/events.csv", s.exportEvents)
	mux.HandleFunc("GET /sync", s.syncPage)
	mux.HandleFunc("GET /admin/mapping", s.mappingPage)
	mux.Handle("GET /static/{file...}", s.static)
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	if s.Metrics != nil {
		mux.Handle("GET /metrics", s.Metrics)
	}
	if s.Hooks != nil {
		mux.Handle("/hooks/", s.Hooks)
	}
	s.doorRoutes(mux)
	mux.HandleFunc("GET /api/v1/openapi.json", s.openAPI)
	mux.HandleFunc("GET /api/v1/board", s.getBoard)
	mux.HandleFunc("GET /api/v1/cards", s.getCards)
	mux.HandleFunc("GET /api/v1/cards/{id}", s.getCard)
	mux.HandleFunc("GET /api/v1/cards/{id}/explain", s.getExplanation)
	mux.HandleFunc("GET /api/v1/cards/{id}/timeline", s.getTimeline)
	mux.HandleFunc("POST /api/v1/cards/{id}/move", s.postMove)
	mux.HandleFunc("POST /api/v1/cards/{id}/priority", s.postPriority)
	mux.HandleFunc("POST /api/v1/cards/{id}/block", s.postBlock)
	mux.HandleFunc("POST /api/v1/cards/{id}/unblock", s.postUnblock)
	mux.HandleFunc("POST /api/v1/cards/{id}/planned", s.postSort)
	mux.HandleFunc("POST /api/v1/cards/{id}/undo", s.postUndo)
	mux.HandleFunc("POST /api/v1/cards/{id}/questions", s.postQuestion)
	mux.HandleFunc("POST /api/v1/cards/{id}/answers", s.postReply)
	mux.HandleFunc("POST /api/v1/cards/{id}/conclusion", s.postConclusion)
	mux.HandleFunc("GET /api/v1/flow", s.getFlow)
	mux.HandleFunc("GET /api/v1/flow/cards", s.getFlowCards)
	mux.HandleFunc("GET /api/v1/workload", s.getWorkload)
	mux.HandleFunc("GET /api/v1/contract/{unit}", s.getContract)
	mux.HandleFunc("POST /api/v1/contract/{unit}/decisions", s.postDeal)
	mux.HandleFunc("GET /api/v1/plan", s.getPlan)
	mux.HandleFunc("GET /api/v1/conflicts", s.getConflicts)
	mux.HandleFunc("POST /api/v1/conflicts/settle", s.postSettle)
	mux.HandleFunc("POST /api/v1/conflicts/{id}/restore", s.postRestore)
	mux.HandleFunc("POST /api/v1/conflicts/{id}/dismiss", s.postDismiss)
	mux.HandleFunc("GET /api/v1/activity", s.getActivity)
	mux.HandleFunc("GET /api/v1/events", s.events)
	mux.HandleFunc("/api/", s.noSuchAPI(mux))
	mux.HandleFunc("/", s.noSuchPage(mux))
}

// recovered answers a panic with 500 and goes on.
func (s *server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			s.Log.ErrorContext(r.Context(), "a page broke", "path", r.URL.Path, "panic", fmt.Sprint(p))
			s.broke(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}

// broke answers in the form that the reader expects.
func (s *server) broke(w http.ResponseWriter, r *http.Request) {
	const words = "This page broke. The log says why."
	if strings.HasPrefix(r.URL.Path, "/api/") {
		writeError(w, http.StatusInternalServerError, words)
		return
	}
	s.sorry(w, r, http.StatusInternalServerError, words)
}

// fail answers a failure of our own: people learn that it is not theirs.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits for the answer
	}
	if bad, ok := errors.AsType[*view.FilterError](err); ok {
		s.sorry(w, r, http.StatusBadRequest, sentence(bad.Error()))
		return
	}
	s.Log.ErrorContext(r.Context(), "answer a request", "path", r.URL.Path, "error", err)
	s.sorry(w, r, http.StatusInternalServerError, "Parley could not read its store. The log says why.")
}
