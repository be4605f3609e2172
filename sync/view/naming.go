package view

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"parley/kanban"
	"parley/sync/store"
)

// ErrUnknown says that there is no such card.
var ErrUnknown = errors.New("unknown card")

func unknown(ref string) error { return fmt.Errorf("card %.80q: %w", ref, ErrUnknown) }

// SeveralError says that a key is that of several cards, which their ids tell apart.
type SeveralError struct {
	Cards []kanban.CardID
	// Keys tell them apart instead, where the text was the short form of several keys.
	Keys []string
}

// Error names them.
func (e *SeveralError) Error() string {
	if len(e.Keys) > 0 {
		return "several issues are called so; did you mean " + strings.Join(e.Keys, " or ") + "?"
	}
	return fmt.Sprintf("several cards are called so; name one by its id: %s", e.Cards)
}

// isKey reports whether a text is an issue's key and not a card's id, which is made of
// letters and digits alone.
func isKey(ref string) bool { return strings.ContainsAny(ref, "-#/") }

// isShort reports whether a text is a key of GitHub without the owner, as cards show it.
func isShort(ref string) bool { return strings.Contains(ref, "#") && !strings.Contains(ref, "/") }

// Names reports whether a text is a key, in any case and of GitHub also without the owner.
func Names(text, key string) bool {
	_, short, _ := strings.Cut(key, "/")
	return strings.EqualFold(text, key) || isShort(text) && strings.EqualFold(text, short)
}

// spelled is a key in full. Of short ones no more keys come into question, and none more are
// named, than the viewer may know.
func (v *Sight) spelled(ref string, all []*store.Face) (string, error) {
	if !isShort(ref) {
		return ref, nil
	}
	var keys []string
	for _, f := range all {
		for _, s := range f.Card.Sides {
			if Names(ref, s.Key) && v.knows(f.Card, s.Key) {
				keys = append(keys, s.Key)
			}
		}
	}
	slices.Sort(keys)
	switch keys = slices.Compact(keys); len(keys) {
	case 0:
		return "", unknown(ref)
	case 1:
		return keys[0], nil
	}
	return "", &SeveralError{Keys: keys}
}
