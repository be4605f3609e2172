package secrecy

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"parley/cmd/parley/internal/tracing/tracetest"
	"parley/connectors/mail/mailtest"
	"parley/connectors/sim"
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/sync/view"
)

// company is a Jira and a GitHub in which every text is a planted word.
type company struct {
	*garden
	t           *testing.T
	site        *jirasim.Site
	hub         *githubsim.Hub
	faults      *sim.Script
	jira        string // address
	github      string
	field       string  // id of the custom field
	issues      []issue // by card
	repos       []string
	tokens      map[string]string
	names       map[string]string // of accounts at Jira
	titles      map[int]string    // at Jira, by card
	ruledReason string            // that a rule gives for the blocks of trading
	mails       *mailtest.Server
	hook        *postbox
	traces      *tracetest.Collector
	store       string // its URL
}

// issue is a card's two issues; an empty key or repository is none.
type issue struct {
	key    string
	repo   string
	number int
}

// whole are the facets of what quotes both sides.
func whole() []view.Facet {
	return []view.Facet{view.FacetTitle, view.FacetJira, view.FacetGitHub, view.FacetDetail, view.FacetPeople, view.FacetRequester, view.FacetReason}
}

// establish makes the company and serves it until the test ends.
func establish(t *testing.T) *company {
	t.Helper()
	c := &company{garden: &garden{plants: map[string]*plant{}}, t: t, names: map[string]string{}, titles: map[int]string{}, tokens: map[string]string{}}
	c.cards = []about{
		{unit: "risk"}, {unit: "trading"}, {unit: "unassigned"}, {unit: "risk", restricted: true}, {unit: "trading", restricted: true}, {unit: "risk"}, {unit: "trading"},
		{unit: "unassigned"}, {unit: "unassigned", restricted: true},
	}
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	c.check(err)
	c.github = "http://" + l.Addr().String()
	c.site, c.hub = jirasim.New(jirasim.Options{}), githubsim.New(githubsim.Options{HTMLURL: c.github})
	c.faults = sim.NewScript(1, c.site.Faults())
	c.site.SetFaults(c.faults.Fault)
	hub := &httptest.Server{Listener: l, Config: &http.Server{Handler: c.hub.Handler(), ReadHeaderTimeout: time.Minute}}
	hub.Start()
	t.Cleanup(hub.Close)
	site := httptest.NewServer(c.site.Handler())
	t.Cleanup(site.Close)
	c.jira = site.URL
	for _, name := range []string{"jira", "github", "metrics", "jirahook", "githubhook", "marker", "smtp", "digest", "address", "tracing"} {
		c.tokens[name] = c.never("token " + name)
	}
	c.mails = mailtest.New(t, mailtest.SignIn("parley", c.tokens["smtp"]))
	c.traces, c.store = tracetest.New(t), server.URL(t, filepath.Join(t.TempDir(), "parley.db"))
	c.hook = &postbox{}
	box := httptest.NewServer(c.hook)
	t.Cleanup(box.Close)
	c.tokens["address"] = box.URL + "/in?sig=" + c.tokens["address"] // of the webhook
	reason := []view.Facet{view.FacetReason}
	c.ruledReason = c.sow("reason of a rule", true, way{1, reason}, way{4, reason}, way{6, reason})
	c.furnish()
	for n := range c.cards {
		c.issues = append(c.issues, c.open(n))
	}
	return c
}

func (c *company) check(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// of makes a word that is read with these facets of one card.
func (c *company) of(n int, place string, facets ...view.Facet) string {
	return c.sow(fmt.Sprintf("%s of card %d", place, n), true, way{n, facets})
}

// hidden makes a word that those with these facets may read, and that no page shows.
func (c *company) hidden(n int, place string, facets ...view.Facet) string {
	return c.sow(fmt.Sprintf("%s of card %d", place, n), false, way{n, facets})
}

// all are ways to read a word that belongs to several cards.
func (c *company) all(facets ...view.Facet) (out []way) {
	for n := range c.cards {
		out = append(out, way{n, facets})
	}
	return out
}

// furnish makes what the issues of both trackers share.
func (c *company) furnish() {
	made := c.site.AddCompany()
	c.site.SetToken(made.Bot.AccountID, c.tokens["jira"])
	for id, category := range map[string]string{"3": jirasim.CategoryInProgress, "10001": jirasim.CategoryInProgress, "10000": jirasim.CategoryToDo} {
		word := c.sow("mapped status "+id, true, c.all(view.FacetJira)...)
		c.site.AddStatus(jirasim.Status{ID: id, Name: word, Category: category})
	}
	statuses := []string{"10000", "3", "10001", "10003", "10002"}
	for n := range c.cards {
		statuses = append(statuses, c.site.AddStatus(jirasim.Status{ID: fmt.Sprint(20000 + n), Name: c.sow(fmt.Sprintf("unmapped status of card %d", n), odd(n), way{n, []view.Facet{view.FacetJira}}), Category: jirasim.CategoryInProgress}).ID)
	}
	c.site.AddWorkflow(jirasim.Workflow{Name: "Any way", Statuses: statuses, Initial: "10000", Permissive: true})
	c.site.AddPriorityScheme(jirasim.PriorityScheme{Name: jirasim.DefaultScheme, Priorities: c.priorities(), Default: "3"})
	c.site.AddProject(jirasim.Project{Key: "OPS", Types: []string{"Story"}, Workflows: map[string]string{"": "Any way"}})
	c.site.AddProject(jirasim.Project{Key: "FIN", Types: []string{"Story"}, Workflows: map[string]string{"": "Any way"}})
	c.site.AddProject(jirasim.Project{Key: "PRG", Types: []string{"Epic"}, Workflows: map[string]string{"": "Any way"}})
	c.field = c.site.AddField(jirasim.Field{Name: c.never("custom field"), Type: "string"}).ID
	c.check(c.hub.AddUser(githubsim.User{Login: "bot", Token: c.tokens["github"], Push: true}))
	c.check(c.hub.AddUser(githubsim.User{Login: "builder", Push: true}))
	for i, of := range []string{"risk", "trading", "unassigned", "mirrored"} {
		var ways []way
		for n, card := range c.cards {
			if card.unit == of || of == "mirrored" && n >= mirrored {
				ways = append(ways, way{n, []view.Facet{view.FacetGitHub}})
			}
		}
		word := c.sow("repository of "+of, true, ways...)
		c.plants[word].known = true
		c.repos = append(c.repos, "acme/"+word)
		c.check(c.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: word, Private: i != 1, Description: c.never("description of a repository")}))
	}
	c.check(c.hub.AddRepo(githubsim.Repo{Owner: "acme", Name: "elsewhere", Private: true}))
}

// priorities are the site's, with one of each card's own.
func (c *company) priorities() []string {
	ids := []string{"1", "2", "3", "4", "5"}
	for n := range c.cards {
		ids = append(ids, c.site.AddPriority(jirasim.Priority{ID: fmt.Sprint(100 + n), Name: c.sow(fmt.Sprintf("unmapped priority of card %d", n), odd(n), way{n, []view.Facet{view.FacetJira}})}).ID)
	}
	return ids
}

// colleague is an account of the site whose name and id are words. Which of the two is
// told of somebody whom the configuration does not name depends on where it is told.
func (c *company) colleague(n int, place string, facets ...view.Facet) string {
	id := c.hidden(n, place+" id", view.FacetPeople)
	c.names[id] = c.hidden(n, place, facets...)
	c.site.AddUser(jirasim.User{AccountID: id, DisplayName: c.names[id]})
	return id
}

// login is an account of the hub whose login is a word.
func (c *company) login(n int, place string) string {
	word := c.hidden(n, place, view.FacetPeople)
	c.check(c.hub.AddUser(githubsim.User{Login: word, Name: c.never("full name of " + place), Push: true}))
	return word
}

// text is a value that quotes a word among characters that have to be escaped.
func text(word string) string { return word + ` <b>"&' ünd so` }

// custom is a custom field with a value.
func (c *company) custom(word string) map[string]json.RawMessage {
	value, err := json.Marshal(text(word))
	c.check(err)
	return map[string]json.RawMessage{c.field: value}
}
