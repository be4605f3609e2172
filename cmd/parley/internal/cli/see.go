package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"parley/sync/view"
)

type seeCommand struct {
	As   string `help:"Whose eyes to look with: ops, it, wall or unit:KEY." required:"true" placeholder:"AUDIENCE"`
	JSON bool   `help:"Print what GET /api/v1/board answers them." name:"json"`
}

// Help says whose eyes these are.
func (seeCommand) Help() string { return eyes }

// seen is how many cards of a column are shown, as by the API.
const seen = 50

// Run prints the board as an audience sees it.
func (c seeCommand) Run(ctx context.Context, s *session) (err error) {
	a, sight, err := s.sight(ctx, c.As)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	board, err := sight.Board(ctx, view.Query{Limit: seen})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.Out, board)
	}
	printBoard(s.Out, board)
	return nil
}

func printBoard(w io.Writer, b view.Board) {
	for _, f := range b.Freshness {
		fmt.Fprintln(w, plain(f.Tracker+": "+strings.Join(filled(freshWords(f), f.Problem, f.Import, f.History, f.Notice), "; ")))
	}
	p := b.Pulse
	fmt.Fprintf(w, "in work: %d, nobody planned: %d, with business: %d, with IT: %d, being saved: %d\n", p.InWork, p.Unplanned, p.Business, p.IT, p.Pending)
	for _, c := range b.Columns {
		count := fmt.Sprint(c.Count)
		if c.WIP > 0 {
			count += fmt.Sprintf("/%d", c.WIP)
		}
		fmt.Fprintf(w, "\n%s (%s)\n", plain(c.Name), count)
		for _, card := range c.Cards {
			printCard(w, card)
		}
		if more := c.Count - len(c.Cards); more > 0 {
			fmt.Fprintf(w, "  and %d more\n", more)
		}
	}
}

func freshWords(f view.Fresh) string {
	if f.Age < 0 {
		return "not read yet"
	}
	return fmt.Sprintf("read %d s ago", f.Age)
}

// printCard tells of a card what its face shows.
func printCard(w io.Writer, c view.Card) {
	var keys []string
	for _, s := range c.Sides {
		keys = append(keys, strings.Join(filled(s.Key, s.Status), " "))
	}
	blocked := ""
	if c.Blocked != nil {
		blocked = strings.TrimRight("blocked: "+c.Blocked.Reason, ": ")
	}
	facts := filled(strings.Join(keys, ", "), c.PriorityName, c.UnitName, c.Assignee, c.Requester, c.Due, c.Group, blocked, fmt.Sprintf("%d d", c.AgeDays))
	if c.Masked {
		facts = filled(strings.Join(keys, ", "), blocked)
	}
	fmt.Fprintf(w, "  %s  %s\n", c.ID, plain(c.Title))
	if len(facts) > 0 {
		fmt.Fprintf(w, "                %s\n", plain(strings.Join(facts, " · ")))
	}
}

// filled are the texts that say something.
func filled(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
