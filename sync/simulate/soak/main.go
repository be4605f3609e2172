// Command soak runs seed after seed of the simulation, keeps how far it got, and tells
// what it found:
//
//	go run ./sync/simulate/soak -from 1 -operations 10000000 -state soak.json
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"

	"parley/sync/simulate"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := soak(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// state is how far a soak got, as it is kept between two of them.
type state struct {
	Next       uint64         `json:"next"`       // the first seed not run yet
	Operations int64          `json:"operations"` // made so far
	Seeds      int            `json:"seeds"`
	Seconds    float64        `json:"seconds"`
	Failed     []uint64       `json:"failed,omitempty"`
	Met        map[string]int `json:"met"`
}

// slice is how many operations are made between two looks at the clock.
const slice = 250_000

func soak(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	from := flags.Uint64("from", 1, "first seed")
	operations := flags.Int64("operations", 10_000_000, "tracker operations to make now")
	file := flags.String("state", "", "file that keeps how far it got; seeds go on from there")
	workers := flags.Int("workers", runtime.GOMAXPROCS(0), "runs at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	st, err := read(*file, *from)
	if err != nil {
		return err
	}
	goal := st.Operations + *operations
	for st.Operations < goal && ctx.Err() == nil {
		c := simulate.Campaign{From: st.Next, Operations: min(slice, goal-st.Operations), Workers: *workers, Twice: 50, Failures: 10}
		tally := c.Run(ctx)
		fmt.Fprintln(out, time.Now().UTC().Format(time.RFC3339), tally.String())
		st.add(&tally)
		for _, f := range tally.Failures {
			tell(out, f)
		}
		if err := write(*file, st); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d operations in %d seeds before %d, %.0f s, %.0f operations/s, %d failures\n",
		st.Operations, st.Seeds, st.Next, st.Seconds, float64(st.Operations)/max(st.Seconds, 1), len(st.Failed))
	simulate.PrintRows(out, st.Met)
	if len(st.Failed) > 0 {
		return fmt.Errorf("%d seeds failed: %v", len(st.Failed), st.Failed)
	}
	return nil
}

func (st *state) add(t *simulate.Tally) {
	st.Next = t.Next
	st.Operations += t.Operations
	st.Seeds += t.Seeds
	st.Seconds += t.Elapsed.Seconds()
	for name, n := range t.Met {
		st.Met[name] += n
	}
	for _, f := range t.Failures {
		st.Failed = append(st.Failed, f.Script.Seed)
	}
}

// tell makes a failure small and prints it with the way to see it again.
func tell(out io.Writer, failed simulate.Result) {
	fmt.Fprintf(out, "seed %d: %v\n  go test ./sync/simulate -run TestReplay -seed=%d\n", failed.Script.Seed, failed.Err, failed.Script.Seed)
	small := simulate.Shrink(failed, 500)
	text, err := json.Marshal(small.Script)
	if err == nil {
		fmt.Fprintf(out, "  shortest: %v\n  %s\n%s", small.Err, text, simulate.Narrate(small.Script))
	}
}

func read(file string, from uint64) (*state, error) {
	st := &state{Next: from, Met: map[string]int{}}
	if file == "" {
		return st, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return st, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read how far the last soak got: %w", err)
	}
	if err := json.Unmarshal(text, st); err != nil {
		return nil, fmt.Errorf("read how far the last soak got: %w", err)
	}
	return st, nil
}

func write(file string, st *state) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(st, "", "  ")
	if err != nil {
		return fmt.Errorf("keep how far it got: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep how far it got: %w", err)
	}
	return nil
}
