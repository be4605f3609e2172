package view_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/challenge"
	"parley/sync/engine"
	"parley/sync/mirror"
	"parley/sync/reconcile"
	"parley/sync/remark"
	"parley/sync/store"
	"parley/sync/view"
)

// planted is a word that stands in one field of one card, and the facets that allow to
// read it: all of them.
type planted struct {
	word   string
	card   kanban.CardID
	facets []view.Facet
}

// vault is a Source in which every field that holds anything of a tracker holds a word
// of its own.
type vault struct {
	view.Source
	faces     []store.Face
	cards     map[kanban.CardID]engine.Card
	keys      map[string]kanban.CardID
	conflicts []reconcile.Conflict
	activity  []engine.Activity
	ops       []reconcile.Op
	sagas     []mirror.Saga
	remarks   []remark.Remark
	rows      map[string]store.IssueRow // by issue id
	questions map[kanban.CardID][]challenge.Question
	words     []planted
}

func (v *vault) Seq(context.Context) (int64, error)                 { return int64(len(v.faces)), nil }
func (v *vault) Gone(context.Context, int64) ([]store.Alias, error) { return nil, nil }
func (v *vault) Faces(_ context.Context, q store.FaceQuery) ([]store.Face, error) {
	return paged(slices.DeleteFunc(slices.Clone(v.faces), func(f store.Face) bool {
		return f.Seq <= q.SinceSeq || q.IDs != nil && !slices.Contains(q.IDs, f.Card.ID)
	}), q), nil
}
func (v *vault) Resolve(_ context.Context, text string) (kanban.CardID, error) {
	if id, ok := v.keys[text]; ok {
		return id, nil
	}
	return "", store.ErrUnknown
}
func (v *vault) Card(_ context.Context, id kanban.CardID) (engine.Card, error) {
	return v.cards[id], nil
}
func (v *vault) Cards(context.Context, []kanban.CardID) (map[kanban.CardID]engine.Card, error) {
	return v.cards, nil
}
func (v *vault) Conflicts(_ context.Context, q store.ConflictQuery) ([]reconcile.Conflict, error) {
	return slices.DeleteFunc(slices.Clone(v.conflicts), func(c reconcile.Conflict) bool {
		return q.Card != "" && c.Card != q.Card || q.States != nil && !slices.Contains(q.States, c.State)
	}), nil
}
func (v *vault) Activity(_ context.Context, q store.ActivityQuery) ([]engine.Activity, error) {
	return slices.DeleteFunc(slices.Clone(v.activity), func(a engine.Activity) bool { return q.Card != "" && a.Card != q.Card }), nil
}
func (v *vault) Sources(context.Context) ([]store.SourceState, error)  { return nil, nil }
func (v *vault) Setting(context.Context, string) (string, bool, error) { return "", false, nil }
func (v *vault) OpenOps(context.Context) ([]reconcile.Op, error)       { return v.ops, nil }
func (v *vault) OpenRemarks(context.Context) ([]remark.Remark, error)  { return v.remarks, nil }
func (v *vault) QuestionsOf(_ context.Context, id kanban.CardID) ([]challenge.Question, error) {
	return v.questions[id], nil
}
func (v *vault) Creating(context.Context) ([]mirror.Saga, error) { return v.sagas, nil }
func (v *vault) Index(_ context.Context, _ string, ids []string) (map[string]store.IssueRow, error) {
	return map[string]store.IssueRow{ids[0]: v.rows[ids[0]]}, nil
}

// plant gives a word that only those may read who are granted all of facets.
func (v *vault) plant(id kanban.CardID, name string, facets ...view.Facet) string {
	w := fmt.Sprintf("zq%s%dqz", strings.ReplaceAll(name, " ", ""), len(v.words))
	v.words = append(v.words, planted{w, id, facets})
	return w
}

// put adds a card with both sides, of a unit, of which everything can be read from a word.
func (v *vault) put(n int, unit kanban.UnitKey, restricted bool) {
	jira, hub := fmt.Sprint(100+n), fmt.Sprint(200+n)
	id := kanban.NewCardID("jira", jira)
	w := func(name string, facets ...view.Facet) string { return v.plant(id, name, facets...) }
	jkey := w("jirakey", view.FacetJira) + "-1"
	gkey := "acme/" + w("githubkey", view.FacetGitHub) + "#1"
	v.keys[jkey], v.keys[gkey], v.keys[string(id)] = id, id, id
	title := w("title", view.FacetTitle)
	jlabel, glabel := w("jiralabel", view.FacetTitle, view.FacetJira), w("githublabel", view.FacetTitle, view.FacetGitHub, view.FacetDetail)
	who, asked := w("assignee", view.FacetPeople), w("requester", view.FacetRequester)
	jstatus, gstatus := w("jirastatus", view.FacetJira), w("githubstatus", view.FacetGitHub, view.FacetDetail)
	whole := []view.Facet{view.FacetTitle, view.FacetJira, view.FacetGitHub, view.FacetDetail, view.FacetPeople, view.FacetRequester, view.FacetReason}
	element := kanban.Element(kanban.FieldAssignees, w("element", view.FacetTitle, view.FacetPeople))
	face := kanban.Card{
		ID: id, Rev: 1, Title: title, Column: "doing", Unit: unit, Requester: asked, Assignee: who, Group: w("milestone", view.FacetTitle, view.FacetGitHub, view.FacetDetail), GroupSide: "github", Due: w("due", view.FacetTitle),
		Planned: true, Restricted: restricted, Turn: kanban.IT, Journey: kanban.Journey{Created: now.Add(-time.Hour), Entered: now.Add(-time.Hour)},
		Past:    kanban.Past{Steps: []kanban.Step{{Column: "doing", At: now}}, Blocks: []kanban.Hindrance{{From: now, Party: kanban.Third, Reason: w("past reason", view.FacetReason)}}},
		Blocked: &kanban.Block{Reason: w("reason", view.FacetReason), Party: kanban.Third, Since: now},
		Sides: []kanban.CardSide{
			{Side: "jira", Tracker: "jira", Key: jkey, URL: "https://" + w("jiraurl", view.FacetJira), Status: jstatus, Priority: w("jirapriority", view.FacetJira), Labels: []string{jlabel}, Error: w("jiraerror", view.FacetJira)},
			{Side: "github", Tracker: "github", Key: gkey, URL: "https://" + w("githuburl", view.FacetGitHub), Status: gstatus, Priority: w("githubpriority", view.FacetGitHub, view.FacetDetail), Labels: []string{glabel}, Error: w("githuberror", view.FacetGitHub, view.FacetDetail)},
		},
		Pending: []kanban.Pending{
			{Op: "1", Side: "github", Tracker: "github", Field: kanban.FieldStatus, To: w("pending", view.FacetGitHub, view.FacetDetail), Problem: w("pendingproblem", view.FacetGitHub, view.FacetDetail)},
			{Op: "2", Side: "jira", Tracker: "jira", Field: kanban.FieldTitle, To: w("pendingtitle", view.FacetJira, view.FacetTitle)},
			{Op: "3", Side: "jira", Tracker: "jira", Field: element, To: "present"},
		},
		Badges: []kanban.Badge{
			{Kind: kanban.BadgeDiffers, Side: "github", Field: kanban.FieldStatus, Text: w("badgegithub", view.FacetGitHub, view.FacetDetail)},
			{Kind: kanban.BadgeDiffers, Side: "jira", Field: kanban.FieldTitle, Text: w("badgetitle", view.FacetJira, view.FacetTitle)},
			{Kind: kanban.BadgeClash, Text: w("badgeclash", view.FacetJira, view.FacetGitHub, view.FacetDetail)},
		},
	}
	v.faces = append(v.faces, store.Face{Card: face, Seq: int64(len(v.faces) + 1)})
	op := func(id string, side kanban.Side, f kanban.Field, facets ...view.Facet) reconcile.Op {
		return reconcile.Op{
			ID: id, Card: face.ID, Field: f, Side: side, Tracker: side.String(), State: reconcile.Planned,
			From: kanban.Native(w("opfrom", facets...)), To: kanban.Native(w("opto", facets...)), Reason: w("opreason", whole...), Problem: w("opproblem", whole...),
		}
	}
	state := func(facets ...view.Facet) reconcile.State {
		native := func(f view.Facet, more ...view.Facet) kanban.Native {
			return kanban.Native(w("native", append(append([]view.Facet{f}, more...), facets...)...))
		}
		var s reconcile.State
		s.Version = 1
		s.Support = []reconcile.Edit{{Side: "github", Actor: w("actor", view.FacetPeople), Value: "doing"}}
		s.Sides[kanban.Jira] = reconcile.SideState{Known: true, Native: native(view.FacetJira), Refused: &reconcile.Refusal{Reason: w("refused", append(facets, view.FacetJira)...)}}
		s.Sides[kanban.GitHub] = reconcile.SideState{Known: true, Native: native(view.FacetGitHub, view.FacetDetail)}
		return s
	}
	c := engine.Card{
		ID: id, Rev: 1, Status: state(), Priority: state(), Pairing: &engine.Pairing{How: "hand", At: now},
		More: map[kanban.Field]reconcile.State{kanban.FieldTitle: state(view.FacetTitle), element: state(view.FacetTitle, view.FacetPeople)},
		Ops: []reconcile.Op{
			op("j", kanban.Jira, kanban.FieldStatus, view.FacetJira), op("g", kanban.GitHub, kanban.FieldStatus, view.FacetGitHub, view.FacetDetail),
			op("t", kanban.Jira, kanban.FieldTitle, view.FacetJira, view.FacetTitle), op("e", kanban.GitHub, element, view.FacetGitHub, view.FacetDetail, view.FacetTitle, view.FacetPeople),
		},
	}
	issue := func(kind connectors.Kind, id, key string) connectors.Issue {
		return connectors.Issue{Ref: connectors.Ref{Tracker: string(kind), ID: id, Key: key}, Kind: kind}
	}
	c.Sides[kanban.Jira], c.Sides[kanban.GitHub] = &engine.Side{Issue: issue(connectors.Jira, jira, jkey)}, &engine.Side{Issue: issue(connectors.GitHub, hub, gkey)}
	v.cards[id] = c
	for _, f := range []kanban.Field{kanban.FieldStatus, kanban.FieldTitle, element} {
		facets := []view.Facet{view.FacetGitHub, view.FacetDetail}
		if f != kanban.FieldStatus {
			facets = append(facets, view.FacetTitle)
		}
		if f == element {
			facets = append(facets, view.FacetPeople)
		}
		v.conflicts = append(v.conflicts, reconcile.Conflict{
			ID: fmt.Sprintf("0199-%d-%d", n, len(v.conflicts)), Card: id, Field: f, State: reconcile.ConflictAuto, Policy: reconcile.NewestWins, At: now,
			Winner: reconcile.Edit{Side: "board", Actor: w("winner", view.FacetPeople), Value: "doing"},
			Loser:  reconcile.Edit{Side: "github", Actor: w("loser", view.FacetPeople), Native: kanban.Native(w("lost", facets...)), Value: "doing"},
		})
	}
	for _, kind := range []string{engine.DidChange, engine.DidWrite, engine.DidProblem, engine.DidPair, engine.DidRefuse, engine.DidClash} {
		v.activity = append(v.activity,
			engine.Activity{Seq: int64(len(v.activity) + 1), At: now, Card: id, Kind: kind, Actor: w("did", view.FacetPeople), Side: "jira", Field: kanban.FieldTitle, Text: w("activity", whole...)},
			engine.Activity{Seq: int64(len(v.activity) + 2), At: now, Card: id, Kind: kind, Side: "github", Field: element, Text: w("activity", whole...)},
			engine.Activity{Seq: int64(len(v.activity) + 3), At: now, Card: id, Kind: kind, Side: "github", Text: w("activity", whole...)})
	}
	v.ops = append(v.ops, c.Ops...)
	v.rows[jira] = store.IssueRow{Card: id, Key: jkey}
	v.sagas = append(v.sagas, mirror.Saga{ID: jira, Source: "jira", SourceID: jira, Container: "acme/" + w("container", whole...), State: mirror.Held, Reason: w("createreason", whole...), Problem: w("createproblem", whole...)})
	said := func(name, tracker string) challenge.Word {
		return challenge.Word{Source: challenge.Source{Issue: connectors.Ref{Tracker: tracker}, Comment: "1"}, Text: w(name, view.FacetTitle, view.FacetJira), Name: w(name+"by", view.FacetTitle, view.FacetJira, view.FacetPeople), At: now}
	}
	v.questions[id] = []challenge.Question{{
		ID: "q" + jira, Card: id, Asked: said("question", "github"), Put: now, Answers: []challenge.Word{said("answer", "jira")},
		Problem: w("questionproblem", whole...), Kept: w("answerproblem", whole...),
	}}
	v.remarks = append(v.remarks, remark.Remark{
		Issue: connectors.Ref{Tracker: "jira", ID: jira, Key: jkey}, Body: w("comment", whole...), Reason: w("commentreason", whole...), Problem: w("commentproblem", whole...),
		Post: mirror.Saga{State: mirror.Held},
	})
}

// subset draws some facets.
func subset(t *rapid.T, name string) []view.Facet {
	return rapid.SliceOfDistinct(rapid.SampledFrom(view.Facets()), func(f view.Facet) view.Facet { return f }).Draw(t, name)
}

// everything is all that a viewer can be given, as bytes, by where it is from.
func everything(t *rapid.T, s *view.Sight, v *vault) map[string]string {
	ctx, out := context.Background(), map[string]string{}
	add := func(name string, x any, err error) {
		text, bad := json.Marshal(x)
		if bad != nil {
			t.Fatal(bad)
		}
		out[name] = string(text) + fmt.Sprint(err)
	}
	board, err := s.Board(ctx, view.Query{})
	add("board", board, err)
	cards, _, err := s.Cards(ctx, view.Query{})
	add("cards", cards, err)
	since, err := s.Since(ctx, 0)
	add("stream", since, err)
	plan, err := s.Plan(ctx)
	add("plan", plan, err)
	clashes, err := s.Conflicts(ctx, true)
	add("conflicts", clashes, err)
	lines, err := s.Activity(ctx, 0, 500)
	add("activity", lines, err)
	table, err := s.CardTable(ctx, view.Query{Earlier: true})
	add("card table", table, err)
	table, err = s.EventTable(ctx, view.Query{})
	add("event table", table, err)
	for _, l := range []kanban.Limit{{Scope: kanban.ScopeColumn, Key: "doing", Name: "In progress", WIP: 1}, {Scope: kanban.ScopeUnit, Key: "risk", Name: "Risk", WIP: 1}, {Scope: kanban.ScopePerson, Name: "whose", WIP: 1}} {
		full, err := s.Full(ctx, v.faces[0].Card.ID, l, 9)
		add("full "+l.ID(), []any{full, full.Reason}, err)
	}
	flow, err := s.FlowPicture(ctx, view.FlowQuery{})
	add("flow", flow, err)
	load, err := s.Workload(ctx, view.FlowQuery{})
	add("workload", load, err)
	list, err := s.FlowCards(ctx, view.FlowQuery{}, view.FlowList{List: view.ListOpen})
	add("cards of flow", list, err)
	for _, f := range v.faces {
		ex, err := s.Explain(ctx, string(f.Card.ID))
		add("explain "+string(f.Card.ID), ex, err)
	}
	return out
}

// A word that stands in a field reaches nobody who is not granted all that it is part
// of: whatever the policy, whoever looks, wherever it is asked for. Who is granted it all
// finds it on the board or in the card's own account.
func TestNoWordReachesWhoMayNotReadIt(t *testing.T) {
	t.Parallel()
	rules := newBench(t).eng
	rapid.Check(t, func(t *rapid.T) {
		v := &vault{cards: map[kanban.CardID]engine.Card{}, keys: map[string]kanban.CardID{}, rows: map[string]store.IssueRow{}, questions: map[kanban.CardID][]challenge.Question{}}
		units := rapid.SliceOfN(rapid.SampledFrom([]kanban.UnitKey{"risk", "trading", kanban.UnitUnassigned}), 1, 4).Draw(t, "units")
		few := map[kanban.CardID]bool{}
		for n, u := range units {
			restricted := rapid.IntRange(0, 3).Draw(t, "restricted") == 0
			v.put(n, u, restricted)
			few[v.faces[n].Card.ID] = restricted
		}
		policy := view.Policy{Own: subset(t, "own"), Other: subset(t, "other"), IT: subset(t, "it"), Ops: subset(t, "ops"), Wall: subset(t, "wall")}
		if rapid.Bool().Draw(t, "default") {
			policy = view.DefaultPolicy()
		}
		who := view.Viewer{Audience: rapid.SampledFrom([]view.Audience{"ops", "it", "wall", "unit:risk", "unit:unassigned", "unit:", "somebody", ""}).Draw(t, "audience"), Proved: rapid.Bool().Draw(t, "proved")}
		s := view.New(view.Options{Source: v, Engine: func() *engine.Engine { return rules }, Units: []view.Named{{Key: "risk", Name: "Risk"}}, Zone: time.UTC, Now: func() time.Time { return now }, Policy: policy}).As(who)
		said := everything(t, s, v)
		for _, p := range v.words {
			unit := v.faces[slices.IndexFunc(v.faces, func(f store.Face) bool { return f.Card.ID == p.card })].Card.Unit
			may := allowed(policy, who, unit, few[p.card], p.facets)
			for where, text := range said {
				if strings.Contains(text, p.word) && !may {
					t.Fatalf("%+v reads %s of a card of %s (restricted: %v) in %s", who, p.word, unit, few[p.card], where)
				}
			}
			if may && strings.Contains(p.word, "title") && !strings.Contains(p.word, "badge") && !strings.Contains(p.word, "pending") && !strings.Contains(said["board"], p.word) {
				t.Fatalf("%+v does not read %s on the board", who, p.word)
			}
		}
	})
}

// allowed says again, in the words of the specification, who may read what.
func allowed(p view.Policy, w view.Viewer, unit kanban.UnitKey, restricted bool, facets []view.Facet) bool {
	var granted []view.Facet
	switch w.Audience {
	case "ops":
		granted = p.Ops
	case "it":
		granted = p.IT
	case "wall":
		granted = p.Wall
	case "unit:risk":
		if granted = p.Other; unit == "risk" {
			granted = p.Own
		}
	case "unit:unassigned":
		granted = p.Other
	}
	if restricted && !(w.Proved && slices.Contains(granted, view.FacetRestricted)) {
		if w.Audience != "ops" && w.Audience != "it" {
			return false
		}
		granted = slices.DeleteFunc(slices.Clone(granted), func(f view.Facet) bool {
			return f != view.FacetJira && f != view.FacetGitHub && f != view.FacetDetail
		})
	}
	for _, f := range facets {
		if !slices.Contains(granted, f) {
			return false
		}
	}
	return true
}
