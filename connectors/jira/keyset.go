package jira

import (
	"strings"
	"time"
)

// serverStep tells where Data Center's page after p is.
//
// It goes on from the last issue seen, not by offset: an issue that changes while the
// pages are read moves to the end, every offset behind it is then one short, and a row
// falls between two pages. Within one second, the resolution of the index, that leads
// no further: of a second that fills a page each project is read by key, to the end of
// that second, however many issues a bulk change has put there. A site counts no more
// than its window of rows, usually 10,000.
func (f found) serverStep(projects []string, from time.Time, at position, p answerPage) answerPage {
	left := len(f.Issues) > 0 && at.Start+len(f.Issues) < f.Total
	if at.Project != "" {
		p.HasNext, p.Next = true, f.withinSecond(projects, at, left)
		return p
	}
	if at.From != 0 {
		from = time.UnixMilli(at.From)
	}
	second := p.Newest.Truncate(time.Second)
	p.HasNext = left
	switch {
	case p.Newest.IsZero():
		p.Next = position{From: at.From, Start: at.Start + len(f.Issues)} // no row has a place
	case second.After(from):
		p.Next = position{From: second.UnixMilli()}
	default:
		p.Next = position{From: from.UnixMilli(), Project: projects[0]}
	}
	return p
}

// withinSecond is where the reading of a second goes on: behind the last key, with the
// next project, or with the next second.
func (f found) withinSecond(projects []string, at position, left bool) position {
	if left {
		if key := f.Issues[len(f.Issues)-1].key(); keyAfter(key, at.Key) {
			return position{From: at.From, Project: at.Project, Key: key}
		}
		at.Start += len(f.Issues)
		return at
	}
	for i, p := range projects {
		if p == at.Project && i+1 < len(projects) {
			return position{From: at.From, Project: projects[i+1]}
		}
	}
	return position{From: at.From + time.Second.Milliseconds()}
}

// keyAfter reports whether a key leads behind another one of the same project; behind
// "" every key does.
func keyAfter(key, last string) bool {
	n, ok := numberOf(key)
	if !ok || last == "" {
		return ok
	}
	m, _ := numberOf(last)
	return n > m && strings.HasPrefix(last, key[:strings.LastIndexByte(key, '-')+1])
}
