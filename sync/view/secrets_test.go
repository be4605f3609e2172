package view_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/connectors"
	"parley/kanban"
	"parley/sync/engine"
	"parley/sync/store"
	"parley/sync/view"
)

// secret is a word that stands in one place of a tracker.
func secret(place string) string { return "zq" + place + "qz" }

// secretive is a card in whose every text a secret stands, each with the facets that are
// needed to read it.
func secretive(b *bench, restricted bool) map[string][]view.Facet {
	labels := []string{"bu-risk", secret("jiralabel")}
	if restricted {
		labels = append(labels, "confidential")
	}
	card := b.couple(func(j, g *connectors.Issue) {
		j.Title, j.Labels, j.Parent = secret("title"), labels, secret("epic")
		j.Status = connectors.Option{ID: secret("jirastatus"), Name: secret("jirastatus")}
		j.Reporter, j.Creator = connectors.Person{ID: "r1", Name: secret("reporter")}, connectors.Person{ID: "r1", Name: secret("reporter")}
		j.Assignees = []connectors.Person{{ID: "x1", Name: secret("jiraassignee")}}
		g.Title, g.Labels = secret("githubtitle"), []string{"wip", "asked", secret("githublabel")}
		g.Creator, g.Assignees = connectors.Person{ID: secret("githubcreator")}, []connectors.Person{{ID: secret("githubassignee")}}
	},
		[]connectors.Entry{
			entry(1, hour(1), secret("jiraactor"), status("Open", secret("jirastatus"))),
			entry(2, hour(2), "x1", connectors.Change{Field: secret("customfield"), FromName: secret("customfrom"), ToName: secret("customto")}),
			entry(3, hour(3), "x1", connectors.Change{Field: "label", To: secret("jirahistorylabel")}, connectors.Change{Field: "assignee", From: "x1", ToName: secret("jirahistoryassignee")}),
		},
		[]connectors.Entry{
			entry(4, hour(4), secret("githubactor"), added(secret("githubhistorylabel"))),
			entry(5, hour(5), "x2", connectors.Change{Field: "assignee", To: secret("githubhistoryassignee")}, connectors.Change{Field: secret("githubevent")}),
			entry(6, hour(6), "x2", connectors.Change{Field: "state", From: "open", To: "closed:" + secret("githubreason")}, connectors.Change{Field: "state", From: "closed", To: "open"}),
		})
	card.Sides[kanban.GitHub].Problem = &engine.Problem{Kind: "invalid", Text: secret("githubproblem"), At: now}
	b.rewrite(card)
	rec := engine.Record{Activity: []engine.Activity{
		{At: hour(7), Card: card.ID, Kind: engine.DidRefuse, Side: "github", Field: kanban.FieldStatus, Text: secret("githubrefusal")},
		{At: hour(8), Card: card.ID, Kind: engine.DidWrite, Side: "github", Field: kanban.Element(kanban.FieldLabels, secret("elementlabel")), Text: secret("writtenlabel")},
		{At: hour(9), Card: card.ID, Kind: engine.DidIntend, Actor: secret("boardactor"), Side: "board", Field: kanban.FieldPriority, Text: "priority: High → Low"},
	}}
	if _, err := b.store.Commit(context.Background(), store.Commit{Now: now, Record: rec}); err != nil {
		b.t.Fatal(err)
	}
	t, j, g, d, p, r := view.FacetTitle, view.FacetJira, view.FacetGitHub, view.FacetDetail, view.FacetPeople, view.FacetRequester
	return map[string][]view.Facet{
		"title": {t}, "epic": {t}, "jiralabel": {t, j}, "jirastatus": {j}, "jiraassignee": {p}, "jirahistorylabel": {t, j, g, d}, "jirahistoryassignee": {t, j, p},
		"githubtitle": {t, g, d}, "githublabel": {t, g, d}, "githubcreator": {g, p}, "githubassignee": {p}, "githubactor": {g, p}, "githubhistorylabel": {t, g, d},
		"githubhistoryassignee": {t, g, d, p}, "githubevent": {t, j, g, d, p, r}, "githubreason": {g, d}, "githubproblem": {g, d}, "githubrefusal": {t, j, g, d, p, r},
		"elementlabel": {t, g, d}, "writtenlabel": {t, j, g, d, p, r}, "jiraactor": {j, p}, "boardactor": {p}, "customfield": {t, j, g, d, p, r}, "customfrom": {t, j, g, d, p, r}, "customto": {t, j, g, d, p, r},
	}
}

// everything is each of the models that pages are made of, as text.
func (b *bench) everything(w view.Viewer) string {
	b.t.Helper()
	ctx, s := context.Background(), b.views.As(w)
	cards, _, err := s.Cards(ctx, view.Query{})
	if err != nil || len(cards) != 1 {
		b.t.Fatalf("%d cards, %v", len(cards), err)
	}
	var out strings.Builder
	add := func(v any, err error) {
		if err != nil {
			b.t.Fatal(err)
		}
		text, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s %+v\n", text, v)
	}
	ref := string(cards[0].ID)
	timeline, err := s.Timeline(ctx, ref, "", 200)
	add(timeline, err)
	courts, err := s.Courts(ctx, ref)
	add(courts, err)
	explained, err := s.Explain(ctx, ref)
	add(explained, err)
	sync, err := s.Sync(ctx)
	add(sync, err)
	lines, err := s.Activity(ctx, 0, 100)
	add(lines, err)
	plan, err := s.Plan(ctx)
	add(plan.Writes, err)
	for _, f := range explained.Fields {
		add(f.Verdict(), nil)
	}
	return strings.ToLower(out.String()) // sentences begin with capitals
}

// TestSecretsStayWithThoseWhoMayKnowThem lets every audience with every policy read all
// there is to read of a card.
func TestSecretsStayWithThoseWhoMayKnowThem(t *testing.T) {
	t.Parallel()
	for _, restricted := range []bool{false, true} {
		b := pairBench(t)
		places := secretive(b, restricted)
		whole := b.everything(view.Viewer{Audience: view.AudienceOps, Proved: true})
		for place := range places {
			if place != "githubtitle" && place != "githubassignee" && place != "jiraassignee" && place != "reporter" && !restricted && !strings.Contains(whole, secret(place)) {
				t.Errorf("%s stands nowhere: the test proves nothing of it", place)
			}
		}
		rapid.Check(t, func(t *rapid.T) {
			facets := rapid.SliceOfDistinct(rapid.SampledFrom(view.Facets()), rapid.ID[view.Facet]).Draw(t, "facets")
			w := view.Viewer{Audience: rapid.SampledFrom([]view.Audience{"ops", "it", "wall", "unit:risk", "unit:sales", "unit:", ""}).Draw(t, "audience"), Proved: rapid.Bool().Draw(t, "proved")}
			b.views.Policy = view.Policy{Own: facets, Other: facets, IT: facets, Ops: facets, Wall: facets}
			if w.Audience == "" || w.Audience == "unit:" {
				facets = nil
			}
			text := b.everything(w)
			for place, need := range places {
				allowed := !slices.ContainsFunc(need, func(f view.Facet) bool { return !slices.Contains(facets, f) })
				if restricted && (!w.Proved || !slices.Contains(facets, view.FacetRestricted)) {
					inside := w.Audience == "ops" || w.Audience == "it"
					allowed = allowed && inside && !slices.Contains(need, view.FacetTitle) && !slices.Contains(need, view.FacetPeople)
				}
				if at := strings.Index(text, secret(place)); at >= 0 && !allowed {
					t.Fatalf("%+v with %v is told %s: …%s…", w, facets, place, text[max(at-200, 0):min(at+60, len(text))])
				}
			}
		})
	}
}
