package jirasim

import (
	"bytes"
	"encoding/json"
)

// putAssignee gives an issue to somebody, whether or not a screen has the field. The
// body is the account; one whose id (on Data Center: whose name) is null takes it away.
func (c *call) putAssignee() (reply, error) {
	var body map[string]json.RawMessage
	if err := c.decode(&body, false); err != nil {
		return reply{}, err
	}
	name := "accountId"
	if c.site.server() {
		name = "name"
	}
	account := body[name]
	if account == nil {
		return reply{}, badPayload()
	}
	to := json.RawMessage("null")
	if !bytes.Equal(account, to) {
		to, _ = json.Marshal(map[string]json.RawMessage{name: account}) // what was decoded encodes
	}
	e, err := c.readAssignee(to)
	if err != nil {
		return reply{}, err
	}
	if err := c.site.Edit(c.account(), c.params["key"], e); err != nil {
		return reply{}, err
	}
	return noContent()
}

func (c *call) readAssignee(to json.RawMessage) (Edit, error) {
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	if _, err := c.issue(); err != nil {
		return Edit{}, err
	}
	fr := fieldReader{site: c.site, version: c.version, shows: func(string) bool { return true }}
	e, r := fr.read(changeBody{Fields: map[string]json.RawMessage{"assignee": to}})
	if r != nil {
		return Edit{}, r
	}
	return e, nil
}
