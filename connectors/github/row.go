package github

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley/connectors"
)

// decodeRows reads a JSON array without looking into its rows, so that one that
// cannot be understood does not take the others with it.
func decodeRows(body []byte) ([]json.RawMessage, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil {
		return nil, fmt.Errorf("decode rows: %w", err)
	}
	if rows == nil {
		return nil, errors.New("decode rows: expected a list, got null")
	}
	return rows, nil
}

// decodeIssue reads one issue of a list and fails where it lacks what addresses or
// orders it, or where its moments cannot be. now is the server's clock, zero where
// unknown.
func decodeIssue(raw json.RawMessage, now time.Time) (*issueJSON, error) {
	i := &issueJSON{}
	if err := json.Unmarshal(raw, i); err != nil {
		return nil, fmt.Errorf("decode issue: %w", connectors.ShapeOnly(err))
	}
	switch {
	case !i.sound():
		return nil, errors.New("decode issue: id, number or updated_at is missing")
	case !i.timely(now):
		return nil, errors.New("decode issue: created_at or updated_at cannot be")
	}
	return i, nil
}

// timely reports whether the moments that an issue is ordered by can be.
func (i *issueJSON) timely(now time.Time) bool {
	return connectors.Plausible(i.GetUpdatedAt().Time, now) && (i.GetCreatedAt().IsZero() || connectors.Plausible(i.GetCreatedAt().Time, now))
}

// spoil notes a row that cannot be understood, with as much of its address as can be
// read. A pull request is none of our business, broken or not. The row's place in the
// order of the list is used where it is plain, so that the walk goes on behind it.
func (l *listing) spoil(repo string, raw json.RawMessage, err error) {
	var loose struct {
		Updated     any             `json:"updated_at"`
		PullRequest json.RawMessage `json:"pull_request"`
	}
	_ = json.Unmarshal(raw, &loose) // what cannot be read stays empty
	text, _ := loose.Updated.(string)
	if t, bad := time.Parse(time.RFC3339, text); bad == nil && connectors.Plausible(t, l.date) {
		l.updated = append(l.updated, t.UTC())
	} else {
		l.dark++
	}
	if isSet(loose.PullRequest) {
		return
	}
	b := connectors.Broken{ID: digits(raw, "id"), Err: err}
	if n, bad := strconv.Atoi(digits(raw, "number")); bad == nil {
		b.Key = key(repo, n)
	}
	l.broken = append(l.broken, b)
}

// digits is the whole positive number under a key of an object, as its digits; "" for
// anything else. It takes no float's detour, which would change large ids.
func digits(raw json.RawMessage, name string) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	n, err := strconv.ParseInt(string(object[name]), 10, 64)
	if err != nil || n <= 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// lostEvent is an event that cannot be understood, by the issue it belongs to.
type lostEvent struct {
	connectors.Broken
	id int64 // of the event, 0 where that cannot be read either
}

// decodeEvents reads a page of events. Those that cannot be understood are told apart:
// an entry that is left out could be the one that explains what the issue shows.
func decodeEvents(rows []json.RawMessage, repo string, now time.Time) (events []eventJSON, lost []lostEvent) {
	events = make([]eventJSON, 0, len(rows))
	for _, raw := range rows {
		var e eventJSON
		err := json.Unmarshal(raw, &e)
		if err != nil {
			err = connectors.ShapeOnly(err)
		} else if e.ID <= 0 || !connectors.Plausible(e.Created, now) {
			err = errors.New("id or created_at is not usable")
		}
		if err == nil {
			events = append(events, e)
		} else if l, ours := loseEvent(repo, raw, err); ours {
			lost = append(lost, l)
		}
	}
	return events, lost
}

// loseEvent says which issue an event belongs to that cannot be understood, as far as
// that can be read; ours is false for one of a pull request.
func loseEvent(repo string, raw json.RawMessage, err error) (l lostEvent, ours bool) {
	var loose struct {
		Issue json.RawMessage `json:"issue"`
	}
	_ = json.Unmarshal(raw, &loose) // what cannot be read stays empty
	var of struct {
		PullRequest json.RawMessage `json:"pull_request"`
	}
	_ = json.Unmarshal(loose.Issue, &of) // the same
	if isSet(of.PullRequest) {
		return l, false
	}
	l.id, _ = strconv.ParseInt(digits(raw, "id"), 10, 64) // 0 says that it cannot be read
	l.Broken = connectors.Broken{ID: digits(loose.Issue, "id"), Err: fmt.Errorf("decode event %d: %w", l.id, err)}
	if n, bad := strconv.Atoi(digits(loose.Issue, "number")); bad == nil {
		l.Key = key(repo, n)
	}
	return l, true
}
