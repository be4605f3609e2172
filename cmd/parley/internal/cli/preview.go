package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/sync/view"
)

type previewCommand struct {
	New  string `arg:"" help:"The configuration file to look at; the running one is named by --config." placeholder:"NEW.toml"`
	All  bool   `help:"Print every card that changes, not only the first 50."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// previewDocument is what --json prints.
type previewDocument struct {
	Usable   bool             `json:"usable"`
	Differs  bool             `json:"differs"`
	Findings []finding        `json:"findings"`
	NotRead  []string         `json:"not_read"` // new projects and repositories
	Keys     []config.Changed `json:"keys"`
	Restart  []string         `json:"restart"` // of the keys, those that a reload refuses
	view.Preview
}

// Run compares the file with the running configuration by what is stored.
func (c previewCommand) Run(ctx context.Context, s *session) (err error) {
	if _, err := os.Stat(c.New); err != nil {
		return misused{fmt.Sprintf("%s: cannot be read: %v", c.New, errors.Unwrap(err))}
	}
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	p, err := a.Preview(ctx, c.New, a.Operator())
	if err != nil {
		return err
	}
	if c.JSON {
		doc := previewDocument{Usable: p.Usable, Differs: p.Differs, Findings: []finding{}, NotRead: append([]string{}, p.Unread...),
			Keys: append([]config.Changed{}, p.Keys...), Restart: append([]string{}, config.Restart(p.Keys)...), Preview: p.Preview}
		for _, x := range p.Problems {
			doc.Findings = append(doc.Findings, finding{Severity: x.Severity.String(), Where: where(x), Text: x.String()})
		}
		err = printJSON(s.Out, doc)
	} else {
		err = c.print(s.Out, p)
	}
	if err == nil && (!p.Usable || config.Failed(p.Problems)) {
		return errTold
	}
	return err
}

func (c previewCommand) print(w io.Writer, p app.Preview) error {
	for _, x := range p.Problems {
		fmt.Fprintf(w, "%-8s %s\n", x.Severity, plain(x.String()))
	}
	printKeys(w, "key      ", p.Keys)
	for _, path := range config.Restart(p.Keys) {
		fmt.Fprintf(w, "%-8s %s can only be changed by a restart; a reload of this file is refused\n", "restart", path)
	}
	if !p.Usable {
		_, err := fmt.Fprintln(w, "nothing was compared: parley cannot run with this mapping")
		return err
	}
	for _, name := range p.Unread {
		fmt.Fprintf(w, "%-8s %s is new: nothing is known of its issues before they are read\n", "unread", plain(name))
	}
	if len(p.Problems)+len(p.Unread)+len(p.Keys) > 0 {
		fmt.Fprintln(w)
	}
	if err := c.changes(w, p.Preview); err != nil {
		return err
	}
	if err := previewWrites(w, p.Preview); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d of %s change, %d more and %d fewer writes than now; no tracker was asked and nothing was written\n",
		p.Changed, kanban.Count(p.Cards, "card", "cards"), len(p.Writes), len(p.Dropped))
	if told := p.Retold.Words(); told != "" && err == nil {
		_, err = fmt.Fprintln(w, lower(told))
	}
	if p.Preview.Unread > 0 && err == nil {
		_, err = fmt.Fprintf(w, "%s would be read again before anything is decided\n", kanban.Count(p.Preview.Unread, "card", "cards"))
	}
	return err
}

// fewChanges is how many cards are printed where not all are asked for.
const fewChanges = 50

func (c previewCommand) changes(w io.Writer, p view.Preview) error {
	if len(p.Shifts) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CARDS\tWHAT\tFROM\tTO")
	for _, s := range p.Shifts {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\n", s.Cards, s.What, plain(s.From), plain(s.To))
	}
	fmt.Fprintln(t, "\t\t\t")
	fmt.Fprintln(t, "CARD\tWHAT\tFROM\tTO")
	for i, x := range p.Changes {
		if i == fewChanges && !c.All {
			break
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", plain(x.Key), x.What, plain(x.From), plain(x.To))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if n := len(p.Changes) - fewChanges; n > 0 && !c.All {
		fmt.Fprintf(w, "and %d more; --all prints them\n", n)
	}
	_, err := fmt.Fprintln(w)
	return err
}

func previewWrites(w io.Writer, p view.Preview) error {
	if len(p.Writes) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, planHead)
	for i, x := range p.Writes {
		if i == fewChanges {
			break
		}
		planRow(t, x)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if n := len(p.Writes) - fewChanges; n > 0 {
		fmt.Fprintf(w, "and %d more; --json has them all\n", n)
	}
	_, err := fmt.Fprintln(w)
	return err
}
