package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/kanban"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
	"parley/web"
)

// Deal takes a decision about a contract. The error is a *web.Refusal where it cannot be
// taken.
func (a *App) Deal(ctx context.Context, d web.Deal) (web.Answer, error) {
	return intents{a}.Deal(ctx, d)
}

// Deal takes a decision about a contract.
func (i intents) Deal(ctx context.Context, d web.Deal) (web.Answer, error) {
	if problem := d.Problem(); problem != "" {
		return web.Answer{}, &web.Refusal{Status: http.StatusBadRequest, Reason: problem}
	}
	accounts, err := i.Views.Standing(ctx)
	if err != nil {
		return web.Answer{}, err
	}
	stopped, err := i.Views.Stopped(ctx)
	if err != nil {
		return web.Answer{}, err
	}
	d.By.Name = plain(d.By.Name) // whatever a sign-in calls people
	t := dealer{intents: i, deal: d, accounts: accounts, stopped: stopped, now: i.Now().UTC().Truncate(time.Millisecond)}
	if err := t.cards(ctx); err != nil {
		return web.Answer{}, err
	}
	if err := t.parties(); err != nil {
		return web.Answer{}, err
	}
	if d.What == web.DealSwap {
		return t.swap(ctx)
	}
	return t.record(ctx)
}

// dealer carries one decision about a contract.
type dealer struct {
	intents

	deal       web.Deal
	accounts   []contract.Account
	account    contract.Account
	stopped    map[kanban.UnitKey]string // why nothing can be decided about a contract
	card, down view.Card
	side       kanban.Party
	now        time.Time
}

func unprocessable(format string, values ...any) error {
	return &web.Refusal{Status: http.StatusUnprocessableEntity, Reason: fmt.Sprintf(format, values...)}
}

func conflicting(reason string) error {
	return &web.Refusal{Status: http.StatusConflict, Reason: reason}
}

// cards finds the cards that a decision names.
func (t *dealer) cards(ctx context.Context) (err error) {
	if t.deal.Card != "" {
		if t.card, err = t.named(ctx, t.deal.Card, t.deal.By); err != nil {
			return err
		}
	}
	if t.deal.For != "" {
		t.down, err = t.named(ctx, t.deal.For, t.deal.By)
	}
	return err
}

// parties finds the contract that a decision is about, and whether it is the asker's to
// take it.
func (t *dealer) parties() error {
	unit := kanban.UnitKey(t.deal.Unit)
	if unit == "" {
		unit = t.guess()
	}
	own := t.deal.By.Owns(unit)
	t.side = t.sided()
	binding := !slices.Contains([]string{web.DealSwap, web.DealBorrow, web.DealWait, web.DealContest, web.DealNote}, t.deal.What)
	if why := t.deal.By.Role.MayContract(t.side, own, binding); why != "" {
		return forbidden(why)
	}
	if t.deal.By.Link {
		return forbidden("you came by a link that only shows")
	}
	if t.card.Masked && t.deal.By.Role != kanban.Ops {
		return forbidden("its words are not for you")
	}
	at := slices.IndexFunc(t.accounts, func(a contract.Account) bool { return a.Unit == unit })
	if at < 0 {
		return &web.Refusal{Status: http.StatusNotFound, Reason: "there is no contract with such a unit; name the key of a unit that has one"}
	}
	t.account = t.accounts[at]
	if why := t.stopped[unit]; why != "" {
		return conflicting(why)
	}
	return t.partner()
}

// partner refuses what another unit is a party to, too, whose contract is stopped: its slots
// and what it said are not known. Why that is so is told to those who may read that contract.
func (t *dealer) partner() error {
	others := []kanban.UnitKey{kanban.UnitKey(t.deal.With)}
	if t.deal.What == web.DealSponsor {
		others = append(others, t.payer().Next)
	}
	for _, unit := range others {
		if t.stopped[unit] != "" {
			return conflicting(fmt.Sprintf("the contract with %s is stopped until what was decided about it can be read again; decide this then", t.name(unit)))
		}
	}
	return nil
}

// guess is the unit of a decision that names none: whose the verdict or the row is, else
// that of the card.
func (t *dealer) guess() kanban.UnitKey {
	if t.deal.What == web.DealContest || t.deal.What == web.DealSettle {
		unit, _, _ := strings.Cut(t.deal.Ref, "/")
		return kanban.UnitKey(unit)
	}
	for _, a := range t.accounts {
		if _, ok := over(a, t.card.ID); ok && t.card.ID != "" {
			return a.Unit
		}
	}
	return t.card.Unit
}

// sided is for which side a decision is taken: the asker's own, an ops lead's as they say.
func (t *dealer) sided() kanban.Party {
	switch t.deal.What {
	case web.DealNote:
		return kanban.IT
	case web.DealContest, web.DealSettle:
		switch {
		case t.deal.By.Role.ForUnit():
			return kanban.Business
		case t.deal.By.Role == kanban.Ops && t.deal.Side == string(kanban.Business):
			return kanban.Business
		}
		return kanban.IT
	}
	return kanban.Business
}

// over is the place of a card in the row of those that wait for a slot.
func over(a contract.Account, card kanban.CardID) (contract.Over, bool) {
	at := slices.IndexFunc(a.Over, func(o contract.Over) bool { return o.Card == card })
	if at < 0 {
		return contract.Over{}, false
	}
	return a.Over[at], true
}

// record keeps a decision that nothing has to be written for.
func (t *dealer) record(ctx context.Context) (web.Answer, error) {
	e := t.event()
	done := web.Answer{Op: t.deal.Op, State: string(engine.IntentDone), Rev: t.card.Rev}
	known, err := t.known(ctx, e)
	if err != nil || known {
		return done, err
	}
	if err := t.sensible(ctx); err != nil {
		return web.Answer{}, err
	}
	if _, err := t.Store.Commit(ctx, store.Commit{Epoch: t.Runner.Engine().Epoch, Now: t.now, Decisions: t.agreed(e)}); err != nil {
		return web.Answer{}, err
	}
	_, err = t.known(ctx, e) // of two decisions by one op at once the first one counts
	return done, err
}

// event is the decision as it is recorded.
func (t *dealer) event() contract.Event {
	d := t.deal
	e := contract.Event{ID: view.DecisionID(d.Op), At: t.now, Card: t.card.ID, Who: d.By.Name, By: t.side, Unit: t.account.Unit, Note: strings.TrimSpace(d.Note)}
	switch d.What {
	case web.DealBorrow:
		e.Kind, e.Choice = contract.Chose, contract.Borrow
	case web.DealWait:
		e.Kind, e.Choice = contract.Chose, contract.WaitFor
	case web.DealLend:
		e.Kind, e.With, e.Amount, e.Ref = contract.Lends, kanban.UnitKey(d.With), d.Slots, d.Ref
	case web.DealLoan:
		e.Kind, e.With, e.Amount, e.Ref = contract.Borrows, kanban.UnitKey(d.With), d.Slots, d.Ref
	case web.DealApprove:
		e.Kind = contract.Approved
	case web.DealSponsor:
		e.Kind, e.With = contract.Sponsored, kanban.UnitKey(d.With)
	case web.DealNote:
		e.Kind, e.Ref = contract.Noted, d.Ref
	case web.DealContest:
		e.Kind, e.Ref = contract.Contested, t.verdict(d.Ref)
	case web.DealSettle:
		e.Kind, e.Ref, e.Outcome = contract.Settled, t.verdict(d.Ref), contract.Outcome(d.Outcome)
	}
	return e
}

// agreed is a decision with the other unit's word, where one person speaks for both: an ops
// lead says that a unit pays for another one's request, and that it may.
func (t *dealer) agreed(e contract.Event) []contract.Event {
	if t.deal.What != web.DealSponsor || t.deal.By.Role != kanban.Ops || t.deal.With != "" {
		return []contract.Event{e}
	}
	other := e
	other.ID, other.Unit, other.With = view.AgreedID(t.deal.Op), t.payer().Next, e.Unit
	return []contract.Event{e, other}
}

// payer is who pays for the card as things stand.
func (t *dealer) payer() contract.Payer { return t.account.Payers.Of(t.card.ID, t.card.Unit) }

// otherDecision is said of an op by which something else was decided, of whatever kind.
const otherDecision = "this op was another decision; give each decision an op of its own"

// known reports whether a decision is recorded. One by the same op that says something else
// is refused: its asker would take the old one for this.
func (t *dealer) known(ctx context.Context, e contract.Event) (bool, error) {
	_, err := t.Store.Trade(ctx, view.SwapID(t.deal.Op))
	if err == nil {
		return false, conflicting(otherDecision)
	}
	if !errors.Is(err, store.ErrUnknown) {
		return false, err
	}
	was, err := t.Store.Decision(ctx, e.ID)
	switch {
	case errors.Is(err, store.ErrUnknown):
		return false, nil
	case err != nil:
		return false, err
	}
	if was.Kind == contract.Contested || was.Kind == contract.Settled {
		was.Ref = t.verdict(was.Ref)
	}
	if was.At = e.At; was != e {
		return false, conflicting(otherDecision)
	}
	return true, nil
}

// sensible refuses what would have no effect.
func (t *dealer) sensible(ctx context.Context) error {
	switch t.deal.What {
	case web.DealBorrow, web.DealWait:
		return t.chooses()
	case web.DealLend, web.DealLoan:
		return t.lends(ctx)
	case web.DealApprove:
		return t.approves(ctx)
	case web.DealSponsor:
		return t.sponsors()
	case web.DealNote:
		return t.notes(ctx)
	case web.DealContest, web.DealSettle:
		return t.disputes()
	}
	return nil
}

// notes vets the cause of a week's unplanned work, of which the first one counts.
func (t *dealer) notes(ctx context.Context) error {
	if !slices.ContainsFunc(t.account.Statements, func(s contract.Statement) bool { return s.Period.String() == t.deal.Ref }) {
		return unprocessable("%.20q is no week of the contract with %s; name one as 2026-W47", t.deal.Ref, t.account.Name)
	}
	all, err := t.Store.Decisions(ctx)
	if err == nil && slices.ContainsFunc(all, func(e contract.Event) bool {
		return e.Kind == contract.Noted && e.Unit == t.account.Unit && e.Ref == t.deal.Ref
	}) {
		return conflicting("a cause was noted for this week already, and nothing that was recorded is changed")
	}
	return err
}

// verdict is the id under which a decision about a verdict is recorded, by whichever of its names:
// the one that never moves.
func (t *dealer) verdict(ref string) string {
	if v := t.account.VerdictOf(ref); v != nil {
		return v.ID
	}
	return ref
}

// disputes vets what is said of a verdict.
func (t *dealer) disputes() error {
	v := t.account.VerdictOf(t.deal.Ref)
	switch {
	case v == nil:
		return &web.Refusal{Status: http.StatusNotFound, Reason: "there is no such verdict of this contract; parley contract show --json tells their ids"}
	case t.deal.What == web.DealContest && v.Contested:
		return conflicting("it is contested already; both sides settle it")
	case t.deal.What == web.DealContest && !v.Decided():
		return unprocessable("it is %s; only what counts as kept or broken can be contested", v.Outcome)
	case t.deal.What == web.DealSettle && !v.Contested:
		return unprocessable("nobody contests it")
	}
	return nil
}

// swap begins a swap, or tells how far it is.
func (t *dealer) swap(ctx context.Context) (web.Answer, error) {
	id := view.SwapID(t.deal.Op)
	trade, err := t.Store.Trade(ctx, id)
	switch {
	case err == nil && (trade.Up.Card != t.card.ID || trade.Down.Card != t.down.ID):
		return web.Answer{}, conflicting("this op was another swap; give each swap an op of its own")
	case errors.Is(err, store.ErrUnknown):
		trade, err = t.begin(ctx, id)
	}
	if err != nil {
		return web.Answer{}, t.refused(ctx, err)
	}
	answer := web.Answer{Op: t.deal.Op, State: string(engine.IntentSent), Rev: t.card.Rev}
	switch {
	case trade.Phase == contract.Traded:
		answer.State = string(engine.IntentDone)
	case trade.Phase == contract.Undone:
		return web.Answer{}, conflicting("the swap did not come about, and both are as they were or as somebody set them meanwhile: " + trade.Problem)
	case !t.Runner.Write:
		answer.State = string(engine.IntentHeld)
	}
	return answer, nil
}

func (t *dealer) refused(ctx context.Context, err error) error {
	if r, ok := errors.AsType[*engine.Refusal](err); ok {
		return t.refusal(ctx, t.card.ID, t.deal.By, r)
	}
	return err
}

// begin vets a swap by how the contract stands, and stores it.
func (t *dealer) begin(ctx context.Context, id string) (store.Trade, error) {
	_, err := t.Store.Decision(ctx, view.DecisionID(t.deal.Op))
	if err == nil {
		return store.Trade{}, conflicting(otherDecision)
	}
	if !errors.Is(err, store.ErrUnknown) {
		return store.Trade{}, err
	}
	o, waits := over(t.account, t.card.ID)
	switch {
	case t.down.Unit != t.account.Unit && t.deal.By.Role != kanban.Ops:
		return store.Trade{}, forbidden("it is another unit's card")
	case t.down.Masked && t.deal.By.Role != kanban.Ops:
		return store.Trade{}, forbidden("its words are not for you")
	case !waits:
		return store.Trade{}, unprocessable("%s does not wait for a slot of %s", t.deal.Card, t.account.Name)
	}
	high, from := priorityOf(t.card), priorityOf(t.down)
	trade, err := t.account.Trade(id, contract.Half{Card: t.down.ID, From: from, To: t.account.Terms.StepsDown(from, o.From, t.engine().Rules.Layout().Priorities)}, contract.Half{Card: t.card.ID, From: high, To: high})
	switch {
	case err != nil:
		return store.Trade{}, unprocessable("%s holds no slot of %s that could pass to another; choose a request of the present week that is not begun", t.deal.For, t.account.Name)
	case trade.Down.To == "":
		return store.Trade{}, unprocessable("the board has no priority below those that ask for a slot; %s cannot step down", t.deal.For)
	}
	return t.Runner.Swap(ctx, store.Trade{Trade: trade, Unit: t.account.Unit, Who: t.deal.By.Name})
}

func priorityOf(c view.Card) kanban.PriorityKey {
	if c.Priority == nil {
		return ""
	}
	return kanban.PriorityKey(*c.Priority)
}
