package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/connectors/mail/mailtest"
	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/connectors/webhook"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/kanban/contract/digest"
	"parley/sync/dispatch"
	"parley/sync/store"
	"parley/sync/view"
)

type planWrite = view.PlanWrite

func commitOf(d dispatch.Dispatch) store.Commit {
	return store.Commit{Dispatches: []dispatch.Dispatch{d}}
}

// office is a Parley with a contract whose digest goes out by all channels, and who they
// lead to. Its clock goes on by itself and can be put forward.
type office struct {
	*testing.T
	*App

	site  *jirasim.Site
	mails *mailtest.Server
	hook  *receiver
	path  string
	began time.Time // by the machine's clock
	ahead atomic.Int64
	post  *postman
	book  bookkeeper
	stop  func()
}

// receiver is a webhook.
type receiver struct {
	*httptest.Server

	mu     sync.Mutex
	status int // to answer with; 0 takes the request and cuts the connection
	got    []*http.Request
	bodies []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, _ := io.ReadAll(q.Body)
	r.got, r.bodies = append(r.got, q), append(r.bodies, string(body))
	if r.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(r.status)
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) seen() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.got)
}

const digestSettings = `
[smtp]
host = "127.0.0.1"
tls = "none"
port = %d
from = "Parley <parley@acme.example>"
[[unit]]
key = "trading"
name = "Trading"
match = { jira_project = "OPS" }
[[unit.contract]]
from = "2026-W46"
slots = 2
expedite = 1
answer_days = 2
agreed = { business = "Mia", it = "Ana" }
[unit.digest]
jira_issue = "OPS-1"
email = ["mia@acme.example", "Bo@acme.example"]
webhook = %q
secret = "env:HOOK"
`

const (
	digestSecret = "the secret of a webhook"
	digestPath   = "/in/unspoken-path"
)

// sunday is when an office begins: the last evening of the contract's first week.
func sunday() time.Time { return time.Date(2026, 11, 15, 23, 50, 0, 0, time.UTC) }

// moment is the office's present.
type moment struct{ *office }

// Now goes on as time does.
func (m moment) Now() time.Time {
	return sunday().Add(time.Since(m.began) + time.Duration(m.ahead.Load()))
}

// goTo puts the clock forward.
func (o *office) goTo(day, hour, minute int) {
	at := time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC)
	o.ahead.Add(int64(at.Sub(moment{o}.Now())))
}

// newOffice opens an office. write is sync.write.
func newOffice(t *testing.T, write string, options ...mailtest.Option) *office {
	t.Helper()
	o := closedOffice(t, write, options...)
	o.open()
	return o
}

// closedOffice is one whose Parley is still to be started.
func closedOffice(t *testing.T, write string, options ...mailtest.Option) *office {
	t.Helper()
	o := &office{T: t, began: time.Now(), mails: mailtest.New(t, options...), hook: &receiver{status: http.StatusNoContent}, path: filepath.Join(t.TempDir(), "config.toml")}
	o.hook.Server = httptest.NewServer(o.hook)
	t.Cleanup(o.hook.Close)
	o.site = jirasim.New(jirasim.Options{Clock: moment{o}})
	o.site.AddCompany()
	o.site.AddSoftwareProject("OPS", "Operations", jirasim.StrictWorkflow)
	for n := range 3 {
		if _, err := o.site.Create("admin-1", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: fmt.Sprint("Unspoken title ", n)}); err != nil {
			t.Fatal(err)
		}
	}
	web := httptest.NewServer(o.site.Handler())
	t.Cleanup(web.Close)
	text := strings.NewReplacer(`"http://127.0.0.1:1"`, fmt.Sprintf("%q", web.URL), `write = "on"`, fmt.Sprintf("write = %q\npoll = \"100ms\"", write), `"Selected"`, `"Waiting"`).Replace(onStore(t, agreedSettings))
	text += fmt.Sprintf(digestSettings, o.mails.Port, o.hook.URL+digestPath)
	if err := os.WriteFile(o.path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return o
}

// open starts Parley, as a process that begins does, and waits until all was read.
func (o *office) open() {
	o.Helper()
	cfg, problems := config.LoadEnv(o.path, func(name string) (string, bool) {
		return map[string]string{"TOKEN": "bot-token", "HOOK": digestSecret}[name], true
	})
	if config.Failed(problems) {
		o.Fatal(problems)
	}
	a, err := New(context.Background(), Options{Config: cfg, Now: moment{o}.Now})
	if err != nil {
		o.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := a.Runner.Run(ctx); err != nil {
			o.Error(err)
		}
	})
	o.App, o.post, o.book = a, newPostman(a), bookkeeper{App: a, told: map[kanban.UnitKey]string{}, failed: map[string]bool{}}
	o.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		_ = a.Close()
	})
	o.Cleanup(o.stop)
	o.until("all was read", func() bool {
		whole, err := a.Views.Complete(o.Context())
		return err == nil && whole && a.Runner.Engine().Epoch != 0
	})
	o.work("a round is over", func() bool { return true })
}

// until waits for something.
func (o *office) until(what string, is func() bool) {
	o.Helper()
	tick, late := time.NewTicker(20*time.Millisecond), time.After(20*time.Second)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			o.Fatalf("it never came about that %s; on their way are %s", what, o.ways())
		}
	}
}

// work lets the office do its rounds until something is.
func (o *office) work(what string, is func() bool) {
	o.Helper()
	o.until(what, func() bool {
		if err := o.book.extend(o.Context()); err != nil {
			o.Fatal(err)
		}
		o.post.made = time.Time{}
		if err := o.post.round(o.Context()); err != nil {
			o.Fatal(err)
		}
		return is()
	})
}

// ways are the states of the digest of 2026-W46, "email:waiting+jira:sent…".
func (o *office) ways() string {
	o.Helper()
	all, err := o.Store.DispatchesOf(context.Background(), "digest/trading/2026-W46")
	if err != nil {
		o.Fatal(err)
	}
	var out []string
	for _, d := range all {
		out = append(out, string(d.Channel)+":"+string(d.State))
	}
	return strings.Join(out, "+")
}

// comments are those on the issue that the digest goes to.
func (o *office) comments() []string {
	i, _ := o.site.Issue("OPS-1")
	var out []string
	for _, c := range i.Comments {
		out = append(out, c.Body)
	}
	return out
}

const allSent = "email:sent+email:sent+jira:sent+webhook:sent"

// TestADigestGoesOutOnce waits for the end of the week and for what is to be read, sends by
// all channels, and nothing twice, also where the process starts anew.
func TestADigestGoesOutOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.work("the books are kept", func() bool {
		all, err := o.Store.Ledger(t.Context(), "trading", 0)
		return err == nil && len(all) > 0
	})
	if got := o.ways(); got != "" {
		t.Fatalf("before the end of the week: %s", got)
	}
	o.goTo(16, 0, 2)
	o.work("all have it", func() bool { return o.ways() == allSent })
	for range 2 {
		o.stop()
		o.open()
		for range 3 {
			o.work("a round is over", func() bool { return true })
		}
		mails := o.mails.Mails()
		if len(mails) != 2 || mails[0].To == mails[1].To || o.hook.seen() != 1 || len(o.comments()) != 1 {
			t.Fatalf("%d mails, %d requests, comments %q", len(mails), o.hook.seen(), o.comments())
		}
	}
	o.sameEverywhere()
	for with, want := range map[[2]string]float64{{"email", "sent"}: 2, {"jira", "sent"}: 1, {"webhook", "sent"}: 1, {"webhook", "lapsed"}: 0} {
		if got := scraped(t, o.App, "parley_digests", with[:]...); got != want {
			t.Errorf("the metric of %v says %v, not %v", with, got, want)
		}
	}
}

// sameEverywhere compares what the channels have brought, and looks for what none may tell.
func (o *office) sameEverywhere() {
	o.Helper()
	var d digest.Digest
	if err := json.Unmarshal([]byte(o.hook.bodies[0]), &d); err != nil {
		o.Fatal(err)
	}
	if o.hook.got[0].Header.Get(webhook.HeaderSignature) != webhook.Sign(digestSecret, o.hook.bodies[0]) || o.hook.got[0].Header.Get(webhook.HeaderKey) != "digest/trading/2026-W46/webhook" {
		o.Errorf("%v", o.hook.got[0].Header)
	}
	if d.Version != 1 || d.Period != "2026-W46" || d.Slots.Offered != 2 || len(d.Sides) != 2 || d.Sides[0].Open+d.Sides[1].Open != 0 {
		o.Errorf("%+v", d)
	}
	head, err := contract.ParseHead(d.Ledger.Head)
	if err != nil {
		o.Fatal(err)
	}
	if _, err := o.VerifyLedger(o.Context(), "trading", &head); err != nil {
		o.Errorf("the head that was sent out does not hold: %v", err)
	}
	all := []string{o.comments()[0], o.hook.bodies[0]}
	for _, m := range o.mails.Mails() {
		all = append(all, strings.ReplaceAll(strings.ReplaceAll(m.Data, "=\r\n", ""), "=\n", ""))
	}
	for i, text := range all {
		heads, err := contract.FindHeads(text)
		if err != nil || heads[0] != head {
			o.Errorf("message %d holds another head: %v\n%s", i, err, text)
		}
		if strings.Contains(text, "Unspoken title") || strings.Contains(text, digestSecret) || strings.Contains(text, "unspoken-path") || strings.Contains(text, "bot-token") {
			o.Errorf("message %d tells too much:\n%s", i, text)
		}
	}
}

// TestADigestWaitsForWhatIsNotRead sends at noon what was ripe at midnight but for a
// tracker that could not be read, and says so.
func TestADigestWaitsForWhatIsNotRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.site.SetFaults(func(*http.Request) sim.Fault { return sim.Fault{Cut: true} })
	o.goTo(16, 0, 2)
	for range 3 {
		o.work("a round is over", func() bool { return true })
	}
	told, err := o.Digest(t.Context(), "trading", "")
	if err != nil || told.Made || !strings.Contains(told.Wait, "jira has not been read") || o.ways() != "" || len(told.Ways) != 4 {
		t.Fatalf("%+v, %v, %s", told, err, o.ways())
	}
	o.goTo(16, 12, 0)
	o.work("mail and webhook have it", func() bool { return strings.Contains(o.ways(), "email:sent+email:sent+jira:waiting+webhook:sent") })
	if told, err = o.Digest(t.Context(), "trading", "2026-W46"); err != nil || !told.Made || len(told.Digest.Unread) != 1 || !strings.Contains(told.Digest.Unread[0], "jira has not been read since 2026-11-15 23:5") {
		t.Errorf("%+v, %v", told, err)
	}
	o.site.SetFaults(nil)
	o.goTo(16, 12, 30) // whatever Jira's pause was
	o.work("the comment is there as well", func() bool { return o.ways() == allSent })
	if len(o.comments()) != 1 {
		t.Errorf("%q", o.comments())
	}
}

// TestAHistoryThatIsRefusedForGoodIsNotWaitedFor has Jira refuse for ever what happened to
// one issue: the ledger is kept and the digest sent, and both pages say so.
func TestAHistoryThatIsRefusedForGoodIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	o := closedOffice(t, "on")
	for n := range 45 { // more than a list of issues tells
		if err := o.site.Edit("admin-1", "OPS-3", jirasim.Edit{Summary: new(fmt.Sprint("Unspoken title, said again ", n))}); err != nil {
			t.Fatal(err)
		}
	}
	o.site.SetFaults(func(r *http.Request) sim.Fault {
		if strings.Contains(r.URL.Path, "/changelog") {
			return sim.Fault{Name: "refused", Status: http.StatusForbidden, Body: `{"errorMessages":["no"]}`}
		}
		return sim.Fault{}
	})
	o.open()
	if n, err := o.Store.Histories(t.Context(), "jira"); err != nil || n.Refused != 1 || n.Left() != 0 {
		t.Fatalf("%+v, %v", n, err)
	}
	o.goTo(16, 0, 2)
	o.work("all have the digest", func() bool { return o.ways() == allSent })
	is, err := o.Sight().Sync(t.Context())
	if err != nil || !slices.ContainsFunc(is.Trackers, func(c view.Channel) bool { return strings.Contains(c.History, "that of 1 issue cannot be read") }) {
		t.Errorf("the page about sync does not say so: %+v, %v", is.Trackers, err)
	}
	if c, err := o.Sight().Contract(t.Context(), "trading"); err != nil || len(c.Unheard) != 1 || !strings.Contains(c.Unheard[0], "1 issue of jira") {
		t.Errorf("the contract's page does not say so: %q, %v", c.Unheard, err)
	}
}

// TestAHistoryThatFailsKeepsNoDigestBackForEver has Jira fail at what happened to one issue:
// page and metric say that verdicts wait, and at noon the digest goes out and says it too.
func TestAHistoryThatFailsKeepsNoDigestBackForEver(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.site.SetFaults(func(r *http.Request) sim.Fault {
		if strings.Contains(r.URL.Path, "/changelog") {
			return sim.Fault{Name: "fails", Status: http.StatusInternalServerError}
		}
		return sim.Fault{}
	})
	behind(t, o.App, `UPDATE issue SET history = 0 WHERE id IN (SELECT MAX(id) FROM issue)`)
	o.goTo(16, 0, 2)
	o.until("it has failed", func() bool {
		missing, err := o.Views.Unread(t.Context())
		return err == nil && len(missing) == 1 && missing[0].Stuck()
	})
	o.goTo(16, 0, 20)
	for range 3 {
		o.work("a round is over", func() bool { return true })
	}
	if o.ways() != "" {
		t.Fatalf("in the first hour: %s", o.ways())
	}
	const why = "No verdicts have been entered since 2026-11-16 00:00:00, because the history of 1 issue of jira has not been read."
	if c, err := o.Sight().Contract(t.Context(), "trading"); err != nil || len(c.Unheard) != 1 || !strings.HasPrefix(c.Unheard[0], why) {
		t.Errorf("the contract's page says %q, %v", c.Unheard, err)
	}
	if got := scraped(t, o.App, "parley_verdicts_waiting_seconds", "trading"); got < 20*60 || got > 30*60 {
		t.Errorf("by the metric they wait for %v s", got)
	}
	o.goTo(16, 12, 2)
	o.work("mails have it", func() bool { return strings.Contains(o.ways(), "email:sent+email:sent") })
	told, err := o.Digest(t.Context(), "trading", "2026-W46")
	if err != nil || !strings.Contains(strings.Join(told.Digest.Unread, "\n"), "The histories of jira have not all been read, and not all") {
		t.Errorf("the digest says %q, %v", told.Digest.Unread, err)
	}
	o.site.SetFaults(nil)
	o.goTo(16, 20, 0)
	o.until("all is read", func() bool { whole, err := o.Views.Complete(t.Context()); return err == nil && whole })
	o.goTo(16, 20, 10)
	o.work("all is entered", func() bool { return scraped(t, o.App, "parley_verdicts_waiting_seconds", "trading") == 0 })
}

// TestADigestWaitsForAWholePicture makes none in the first minute after the start, however
// ripe it is: that there are histories to be imported shows a moment later.
func TestADigestWaitsForAWholePicture(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.goTo(16, 0, 2)
	o.until("the digest is ripe", func() bool {
		if err := o.book.extend(t.Context()); err != nil {
			t.Fatal(err)
		}
		is, err := o.Digest(t.Context(), "trading", "")
		return err == nil && is.Wait == ""
	})
	o.post = newPostman(o.App)
	o.work("a round is over", func() bool { return true })
	if got := o.ways(); got != "" {
		t.Errorf("at the start it is made: %s", got)
	}
	o.goTo(16, 0, 10)
	o.work("all have it", func() bool { return o.ways() == allSent })
}

// TestPlanModeHoldsDigests sends nothing, tells of it, and gives up what was held until the
// next digest was due.
func TestPlanModeHoldsDigests(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "plan")
	o.goTo(16, 0, 2)
	const held = "email:held+email:held+jira:held+webhook:held"
	o.work("all are held", func() bool { return o.ways() == held })
	plan, err := o.Sight().Plan(t.Context())
	if err != nil || !slices.ContainsFunc(plan.Writes, func(w planWrite) bool { return w.Issue == "OPS-1" && strings.Contains(w.To, "parley-ledger-1:") }) {
		t.Errorf("the comment is not in the plan: %+v, %v", plan, err)
	}
	if err := o.SendDigest(t.Context(), "trading", ""); err == nil || !strings.Contains(err.Error(), "sync.write") {
		t.Errorf("a person may send it: %v", err)
	}
	o.goTo(23, 0, 2)
	o.work("they are given up", func() bool { return o.ways() == strings.ReplaceAll(held, "held", "lapsed") })
	if len(o.mails.Mails())+o.hook.seen()+len(o.comments()) != 0 {
		t.Error("something was sent")
	}
	o.work("the next ones are held", func() bool {
		next, err := o.Store.DispatchesOf(t.Context(), "digest/trading/2026-W47")
		return err == nil && len(next) == 4
	})
	text, err := os.ReadFile(o.path)
	if err != nil {
		t.Fatal(err)
	}
	o.stop()
	if err := os.WriteFile(o.path, []byte(strings.Replace(string(text), `write = "plan"`, `write = "on"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	o.open()
	o.work("the next week's goes out", func() bool { return o.hook.seen() == 1 && len(o.comments()) == 1 && len(o.mails.Mails()) == 2 })
	if err := o.SendDigest(t.Context(), "trading", "2026-W46"); err != nil { // a person wants it after all
		t.Fatal(err)
	}
	o.work("the older one went out as well", func() bool { return o.ways() == allSent })
	if err := o.SendDigest(t.Context(), "trading", "2026-W46"); err != nil {
		t.Fatal(err)
	}
	o.work("a round is over", func() bool { return true })
	if o.hook.seen() != 2 || len(o.comments()) != 2 || len(o.mails.Mails()) != 4 {
		t.Errorf("%d requests, %d comments, %d mails", o.hook.seen(), len(o.comments()), len(o.mails.Mails()))
	}
}

// TestWhatStandsInTheWayOfADigest fails each channel on its own; the others go on, and it is
// told.
func TestWhatStandsInTheWayOfADigest(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.mails.Fail("RCPT", "451 4.7.1 greylisted")
	o.hook.answer(http.StatusInternalServerError)
	o.goTo(16, 0, 2)
	o.work("the comment is there and the rest failed", func() bool {
		return o.ways() == "email:waiting+email:waiting+jira:sent+webhook:waiting" && o.hook.seen() > 0
	})
	o.troubles("greylisted", "HTTP 500", "is tried again")
	o.mails.Fail("RCPT", "")
	o.mails.Fail("DATA.", mailtest.Cut)
	o.hook.answer(http.StatusOK)
	o.goTo(16, 0, 10)
	o.work("the webhook has it and nobody knows of the mails", func() bool { return o.ways() == "email:unknown+email:unknown+jira:sent+webhook:sent" })
	o.troubles("may have arrived or not")
	if o.hook.seen() < 2 || o.hook.bodies[0] != o.hook.bodies[1] || o.hook.got[0].Header.Get(webhook.HeaderKey) != o.hook.got[1].Header.Get(webhook.HeaderKey) {
		t.Error("repeated, it is another document")
	}
	o.goTo(16, 6, 0)
	for range 3 {
		o.work("a round is over", func() bool { return true })
	}
	if n := len(o.mails.Mails()); n != 2 {
		t.Errorf("what may have arrived was repeated: %d mails", n)
	}
	o.mails.Fail("DATA.", "")
	if err := o.SendDigest(t.Context(), "trading", ""); err != nil {
		t.Fatal(err)
	}
	o.work("a person had the mails repeated", func() bool { return o.ways() == allSent })
	if n, m := len(o.mails.Mails()), len(o.comments()); n != 4 || m != 1 || o.hook.seen() != 2 {
		t.Errorf("%d mails, %d comments, %d requests", n, m, o.hook.seen())
	}
	o.troubles()
}

// TestAWebhookThatComesTwiceCanBeTold has the receiver take the digest and its answer get
// lost: it comes again as the same document under the same key, and nothing else does.
func TestAWebhookThatComesTwiceCanBeTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "on")
	o.hook.answer(0)
	o.goTo(16, 0, 2)
	o.work("the answer of the webhook is lost", func() bool {
		return o.hook.seen() > 0 && o.ways() == "email:sent+email:sent+jira:sent+webhook:waiting"
	})
	o.stop()
	o.hook.answer(http.StatusNoContent)
	o.open() // that it may have arrived is known beyond the process
	lost := o.hook.seen()
	o.goTo(16, 0, 10)
	o.work("the webhook has it", func() bool { return o.ways() == allSent })
	o.goTo(16, 6, 0)
	o.work("a round is over", func() bool { return true })
	if n := o.hook.seen(); n != lost+1 {
		t.Errorf("%d requests after the %d whose answer was lost", n-lost, lost)
	}
	taken := map[string]string{} // what a receiver keeps that goes by the key
	for n, r := range o.hook.got {
		key, body := r.Header.Get(webhook.HeaderKey), o.hook.bodies[n]
		if was, again := taken[key]; again && was != body {
			t.Errorf("request %d has the key %s and another body", n, key)
		}
		if r.Header.Get(webhook.HeaderSignature) != webhook.Sign(digestSecret, body) {
			t.Errorf("request %d is not signed as it is: %v", n, r.Header)
		}
		taken[key] = body
	}
	if body, ok := taken["digest/trading/2026-W46/webhook"]; !ok || len(taken) != 1 || !strings.Contains(body, `"id":"digest/trading/2026-W46"`) {
		t.Errorf("taken were %d documents: %v", len(taken), taken)
	}
}

// troubles looks for words on the page about sync; none: nothing is told of digests.
func (o *office) troubles(words ...string) {
	o.Helper()
	is, err := o.Sight().Sync(o.Context())
	if err != nil {
		o.Fatal(err)
	}
	var all []string
	for _, t := range is.Troubles {
		if t.Kind == "digest" {
			all = append(all, t.Text)
		}
	}
	for _, w := range words {
		if !strings.Contains(strings.Join(all, "\n"), w) {
			o.Errorf("%q is not told: %q", w, all)
		}
	}
	if len(words) == 0 && len(all) > 0 {
		o.Errorf("%q", all)
	}
}
