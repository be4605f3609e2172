package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"parley/web"
)

// dealt is what decisions about contracts have in common.
type dealt struct {
	Op   string `help:"Your own id of it: asked for again by the same one it changes nothing, and of a swap it tells how far it is." placeholder:"ID"`
	JSON bool   `help:"Print one JSON document." name:"json"`
}

// deal takes a decision about a contract, as whoever sits at this machine, and tells it.
func (s *session) deal(ctx context.Context, c dealt, d web.Deal, words string) (err error) {
	if d.Op = c.Op; d.Op == "" {
		d.Op = uuid.NewString()
	}
	if problem := d.Problem(); problem != "" {
		return misused{problem}
	}
	a, err := s.openQuiet(ctx)
	if err != nil {
		return err
	}
	defer closing(a, &err)
	d.By = asker(a)
	answer, err := a.Deal(ctx, d)
	if refused, ok := errors.AsType[*web.Refusal](err); ok {
		return fmt.Errorf("nothing was decided: %s", refused.Reason)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.Out, answer)
	}
	switch {
	case answer.State == "held":
		words += "; its writes wait for permission, see parley plan"
	case answer.State == "sent":
		words += fmt.Sprintf("; both priorities are written by parley run, or neither is: ask again with --op %s", answer.Op)
	case d.What == web.DealSwap:
		words += "; both priorities are written"
	default:
		words += "; it is recorded"
	}
	_, err = fmt.Fprintln(s.Out, plain(words))
	return err
}

type contractSwapCommand struct {
	Card string `arg:"" help:"The request that waits: card id, Jira key or owner/repo#n."`
	For  string `help:"The request that holds a slot, is not begun, and steps down." required:"true" placeholder:"CARD"`
	dealt
}

// Run swaps.
func (c contractSwapCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealSwap, Card: c.Card, For: c.For}, fmt.Sprintf("%s has the slot of %s", c.Card, c.For))
}

type contractBorrowCommand struct {
	Card string `arg:"" help:"The request that waits: card id, Jira key or owner/repo#n."`
	dealt
}

// Run borrows.
func (c contractBorrowCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealBorrow, Card: c.Card}, c.Card+" takes a slot of the next week")
}

type contractWaitCommand struct {
	Card string `arg:"" help:"The request that waits: card id, Jira key or owner/repo#n."`
	dealt
}

// Run waits.
func (c contractWaitCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealWait, Card: c.Card}, c.Card+" waits until a slot is free")
}

type contractLendCommand struct {
	Unit  string `arg:"" help:"Key of the unit that lends."`
	To    string `help:"Key of the unit that has them then." required:"true" placeholder:"UNIT"`
	Slots int    `help:"How many." default:"1"`
	Ref   string `help:"Name of the loan; both units use the same." required:"true"`
	dealt
}

// Run lends.
func (c contractLendCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealLend, Unit: c.Unit, With: c.To, Slots: c.Slots, Ref: c.Ref}, fmt.Sprintf("%s lends %d to %s", c.Unit, c.Slots, c.To))
}

type contractLoanCommand struct {
	Unit  string `arg:"" help:"Key of the unit that takes them."`
	From  string `help:"Key of the unit that lends." required:"true" placeholder:"UNIT"`
	Slots int    `help:"How many." default:"1"`
	Ref   string `help:"Name of the loan; both units use the same." required:"true"`
	dealt
}

// Run takes a loan.
func (c contractLoanCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealLoan, Unit: c.Unit, With: c.From, Slots: c.Slots, Ref: c.Ref}, fmt.Sprintf("%s takes %d of %s", c.Unit, c.Slots, c.From))
}

type contractApproveCommand struct {
	Card string `arg:"" help:"The expedite: card id, Jira key or owner/repo#n."`
	dealt
}

// Run approves.
func (c contractApproveCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealApprove, Card: c.Card}, c.Card+" is approved as an expedite")
}

type contractSponsorCommand struct {
	Card string `arg:"" help:"Card id, Jira key or owner/repo#n."`
	Unit string `help:"Key of the unit that pays for it." required:"true"`
	dealt
}

// Run sponsors.
func (c contractSponsorCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealSponsor, Card: c.Card, Unit: c.Unit}, fmt.Sprintf("%s pays for %s", c.Unit, c.Card))
}

type contractNoteCommand struct {
	Unit  string   `arg:"" help:"Key of the unit."`
	Week  string   `arg:"" help:"The week, as 2026-W47."`
	Cause []string `arg:"" help:"The cause, in words."`
	dealt
}

// Run notes a cause.
func (c contractNoteCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealNote, Unit: c.Unit, Ref: c.Week, Note: strings.Join(c.Cause, " ")}, "the cause of the unplanned work of "+c.Week+" is noted")
}

type contractContestCommand struct {
	Verdict string `arg:"" help:"Id of the verdict; parley contract show UNIT --json tells it."`
	Side    string `help:"For which side: business or it." enum:"business,it" required:"true"`
	Note    string `help:"Why, in words."`
	dealt
}

// Run contests.
func (c contractContestCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealContest, Ref: c.Verdict, Side: c.Side, Note: c.Note}, c.Verdict+" is contested")
}

type contractSettleCommand struct {
	Verdict string `arg:"" help:"Id of the verdict."`
	Outcome string `help:"kept, broken or n/a." enum:"kept,broken,n/a" required:"true"`
	Side    string `help:"For which side: business or it." enum:"business,it" required:"true"`
	Note    string `help:"Why, in words."`
	dealt
}

// Run settles.
func (c contractSettleCommand) Run(ctx context.Context, s *session) error {
	return s.deal(ctx, c.dealt, web.Deal{What: web.DealSettle, Ref: c.Verdict, Outcome: c.Outcome, Side: c.Side, Note: c.Note}, fmt.Sprintf("%s is %s for this side", c.Verdict, c.Outcome))
}
