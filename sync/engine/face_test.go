package engine

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/reconcile"
)

func badgeKinds(f kanban.Card) []string {
	var ks []string
	for _, b := range f.Badges {
		ks = append(ks, b.Kind+" "+b.Side)
		if b.Text == "" {
			ks = append(ks, "without words")
		}
	}
	return ks
}

func TestBadges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		make   func(*desk)
		badges []string
		column kanban.ColumnKey
	}{
		{"nothing to say", func(*desk) {}, nil, "todo"},
		{"unmapped in Jira: the agreed column stays for GitHub says one", func(d *desk) {
			d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
			d.poll(kanban.Jira)
			d.work()
			d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "9"))
			d.poll(kanban.Jira)
		}, []string{"unmapped jira"}, "doing"},
		{"unmapped and GitHub has no opinion: no column", func(d *desk) {
			d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "9"))
			d.poll(kanban.Jira)
		}, []string{"unmapped jira"}, ""},
		{"two labels at once", func(d *desk) {
			d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "doing"), to(kanban.ChangeLabel, "review"))
			d.poll(kanban.GitHub)
			d.work()
		}, []string{"ambiguous github"}, "todo"},
		{"the tracker refuses", func(d *desk) {
			d.edit(kanban.GitHub, "ben", "", to(kanban.ChangeLabel, "p-high"))
			d.poll(kanban.GitHub)
			d.fail = func(q Request) error {
				if q.Kind == Send {
					return &connectors.Error{Kind: connectors.Forbidden, Tracker: "jira", Doing: "set priority"}
				}
				return nil
			}
			d.work()
		}, []string{"refused jira"}, "todo"},
		{"the issue is gone", func(d *desk) {
			d.step(Failed{Side: kanban.GitHub, Err: &connectors.Error{Kind: connectors.NotFound, Tracker: "github", Doing: "read"}})
		}, []string{"away github"}, "todo"},
		{"held", func(d *desk) {
			d.eng.Write = false
			d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
			d.poll(kanban.Jira)
			d.work()
		}, []string{"held github"}, "doing"},
		{"two twins claimed", func(d *desk) { d.card.Clash = "two issues say so" }, []string{"link-clash "}, "todo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := paired(t)
			c.make(d)
			face := d.eng.Face(&d.card)
			if diff := cmp.Diff(c.badges, badgeKinds(face)); diff != "" {
				t.Errorf("badges (-want +got):\n%s", diff)
			}
			if face.Column != c.column {
				t.Errorf("column %q, want %q", face.Column, c.column)
			}
		})
	}
}

func TestTurn(t *testing.T) {
	t.Parallel()
	layout := kanban.Layout{Columns: []kanban.Column{
		{Key: "wait", Category: kanban.Wait, Turn: kanban.Business}, {Key: "doing", Category: kanban.Active}, {Key: "done", Category: kanban.Done, Turn: kanban.IT},
	}}
	block := &kanban.Block{Party: kanban.Third}
	for _, c := range []struct {
		card kanban.Card
		want kanban.Party
	}{
		{kanban.Card{Column: "wait"}, kanban.Business},
		{kanban.Card{Column: "doing"}, kanban.IT},
		{kanban.Card{Column: "doing", Blocked: block}, kanban.Third},
		{kanban.Card{Column: "done", Blocked: block}, kanban.Nobody},
		{kanban.Card{Column: ""}, kanban.IT},
	} {
		if got := turnOf(c.card, layout); got != c.want {
			t.Errorf("%+v: turn of %q, want %q", c.card, got, c.want)
		}
	}
}

func TestFace(t *testing.T) {
	t.Parallel()
	d := paired(t)
	d.card.Sides[kanban.Jira].Issue.Title = strings.Repeat("é", 400)
	d.card.Sides[kanban.Jira].Issue.Parent = "OPS-0"
	d.card.Sides[kanban.GitHub].Issue.Assignees = []connectors.Person{{ID: "ben"}}
	d.edit(kanban.Jira, "ana", "", to(kanban.ChangeStatus, "2"))
	d.issue[kanban.Jira].Title, d.issue[kanban.Jira].Parent = d.card.Sides[kanban.Jira].Issue.Title, "OPS-0"
	d.poll(kanban.Jira)
	f := d.eng.Face(&d.card)
	if len([]rune(f.Title)) != titleRunes+1 || f.Group != "OPS-0" || f.Assignee != "Ben" || f.Column != "doing" || f.Priority != "medium" || len(f.Sides) != 2 {
		t.Errorf("%+v", f)
	}
	if len(f.Pending) != 1 || f.Pending[0].Side != "github" || f.Pending[0].To != "open, doing" || f.Pending[0].State != string(reconcile.Planned) {
		t.Errorf("pending %+v", f.Pending)
	}
	if f.Journey.Started == nil || !f.Journey.Started.Equal(monday.Add(20*time.Second)) {
		t.Errorf("journey %+v", f.Journey)
	}
}
