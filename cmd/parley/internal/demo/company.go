package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// Access is what somebody needs to meet the company.
type Access struct {
	JiraUser    string // e-mail of Parley's Jira account; "": the token is enough, as at Data Center
	JiraToken   string
	GitHubToken string
	People      []Person
	Decided     []Decision // about the contracts, the earliest first

	tryJira, tryGitHub twins     // pairs that the colleagues leave to whoever watches
	began              time.Time // of the contracts
}

// twins are the two issues of one piece of work.
type twins struct {
	key    string
	repo   string
	number int
	title  string
}

// hubKey is how people name the GitHub issue.
func (t twins) hubKey() string { return fmt.Sprintf("%s#%d", t.repo, t.number) }

// Company fills an empty Jira and an empty GitHub with a bank's back office and six
// months of its work that end at now. The same seed and moment give the same company.
// It fails where the trackers refuse something, as they do when they are not empty.
func Company(jira *jirasim.Site, hub *githubsim.Hub, now time.Time, seed uint64) (Access, error) {
	office, err := newOffice()
	if err != nil {
		return Access{}, err
	}
	now = now.UTC().Truncate(time.Second)
	furnish(jira)
	if err := hire(jira, hub); err != nil {
		return Access{}, fmt.Errorf("hire the company: %w", err)
	}
	if err := found(hub, now); err != nil {
		return Access{}, fmt.Errorf("found the repositories: %w", err)
	}
	rng := rand.New(rand.NewPCG(seed, 0x7061726c6579))
	p := &planner{rng: rng, office: office, now: now}
	stories := p.plan()
	t := &teller{jira: jira, hub: hub, now: now}
	if err := t.openProgrammes(); err != nil {
		return Access{}, err
	}
	if err := t.tell(rng, stories); err != nil {
		return Access{}, err
	}
	a := access(stories, office.week(now, -contractWeeks))
	a.Decided = p.decided(stories)
	return a, nil
}

func access(stories []*story, began time.Time) Access {
	b := bot()
	a := Access{JiraUser: b.Email, JiraToken: token("jira", b), GitHubToken: token("github", b), People: cast(), began: began}
	var free []twins
	for _, s := range inProgress(stories) {
		if !s.silent && !slices.Contains(s.labels, blockedLabel) {
			free = append(free, twins{s.key, s.repo, s.number, s.title})
		}
	}
	if len(free) > 1 {
		a.tryJira, a.tryGitHub = free[0], free[1]
	}
	return a
}
