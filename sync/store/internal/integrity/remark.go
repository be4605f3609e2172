package integrity

import "parley/sync/remark"

// Remark is one row of Parley's own comments.
type Remark struct {
	Key            string
	Tracker, Issue string // as it is stored
	Open, Dirty    bool
	Doc            remark.Remark
	Bad            error
}

// remarked is a comment of a tracker.
type remarked struct{ tracker, issue, id string }

// Remark looks at a comment of Parley's own.
func (c *Check) Remark(r Remark) {
	switch {
	case r.Bad != nil:
		c.Sayf("comment %q cannot be read (%v), so that it is never posted, or twice; "+restore, r.Key, r.Bad)
		return
	case r.Doc.Key != r.Key:
		c.Sayf("comment %q says of itself that it is %q; "+restore, r.Key, r.Doc.Key)
	case r.Doc.Issue.Tracker != r.Tracker || r.Doc.Issue.ID != r.Issue:
		c.Sayf("comment %q is filed under issue %s of %s, but is on %s of %s; "+restore, r.Key, r.Issue, r.Tracker, r.Doc.Issue.ID, r.Doc.Issue.Tracker)
	case r.Doc.Open() != r.Open:
		c.Sayf("comment %q is filed as open: %v, but is %s; "+restore, r.Key, r.Open, r.Doc.State())
	case r.Dirty && !r.Open:
		c.Sayf("comment %q waits for a step, but is %s; "+restore, r.Key, r.Doc.State())
	}
	id := remarked{r.Tracker, r.Issue, r.Doc.ID()}
	if id.id == "" {
		return
	}
	if other, ok := c.remarks[id]; ok {
		c.Sayf("comments %q and %q are both comment %s on issue %s of %s; withdraw one of them", other, r.Key, id.id, r.Issue, r.Tracker)
		return
	}
	c.remarks[id] = r.Key
}
