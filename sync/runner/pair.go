package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/engine"
	"parley/sync/store"
)

// match looks for the twins of the issues that a page brought. It runs before the
// cursor moves on, so that a crash in between only repeats it.
func (r *Runner) match(ctx context.Context, t Tracker, page []connectors.Observation) (planned bool, err error) {
	ids := make([]string, len(page))
	for i, o := range page {
		ids[i] = o.Issue.ID
	}
	rows, err := r.Store.Index(ctx, t.Name, ids)
	if err != nil {
		return false, err
	}
	for _, o := range page {
		if row, ok := rows[o.Issue.ID]; ok {
			one, err := r.matchOrCreate(ctx, row)
			if planned = planned || one; err != nil {
				return planned, err
			}
		}
	}
	return planned, nil
}

// matchOrCreate pairs one issue with its twin, or begins to create one where nobody names
// any. planned says that it did; that has to be judged before it is sent.
func (r *Runner) matchOrCreate(ctx context.Context, row store.IssueRow) (planned bool, err error) {
	lone, err := r.matchOne(ctx, row)
	if err != nil || lone == nil {
		return false, err
	}
	return r.unmatched(ctx, row, *lone)
}

// matchOne pairs one issue with its twin if the evidence names exactly one. It gives its
// card where nobody names any.
func (r *Runner) matchOne(ctx context.Context, row store.IssueRow) (lone *engine.Card, err error) {
	evidence, err := r.evidence(ctx, row)
	if err != nil || len(evidence) == 0 && !r.creates() {
		return nil, err
	}
	card, err := r.Store.Card(ctx, row.Card)
	if err != nil || card.Paired() {
		return nil, ignoreUnknown(err) // unknown: its twin was found by another read just now
	}
	if done, err := r.byMark(ctx, row, card); err != nil || done {
		return nil, err
	}
	if complete, err := r.linksOf(ctx, evidence); err != nil || !complete {
		return nil, err
	}
	if evidence, err = r.evidence(ctx, row); err != nil {
		return nil, err
	}
	twins, clashes := r.Rules().Match(evidence)
	for _, m := range twins {
		if strings.EqualFold(m.Jira, row.Key) || strings.EqualFold(m.GitHub, row.Key) {
			return nil, r.pair(ctx, m)
		}
	}
	for _, c := range clashes {
		if strings.EqualFold(c.Issue, row.Key) {
			return nil, r.clash(ctx, row.Card, fmt.Sprintf("%s is named as the twin of several: %s; link the right one by hand", c.Issue, strings.Join(c.Candidates, ", ")))
		}
	}
	if card.Clash != "" { // nothing speaks against it any more
		if err := r.clash(ctx, row.Card, ""); err != nil {
			return nil, err
		}
		card.Clash = ""
	}
	if len(evidence) > 0 {
		return nil, nil // somebody is named, but is not known yet, or was parted
	}
	return &card, nil
}

// creates reports whether any rule asks for twins to be created, or ever did: then an
// issue may carry our mark.
func (r *Runner) creates() bool {
	return len(r.MarkKeys) > 0
}

// evidence gathers who names an issue, whom it names, and the same of all of those:
// a twin is one only if both name each other alone.
func (r *Runner) evidence(ctx context.Context, row store.IssueRow) ([]mapping.Mention, error) {
	var out []mapping.Mention
	first, err := r.around(ctx, row, &out)
	if err != nil {
		return nil, err
	}
	for _, key := range first {
		rows, err := r.Store.IssueByKey(ctx, key)
		if err != nil {
			return nil, err
		}
		for _, other := range rows {
			if _, err := r.around(ctx, other, &out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// around adds the mentions by and of one issue and gives the keys on their other end.
func (r *Runner) around(ctx context.Context, row store.IssueRow, out *[]mapping.Mention) ([]string, error) {
	own, err := r.Store.Mentions(ctx, row.Tracker, row.ID)
	if err != nil {
		return nil, err
	}
	of, err := r.Store.Mentioned(ctx, row.Key)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, m := range own {
		keys = append(keys, m.Target)
		r.mention(row.Key, m.Target, m.Method, out)
	}
	for _, m := range of {
		rows, err := r.Store.Index(ctx, m.Tracker, []string{m.IssueID})
		if err != nil {
			return nil, err
		}
		if by, ok := rows[m.IssueID]; ok {
			keys = append(keys, by.Key)
			r.mention(by.Key, row.Key, m.Method, out)
		}
	}
	return keys, nil
}

// mention turns two keys into a mention of the rule that joins them; without such a
// rule it is nothing.
func (r *Runner) mention(a, b, by string, out *[]mapping.Mention) {
	jira, github := a, b
	if strings.Contains(a, "#") {
		jira, github = b, a
	}
	project, _, _ := strings.Cut(jira, "-")
	repo, _, ok := strings.Cut(github, "#")
	rule, joined := r.Rules().Pair(project, repo)
	m := mapping.Mention{Jira: strings.ToUpper(jira), GitHub: strings.ToLower(github), By: mapping.Evidence(by), Rule: rule.Index}
	if ok && joined && slices.Contains(rule.Match, m.By) && !slices.Contains(*out, m) {
		*out = append(*out, m)
	}
}

func ignoreUnknown(err error) error {
	if errors.Is(err, store.ErrUnknown) {
		return nil
	}
	return err
}

// pair makes one card of two issues that rules found to be twins.
func (r *Runner) pair(ctx context.Context, m mapping.Mention) error {
	a, errA := r.rowOf(ctx, m.Jira)
	b, errB := r.rowOf(ctx, m.GitHub)
	if errA != nil || errB != nil {
		return ignoreUnknown(errors.Join(errA, errB))
	}
	parted, err := r.Store.Parted(ctx, store.IssueID{Tracker: a.Tracker, ID: a.ID}, store.IssueID{Tracker: b.Tracker, ID: b.ID})
	if err != nil || parted {
		return err
	}
	if known, err := r.madeOf(ctx, a, b); err != nil || known {
		return err
	}
	_, err = r.unite(ctx, a, b, string(m.By), a.Card)
	return err
}

// unite makes one card of two issues without anybody's asking. Where that cannot be, the
// reason is shown on a card: one of them has found another twin meanwhile, or is gone.
func (r *Runner) unite(ctx context.Context, a, b store.IssueRow, how string, shown kanban.CardID) (done bool, err error) {
	err = r.join(ctx, a, b, engine.Pairing{How: how, At: r.Now()}, nil)
	if not, ok := errors.AsType[*PairError](err); ok {
		return false, r.clash(ctx, shown, not.Error())
	}
	return err == nil, err
}

func (r *Runner) rowOf(ctx context.Context, key string) (store.IssueRow, error) {
	rows, err := r.Store.IssueByKey(ctx, key)
	if err != nil {
		return store.IssueRow{}, err
	}
	if len(rows) != 1 {
		return store.IssueRow{}, fmt.Errorf("issue %s: %w", key, store.ErrUnknown)
	}
	return rows[0], nil
}

// PairError says why two issues cannot become one card.
type PairError struct{ Reason string }

// Error is the reason.
func (e *PairError) Error() string { return e.Reason }

// join commits a pairing.
func (r *Runner) join(ctx context.Context, a, b store.IssueRow, p engine.Pairing, lift []store.Parting) error {
	return r.again(func() error {
		ca, errA := r.cardNow(ctx, a)
		cb, errB := r.cardNow(ctx, b)
		if err := errors.Join(errA, errB); err != nil {
			return err
		}
		if ca.ID == cb.ID {
			return nil
		}
		for _, c := range []engine.Card{ca, cb} {
			if c.Paired() {
				return &PairError{fmt.Sprintf("%s and %s are one card already; parley unlink %s parts them", c.Sides[kanban.Jira].Issue.Key, c.Sides[kanban.GitHub].Issue.Key, c.Sides[kanban.Jira].Issue.Key)}
			}
			if key, gone := c.Deleted(); gone {
				return &PairError{key + " is known to be deleted, or cannot be seen any more; nothing can be linked with it"}
			}
		}
		eng := r.Engine()
		step, gone, err := eng.Pair(ca, cb, p, r.Now())
		if err != nil {
			return &PairError{err.Error()}
		}
		_, err = r.put(ctx, store.Commit{
			Now: r.Now(), Unpart: lift,
			Cards:  []store.CardWrite{r.cardWrite(eng, step.Card)},
			Record: step.Record,
			Moved:  []store.Alias{{Old: gone.ID, New: step.Card.ID, Lock: gone.Lock}},
		})
		return err
	})
}

// clash shows on a card that its twin could not be told.
func (r *Runner) clash(ctx context.Context, id kanban.CardID, reason string) error {
	return r.again(func() error {
		card, err := r.Store.Card(ctx, id)
		if err != nil || card.Clash == reason {
			return ignoreUnknown(err)
		}
		card.Clash = reason
		eng := r.Engine()
		_, err = r.put(ctx, store.Commit{Now: r.Now(), Cards: []store.CardWrite{r.cardWrite(eng, card)}})
		return err
	})
}
