package view

import (
	"context"

	"parley/sync/engine"
	"parley/sync/store"
)

// Activity is the account of what happened, newest first, before a data sequence
// (0: from the end), as far as it is about cards that the viewer reads.
func (v *Sight) Activity(ctx context.Context, before int64, limit int) ([]Line, error) {
	limit = min(max(limit, 1), 500)
	known, err := v.known(ctx)
	if err != nil {
		return nil, err
	}
	out := []Line{}
	for len(out) < limit {
		page, err := v.Source.Activity(ctx, store.ActivityQuery{BeforeSeq: before, Limit: limit})
		if err != nil {
			return nil, err
		}
		for _, a := range page {
			before = a.Seq
			if f := known[a.Card]; v.tells(f) && len(out) < limit {
				out = append(out, v.line(a, f))
			}
		}
		if len(page) < limit {
			break
		}
	}
	return out, nil
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
