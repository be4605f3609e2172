package secrecy

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"parley/cmd/parley/internal/cli"
	"parley/internal/race"
	"parley/sync/view"
)

// TestNoWordReachesWhoMayNotReadIt plants a word of its own in everything that people
// write into both trackers, runs Parley on them, and lets everybody ask for everything,
// also while things change, under one policy after the other. PARLEY_SECRETS says how many
// policies; PARLEY_SEED replays those of a run.
func TestNoWordReachesWhoMayNotReadIt(t *testing.T) {
	t.Parallel()
	seed := uint64(number(t, "PARLEY_SEED", 1))
	rng := rand.New(rand.NewPCG(seed, 0x736563726574))
	c, dir := establish(t), t.TempDir()
	for round := range number(t, "PARLEY_SECRETS", race.Of(3, 1)) {
		policy := visibility(rng, round)
		t.Logf("PARLEY_SEED=%d, policy %d:\n%s", seed, round, policy)
		d := c.start(dir, policy)
		d.round(t, round)
		d.commands(t)
		if round == 0 {
			d.digested(t)
		}
		d.measured(t)
		d.diagnosed(t)
		if err := d.stop(); err != nil {
			t.Error(err)
		}
		d.logged(t)
		d.traced(t)
	}
	c.crossed(t)
}

// number reads a setting of the test.
func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// visibility is a policy in the words of the configuration: the default, the open one,
// then such as are drawn.
func visibility(rng *rand.Rand, round int) string {
	switch round {
	case 0:
		return ""
	case 1:
		return "other_units = \"title\"\n"
	}
	out := "[visibility.shows]\n"
	for _, who := range []string{"own", "other", "it", "ops", "wall"} {
		var list []string
		for _, f := range view.Facets() {
			if rng.IntN(2) == 0 && (f != view.FacetRestricted || who == "it" || who == "ops") {
				list = append(list, strconv.Quote(string(f)))
			}
		}
		out += fmt.Sprintf("%s = [%s]\n", who, strings.Join(list, ", "))
	}
	return out
}

// round has everybody look under one policy.
func (d *daemon) round(t *testing.T, round int) {
	t.Helper()
	d.await("both trackers to be read", func() bool { return d.as(reader{}, "/readyz").status == http.StatusOK })
	d.rest()
	ids, readers := d.ids(), d.readers(t)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var streams []*listener
	for _, r := range readers {
		streams = append(streams, d.listen(ctx, r))
	}
	d.live(round, ids)
	if round > 0 {
		d.drift()
	}
	seq := d.rest()
	every := 1
	if round > 0 {
		every = 5
	}
	targets, all := d.targets(t, ids), heard{}
	brought, hidden, known := map[string]bool{}, 0, 0
	for i, r := range readers {
		d.await("the stream of "+r.name, func() bool { return streams[i].reached(seq) })
		got := d.hear(t, r, targets, ids, round, every)
		for w, where := range streams[i].heard() {
			got[w] = append(got[w], where...)
		}
		for _, leak := range d.leaks(r, got) {
			t.Error(leak)
		}
		maps.Copy(brought, d.guess(t, r, round, every))
		h, k := d.knock(t, r, round, every)
		hidden, known = hidden+h, known+k
		d.granted(t, r, got)
		maps.Copy(all, got)
		if round == 0 && r.name == "ops" {
			d.doubted(t, got)
			contracted(t, got)
		}
	}
	if round == 0 {
		d.complete(t, all)
		if len(brought) < 3 || hidden == 0 || known == 0 {
			t.Errorf("lists bring cards by %v, %d keys are hidden and %d are not: this proves nothing", brought, hidden, known)
		}
	}
}

// contracted fails where the pages of a contract tell nothing of any card to those who may know
// it: then they prove nothing.
func contracted(t *testing.T, got heard) {
	t.Helper()
	for _, page := range []string{"/contract/risk", "/api/v1/contract/risk"} {
		told := false
		for _, where := range got {
			told = told || slices.ContainsFunc(where, func(at string) bool { return strings.HasSuffix(at, page) })
		}
		if !told {
			t.Errorf("%s tells ops of no card", page)
		}
	}
}

// leaks are the words that a reader may not read and did.
func (d *daemon) leaks(r reader, got heard) (out []string) {
	for _, word := range slices.Sorted(maps.Keys(got)) {
		w, where := d.plants[word], got[word]
		switch {
		case w == nil:
			out = append(out, fmt.Sprintf("%s reads %s, which nobody planted, in %s", r.name, word, where[0]))
		case !d.may(d.policy, r, w):
			out = append(out, fmt.Sprintf("%s reads %s (%s) in %d answers, as %s", r.name, word, w.place, len(where), where[0]))
		}
	}
	return out
}

// granted fails where somebody does not read the titles that they may read: whoever reads
// nothing proves nothing.
func (d *daemon) granted(t *testing.T, r reader, got heard) {
	t.Helper()
	for _, w := range d.plants {
		if w.shown && strings.HasPrefix(w.place, "Jira title") && d.may(d.policy, r, w) && got[w.word] == nil {
			t.Errorf("%s may read the %s, and does not", r.name, w.place)
		}
	}
}

// complete fails where a word is read by nobody: the test would prove nothing of it.
func (d *daemon) complete(t *testing.T, all heard) {
	t.Helper()
	for _, w := range d.plants {
		if w.shown && all[w.word] == nil {
			t.Errorf("%s stands nowhere: the test proves nothing of it", w.place)
		}
	}
}

// doubted proves that the judge can find somebody guilty: what ops reads, read by a wall, a
// unit or a stranger, is a leak wherever they have no right to it.
func (d *daemon) doubted(t *testing.T, got heard) {
	t.Helper()
	for _, r := range []reader{{name: "wall", audience: "wall"}, {name: "risk", audience: "unit:risk"}, {name: "stranger"}} {
		found := strings.Join(d.leaks(r, got), "\n")
		for _, w := range d.plants {
			if w.shown && got[w.word] != nil && !d.may(d.policy, r, w) && !strings.Contains(found, w.word) {
				t.Errorf("%s could read the %s without being noticed", r.name, w.place)
			}
		}
		if !strings.Contains(found, "Jira title of card 3") {
			t.Errorf("%s could read everything: %s", r.name, found)
		}
	}
}

// commands looks with each audience's eyes on the command line, and lets the commands of
// those who run Parley show no credential.
func (d *daemon) commands(t *testing.T) {
	t.Helper()
	run := func(args ...string) heard {
		var out bytes.Buffer
		cli.Main(t.Context(), append(args, "--config", d.file, "--log", "debug"), cli.IO{Out: &out, Err: &out}, "test")
		got := heard{}
		for _, w := range words(out.String()) {
			got[w] = []string{"parley " + strings.Join(args, " ")}
		}
		return got
	}
	for _, a := range d.app.Config.Audiences() {
		for _, form := range [][]string{{"see", "--as", string(a)}, {"see", "--as", string(a), "--json"}} {
			for _, leak := range d.leaks(reader{name: string(a), audience: a, proved: true}, run(form...)) {
				t.Error(leak)
			}
		}
	}
	for _, args := range [][]string{{"check"}, {"plan", "--offline", "--json"}, {"conflicts", "--json"}, {"fsck"}, {"share", "--list"}, {"explain", d.issues[0].key, "--json"}, {"preview", d.file}, {"contract", "digest", "trading"}} {
		for word, where := range run(args...) {
			if w := d.plants[word]; strings.HasPrefix(w.place, "token") {
				t.Errorf("%s stands in what %s prints", w.place, where[0])
			}
		}
	}
}

// measured fails where the metrics, which are for whoever runs Parley and not for whoever
// may read cards, hold a word that the configuration does not.
func (d *daemon) measured(t *testing.T) {
	t.Helper()
	req := d.request(t.Context(), reader{}, 0, http.MethodGet, "/metrics", "")
	req.Header.Set("Authorization", "Bearer "+d.tokens["metrics"])
	a := d.send(req)
	if a.status != http.StatusOK || !strings.Contains(a.body, "parley_cards") {
		t.Errorf("metrics: %d %s", a.status, a.body)
	}
	for _, w := range words(a.text()) {
		if !d.plants[w].known {
			t.Errorf("the metrics hold the %s", d.plants[w].place)
		}
	}
}

// logged fails where the log, which is for the same, holds one.
func (d *daemon) logged(t *testing.T) {
	t.Helper()
	for _, w := range words(d.log.String()) {
		if !d.plants[w].known {
			t.Errorf("the log holds the %s", d.plants[w].place)
		}
	}
}

// traced fails where the traces, which leave the house, hold one.
func (d *daemon) traced(t *testing.T) {
	t.Helper()
	sent, headers := d.traces.Sent()
	if spans := d.traces.Spans(); len(spans) < 100 || len(words(headers[0].Get("X-Api-Key"))) != 1 {
		t.Errorf("%d spans with %v: this proves nothing", len(spans), headers)
	}
	for _, w := range words(sent) {
		if !d.plants[w].known {
			t.Errorf("the traces hold the %s", d.plants[w].place)
		}
	}
}

// crossed fails where text of one tracker was sent to the other that had no business there:
// of restricted issues to anywhere, of private ones to a repository that is public, and
// what is carried nowhere to anywhere.
func (c *company) crossed(t *testing.T) {
	t.Helper()
	crossed := map[string]bool{}
	for _, r := range c.hub.Log().Requests() {
		public := strings.Contains(r.Path, c.repos[1])
		for _, word := range words(r.Path + " " + r.Query + " " + r.Body) {
			w := c.plants[word]
			jira := strings.Contains(w.place, "Jira")
			text := jira && (strings.Contains(w.place, "title") || strings.Contains(w.place, "description"))
			if text {
				crossed[w.place] = true
			}
			if text && (public || len(w.ways) > 0 && c.cards[w.ways[0].card].restricted) || len(w.ways) == 0 && jira && !strings.Contains(w.place, "description") {
				t.Errorf("the %s was sent to GitHub: %s %s", w.place, r.Method, r.Path)
			}
		}
	}
	for _, r := range c.site.Log().Requests() {
		for _, word := range words(r.Path + " " + r.Query + " " + r.Body) {
			w := c.plants[word]
			if strings.Contains(w.place, "GitHub") && (len(w.ways) == 0 || strings.Contains(w.place, "title") && c.cards[w.ways[0].card].restricted) {
				t.Errorf("the %s was sent to Jira: %s %s", w.place, r.Method, r.Path)
			}
		}
	}
	for _, place := range []string{"Jira title of card 2", fmt.Sprintf("Jira title of card %d", mirrored)} {
		if !crossed[place] {
			t.Errorf("the %s was not carried, only %v: this proves nothing", place, crossed)
		}
	}
}
