package secrecy

import (
	"fmt"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
	"parley/sync/view"
)

// The cards that are not simply a pair.
const (
	gitHubOnly = 5
	jiraOnly   = 6
	mirrored   = 7 // and all after it: Jira issues whose twins Parley makes
)

// odd cards show a status and a priority that the configuration does not know.
func odd(n int) bool { return n == 2 || n == jiraOnly }

// agreed cards have one title on both sides; of the other pairs somebody has to choose.
func agreed(n int) bool { return n >= 1 && n <= 3 }

// open makes the issues of a card, with a past of ten days.
func (c *company) open(n int) issue {
	at := time.Now().Add(-10 * 24 * time.Hour).Truncate(time.Second)
	var out issue
	if n != gitHubOnly {
		out.key = c.openJira(at, n)
	}
	if n < jiraOnly {
		out.repo, out.number = c.openGitHub(at.Add(time.Minute), n, out.key)
	}
	if out.key != "" && out.repo != "" {
		url := fmt.Sprintf("%s/%s/issues/%d", c.github, out.repo, out.number)
		_, _, err := c.site.At(at.Add(2*time.Minute)).AddRemoteLink("admin-1", out.key, jirasim.RemoteLink{URL: url, GlobalID: url, Title: c.never("text of a link"), Relationship: c.never("relationship of a link")})
		c.check(err)
		elsewhere := c.github + "/acme/" + c.never("repository elsewhere") + "/issues/1"
		_, _, err = c.site.At(at.Add(2*time.Minute)).AddRemoteLink("admin-1", out.key, jirasim.RemoteLink{URL: elsewhere, Title: c.never("text of a foreign link")})
		c.check(err)
	}
	return out
}

func (c *company) openJira(at time.Time, n int) string {
	t, j, p := view.FacetTitle, view.FacetJira, view.FacetPeople
	epic, err := c.site.At(at).Create("admin-1", jirasim.NewIssue{Project: "PRG", Type: "Epic", Summary: text(c.hidden(n, "epic", t)), Description: c.never("description of an epic")})
	c.check(err)
	in := jirasim.NewIssue{
		Project: "OPS", Type: "Story", Summary: text(c.hidden(n, "first Jira title", t)), Description: text(c.never("Jira description")),
		Labels: []string{c.label(n, "Jira label")}, Parent: epic.Key, Versions: []string{c.hidden(n, "version", whole()...)},
		Reporter: c.colleague(n, "reporter", view.FacetRequester), Assignee: c.colleague(n, "Jira assignee", p),
	}
	reporter := c.plants[c.names[in.Reporter]]
	reporter.ways = append(reporter.ways, way{n, []view.Facet{p}})
	if unit := c.cards[n].unit; unit != "unassigned" {
		in.Components = []string{unit}
	}
	if n >= mirrored {
		in.Project = "FIN"
	}
	if n != 4 && c.cards[n].restricted {
		in.Security = c.never("security level")
	}
	if odd(n) {
		in.Priority = fmt.Sprint(100 + n)
	}
	is, err := c.site.At(at).Create(c.colleague(n, "Jira creator", j, p), in)
	c.check(err)
	c.past(at, n, is.Key)
	return is.Key
}

// past is what happened to a Jira issue before Parley met it.
func (c *company) past(at time.Time, n int, key string) {
	j, p := view.FacetJira, view.FacetPeople
	actor := c.colleague(n, "Jira actor", j, p)
	step := func(hours int, do func(m jirasim.Moment) error) {
		c.check(do(c.site.At(at.Add(time.Duration(hours) * time.Hour))))
	}
	step(1, func(m jirasim.Moment) error { return m.ForceStatus(actor, key, "3") })
	step(2, func(m jirasim.Moment) error {
		return m.Edit(actor, key, jirasim.Edit{Custom: c.custom(c.of(n, "custom value", whole()...))})
	})
	c.titles[n] = text(c.of(n, "Jira title", view.FacetTitle))
	step(3, func(m jirasim.Moment) error {
		return m.Edit(actor, key, jirasim.Edit{AddLabels: []string{c.label(n, "another Jira label")}, Summary: new(c.titles[n])})
	})
	step(4, func(m jirasim.Moment) error {
		return m.Edit(actor, key, jirasim.Edit{Description: new(c.never("Jira description"))})
	})
	step(5, func(m jirasim.Moment) error {
		_, err := m.AddComment(c.colleague(n, "Jira commentator", j, p), key, text(c.never("Jira comment")))
		return err
	})
	if odd(n) {
		step(6, func(m jirasim.Moment) error { return m.ForceStatus(actor, key, fmt.Sprint(20000+n)) })
	}
}

// label is a label that is carried to the other side: who reads one side of it reads it.
func (c *company) label(n int, place string) string {
	word := c.of(n, place, view.FacetTitle, view.FacetJira)
	p := c.plants[word]
	p.ways = append(p.ways, way{n, []view.Facet{view.FacetTitle, view.FacetGitHub, view.FacetDetail}})
	return word
}

func (c *company) openGitHub(at time.Time, n int, twin string) (string, int) {
	t, g, d := view.FacetTitle, view.FacetGitHub, view.FacetDetail
	repo, labels := c.repos[0], []string{c.label(n, "GitHub label")}
	switch c.cards[n].unit {
	case "trading":
		repo = c.repos[1]
	case "unassigned":
		repo = c.repos[2]
	}
	if twin == "" {
		labels = append(labels, "bu:"+c.cards[n].unit)
	}
	if n == 0 {
		labels = append(labels, "status:review") // Jira says it is in work: somebody has to choose
	}
	if n == 4 {
		labels = append(labels, "confidential")
	}
	hub := c.hub.At(at)
	milestone, err := hub.AddMilestone("builder", repo, githubsim.Milestone{Title: c.sow(fmt.Sprintf("milestone of card %d", n), n == gitHubOnly, way{n, []view.Facet{t, g, d}}), Description: c.never("description of a milestone")})
	c.check(err)
	author := c.login(n, "GitHub author")
	if twin == "" { // who is then the one who asks
		c.plants[author].ways = append(c.plants[author].ways, way{n, []view.Facet{view.FacetRequester}})
	}
	title := c.titles[n]
	if !agreed(n) {
		word := c.of(n, "GitHub title", t) // a title is carried: it is what the board might come to show
		title = text(word)
		if twin == "" {
			c.plants[word].ways = []way{{n, []view.Facet{t, g, d}}}
		}
	}
	is, err := hub.CreateIssue(author, repo, githubsim.NewIssue{Title: title, Body: text(c.never("GitHub body")), Labels: labels, Milestone: milestone, Assignees: []string{c.login(n, "GitHub assignee")}})
	c.check(err)
	_, err = c.hub.At(at.Add(time.Hour)).Comment(c.login(n, "GitHub commentator"), repo, is.Number, text(c.never("GitHub comment")))
	c.check(err)
	c.check(c.hub.At(at.Add(2*time.Hour)).AddLabels(c.login(n, "GitHub actor"), repo, is.Number, c.label(n, "another GitHub label")))
	return repo, is.Number
}
