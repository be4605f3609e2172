package transport

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/connectors"
)

// Terms are what may be asked of a tracker with one credential.
type Terms struct {
	Windows []Window
	// Reserve is the share of a quota, from 0 to 1, that a class leaves to others: whoever
	// uses the same credential, and the classes that matter more.
	Reserve map[connectors.Class]float64
}

// DefaultReserve leaves a tenth to people. What nobody waits for stops when half is used.
func DefaultReserve() map[connectors.Class]float64 {
	return map[connectors.Class]float64{
		connectors.ClassBackground: 0.50,
		connectors.ClassSlow:       0.30,
		connectors.ClassPoll:       0.15,
		connectors.ClassCard:       0.10,
		connectors.ClassWrite:      0.10,
	}
}

// slack is added to every span: a request arrives later than it was sent, and the next
// one may be quicker.
const slack = time.Second

// GitHubTerms are the limits that GitHub publishes beside the hourly quota, which its
// answers tell: 900 points a minute, a read being one and a change five, 80 creates a
// minute and 500 an hour.
func GitHubTerms() Terms {
	creates := func(q Request) int {
		if !q.Read && q.Method == http.MethodPost && (strings.HasSuffix(q.Path, "/issues") || strings.HasSuffix(q.Path, "/comments")) {
			return 1
		}
		return 0
	}
	return Terms{Reserve: DefaultReserve(), Windows: []Window{
		{Name: "900 points a minute", Span: time.Minute + slack, Most: 900, Scope: connectors.ScopeClass, Cost: func(q Request) int {
			if q.Read {
				return 1
			}
			return 5
		}},
		{Name: "80 creates a minute", Span: time.Minute + slack, Most: 80, Scope: connectors.ScopeEndpoint, Cost: creates},
		{Name: "500 creates an hour", Span: time.Hour + slack, Most: 500, Scope: connectors.ScopeEndpoint, Cost: creates},
	}}
}

// JiraTerms are the limits that Atlassian publishes for writes to one issue: 20 in 2 s
// and 100 in 30 s. Those per endpoint are told by its answers.
func JiraTerms() Terms {
	write := func(q Request) int {
		if q.Read || issueOf(q) == "" {
			return 0
		}
		return 1
	}
	return Terms{Reserve: DefaultReserve(), Windows: []Window{
		{Name: "20 writes to one issue in 2 s", Span: 2*time.Second + slack, Most: 20, Scope: connectors.ScopeIssue, Cost: write, Key: issueOf},
		{Name: "100 writes to one issue in 30 s", Span: 30*time.Second + slack, Most: 100, Scope: connectors.ScopeIssue, Cost: write, Key: issueOf},
	}}
}

// issueOf is the issue in the path of a request to Jira, "" where there is none.
func issueOf(q Request) string {
	_, rest, found := strings.Cut(q.Path, "/issue/")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return strings.ToUpper(id)
}

// endpointOf is the method and the path of a request without what names one issue,
// comment, repository or project in it.
func endpointOf(q Request) string {
	parts := strings.Split(strings.Trim(q.Path, "/"), "/")
	for i := range parts {
		if i == 0 {
			continue
		}
		named := (parts[i-1] == "issue" || parts[i-1] == "project") && parts[i] != "bulkfetch" && parts[i] != "createmeta"
		if _, err := strconv.ParseInt(parts[i], 10, 64); named || err == nil && parts[i-1] != "api" {
			parts[i] = "*"
		}
	}
	return q.Method + " " + strings.Join(parts, "/")
}
