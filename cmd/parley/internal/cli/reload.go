package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/view"
)

// hangups gives a turn for each SIGHUP; several that come at once are one.
func hangups(ctx context.Context) (again <-chan struct{}, stop func()) {
	signals, turns := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		for {
			select {
			case <-signals:
			case <-ctx.Done():
				return
			}
			select {
			case turns <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return turns, func() { signal.Stop(signals); cancel() }
}

// tellReload says in words what reading the configuration again means. Cards are named by
// their keys alone.
func (s *session) tellReload(r app.Reload) {
	for _, p := range r.Problems {
		if p.Severity == mapping.Error {
			fmt.Fprintf(s.Err, "reload: %s\n", plain(p.String()))
		}
	}
	if !config.Failed(r.Problems) { // else half of a file may have been read, and the rest seems gone
		printKeys(s.Out, "reload: ", r.Keys)
	}
	if why := r.Refused(); why != "" {
		fmt.Fprintf(s.Err, "reload: refused, and nothing has changed: %s\n", plain(why))
		return
	}
	for _, line := range meaning(r.Preview.Preview) {
		fmt.Fprintf(s.Out, "reload: %s\n", line)
	}
	fmt.Fprintf(s.Out, "reload: in force by %s\n", plain(s.path))
}

func printKeys(w io.Writer, before string, keys []config.Changed) {
	for _, k := range keys {
		fmt.Fprintf(w, "%s%s\n", before, plain(k.String()))
	}
}

// examples is how many cards are named for each thing that changes.
const examples = 3

// meaning is what another mapping means for the cards, a line for each thing.
func meaning(p view.Preview) []string {
	var out []string
	for _, s := range p.Shifts {
		var keys []string
		for _, c := range p.Changes {
			if len(keys) < examples && c.What == s.What && c.From == s.From && c.To == s.To && !slices.Contains(keys, c.Key) {
				keys = append(keys, c.Key)
			}
		}
		more := ""
		if n := s.Cards - len(keys); n > 0 && len(keys) > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		out = append(out, plain(fmt.Sprintf("%s: %s %s → %s: %s%s", kanban.Count(s.Cards, "card", "cards"), s.What, s.From, s.To, strings.Join(keys, ", "), more)))
	}
	return append(out, fmt.Sprintf("%d of %s change, %d more and %d fewer writes than before", p.Changed, kanban.Count(p.Cards, "card", "cards"), len(p.Writes), len(p.Dropped)))
}
