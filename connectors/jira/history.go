package jira

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"parley/connectors"
)

// metadataType marks the history metadata that Parley sends with its writes.
const metadataType = "parley:sync"

// searchCut is the number of history entries at which a search of Jira Cloud
// cuts off; an issue that shows as many may have more than its total admits.
const searchCut = 40

// tail converts the history that came with an issue and tells how far back it
// is complete. Histories arrive newest first; cut and in the other order they
// lack the newest, so that they prove nothing and are left out.
func tail(me wireUser, issueID string, log *wireChangelog, cut bool) ([]connectors.Entry, int64, error) {
	if log == nil {
		return nil, connectors.NoHistory, nil
	}
	n := len(log.Histories)
	whole := log.StartAt == 0 && log.Total <= n && !cut
	if n == 0 && !whole {
		return nil, connectors.NoHistory, nil
	}
	out, err := entries(me, issueID, log.Histories)
	if err != nil {
		return nil, 0, err
	}
	if whole {
		return out, -1, nil
	}
	if n > 1 && string(log.Histories[0].ID) == out[0].ID {
		return nil, connectors.NoHistory, nil
	}
	return out, out[0].Seq - 1, nil
}

// entries converts histories in any order to entries ascending by Seq.
func entries(me wireUser, issueID string, histories []wireHistory) ([]connectors.Entry, error) {
	out := make([]connectors.Entry, 0, len(histories))
	for _, h := range histories {
		e, err := entry(me, issueID, h)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b connectors.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
	return out, nil
}

func entry(me wireUser, issueID string, h wireHistory) (connectors.Entry, error) {
	seq, err := strconv.ParseInt(string(h.ID), 10, 64)
	if err != nil || seq < 0 || !connectors.Plausible(h.Created.Time, time.Time{}) {
		return connectors.Entry{}, fmt.Errorf("decode history%s: id or created is not usable", shown(h.ID))
	}
	e := connectors.Entry{
		ID: string(h.ID), Seq: seq, IssueID: issueID, At: h.Created.Time,
		Actor: person(h.Author.V), Own: h.Author.V != nil && same(me, *h.Author.V),
		Changes: make([]connectors.Change, 0, len(h.Items)),
	}
	if m := h.Metadata.V; m != nil && m.Type == metadataType {
		e.Op = string(m.Extra.Op)
	}
	for _, item := range h.Items {
		e.Changes = append(e.Changes, changes(item)...)
	}
	return e, nil
}

// same compares accounts by the id that both products keep stable.
func same(a, b wireUser) bool {
	switch {
	case a.AccountID != "" || b.AccountID != "":
		return a.AccountID == b.AccountID
	case a.Key != "" && b.Key != "":
		return a.Key == b.Key
	}
	return a.Name != "" && a.Name == b.Name
}
