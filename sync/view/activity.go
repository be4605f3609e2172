package view

import (
	"context"

	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
)

// activityPage is how many lines are read at once, however few are asked for: most may be
// of cards that the viewer does not read.
const activityPage = 1000

// Activity is the account of what happened, newest first, before a data sequence
// (0: from the end), as far as it is about cards that the viewer reads.
func (v *Sight) Activity(ctx context.Context, before int64, limit int) ([]Line, error) {
	limit = min(max(limit, 1), 500)
	known, err := v.known(ctx)
	if err != nil {
		return nil, err
	}
	out, ops := []Line{}, []string{}
	for len(out) < limit {
		page, err := v.Source.Activity(ctx, store.ActivityQuery{BeforeSeq: before, Limit: activityPage})
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			before = a.Seq
			// what one commit did is not cut in two: the next page begins before it
			if f := known[a.Card]; v.tells(f) && (len(out) < limit || out[len(out)-1].Seq == a.Seq) {
				out = append(out, v.called(v.line(a, f), f))
				ops = append(ops, a.Op)
			}
		}
		if len(page) < activityPage {
			break
		}
	}
	return out, v.reasons(ctx, out, ops, known)
}

// called gives a line the key and the title of its card, as far as they may be known.
func (v *Sight) called(l Line, f *store.Face) Line {
	if f == nil {
		return l
	}
	g := v.grant(f.Card)
	for _, s := range f.Card.Sides {
		if g.side(s.Side) && l.Key == "" {
			l.Key = s.Key
		}
	}
	if g.title {
		l.Title = f.Card.Title
	}
	return l
}

// reasons says of writes whose edits they carried on, to those from whom nothing of it is
// hidden. ops are the writes of the lines.
func (v *Sight) reasons(ctx context.Context, lines []Line, ops []string, known map[kanban.CardID]*store.Face) error {
	var ids []kanban.CardID
	for _, l := range lines {
		if f := known[l.Card]; f != nil && l.Kind == engine.DidWrite && v.grant(f.Card).whole() {
			ids = append(ids, l.Card)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	cards, err := v.Source.Cards(ctx, ids)
	if err != nil {
		return err
	}
	for i, l := range lines {
		f := known[l.Card]
		if f == nil || l.Kind != engine.DidWrite || !v.grant(f.Card).whole() || v.grant(f.Card).hides(l.Field) {
			continue
		}
		for _, op := range cards[l.Card].Ops {
			if op.ID == ops[i] && ops[i] != "" {
				lines[i].Why = op.Reason
			}
		}
	}
	return nil
}

// tells reports whether anything is told of what happened to a card: to those who run the
// trackers' side of things of every one, to others of those whose words they read. A card
// that is gone has no face.
func (v *Sight) tells(f *store.Face) bool {
	if f == nil {
		return v.Viewer.inside()
	}
	return v.Viewer.inside() || v.grant(f.Card).title
}

func (v *Sight) line(a engine.Activity, f *store.Face) Line {
	l := Line{Seq: a.Seq, At: a.At, Card: a.Card, Kind: a.Kind, Who: engine.PersonName(v.rules(), a.Side, a.Actor), Where: a.Side, Field: a.Field, Text: a.Text}
	if f == nil {
		return l
	}
	return v.grant(f.Card).line(l, f.Card)
}
