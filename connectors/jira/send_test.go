package jira

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors"
)

const transitionsJSON = `{"transitions":[
	{"id":"31","name":"Done","to":{"id":"10001","name":"Done","statusCategory":{"key":"done"}},"hasScreen":true,"isGlobal":true,"isAvailable":true,"fields":{
		"resolution":{"required":true,"hasDefaultValue":false,"schema":{"type":"resolution"},"allowedValues":[{"id":"10000","name":"Done"},{"id":"10002","name":"Won't Fix"}]},
		"assignee":{"required":false,"schema":{"type":"user"}},
		"customfield_7":{"required":true,"hasDefaultValue":true,"schema":{"type":"string"}}}},
	{"id":"21","name":"Start","to":{"id":"3","name":"In Progress","statusCategory":{"key":"indeterminate"}}},
	{"id":"41","name":"Review","isAvailable":false,"to":{"id":"4"}},
	{"id":"51","name":"Bill","to":{"id":"5"},"fields":{
		"customfield_9":{"required":true,"schema":{"type":"number"}},
		"customfield_8":{"required":true,"schema":{"type":"array","items":"option"},"allowedValues":[{"id":"77","value":"Red"}]}}}]}`

func TestTransitions(t *testing.T) {
	t.Parallel()
	done := connectors.Transition{ID: "31", Name: "Done", To: connectors.Option{ID: "10001", Name: "Done", Category: "done"}, Global: true, Screen: true}
	start := connectors.Transition{ID: "21", Name: "Start", To: connectors.Option{ID: "3", Name: "In Progress", Category: "indeterminate"}}
	bill := connectors.Transition{ID: "51", Name: "Bill", To: connectors.Option{ID: "5"}, Screen: true, Required: []string{"customfield_8", "customfield_9"}}
	asking := done
	asking.Required = []string{"resolution"}
	for name, tc := range map[string]struct {
		defaults map[string]string
		want     []connectors.Transition
	}{
		"no defaults":           {nil, []connectors.Transition{asking, start, bill}},
		"a default":             {map[string]string{"resolution": "done"}, []connectors.Transition{done, start, bill}},
		"a default not allowed": {map[string]string{"resolution": "Fixed"}, []connectors.Transition{asking, start, bill}},
	} {
		f := newFake(t, func(c *Config) { c.TransitionDefaults = tc.defaults })
		f.on("GET issue/10012/transitions", jsonReply(transitionsJSON))
		got, err := f.client.Transitions(t.Context(), ops12)
		if diff := cmp.Diff(tc.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestSendTransition(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	meta := m{"type": "parley:sync", "description": "Parley", "generator": m{"id": "parley", "type": "application"}, "extraData": m{"op": "op-1"}}
	get, post := "GET issue/10012/transitions", "POST issue/10012/transitions"
	for name, tc := range map[string]struct {
		defaults map[string]string
		seen     bool
		write    connectors.Write
		fields   any
		requests []string
	}{
		"plain":         {nil, false, connectors.Write{Transition: "21"}, nil, []string{post}},
		"its own field": {nil, false, connectors.Write{Transition: "31", Fields: map[string]string{"resolution": "Done"}}, m{"resolution": m{"name": "Done"}}, []string{post}},
		"field on a screen": {nil, true, connectors.Write{Transition: "31", Fields: map[string]string{"resolution": "won't fix"}},
			m{"resolution": m{"id": "10002"}}, []string{get, post}},
		"default":           {map[string]string{"resolution": "Done"}, true, connectors.Write{Transition: "31"}, m{"resolution": m{"id": "10000"}}, []string{get, post}},
		"default, unseen":   {map[string]string{"resolution": "Done"}, false, connectors.Write{Transition: "31"}, m{"resolution": m{"id": "10000"}}, []string{get, post}},
		"default, no place": {map[string]string{"resolution": "Done"}, true, connectors.Write{Transition: "21"}, nil, []string{get, post}},
		"field over default": {map[string]string{"resolution": "Done"}, false, connectors.Write{Transition: "31", Fields: map[string]string{"resolution": "Won't Fix"}},
			m{"resolution": m{"name": "Won't Fix"}}, []string{post}},
		"types": {map[string]string{"customfield_9": "12.5"}, true, connectors.Write{Transition: "51", Fields: map[string]string{"customfield_8": "red"}},
			m{"customfield_9": 12.5, "customfield_8": []any{m{"id": "77"}}}, []string{get, post}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t, func(c *Config) { c.TransitionDefaults = tc.defaults })
			f.on(get, jsonReply(transitionsJSON))
			f.on(post, reply{status: 204})
			if tc.seen {
				if _, err := f.client.Transitions(t.Context(), ops12); err != nil {
					t.Fatal(err)
				}
			}
			tc.write.Issue, tc.write.Op = ops12, "op-1"
			if _, err := f.client.Send(t.Context(), tc.write); err != nil {
				t.Fatal(err)
			}
			want := m{"transition": m{"id": tc.write.Transition}, "historyMetadata": meta}
			if tc.fields != nil {
				want["fields"] = tc.fields
			}
			if diff := cmp.Diff(want, f.lastBody()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.requests, f.lines()); diff != "" {
				t.Error(diff)
			}
			if f.last().head.Get("X-Atlassian-Token") != "no-check" {
				t.Error("a write without the header that passes Jira's XSRF check")
			}
		})
	}
}

func TestSendPriority(t *testing.T) {
	t.Parallel()
	answer := issueJSON(10012, `,"changelog":{"total":1,"histories":[{"id":"7","author":{"accountId":"me"},"created":"2026-11-02T10:00:00.000+0000",
		"historyMetadata":{"type":"parley:sync","extraData":{"op":"op-1"}},"items":[{"fieldId":"priority","from":"3","to":"2"}]}]}`)
	for name, tc := range map[string]struct {
		answer reply
		issue  bool
	}{
		"with the issue":    {jsonReply(answer), true},
		"bare":              {reply{status: 204}, false},
		"not understood":    {jsonReply(`{"id":7}`), false},
		"of another issue":  {jsonReply(strings.ReplaceAll(answer, "10012", "10013")), false},
		"accepted, no body": {reply{status: 202, header: map[string]string{"Content-Type": "text/plain"}}, false},
	} {
		f := newFake(t)
		f.on("PUT issue/10012", tc.answer)
		got, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Op: "op-1", Priority: "2"})
		if err != nil || (got.Issue != nil) != tc.issue {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		if tc.issue && (got.Issue.Priority.ID != "2" || len(got.Entries) != 1 || !got.Entries[0].Own || got.Entries[0].Op != "op-1") {
			t.Errorf("%s: %+v", name, got)
		}
		if u := f.last().url; !strings.Contains(u, "returnIssue=true") || strings.Contains(u, "notifyUsers") {
			t.Errorf("sent to %s", u)
		}
		body := f.lastBody()
		if diff := cmp.Diff(map[string]any{"priority": map[string]any{"id": "2"}}, body["fields"]); diff != "" || body["historyMetadata"] == nil {
			t.Error(body)
		}
	}
}

func TestSendLink(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.on("POST issue/10012/remotelink", reply{status: 201, body: `{"id":1}`})
	link := connectors.Link{GlobalID: "parley:github:acme/payments:7", URL: "https://github.com/acme/payments/issues/7", Title: "acme/payments#7"}
	if _, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Link: &link}); err != nil {
		t.Fatal(err)
	}
	type m = map[string]any
	want := m{
		"globalId": link.GlobalID, "relationship": "mirrors", "application": m{"type": "org.parley", "name": "Parley"},
		"object": m{"url": link.URL, "title": link.Title},
	}
	if diff := cmp.Diff(want, f.lastBody()); diff != "" {
		t.Error(diff)
	}
}

func TestSendRefusesWhatIsNotOneWrite(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for name, w := range map[string]connectors.Write{
		"nothing":            {Issue: ops12},
		"two":                {Issue: ops12, Priority: "1", Transition: "2"},
		"another tracker's":  {Issue: ops12, State: "open"},
		"fields alone":       {Issue: ops12, Priority: "1", Fields: map[string]string{"resolution": "Done"}},
		"title and due":      {Issue: ops12, Title: "x", Due: "2026-12-24"},
		"no date":            {Issue: ops12, Due: "24.12.2026"},
		"label with a space": {Issue: ops12, AddLabel: "a b"},
		"the same, gone":     {Issue: ops12, RemoveLabel: "a\tb"},
		"long label":         {Issue: ops12, AddLabel: strings.Repeat("x", 256)},
		"no issue":           {Priority: "1"},
		"link without id":    {Issue: ops12, Link: &connectors.Link{URL: "https://x", Title: "x"}},
		"link with long id":  {Issue: ops12, Link: &connectors.Link{GlobalID: strings.Repeat("x", 256), URL: "https://x", Title: "x"}},
		"link without title": {Issue: ops12, Link: &connectors.Link{GlobalID: "g", URL: "https://x"}},
	} {
		_, err := f.client.Send(t.Context(), w)
		if kind, _ := kindAndHint(t, err); kind != connectors.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(f.lines()) != 0 {
		t.Errorf("sent %v", f.lines())
	}
}

// A validator asks for a field that no screen shows as required: who reads the refusal wants
// to know where its value is set.
func TestARefusedFieldOfATransitionSaysWhereItIsSet(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"errorMessages":[],"errors":{"resolution":"Resolution is required."}}`: "if the workflow asks for resolution, give it a value in transition_defaults of this Jira",
		`{"errorMessages":["It is frozen."],"errors":{}}`:                        "",
	} {
		f := newFake(t)
		f.on("POST issue/10012/transitions", reply{status: 400, body: body})
		_, err := f.client.Send(t.Context(), connectors.Write{Issue: ops12, Transition: "21", Op: "op-1"})
		if kind, e := kindAndHint(t, err); kind != connectors.Invalid || e.Hint != want {
			t.Errorf("%s: %s, %q", body, kind, e.Hint)
		}
	}
}
