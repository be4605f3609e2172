package engine

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/kanban"
	"parley/sync/reconcile"
)

// Block says that a person has blocked a card in Parley. No tracker knows of it. Beside it
// rules can call a card blocked by what its issues show.
type Block struct {
	Party  kanban.Party `json:"party"`
	Reason string       `json:"reason"`
	Since  time.Time    `json:"since"` // since when it waits for that party
	Key    string       `json:"key"`   // of the intent
}

// maxReason is the longest reason of a block, in letters.
const maxReason = 280

// block takes in that a card is blocked, or with an empty In.To that it is not any more.
func (t *turn) block(in Intent) (IntentState, *Refusal) {
	in.Reason = oneLine(in.Reason)
	if r := t.vetBlock(in); r != nil {
		return "", r
	}
	was := t.card.Block
	if in.To == "" {
		t.setBlock(nil, in.Actor, in.Key, DidUnblock)
	} else {
		now := &Block{Party: kanban.Party(in.To), Reason: in.Reason, Since: t.now, Key: in.Key}
		if was != nil && was.Party == now.Party {
			now.Since = was.Since
		}
		if was != nil && was.Party == now.Party && was.Reason == now.Reason {
			return IntentDone, nil
		}
		t.setBlock(now, in.Actor, in.Key, DidBlock)
	}
	t.did(Deed{Key: in.Key, Actor: in.Actor, Field: kanban.FieldBlocked, To: in.To, Block: was})
	return IntentDone, nil
}

// vetBlock says why a card cannot be blocked, or unblocked, so.
func (t *turn) vetBlock(in Intent) *Refusal {
	col, _ := t.Rules.Layout().Column(t.column(&t.card))
	switch {
	case in.Rev != 0 && in.Rev != t.card.Rev:
		return &Refusal{Stale: true, Reason: "the card has changed meanwhile"}
	case t.forsaken():
		return &Refusal{Reason: "no issue is left of this card: what it stood for counts as deleted"}
	case in.To == "" && t.card.Block == nil:
		return &Refusal{Reason: t.unblockable()}
	case in.To == "":
		return nil
	case !isParty(in.To):
		return &Refusal{Reason: fmt.Sprintf("%q is nobody to wait for", in.To), Allowed: []kanban.Value{kanban.Value(kanban.Business), kanban.Value(kanban.IT), kanban.Value(kanban.Third)}}
	case in.Reason == "":
		return &Refusal{Reason: "say in a few words why it is blocked"}
	case utf8.RuneCountInString(in.Reason) > maxReason:
		return &Refusal{Reason: fmt.Sprintf("the reason is longer than %d letters", maxReason)}
	case col.Category.Ended():
		return &Refusal{Reason: "the work on it has ended: there is nothing to block"}
	}
	return nil
}

func isParty(v kanban.Value) bool {
	switch kanban.Party(v) {
	case kanban.Business, kanban.IT, kanban.Third:
		return true
	}
	return false
}

// unblockable says why nobody can unblock the card here: nobody has blocked it here.
func (t *turn) unblockable() string {
	if t.Rules.Traits(t.card.issues()...).Blocked == "" {
		return "it is not blocked"
	}
	where := kanban.GitHub
	if s := t.card.Sides[kanban.Jira]; s != nil && t.Rules.Traits(s.Issue).Blocked != "" {
		where = kanban.Jira
	}
	return fmt.Sprintf("a rule of the configuration calls it blocked because of its issue in %s; change that there", product(where))
}

// setBlock blocks or unblocks the card and records that: as a line of the account, and as
// an event, of which the intervals are told in which it was blocked.
func (t *turn) setBlock(now *Block, actor, key, kind string) {
	was := t.card.Block
	t.card.Block = now
	change, text := kanban.Change{Field: kanban.ChangeBlocked}, "not blocked any more"
	if was != nil {
		change.From, change.FromName = string(was.Party), was.Reason
	}
	if now != nil {
		change.To, change.ToName = string(now.Party), now.Reason
		text = fmt.Sprintf("blocked, waits for %s: %s", now.Party.Words(), now.Reason)
	}
	if kind == DidUndo {
		text = "taken back: " + text
	}
	t.log(Activity{Kind: kind, Actor: actor, Side: reconcile.SideBoard, Field: kanban.FieldBlocked, Op: key, Text: text})
	t.said(t.now, actor, key, change)
}

// oneLine is what a person wrote, on one line and without what is not seen: control
// characters, and those that turn the direction of the text around it.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}
