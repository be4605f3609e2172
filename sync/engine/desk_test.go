package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
	"parley/kanban"
	"parley/mapping"
	"parley/sync/reconcile"
)

var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// statuses of the desk's Jira, by id.
var statuses = []connectors.Option{
	{ID: "1", Name: "To Do", Category: "new"}, {ID: "2", Name: "In Progress", Category: "indeterminate"},
	{ID: "3", Name: "In Review", Category: "indeterminate"}, {ID: "4", Name: "Done", Category: "done"}, {ID: "9", Name: "Waiting", Category: "indeterminate"},
}

// board is a mapping of four columns and three priorities for one pair.
func board() mapping.Config {
	col := func(key string, c kanban.Category, jira, github string) mapping.ColumnConfig {
		return mapping.ColumnConfig{Key: key, Name: key, Category: c, Jira: []string{jira}, GitHub: []string{github}}
	}
	return mapping.Config{
		Columns: []mapping.ColumnConfig{
			col("todo", kanban.Option, "To Do", "open"),
			col("doing", kanban.Active, "In Progress", "open + label:doing"),
			col("review", kanban.Wait, "In Review", "open + label:review"),
			col("done", kanban.Done, "Done", "closed"),
		},
		Priorities: []mapping.PriorityConfig{
			{Key: "high", Name: "High", Jira: []string{"High", "Highest"}, GitHub: []string{"label:p-high"}},
			{Key: "medium", Name: "Medium", Jira: []string{"Medium"}, GitHub: []string{"label:p-medium"}},
			{Key: "low", Name: "Low", Jira: []string{"Low"}, GitHub: []string{"label:p-low"}},
		},
		Pairs:   []mapping.PairConfig{{Jira: "OPS", GitHub: "acme/pay"}},
		Persons: []mapping.PersonConfig{{Name: "Ana", Jira: "ana-7", GitHub: "ana"}, {Name: "Ben", Jira: "ben-8", GitHub: "ben"}},
		Trackers: []mapping.TrackerConfig{
			{Name: "jira", Kind: "jira", Containers: []string{"OPS"}, BaseURLs: []string{"http://127.0.0.1:1"}},
			{Name: "github", Kind: "github", Containers: []string{"acme/pay"}, BaseURLs: []string{"http://127.0.0.1:2"}},
		},
	}
}

func directories() []connectors.Directory {
	d := connectors.Directory{Tracker: "jira", Kind: connectors.Jira, Containers: []connectors.Container{{Key: "OPS"}},
		Priorities: []connectors.Option{{ID: "21", Name: "Highest"}, {ID: "22", Name: "High"}, {ID: "23", Name: "Medium"}, {ID: "24", Name: "Low"}}}
	for _, s := range statuses {
		d.Statuses = append(d.Statuses, connectors.Status{Option: s, Used: []string{"OPS"}})
	}
	labels := map[string][]string{"acme/pay": {"doing", "review", "p-high", "p-medium", "p-low"}}
	return []connectors.Directory{d, {Tracker: "github", Kind: connectors.GitHub, Containers: []connectors.Container{{Key: "acme/pay"}}, Labels: labels}}
}

// tester is what a test and a property have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// desk is a card, the engine and two trackers that answer at once: enough to follow a
// write from the edit to its confirmation without any I/O.
type desk struct {
	t       tester
	eng     *Engine
	card    Card
	now     time.Time
	issue   [2]connectors.Issue
	entries [2][]connectors.Entry
	ways    map[string][]string // Jira: from status to statuses
	ids     int
	asked   []string // requests so far, in words
	sent    int
	lag     int // entries that a history does not show yet
	record  Record
	known   memory              // every edit that was taken in, if it is kept
	fail    func(Request) error // before the request takes effect
	deaf    func(Request) error // after it took effect
}

func newDesk(t tester, change ...func(*mapping.PairConfig)) *desk {
	t.Helper()
	d := &desk{t: t, now: monday, ways: map[string][]string{"1": {"2"}, "2": {"1", "3"}, "3": {"2", "4"}, "4": {"3"}}}
	d.eng = &Engine{Write: true, Skew: 6 * time.Second, NewID: func() string { d.ids++; return fmt.Sprintf("op-%d", d.ids) }}
	d.compile(false, change...)
	ref := func(tracker, id, key, container string) connectors.Ref {
		return connectors.Ref{Tracker: tracker, ID: id, Key: key, Container: container}
	}
	d.issue[kanban.Jira] = connectors.Issue{Ref: ref("jira", "1001", "OPS-1", "OPS"), Kind: connectors.Jira, Title: "Pay", Type: "Story", Created: monday, Updated: monday,
		Status: statuses[0], Priority: connectors.Option{ID: "23", Name: "Medium"}}
	d.issue[kanban.GitHub] = connectors.Issue{Ref: ref("github", "77", "acme/pay#7", "acme/pay"), Kind: connectors.GitHub, Title: "Pay", Created: monday.Add(time.Second), Updated: monday, State: "open"}
	return d
}

// compile makes the rules of a board whose repository anybody may read, or not.
func (d *desk) compile(public bool, change ...func(*mapping.PairConfig)) {
	d.t.Helper()
	config, dirs := board(), directories()
	for _, f := range change {
		f(&config.Pairs[0])
	}
	dirs[1].Containers[0].Public = public
	rules, problems := mapping.Compile(config, dirs)
	if rules == nil {
		d.t.Fatalf("compile the board: %v", problems)
	}
	d.eng.Rules = rules
	d.eng.Container = func(_, key string) connectors.Container { return connectors.Container{Key: key, Public: public} }
}

// paired makes the card of both issues.
func paired(t tester, change ...func(*mapping.PairConfig)) *desk {
	t.Helper()
	d := newDesk(t, change...)
	d.card = d.lone(kanban.Jira)
	step, _, err := d.eng.Pair(d.card, d.lone(kanban.GitHub), Pairing{How: "hand"}, d.now)
	if err != nil {
		t.Fatalf("pair: %v", err)
	}
	d.card = step.Card
	return d
}

// lone is the card of one issue.
func (d *desk) lone(s kanban.Side) Card {
	i := d.issue[s]
	return d.eng.Step(Card{ID: kanban.NewCardID(i.Tracker, i.ID)}, Observed{Side: s, Observation: connectors.Observation{Issue: i, Since: -1}}, d.now).Card
}

// edit lets somebody change an issue, with its trace in the history.
func (d *desk) edit(s kanban.Side, who, op string, changes ...connectors.Change) {
	d.now = d.now.Add(20 * time.Second)
	i := &d.issue[s]
	for k := range changes {
		c := &changes[k]
		switch {
		case c.Field == kanban.ChangeStatus:
			c.From, i.Status = i.Status.ID, statusOf(c.To)
		case c.Field == kanban.ChangePriority:
			c.From, i.Priority = i.Priority.ID, connectors.Option{ID: c.To}
		case c.Field == kanban.ChangeState:
			i.State, i.Reason, _ = strings.Cut(c.To, ":")
		case c.Field == kanban.ChangeTitle:
			c.From, i.Title = i.Title, c.To
		case c.Field == kanban.ChangeDue:
			c.From, i.Due = i.Due, c.To
		case c.Field == kanban.ChangeAssignee:
			i.Assignees = reassigned(i.Assignees, c)
		case c.From != "":
			i.Labels = slices.DeleteFunc(slices.Clone(i.Labels), func(l string) bool { return l == c.From })
		default:
			i.Labels = append(slices.Clone(i.Labels), c.To)
		}
	}
	i.Updated = d.now
	seq := int64(len(d.entries[s]) + 1)
	d.entries[s] = append(d.entries[s], connectors.Entry{ID: s.String() + strconv.Itoa(int(seq)), Seq: seq, IssueID: i.ID, At: d.now,
		Actor: connectors.Person{ID: who}, Own: who == "bot", Op: op, Changes: changes})
}

// reassigned takes one person off and puts another on.
func reassigned(people []connectors.Person, c *connectors.Change) []connectors.Person {
	people = slices.DeleteFunc(slices.Clone(people), func(p connectors.Person) bool { return p.ID == c.From })
	if c.To != "" {
		people = append(people, connectors.Person{ID: c.To})
	}
	return people
}

func statusOf(id string) connectors.Option {
	return statuses[slices.IndexFunc(statuses, func(o connectors.Option) bool { return o.ID == id })]
}

func to(field, value string) connectors.Change { return connectors.Change{Field: field, To: value} }
func off(label string) connectors.Change {
	return connectors.Change{Field: kanban.ChangeLabel, From: label}
}

// poll shows the engine an issue as a list does. Jira's brings its history. Of GitHub the
// picture comes alone where there is news, so that its history has to be asked for.
func (d *desk) poll(s kanban.Side) {
	d.now = d.now.Add(time.Second)
	o := connectors.Observation{Issue: d.issue[s], Since: connectors.NoHistory}
	if s == kanban.Jira {
		d.singly(s)
		o.Entries, o.Since = d.entries[s], -1
	} else if n := len(d.entries[s]); n == 0 || d.entries[s][n-1].Seq <= d.card.Status.Sides[s].Seq {
		o.Since = connectors.Onward
	}
	d.step(Observed{Side: s, Observation: o})
}

func (d *desk) step(ev Event) {
	st := d.eng.Step(d.card, ev, d.now)
	d.keep(st)
}

func (d *desk) keep(st Step) {
	d.card = st.Card
	if found := Fsck(d.card); found != nil { // P30: every step leaves a sound card
		d.t.Fatalf("%q\n%s", found, d.story())
	}
	if d.known != nil {
		d.known.remember(st, d.now)
	}
	d.record.Conflicts = append(d.record.Conflicts, st.Record.Conflicts...)
	d.record.Activity = append(d.record.Activity, st.Record.Activity...)
	d.record.Events = append(d.record.Events, st.Record.Events...)
}

// singly tells a history entry by entry where every step is to be looked at.
func (d *desk) singly(s kanban.Side) {
	visible := d.entries[s]
	if s == kanban.GitHub {
		visible = visible[:max(0, len(visible)-d.lag)]
	}
	for _, e := range visible {
		if d.known != nil && e.Seq > d.card.Status.Sides[s].Seq {
			d.step(Recounted{Side: s, Entries: []connectors.Entry{e}, More: true})
		}
	}
}

// next asks the engine what to ask, letting time pass until it knows.
func (d *desk) next() *Request {
	for range 60 {
		n := d.eng.Next(d.card, d.now)
		d.keep(n.Step)
		if n.Ask != nil || n.Wake.IsZero() {
			return n.Ask
		}
		d.now = n.Wake
	}
	d.t.Fatalf("still waiting: %+v", d.card.Ops)
	return nil
}

// work goes on until nothing is left to ask.
func (d *desk) work() {
	d.t.Helper()
	for range 100 {
		q := d.next()
		if q == nil {
			return
		}
		d.step(d.perform(*q))
	}
	d.t.Fatalf("never comes to rest:\n%s", d.story())
}

// perform answers one request.
func (d *desk) perform(q Request) Event {
	d.now = d.now.Add(time.Second)
	d.asked = append(d.asked, inWords(q))
	if d.fail != nil {
		if err := d.fail(q); err != nil {
			return failed(q, err)
		}
	}
	ev := d.answer(q)
	if d.deaf != nil {
		if err := d.deaf(q); err != nil {
			return failed(q, err)
		}
	}
	return ev
}

func failed(q Request, err error) Event {
	switch q.Kind {
	case Send:
		return Answered{Op: q.Op, Err: err}
	case Create:
		return Created{Op: q.Op, Err: err}
	case LookUp:
		return LookedUp{Op: q.Op, Err: err}
	}
	return Failed{Side: q.Side, Op: q.Op, Err: err}
}

func (d *desk) answer(q Request) Event {
	switch q.Kind {
	case Read:
		o := connectors.Observation{Issue: d.issue[q.Side], Since: connectors.NoHistory}
		if q.Side == kanban.Jira {
			d.singly(q.Side)
			o.Entries, o.Since = d.entries[q.Side], -1
		}
		return Observed{Side: q.Side, Strong: true, Observation: o}
	case Recount:
		d.singly(q.Side)
		known := d.entries[q.Side]
		return Recounted{Side: q.Side, Entries: known[q.Since:max(int(q.Since), len(known)-d.lag)]}
	case Route:
		return d.offers(q)
	default:
		d.sent++
		return Answered{Op: q.Op, Receipt: d.take(q.Write, q.Side)}
	}
}

func (d *desk) offers(q Request) Event {
	ev := Routed{Op: q.Op, From: d.issue[kanban.Jira].Status.ID}
	for _, id := range d.ways[ev.From] {
		ev.Offered = append(ev.Offered, connectors.Transition{ID: "to-" + id, Name: "to " + id, To: statusOf(id)})
	}
	for from, tos := range d.ways {
		for _, id := range tos {
			ev.Known = append(ev.Known, Edge{From: from, To: id, Offered: true})
		}
	}
	return ev
}

// take lets a write take effect. Only Jira carries the id of the operation.
func (d *desk) take(w connectors.Write, s kanban.Side) connectors.Receipt {
	op := ""
	if s == kanban.Jira {
		op = w.Op
	}
	switch {
	case w.Transition != "":
		d.edit(s, "bot", op, to(kanban.ChangeStatus, strings.TrimPrefix(w.Transition, "to-")))
		return connectors.Receipt{}
	case w.Priority != "":
		d.edit(s, "bot", op, to(kanban.ChangePriority, w.Priority))
		issue := d.issue[s]
		return connectors.Receipt{Issue: &issue, Entries: d.entries[s]}
	case w.AddLabel != "":
		d.edit(s, "bot", op, to(kanban.ChangeLabel, w.AddLabel))
		return connectors.Receipt{Labels: d.issue[s].Labels}
	case w.RemoveLabel != "":
		d.edit(s, "bot", op, off(w.RemoveLabel))
		return connectors.Receipt{Labels: d.issue[s].Labels}
	case w.Title != "":
		d.edit(s, "bot", op, to(kanban.ChangeTitle, w.Title))
		issue := d.issue[s]
		return connectors.Receipt{Issue: &issue}
	case w.Due != "":
		d.edit(s, "bot", op, to(kanban.ChangeDue, w.Due))
		return connectors.Receipt{}
	case w.Assign+w.Unassign != "":
		d.edit(s, "bot", op, connectors.Change{Field: kanban.ChangeAssignee, From: w.Unassign, To: w.Assign})
		issue := d.issue[s]
		return connectors.Receipt{Issue: &issue}
	}
	d.edit(s, "bot", op, to(kanban.ChangeState, w.State+map[bool]string{true: ":" + w.Reason}[w.State == "closed"]))
	issue := d.issue[s]
	return connectors.Receipt{Issue: &issue}
}

// inWords tells a request for comparison in a test.
func inWords(q Request) string {
	s := string(q.Kind) + " " + q.Side.String()
	w := q.Write
	for _, part := range []string{w.Transition, w.Priority, w.State, w.Reason, w.Title, w.Due} {
		if part != "" {
			s += " " + part
		}
	}
	if w.Assign+w.Unassign != "" {
		s += " @" + w.Assign + "-" + w.Unassign
	}
	if w.AddLabel != "" {
		s += " +" + w.AddLabel
	}
	if w.RemoveLabel != "" {
		s += " -" + w.RemoveLabel
	}
	return s
}

// expect checks the agreed value, what both trackers hold, and that all is at rest.
func (d *desk) expect(f kanban.Field, agreed kanban.Value, jira, github kanban.Native) {
	d.t.Helper()
	j, g := d.eng.Rules.Native(d.issue[0], f), d.eng.Rules.Native(d.issue[1], f)
	if got := d.card.Field(f).Agreed; got != agreed || j != jira || g != github {
		d.t.Errorf("%s: agreed %q, Jira %q, GitHub %q; want %q, %q, %q\n%s", f, got, j, g, agreed, jira, github, d.story())
	}
	if !d.card.Quiet(d.now) {
		d.t.Errorf("not at rest:\n%s", d.story())
	}
}

func (d *desk) story() string {
	s := strings.Join(d.asked, ", ") + "\n"
	for _, op := range d.card.Ops {
		s += fmt.Sprintf("%s %s %s %q→%q v%d %s %s\n", op.ID, op.Side, op.Field, op.From, op.To, op.Version, op.State, op.Problem)
	}
	return s + fmt.Sprintf("%+v\n%+v", d.card.Status, d.card.Priority)
}

// lastOp is the newest write of the card.
func (d *desk) lastOp() reconcile.Op { return d.card.Ops[len(d.card.Ops)-1] }
