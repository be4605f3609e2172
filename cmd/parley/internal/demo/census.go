package demo

import (
	"slices"
	"strings"

	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// item is one piece of work as it stands in the trackers, with one issue or two.
type item struct {
	jira *jirasim.Issue
	hub  *githubsim.Issue
}

// stage is where the item stands. Where both trackers tell it and GitHub has an
// opinion, developers believe GitHub; the business looks at Jira by itself.
func (i item) stage() stage {
	if i.hub == nil {
		return stageOfStatus(i.jira.Status)
	}
	if s := stageOfIssue(*i.hub); s != requests || i.jira == nil {
		return s
	}
	return stageOfStatus(i.jira.Status)
}

// rank is the urgency, 0 the highest; work without a priority comes last.
func (i item) rank() int {
	for n, name := range priorities() {
		if i.jira != nil && i.jira.PriorityName == name {
			return n
		}
		if i.jira == nil && slices.Contains(i.hub.Labels, priorityLabel(name)) {
			return n
		}
	}
	return len(priorities())
}

// stageOfIssue reads a GitHub issue; open without a status label is a request.
func stageOfIssue(is githubsim.Issue) stage {
	for _, l := range looks() {
		closed := is.State == "closed" && l.reason == is.StateReason && l.reason != ""
		labelled := is.State == "open" && l.label != "" && slices.Contains(is.Labels, l.label)
		if closed || labelled {
			return l.stage
		}
	}
	return requests
}

// work is everything in the trackers.
type work []item

// census finds out who is whose twin and lists all work, oldest first per tracker.
func census(jira []jirasim.Issue, hub []githubsim.Issue) work {
	var all work
	twinned := map[string]bool{}
	for _, p := range pairs(jira, hub) {
		all = append(all, p)
		twinned[p.jira.Key], twinned[p.hub.URL] = true, true
	}
	for i := range jira {
		if !twinned[jira[i].Key] {
			all = append(all, item{jira: &jira[i]})
		}
	}
	for i := range hub {
		if !twinned[hub[i].URL] {
			all = append(all, item{hub: &hub[i]})
		}
	}
	return all
}

// in counts the work in a stage.
func (w work) in(s stage) int {
	n := 0
	for _, i := range w {
		if i.stage() == s {
			n++
		}
	}
	return n
}

// pairs joins the issues that point at each other, in the order of Jira.
func pairs(jira []jirasim.Issue, hub []githubsim.Issue) work {
	byURL, byKey := map[string]*githubsim.Issue{}, map[string]*githubsim.Issue{}
	for i := range hub {
		byURL[hub[i].URL] = &hub[i]
		if key, _, ok := strings.Cut(hub[i].Title, ": "); ok {
			byKey[key] = &hub[i]
		}
	}
	var out work
	for i := range jira {
		if twin := twinOf(&jira[i], byURL, byKey); twin != nil {
			out = append(out, item{&jira[i], twin})
		}
	}
	return out
}

func twinOf(is *jirasim.Issue, byURL, byKey map[string]*githubsim.Issue) *githubsim.Issue {
	for _, l := range is.Links {
		if twin := byURL[l.URL]; twin != nil {
			return twin
		}
	}
	if twin := byKey[is.Key]; twin != nil {
		return twin
	}
	for word := range strings.FieldsSeq(is.Description) {
		if twin := byURL[word]; twin != nil {
			return twin
		}
	}
	return nil
}
