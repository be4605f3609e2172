package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

const jiraTime = "2006-01-02T15:04:05.000-0700"

// people work on the issues of both.
const people = 200

func (c *company) jira(enc *json.Encoder) error { return c.encodeAll(enc, c.jiraIssue) }

func (c *company) gitHub(enc *json.Encoder) error { return c.encodeAll(enc, c.gitHubIssue) }

// jiraIssue is the i-th issue in Jira's JSON, with the steps that led to its status.
func (c *company) jiraIssue(i int) object {
	at, s, p := c.at(i), of(i), priorities()[i%3]
	out := object{"id": strconv.Itoa(100000 + i), "key": fmt.Sprintf("%s-%d", project, i), "fields": object{
		"summary": title(i), "project": object{"key": project}, "issuetype": object{"name": []string{"Story", "Bug", "Task"}[i%3]},
		"status":   status(s),
		"priority": object{"name": p.jira}, "labels": []string{fmt.Sprint("team-", i%12)},
		"assignee": object{"accountId": fmt.Sprint("person-", i%people), "displayName": fmt.Sprint("Person ", i%people)},
		"reporter": object{"accountId": fmt.Sprint("person-", i%77), "displayName": fmt.Sprint("Person ", i%77)},
		"created":  at.Format(jiraTime),
	}}
	fields, _ := out["fields"].(object)
	var histories []object
	last, from := at, stages()[0]
	for n, to := range stages()[1:s.id] {
		last = last.Add(time.Duration(20+i%90) * time.Hour)
		histories = append(histories, object{"id": strconv.Itoa(i*10 + n), "author": fields["assignee"], "created": last.Format(jiraTime), "items": []object{{
			"field": "status", "fieldId": "status", "fieldtype": "jira", "from": strconv.Itoa(from.id), "fromString": from.name, "to": strconv.Itoa(to.id), "toString": to.name,
		}}})
		from = to
	}
	out["changelog"] = object{"histories": histories}
	if fields["updated"] = last.Format(jiraTime); s.key == "done" {
		fields["resolution"], fields["resolutiondate"] = object{"name": "Done"}, last.Format(jiraTime)
	}
	return out
}

func status(s stage) object {
	return object{"id": strconv.Itoa(s.id), "name": s.name, "statusCategory": object{"key": s.jiraCategory}}
}

// gitHubIssue is the i-th issue in GitHub's JSON; every second one is the twin of Jira's.
func (c *company) gitHubIssue(i int) object {
	at, s, p := c.at(i), of(i), priorities()[i%3]
	labels := []object{{"name": p.label}}
	if s.label != "" {
		labels = append(labels, object{"name": s.label})
	}
	last := at.Add(time.Duration((20+i%90)*(s.id-1)) * time.Hour)
	out := object{"id": 5_000_000 + i, "number": i, "title": "Work: " + title(i), "body": "", "state": "open", "user": object{"login": fmt.Sprint("dev", i%50), "type": "User"},
		"labels": labels, "assignees": []object{{"login": fmt.Sprint("dev", i%people), "type": "User"}}, "created_at": at.UTC().Format(time.RFC3339), "updated_at": last.UTC().Format(time.RFC3339)}
	if paired(i) {
		out["title"] = fmt.Sprintf("%s-%d %s", project, i, title(i))
	}
	if s.key == "done" {
		out["state"], out["state_reason"], out["closed_at"] = "closed", "completed", out["updated_at"]
	}
	return out
}

func paired(i int) bool { return i%2 == 0 }

func title(i int) string {
	return fmt.Sprintf("%s of the %s feed, part %d", []string{"Settlement", "Reconciliation", "Limits", "Valuation"}[i%4], []string{"equity", "rates", "credit", "repo", "margin"}[i%5], i)
}
