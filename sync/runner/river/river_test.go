package river

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"parley/sync/runner"
	"parley/sync/store/storetest/pgtest"
)

var server pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	if err := server.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		code = 1
	}
	os.Exit(code)
}

func openQueue(t *testing.T, url string) *Queue {
	t.Helper()
	q, err := Open(context.Background(), Options{URL: url, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// TestACardIsOnOfferOnce holds what dealing leans on: the same card and turn is on offer
// once, whichever process offers it.
func TestACardIsOnOfferOnce(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	one, two := openQueue(t, url), openQueue(t, url)
	for _, step := range []struct {
		q    *Queue
		jobs []runner.Job
		want []bool
	}{
		{one, []runner.Job{{Card: "a", Term: 1}, {Card: "b", Term: 1}}, []bool{true, true}},
		{two, []runner.Job{{Card: "a", Term: 1}, {Card: "c", Term: 1}}, []bool{false, true}},
		{two, []runner.Job{{Card: "a", Term: 1, Turn: 1}, {Card: "a", Term: 2}}, []bool{true, true}},
	} {
		fresh, err := step.q.Deal(t.Context(), step.jobs)
		if err != nil || !slices.Equal(fresh, step.want) {
			t.Errorf("deal %+v = %v, %v; want %v", step.jobs, fresh, err, step.want)
		}
	}
}

// TestQueuesOpenAtOnce has several processes bring River's tables up to date in the same moment.
func TestQueuesOpenAtOnce(t *testing.T) {
	t.Parallel()
	url := server.Schema(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			q, err := Open(context.Background(), Options{URL: url, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Error(err)
				return
			}
			q.Close()
		})
	}
	all.Wait()
}

func TestErrorsHideThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://u:geheim@127.0.0.1:1/d", "postgres://u:geheim@[/d"} {
		_, err := Open(t.Context(), Options{URL: url, Log: slog.New(slog.DiscardHandler)})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("error %v", err)
		}
	}
}
