package jira

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"parley/connectors"
)

// What is asked for in one request for many histories: Jira takes a thousand issues and
// ten fields.
const (
	historiesPage  = 1000 // entries
	historyFields  = 10
	maxTokenLength = 4096
)

// toldFields are those whose changes are imported. What is not among them, texts above all,
// would make the pages many times as long.
var toldFields = []string{"status", "resolution", "priority", "labels", "assignee", "summary", "duedate", "components", "issuetype"}

// historiesBody is what changelog/bulkfetch takes.
type historiesBody struct {
	IDs      []string `json:"issueIdsOrKeys"`
	FieldIDs []string `json:"fieldIds,omitempty"`
	Max      int      `json:"maxResults"`
	Page     string   `json:"nextPageToken,omitempty"`
}

// wireHistories is its answer.
type wireHistories struct {
	Logs []wireLog `json:"issueChangeLogs"`
	Next text      `json:"nextPageToken"`
}

type wireLog struct {
	IssueID   text              `json:"issueId"`
	Histories []json.RawMessage `json:"changeHistories"`
}

// Histories reads the changes of the fields that Parley knows in many issues at once, as
// connectors.Historian has it. Data Center has no such request.
func (c *Client) Histories(ctx context.Context, refs []connectors.Ref, token string) (connectors.HistoryPage, bool, error) {
	who, err := c.learn(ctx)
	if err == nil {
		err = c.nameFields(ctx)
	}
	if err != nil || !who.cloud {
		return connectors.HistoryPage{}, false, err
	}
	q := request{doing: fmt.Sprintf("read the histories of %d issues", len(refs)), method: http.MethodPost, root: rootCloud, path: "changelog/bulkfetch"}
	body := historiesBody{FieldIDs: c.told(), Max: historiesPage, Page: token}
	for _, ref := range refs {
		if _, err := c.address(q.doing, ref); err != nil {
			return connectors.HistoryPage{}, true, err
		}
		body.IDs = append(body.IDs, ref.ID)
	}
	q.body = body
	var w wireHistories
	a, err := c.call(ctx, q)
	if err == nil {
		err = c.decode(q, a, &w)
	}
	if err != nil {
		return connectors.HistoryPage{}, true, err
	}
	if next := string(w.Next); next != "" && (next == token || len(next) > maxTokenLength) {
		return connectors.HistoryPage{}, true, c.malformed(q, a, errors.New("the list does not end"))
	}
	return c.histories(who, w, body.IDs), true, nil
}

// told are the fields whose changes are asked for: all, where the configuration knows more
// than Jira takes by name.
func (c *Client) told() []string {
	fields := slices.Clone(toldFields)
	asked := c.asked()
	for _, id := range asked.ids {
		if !slices.Contains(systemFields, id) && id != asked.custom[rankName] { // of which a history says no more than up or down
			fields = append(fields, id)
		}
	}
	if len(fields) > historyFields {
		return nil
	}
	return fields
}

// histories converts an answer. Issues that nobody asked about are none of it.
func (c *Client) histories(who identity, w wireHistories, asked []string) connectors.HistoryPage {
	page := connectors.HistoryPage{Next: string(w.Next)}
	wanted := make(map[string]bool, len(asked))
	for _, id := range asked {
		wanted[id] = true
	}
	for _, log := range w.Logs {
		id := string(log.IssueID)
		if !wanted[id] {
			continue
		}
		all, err := c.log(who, id, log.Histories)
		if err != nil {
			page.Broken = append(page.Broken, connectors.Broken{ID: id, Err: err})
			continue
		}
		page.Entries = append(page.Entries, all...)
	}
	return page
}

// log converts the entries of one issue.
func (c *Client) log(who identity, id string, raw []json.RawMessage) ([]connectors.Entry, error) {
	wire := make([]wireHistory, len(raw))
	for i := range raw {
		if err := json.Unmarshal(raw[i], &wire[i]); err != nil {
			return nil, fmt.Errorf("decode history: %w", connectors.ShapeOnly(err))
		}
	}
	all, err := entries(who.me, id, wire)
	if err == nil {
		c.accounts.name(wire, all)
	}
	return all, err
}
