package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/sync/runner"
)

type applyCommand struct {
	Hash    string        `arg:"" help:"Hash of the plan, or eight letters of its beginning or more."`
	Timeout time.Duration `help:"How long to wait for the writes to be through." default:"2m"`
	JSON    bool          `help:"Print one JSON document." name:"json"`
}

// Run sends a plan and tells what became of each write of it.
func (c applyCommand) Run(ctx context.Context, s *session) (err error) {
	if err := app.VetHash(c.Hash); err != nil {
		return misused{err.Error()}
	}
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	out, err := a.Apply(ctx, c.Hash, me(), c.Timeout)
	if err != nil {
		return err
	}
	counts := map[string]int{"total": len(out)}
	for _, x := range out {
		counts[x.State]++
	}
	if c.JSON {
		err = printJSON(s.Out, map[string]any{"writes": out, "counts": counts})
	} else {
		err = printOutcomes(s.Out, out, counts[string(runner.AppliedSent)])
	}
	if err == nil && counts[string(runner.AppliedSent)] < len(out) {
		return errTold
	}
	return err
}

func printOutcomes(w io.Writer, out []app.Outcome, sent int) error {
	words := map[string]string{
		string(runner.AppliedSent): "sent", string(runner.AppliedStale): "not sent",
		string(runner.AppliedFailed): "failed", string(runner.AppliedWaiting): "waiting",
	}
	for _, x := range out {
		line := fmt.Sprintf("%-9s %s", words[x.State], writeWords(x))
		if x.Problem != "" {
			line += ": " + plain(x.Problem)
		}
		if x.State == string(runner.AppliedWaiting) {
			line += "; it was let go, and parley run sends it"
		}
		fmt.Fprintln(w, line)
	}
	_, err := fmt.Fprintf(w, "%d of %s sent\n", sent, kanban.Count(len(out), "write", "writes"))
	return err
}

// writeWords is a write in a line: where, what, from what to what.
func writeWords(x app.Outcome) string {
	if x.Kind == runner.PlanCreate {
		return fmt.Sprintf("a twin of %s in %s", plain(x.Issue), plain(x.To))
	}
	if x.Kind == runner.PlanComment {
		return "a comment on " + plain(x.Issue)
	}
	return fmt.Sprintf("%s %s %s → %s", plain(x.Issue), plain(string(x.Field)), plain(x.From), plain(x.To))
}
