package secrecy

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

// listed finds the names of the lists of cards behind a number, in the source.
var listed = regexp.MustCompile(`(?m)^\tList[A-Z]\w+ += "([a-z]+)"`)

// lists are the addresses of all lists of cards behind a number.
func lists(t *testing.T) []string {
	t.Helper()
	source, err := os.ReadFile("../../../../sync/view/flowask.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range listed.FindAllSubmatch(source, -1) {
		for _, path := range []string{"/flow/cards?days=365&list=", "/flow/cards.csv?days=365&list=", "/api/v1/flow/cards?days=365&list="} {
			out = append(out, path+string(m[1]))
		}
	}
	if len(out) < 45 || !slices.Contains(out, "/flow/cards.csv?days=365&list=blocked") {
		t.Fatalf("the lists of cards are not found in the source any more: %v", out)
	}
	return out
}

// tables are the addresses of all tables of flow and workload as files, by what the server
// says that there are.
func (d *daemon) tables(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, path := range []string{"/flow.csv", "/workload.csv"} {
		_, names, ok := strings.Cut(d.as(reader{name: "ops", group: "ops"}, path+"?table=none").body, "is one of ")
		if !ok {
			t.Fatalf("%s does not say which tables there are", path)
		}
		for name := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(names), "."), ", ") {
			out = append(out, path+"?days=365&table="+name)
		}
	}
	if len(out) < 20 {
		t.Fatalf("there are few tables: %v", out)
	}
	return out
}

// guessed is a word in a place that the cards of a list are chosen by.
type guessed struct {
	word  *plant
	query string // of the list, with %s in the place of the value
	value string // with %s in the place of the word
}

// guesses are the words that lists can be asked for by.
func (d *daemon) guesses() []guessed {
	var out []guessed
	for _, w := range d.plants {
		switch {
		case strings.HasPrefix(w.place, "reason of a block"):
			out = append(out, guessed{w, "list=blocked&reason=%s", text("%s")})
		case strings.HasPrefix(w.place, "reason of a rule"):
			out = append(out, guessed{w, "list=blocked&reason=%s", "%s"})
		case strings.HasPrefix(w.place, "milestone"):
			out = append(out, guessed{w, "list=group&group-in=" + d.issues[w.ways[0].card].repo + "&group=%s", "%s"})
		case strings.HasPrefix(w.place, "Jira assignee"), strings.HasPrefix(w.place, "GitHub assignee"):
			out = append(out, guessed{w, "list=open&person=%s", "%s"}, guessed{w, "list=finished&person=%s", "%s"})
		case strings.HasPrefix(w.place, "Jira label"):
			out = append(out, guessed{w, "list=cluster&trace=%s", "label %s"})
		}
	}
	slices.SortFunc(out, func(a, b guessed) int { return strings.Compare(a.word.word+a.query, b.word.word+b.query) })
	return out
}

// asked is the address of a list by a word.
func (g guessed) asked(word string) string {
	return "/flow/cards.csv?days=365&" + fmt.Sprintf(g.query, url.QueryEscape(fmt.Sprintf(g.value, word)))
}

// kindOf is the list that a query asks for.
func kindOf(query string) string {
	kind, _, _ := strings.Cut(query, "&")
	return kind
}

// guess asks for lists by words: whoever may not read a word gets what a word brings that
// nobody ever wrote. It tells which lists brought a card to those who may.
func (d *daemon) guess(t *testing.T, r reader, first, every int) map[string]bool {
	t.Helper()
	brought := map[string]bool{}
	for n, g := range d.guesses() {
		if r.link != "" || r.audience == "" || n%every != first%every {
			continue
		}
		ask := func(word string) answer {
			return d.send(d.request(t.Context(), r, 20000+2*n, http.MethodGet, g.asked(word), ""))
		}
		got, none := ask(g.word.word), ask("zqynobodysqyz")
		switch same := got.status == none.status && got.body == none.body; {
		case same:
		case d.may(d.policy, r, g.word):
			brought[kindOf(g.query)] = true
		default:
			t.Errorf("%s learns by %s of the %s:\n%s\nand of no word:\n%s", r.name, g.asked(g.word.word), g.word.place, got.body, none.body)
		}
	}
	return brought
}

// knock asks for changes by the keys of cards: a key that a reader may not know is answered
// as one that there is not. It tells how many keys were hidden, and how many were not.
func (d *daemon) knock(t *testing.T, r reader, first, every int) (hidden, known int) {
	t.Helper()
	if r.link != "" || r.audience == "" {
		return 0, 0 // they are refused before anything is looked for
	}
	count := 30000
	post := func(target, body, kind string) answer {
		req := d.request(t.Context(), r, count, http.MethodPost, target, body)
		req.Header.Set("Content-Type", kind)
		return d.send(req)
	}
	for n, is := range d.issues {
		for key, x := range map[string]struct {
			none  string
			facet view.Facet
		}{is.key: {"OPS-40404", view.FacetJira}, fmt.Sprintf("%s#%d", is.repo, is.number): {is.repo + "#40404", view.FacetGitHub}} {
			if key == "" || key == "#0" || n%every != first%every {
				continue
			}
			if d.may(d.policy, r, &plant{ways: []way{{n, []view.Facet{x.facet}}}}) {
				known++
				continue
			}
			hidden++
			for what, of := range map[string][2]string{"move": {}, "priority": {}, "block": {}, "unblock": {}, "planned": {}, "undo": {}, "questions": {"ask", "text"}, "answers": {"answer", "text"}, "conclusion": {"conclude", "outcome"}} {
				api := func(key string) answer {
					body := `{"to":"nowhere","party":"nobody","reason":"none","rev":1,"op":"` + string(kanban.NewCardID(r.name, what)) + `"}`
					if of[1] != "" {
						body = `{"` + of[1] + `":"kept"}`
					}
					return post("/api/v1/cards/"+url.PathEscape(key)+"/"+what, body, "application/json")
				}
				form := func(key string) answer {
					return post("/card/"+url.PathEscape(key)+"/"+cmp.Or(of[0], what), "to=nowhere&party=nobody&reason=none&rev=1&op=f&text=kept&outcome=kept", "application/x-www-form-urlencoded")
				}
				for way, ask := range map[string]func(string) answer{"API": api, "form": form} {
					count += 2 // and both under one name
					if got, none := ask(key), ask(x.none); got.status != none.status || got.body != none.body {
						t.Errorf("%s learns of card %d by the key %s, %s by %s: %d %.300s\nand of no card: %d %.300s", r.name, n, key, what, way, got.status, got.body, none.status, none.body)
					}
				}
			}
		}
	}
	return hidden, known
}
