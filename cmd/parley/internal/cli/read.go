package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os/user"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"parley/cmd/parley/internal/app"
	"parley/kanban"
	"parley/sync/store"
	"parley/sync/view"
)

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s *session) error {
	_, err := fmt.Fprintln(s.Out, "parley", s.version)
	return err
}

type planCommand struct {
	Offline bool `help:"Go by what was read before; ask no tracker."`
	JSON    bool `help:"Print one JSON document." name:"json"`
}

// Run polls every source once, unless told not to, and prints the plan.
func (c planCommand) Run(ctx context.Context, s *session) (err error) {
	open := s.open
	if c.Offline {
		open = s.openQuiet
	}
	a, err := open(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	if !c.Offline {
		if err := a.PollOnce(ctx); err != nil {
			return fmt.Errorf("%w\nnothing was planned: the plan would go by an old picture; to plan by what was read before, add --offline", err)
		}
	}
	plan, err := a.Plan(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.Out, plan)
	}
	if err := printPlan(s.Out, plan); err != nil {
		return err
	}
	return c.waiting(ctx, s, a)
}

// waiting tells of what no plan will change before a person has chosen.
func (planCommand) waiting(ctx context.Context, s *session, a *app.App) error {
	clashes, err := a.Sight().Conflicts(ctx, false)
	if err != nil {
		return err
	}
	open := 0
	for _, c := range clashes {
		if group(c) == 0 {
			open++
		}
	}
	if open > 0 {
		_, err = fmt.Fprintf(s.Out, "%s for a person to choose: parley conflicts\n", map[bool]string{true: "1 conflict waits", false: fmt.Sprintf("%d conflicts wait", open)}[open == 1])
	}
	return err
}

func printPlan(w io.Writer, p view.Plan) error {
	if len(p.Writes) == 0 {
		_, err := fmt.Fprintln(w, "Nothing to write.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, planHead)
	for _, x := range p.Writes {
		planRow(t, x)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, h := range heldWords(p) {
		fmt.Fprintln(w, h)
	}
	_, err := fmt.Fprintf(w, "%s, plan %s\nparley apply %s sends what still holds of it\n", kanban.Count(p.Counts["total"], "write", "writes"), p.Hash[:12], p.Hash[:12])
	return err
}

// planHead is the head of a table of writes.
const planHead = "TRACKER\tISSUE\tFIELD\tFROM\tTO\tBECAUSE"

// planRow prints one write into such a table.
func planRow(w io.Writer, x view.PlanWrite) {
	field := string(x.Field)
	switch x.Kind {
	case view.PlanCreate:
		field = "a twin"
	case view.PlanComment:
		field = "a comment"
	}
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", plain(x.Tracker), plain(x.Issue), plain(field), plain(x.From), plain(x.To), plain(x.Reason))
}

// heldWords says why writes wait, each reason once with their number.
func heldWords(p view.Plan) []string {
	count := map[string]int{}
	for _, x := range p.Writes {
		if x.Held != "" {
			count[x.Held]++
		}
	}
	var out []string
	for _, why := range slices.Sorted(maps.Keys(count)) {
		out = append(out, kanban.Count(count[why], "write", "writes")+" held: "+why)
	}
	return out
}

// plain keeps a tracker's text from steering the terminal it is printed on.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

type explainCommand struct {
	Card string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run explains one card.
func (c explainCommand) Run(ctx context.Context, s *session) (err error) {
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	ex, err := a.Sight().Explain(ctx, c.Card)
	if err != nil {
		return unknownCard(c.Card, err)
	}
	if c.JSON {
		return printJSON(s.Out, ex)
	}
	if err := shorten(ctx, a, ex.Fields); err != nil {
		return err
	}
	return printExplanation(s.Out, ex, a.Zone())
}

// shorten gives the conflicts of an explanation the ids that parley conflicts shows.
func shorten(ctx context.Context, a *app.App, fields []view.FieldStory) error {
	all, err := a.Sight().Conflicts(ctx, true)
	if err != nil {
		return err
	}
	short := map[string]string{}
	for _, c := range all {
		short[c.ID] = c.Short
	}
	for _, f := range fields {
		for i := range f.Lost {
			f.Lost[i].Short = short[f.Lost[i].ID]
		}
	}
	return nil
}

// unknownCard says how a card can be named, where an error is that there is none.
func unknownCard(name string, err error) error {
	if errors.Is(err, view.ErrUnknown) || errors.Is(err, store.ErrUnknown) {
		return fmt.Errorf("no card %.80q; name a card id, a Jira key (OPS-12) or an issue (acme/payments#7) that was read already", name)
	}
	return err
}

// printExplanation tells moments in the zone of the configuration, as the board does.
func printExplanation(w io.Writer, ex view.Explanation, zone *time.Location) error {
	fmt.Fprintf(w, "%s  %s\n", ex.Card.ID, plain(ex.Card.Title))
	for _, side := range ex.Card.Sides {
		fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("  %s  %s  %s", plain(side.Key), plain(side.URL), plain(side.Error)), " "))
	}
	if ex.Paired != "" {
		fmt.Fprintf(w, "  paired %s\n", ex.Paired)
	}
	for _, f := range ex.Fields {
		printField(w, f, zone)
	}
	printLog(w, ex.Log[:min(len(ex.Log), 10)], zone)
	return nil
}

// printLog tells what happened last, newest first.
func printLog(w io.Writer, lines []view.Line, zone *time.Location) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintln(w, "\nlast")
	for _, l := range lines {
		who := ""
		if l.Who != "" {
			who = plain(l.Who) + "  "
		}
		fmt.Fprintf(w, "  %s  %s%s\n", kanban.Moment(l.At, zone), who, plain(l.Text))
	}
}

func printField(w io.Writer, f view.FieldStory, zone *time.Location) {
	fmt.Fprintf(w, "\n%s: %s", lower(plain(f.Name)), plain(f.Agreed))
	if f.By != "" {
		fmt.Fprintf(w, "  (%s)", origin(f.By, f.First, f.Since, zone))
	}
	fmt.Fprintf(w, "\n  carried: %s; %s\n", f.Carry, f.Policy)
	if f.Frozen != "" {
		fmt.Fprintf(w, "  left alone: %s\n", f.Frozen)
	}
	for _, s := range f.Sides {
		fmt.Fprintf(w, "  %s shows %s, which means %s\n", plain(s.Key), plain(s.Native), plain(s.Means))
		if s.Refused != "" {
			fmt.Fprintf(w, "    refused: %s\n    it is tried again once somebody sets the field anew, here or there\n", plain(s.Refused))
		}
	}
	for i, x := range f.Writes {
		if i == 5 {
			break
		}
		printWrite(w, x, zone)
	}
	for _, x := range f.Lost {
		fmt.Fprintf(w, "  conflict %s, %s\n", x.Short, clashState(x))
		printEnds(w, x, zone)
	}
}

func printWrite(w io.Writer, x view.WriteStory, zone *time.Location) {
	line := fmt.Sprintf("  write %s → %s to %s, %s %s: %s", plain(x.From), plain(x.To), plain(x.Issue), x.State, kanban.Moment(x.At, zone), plain(x.Reason))
	if x.Held != "" {
		line += "; not sent: " + plain(x.Held)
	}
	if x.Problem != "" {
		line += "; " + plain(x.Problem)
	}
	fmt.Fprintln(w, line)
}

// lower begins a name with a small letter; the rest may be a label, which keeps its own.
func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// clashState says where a conflict stands.
func clashState(x view.Clash) string {
	switch x.State {
	case "open":
		return "which waits for a person"
	case "auto":
		return "decided by a rule"
	case "restored":
		return "decided by a rule, then the other way by a person"
	default:
		return "put away"
	}
}

// me is who the record names for what is done by hand.
func me() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "somebody at the command line"
}
