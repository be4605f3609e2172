package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
)

// flagged is a desk whose board calls a card blocked that has the label "stuck" in Jira or
// "on hold" in GitHub.
func flagged(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	config := board()
	config.Rules = []mapping.RuleConfig{
		{When: mapping.Condition{Jira: []mapping.Test{{Property: mapping.PropertyLabel, Any: []string{"stuck"}}}}, Set: mapping.Setting{Blocked: kanban.IT, Reason: "flagged"}},
		{When: mapping.Condition{GitHub: []mapping.Test{{Property: mapping.PropertyLabel, Any: []string{"on hold"}}}}, Set: mapping.Setting{Blocked: kanban.Third}},
	}
	d.eng.Rules, _ = mapping.Compile(config, directories())
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{How: "hand"}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	d.card = step.Card
	return d
}

// block asks the desk's card to be blocked, or with an empty party unblocked.
func (d *desk) block(party kanban.Value, reason, key string) (IntentState, *Refusal) {
	d.t.Helper()
	st, state, refused := d.eng.Ask(d.card, Intent{Key: key, Card: d.card.ID, Field: kanban.FieldBlocked, To: party, Reason: reason, Rev: d.card.Rev, Actor: "lea", At: d.now})
	if refused == nil {
		d.keep(st)
	}
	return state, refused
}

func TestBlockAndUnblock(t *testing.T) {
	t.Parallel()
	d := flagged(t)
	d.record = Record{}
	rev, ops := d.card.Rev, len(d.card.Ops)
	state, refused := d.block("third", "  waits for\n\tthe bank\u202e\x07 ", "one")
	if refused != nil || state != IntentDone || d.card.Rev != rev+1 || len(d.card.Ops) != ops {
		t.Fatalf("%s, %v, revision %d after %d, %d writes", state, refused, d.card.Rev, rev, len(d.card.Ops)-ops)
	}
	face := d.eng.Face(&d.card)
	want := &kanban.Block{Party: kanban.Third, Reason: "waits for the bank", Since: d.now, Here: true}
	if diff := cmp.Diff(want, face.Blocked); diff != "" || face.Turn != kanban.Third {
		t.Errorf("turn %s, blocked (-want +got):\n%s", face.Turn, diff)
	}
	since := d.now
	d.now = d.now.Add(time.Hour)
	_, _ = d.block("third", "waits for two banks", "two")
	if got := d.eng.Face(&d.card).Blocked; got.Since != since || got.Reason != "waits for two banks" {
		t.Errorf("after another reason: %+v, want it blocked since the first", got)
	}
	_, _ = d.block("business", "waits for Mia", "three")
	if got := d.eng.Face(&d.card).Blocked; got.Since != d.now {
		t.Errorf("after another party: %+v, want it to wait for that one since now", got)
	}
	if state, refused := d.block("", "", "four"); refused != nil || state != IntentDone || d.eng.Face(&d.card).Blocked != nil {
		t.Errorf("unblocked: %s, %v, %+v", state, refused, d.eng.Face(&d.card).Blocked)
	}
	var kinds, texts, spans []string
	for _, a := range d.record.Activity {
		kinds, texts = append(kinds, a.Kind+" by "+a.Actor), append(texts, a.Text)
	}
	ids := map[string]bool{}
	for _, e := range d.record.Events {
		spans = append(spans, e.At.Format(time.TimeOnly)+" "+e.Changes[0].From+"→"+e.Changes[0].To+" "+e.Changes[0].ToName)
		ids[e.SourceID] = true
		if e.Tracker != "jira" || e.Issue != "1001" || e.Actor != "lea" || !strings.HasPrefix(e.SourceID, kanban.SourceBoard) {
			t.Errorf("event %+v", e)
		}
	}
	if diff := cmp.Diff([]string{"blocked by lea", "blocked by lea", "blocked by lea", "unblocked by lea"}, kinds); diff != "" {
		t.Errorf("activity (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"blocked, waits for a third party: waits for the bank", "blocked, waits for a third party: waits for two banks", "blocked, waits for the business: waits for Mia", "not blocked any more"}, texts); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"09:00:00 →third waits for the bank", "10:00:00 third→third waits for two banks", "10:00:00 third→business waits for Mia", "10:00:00 business→ "}, spans); diff != "" || len(ids) != 4 {
		t.Errorf("%d events (-want +got):\n%s", len(ids), diff)
	}
}

func TestBlocksThatAreRefused(t *testing.T) {
	t.Parallel()
	label := func(s kanban.Side, name string) func(*desk) {
		return func(d *desk) {
			d.edit(s, "ana", "", connectors.Change{Field: kanban.ChangeLabel, To: name})
			d.issue[s].Labels = append([]string{}, name)
			d.poll(s)
		}
	}
	for _, c := range []struct {
		name   string
		alter  func(*desk)
		in     Intent
		reason string
		stale  bool
	}{
		{"no party", nil, Intent{To: "vendor", Reason: "x"}, `"vendor" is nobody to wait for`, false},
		{"nobody", nil, Intent{To: "none", Reason: "x"}, `"none" is nobody to wait for`, false},
		{"no reason", nil, Intent{To: "it", Reason: " \n\u202e "}, "say in a few words why it is blocked", false},
		{"a long reason", nil, Intent{To: "it", Reason: strings.Repeat("ä", 281)}, "the reason is longer than 280 letters", false},
		{"an old picture", nil, Intent{To: "it", Reason: "x", Rev: 99}, "the card has changed meanwhile", true},
		{"not blocked", nil, Intent{}, "it is not blocked", false},
		{"done", func(d *desk) { d.card.Status.Agreed = "done" }, Intent{To: "it", Reason: "x"}, "the work on it has ended: there is nothing to block", false},
		{"by Jira", label(kanban.Jira, "stuck"), Intent{}, "a rule of the configuration calls it blocked because of its issue in Jira; change that there", false},
		{"by GitHub", label(kanban.GitHub, "on hold"), Intent{}, "a rule of the configuration calls it blocked because of its issue in GitHub; change that there", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := flagged(t)
			if c.alter != nil {
				c.alter(d)
			}
			c.in.Field, c.in.At = kanban.FieldBlocked, d.now
			_, _, refused := d.eng.Ask(d.card, c.in)
			if refused == nil || refused.Reason != c.reason || refused.Stale != c.stale {
				t.Errorf("refusal %+v, want %q", refused, c.reason)
			}
		})
	}
	d := flagged(t)
	if _, refused := d.block("it", strings.Repeat("ä", 280), "k"); refused != nil {
		t.Errorf("280 letters: %v", refused)
	}
}

func TestABlockOfParleyStandsBesideThatOfARule(t *testing.T) {
	t.Parallel()
	d := flagged(t)
	d.issue[kanban.Jira].Labels = []string{"stuck"}
	d.issue[kanban.Jira].Updated = d.now
	d.poll(kanban.Jira)
	if _, refused := d.block("third", "and the bank", "one"); refused != nil {
		t.Fatal(refused)
	}
	if got := d.eng.Face(&d.card).Blocked; !got.Here || got.Reason != "and the bank" {
		t.Errorf("blocked %+v, want what the person said", got)
	}
	if _, refused := d.block("", "", "two"); refused != nil {
		t.Fatal(refused)
	}
	if got := d.eng.Face(&d.card).Blocked; got == nil || got.Here || got.Reason != "flagged" {
		t.Errorf("blocked %+v, want what the rule says", got)
	}
	if _, refused := d.block("", "", "three"); refused == nil {
		t.Error("the rule's block was ended")
	}
}

func TestABlockLivesOnWithTheCard(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.GitHub)
	if _, refused := d.block("it", "hot", "k"); refused != nil {
		t.Fatal(refused)
	}
	step, _, err := d.eng.Pair(d.lone(kanban.Jira), d.card, Pairing{How: "hand"}, d.now)
	if err != nil || step.Card.Block == nil || len(step.Card.Deeds) > 0 {
		t.Errorf("paired: %v, %+v, %d deeds; want it blocked, and nothing to take back", err, step.Card.Block, len(step.Card.Deeds))
	}
	if keep, own, err := d.eng.Part(step.Card, "lea", d.now); err != nil || keep.Card.Block == nil || own.Card.Block != nil {
		t.Errorf("parted: %v, %+v, %+v; want it with the card that stays", err, keep.Card.Block, own.Card.Block)
	}
}
