package demo

// quota says how many stories stand in a stage today, by the trackers they are in,
// and how many of the pairs are incidents.
type quota struct {
	stage                 stage
	pairs, jira, hub, inc int
}

// quotas add up to 260 issues: 86 pairs, 46 in Jira alone, 42 in GitHub alone. In
// progress holds one more than its limit of 12.
func quotas() []quota {
	return []quota{
		{stage: requests, jira: 10, hub: 7},
		{stage: committed, pairs: 6, jira: 1, hub: 2},
		{stage: doing, pairs: 9, jira: 1, hub: 3, inc: 1},
		{stage: review, pairs: 3, hub: 2},
		{stage: waiting, pairs: 4, jira: 1},
		{stage: verify, pairs: 3, jira: 1, inc: 1},
		{stage: onHold, pairs: 1},
		{stage: withdrawn, pairs: 2, jira: 3, hub: 1},
		{stage: done, pairs: 58, jira: 29, hub: 27, inc: 16},
	}
}
