package github

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// A project is a source of its own: a drag on its board moves its item, and nothing of
// the issue. The items have no order of time, so they are walked from end to end, a
// hundred to a request, and those that moved since the last walk have their issues read.
// One that has too many for a poll is walked on by the next.

// projectPrefix begins the name of a source that is a project.
const projectPrefix = "project "

// pagesAPoll is how many pages one poll walks.
const pagesAPoll = 20

// issuesACall is how many issues one call reads.
const issuesACall = 20

// firstBack is how far back the first walk has to look: the issues themselves are read at
// about the same time.
const firstBack = 15 * time.Minute

// maxTold bounds what a cursor remembers of the items it has told of.
const maxTold = 500

// Beside reports whether a source brings only what moves issues of other sources: it is
// never read from end to end, and has no history.
func (c *Client) Beside(source string) bool {
	return strings.HasPrefix(source, projectPrefix) || strings.HasPrefix(source, fieldsPrefix)
}

// itemsDocument is a page of a project's items.
const itemsDocument = `query($id:ID!,$after:String,$status:String!,$priority:String!){node(id:$id){... on ProjectV2{items(first:100,after:$after){pageInfo{hasNextPage endCursor} nodes{...I content{... on Issue{fullDatabaseId number repository{nameWithOwner}}}}}}}}
` + valueFragment

type movedItem struct {
	itemJSON

	Content *struct {
		Whole      string `json:"fullDatabaseId"`
		Number     int    `json:"number"`
		Repository struct {
			Name string `json:"nameWithOwner"`
		} `json:"repository"`
	} `json:"content"`
}

// walk is where the walk over a project's items stands. It travels as the token of a Scan.
type walk struct {
	After string               `json:"after,omitempty"`
	Told  map[string]time.Time `json:"told,omitempty"` // items that moved, by id: when
}

// projectChanges reads the next page of a project and the issues that moved in it. The
// first walk tells of none: their own lists have just done so.
func (c *Client) projectChanges(ctx context.Context, cur connectors.Cursor) (connectors.Page, error) {
	q := call{doing: "list the items of the " + cur.Source}
	if cur.Source != projectPrefix+c.held.project {
		return connectors.Page{}, c.fail(q, connectors.Invalid, "no such project is configured", nil)
	}
	if err := c.account(ctx); err != nil {
		return connectors.Page{}, err
	}
	b, err := c.theBoard(ctx, false)
	if err != nil {
		return connectors.Page{}, err
	}
	at := walk{Told: told(cur.ETag)}
	if cur.Scan.Token != "" && json.Unmarshal([]byte(cur.Scan.Token), &at) != nil {
		at = walk{Told: told(cur.ETag)}
	}
	items, page, date, err := c.items(ctx, q, b, at.After)
	if err != nil {
		c.forgetBoard(err)
		return connectors.Page{}, err
	}
	if cur.Scan.Token == "" {
		cur.Scan.Started = date
	}
	out := connectors.Page{ServerTime: date}
	rest := false
	if !cur.Watermark.IsZero() {
		if out.Observations, out.Broken, rest, err = c.since(ctx, items, cur.Watermark, &at); err != nil {
			return connectors.Page{}, err
		}
	}
	out.Next, out.More = c.onwards(cur, at, page, rest)
	return out, nil
}

// told reads which items the last walk has told of.
func told(text string) map[string]time.Time {
	m := map[string]time.Time{}
	_ = json.Unmarshal([]byte(text), &m) // what cannot be read is told again
	return m
}

// onwards is the cursor after a page. rest says that not all issues of it could be read in
// this call: then the same page is asked for again.
func (c *Client) onwards(cur connectors.Cursor, at walk, page pageJSON, rest bool) (next connectors.Cursor, more bool) {
	if rest || page.More {
		if !rest {
			at.After = page.End
			cur.Scan.Pages++
		}
		token, _ := json.Marshal(at) // texts and times only
		cur.Scan.Token = string(token)
		return cur, rest || cur.Scan.Pages%pagesAPoll != 0
	}
	first, started := cur.Watermark.IsZero(), cur.Scan.Started
	cur.Scan = connectors.Scan{}
	if !started.IsZero() {
		w := started.Add(-c.overlap)
		if first {
			w = started.Add(-max(firstBack, c.overlap))
		}
		if w.After(cur.Watermark) {
			cur.Watermark = w
		}
	}
	maps.DeleteFunc(at.Told, func(_ string, t time.Time) bool { return t.Before(cur.Watermark) })
	if cur.ETag = ""; len(at.Told) > 0 && len(at.Told) <= maxTold {
		text, _ := json.Marshal(at.Told) // the same
		cur.ETag = string(text)
	}
	return cur, false
}

// items reads one page of a project's items.
func (c *Client) items(ctx context.Context, q call, b board, after string) ([]movedItem, pageJSON, time.Time, error) {
	d := document{doing: q.doing, text: itemsDocument, vars: c.fieldVars(map[string]any{"id": b.id, "after": nil})}
	if after != "" {
		d.vars["after"] = after
	}
	var got struct {
		Node *struct {
			Items *struct {
				Page  pageJSON    `json:"pageInfo"`
				Nodes []movedItem `json:"nodes"`
			} `json:"items"`
		} `json:"node"`
	}
	a, err := c.graph(ctx, d, &got)
	if err != nil {
		return nil, pageJSON{}, time.Time{}, err
	}
	if got.Node == nil || got.Node.Items == nil {
		return nil, pageJSON{}, time.Time{}, c.unreadable(q, a.Status, "the answer is no list of items", nil)
	}
	if page := got.Node.Items.Page; page.More && (page.End == "" || page.End == after) {
		return nil, page, time.Time{}, c.fail(q, connectors.Malformed, "the list does not end", nil)
	}
	return got.Node.Items.Nodes, got.Node.Items.Page, serverTime(a.Header), nil
}

// since reads the issues of the items that moved since a moment and were not told of yet.
func (c *Client) since(ctx context.Context, items []movedItem, moved time.Time, at *walk) (out []connectors.Observation, broken []connectors.Broken, rest bool, err error) {
	for i := range items {
		item := &items[i]
		ref, ours := c.refOf(item)
		if seen, was := at.Told[item.ID]; !ours || item.Updated.Before(moved) || was && !item.Updated.After(seen) {
			continue
		}
		if len(out)+len(broken) >= issuesACall {
			return out, broken, true, nil
		}
		o, err := c.Read(ctx, ref)
		switch {
		case err == nil:
			out = append(out, o)
		case refusedAs(err, connectors.Malformed), refusedAs(err, connectors.Invalid):
			broken = append(broken, connectors.Broken{ID: ref.ID, Key: ref.Key, Err: err})
		case slices.Contains([]connectors.ErrorKind{connectors.NotFound, connectors.Gone, connectors.Moved}, connectors.KindOf(err)):
			// What became of the issue is for its own list to tell.
		default:
			return nil, nil, false, err
		}
		at.Told[item.ID] = item.Updated
	}
	return out, broken, false, nil
}

// refOf is the issue of an item; false where it is none, or none of a repository that is
// configured.
func (c *Client) refOf(i *movedItem) (connectors.Ref, bool) {
	if i.Content == nil || i.Content.Number <= 0 || checkRepo(i.Content.Repository.Name) != nil {
		return connectors.Ref{}, false
	}
	repo := c.configured(c.spelling(i.Content.Repository.Name))
	if repo == "" {
		return connectors.Ref{}, false
	}
	id, err := strconv.ParseInt(i.Content.Whole, 10, 64)
	if err != nil || id <= 0 {
		return connectors.Ref{}, false
	}
	return connectors.Ref{Tracker: c.name, ID: strconv.FormatInt(id, 10), Key: key(repo, i.Content.Number), Container: repo, Number: i.Content.Number}, true
}
