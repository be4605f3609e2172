package secrecy

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley/connectors/sim"
	"parley/connectors/sim/jirasim"
	"parley/kanban"
	"parley/sync/view"
)

// live is what people do while others look: new words come up in every stream.
func (d *daemon) live(round int, ids []kanban.CardID) {
	d.t.Helper()
	actor := "admin-1"
	for _, n := range []int{0, 3, 4} {
		is := d.issues[n]
		d.check(d.site.Edit(actor, is.key, jirasim.Edit{AddLabels: []string{d.label(n, fmt.Sprintf("late Jira label %d", round))}}))
		d.check(d.hub.AddLabels("builder", is.repo, is.number, d.label(n, fmt.Sprintf("late GitHub label %d", round))))
		_, err := d.hub.Comment("builder", is.repo, is.number, d.never("late GitHub comment"))
		d.check(err)
		_, err = d.site.AddComment(actor, is.key, d.never("late Jira comment"))
		d.check(err)
	}
	for _, n := range []int{2, 1, 3, jiraOnly} { // of one that may cross, a public and a restricted one that may not, and one alone
		d.retitle(n)
	}
	d.clash(1)
	for _, hook := range []string{"/hooks/jira/jira?secret=wrong", "/hooks/github/github"} {
		req := d.request(d.t.Context(), reader{}, 0, http.MethodPost, hook, fmt.Sprintf(`{"issue":{"key":%[1]q,"title":%[1]q}}`, d.never("forged webhook")))
		req.Header.Set("X-GitHub-Event", "issues")
		if a := d.send(req); a.status/100 != 4 || len(words(a.text())) > 0 {
			d.t.Errorf("a forged webhook: %d %s", a.status, a.body)
		}
	}
	if round == 0 {
		d.refuse(1)
		for _, n := range []int{0, 2, 3} {
			d.block(n, ids[n])
		}
		d.asks(0, ids[0], "risk")
		d.asks(1, ids[1], "trading")
		d.asks(jiraOnly, ids[jiraOnly], "trading")
		d.challenge(3, ids[3], "ops", "questions", d.never("question about a restricted card"), http.StatusUnprocessableEntity)
	}
}

// retitle gives a Jira issue another title.
func (d *daemon) retitle(n int) {
	for _, w := range d.plants {
		w.shown = w.shown && w.place != fmt.Sprintf("Jira title of card %d", n)
	}
	d.check(d.site.Edit("admin-1", d.issues[n].key, jirasim.Edit{Summary: new(text(d.of(n, "Jira title", view.FacetTitle)))}))
}

// clash has both sides change a priority at the same moment.
func (d *daemon) clash(n int) {
	is := d.issues[n]
	d.check(d.site.Edit("admin-1", is.key, jirasim.Edit{Priority: new("2")}))
	d.check(d.hub.AddLabels("builder", is.repo, is.number, "priority:normal"))
}

// refuse has Jira refuse what GitHub asks for, in words of its own.
func (d *daemon) refuse(n int) {
	is := d.issues[n]
	reason, err := json.Marshal(map[string]any{"errorMessages": []string{text(d.of(n, "refusal of Jira", view.FacetJira))}, "errors": map[string]string{"summary": d.hidden(n, "refused field of Jira", view.FacetJira)}})
	d.check(err)
	issue, _ := d.site.Issue(is.key)
	for _, name := range []string{is.key, issue.ID} {
		d.faults.Add(sim.Rule{Method: http.MethodPost, Path: "/issue/" + name + "/transitions", Fault: func() sim.Fault {
			return sim.Fault{Name: "refused", Status: http.StatusBadRequest, Header: map[string]string{"Content-Type": "application/json"}, Body: string(reason)}
		}})
	}
	d.check(d.hub.AddLabels("builder", is.repo, is.number, "status:review"))
}

// asks puts a question about a card and has its unit answer: who reads the issue in Jira, and
// the card's words, reads both.
func (d *daemon) asks(n int, id kanban.CardID, unit string) {
	d.challenge(n, id, "it", "questions", text(d.of(n, "question", view.FacetTitle, view.FacetJira)), http.StatusAccepted)
	d.challenge(n, id, unit, "answers", text(d.of(n, "answer", view.FacetTitle, view.FacetJira)), http.StatusAccepted)
}

func (d *daemon) challenge(n int, id kanban.CardID, group, what, words string, status int) {
	body, err := json.Marshal(map[string]string{"text": words, "op": fmt.Sprint(what, n)})
	d.check(err)
	who := reader{name: d.hidden(n, "who sent "+what, view.FacetPeople), group: group}
	req := d.request(d.t.Context(), who, 0, http.MethodPost, "/api/v1/cards/"+string(id)+"/"+what, string(body))
	req.Header.Set("X-Forwarded-User", who.name)
	if a := d.send(req); a.status != status {
		d.t.Fatalf("%s of card %d: %d %s", what, n, a.status, a.body)
	}
}

// block says on the board why a card waits.
func (d *daemon) block(n int, id kanban.CardID) {
	body, err := json.Marshal(map[string]string{"party": "third", "reason": text(d.of(n, "reason of a block", view.FacetReason)), "op": fmt.Sprint("block", n)})
	d.check(err)
	who := reader{name: d.hidden(n, "who blocked", view.FacetPeople), group: "ops"}
	req := d.request(d.t.Context(), who, 0, http.MethodPost, "/api/v1/cards/"+string(id)+"/block", string(body))
	req.Header.Set("X-Forwarded-User", who.name)
	if a := d.send(req); a.status != http.StatusAccepted {
		d.t.Fatalf("block card %d: %d %s", n, a.status, a.body)
	}
}

// open are the states of writes that are under way.
func (d *daemon) underWay() (n int64) {
	states, err := d.app.Store.OpenStates(d.t.Context())
	d.check(err)
	for _, count := range states {
		n += count
	}
	return n
}

// rest waits until nothing has changed for a while, and gives the sequence of the board.
func (d *daemon) rest() int64 {
	d.t.Helper()
	var last int64
	since := time.Now()
	d.await("the board to come to rest", func() bool {
		seq, err := d.app.Store.Seq(d.t.Context())
		d.check(err)
		if seq != last || d.underWay() > 0 {
			last, since = seq, time.Now()
		}
		return time.Since(since) > 800*time.Millisecond
	})
	return last
}

// listener reads a stream to its end.
type listener struct {
	reader
	mu   sync.Mutex
	text strings.Builder
	seq  int64
	done chan struct{}
}

// listen opens the stream of a reader; a stranger gets an answer instead.
func (d *daemon) listen(ctx context.Context, r reader) *listener {
	l := &listener{reader: r, done: make(chan struct{})}
	resp, err := (&http.Client{}).Do(d.request(ctx, r, 99, http.MethodGet, "/api/v1/events?since=0", ""))
	d.check(err)
	go func() {
		defer close(l.done)
		defer func() { _ = resp.Body.Close() }()
		in := bufio.NewScanner(resp.Body)
		in.Buffer(nil, 16<<20)
		for in.Scan() {
			l.take(in.Text())
		}
	}()
	return l
}

func (l *listener) take(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.WriteString(line + "\n")
	if id, ok := strings.CutPrefix(line, "id: "); ok {
		l.seq, _ = strconv.ParseInt(id, 10, 64)
	}
}

// reached reports whether the stream has told everything up to a sequence, or has ended.
func (l *listener) reached(seq int64) bool {
	select {
	case <-l.done:
		return true
	default:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seq >= seq
}

// heard are the words that came by the stream.
func (l *listener) heard() heard {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := heard{}
	for _, w := range words(l.text.String()) {
		out[w] = []string{"the stream"}
	}
	return out
}
