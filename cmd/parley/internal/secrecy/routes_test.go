package secrecy

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/kanban"
)

// pattern finds the addresses that the server registers for reading, in its source: a new
// page is asked for here from the day it is there.
var pattern = regexp.MustCompile(`(?:HandleFunc|Handle)\("GET (/[^"]*)"`)

// registered are the patterns of all addresses that are read.
func registered(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../../../web/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source of the server", err)
	}
	var out []string
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		for _, m := range pattern.FindAllSubmatch(text, -1) {
			out = append(out, string(m[1]))
		}
	}
	if len(out) < 15 || !slices.Contains(out, "/api/v1/cards/{id}/explain") {
		t.Fatalf("the addresses of the server are not found in its source any more: %v", out)
	}
	return out
}

// forms are what the address of a page can ask for, each tried on every page.
func forms() []string {
	return []string{
		"", "?search=zqx", "?done=all&limit=200&density=compact", "?group=unit", "?group=assignee", "?group=epic", "?group=project", "?group=class", "?by=epic", "?wall=1",
		"?all=1&limit=200", "?format=csv", "?format=json&days=90", "?unit=risk&search=zqx", "?unit=trading&group=priority", "?assignee=none", "?column=unmapped",
	}
}

// targets are the addresses to read: every one, in every form, and of every card.
func (d *daemon) targets(t *testing.T, ids []kanban.CardID) []string {
	t.Helper()
	var out []string
	for _, p := range registered(t) {
		p = strings.TrimSuffix(p, "{$}")
		switch {
		case strings.HasPrefix(p, "/static/"), p == "/api/v1/events", p == "/signin/done", strings.HasPrefix(p, "/signin"):
			continue // without data; read by streams; of another way to sign in
		case strings.Contains(p, "{id}"):
			for n, id := range ids {
				at := strings.Replace(p, "{id}", url.PathEscape(string(id)), 1)
				out = append(out, at+"?limit=200", at+"?part=drawer", at+"?part=timeline")
				if key := d.issues[n].key; key != "" {
					out = append(out, strings.Replace(p, "{id}", key, 1))
				}
			}
		case strings.Contains(p, "{unit}"):
			for _, unit := range []string{"risk", "trading", "unassigned"} {
				at := strings.Replace(p, "{unit}", unit, 1)
				if out = append(out, at); strings.HasSuffix(p, "/verdict") {
					for _, id := range ids[:min(len(ids), 8)] {
						out = append(out, at+"?id="+url.QueryEscape(unit+"/P3/"+string(id)+"/1"))
					}
				}
			}
		case strings.Contains(p, "{"):
			t.Fatalf("%s: say here what stands for the part in braces", p)
		default:
			for _, f := range forms() {
				out = append(out, p+f)
			}
		}
	}
	out = append(append(out, d.tables(t)...), lists(t)...)
	return append(out, "/nowhere", "/api/v1/nowhere", "/card/OPS-404", "/api/v1/cards/OPS-404", "/api/v1/cards?limit=x", "/api/v1/activity?before=x", "/?limit=0", "/signin", "/hooks/jira/jira")
}
