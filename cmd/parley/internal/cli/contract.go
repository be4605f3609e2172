package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/view"
)

type contractCommand struct {
	Show    contractShowCommand    `cmd:"" help:"Show how the contract with a unit stands: what is at risk, slots, verdicts with their reasons, both scores."`
	Propose contractProposeCommand `cmd:"" help:"Compute from what was really finished how many slots can be promised."`
	Digest  contractDigestCommand  `cmd:"" help:"Show the digest of a week that is over and where it was sent, or have it sent."`
	Verify  contractVerifyCommand  `cmd:"" help:"Check that no ledger was changed since it was written, or since a head of it was sent out."`

	Swap    contractSwapCommand    `cmd:"" help:"Give a request that waits the slot of another one of its unit, which steps down: both priorities are written, or neither."`
	Borrow  contractBorrowCommand  `cmd:"" help:"Take a slot of the next week for a request that waits."`
	Wait    contractWaitCommand    `cmd:"" help:"Let a request wait until a slot is free."`
	Lend    contractLendCommand    `cmd:"" help:"Lend slots to another unit; it counts once that one says loan."`
	Loan    contractLoanCommand    `cmd:"" help:"Take slots that another unit lends; it counts once that one says lend."`
	Approve contractApproveCommand `cmd:"" help:"Approve of an expedite."`
	Sponsor contractSponsorCommand `cmd:"" help:"Let a unit pay for a card of another one."`
	Note    contractNoteCommand    `cmd:"" help:"Note the cause of a week's unplanned work."`
	Contest contractContestCommand `cmd:"" help:"Say that a side does not accept a verdict: it counts for nobody until both agree."`
	Settle  contractSettleCommand  `cmd:"" help:"Say on what outcome of a contested verdict a side agrees."`
}

type contractShowCommand struct {
	Unit string `arg:"" optional:"" help:"Key of the unit; all contracts, a line each, where it is left out."`
	As   string `help:"Whose eyes to look with: ops, it, wall or unit:KEY." default:"ops" placeholder:"AUDIENCE"`
	JSON bool   `help:"Print what GET /api/v1/contract/{unit} answers them." name:"json"`
}

// Help says whose eyes these are.
func (contractShowCommand) Help() string { return eyes }

// Run shows a contract, or lists all.
func (c contractShowCommand) Run(ctx context.Context, s *session) (err error) {
	a, sight, err := s.sight(ctx, c.As)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	if c.Unit == "" {
		return c.list(ctx, s, sight)
	}
	k, err := sight.Contract(ctx, kanban.UnitKey(c.Unit))
	if err != nil {
		return noContract(a, c.Unit, err)
	}
	if c.JSON {
		return printJSON(s.Out, k)
	}
	printContract(s.Out, k)
	return nil
}

func (c contractShowCommand) list(ctx context.Context, s *session, sight *view.Sight) error {
	all, err := sight.Contracts(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.Out, map[string]any{"contracts": all})
	}
	if len(all) == 0 {
		fmt.Fprintln(s.Out, "nothing was agreed on with any unit; write [[unit.contract]] below a [[unit]] of the configuration")
	}
	for _, k := range all {
		fmt.Fprintf(s.Out, "%-12s %s\n", plain(string(k.Unit)), plain(orWords(k.Line, k.Name)))
	}
	return nil
}

// noContract says which contracts there are where one was asked for that is not.
func noContract(a *app.App, unit string, err error) error {
	if !errors.Is(err, view.ErrUnknown) {
		return err
	}
	var keys []string
	for _, c := range a.Config.Contracts() {
		keys = append(keys, string(c.Unit))
	}
	if len(keys) == 0 {
		return fmt.Errorf("nothing was agreed on with any unit; write [[unit.contract]] below a [[unit]] of the configuration")
	}
	return fmt.Errorf("there is no contract with %.60q; there are contracts with %s", unit, strings.Join(keys, ", "))
}

func printContract(w io.Writer, k view.Contract) {
	fmt.Fprintln(w, plain(orWords(k.Line, k.Name)))
	if k.Masked {
		return
	}
	if k.Problem != "" {
		fmt.Fprintln(w, plain(k.Problem))
	}
	printPromised(w, "Next three days", k.AtRisk)
	printSlots(w, k)
	printPromised(w, "Promises of the last 8 weeks, the latest first", k.Verdicts)
	if k.MoreVerdicts > 0 {
		fmt.Fprintf(w, "  and %d more: the contract's page has them, and a file of all\n", k.MoreVerdicts)
	}
	if len(k.Scores) > 0 {
		fmt.Fprintln(w)
	}
	for _, s := range k.Scores {
		fmt.Fprintf(w, "%-12s %s\n", plain(s.Name), s.Text)
	}
	var shares []string
	for _, c := range k.Clock {
		shares = append(shares, fmt.Sprintf("%s %d h (%d %%)", c.Party.Words(), c.Hours, c.Percent))
	}
	if len(shares) > 0 {
		fmt.Fprintf(w, "whose time the work in progress was: %s\n", strings.Join(shares, ", "))
	}
	if l := k.Ledger; l != nil {
		fmt.Fprintf(w, "ledger: %d entries, %d of them about verdicts, %s\n", l.Entries, l.Verdicts, l.Head)
		if l.Problem != "" {
			fmt.Fprintln(w, "  "+plain(l.Problem))
		}
	}
}

func printPromised(w io.Writer, title string, list []view.Promised) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, p := range list {
		outcome := string(p.Outcome)
		switch {
		case p.Contested:
			outcome = "contested"
		case p.Failing:
			outcome = "at risk"
		case p.Outcome == contract.Pending:
			outcome = "open"
		}
		fmt.Fprintf(w, "  %-9s %s  %-2s %-17s  %s\n", outcome, p.Period, p.Promise, p.Promise.Words(), plain(p.Sentence))
	}
}

func printSlots(w io.Writer, k view.Contract) {
	if p := k.Period; p != nil {
		fmt.Fprintf(w, "\nSlots of %s: %d offered, %d taken, %d for expedites, %s\n  %s\n", p.Period, p.Offered, p.Taken, p.Expedites, freeWords(k.Free), p.Facts)
	}
	for _, h := range k.Holders {
		state := "not begun"
		switch {
		case !h.Delivered.IsZero():
			state = "delivered"
		case h.Started:
			state = "begun"
		}
		fmt.Fprintf(w, "  %s\n", plain(strings.Join(filled(h.Called, h.Title, state), " · ")))
	}
	if len(k.Over) > 0 {
		fmt.Fprintln(w, "\nOver the contract")
	}
	for _, o := range k.Over {
		fmt.Fprintf(w, "  %s\n", plain(o.Sentence))
	}
}

func freeWords(n int) string {
	if n < 0 {
		return fmt.Sprintf("%d taken in advance", -n)
	}
	return fmt.Sprintf("%d free", n)
}

type contractProposeCommand struct {
	As   string `help:"Whose eyes to look with: ops, it, wall or unit:KEY." default:"ops" placeholder:"AUDIENCE"`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// Run prints how many slots can be promised.
func (c contractProposeCommand) Run(ctx context.Context, s *session) (err error) {
	a, sight, err := s.sight(ctx, c.As)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	p, err := sight.Propose(ctx)
	if err != nil {
		return fmt.Errorf("propose slots: %w", err)
	}
	if c.JSON {
		return printJSON(s.Out, p)
	}
	fmt.Fprintf(s.Out, "%d requests a week can be promised: so many were finished, with planned work alone, in 85 of 100 of the last %d full weeks.\n", p.Slots, p.Weeks)
	if p.Provisional {
		fmt.Fprintln(s.Out, "That is provisional: fewer than 8 full weeks were measured, so that it is the mean less a reserve for unplanned work.")
	}
	fmt.Fprintf(s.Out, "In the worst weeks %d %% of the time goes into unplanned work. Kept for removing causes, of these: %d.\n", p.Reserve, p.Improvement)
	fmt.Fprintf(s.Out, "If work goes as it went, the promise is kept over a quarter in %.0f of 100 cases.\n\n", 100*p.Chance)
	for _, u := range p.Units {
		agreed := "no contract"
		if u.Agreed >= 0 {
			agreed = fmt.Sprintf("%d agreed", u.Agreed)
		}
		fmt.Fprintf(s.Out, "%-12s %d slots a week (%d finished, %s)\n", plain(u.Name), u.Slots, u.Finished, agreed)
	}
	return nil
}

type contractVerifyCommand struct {
	Head string `arg:"" optional:"" help:"A head that was sent out earlier, parley-ledger-1:…, or a text with heads in it, such as a whole digest; the ledger must still begin as it did then."`
	File string `help:"A file with that text." placeholder:"FILE"`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// heads are those that were sent out and are to be compared; none: none were given.
func (c contractVerifyCommand) heads() ([]contract.Head, error) {
	text := c.Head
	switch {
	case c.File != "" && text != "":
		return nil, misused{"give a head or a --file, not both"}
	case c.File != "":
		all, err := config.ReadText(c.File)
		if err != nil {
			return nil, fmt.Errorf("read the digest: %w", err)
		}
		text = all
	case text == "":
		return nil, nil
	}
	heads, err := contract.FindHeads(text)
	if err != nil && c.File == "" {
		return nil, misused{err.Error()}
	}
	return heads, err
}

// verified is what a look at one ledger came to.
type verified struct {
	Unit    kanban.UnitKey `json:"unit"`
	Entries int64          `json:"entries"`
	Head    string         `json:"head"`
	Problem string         `json:"problem,omitempty"`
}

// Run checks the ledgers; one that does not hold is a finding.
func (c contractVerifyCommand) Run(ctx context.Context, s *session) (err error) {
	sent, err := c.heads()
	if err != nil {
		return err
	}
	a, err := s.openStored(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	units, err := a.Store.Ledgers(ctx)
	if err != nil {
		return err
	}
	found, all := false, []verified{}
	look := func(unit kanban.UnitKey, head *contract.Head) {
		is, err := a.VerifyLedger(ctx, unit, head)
		v := verified{Unit: unit, Entries: is.Entries, Head: is.String()}
		if err != nil {
			found, v.Problem = true, err.Error()
		}
		all = append(all, v)
	}
	for i := range sent {
		look(sent[i].Unit, &sent[i])
	}
	for _, unit := range units {
		if sent == nil {
			look(unit, nil)
		}
	}
	if err := c.print(s.Out, all); err != nil {
		return err
	}
	if found {
		return errTold
	}
	return nil
}

func (c contractVerifyCommand) print(w io.Writer, all []verified) error {
	if c.JSON {
		return printJSON(w, map[string]any{"ledgers": all})
	}
	if len(all) == 0 {
		fmt.Fprintln(w, "no ledger has entries yet")
	}
	for _, v := range all {
		state := "as it was written"
		if v.Problem != "" {
			state = plain(v.Problem)
		}
		fmt.Fprintf(w, "%-12s %d entries, %s\n             %s\n", plain(string(v.Unit)), v.Entries, state, v.Head)
	}
	return nil
}
