package world

import (
	"context"
	"slices"
	"time"

	"parley/connectors"
)

// github is the GitHub that holds the repositories.
type github struct{ host }

var (
	_ connectors.Tracker = (*github)(nil)
	_ connectors.Mirrors = (*github)(nil)
)

// ownLogin is the account that Parley uses on GitHub.
const ownLogin = "parley-bot"

// shed is a repository that the configuration does not read.
const shed = "acme/attic"

func newGitHub(w *World, cat *catalog) *github {
	g := &github{host: newHost(w, cat.github, cat)}
	g.me, g.grain, g.overlap, g.nextID = ownLogin, time.Second, LagGitHub, 5_166_000_000
	g.skew = w.drawSkew(1)
	for n, key := range append(slices.Clone(cat.github.Containers), shed) {
		b := &container{key: key, id: "r" + key, read: n < len(cat.github.Containers), view: &view{}, byNum: map[int]*issue{},
			labels: slices.Concat(cat.family, cat.weights)}
		g.boxes = append(g.boxes, b)
	}
	return g
}

// Sources are the repositories that the configuration reads.
func (g *github) Sources() []string { return slices.Clone(g.cat.github.Containers) }

// Transitions has nothing to give: GitHub has no workflow.
func (g *github) Transitions(context.Context, connectors.Ref) ([]connectors.Transition, error) {
	return nil, nil
}

// Links has nothing to give.
func (g *github) Links(context.Context, connectors.Ref) ([]connectors.Link, error) { return nil, nil }

// reach finds the issue of a request by its address, or says what became of it.
func (g *github) reach(q *request, ref connectors.Ref) (*issue, error) {
	b := g.box(ref.Container)
	if b == nil || b.hidden.After(g.w.now) || q.fault == Vanished {
		if q.fault == Vanished {
			q.struck()
		}
		return nil, q.fail(connectors.NotFound, 404, "Not Found")
	}
	i := b.byNum[ref.Number]
	if i == nil {
		return nil, q.fail(connectors.NotFound, 404, "Not Found")
	}
	if err := g.gone(q, i); err != nil {
		return nil, err
	}
	g.strike(q, i)
	switch {
	case b.hidden.After(g.w.now):
		return nil, q.fail(connectors.NotFound, 404, "Not Found")
	case ref.ID != "" && ref.ID != i.id && !q.write:
		return nil, q.fail(connectors.NotFound, 200, "the number belongs to another issue")
	case i.poisoned.After(g.w.now) && !q.write:
		return nil, q.fail(connectors.Malformed, 200, "the answer lacks id, number or updated_at")
	}
	return i, nil
}

// gone is how the absence of an issue is answered, nil for one that is there.
func (g *github) gone(q *request, i *issue) error {
	to := i.movedTo
	switch {
	case !i.deleted():
		return nil
	case to != nil && (to.deleted() || to.last().box.hidden.After(g.w.now)):
		return q.fail(connectors.NotFound, 404, "Not Found")
	case to != nil:
		g.w.count("301")
		e := q.fail(connectors.Moved, 301, "Moved Permanently")
		e.Location = "https://api.github.example/repositories/" + to.last().box.id + "/issues/" + itoa(to.last().number)
		return e
	default:
		g.w.count("410")
		return q.fail(connectors.Gone, 410, "This issue was deleted")
	}
}

// open is what every request for one issue begins with.
func (g *github) open(ctx context.Context, name string, ref connectors.Ref, write bool) (q request, i *issue, err error) {
	if err := g.stopped(ctx, name+" "+ref.Key); err != nil {
		return q, nil, err
	}
	q = g.begin(name, ref.Key, write)
	if err := q.refused(); err != nil {
		return q, nil, err
	}
	i, err = g.reach(&q, ref)
	return q, i, err
}

// Read is a strong read of one issue, without history.
func (g *github) Read(ctx context.Context, ref connectors.Ref) (connectors.Observation, error) {
	q, i, err := g.open(ctx, "read", ref, false)
	o := connectors.Observation{Since: connectors.NoHistory}
	if err == nil {
		v := i.now()
		if late := q.behind(StaleRead); late > 0 {
			v = i.asOf(g.w.now.Add(-late))
		}
		o.Issue, err = i.show(v.state), q.lost()
	}
	q.end()
	if connectors.KindOf(err) == connectors.Moved {
		return g.moved(ref, err)
	}
	if err != nil {
		return connectors.Observation{}, err
	}
	return o, nil
}

// moved adds to the error of a transferred issue what it has become.
func (g *github) moved(ref connectors.Ref, err error) (connectors.Observation, error) {
	to := g.box(ref.Container).byNum[ref.Number].movedTo
	return connectors.Observation{Issue: to.show(to.now().state), Since: connectors.NoHistory}, err
}

// History reads the entries after Seq since, oldest first.
func (g *github) History(ctx context.Context, ref connectors.Ref, since int64) ([]connectors.Entry, bool, error) {
	q, i, err := g.open(ctx, "history", ref, false)
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

// Check learns what the repositories are like.
func (g *github) Check(ctx context.Context) (connectors.Directory, error) {
	if err := g.stopped(ctx, "check"); err != nil {
		return connectors.Directory{}, err
	}
	q := g.begin("check", "", false)
	err := q.refused()
	if err == nil {
		err = q.lost()
	}
	d := g.directory()
	q.end()
	if err != nil {
		return connectors.Directory{}, err
	}
	return d, nil
}

func (g *github) directory() connectors.Directory {
	d := connectors.Directory{Tracker: g.name, Kind: connectors.GitHub, Product: "GitHub", Me: g.person(g.me), Labels: map[string][]string{}}
	for _, b := range g.boxes {
		switch {
		case !b.read:
		case b.hidden.After(g.w.now):
			d.Containers = append(d.Containers, connectors.Container{Key: b.key, Problem: "not found, or hidden from this token"})
		default:
			d.Containers = append(d.Containers, connectors.Container{Key: b.key, ID: b.id, Readable: true, Writable: !b.archived.After(g.w.now)})
			d.Labels[b.key] = slices.Clone(b.labels)
		}
	}
	return d
}
