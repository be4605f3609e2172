package githubsim_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/connectors/sim/githubsim"
)

// list reads the body as a list.
func (r reply) list(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), v); err != nil {
		t.Fatalf("list: %v: %.300s", err, r.body)
	}
}

// projected is a world with a project of three issues.
func projected(t *testing.T, o githubsim.Options) *world {
	t.Helper()
	w := newWorld(t, o)
	w.must(w.hub.AddProject(githubsim.Project{Owner: "acme", Number: 12, Title: "Board", OnClose: "Done",
		Fields: []githubsim.ProjectField{{Name: "Status", Options: []string{"Todo", "Doing", "Done"}}, {Name: "Priority", Options: []string{"High", "Low"}}}}))
	for _, title := range []string{"A", "B", "C"} {
		is := w.issue(title)
		w.must(w.hub.SetProjectField("acme/12", pay, is.Number, "Status", "Todo"))
	}
	return w
}

// graph sends a document and gives the answer, which is 200 whatever is wrong.
func (w *world) graph(token, query string, vars map[string]any) (data map[string]any, errs string) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": vars})
	w.must(err)
	got := w.do("POST", "/graphql", token, string(body))
	if got.status != 200 {
		w.t.Fatalf("%d %s", got.status, got.body)
	}
	o := got.object(w.t)
	data, _ = o["data"].(map[string]any)
	if o["errors"] != nil {
		raw, err := json.Marshal(o["errors"])
		w.must(err)
		errs = string(raw)
	}
	return data, errs
}

// dig follows keys and indexes into an answer.
func dig(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

const itemsQuery = `query($n:Int!,$after:String){organization(login:"acme"){projectV2(number:$n){id updatedAt
  field(name:"status"){... on ProjectV2SingleSelectField{id options{id name}}}
  items(first:2,after:$after){pageInfo{hasNextPage endCursor} nodes{id updatedAt content{__typename ... on Issue{number id}} fieldValueByName(name:"Status"){... on ProjectV2ItemFieldSingleSelectValue{name optionId updatedAt}}}}}}}`

func TestProjectItemsByCursor(t *testing.T) {
	t.Parallel()
	w := projected(t, githubsim.Options{})
	var numbers []any
	after, pages := any(nil), 0
	for range 4 {
		pages++
		data, errs := w.graph("t-ana", itemsQuery, map[string]any{"n": 12, "after": after})
		if errs != "" {
			t.Fatal(errs)
		}
		items := dig(data, "organization", "projectV2", "items")
		for i := range 2 {
			if n := dig(items, "nodes", i, "content", "number"); n != nil {
				numbers = append(numbers, n)
			}
		}
		after = dig(items, "pageInfo", "endCursor")
		if dig(items, "pageInfo", "hasNextPage") != true {
			break
		}
	}
	if got := fmt.Sprint(numbers); got != "[1 2 3]" || pages != 2 {
		t.Errorf("items %s in %d pages", got, pages)
	}
}

// TestProjectFieldMovesItsItemOnly: a drag shows nowhere but on the item.
func TestProjectFieldMovesItsItemOnly(t *testing.T) {
	t.Parallel()
	w := projected(t, githubsim.Options{})
	data, _ := w.graph("t-ana", itemsQuery, map[string]any{"n": 12})
	project, node := dig(data, "organization", "projectV2"), dig(data, "organization", "projectV2", "items", "nodes", 0)
	field, doing := dig(project, "field", "id"), dig(project, "field", "options", 1, "id")
	before, tag := w.state(1), w.get(issuesPath+"?state=all").header.Get("ETag")
	w.clock.Advance(time.Minute)
	const set = `mutation($p:ID!,$i:ID!,$f:ID!,$o:String!){updateProjectV2ItemFieldValue(input:{projectId:$p,itemId:$i,fieldId:$f,value:{singleSelectOptionId:$o}}){projectV2Item{updatedAt fieldValueByName(name:"Status"){... on ProjectV2ItemFieldSingleSelectValue{name updatedAt}}}}}`
	vars := map[string]any{"p": dig(project, "id"), "i": dig(node, "id"), "f": field, "o": doing}
	data, errs := w.graph("t-ana", set, vars)
	item := dig(data, "updateProjectV2ItemFieldValue", "projectV2Item")
	moved := start.Add(time.Minute).Format("2006-01-02T15:04:05Z")
	if errs != "" || dig(item, "updatedAt") != moved || dig(item, "fieldValueByName", "name") != "Doing" || dig(item, "fieldValueByName", "updatedAt") != moved {
		t.Errorf("%v %s", data, errs)
	}
	if after := w.state(1); !after.Updated.Equal(before.Updated) || len(w.kinds(1)) != 0 {
		t.Errorf("the issue moved to %v, %v", after.Updated, w.kinds(1))
	}
	if got := w.get(issuesPath+"?state=all", "If-None-Match: "+tag); got.status != 304 {
		t.Errorf("the list of issues changed: %d", got.status)
	}
	if n := len(w.hub.Log().Mutations()); n != 1 {
		t.Errorf("%d mutations: a query is none", n)
	}
	const take = `mutation($p:ID!,$i:ID!,$f:ID!){clearProjectV2ItemFieldValue(input:{projectId:$p,itemId:$i,fieldId:$f}){projectV2Item{id}}}`
	delete(vars, "o")
	if _, errs := w.graph("t-ana", take, vars); errs != "" {
		t.Error(errs)
	}
	if option, in := w.hub.ProjectField("acme/12", pay, 1, "Status"); option != "" || !in {
		t.Errorf("cleared: %q, %v", option, in)
	}
}

func TestProjectTakesAnIssueOnce(t *testing.T) {
	t.Parallel()
	w := projected(t, githubsim.Options{})
	is := w.issue("D")
	data, _ := w.graph("t-ana", itemsQuery, map[string]any{"n": 12})
	add := `mutation($p:ID!,$c:ID!){addProjectV2ItemById(input:{projectId:$p,contentId:$c}){item{id}}}`
	vars := map[string]any{"p": dig(data, "organization", "projectV2", "id"), "c": is.NodeID}
	first, _ := w.graph("t-ana", add, vars)
	second, _ := w.graph("t-ana", add, vars)
	if id := dig(first, "addProjectV2ItemById", "item", "id"); id == nil || id != dig(second, "addProjectV2ItemById", "item", "id") {
		t.Errorf("%v, then %v", first, second)
	}
	w.must(w.hub.SetState("ana", pay, is.Number, "closed", ""))
	if option, _ := w.hub.ProjectField("acme/12", pay, is.Number, "Status"); option != "Done" {
		t.Errorf("closed, the project says %q", option)
	}
}

func TestGraphQLSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := projected(t, githubsim.Options{})
	w.must(w.hub.AddToken("ana", "t-narrow"))
	w.must(w.hub.DenyProjects("t-narrow"))
	is := w.state(1)
	for _, tc := range []struct{ name, token, query, want string }{
		{"no such field", "t-ana", `{viewer{name2}}`, `Cannot query field \"name2\" on type \"User\"`},
		{"no document", "t-ana", `{viewer{`, `Expected Name`},
		{"no such organisation", "t-ana", `{organization(login:"nobody"){login}}`, `"type":"NOT_FOUND"`},
		{"no such project", "t-ana", `{organization(login:"acme"){projectV2(number:1){id}}}`, `"path":["organization","projectV2"],"type":"NOT_FOUND"`},
		{"hidden project", "t-bo", `{organization(login:"acme"){projectV2(number:12){id}}}`, `"type":"NOT_FOUND"`},
		{"no scope", "t-narrow", `{organization(login:"acme"){projectV2(number:12){id}}}`, `"type":"INSUFFICIENT_SCOPES"`},
		{"no scope for items", "t-narrow", `{node(id:"` + is.NodeID + `"){... on Issue{projectItems(first:1){totalCount}}}}`, `"type":"INSUFFICIENT_SCOPES"`},
		{"no page size", "t-ana", `{organization(login:"acme"){projectV2(number:12){items{totalCount}}}}`, `MISSING_PAGINATION_BOUNDARIES`},
		{"too large a page", "t-ana", `{organization(login:"acme"){projectV2(number:12){items(first:101){totalCount}}}}`, `EXCESSIVE_PAGINATION`},
		{"a bad cursor", "t-ana", `{organization(login:"acme"){projectV2(number:12){items(first:1,after:"x"){totalCount}}}}`, `INVALID_CURSOR_ARGUMENTS`},
		{"no such node", "t-ana", `{nodes(ids:["I_x","` + is.NodeID + `"]){id}}`, `Could not resolve to a node with the global id of 'I_x'`},
	} {
		if _, errs := w.graph(tc.token, tc.query, nil); !strings.Contains(errs, tc.want) {
			t.Errorf("%s: %s", tc.name, errs)
		}
	}
	w.must(w.hub.SetProjectAccess("acme/12", "Bo", githubsim.Read))
	data, _ := w.graph("t-bo", itemsQuery, map[string]any{"n": 12})
	p, i, f := dig(data, "organization", "projectV2", "id"), dig(data, "organization", "projectV2", "items", "nodes", 0, "id"), dig(data, "organization", "projectV2", "field", "id")
	take := `mutation($p:ID!,$i:ID!,$f:ID!){clearProjectV2ItemFieldValue(input:{projectId:$p,itemId:$i,fieldId:$f}){projectV2Item{id}}}`
	if _, errs := w.graph("t-bo", take, map[string]any{"p": p, "i": i, "f": f}); !strings.Contains(errs, `"type":"FORBIDDEN"`) {
		t.Errorf("may only read: %s", errs)
	}
	if got := w.do("POST", "/graphql", "", `{"query":"{viewer{login}}"}`); got.status != 401 {
		t.Errorf("a stranger: %d", got.status)
	}
}

// TestGraphQLPoints: a document costs a point for each hundred connections it asks for,
// and being out of them is told in a 200.
func TestGraphQLPoints(t *testing.T) {
	t.Parallel()
	w := projected(t, githubsim.Options{Limits: githubsim.Limits{Graph: 5}})
	const wide = `{rateLimit{cost remaining} organization(login:"acme"){projectV2(number:12){items(first:100){nodes{one:fieldValues(first:2){totalCount} two:fieldValues(first:2){totalCount}}}}}}`
	data, errs := w.graph("t-ana", wide, nil)
	if cost := dig(data, "rateLimit", "cost"); cost != 2.0 || errs != "" {
		t.Errorf("201 connections cost %v: %s", cost, errs)
	}
	w.graph("t-ana", wide, nil)
	w.graph("t-ana", `{viewer{login}}`, nil)
	if _, errs := w.graph("t-ana", wide, nil); !strings.Contains(errs, "RATE_LIMITED") {
		t.Errorf("seven points of five: %s", errs)
	}
	if got := w.get("/rate_limit"); !strings.Contains(got.body, `"graphql":{"limit":5,"used":5,"remaining":0`) || got.header.Get("X-RateLimit-Resource") != "core" {
		t.Errorf("%s", got.body)
	}
	w.clock.Advance(time.Hour)
	if _, errs := w.graph("t-ana", wide, nil); errs != "" {
		t.Errorf("an hour later: %s", errs)
	}
}

func TestEnterpriseServesGraphQLBesideREST(t *testing.T) {
	t.Parallel()
	w := projected(t, githubsim.Options{Enterprise: &githubsim.Enterprise{}})
	if got := w.do("POST", "/api/graphql", "t-ana", `{"query":"{viewer{login}}"}`); got.status != 200 || !strings.Contains(got.body, `"ana"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}
