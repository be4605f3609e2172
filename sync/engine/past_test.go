package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/kanban/calendar"
	"parley/mapping"
)

// unsigned are steps without who made them, and by which event.
func unsigned(steps []kanban.Step) []kanban.Step {
	out := slices.Clone(steps)
	for i := range out {
		out[i].By, out[i].Event = "", ""
	}
	return out
}

// priorities are those of a card's past, in words.
func priorities(ranks []kanban.Ranking) (out []kanban.PriorityKey) {
	for _, r := range ranks {
		out = append(out, r.Priority)
	}
	return out
}

// columns are the columns of steps, in words.
func columns(steps []kanban.Step) (out []kanban.ColumnKey) {
	for _, s := range steps {
		out = append(out, s.Column)
	}
	return out
}

// The record alone, in whatever order and however often it is told, makes the past that was
// made step by step: with edits in both trackers, our own writes and their echoes, choices
// on the board and those that were taken back.
func TestTheRecordTellsThePast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		d := paired(r)
		for n := range rapid.IntRange(1, 8).Draw(r, "edits") {
			d.now = d.now.Add(time.Duration(rapid.IntRange(60, 90000).Draw(r, "seconds")) * time.Second)
			switch rapid.IntRange(0, 3).Draw(r, "kind") {
			case 0:
				d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, rapid.SampledFrom([]string{"1", "2", "3", "4"}).Draw(r, "status")))
				d.poll(kanban.Jira)
			case 1:
				d.relabel(rapid.SampledFrom([]string{"doing", "review"}).Draw(r, "label"))
				d.poll(kanban.GitHub)
			case 2:
				d.move(rapid.SampledFrom([]kanban.Value{"todo", "doing", "review", "done"}).Draw(r, "column"), fmt.Sprint("move-", n))
			default:
				key := fmt.Sprint("try-", n)
				d.move(rapid.SampledFrom([]kanban.Value{"todo", "doing", "review"}).Draw(r, "column"), key)
				d.now = d.now.Add(time.Second)
				if st, _, refused := d.eng.Undo(d.card, Undo{Key: key, Actor: "lea", At: d.now}); refused == nil {
					d.keep(st)
				}
			}
			d.work()
		}
		again := slices.Concat(d.record.Events, d.record.Events)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "order"), 0)).Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		for name, events := range map[string][]kanban.Event{"once": d.record.Events, "twice and in disorder": unique(again)} {
			after := d.eng.Retell(d.card, events)
			if diff := cmp.Diff(columns(d.card.Steps), columns(after.Steps)); diff != "" {
				r.Fatalf("%s (-live +told):\n%s\n%+v\n%s", name, diff, d.record.Events, d.story())
			}
			for i := range after.Steps {
				if gap := after.Steps[i].At.Sub(d.card.Steps[i].At).Abs(); gap > time.Minute {
					r.Fatalf("%s: step %d is told %s apart", name, i, gap)
				}
			}
			if diff := cmp.Diff(said(d.card.Profiles), said(after.Profiles)); diff != "" {
				r.Fatalf("%s, what the card was (-live +told):\n%s\n%s", name, diff, d.story())
			}
			after.Steps, after.Profiles = d.card.Steps, d.card.Profiles
			if diff := cmp.Diff(d.card, after); diff != "" {
				r.Fatalf("%s, something else has changed:\n%s", name, diff)
			}
		}
	})
}

// said is what profiles say, without the moments.
func said(profiles []kanban.Profile) []kanban.Profile {
	out := slices.Clone(profiles)
	for i := range out {
		out[i].At = time.Time{}
	}
	return out
}

// unique is what a store keeps of events.
func unique(events []kanban.Event) []kanban.Event {
	seen := map[string]bool{}
	return slices.DeleteFunc(events, func(e kanban.Event) bool {
		was := seen[e.Tracker+e.SourceID]
		seen[e.Tracker+e.SourceID] = true
		return was
	})
}

// relabel gives GitHub's issue another status label.
func (d *desk) relabel(label string) {
	changes := []connectors.Change{to(kanban.ChangeLabel, label)}
	for _, l := range d.issue[kanban.GitHub].Labels {
		if l == label {
			return
		}
		if l == "doing" || l == "review" {
			changes = append(changes, off(l))
		}
	}
	d.edit(kanban.GitHub, "ben", "", changes...)
}

// move asks for a column on the board.
func (d *desk) move(column kanban.Value, key string) {
	st, _, refused := d.eng.Ask(d.card, Intent{Key: key, Card: d.card.ID, Field: kanban.FieldStatus, To: column, Actor: "lea", At: d.now})
	if refused == nil {
		d.keep(st)
	}
}

// A poll may bring several moves at once: each is a step of its own, at its own moment.
func TestSeveralColumnsWithinOnePoll(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	first := d.now
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "3"))
	second := d.now
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.step(Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: d.issue[kanban.Jira], Entries: d.entries[kanban.Jira], Since: -1}})
	want := []kanban.Step{{Column: "todo", At: monday}, {Column: "doing", At: first}, {Column: "review", At: second}, {Column: "doing", At: d.now}}
	if diff := cmp.Diff(want, unsigned(d.card.Steps)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]calendar.Day{calendar.Of(monday, time.UTC)}, d.card.Touched); diff != "" {
		t.Error(diff)
	}
}

// Two issues become one card: Jira tells where it stood, and GitHub, while Jira says that
// the work is under way, in which of the columns in work.
func TestTwoPastsBecomeOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	day := func(n int) time.Time { return monday.AddDate(0, 0, n) }
	d.issue[kanban.GitHub].Created = day(-3)
	at := func(s kanban.Side, n int, changes ...connectors.Change) {
		d.now = day(n).Add(-20 * time.Second)
		d.edit(s, "ana", "", changes...)
	}
	at(kanban.GitHub, -2, to(kanban.ChangeLabel, "doing")) // no Jira issue yet
	at(kanban.GitHub, 1, off("doing"), to(kanban.ChangeLabel, "review"))
	at(kanban.Jira, 2, to(kanban.ChangeStatus, "2"))
	at(kanban.GitHub, 3, off("review"), to(kanban.ChangeLabel, "doing"))
	at(kanban.GitHub, 4, off("doing"), to(kanban.ChangeLabel, "review"))
	at(kanban.GitHub, 5, off("review"), to(kanban.ChangeLabel, "doing"))
	d.now = day(6)
	jira := d.eng.Step(Card{ID: "j"}, Observed{Side: kanban.Jira, Observation: connectors.Observation{Issue: d.issue[kanban.Jira], Entries: d.entries[kanban.Jira], Since: -1}}, d.now)
	github := d.eng.Step(Card{ID: "g"}, Observed{Side: kanban.GitHub, Observation: connectors.Observation{Issue: d.issue[kanban.GitHub], Entries: d.entries[kanban.GitHub], Since: -1}}, d.now)
	both, _, err := d.eng.Pair(jira.Card, github.Card, Pairing{How: HowHand, At: d.now}, d.now)
	if err != nil {
		t.Fatal(err)
	}
	want := []kanban.Step{
		{Column: "todo", At: day(-3)}, {Column: "doing", At: day(-2)}, {Column: "todo", At: monday},
		{Column: "doing", At: day(2)}, {Column: "review", At: day(4)}, {Column: "doing", At: day(5)},
	}
	if diff := cmp.Diff(want, unsigned(both.Card.Steps)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	events := slices.Concat(jira.Record.Events, github.Record.Events)
	if diff := cmp.Diff(want, unsigned(d.eng.Retell(both.Card, events).Steps)); diff != "" {
		t.Errorf("told anew (-want +got):\n%s", diff)
	}
	bare := both.Card // as it is where no history was there yet
	bare.Steps = []kanban.Step{{Column: "doing", At: monday}}
	if after, told := d.eng.Recollect(bare, kanban.GitHub, "77", events); !told || !cmp.Equal(want, unsigned(after.Steps)) {
		t.Errorf("recollected %v: %v", told, after.Steps)
	}
	if n := len(both.Card.Touched); n != 6 {
		t.Errorf("touched on %d days", n)
	}
}

// What blocked a card is told by the labels that its issues had, and by people.
func TestWhatBlockedACardIsRemembered(t *testing.T) {
	t.Parallel()
	d := flagged(t)
	hour := func(n int) { d.now = monday.Add(time.Duration(n)*time.Hour - 20*time.Second) }
	hour(1)
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeLabel, "stuck"))
	stuck := d.now
	d.poll(kanban.Jira)
	hour(2)
	if _, refused := d.block("third", "waits for the bank", "one"); refused != nil {
		t.Fatal(refused)
	}
	bank := d.now
	hour(3)
	d.edit(kanban.Jira, "ana", "", off("stuck"))
	d.poll(kanban.Jira)
	hour(4)
	_, _ = d.block("", "", "two")
	want := []kanban.Hindrance{
		{Party: kanban.IT, Reason: "flagged", From: stuck, To: bank},
		{Party: kanban.Third, Reason: "waits for the bank", From: bank, To: d.now},
	}
	if diff := cmp.Diff(want, d.card.Blocks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, d.eng.Retell(d.card, d.record.Events).Blocks); diff != "" {
		t.Errorf("told anew (-want +got):\n%s", diff)
	}
}

// Other rules read the same record again.
func TestOtherRulesTellThePastAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	for _, status := range []string{"2", "3", "4"} {
		d.now = d.now.Add(time.Hour)
		d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, status))
		d.poll(kanban.Jira)
	}
	config := board()
	config.Columns[1].Jira, config.Columns[2].Jira = []string{"In Progress", "In Review"}, nil
	config.Columns[0].Key, config.Columns[0].Name = "wishes", "Wishes"
	d.eng.Rules, _ = mapping.Compile(config, directories())
	step := d.eng.Step(d.card, Resumed{}, d.now)
	if !d.eng.Untold(&step.Card) {
		t.Fatal("the past counts as told by the new rules")
	}
	after := d.eng.Retell(step.Card, d.record.Events)
	if diff := cmp.Diff([]kanban.ColumnKey{"wishes", "doing", "done"}, columns(after.Steps)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if d.eng.Untold(&after) {
		t.Error("it is told, and does not count as told")
	}
}

// Where the board's days are those of another zone, a past is told anew, and the days on
// which a card was touched are those of the new one alone.
func TestAnotherZoneTellsAnotherPast(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.card = d.lone(kanban.Jira)
	east := *d.eng
	east.Zone = time.FixedZone("east", 14*3600)
	late := kanban.Event{Tracker: "jira", SourceID: "late", At: time.Date(2026, 6, 3, 20, 0, 0, 0, time.UTC), Actor: "ana"}
	here := d.eng.Retell(d.card, []kanban.Event{late})
	there := east.Retell(here, []kanban.Event{late})
	day := calendar.On(2026, 6, 3)
	if diff := cmp.Diff([][]calendar.Day{{day}, {day + 1}}, [][]calendar.Day{here.Touched, there.Touched}); diff != "" {
		t.Error(diff)
	}
	if d.eng.Untold(&here) || !east.Untold(&here) || east.Untold(&there) {
		t.Errorf("told by %q and %q", here.Told, there.Told)
	}
}
