package demo

import "fmt"

// ThreeThings says what a visitor can try, in lines to print. The commands change
// two real pairs of the company, which the colleagues leave alone, as Ana would.
func ThreeThings(a Access, s Settings) []string {
	ana := a.People[0]
	toReview, _ := wayTo(doing, review, false)
	jira, hub := a.tryJira, a.tryGitHub
	return []string{
		"Three things to try:",
		"",
		fmt.Sprintf("1. In Jira, Ana asks for a review of %s (%s). The card moves, and %s gets the label %s:",
			jira.key, jira.title, jira.hubKey(), review.look().label),
		fmt.Sprintf(`   curl -s -u '%s:%s' -H 'Content-Type: application/json' -X POST '%s/rest/api/3/issue/%s/transitions' -d '{"transition":{"id":"%s"}}'`,
			ana.Email, token("jira", ana), s.JiraURL, jira.key, toReview.id),
		"",
		fmt.Sprintf("2. In GitHub, Ana closes %s (%s). Jira has no direct way from In Progress to Done; %s takes two:",
			hub.hubKey(), hub.title, hub.key),
		fmt.Sprintf(`   curl -s -o /dev/null -H 'Authorization: Bearer %s' -X PATCH '%s/repos/%s/issues/%d' -d '{"state":"closed"}'`,
			token("github", ana), s.GitHubURL, hub.repo, hub.number),
		"",
		fmt.Sprintf("3. On the board, %s, drag any card to another column, then open it: it says what was written where, and why.", s.PublicURL),
	}
}
