package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"parley/kanban"
	"parley/sync/view"
)

// mapped serves the page about the mapping to a viewer.
func mapped(m Mapping, err error, who view.Viewer) http.Handler {
	w := newWorld()
	w.put(cardN(1))
	return New(Options{Readers: same(w), Identity: Everybody(who), Intents: w, Signal: w, Health: w, PublicURL: "http://example.com", Now: func() time.Time { return noon }, Mapper: mapperFunc(func() (Mapping, error) { return m, err })})
}

// mapperFunc is a Mapper.
type mapperFunc func() (Mapping, error)

// Mapping calls it.
func (f mapperFunc) Mapping(context.Context, view.Viewer) (Mapping, error) { return f() }

// previewed has one of everything.
func previewed() Mapping {
	shift := view.Shift{What: "column", From: "Build", To: "Unmapped", Cards: 1234, Lost: true}
	return Mapping{
		File: "/etc/parley/config.toml", Usable: true, Differs: true, Unread: []string{"acme/new"}, Findings: []Finding{{"warning", "line 7: column[0]: nothing shows it"}},
		Rows: []view.Mapped{
			{Side: "jira", Tracker: "acme", Field: "status", Native: "On hold", Opinion: "unmapped", Cards: 4, Reach: "in 1 of 8 workflows seen"},
			{Side: "github", Field: "status", Native: "open", Means: "Build", Opinion: "says", Cards: 8}, {Side: "jira", Field: "priority", Native: "High", Means: "High", Opinion: "says", Cards: 2},
		},
		Preview: &view.Preview{
			Cards: 20000, Changed: 1234, Unread: 1, Shifts: []view.Shift{shift}, Changes: []view.Change{{Shift: shift, Card: cardN(1).ID, Key: "PAY-1", Title: "Refund"}},
			Writes: []view.PlanWrite{{Card: cardN(1).ID, Tracker: "acme", Issue: "PAY-1", Field: "status", From: "To Do", To: "Done", Reason: "Ada set it", Kind: "field"}}, Counts: map[string]int{"total": 1},
		},
	}
}

func TestMappingPageTellsWhatRunsAndWhatTheFileWouldDo(t *testing.T) {
	t.Parallel()
	m := previewed()
	contains(t, page(t, mapped(m, nil, view.Somebody()), "/admin/mapping", http.StatusOK), []string{
		"is another mapping than the one that runs", "line 7: column[0]: nothing shows it", "acme/new is new", "<b>1,234</b><span>of 20,000 cards change", "<td>Build</td><td>Unmapped</td><td class=\"num\">1,234</td>",
		"<b>unmapped</b>: left alone", "in 1 of 8 workflows seen", ">PAY-1</a> <span class=\"quiet\">Refund</span>", "Ada set it", "1 card would be read again",
	}, nil)
	m.Differs, m.Preview, m.Findings = false, nil, nil
	contains(t, page(t, mapped(m, nil, view.Somebody()), "/admin/mapping", http.StatusOK), []string{"is what runs.", "keeps all laws"}, []string{"What would change", "cannot be used"})
	m.Usable = false
	contains(t, page(t, mapped(m, nil, view.Somebody()), "/admin/mapping", http.StatusOK), []string{"cannot be used"}, []string{"is what runs."})
}

func TestMappingPageShowsSoMuchAndNoMore(t *testing.T) {
	t.Parallel()
	m := previewed()
	for range 250 {
		m.Preview.Changes, m.Preview.Writes = append(m.Preview.Changes, m.Preview.Changes[0]), append(m.Preview.Writes, m.Preview.Writes[0])
	}
	html := page(t, mapped(m, nil, view.Somebody()), "/admin/mapping", http.StatusOK)
	contains(t, html, []string{"51 more changes and 151 more writes"}, nil)
	if n := strings.Count(html, "Ada set it"); n != shownPlanned {
		t.Errorf("%d writes are shown", n)
	}
}

func TestMappingPageIsForOps(t *testing.T) {
	t.Parallel()
	for _, who := range []view.Viewer{{}, {Audience: view.AudienceIT, Role: kanban.Developer}, {Audience: view.AudienceOps, Role: kanban.Viewer}, {Audience: view.UnitAudience("sales"), Role: kanban.Ops}} {
		if rec := ask(mapped(previewed(), nil, who), http.MethodGet, "/admin/mapping", ""); rec.Code != http.StatusForbidden || strings.Contains(rec.Body.String(), "On hold") {
			t.Errorf("%+v: %d %s", who, rec.Code, rec.Body)
		}
	}
	if rec := ask(newWorld().handler(), http.MethodGet, "/admin/mapping", ""); rec.Code != http.StatusNotFound {
		t.Errorf("without a mapper: %d", rec.Code)
	}
	if rec := ask(mapped(Mapping{}, errors.New("secret detail"), view.Somebody()), http.MethodGet, "/admin/mapping", ""); rec.Code != http.StatusInternalServerError || strings.Contains(rec.Body.String(), "secret") {
		t.Errorf("a store that fails: %d %s", rec.Code, rec.Body)
	}
}

func TestMappingsTextsAreNeverMarkup(t *testing.T) {
	t.Parallel()
	shift := view.Shift{What: attack, From: attack, To: attack, Lost: true}
	m := Mapping{
		File: attack, Usable: true, Differs: true, Unread: []string{attack}, Findings: []Finding{{attack, attack}},
		Rows: []view.Mapped{{Side: attack, Tracker: attack, Field: attack, Native: attack, Means: attack, Opinion: attack, Reach: attack}},
		Preview: &view.Preview{Shifts: []view.Shift{shift}, Changes: []view.Change{{Shift: shift, Card: attack, Key: attack, Title: attack}},
			Writes: []view.PlanWrite{{Card: attack, Tracker: attack, Issue: attack, Field: attack, From: attack, To: attack, Reason: attack}}, Counts: map[string]int{}},
	}
	html := page(t, mapped(m, nil, view.Somebody()), "/admin/mapping", http.StatusOK)
	if found := markup(html); found != "" {
		t.Errorf("an attack became markup: %q", found)
	}
	if n := strings.Count(html, "&lt;script&gt;"); n < 15 {
		t.Errorf("the attack is shown %d times only", n)
	}
}
