package l3_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors/sim"
	"parley/internal/race"
	"parley/sync/store"
)

// TestScale imports issues from trackers that enforce the limits they publish and answer
// one request of twenty wrongly, lets people work, alone and many at once, and has twins
// made. No limit may be exceeded, no Retry-After ignored, nothing be written twice, and
// in the end everybody says the same. PARLEY_SCALE=10000 is so many issues a side.
func TestScale(t *testing.T) {
	t.Parallel()
	n := race.Of(200, 80)
	if text := os.Getenv("PARLEY_SCALE"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 20 {
			t.Fatalf("PARLEY_SCALE is %q, want a number of issues, 20 or more", text)
		}
	}
	path := filepath.Join(t.TempDir(), "parley.db")
	began := time.Now()
	var told []string
	var err error
	synctest.Test(t, func(*testing.T) { told, err = playScale(path, n) })
	if err != nil {
		t.Error(err)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	for _, line := range told {
		t.Log(line)
	}
	t.Logf("in %s; memory taken from the system at most %d MB, the simulators' own included", time.Since(began).Round(time.Second/10), m.Sys>>20)
}

// scaleScript is a company of n issues a side, a tenth of them without a twin.
func scaleScript(n int) script {
	one := rates{Limited: 1, Broken: 1, Cut: 1, Lost: 1, Late: 1}
	return script{Seed: 7, Pairs: n - n/10, Lone: n / 10, Jira: one, GitHub: one, Apart: 7 * time.Second,
		Limits: true, Latency: 60 * time.Millisecond, Poll: time.Minute}
}

func playScale(path string, n int) (told []string, err error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s := scaleScript(n)
	w, err := newWorld(ctx, path, s, court{}) // what is exchanged is judged by TestHTTP
	if err != nil {
		return nil, err
	}
	free := func(context.Context, string) error { return nil } // P6 is for TestHTTP
	w.jira.sending, w.git.sending = free, free
	began := time.Now()
	tell := func(format string, args ...any) {
		told = append(told, fmt.Sprintf("%9s  ", time.Since(began).Round(time.Second))+fmt.Sprintf(format, args...))
	}
	ended := make(chan error, 1)
	go func() { ended <- w.runner.Run(ctx) }()
	err = errors.Join(err, w.until(ctx, 12*time.Hour, "import", w.imported))
	tell("read from end to end: %s", w.spent())
	err = errors.Join(err, w.until(ctx, 12*time.Hour, "pairs", w.joined))
	tell("%d pairs are found: %s", s.Pairs, w.spent())
	err = errors.Join(err, w.work(ctx, n))
	tell("people have made their changes: %s", w.spent())
	err = errors.Join(err, w.until(ctx, 24*time.Hour, "twins", w.twinned(s)))
	tell("%d twins are made: %s", s.Lone, w.spent())
	w.jira.soothe()
	w.git.soothe()
	time.Sleep(recovery)
	err = errors.Join(err, w.judge(ctx), w.onBoard(ctx, s), w.once(), w.rests())
	tell("at rest: %s", w.spent())
	stop()
	err = errors.Join(err, <-ended, w.kept())
	for host, log := range map[string]*sim.Log{"Jira": w.site.Log(), "GitHub": w.hub.Log()} {
		hour, minute := busiest(log)
		tell("%s: %d requests, at most %d an hour, %d a minute", host, log.Len(), hour, minute)
	}
	return told, errors.Join(err, w.close())
}

// until waits, an hour of virtual time being nothing, until something is so.
func (w *world) until(ctx context.Context, most time.Duration, what string, is func(context.Context) (bool, error)) error {
	for began := time.Now(); time.Since(began) < most; time.Sleep(time.Minute) {
		if done, err := is(ctx); done || err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: not done within %s", what, most)
}

// imported reports whether both trackers were read once from end to end.
func (w *world) imported(ctx context.Context) (bool, error) {
	for _, t := range w.runner.Trackers {
		for _, source := range t.Sources() {
			st, err := w.store.Source(ctx, t.Name, source)
			if errors.Is(err, store.ErrUnknown) || err == nil && !st.Imported {
				return false, nil
			}
			if err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// joined reports whether every pair is one card.
func (w *world) joined(ctx context.Context) (bool, error) {
	faces, err := w.store.Faces(ctx, store.FaceQuery{})
	pairs := 0
	for _, f := range faces {
		if len(f.Card.Sides) == 2 {
			pairs++
		}
	}
	return pairs >= len(w.pairs), err
}

// twinned reports whether every issue that had no twin has one.
func (w *world) twinned(s script) func(context.Context) (bool, error) {
	return func(context.Context) (bool, error) { return len(w.hub.Issues(repo)) >= s.Pairs+s.Lone, nil }
}

// work is what people do: a twentieth of the issues is changed at one moment in Jira and
// another one in GitHub, and then one issue after the other. No issue is changed twice.
func (w *world) work(ctx context.Context, n int) (err error) {
	rng := rand.New(rand.NewPCG(11, 1))
	order := rng.Perm(len(w.pairs))
	next := func(k kind, after time.Duration) {
		time.Sleep(after)
		_, failed := w.do(ctx, 0, act{Pair: order[0], Kind: k, Arg: rng.IntN(2)})
		order, err = order[1:], errors.Join(err, failed)
	}
	for range n / 20 {
		next(prioritise, 0)
	}
	time.Sleep(10 * time.Minute)
	for range n / 20 {
		next(priorityLabel, 0)
	}
	for i := range n / 10 {
		next([]kind{transition, label, closeOrOpen, prioritise, priorityLabel}[i%5], time.Duration(rng.Int64N(int64(12*time.Second))))
	}
	return err
}

// onBoard checks that no card is left with something that a person has to look at, and
// that every issue without a twin has got exactly one.
func (w *world) onBoard(ctx context.Context, s script) (err error) {
	if got := len(w.hub.Issues(repo)); got != s.Pairs+s.Lone {
		err = fmt.Errorf("GitHub has %d issues, want %d", got, s.Pairs+s.Lone)
	}
	faces, failed := w.store.Faces(ctx, store.FaceQuery{})
	if failed != nil || len(faces) != s.Pairs+s.Lone {
		err = errors.Join(err, failed, fmt.Errorf("%d cards, want %d", len(faces), s.Pairs+s.Lone))
	}
	for _, f := range faces {
		if c := f.Card; len(c.Badges) > 0 || len(c.Pending) > 0 || len(c.Sides) != 2 {
			err = errors.Join(err, fmt.Errorf("%s: badges %v, pending %v", c.ID, c.Badges, c.Pending))
		}
	}
	return err
}

// once checks that Parley has given no issue the same value twice.
func (w *world) once() (err error) {
	for _, p := range w.pairs {
		seen := map[string]bool{}
		note := func(what string) {
			if seen[what] {
				err = errors.Join(err, fmt.Errorf("%s, #%d: %q was written twice", p.key, p.number, what))
			}
			seen[what] = true
		}
		j, _ := w.site.Issue(p.key)
		for _, h := range j.History {
			for _, item := range h.Items {
				if h.Author == "bot-1" {
					note("jira " + item.Field + " " + item.ToText)
				}
			}
		}
		events, failed := w.hub.Events(repo, p.number)
		err = errors.Join(err, failed)
		for _, e := range events {
			if e.Actor == "parley-bot" {
				note("github " + e.Kind + " " + e.Label)
			}
		}
	}
	return err
}

// kept checks that neither tracker had to refuse anything because of its limits, and that
// whenever one asked for quiet it had it.
func (w *world) kept() (err error) {
	for _, f := range []*front{w.jira, w.git} {
		if _, _, wrong := f.tally(); len(wrong) > 0 {
			err = errors.Join(err, fmt.Errorf("%d times, first\n%s", len(wrong), strings.Join(wrong[:min(len(wrong), 50)], "\n")))
		}
	}
	for host, log := range map[string]*sim.Log{"Jira": w.site.Log(), "GitHub": w.hub.Log()} {
		refused := 0
		for _, r := range log.Requests() {
			if r.Status == http.StatusTooManyRequests || r.Status == http.StatusForbidden {
				if refused++; refused == 1 {
					err = errors.Join(err, fmt.Errorf("%s: %s %s %s is over a limit: %d", r.At.Format(time.DateTime), host, r.Method, r.Path, r.Status))
				}
			}
		}
		if refused > 1 {
			err = errors.Join(err, fmt.Errorf("%s refused %d requests because of its limits", host, refused))
		}
	}
	return err
}

// spent is what both trackers were asked so far.
func (w *world) spent() string {
	return fmt.Sprintf("%d requests to Jira, %d to GitHub", w.site.Log().Len(), w.hub.Log().Len())
}

// busiest is the most that was asked within an hour, and within a minute.
func busiest(log *sim.Log) (hour, minute int) {
	all := log.Requests()
	within := func(span time.Duration) (most int) {
		first := 0
		for i, r := range all {
			for ; r.At.Sub(all[first].At) >= span; first++ {
			}
			most = max(most, i-first+1)
		}
		return most
	}
	return within(time.Hour), within(time.Minute)
}
