package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"parley/connectors"
)

// How the keys behind the newest known one are asked for.
const (
	probeKeys = 100 // keys in one request, the most that bulkfetch takes
	probeGap  = 50  // so many keys without an issue behind the last one, at least, are the end
	probeEach = 20  // the same on Data Center, which is asked key by key
	// probeHidden is how many hidden issues are passed before a refusal is believed to
	// concern all.
	probeHidden = 200
	// lookupPages is how many answers one lookup reads at most: what was created since a
	// request of minutes ago fits into few, and a tracker may say for ever that there is more.
	lookupPages = 200
)

// endless fails a lookup at a tracker that never comes to an end.
func (l *lookup) endless(path string) error {
	return l.client.fail(request{doing: l.doing, path: path}, connectors.Malformed, fmt.Errorf("there is more after %d pages", lookupPages))
}

// probe reads the keys of a project after a number. Reads by key are strong: what a
// search does not show yet is there.
func (l *lookup) probe(ctx context.Context, project string, after int) error {
	if !l.who.cloud {
		return l.probeEach(ctx, project, after)
	}
	for range lookupPages {
		keys := make([]string, probeKeys)
		for i := range keys {
			keys[i] = fmt.Sprintf("%s-%d", project, after+1+i)
		}
		newest, err := l.fetch(ctx, keys)
		if err != nil {
			return err
		}
		if newest <= after+probeKeys-probeGap {
			return nil
		}
		after = newest
	}
	return l.endless("issue/bulkfetch")
}

// fetch reads issues by their keys and gives the highest number among those it found.
// An issue that was moved away shows under another key, and counts for nothing.
func (l *lookup) fetch(ctx context.Context, keys []string) (newest int, err error) {
	c := l.client
	q := request{doing: l.doing, method: http.MethodPost, path: "issue/bulkfetch", body: struct {
		Keys       []string `json:"issueIdsOrKeys"`
		Fields     []string `json:"fields"`
		Properties []string `json:"properties"`
	}{keys, c.asked().ids, ourProperties()}}
	var page struct {
		found

		Errors []json.RawMessage `json:"issueErrors"`
	}
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &page)
	}
	if err == nil {
		err = c.listed(q, a, "issues", page.Issues != nil || page.Errors != nil)
	}
	if err == nil {
		err = l.takeAll(ctx, page.Issues)
	}
	if err != nil {
		return 0, err
	}
	asked := map[string]bool{}
	for _, k := range keys {
		asked[strings.ToUpper(k)] = true
	}
	for _, row := range page.Issues {
		if n, ok := numberOf(row.key()); ok && asked[strings.ToUpper(row.key())] {
			newest = max(newest, n)
		}
	}
	return newest, nil
}

// probeEach asks for one key after the other. Data Center tells an issue that is hidden
// from one that is not there: it is somebody else's, and more may follow it.
func (l *lookup) probeEach(ctx context.Context, project string, after int) error {
	hidden := 0
	for first, last := after, after; after < last+probeEach; {
		if after++; after-first > lookupPages*probeKeys {
			return l.endless("issue")
		}
		o, err := l.client.Read(ctx, connectors.Ref{Tracker: l.client.config.Name, Key: fmt.Sprintf("%s-%d", project, after)})
		var e *connectors.Error
		if errors.As(err, &e) && e.Kind == connectors.NotFound {
			continue
		}
		if hidden < probeHidden && connectors.KindOf(err) == connectors.Forbidden {
			last, hidden = after, hidden+1
			continue
		}
		if err != nil {
			return err
		}
		last = after
		l.take(o.Issue)
	}
	return nil
}
