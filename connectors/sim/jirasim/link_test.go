package jirasim_test

import (
	"strings"
	"testing"
)

const links = "/rest/api/3/issue/OPS-1/remotelink"

func TestRemoteLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.issue("OPS")
	one := `{"globalId":"g=1&x","application":{"name":"hub","type":"org.hub"},"relationship":"mirrors","object":{"url":"https://x/1","title":"o/r#1","status":{"resolved":true}}}`
	a := w.do("POST", links, one).want(t, 201)
	if a.get(t, "id") != 10000.0 {
		t.Error(a.text)
	}
	v := w.current("OPS-1")
	if len(v.History) != 1 || v.History[0].Items[0].Field != "RemoteIssueLink" || v.History[0].Items[0].ToText != `This issue links to "o/r#1 (hub)"` || !v.Updated.After(before.Updated) {
		t.Errorf("history: %+v", v.History)
	}
	if b := w.do("POST", links, `{"globalId":"g=1&x","object":{"url":"https://x/1","title":"new"}}`).want(t, 200); b.get(t, "id") != 10000.0 {
		t.Error(b.text)
	}
	got := w.do("GET", links+"?globalId=g%3D1%26x", "").want(t, 200)
	if got.get(t, "object.title") != "new" || got.get(t, "relationship") != nil || len(got.get(t, "application").(map[string]any)) != 0 {
		t.Errorf("an update keeps what it left out: %s", got.text)
	}
	w.do("POST", links, `{"object":{"url":"https://x/2","title":"two"}}`).want(t, 201)
	w.do("POST", links, `{"object":{"url":"https://x/2","title":"two"}}`).want(t, 201)
	if n := len(w.do("GET", links, "").want(t, 200).get(t, "").([]any)); n != 3 {
		t.Errorf("%d links", n)
	}
	w.do("GET", links+"?globalId=other", "").want(t, 404)
	w.do("DELETE", links+"?globalId=other", "").want(t, 404)
	w.do("DELETE", links+"?globalId=g%3D1%26x", "").want(t, 204)
	w.do("PUT", links+"/10001", `{"object":{"url":"https://x/3","title":"three"}}`).want(t, 204)
	w.do("DELETE", links+"/10002", "").want(t, 204)
	w.do("DELETE", links+"/10002", "").want(t, 404)
	if left := w.current("OPS-1").Links; len(left) != 1 || left[0].Title != "three" {
		t.Errorf("left: %+v", left)
	}
}

func TestRemoteLinkRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue("OPS")
	for body, field := range map[string]string{
		`{"object":{"url":"u"}}`:   "title",
		`{"object":{"title":"t"}}`: "url",
		`{}`:                       "url",
		`{"globalId":"` + strings.Repeat("g", 256) + `","object":{"url":"u","title":"t"}}`: "globalId",
	} {
		if a := w.do("POST", links, body).want(t, 400); a.get(t, "errors").(map[string]any)[field] == nil {
			t.Errorf("%.40s: %s", body, a.text)
		}
	}
	if v := w.current("OPS-1"); len(v.Links)+len(v.History) != 0 {
		t.Errorf("a refused link left a trace: %+v", v)
	}
}

func TestProperties(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.issue("OPS")
	const at = "/rest/api/3/issue/OPS-1/properties/a%2Fb"
	w.do("GET", at, "").want(t, 404)
	w.do("PUT", at, `{"gh":1}`).want(t, 201)
	w.do("PUT", at, `{"gh":2}`).want(t, 200)
	if got := w.do("GET", at, "").want(t, 200); got.get(t, "value.gh") != 2.0 || got.get(t, "key") != "a/b" {
		t.Error(got.text)
	}
	if v := w.current("OPS-1"); !v.Updated.Equal(before.Updated) || len(v.History) != 0 {
		t.Errorf("a property touched the issue: %v, %d entries", v.Updated, len(v.History))
	}
	w.do("PUT", at, `{`).want(t, 400)
	w.do("PUT", at, `"`+strings.Repeat("x", 32768)+`"`).want(t, 400)
	w.do("PUT", at+strings.Repeat("k", 255), `1`).want(t, 400)
	found := w.do("POST", "/rest/api/3/search/jql", jql("project = OPS", `,"properties":["a/b","other"]`)).want(t, 200)
	if p := found.get(t, "issues.0.properties").(map[string]any); len(p) != 1 || p["a/b"] == nil {
		t.Error(found.text)
	}
	if keys := w.do("GET", "/rest/api/3/issue/OPS-1/properties", "").get(t, "keys").([]any); len(keys) != 1 {
		t.Errorf("keys: %v", keys)
	}
	w.do("DELETE", at, "").want(t, 204)
	w.do("DELETE", at, "").want(t, 404)
}

func TestComments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.issue("OPS")
	const v2, v3 = "/rest/api/2/issue/OPS-1/comment", "/rest/api/3/issue/OPS-1/comment"
	w.do("POST", v2, `{"body":"one"}`).want(t, 201)
	w.do("POST", v3, `{"body":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"two"}]}]}}`).want(t, 201)
	w.do("POST", v3, `{"body":"wiki"}`).want(t, 400)
	w.do("POST", v2, `{"body":{"type":"doc"}}`).want(t, 400)
	w.do("POST", v2, `{}`).want(t, 400)
	a := w.do("GET", v2+"?orderBy=-created&maxResults=1", "").want(t, 200)
	if a.get(t, "total") != 2.0 || a.get(t, "comments.0.body") != "two" || a.get(t, "comments.0.id") != "10001" {
		t.Error(a.text)
	}
	if v := w.current("OPS-1"); !v.Updated.After(before.Updated) || len(v.History) != 0 {
		t.Errorf("updated %v, %d entries", v.Updated, len(v.History))
	}
	w.do("GET", "/rest/api/2/issue/NO-1/comment?orderBy=x", "").want(t, 400)
	if b := w.do("PUT", v2+"/10000", `{"body":"uno"}`).want(t, 200); b.get(t, "body") != "uno" {
		t.Error(b.text)
	}
	w.do("DELETE", v2+"/10000", "").want(t, 204)
	w.do("GET", v2+"/10000", "").want(t, 404)
	w.do("PUT", v2+"/x", `{"body":"uno"}`).want(t, 404)
}
