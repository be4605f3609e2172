package demo

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// bundle is a company on clocks that stand still.
type bundle struct {
	clock  *sim.Manual
	jira   *jirasim.Site
	hub    *githubsim.Hub
	access Access
}

// tuesday is an ordinary working day.
func tuesday() time.Time { return time.Date(2026, 11, 17, 10, 30, 0, 0, time.UTC) }

func setup(t *testing.T, now time.Time, seed uint64) *bundle {
	t.Helper()
	b := &bundle{clock: sim.NewManual(now)}
	b.jira = jirasim.New(jirasim.Options{Clock: b.clock})
	b.hub = githubsim.New(githubsim.Options{Clock: b.clock})
	var err error
	if b.access, err = Company(b.jira, b.hub, now, seed); err != nil {
		t.Fatal(err)
	}
	return b
}

// board gives the issues of the projects that Parley reads, and of both repositories.
func (b *bundle) board() (jira []jirasim.Issue, hub []githubsim.Issue) {
	jira = append(b.jira.Issues(opsProject), b.jira.Issues(finProject)...)
	return jira, append(b.hub.Issues(paymentsRepo), b.hub.Issues(infraRepo)...)
}

// dump is everything that both trackers know.
func (b *bundle) dump(t *testing.T) string {
	t.Helper()
	jira, hub := b.board()
	var events [][]githubsim.Event
	var comments [][]githubsim.Comment
	for _, is := range hub {
		e, err := b.hub.Events(is.Repo, is.Number)
		if err != nil {
			t.Fatal(err)
		}
		c, err := b.hub.Comments(is.Repo, is.Number)
		if err != nil {
			t.Fatal(err)
		}
		events, comments = append(events, e), append(comments, c)
	}
	text, err := json.MarshalIndent([]any{jira, b.jira.Issues(programmeProject), hub, events, comments}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheSameSeedGivesTheSameCompany(t *testing.T) {
	t.Parallel()
	one, two := setup(t, tuesday(), 1), setup(t, tuesday(), 1)
	if diff := cmp.Diff(one.dump(t), two.dump(t)); diff != "" {
		t.Errorf("two companies of one seed differ:\n%s", diff)
	}
	if other := setup(t, tuesday(), 2); other.dump(t) == one.dump(t) {
		t.Error("another seed gives the same company")
	}
}

func TestTheCompanyIsMidSize(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		b := setup(t, tuesday(), seed)
		jira, hub := b.board()
		if len(jira) != 132 || len(hub) != 128 {
			t.Errorf("seed %d: %d issues in Jira and %d in GitHub, want 132 and 128", seed, len(jira), len(hub))
		}
		if n := len(pairs(jira, hub)); n != 86 {
			t.Errorf("seed %d: %d pairs, want 86", seed, n)
		}
		titles := map[string]int{}
		for _, is := range jira {
			titles[is.Summary]++
		}
		if len(titles) != len(jira) {
			t.Errorf("seed %d: %d titles for %d issues", seed, len(titles), len(jira))
		}
		for _, c := range []string{"Trading", "Risk", "Ledger"} {
			n := 0
			for _, is := range jira {
				if slices.Contains(is.Components, c) {
					n++
				}
			}
			if n != 44 {
				t.Errorf("seed %d: %d requests of %s, want 44", seed, n, c)
			}
		}
	}
}

func TestHistoryIsSixMonthsInOfficeHours(t *testing.T) {
	t.Parallel()
	now := tuesday()
	b := setup(t, now, 3)
	office, err := newOffice()
	if err != nil {
		t.Fatal(err)
	}
	jira, hub := b.board()
	oldest := now
	check := func(what string, at time.Time) {
		if at.Before(oldest) {
			oldest = at
		}
		if at.After(now) {
			t.Errorf("%s at %s lies in the future", what, at)
		}
		if !office.open(at, 20*time.Minute) {
			t.Errorf("%s at %s: nobody is in the office", what, at.In(office.zone).Format("Mon 15:04"))
		}
	}
	for _, is := range jira {
		check(is.Key, is.Created)
		for _, h := range is.History {
			check(is.Key, h.At)
		}
	}
	for _, is := range hub {
		check(is.Title, is.Created)
		events, err := b.hub.Events(is.Repo, is.Number)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			check(is.Title, e.At)
		}
	}
	if months := now.Sub(oldest).Hours() / 24 / 30.4; months < 5 || months > 10 {
		t.Errorf("history is %.1f months long, want about six", months)
	}
}

func TestPairsAgreeButForAHandful(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		b := setup(t, tuesday(), seed)
		jira, hub := b.board()
		silent, hold, bare := 0, 0, 0
		for _, p := range pairs(jira, hub) {
			js, gs := stageOfStatus(p.jira.Status), stageOfIssue(*p.hub)
			switch {
			case js == onHold:
				hold++
			case gs == requests && js == doing:
				silent++
			case js != gs:
				t.Errorf("seed %d: %s is in %s, its twin in %s", seed, p.jira.Key, js, gs)
			}
			if p.jira.Priority == "" {
				bare++
			}
			if want := priorityLabel(p.jira.PriorityName); !slices.Contains(append(p.hub.Labels, ""), want) {
				t.Errorf("seed %d: %s has priority %q, its twin %v", seed, p.jira.Key, p.jira.PriorityName, p.hub.Labels)
			}
		}
		if diff := cmp.Diff([]int{1, 1, 1}, []int{silent, hold, bare}); diff != "" {
			t.Errorf("seed %d: pairs where GitHub is silent, on hold, without priority: %s", seed, diff)
		}
	}
}

func TestOneColumnIsOverItsLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, tuesday(), 1)
	counts := census(b.board())
	limits := map[stage]int{}
	for _, c := range columns() {
		limits[c.stage] = c.wip
	}
	var over []stage
	for _, l := range looks() {
		if limits[l.stage] > 0 && counts.in(l.stage) > limits[l.stage] {
			over = append(over, l.stage)
		}
	}
	if diff := cmp.Diff([]stage{doing}, over); diff != "" {
		t.Errorf("columns over their limit: %s", diff)
	}
}

func TestNobodyUsesAStatusOutsideOfTheWorkflow(t *testing.T) {
	t.Parallel()
	b := setup(t, tuesday(), 4)
	jira, _ := b.board()
	for _, is := range jira {
		at := requests
		for _, h := range is.History {
			for _, item := range h.Items {
				if item.FieldID != "status" {
					continue
				}
				from, to := stageOfStatus(item.From), stageOfStatus(item.To)
				if _, ok := wayTo(from, to, is.Type == typeIncident); !ok || from != at {
					t.Errorf("%s went from %s (was in %s) to %s", is.Key, from, at, to)
				}
				at = to
			}
		}
		if at != stageOfStatus(is.Status) {
			t.Errorf("%s: history ends in %s, status is %s", is.Key, at, is.StatusName)
		}
	}
}

func TestClosedInGitHubIsTwoStepsAwayInJira(t *testing.T) {
	t.Parallel()
	if w, ok := wayTo(doing, done, false); ok {
		t.Errorf("%s leads from progress to done in one step", w.name)
	}
	if _, ok := wayTo(doing, verify, false); !ok {
		t.Error("no way from progress to acceptance")
	}
	if _, ok := wayTo(verify, done, false); !ok {
		t.Error("no way from acceptance to done")
	}
}

func TestAnOccupiedTrackerIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, tuesday(), 1)
	if _, err := Company(b.jira, b.hub, tuesday(), 1); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("a second company moved in: %v", err)
	}
}

func TestTheCompanyCanStartOnASunday(t *testing.T) {
	t.Parallel()
	sunday := time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC)
	b := setup(t, sunday, 1)
	jira, hub := b.board()
	if len(jira)+len(hub) != 260 {
		t.Errorf("%d issues, want 260", len(jira)+len(hub))
	}
}
