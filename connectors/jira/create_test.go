package jira

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

const aMark = "v1 m=6f0c2d1e src=gh/5166525651 mac=0123456789abcdef"

func draft() connectors.Draft {
	return connectors.Draft{Op: "op-1", Container: "OPS", Title: "Pay", Body: "One *line*\nand [~ana]\n\nA second part", Marker: aMark}
}

// meta sets a project up with the types Bug, Sub-task and Task, and these fields of them.
func (f *fake) meta(fields string) {
	f.on("GET issue/createmeta/OPS/issuetypes", jsonReply(`{"startAt":0,"maxResults":200,"total":3,"issueTypes":[
		{"id":"1","name":"Sub-task","subtask":true},{"id":"2","name":"Bug","subtask":false},{"id":"3","name":"Tâche","untranslatedName":"Task","subtask":false}]}`))
	for _, id := range []string{"1", "2", "3"} {
		f.on("GET issue/createmeta/OPS/issuetypes/"+id, jsonReply(`{"startAt":0,"maxResults":200,"total":1,"fields":[`+fields+`]}`))
	}
}

const plainFields = `{"fieldId":"summary","key":"summary","name":"Summary","required":true},{"fieldId":"project","name":"Project","required":true},
	{"fieldId":"issuetype","name":"Type","required":true},{"fieldId":"description","name":"Description","required":false},{"fieldId":"labels","name":"Labels"}`

// made lets the next create succeed; on Data Center by version 2.
func (f *fake) made(line string) {
	f.onAny("POST", line, reply{status: 201, body: `{"id":"10020","key":"OPS-20","self":"x"}`})
}

func TestCreateOnCloud(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.meta(plainFields)
	f.made("/rest/api/3/issue")
	d := draft()
	d.Labels = []string{"mirror"}
	got, err := f.client.Create(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	me := connectors.Person{ID: "me", Name: "Parley"}
	want := connectors.Issue{Ref: connectors.Ref{Tracker: "jira", ID: "10020", Key: "OPS-20", Container: "OPS"}, Kind: connectors.Jira,
		URL: f.url + "/browse/OPS-20", Title: "Pay", Type: "Tâche", Reporter: me, Creator: me, Own: true, Marker: aMark}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	type m = map[string]any
	words := func(s string) m { return m{"type": "text", "text": s} }
	body := m{
		"fields": m{"project": m{"key": "OPS"}, "issuetype": m{"id": "3"}, "summary": "Pay", "labels": []any{"mirror"}, "description": m{"type": "doc", "version": 1.0, "content": []any{
			m{"type": "paragraph", "content": []any{words("One *line*"), m{"type": "hardBreak"}, words("and [~ana]")}},
			m{"type": "paragraph", "content": []any{words("A second part")}},
		}}},
		"properties": []any{m{"key": "parley.link", "value": m{"mark": aMark}}},
	}
	if diff := cmp.Diff(body, f.lastBody()); diff != "" {
		t.Error(diff)
	}
	f.clear()
	if _, err := f.client.Create(t.Context(), d); err != nil || len(f.lines()) != 1 {
		t.Errorf("a second create asked %v, %v", f.lines(), err)
	}
}

func TestCreateOnDataCenter(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("GET serverInfo", jsonReply(`{"version":"10.3.24","deploymentType":"Server"}`))
	f.on("GET myself", jsonReply(`{"key":"JIRAUSER1","name":"parley","displayName":"Parley"}`))
	f.on("GET issue/createmeta/OPS/issuetypes", jsonReply(`{"total":1,"isLast":true,"values":[{"id":"2","name":"Bug"}]}`))
	f.on("GET issue/createmeta/OPS/issuetypes/2", jsonReply(`{"total":9,"isLast":false,"values":[{"fieldId":"description","name":"D"}]}`),
		jsonReply(`{"total":9,"isLast":true,"values":[{"fieldId":"reporter","name":"Reporter","required":true}]}`))
	f.made("/rest/api/2/issue")
	if _, err := f.client.Create(t.Context(), draft()); err != nil {
		t.Fatal(err)
	}
	fields := f.lastBody()["fields"].(map[string]any)
	if diff := cmp.Diff(map[string]any{"name": "parley"}, fields["reporter"]); diff != "" {
		t.Error(diff)
	}
	if got, want := fields["description"], "One \\*line\\*\nand \\[\\~ana\\]\n\nA second part"; got != want {
		t.Errorf("description %q, want %q", got, want)
	}
}

func TestCreateChoosesTheType(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"": "3", "Bug": "2", "bug": "2", "Task": "3", "tâche": "3", "Sub-task": "1", "Epic": ""} {
		f := newFake(t)
		f.meta(plainFields)
		f.made("/rest/api/3/issue")
		d := draft()
		d.Type = name
		_, err := f.client.Create(t.Context(), d)
		if want == "" {
			if kind, e := kindAndHint(t, err); kind != connectors.Invalid || e.Field != "issuetype" || !strings.Contains(e.Hint, "Bug") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || f.lastBody()["fields"].(map[string]any)["issuetype"].(map[string]any)["id"] != want {
			t.Errorf("%s: sent %s, %v", name, f.last().body, err)
		}
	}
	for name, tc := range map[string]struct {
		types string
		want  string
	}{
		"no Task": {`{"id":"1","name":"Task","subtask":true},{"id":"5","name":"Story"},{"id":"6","name":"Bug"}`, "5"},
		"none":    {``, ""},
		"subs":    {`{"id":"1","name":"Sub-task","subtask":true}`, ""},
	} {
		f := newFake(t)
		f.meta(plainFields)
		f.on("GET issue/createmeta/OPS/issuetypes/5", jsonReply(`{"total":0,"fields":[]}`))
		f.on("GET issue/createmeta/OPS/issuetypes", jsonReply(`{"total":9,"issueTypes":[`+tc.types+`]}`), jsonReply(`{"total":9,"issueTypes":[]}`))
		f.made("/rest/api/3/issue")
		_, err := f.client.Create(t.Context(), draft())
		if kind, _ := kindAndHint(t, err); tc.want == "" && kind != connectors.Invalid || tc.want != "" && kind != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCreateNamesTheFieldsThatNobodyGave(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fields string
		want   string // the field complained about first, "" for none
	}{
		"two":                {`,{"fieldId":"customfield_2","name":"Team","required":true},{"fieldId":"customfield_1","name":"Cause","required":true}`, "customfield_1"},
		"with a default":     {`,{"fieldId":"customfield_1","name":"Cause","required":true,"hasDefaultValue":true}`, ""},
		"reporter":           {`,{"fieldId":"reporter","name":"Reporter","required":true}`, ""},
		"known by the key":   {`,{"key":"customfield_1","name":"Cause","required":true}`, "customfield_1"},
		"labels not given":   {`,{"fieldId":"labels","name":"Labels","required":true}`, "labels"},
		"description, given": {`,{"fieldId":"description","name":"Description","required":true}`, ""},
	} {
		f := newFake(t)
		f.meta(plainFields + tc.fields)
		f.made("/rest/api/3/issue")
		_, err := f.client.Create(t.Context(), draft())
		kind, e := kindAndHint(t, err)
		if tc.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if kind != connectors.Invalid || e.Field != tc.want || e.Hint == "" || name == "two" && !strings.Contains(e.Message, "Cause (customfield_1), Team (customfield_2)") {
			t.Errorf("%s: %v", name, err)
		}
		if f.count("POST issue") != 0 || strings.HasPrefix(f.last().line, "POST") {
			t.Errorf("%s: sent all the same", name)
		}
	}
}

func TestWhatTheScreenLacksIsLeftOut(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.meta(`{"fieldId":"summary","name":"Summary","required":true}`)
	f.made("/rest/api/3/issue")
	d := draft()
	d.Labels = []string{"x"}
	if _, err := f.client.Create(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if fields := f.lastBody()["fields"].(map[string]any); fields["description"] != nil || fields["labels"] != nil || f.lastBody()["properties"] == nil {
		t.Errorf("sent %s", f.last().body)
	}
}

func TestCreateWithoutAWholeAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		re   reply
		want connectors.ErrorKind
	}{
		"cut":            {reply{cut: true}, connectors.Unknown},
		"empty":          {reply{status: 201}, connectors.Unknown},
		"half":           {reply{status: 201, body: `{"id":"10020",`}, connectors.Unknown},
		"no issue":       {reply{status: 201, body: `{}`}, connectors.Unknown},
		"no key":         {reply{status: 201, body: `{"id":"10020","key":"../x"}`}, connectors.Unknown},
		"a page":         {reply{header: map[string]string{"Content-Type": "text/html"}, body: "<html>"}, connectors.Unknown},
		"no creation":    {reply{status: 200, body: `{"id":"10020","key":"OPS-20"}`}, connectors.Unknown},
		"bad gateway":    {reply{status: 502}, connectors.Unknown},
		"unavailable":    {reply{status: 503, header: map[string]string{"Retry-After": "5"}}, connectors.Unknown},
		"timeout":        {reply{status: 408}, connectors.Unknown},
		"too many":       {reply{status: 429, header: map[string]string{"Retry-After": "5"}}, connectors.RateLimit},
		"refused":        {reply{status: 400, body: `{"errorMessages":[],"errors":{"summary":"no"}}`}, connectors.Invalid},
		"not allowed":    {reply{status: 403, body: `{"errorMessages":["no"],"errors":{}}`}, connectors.Forbidden},
		"redirected":     {reply{status: 302, header: map[string]string{"Location": "https://sso.example/"}}, connectors.Malformed},
		"another's edit": {reply{status: 409, body: `{"errorMessages":["no"]}`}, connectors.Conflict},
	} {
		f := newFake(t)
		f.meta(plainFields)
		f.onAny("POST", "/rest/api/3/issue", tc.re)
		_, err := f.client.Create(t.Context(), draft())
		if kind, _ := kindAndHint(t, err); kind != tc.want {
			t.Errorf("%s: %v, want kind %s", name, err, tc.want)
		}
	}
}

// What is read before the create has changed nothing.
func TestAReadBeforeTheCreateThatFailsIsNoDoubt(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.meta(plainFields)
	f.on("GET issue/createmeta/OPS/issuetypes/3", reply{cut: true})
	_, err := f.client.Create(t.Context(), draft())
	if kind, _ := kindAndHint(t, err); kind != connectors.Transient {
		t.Error(err)
	}
}

func TestARefusalForgetsTheScreen(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.meta(plainFields)
	f.onAny("POST", "/rest/api/3/issue", reply{status: 400, body: `{"errors":{"x":"is required"}}`})
	for range 2 {
		_, _ = f.client.Create(t.Context(), draft())
	}
	f.made("/rest/api/3/issue")
	for range 3 {
		if _, err := f.client.Create(t.Context(), draft()); err != nil {
			t.Fatal(err)
		}
	}
	f.pass(formFor + time.Second)
	_, _ = f.client.Create(t.Context(), draft())
	if n := f.count("GET issue/createmeta/OPS/issuetypes"); n != 4 {
		t.Errorf("the types were read %d times, want twice for refusals, once for three creates and once after a while", n)
	}
}

func TestCreateRefusesADraftWithoutWhatItNeeds(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for name, change := range map[string]func(*connectors.Draft){
		"no mark":    func(d *connectors.Draft) { d.Marker = "" },
		"two lines":  func(d *connectors.Draft) { d.Marker = "v1\nm=1" },
		"no title":   func(d *connectors.Draft) { d.Title = "\t" },
		"no project": func(d *connectors.Draft) { d.Container = "OPS/../x" },
		"bad label":  func(d *connectors.Draft) { d.Labels = []string{"a b"} },
	} {
		d := draft()
		change(&d)
		_, err := f.client.Create(t.Context(), d)
		if kind, _ := kindAndHint(t, err); kind != connectors.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.lines()) != 0 {
		t.Errorf("sent %v", f.lines())
	}
}
