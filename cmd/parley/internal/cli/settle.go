package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

type conflictsSettle struct {
	IDs     []string `arg:"" optional:"" help:"Conflicts, each by its id or six letters of its beginning or more." name:"id"`
	Keep    bool     `help:"Each card keeps what it shows." xor:"choice" required:"true"`
	Restore bool     `help:"Each card gets the other value, as if it was set on the board." xor:"choice" required:"true"`
	Field   string   `help:"Instead of ids: all of this field, as status, priority or labels." placeholder:"FIELD"`
	Side    string   `help:"Instead of ids: all whose other edit was made there: jira, github or board; any for all." placeholder:"SIDE"`
	Yes     bool     `help:"Do it; without it nothing is changed."`
	Hash    string   `help:"With --yes and --field or --side: the hash that was told without --yes. Where the choice is another one by now nothing is changed."`
	JSON    bool     `help:"Print one JSON document." name:"json"`
}

// Run settles conflicts, or tells what would come of it.
func (c conflictsSettle) Run(ctx context.Context, s *session) (err error) {
	if (len(c.IDs) > 0) == (c.Field != "" || c.Side != "") {
		return misused{"name either conflicts, or --field or --side; see parley help conflicts settle"}
	}
	if c.Yes && len(c.IDs) == 0 && c.Hash == "" {
		return misused{"--yes with --field or --side needs --hash HASH, which the same command tells without --yes"}
	}
	if err := view.VetGroup(c.Field, c.Side); err != nil {
		return asUsage(err)
	}
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	in, clashes, err := c.settlement(ctx, a)
	if err != nil {
		return err
	}
	hash := choiceHash(in, clashes)
	if c.Hash != "" && c.Hash != hash {
		return fmt.Errorf("nothing was changed: the choice is another one by now, or its cards were set to something else; its hash is %s, see it without --yes", hash)
	}
	done, broken := a.Settle(ctx, in)
	if broken != nil && len(done.Results) == 0 {
		return broken
	}
	if c.JSON {
		err = printJSON(s.Out, chosenAndSettled{done, hash})
	} else {
		c.print(s, done, clashes, hash)
	}
	switch {
	case broken != nil:
		return fmt.Errorf("settle %s: %w", kanban.Count(done.Failed(), "conflict", "conflicts"), broken)
	case err == nil && c.Yes && len(done.Refused()) > 0 && !c.JSON:
		return errTold
	}
	return err
}

// chosenAndSettled is the JSON document.
type chosenAndSettled struct {
	web.Settled
	Hash string `json:"hash"`
}

// choiceHash stands for a choice: for what, of which conflicts, and what their cards stand at.
func choiceHash(in web.Settlement, clashes map[string]view.Clash) string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, in.Choice) // a hash takes all
	for _, id := range slices.Sorted(slices.Values(in.Conflicts)) {
		_, _ = fmt.Fprintf(h, "%q %q\n", id, clashes[id].Now)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

// settlement is what the arguments ask for, and the conflicts by their ids.
func (c conflictsSettle) settlement(ctx context.Context, a *app.App) (web.Settlement, map[string]view.Clash, error) {
	in := web.Settlement{Choice: web.ChoiceDismiss, Op: a.Runner.NewID(), Dry: !c.Yes, By: asker(a)}
	if c.Restore {
		in.Choice = web.ChoiceRestore
	}
	clashes := map[string]view.Clash{}
	for _, name := range c.IDs {
		clash, err := a.Sight().Conflict(ctx, name)
		if err != nil {
			return in, nil, noConflict(err)
		}
		if clashes[clash.ID] = clash; !slices.Contains(in.Conflicts, clash.ID) {
			in.Conflicts = append(in.Conflicts, clash.ID)
		}
	}
	if len(c.IDs) > 0 {
		return in, clashes, nil
	}
	all, err := a.Sight().Conflicts(ctx, true) // all, for their short ids to name no other
	if err != nil {
		return in, clashes, err
	}
	for _, clash := range all {
		if clash.Actionable() && clash.In(c.Field, c.Side) {
			clashes[clash.ID], in.Conflicts = clash, append(in.Conflicts, clash.ID)
		}
	}
	return in, clashes, nil
}

// print tells each conflict, then how much is written.
func (c conflictsSettle) print(s *session, done web.Settled, clashes map[string]view.Clash, hash string) {
	for _, one := range done.Results {
		clash := clashes[one.Conflict]
		said := "stays " + clash.Stays()
		switch {
		case one.Problem != "":
			said = "not settled: " + one.Problem
		case c.Restore:
			said = "becomes " + orWords(clash.Loser.Value, "as it was")
		}
		fmt.Fprintf(s.Out, "%s  %s of %s %s\n", clash.Short, plain(clash.Name), plain(clash.Key), plain(said))
	}
	ends := kanban.Count(done.Ends(), "conflict", "conflicts")
	if c.Yes {
		fmt.Fprintf(s.Out, "%s settled; %s\n", ends, done.WriteWords())
		return
	}
	fmt.Fprintf(s.Out, "%s would be settled; %s\n", ends, done.WriteWords())
	if done.Ends() > 0 && len(c.IDs) > 0 {
		fmt.Fprintln(s.Out, "Nothing was changed. Repeat it with --yes to do it.")
	} else if done.Ends() > 0 {
		fmt.Fprintf(s.Out, "Nothing was changed. Repeat it with --yes --hash %s to do it.\n", hash)
	}
}
