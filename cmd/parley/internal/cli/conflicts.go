package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/view"
)

type conflictsCommand struct {
	List    conflictsList    `cmd:"" default:"withargs" help:"List them: first those that wait for a person, then those that a rule decided."`
	Restore conflictsRestore `cmd:"" help:"Give a card the value that lost, as if it was set on the board."`
	Dismiss conflictsDismiss `cmd:"" help:"Put a conflict away. One that waits for a person is settled with what the card shows, which is then written where something else stands."`
	Settle  conflictsSettle  `cmd:"" help:"End several conflicts at once, each as an operation of its own; without --yes only tell how much would be written."`
}

type conflictsList struct {
	All  bool `help:"Also those that were restored or put away."`
	JSON bool `help:"Print one JSON document." name:"json"`
}

// Run lists conflicts.
func (c conflictsList) Run(ctx context.Context, s *session) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	clashes, err := a.Sight().Conflicts(ctx, true) // all, for their short ids to name no other
	if err != nil {
		return err
	}
	if !c.All {
		clashes = slices.DeleteFunc(clashes, func(x view.Clash) bool { return !x.Actionable() })
	}
	if c.JSON {
		return printJSON(s.Out, map[string]any{"conflicts": clashes})
	}
	return printClashes(s.Out, clashes, a.Zone())
}

// printClashes tells conflicts in groups, by what can be done about them.
func printClashes(w io.Writer, clashes []view.Clash, zone *time.Location) error {
	groups := []struct{ one, many string }{
		{"1 conflict waits for a person", "%d conflicts wait for a person"},
		{"1 conflict was decided by a rule", "%d conflicts were decided by a rule"},
		{"1 conflict is over", "%d conflicts are over"},
	}
	split := make([][]view.Clash, len(groups))
	for _, c := range clashes {
		split[group(c)] = append(split[group(c)], c)
	}
	if len(clashes) == 0 {
		_, err := fmt.Fprintln(w, "No conflicts: nobody changed the same thing in two places at once.")
		return err
	}
	for i, g := range groups {
		switch n := len(split[i]); n {
		case 0:
			continue
		case 1:
			fmt.Fprintf(w, "%s:\n", g.one)
		default:
			fmt.Fprintf(w, g.many+":\n", n)
		}
		for _, c := range split[i] {
			printClash(w, c, zone)
		}
		fmt.Fprintln(w)
	}
	return nil
}

func group(c view.Clash) int {
	switch c.State {
	case "open":
		return 0
	case "auto":
		return 1
	default:
		return 2
	}
}

// printClash tells one conflict: both values, whose they are, and what can be done.
func printClash(w io.Writer, c view.Clash, zone *time.Location) {
	about := c.Key
	if about == "" {
		about = "a card that is gone"
	}
	fmt.Fprintf(w, "\n  %s  %s of %s  %s\n", c.Short, plain(c.Name), plain(about), plain(c.Title))
	printEnds(w, c, zone)
}

// printEnds tells both edits of a conflict, who decides it, and what can be done.
func printEnds(w io.Writer, c view.Clash, zone *time.Location) {
	kept, lost := "kept", "lost"
	switch c.State {
	case "open":
		kept, lost = "shown", "against"
	case "restored":
		kept, lost = "won", "restored"
	}
	printSaid(w, kept, c.Kept, zone)
	printSaid(w, lost, c.Loser, zone)
	if c.Superseded {
		fmt.Fprintf(w, "    %-9s %s, set since\n", "now", plain(c.Now))
	}
	why := c.Rule
	if c.Ambiguous {
		why += "; the clocks are too close to tell which came first"
	}
	fmt.Fprintf(w, "    %s\n", plain(why))
	if c.Restorable {
		fmt.Fprintf(w, "    parley conflicts restore %s  gives the card %s\n", c.Short, plain(c.Loser.Value))
	}
	if c.State == "open" || c.State == "auto" {
		fmt.Fprintf(w, "    parley conflicts dismiss %s  keeps %s\n", c.Short, plain(orWords(orWords(c.Now, c.Kept.Value), "it as it is")))
	}
}

func printSaid(w io.Writer, label string, e view.Said, zone *time.Location) {
	by := "by "
	if e.First {
		by = ""
	}
	fmt.Fprintf(w, "    %-9s %s, %s%s\n", label, plain(e.Words()), by, origin(e.By(), e.First, e.At, zone))
}

// origin says whose an edit is and when it was made. Of what was there before Parley that
// is not known.
func origin(by string, first bool, at time.Time, zone *time.Location) string {
	when := kanban.Moment(at, zone)
	switch {
	case when == "":
		return plain(by)
	case first:
		return plain(by) + "; the issue was last updated " + when
	}
	return plain(by) + ", " + when
}

func orWords(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

type conflictsRestore struct {
	ID   string `arg:"" help:"The conflict's id, or six letters of its beginning or more."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run restores the value that lost.
func (c conflictsRestore) Run(ctx context.Context, s *session) error {
	return s.decide(ctx, c.ID, runner.ChoiceRestore, c.JSON)
}

type conflictsDismiss struct {
	ID   string `arg:"" help:"The conflict's id, or six letters of its beginning or more."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run puts a conflict away.
func (c conflictsDismiss) Run(ctx context.Context, s *session) error {
	return s.decide(ctx, c.ID, runner.ChoiceDismiss, c.JSON)
}

func (s *session) decide(ctx context.Context, name string, choice runner.Choice, asJSON bool) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	answer, clash, err := a.Decide(ctx, name, runner.Decision{Key: a.Runner.NewID(), Choice: choice, By: me()})
	refused, ok := errors.AsType[*engine.Refusal](err)
	switch {
	case errors.Is(err, store.ErrUnknown):
		return noConflict(err)
	case ok && clash.Over(string(choice)):
		return over(ctx, s, a, clash, asJSON)
	case ok:
		return fmt.Errorf("the conflict stays as it is: %s", refused.Reason)
	case err != nil:
		return err
	case asJSON:
		return printDecision(ctx, s, a, clash.ID, answer)
	}
	_, err = fmt.Fprintln(s.Out, plain(decided(clash, choice, answer.State)))
	return err
}

// noConflict says where conflicts are listed. A name that is too short could never be one.
func noConflict(err error) error {
	said := fmt.Errorf("%w; parley conflicts --all lists them", err)
	if bad, ok := errors.AsType[*view.NameError](err); ok && bad.Short {
		return misused{said.Error()}
	}
	return said
}

// over tells of a decision that was taken before.
func over(ctx context.Context, s *session, a *app.App, c view.Clash, asJSON bool) error {
	if asJSON {
		return printDecision(ctx, s, a, c.ID, runner.Answer{State: engine.IntentDone})
	}
	was := "put away"
	if c.Over(string(runner.ChoiceRestore)) {
		was = "restored"
	}
	_, err := fmt.Fprintf(s.Out, "%s of %s: the conflict was %s already; nothing was changed\n", plain(c.Name), plain(c.Key), was)
	return err
}

func printDecision(ctx context.Context, s *session, a *app.App, id string, answer runner.Answer) error {
	clash, err := a.Sight().Conflict(ctx, id)
	if err != nil {
		return err
	}
	return printJSON(s.Out, map[string]any{"conflict": clash, "state": answer.State, "rev": answer.Rev})
}

// decided says what was done and what follows.
func decided(c view.Clash, choice runner.Choice, state engine.IntentState) string {
	said := fmt.Sprintf("%s of %s is %s now", c.Name, c.Key, orWords(c.Loser.Value, "as it was"))
	if choice == runner.ChoiceDismiss {
		said = fmt.Sprintf("%s of %s stays %s", c.Name, c.Key, c.Stays())
	}
	switch state {
	case engine.IntentHeld:
		return said + "; it is not written yet and is held, see parley plan"
	case engine.IntentSent:
		return said + "; parley run writes it to the trackers"
	default:
		return said + "; nothing has to be written"
	}
}
