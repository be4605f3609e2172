package world

import (
	"context"
	"slices"
	"time"

	"parley/connectors"
)

// jira is the Jira site.
type jira struct {
	host
	flow   *workflow
	view   *view
	unseen []string // projects that the last Check could not read
}

var (
	_ connectors.Tracker = (*jira)(nil)
	_ connectors.Mirrors = (*jira)(nil)
)

// ownAccount is the account that Parley uses at Jira.
const ownAccount = "parley"

// attic is a project that the configuration does not read.
const attic = "HR"

func newJira(w *World, cat *catalog) *jira {
	j := &jira{host: newHost(w, cat.jira, cat), view: &view{}}
	j.me, j.grain, j.overlap, j.nextID = ownAccount, time.Millisecond, LagJira, 10000
	j.skew = w.drawSkew(0)
	j.flow = newWorkflow(w.chance(streamStart, 0, 0), cat, w.opts.Swarm.Doors)
	for n, key := range append(slices.Clone(cat.jira.Containers), attic) {
		j.boxes = append(j.boxes, &container{key: key, id: "p" + key, read: n < len(cat.jira.Containers), view: j.view})
	}
	return j
}

// drawSkew is how far a tracker's clock is off.
func (w *World) drawSkew(host uint64) time.Duration {
	r := w.chance(streamClock, host, 0)
	most := 2 * time.Second
	if w.opts.Swarm.Skew {
		most = time.Minute
	}
	return time.Duration(r.Int64N(int64(2*most))) - most
}

// Sources is the one source of a site.
func (j *jira) Sources() []string { return []string{""} }

// Feed has nothing to give: pages of Changes bring their history along.
func (j *jira) Feed(context.Context, string, string) (connectors.FeedPage, error) {
	return connectors.FeedPage{}, nil
}

// sees reports whether the account may see an issue.
func (j *jira) sees(i *issue) bool {
	s := i.now().state
	return s != nil && s.security == "" && !s.box.hidden.After(j.w.now)
}

// reach finds the issue of a request, or says as Jira does that there is none.
func (j *jira) reach(q *request, ref connectors.Ref) (*issue, error) {
	i := j.find(ref.ID)
	if i == nil || !j.sees(i) {
		return nil, q.fail(connectors.NotFound, 404, "Issue does not exist or you do not have permission to see it.")
	}
	if q.fault == Vanished {
		q.struck()
		return nil, q.fail(connectors.NotFound, 404, "Issue does not exist or you do not have permission to see it.")
	}
	j.strike(q, i)
	if !j.sees(i) {
		return nil, q.fail(connectors.NotFound, 404, "Issue does not exist or you do not have permission to see it.")
	}
	if i.poisoned.After(j.w.now) {
		return nil, q.fail(connectors.Malformed, 200, "decode issue: updated is missing")
	}
	return i, nil
}

// open is what every request for one issue begins with.
func (j *jira) open(ctx context.Context, name string, ref connectors.Ref, write bool) (q request, i *issue, err error) {
	if err := j.stopped(ctx, name+" "+ref.Key); err != nil {
		return q, nil, err
	}
	q = j.begin(name, ref.Key, write)
	if err := q.refused(); err != nil {
		return q, nil, err
	}
	i, err = j.reach(&q, ref)
	return q, i, err
}

// Read is a strong read of one issue with the newest part of its history.
func (j *jira) Read(ctx context.Context, ref connectors.Ref) (connectors.Observation, error) {
	q, i, err := j.open(ctx, "read", ref, false)
	var o connectors.Observation
	if err == nil {
		v := i.now()
		if late := q.behind(StaleRead); late > 0 {
			v = i.asOf(j.w.now.Add(-late))
		}
		o, err = j.observe(i, v, j.page(readHistory), false), q.lost()
	}
	q.end()
	if err != nil {
		return connectors.Observation{}, err
	}
	return o, nil
}

// How much history comes along with an issue.
const (
	readHistory   = 100
	searchHistory = 40
	fullPage      = 100
)

// page is a page size of the product, cut by the swarm.
func (h *host) page(size int) int {
	if s := h.w.opts.Swarm.PageSize; s > 0 {
		return min(size, s)
	}
	return size
}

// observe is an issue with the newest entries of its history. A search that shows as
// many as it can may have left some out without saying so.
func (j *jira) observe(i *issue, v *version, most int, search bool) connectors.Observation {
	o := connectors.Observation{Issue: i.show(v.state), Entries: i.history(max(0, v.entries-most), v.entries), Since: -1}
	if v.entries > most || search && v.entries == most {
		o.Since = o.Entries[0].Seq - 1
	}
	return o
}

// History reads the entries after Seq since, oldest first.
func (j *jira) History(ctx context.Context, ref connectors.Ref, since int64) ([]connectors.Entry, bool, error) {
	q, i, err := j.open(ctx, "history", ref, false)
	var found []connectors.Entry
	var more bool
	if err == nil {
		found, more = i.rest(&q, since)
		err = q.lost()
	}
	q.end()
	if err != nil {
		return nil, false, err
	}
	return found, more, nil
}

// rest is the page of the history that goes on after since.
func (i *issue) rest(q *request, since int64) ([]connectors.Entry, bool) {
	n, size := len(i.entries), i.host.page(fullPage)
	if late := q.behind(StaleRead); late > 0 {
		n = i.asOf(i.host.w.now.Add(-late)).entries
	}
	at, _ := slices.BinarySearchFunc(i.entries[:n], connectors.Entry{Seq: since + 1}, bySeq)
	end := min(n, (at/size+1)*size)
	return i.history(at, end), end < n
}

// Transitions lists the ways out of the present status.
func (j *jira) Transitions(ctx context.Context, ref connectors.Ref) ([]connectors.Transition, error) {
	q, i, err := j.open(ctx, "transitions", ref, false)
	var out []connectors.Transition
	if err == nil {
		s := i.now()
		if !j.locked(s.state) {
			out = j.flow.offered(s.status)
		}
		err = q.lost()
	}
	q.end()
	if err != nil {
		return nil, err
	}
	return out, nil
}

// locked reports whether nothing may be written to an issue.
func (h *host) locked(s *state) bool { return s.archived || s.box.archived.After(h.w.now) }

// Links lists the remote links of an issue.
func (j *jira) Links(ctx context.Context, ref connectors.Ref) ([]connectors.Link, error) {
	q, i, err := j.open(ctx, "links", ref, false)
	var out []connectors.Link
	if err == nil {
		out, err = slices.Clone(i.links), q.lost()
	}
	q.end()
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Check learns the site's directory.
func (j *jira) Check(ctx context.Context) (connectors.Directory, error) {
	if err := j.stopped(ctx, "check"); err != nil {
		return connectors.Directory{}, err
	}
	q := j.begin("check", "", false)
	err := q.refused()
	if err == nil {
		err = q.lost()
	}
	d := j.directory()
	q.end()
	if err != nil {
		return connectors.Directory{}, err
	}
	return d, nil
}

func (j *jira) directory() connectors.Directory {
	d := connectors.Directory{Tracker: j.name, Kind: connectors.Jira, Product: "Jira Cloud 1001.0.0", Me: j.person(j.me),
		Priorities: slices.Clone(j.cat.priorities)}
	j.unseen = nil
	var used []string
	for _, b := range j.boxes {
		if !b.read {
			continue
		}
		c := connectors.Container{Key: b.key, ID: b.id, Readable: true, Writable: true}
		if b.hidden.After(j.w.now) {
			c.Readable, c.Writable, c.Problem = false, false, "not found, or hidden from this account"
			j.unseen = append(j.unseen, b.key)
		}
		d.Containers, used = append(d.Containers, c), append(used, b.key)
	}
	for n, s := range j.cat.statuses {
		d.Statuses = append(d.Statuses, connectors.Status{Option: s, Untranslated: j.cat.original[n], Used: slices.Clone(used)})
	}
	return d
}
