package demo

import (
	"fmt"
	"strings"
)

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

// Beside says how to ask about the company from another terminal while the demo runs, in lines
// to print and to copy: program is how Parley is called there, file the configuration.
func Beside(a Access, program, file string) []string {
	export := []string{"export", "PARLEY_CONFIG=" + quoted(file)}
	for _, name := range TokenVariables() {
		value, _ := a.LookupEnv(name)
		export = append(export, name+"="+quoted(value))
	}
	return []string{
		"Every command works beside it. In a second terminal:",
		"   " + strings.Join(export, " "),
		fmt.Sprintf("   %[1]s explain %[2]s; %[1]s contract show %[3]s", quoted(program), a.tryGitHub.key, agreements()[0].unit),
	}
}

// quoted is a word for a shell, as it is where nothing in it means anything to one.
func quoted(word string) string {
	if !strings.ContainsFunc(word, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:", r)
	}) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
