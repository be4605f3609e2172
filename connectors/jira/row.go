package jira

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"parley/connectors"
)

// wireRow is one row of an answer's list, not looked into yet, so that one that cannot
// be understood does not take the others with it.
type wireRow struct{ raw json.RawMessage }

// UnmarshalJSON never fails.
func (r *wireRow) UnmarshalJSON(b []byte) error {
	r.raw = slices.Clone(b)
	return nil
}

// decode reads the row.
func (r wireRow) decode() (w wireIssue, err error) {
	if err := json.Unmarshal(r.raw, &w); err != nil {
		return w, fmt.Errorf("decode issue: %w", connectors.ShapeOnly(err))
	}
	return w, nil
}

// issue converts the row; now is the server's clock, zero where it is not known.
func (r wireRow) issue(c *Client, who identity, now time.Time) (connectors.Issue, error) {
	w, err := r.decode()
	if err != nil {
		return connectors.Issue{}, err
	}
	i, err := c.issue(who, w)
	if err != nil {
		return i, err
	}
	return i, timely(i, now)
}

// broken is the row as one that cannot be understood, with as much of its address as
// can be read.
func (r wireRow) broken(err error) connectors.Broken {
	b := connectors.Broken{Err: err}
	if id := r.text("id"); plainID.MatchString(id) {
		b.ID = id
	}
	b.Key = r.key()
	return b
}

func (r wireRow) key() string {
	if key := r.text("key"); plainID.MatchString(key) {
		return key
	}
	return ""
}

// text is a text or number of the row, "" where there is none.
func (r wireRow) text(name string) string {
	var object map[string]json.RawMessage
	var t text
	if json.Unmarshal(r.raw, &object) != nil || json.Unmarshal(object[name], &t) != nil {
		return ""
	}
	return string(t)
}

// updated is the row's place in the order of the list, zero where that cannot be read
// or cannot be.
func (r wireRow) updated(now time.Time) time.Time {
	var w struct {
		Fields struct {
			Updated soft[stamp] `json:"updated"`
		} `json:"fields"`
	}
	if json.Unmarshal(r.raw, &w) != nil || !connectors.Plausible(w.Fields.Updated.V.Time, now) {
		return time.Time{}
	}
	return w.Fields.Updated.V.Time
}

// timely fails for an issue whose moments cannot be.
func timely(i connectors.Issue, now time.Time) error {
	if !connectors.Plausible(i.Updated, now) || !i.Created.IsZero() && !connectors.Plausible(i.Created, now) {
		return fmt.Errorf("decode issue%s: created or updated cannot be", shown(text(i.Key)))
	}
	return nil
}

// shown names an issue or an entry in an error, if it can be a name.
func shown(name text) string {
	if len(name) > 40 || !plainID.MatchString(string(name)) {
		return ""
	}
	return " " + string(name)
}
