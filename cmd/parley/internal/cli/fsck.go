package cli

import (
	"context"
	"fmt"
	"io"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
)

type fsckCommand struct {
	JSON bool `help:"Print one JSON document." name:"json"`
}

// Run looks over the store and changes nothing.
func (c fsckCommand) Run(ctx context.Context, s *session) (err error) {
	a, err := s.openStored(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	sound, err := a.Fsck(ctx)
	if _, file := a.Config.StorePath(); err != nil && file && ctx.Err() == nil {
		return fmt.Errorf("%w\n%s", err, startAnew)
	}
	if err != nil {
		return err
	}
	ok := len(sound.Findings) == 0
	if c.JSON {
		err = printJSON(s.Out, struct {
			OK bool `json:"ok"`
			app.Soundness
		}{ok, sound})
	} else {
		err = printSoundness(s.Out, sound)
	}
	if err == nil && !ok {
		return errTold
	}
	return err
}

// startAnew is what helps where a store is damaged.
const startAnew = `Stop parley, and restore a backup, or put the store aside and start anew: every pair is
found again, and nothing is created or overwritten.`

func printSoundness(w io.Writer, s app.Soundness) error {
	looked := fmt.Sprintf("%s, %s", kanban.Count(s.Cards, "card", "cards"), kanban.Count(int(s.Issues), "issue", "issues"))
	if len(s.Findings) == 0 {
		_, err := fmt.Fprintf(w, "ok: the store is sound (%s)\n", looked)
		return err
	}
	for _, f := range s.Findings {
		line := plain(f.Text)
		if f.Card != "" {
			line = fmt.Sprintf("card %s (%s): %s", f.Card, plain(f.Key), line)
		}
		fmt.Fprintln(w, line)
	}
	_, err := fmt.Fprintf(w, `%s in %s. The store was damaged or changed by hand, or this parley has a fault.
%s Then tell of it, with these lines.
`, kanban.Count(len(s.Findings), "finding", "findings"), looked, startAnew)
	return err
}
