package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"parley/kanban"
	"parley/kanban/calendar"
	"parley/kanban/contract"
	"parley/sync/engine"
	"parley/sync/remark"
	"parley/sync/runner"
	"parley/sync/store"
	"parley/sync/view"
)

// answerOver does what the terms say about requests over their contracts: the choices are
// put on the ticket once, and where nobody chose in time the priority is written back, once,
// with the reason. What is wrong with one request stays with it.
func (k *bookkeeper) answerOver(ctx context.Context) error {
	if err := k.Runner.WorkBacks(ctx); err != nil {
		return err
	}
	moves, err := k.Views.OverMoves(ctx)
	if err != nil {
		return err
	}
	for _, m := range moves {
		var err error
		switch {
		case m.Move == contract.Tell:
			err = k.tell(ctx, m)
		case k.Runner.Write: // else it would be recorded, and not be written
			err = k.restore(ctx, m)
		}
		if errors.Is(err, store.ErrFenced) || ctx.Err() != nil {
			return err
		}
		if err != nil && !k.failed[overKey(m)] {
			k.failed[overKey(m)] = true
			k.Log.WarnContext(ctx, "a request over its contract could not be dealt with; it is tried again", "card", m.Card, "error", err)
		}
	}
	return nil
}

// markOver keeps which cards are over their contracts, for boards to show. Those of which it
// has changed are told to whoever has one open.
func (k *bookkeeper) markOver(ctx context.Context, accounts []contract.Account) error {
	was, _, err := k.Store.Setting(ctx, view.SettingOver)
	if err != nil {
		return err
	}
	is, err := view.OverMarks(accounts)
	if err != nil || was == is {
		return err
	}
	_, err = k.Store.Commit(ctx, store.Commit{Epoch: k.Runner.Term(), Now: k.Now(), Settings: map[string]string{view.SettingOver: is}, Redrawn: view.OverChanged(was, is)})
	return err
}

// overKey names one raise of one card.
func overKey(m view.OverMove) string {
	return fmt.Sprintf("over/%s/%d", m.Card, m.Raised.UnixMilli())
}

// askKey names the comment with the choices: one in a period, however often the priority is
// raised in it.
func (k *bookkeeper) askKey(m view.OverMove) string {
	return fmt.Sprintf("over/%s/%s", m.Card, contract.PeriodOf(calendar.Of(m.Raised, k.zone)))
}

// wish is a comment on the card's issue in Jira, where its requester is.
func (k *bookkeeper) wish(ctx context.Context, m view.OverMove, key, body string) (remark.Wish, error) {
	card, err := k.Store.Card(ctx, m.Card)
	if err != nil {
		return remark.Wish{}, err
	}
	side := card.Sides[kanban.Jira]
	if side == nil {
		return remark.Wish{}, fmt.Errorf("comment on card %s: it has no issue in Jira", m.Card)
	}
	return remark.Wish{Key: key, Issue: side.Issue.Ref, Body: body, Reason: "its priority was raised over the contract with " + m.Unit}, nil
}

// tell puts the choices on the ticket; where they are from a raise before in the same period,
// they are written anew there. They count as told once they are there. What is refused
// for good is tried no more: that is recorded with the reason, and the contract's page says it.
func (k *bookkeeper) tell(ctx context.Context, m view.OverMove) error {
	w, err := k.wish(ctx, m, k.askKey(m), m.Text)
	if err != nil {
		return err
	}
	c, err := k.Runner.Comment(ctx, w)
	if err != nil {
		return err
	}
	if c.State() == remark.Posted && c.Post.Created.Before(m.Raised) && c.Body != m.Text && !k.anew[overKey(m)] {
		if k.anew == nil {
			k.anew = map[string]bool{}
		}
		k.anew[overKey(m)] = true
		_, err := k.Runner.RewriteComment(ctx, w.Key, m.Text, nil)
		return err
	}
	e := k.byContract(m, contract.Told)
	switch c.State() {
	case remark.Posted, remark.Vanished: // somebody may have deleted it since
	case remark.Refused:
		e.Note = cmp.Or(brief(c.Problem), "the tracker refused it")
		k.Log.WarnContext(ctx, "what can be chosen for a request over its contract could not be put on its ticket; the board says it, and nothing is set back", "card", m.Card, "error", e.Note)
	default:
		return nil
	}
	_, err = k.Store.Commit(ctx, store.Commit{Epoch: k.Runner.Term(), Now: k.Now(), Decisions: []contract.Event{e}})
	return err
}

// brief is a tracker's reason in a line.
func brief(text string) string {
	const most = 200
	line := []rune(plain(strings.Join(strings.Fields(text), " ")))
	if len(line) > most {
		line = append(line[:most], '…')
	}
	return string(line)
}

// plain is text without the letters that no store keeps.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

// restore puts the priority back to what it was before it was raised, and says why once a
// tracker shows it.
func (k *bookkeeper) restore(ctx context.Context, m view.OverMove) error {
	e := k.byContract(m, contract.PutBack)
	body := fmt.Sprintf("The priority is set back to what it was: no slot of %s was free, and nobody chose until %s whether to swap, borrow or wait. Raise it again once a slot is free, or choose one of these.",
		m.Unit, kanban.Moment(m.Until, k.zone))
	w, err := k.wish(ctx, m, overKey(m)+"/back", body)
	if err != nil {
		return err
	}
	raised := kanban.Value(m.To)
	in := engine.Intent{Key: e.ID, Card: m.Card, Field: kanban.FieldPriority, To: kanban.Value(m.From), Expect: &raised, Actor: "the contract with " + m.Unit}
	return k.Runner.PutBack(ctx, runner.Setback{Intent: in, Raised: m.Raised, Decision: e, Why: w})
}

// byContract is a decision that follows from the terms.
func (k *bookkeeper) byContract(m view.OverMove, kind contract.Kind) contract.Event {
	return contract.Event{ID: overKey(m) + "/" + string(kind), At: k.Now().UTC().Truncate(time.Millisecond), Card: m.Card, Kind: kind, Who: "contract", Unit: m.Over.Unit}
}
