package runner

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/internal/race"
	"parley/mapping"
)

// bill is what both trackers were asked for one operation.
type bill struct {
	polls    map[string]int // the poll of each source, and what it read of GitHub's feed
	requests map[string]int // everything beyond
}

// charge counts what was asked since the last call.
func (w *world) charge() bill {
	b := bill{map[string]int{}, map[string]int{}}
	for host, log := range map[string]*sim.Log{"Jira": w.site.Log(), "GitHub": w.hub.Log()} {
		for _, r := range log.Requests() {
			name := host + " " + plainly(r)
			if polls(name) {
				b.polls[name]++
			} else {
				b.requests[name]++
			}
		}
		log.Reset()
	}
	return b
}

var numbers = regexp.MustCompile(`/(issue|issues)/[^/]+`)

// plainly names a request without what differs from issue to issue.
func plainly(r sim.Request) string {
	path := strings.TrimPrefix(strings.TrimPrefix(r.Path, "/rest/api/2/"), "/repos/"+repo+"/")
	if path != "issues/events" {
		path = numbers.ReplaceAllString("/"+path, "/$1/*")[1:]
	}
	name := r.Method + " " + path
	switch r.Status {
	case 304:
		name += " 304"
	case 200, 201, 204:
	default:
		name += fmt.Sprintf(" refused with %d", r.Status)
	}
	return name
}

// polls reports whether a request is one of those that find out what has changed.
func polls(name string) bool {
	switch strings.TrimSuffix(name, " 304") {
	case "Jira POST search/jql", "Jira POST search", "GitHub GET issues", "GitHub GET issues/events":
		return true
	}
	return false
}

func list(m map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if n := m[name]; n > 1 {
			out = append(out, fmt.Sprintf("%d × %s", n, name))
		} else {
			out = append(out, name)
		}
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

func total(m map[string]int) (n int) {
	for _, k := range m {
		n += k
	}
	return n
}

// documented is how many issues a side had when docs/PERFORMANCE.md was written.
const documented = 1000

// scale is how many issues a side has.
func scale() int { return race.Of(documented, 350) }

// costs are the rows of the table in docs/PERFORMANCE.md, by the operation.
type costs struct {
	t       *testing.T
	product string
	want    map[string]string
}

var costRow = regexp.MustCompile(`(?m)^\| (Cloud|Data Center) \| ([^|]+) \| (\d+) of (\d+) \| ([^|]+) \|$`)

func newCosts(t *testing.T, product string) *costs {
	t.Helper()
	text, err := os.ReadFile("../../docs/PERFORMANCE.md")
	if err != nil {
		t.Fatal(err)
	}
	c := &costs{t: t, product: product, want: map[string]string{}}
	for _, m := range costRow.FindAllStringSubmatch(string(text), -1) {
		if m[1] == product {
			c.want[m[2]] = m[0]
		}
	}
	return c
}

// add holds what an operation took to its bound, and to what the document says.
func (c *costs) add(operation string, most int, requests map[string]int) {
	c.t.Helper()
	row := fmt.Sprintf("| %s | %s | %d of %d | %s |", c.product, operation, total(requests), most, list(requests))
	if total(requests) > most {
		c.t.Errorf("more than allowed: %s", row)
	}
	if whole := scale() == documented || !strings.Contains(operation, "000"); whole && c.want[operation] != row {
		c.t.Errorf("docs/PERFORMANCE.md says\n%s\nmeasured is\n%s", c.want[operation], row)
	}
	delete(c.want, operation)
}

// ends checks that the document has no row that nothing measures.
func (c *costs) ends() {
	c.t.Helper()
	for _, row := range c.want {
		c.t.Errorf("not measured: %s", row)
	}
}

// stock makes so many issues a side, half of them pairs by their titles.
func (w *world) stock() {
	w.t.Helper()
	for i := range scale() {
		j, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: fmt.Sprint("Work ", i)})
		w.must(err)
		title := fmt.Sprint("Other ", i)
		if i%2 == 0 {
			title = j.Key + " work"
		}
		_, err = w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: title})
		w.must(err)
		w.clock.Advance(7 * time.Second)
	}
	w.clock.Advance(time.Hour)
}

// operation is one thing that people do, and how many requests Parley may make because
// of it beyond the poll that saw it and the poll that shows what it has written.
type operation struct {
	name string
	most int
	do   func(w *world) error
}

// operations are done one after the other. The issue with the number 2n+1 is paired with
// the one whose key ends in 2n+1.
func operations() []operation {
	each := func(n, first int, do func(w *world, key string, number int) error) func(w *world) error {
		return func(w *world) error {
			for i := range n {
				number := first + 2*i
				if err := do(w, fmt.Sprintf("OPS-%d", number), number); err != nil {
					return err
				}
			}
			return nil
		}
	}
	move := func(id string) func(w *world, key string, n int) error {
		return func(w *world, key string, _ int) error { return w.site.Transition("ana", key, id, noEdit) }
	}
	finish := func(w *world, key string, _ int) error {
		return w.site.Transition("ana", key, "711", jirasim.Edit{Resolution: new("Done")})
	}
	prioritise := func(w *world, key string, _ int) error {
		return w.site.Edit("ana", key, jirasim.Edit{Priority: new("Low")})
	}
	label := func(l string) func(w *world, key string, n int) error {
		return func(w *world, _ string, n int) error { return w.hub.AddLabels("ben", repo, n, l) }
	}
	closed := func(w *world, _ string, n int) error { return w.hub.SetState("ben", repo, n, "closed", "completed") }
	return []operation{
		{"Jira → GitHub, status by a label", 5, each(1, 1, move("4"))},
		{"Jira → GitHub, status by another label", 5, each(1, 1, move("5"))},
		{"Jira → GitHub, status by closing", 5, each(1, 1, finish)},
		{"Jira → GitHub, priority by a label", 5, each(1, 3, prioritise)},
		{"Jira → GitHub, priority of 10 issues in one poll", 50, each(10, 101, prioritise)},
		{"GitHub → Jira, priority", 3, each(1, 5, label("priority:high"))},
		{"GitHub → Jira, priority of 10 issues in one poll", 30, each(10, 201, label("priority:high"))},
		{"GitHub → Jira, status over 1 hop", 3, each(1, 7, label("status:in-progress"))},
		{"GitHub → Jira, status over 2 hops", 5, each(1, 9, label("status:review"))},
		{"GitHub → Jira, status over 3 hops", 7, each(1, 11, closed)},
		{"GitHub → Jira, status over 1 hop of 10 issues in one poll", 30, each(10, 301, label("status:in-progress"))},
	}
}

// TestCost counts at the simulators what everything takes with a thousand issues a side,
// and holds docs/PERFORMANCE.md to it.
func TestCost(t *testing.T) {
	t.Parallel()
	products := map[string][]func(*world){"Cloud": nil, "Data Center": {onServer}}
	if scale() != documented {
		delete(products, "Data Center") // one of them shows the races
	}
	for product, change := range products {
		t.Run(product, func(t *testing.T) {
			t.Parallel()
			w, c := newWorld(t, change...), newCosts(t, product)
			w.charge()
			w.stock()
			c.firstReads(w)
			w.settle(5)
			w.charge()
			w.settle(1)
			b := w.charge()
			for name, n := range b.polls {
				if n != 1 || strings.HasPrefix(name, "GitHub") && !strings.HasSuffix(name, " 304") {
					t.Errorf("idle: %s", list(b.polls))
				}
			}
			c.add("an idle poll of both sources", 2, b.polls)
			c.add("an idle poll, beyond that", 0, b.requests)
			w.mapped()
			for _, op := range operations() {
				c.measure(w, op)
			}
			c.mirrors(change)
			c.ends()
		})
	}
}

// firstReads counts the import and what goes on in the background after it.
func (c *costs) firstReads(w *world) {
	c.t.Helper()
	const link = "Jira GET issue/*/remotelink"
	links := map[string]int{}
	for _, t := range w.runner.Trackers {
		for _, s := range t.Sources() {
			w.must(w.runner.PollSource(c.t.Context(), t, s))
		}
		w.work()
		b := w.charge()
		links[link] += b.requests[link] // of those that a title names: what a link says counts for more
		delete(b.requests, link)
		maps.Copy(b.requests, b.polls)
		c.add(fmt.Sprintf("import of 1,000 issues from %s", map[connectors.Kind]string{connectors.Jira: "Jira", connectors.GitHub: "GitHub"}[t.Kind]), 10+4, b.requests)
	}
	w.must(w.runner.LinkRound(c.t.Context(), w.runner.Trackers[0]))
	b := w.charge()
	links[link] += b.requests[link]
	c.add("background: remote links of 1,000 issues", scale(), links)
	w.begin()
	w.recall()
	b = w.charge()
	maps.Copy(b.requests, b.polls)
	c.add("background: old history of 2,000 issues", 25, b.requests)
	w.slowly() // nothing is due, and that is noted
	w.clock.Advance(48 * time.Hour)
	w.poll()
	w.charge()
	w.slowly()
	b = w.charge()
	maps.Copy(b.requests, b.polls)
	c.add("a day's sweep over 2,000 issues", 2*10+8, b.requests)
}

// mapped has the workflow learned, as it is after the first changes of a project.
func (w *world) mapped() {
	w.t.Helper()
	const key, n = "OPS-333", 333
	w.must(w.hub.SetState("ben", repo, n, "closed", "completed"))
	w.settle(4)
	if i, _ := w.site.Issue(key); i.StatusName != "Done" {
		w.t.Fatalf("%s is %q\n%s", key, i.StatusName, w.story(w.card(key)))
	}
	w.must(w.hub.SetState("ben", repo, n, "open", "reopened"))
	w.settle(10)
	w.charge()
}

// measure does an operation and counts what follows: in the poll that sees it, and in the
// three after that, which show what was written.
func (c *costs) measure(w *world, op operation) {
	c.t.Helper()
	w.must(op.do(w))
	w.clock.Advance(30 * time.Second)
	w.poll()
	b := w.charge()
	c.add(op.name, op.most, b.requests)
	if n := b.polls["Jira POST search/jql"] + b.polls["Jira POST search"]; n != 1 || total(b.polls) > 3 {
		c.t.Errorf("%s: seen by %s", op.name, list(b.polls))
	}
	for range 3 {
		w.settle(1)
		b = w.charge()
		if total(b.requests) > 0 || total(b.polls) > 3 {
			c.t.Errorf("%s: its echo takes %s and %s", op.name, list(b.polls), list(b.requests))
		}
	}
	w.settle(7) // beyond the overlap of the polls
	if b = w.charge(); total(b.requests) > 0 {
		c.t.Errorf("%s: later it takes %s", op.name, list(b.requests))
	}
}

// mirrors counts the creation of a twin, in a world that is small and read from end to end.
func (c *costs) mirrors(change []func(*world)) {
	c.t.Helper()
	for _, m := range []struct {
		name string
		most int
		way  mapping.Mirror
		do   func(w *world) error
	}{
		{"Jira → GitHub, a twin and its first label", 10, mapping.MirrorJiraToGitHub, func(w *world) error {
			_, err := w.site.Create("ana", jirasim.NewIssue{Project: "OPS", Type: "Story", Summary: "New work"})
			return err
		}},
		{"GitHub → Jira, a twin", 6, mapping.MirrorGitHubToJira, func(w *world) error {
			_, err := w.hub.CreateIssue("ben", repo, githubsim.NewIssue{Title: "New work"})
			return err
		}},
	} {
		w := newWorld(c.t, append(slices.Clone(change), mirroring(m.way))...)
		w.must(m.do(w)) // the first one teaches what a create needs to know of the project
		w.settle(10)
		w.charge()
		w.must(m.do(w))
		w.settle(4)
		b := w.charge()
		c.add(m.name, m.most, b.requests)
		w.settle(10)
		if b = w.charge(); total(b.requests) > 0 {
			c.t.Errorf("%s: later it takes %s", m.name, list(b.requests))
		}
	}
}

// Remote links cost a request an issue, so nobody who has no use for them pays it.
func TestRemoteLinksAreOnlyReadWhereARuleBelievesThem(t *testing.T) {
	t.Parallel()
	for want, match := range map[int][]mapping.Evidence{0: {mapping.KeyInTitle}, 1: {mapping.KeyInTitle, mapping.RemoteLink}} {
		w := newWorld(t, func(w *world) {
			w.change = func(c *mapping.Config) { c.Pairs[0].Match = match }
		})
		key, _ := w.pair("Reconcile positions")
		if !w.together(key) {
			t.Fatal("the two issues are no pair")
		}
		if got := w.charge().requests["Jira GET issue/*/remotelink"]; got != want {
			t.Errorf("match = %q: %d reads of remote links, want %d", match, got, want)
		}
	}
}
