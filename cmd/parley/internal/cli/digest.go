package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/sync/dispatch"
	"parley/sync/view"
)

type contractDigestCommand struct {
	Unit   string `arg:"" help:"Key of the unit."`
	Period string `help:"The week, as 2026-W46; the last one that is over where it is left out." placeholder:"WEEK"`
	Send   bool   `help:"Have it sent to all who do not have it, also one that was given up; parley run sends it."`
	JSON   bool   `help:"Print one JSON document." name:"json"`
}

// Help says whose eyes a digest is for.
func (contractDigestCommand) Help() string {
	return "A digest says what the unit's own people may read who come by a link of parley share, whoever asks for it here."
}

// weekForm is that of a week.
var weekForm = regexp.MustCompile(`^\d{4}-W\d{2}$`)

// Run shows a digest, or has it sent.
func (c contractDigestCommand) Run(ctx context.Context, s *session) (err error) {
	if c.Period != "" && !weekForm.MatchString(c.Period) {
		return misused{fmt.Sprintf("--period %.20q: write a week, 2026-W46", c.Period)}
	}
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	if c.Send {
		if err := a.SendDigest(ctx, kanban.UnitKey(c.Unit), c.Period); err != nil {
			return c.unknown(a, err)
		}
	}
	told, err := a.Digest(ctx, kanban.UnitKey(c.Unit), c.Period)
	if err != nil {
		return c.unknown(a, err)
	}
	if c.JSON {
		return printJSON(s.Out, told)
	}
	printDigest(s.Out, told)
	return nil
}

// unknown says what there is where a digest is not.
func (c contractDigestCommand) unknown(a *app.App, err error) error {
	if !errors.Is(err, view.ErrUnknown) {
		return err
	}
	for _, k := range a.Config.Contracts() {
		if string(k.Unit) == c.Unit {
			return fmt.Errorf("no such week of the contract with %s is over: %w", c.Unit, err)
		}
	}
	return noContract(a, c.Unit, err)
}

func printDigest(w io.Writer, told app.ToldDigest) {
	for line := range strings.Lines(told.Digest.Letter()) {
		fmt.Fprintln(w, strings.TrimRight(plain(line), " "))
	}
	fmt.Fprintln(w)
	switch {
	case len(told.Ways) == 0:
		fmt.Fprintln(w, "It goes nowhere: there is no [unit.digest] below the unit.")
	case told.Wait != "":
		fmt.Fprintf(w, "It is not sent yet: %s.\n", plain(told.Wait))
	}
	for _, way := range told.Ways {
		fmt.Fprintf(w, "%-8s %s: %s\n", way.Channel, plain(way.To), plain(wayWords(way)))
	}
}

// wayWords says how far a digest has come.
func wayWords(w app.DigestWay) string {
	why := ""
	if w.Problem != "" {
		why = ": " + w.Problem
	}
	switch w.State {
	case dispatch.Sent:
		return "sent " + when(w.Ended)
	case dispatch.Waiting:
		if !w.NextAt.IsZero() {
			return fmt.Sprintf("tried %d times, again %s%s", w.Tries, when(w.NextAt), why)
		}
		return "to be sent" + why
	case dispatch.Held:
		return `held: sync.write is "plan"`
	case dispatch.Sending:
		return "being sent"
	case "":
		return "to be sent"
	}
	return string(w.State) + " " + when(w.Ended) + why
}

func when(t time.Time) string { return "at " + kanban.Moment(t, t.Location()) }
