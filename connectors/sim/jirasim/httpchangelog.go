package jirasim

import (
	"encoding/json"
	"slices"
	"time"
)

// changelogPage is the most entries on a page of a changelog.
const changelogPage = 100

// getChangelog pages through an issue's changelog, oldest first.
func (c *call) getChangelog() (reply, error) {
	p, err := c.page(changelogPage)
	if err != nil {
		return reply{}, err
	}
	return c.locked(func(v *Issue) (reply, error) {
		out := pageOf(p, v.History, func(h History) obj { return c.historyJSON(h, c.time(h.At)) })
		c.linkPages(out, "issue/"+v.ID+"/changelog", p, len(v.History))
		return ok(out)
	})
}

// listChangelog gives entries by their ids; unknown ones are not in the answer.
func (c *call) listChangelog() (reply, error) {
	var b struct {
		IDs []json.Number `json:"changelogIds"`
	}
	if err := c.decode(&b, true); err != nil {
		return reply{}, err
	}
	if len(b.IDs) == 0 {
		return reply{}, badPayload()
	}
	return c.locked(func(v *Issue) (reply, error) {
		histories := []obj{}
		for _, h := range v.History {
			if slices.Contains(b.IDs, json.Number(h.id())) {
				histories = append(histories, c.historyJSON(h, c.time(h.At)))
			}
		}
		return ok(obj{"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories})
	})
}

// bulkBody is what changelog/bulkfetch takes.
type bulkBody struct {
	IDs       []flexible `json:"issueIdsOrKeys"`
	FieldIDs  []string   `json:"fieldIds"`
	Max       *int       `json:"maxResults"`
	PageToken string     `json:"nextPageToken"`
}

func (b bulkBody) check() (size int, r *Refusal) {
	size = 1000
	if b.Max != nil {
		size = *b.Max
	}
	switch {
	case len(b.IDs) == 0 || len(b.IDs) > bulkChangelogs:
		return 0, invalid("The issueIdsOrKeys parameter must have between 1 and %d entries.", bulkChangelogs)
	case len(b.FieldIDs) > bulkFieldIDs:
		return 0, invalid("The fieldIds parameter cannot have more than %d entries.", bulkFieldIDs)
	case size < 1 || size > 10000:
		return 0, invalid("The maxResults parameter must be between 1 and 10,000.")
	}
	return size, nil
}

// bulkChangelogs pages through the changelogs of several issues, by issue id,
// oldest first.
func (c *call) bulkChangelogs() (reply, error) {
	var b bulkBody
	if err := c.decode(&b, true); err != nil {
		return reply{}, err
	}
	size, refused := b.check()
	if refused != nil {
		return reply{}, refused
	}
	id := searchID("bulk", c.account(), joined(texts(b.IDs)), joined(b.FieldIDs))
	var after *place
	if b.PageToken != "" {
		t, refused := c.site.openToken(b.PageToken, id)
		if refused != nil {
			return reply{}, refused
		}
		after = t.After
	}
	c.site.mu.RLock()
	defer c.site.mu.RUnlock()
	return ok(c.bulkAnswer(b, id, size, after))
}

func (c *call) bulkAnswer(b bulkBody, id uint64, size int, after *place) obj {
	logs, left := []obj{}, size
	var last place
	for _, v := range c.several(texts(b.IDs)) {
		var shown []obj
		for _, h := range v.History {
			if !touches(h, b.FieldIDs) || after != nil && !beyond(v, h, *after) {
				continue
			}
			if left == 0 {
				t := pageToken{Search: id, Issued: c.site.now().UnixMilli(), After: &last}
				return bulkPage(appendLog(logs, v, shown), t.text())
			}
			shown = append(shown, c.historyJSON(h, c.bulkTime(h.At)))
			last = place{Ranks: []rank{{Number: h.ID}}, Num: v.num}
			left--
		}
		logs = appendLog(logs, v, shown)
	}
	return bulkPage(logs, "")
}

// touches reports whether an entry changes one of the fields; none means any.
func touches(h History, fieldIDs []string) bool {
	return len(fieldIDs) == 0 || slices.ContainsFunc(h.Items, func(it Item) bool { return slices.Contains(fieldIDs, it.FieldID) })
}

// beyond reports whether an entry comes after the last one shown: the place's
// number is the issue, its only rank the entry.
func beyond(v *Issue, h History, last place) bool {
	return v.num > last.Num || v.num == last.Num && h.ID > last.Ranks[0].Number
}

func appendLog(logs []obj, v *Issue, shown []obj) []obj {
	if len(shown) == 0 {
		return logs
	}
	return append(logs, obj{"issueId": v.ID, "changeHistories": shown})
}

func bulkPage(logs []obj, next string) obj {
	out := obj{"issueChangeLogs": logs}
	if next != "" {
		out["nextPageToken"] = next
	}
	return out
}

// bulkTime is a time in the form of Options.BulkTimes.
func (c *call) bulkTime(t time.Time) any {
	switch c.site.opts.BulkTimes {
	case "text":
		return c.time(t)
	case "s":
		return t.Unix()
	}
	return t.UnixMilli()
}
