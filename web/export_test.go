package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestExportsAreFilesOfWhatTheFiltersSelect(t *testing.T) {
	t.Parallel()
	w := newWorld()
	other := cardN(2)
	other.Unit, other.Title = "unassigned", "=HYPERLINK(1)"
	w.put(cardN(1), other)
	for _, name := range []string{"cards.csv", "events.csv"} {
		rec := ask(w.handler(), http.MethodGet, "/export/"+name+"?unit=unassigned", "")
		want := "\"card\",\"title\"\r\n\"" + string(other.ID) + "\",\"'=HYPERLINK(1)\"\r\n"
		if rec.Code != http.StatusOK || rec.Body.String() != want || rec.Header().Get("Content-Type") != "text/csv; charset=utf-8; header=present" || rec.Header().Get("Content-Disposition") != `attachment; filename="`+name+`"` {
			t.Errorf("%s: %d %v %q", name, rec.Code, rec.Header(), rec.Body)
		}
		if rec := ask(w.handler(), http.MethodGet, "/export/"+name+"?limit=x", ""); rec.Code != http.StatusBadRequest {
			t.Errorf("%s with a wrong limit: %d", name, rec.Code)
		}
	}
	html := page(t, w.handler(), "/?unit=sales&group=unit&density=line&column=build", http.StatusOK)
	for _, want := range []string{`href="/export/cards.csv?unit=sales"`, `href="/export/events.csv?unit=sales"`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
