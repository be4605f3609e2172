package runner

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
)

// observed is an observation beside what the index knows of its issue.
type observed struct {
	connectors.Observation
	row  store.IssueRow // its Card is empty for an issue that is new
	hash string
}

// changed drops what the store has seen in exactly this form: overlapping reads
// repeat everything of the last minutes.
func (r *Runner) changed(ctx context.Context, page []connectors.Observation) ([]observed, error) {
	if len(page) == 0 {
		return nil, nil
	}
	ids := make([]string, len(page))
	for i, o := range page {
		ids[i] = o.Issue.ID
	}
	rows, err := r.Store.Index(ctx, page[0].Issue.Tracker, ids)
	if err != nil {
		return nil, err
	}
	var out []observed
	evidence := r.evidences()
	at := map[string]int{}
	for _, o := range page {
		row, hash := rows[o.Issue.ID], digest(o, evidence)
		if row.Card != "" && (row.Hash == hash || o.Issue.Updated.Before(row.Token)) {
			continue
		}
		if i, twice := at[o.Issue.ID]; twice { // a page may repeat an issue: the later picture counts
			out[i] = observed{o, row, hash}
			continue
		}
		at[o.Issue.ID] = len(out)
		out = append(out, observed{o, row, hash})
	}
	return out, nil
}

// digest tells two pictures of an issue apart, also where the tracker changed it
// without touching its time of update, and where the rules take more down of it.
func digest(o connectors.Observation, evidence []string) string {
	h := fnv.New128a()
	last := int64(0)
	if n := len(o.Entries); n > 0 {
		last = o.Entries[n-1].Seq
	}
	_ = json.NewEncoder(h).Encode(struct {
		Issue    connectors.Issue
		Last     int64
		Evidence []string
	}{o.Issue, last, evidence})
	return hex.EncodeToString(h.Sum(nil))
}

// attempts is how often a commit is tried again after somebody else's change of
// the same cards came first.
const attempts = 20

// ingest stores observations, one step a card, all in one transaction. Where the
// worker keeps changing some card of the page, they are stored one by one.
func (r *Runner) ingest(ctx context.Context, t Tracker, page []observed) error {
	if len(page) == 0 {
		return nil
	}
	for _, o := range page {
		if r.unlisted(o.Issue) {
			if err := r.relearn(ctx, t); err != nil {
				return err
			}
			break
		}
	}
	err := r.store(ctx, t, page)
	if !errors.Is(err, store.ErrStale) {
		return err
	}
	for i := range page {
		if err := r.again(func() error { return r.store(ctx, t, page[i:i+1]) }); err != nil {
			return err
		}
	}
	return nil
}

// store takes observations into their cards and commits them together.
func (r *Runner) store(ctx context.Context, t Tracker, page []observed) error {
	if err := r.reindex(ctx, t.Name, page); err != nil {
		return err
	}
	c, err := r.steps(ctx, page)
	if err != nil {
		return err
	}
	_, err = r.put(ctx, c)
	return err
}

// again repeats what failed because a card had changed meanwhile.
func (r *Runner) again(do func() error) error {
	var err error
	for range attempts {
		if err = do(); !errors.Is(err, store.ErrStale) {
			return err
		}
	}
	return err
}

// reindex finds out which cards the issues are on now: twins may have been found
// since the page was looked at.
func (r *Runner) reindex(ctx context.Context, tracker string, page []observed) error {
	ids := make([]string, len(page))
	for i, o := range page {
		ids[i] = o.Issue.ID
	}
	rows, err := r.Store.Index(ctx, tracker, ids)
	if err != nil {
		return err
	}
	for i := range page {
		page[i].row = rows[page[i].Issue.ID]
	}
	return nil
}

// steps takes each observation into its card.
func (r *Runner) steps(ctx context.Context, page []observed) (store.Commit, error) {
	eng, now := r.Engine(), r.Now()
	c := store.Commit{Now: now}
	cards, err := r.cardsOf(ctx, page)
	if err != nil {
		return c, err
	}
	for _, o := range page {
		id := o.row.Card
		if id == "" {
			id = kanban.NewCardID(o.Issue.Tracker, o.Issue.ID)
		}
		card, known := cards[id]
		if o.row.Card != "" && (!known || card.Sides[sideOf(o.Issue.Kind)] == nil) { // parted from it between two looks
			return c, fmt.Errorf("card %s of %s: %w", id, o.Issue.Key, store.ErrStale)
		} else if !known {
			card = engine.Card{ID: id}
		}
		write, record, ok := r.stepped(eng, card, o, now)
		if !ok {
			continue
		}
		write.Fresh = o.row.Card == "" // its twin may be found before this is stored
		c.Cards = append(c.Cards, write)
		add(&c.Record, record)
		row := indexRow(o, id)
		if write.Fresh && o.Since == -1 { // all of its history came along, and was recorded
			row.History = store.HistoryWhole
		}
		c.Issues = append(c.Issues, row)
		c.Mentions = append(c.Mentions, mentions(eng.Rules, o.Issue)...)
	}
	c.Edges, c.Relinked = travelled(page, now), relinked(c.Record.Events)
	return c, nil
}

// travelled is what the histories of a page teach about the workflows: a step that
// somebody took is one that may be offered again.
func travelled(page []observed, now time.Time) []store.Edge {
	type way struct{ project, typ, from, to string }
	seen := map[way]bool{}
	var edges []store.Edge
	for _, o := range page {
		if o.Issue.Kind != connectors.Jira {
			continue
		}
		for _, e := range o.Entries {
			for _, c := range e.Changes {
				at := way{o.Issue.Container, o.Issue.Type, c.From, c.To}
				if c.Field == kanban.ChangeStatus && c.From != "" && c.To != "" && c.From != c.To && !seen[at] {
					seen[at] = true
					edges = append(edges, store.Edge{
						Tracker: o.Issue.Tracker, Project: o.Issue.Container, Type: o.Issue.Type, From: c.From, To: c.To, SeenAt: now,
					})
				}
			}
		}
	}
	return edges
}

// cardsOf loads the cards of a page's known issues.
func (r *Runner) cardsOf(ctx context.Context, page []observed) (map[kanban.CardID]engine.Card, error) {
	var ids []kanban.CardID
	for _, o := range page {
		if o.row.Card != "" {
			ids = append(ids, o.row.Card)
		}
	}
	return r.Store.Cards(ctx, ids)
}

// cardWrite readies a card for the store: with its face, and due if it has
// something to ask.
func (r *Runner) cardWrite(eng *engine.Engine, c engine.Card) store.CardWrite {
	r.doubts.note(eng, &c)
	return due(eng, c, eng.Next(c, r.Now()))
}

// due is a card with its face, due by what is to be asked next for it.
func due(eng *engine.Engine, c engine.Card, next engine.Next) store.CardWrite {
	return store.CardWrite{Card: c, Face: eng.Face(&c), Dirty: next.Ask != nil || !next.Wake.IsZero(), NextAt: next.Wake}
}

func indexRow(o observed, card kanban.CardID) store.IssueRow {
	return store.IssueRow{
		Tracker: o.Issue.Tracker, ID: o.Issue.ID, Key: o.Issue.Key, Container: o.Issue.Container,
		Type: o.Issue.Type, StatusID: o.Issue.Status.ID, Card: card, Token: o.Issue.Updated, Hash: o.hash,
	}
}

// mentions is what an issue's own texts say about its twin.
func mentions(rules *mapping.Rules, i connectors.Issue) []store.MentionSet {
	sets := map[mapping.Evidence][]string{}
	for _, m := range rules.Mentions(i, nil) {
		sets[m.By] = append(sets[m.By], twinOf(i, m))
	}
	out := make([]store.MentionSet, 0, 2)
	for _, by := range []mapping.Evidence{mapping.KeyInTitle, mapping.URLInDescription} {
		out = append(out, store.MentionSet{Tracker: i.Tracker, IssueID: i.ID, Method: string(by), Targets: sets[by]})
	}
	return out
}

func twinOf(i connectors.Issue, m mapping.Mention) string {
	if i.Kind == connectors.Jira {
		return m.GitHub
	}
	return m.Jira
}

func sideOf(k connectors.Kind) kanban.Side {
	if k == connectors.Jira {
		return kanban.Jira
	}
	return kanban.GitHub
}

func add(to *engine.Record, from engine.Record) {
	to.Events = append(to.Events, from.Events...)
	to.Conflicts = append(to.Conflicts, from.Conflicts...)
	to.Activity = append(to.Activity, from.Activity...)
}

func byIssue(entries []connectors.Entry) map[string][]connectors.Entry {
	out := map[string][]connectors.Entry{}
	for _, e := range entries {
		out[e.IssueID] = append(out[e.IssueID], e)
	}
	return out
}

// reverse puts entries read newest first into the order they happened in.
func reverse(entries []connectors.Entry) {
	slices.SortStableFunc(entries, func(a, b connectors.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
}

// cardOf loads the card that an issue is on at this moment.
func (r *Runner) cardOf(ctx context.Context, tracker, issue string) (engine.Card, error) {
	rows, err := r.Store.Index(ctx, tracker, []string{issue})
	if err != nil {
		return engine.Card{}, err
	}
	return r.Store.Card(ctx, rows[issue].Card)
}

// cardNow is cardOf for a step. It fails as stale where the card goes away between two
// looks, because its twin was found: look again.
func (r *Runner) cardNow(ctx context.Context, row store.IssueRow) (engine.Card, error) {
	card, err := r.cardOf(ctx, row.Tracker, row.ID)
	if errors.Is(err, store.ErrUnknown) {
		return card, fmt.Errorf("card of %s: %w", row.Key, store.ErrStale)
	}
	return card, err
}

// apply takes one event into the card of an issue.
func (r *Runner) apply(ctx context.Context, row store.IssueRow, ev engine.Event) error {
	return r.again(func() error {
		card, err := r.cardNow(ctx, row)
		if err != nil {
			return err
		}
		eng := r.Engine()
		step := eng.Step(card, ev, r.Now())
		_, err = r.put(ctx, store.Commit{
			Now: r.Now(), Cards: []store.CardWrite{r.cardWrite(eng, step.Card)}, Record: step.Record,
			Relinked: relinked(step.Record.Events),
		})
		return err
	})
}
