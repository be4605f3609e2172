package jirasim_test

import (
	"bytes"
	"strings"
	"testing"

	"parley/connectors/sim/jirasim"
)

// texts lists the bodies of an issue's comments as the present account sees them.
func (w *world) texts(key string) string {
	w.t.Helper()
	var out []string
	for _, c := range w.do("GET", "/rest/api/2/issue/"+key+"/comment", "").want(w.t, 200).get(w.t, "comments").([]any) {
		out = append(out, c.(map[string]any)["body"].(string))
	}
	return strings.Join(out, " ")
}

func TestCommentsForSome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.site.AddProject(jirasim.Project{Key: "OPS", ServiceDesk: true, Workflows: map[string]string{"": jirasim.SimpleWorkflow}})
	w.site.AddUser(jirasim.User{AccountID: "bot-1", DisplayName: "Sync Bot", Email: "bot@acme.example", Token: "bot-token", Groups: []string{"staff"}})
	w.site.AddUser(jirasim.User{AccountID: "cus", DisplayName: "Customer", Email: "cus@else.example", Token: "c", Type: "customer"})
	w.site.SetRole("OPS", "Developers", "bot-1")
	v := w.issue("OPS")
	path := "/rest/api/2/issue/" + v.Key + "/comment"
	w.do("POST", path, `{"body":"all"}`).want(t, 201)
	dev := w.do("POST", path, `{"body":"devs","visibility":{"type":"role","value":"Developers"}}`).want(t, 201)
	if dev.get(t, "visibility.type") != "role" || dev.get(t, "visibility.identifier") != "Developers" || dev.get(t, "jsdPublic") != true {
		t.Error(dev.text)
	}
	w.do("POST", path, `{"body":"staff","visibility":{"type":"group","identifier":"staff"}}`).want(t, 201)
	inner := w.do("POST", path, `{"body":"inner","properties":[{"key":"sd.public.comment","value":{"internal":true}},{"key":"origin","value":7}]}`).want(t, 201)
	if inner.get(t, "jsdPublic") != false || strings.Contains(inner.text, "origin") {
		t.Error(inner.text)
	}
	if a := w.do("POST", path, `{"body":"x","visibility":{"type":"role","value":"Administrators"}}`).want(t, 400); a.get(t, "errors.commentLevel") == nil {
		t.Error(a.text)
	}
	w.do("POST", path, `{"body":"x","visibility":{"type":"planet","value":"Mars"}}`).want(t, 400)
	if got := w.texts(v.Key); got != "all devs staff inner" {
		t.Errorf("the author sees %q", got)
	}
	bot := w.email
	w.email, w.token = "ana@acme.example", "t"
	if got := w.texts(v.Key); got != "all inner" {
		t.Errorf("a colleague sees %q", got)
	}
	id := dev.get(t, "id").(string)
	w.do("GET", path+"/"+id, "").want(t, 404)
	w.do("PUT", path+"/"+id, `{"body":"mine"}`).want(t, 404)
	w.do("DELETE", path+"/"+id, "").want(t, 404)
	if a := w.do("GET", "/rest/api/2/issue/"+v.Key+"?fields=comment", ""); a.get(t, "fields.comment.total") != 2.0 {
		t.Error(a.text)
	}
	w.email, w.token = "cus@else.example", "c"
	if got := w.texts(v.Key); got != "all" {
		t.Errorf("a customer sees %q", got)
	}
	// Who sends a comment again without its audience shows it to everybody.
	w.email, w.token = bot, "bot-token"
	w.do("PUT", path+"/"+id, `{"body":"devs again"}`).want(t, 200)
	w.email, w.token = "ana@acme.example", "t"
	if got := w.texts(v.Key); got != "all devs again inner" {
		t.Errorf("a colleague sees %q", got)
	}
}

func TestCommentProperties(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]*world{"Cloud": newWorld(t), "Data Center": newServer(t)} {
		v := w.issue("OPS")
		issue := "/rest/api/2/issue/" + v.Key + "/comment"
		made := w.do("POST", issue, `{"body":"x","properties":[{"key":"origin","value":{"gh":7}},{"key":"sd.public.comment","value":{"internal":true}}]}`).want(t, 201)
		id := made.get(t, "id").(string)
		if made.get(t, "jsdPublic") == false {
			t.Errorf("%s: internal although the project is no service desk", name)
		}
		path := "/rest/api/2/comment/" + id + "/properties"
		if a := w.do("GET", path+"/origin", "").want(t, 200); a.get(t, "value.gh") != 7.0 {
			t.Error(a.text)
		}
		if a := w.do("GET", issue+"?expand=properties", ""); a.get(t, "comments.0.properties.0.key") != "origin" {
			t.Error(a.text)
		}
		before := w.current(v.Key).Updated
		w.do("PUT", path+"/more", `[1]`).want(t, 201)
		w.do("PUT", path+"/more", `[2]`).want(t, 200)
		w.do("PUT", path+"/more", `[`).want(t, 400)
		if a := w.do("GET", path, "").want(t, 200); len(a.get(t, "keys").([]any)) != 3 || !w.current(v.Key).Updated.Equal(before) {
			t.Error(a.text)
		}
		w.do("DELETE", path+"/more", "").want(t, 204)
		w.do("GET", path+"/more", "").want(t, 404)
		w.do("GET", "/rest/api/2/comment/99/properties", "").want(t, 404)
		// All of it survives being written and read.
		var out bytes.Buffer
		if err := w.site.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), `"key":"origin"`) {
			t.Errorf("%s: not written", name)
		}
		again := jirasim.New(jirasim.Options{})
		if err := again.LoadJSON(&out); err != nil {
			t.Fatal(err)
		}
		got, _ := again.Issue(v.Key)
		if string(got.Comments[0].Properties["origin"]) != `{"gh":7}` {
			t.Errorf("%s: read %+v", name, got.Comments)
		}
	}
}
