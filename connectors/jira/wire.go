package jira

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// text accepts a string, a number or a boolean; anything else is empty. Ids are
// numbers in some answers and strings in others.
type text string

// UnmarshalJSON fails only on a damaged string.
func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) == 0 || b[0] == '{' || b[0] == '[' || string(b) == "null":
		*t = ""
	case b[0] == '"':
		return json.Unmarshal(b, (*string)(t))
	default:
		*t = text(b)
	}
	return nil
}

// soft decodes what Parley can do without: a shape that does not fit leaves the
// zero value instead of failing the page.
type soft[T any] struct{ V T }

// UnmarshalJSON never fails.
func (s *soft[T]) UnmarshalJSON(b []byte) error {
	var v T
	if json.Unmarshal(b, &v) == nil {
		s.V = v
	}
	return nil
}

// level is a security level, nil for none. One in a shape that is not known is one all the
// same: the issue is not for everybody.
type level struct{ V *wireOption }

// UnmarshalJSON never fails.
func (l *level) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var o soft[wireOption]
	_ = o.UnmarshalJSON(b)
	l.V = &o.V
	return nil
}

// name is never "" where there is a level.
func (l level) name() string {
	if l.V == nil {
		return ""
	}
	return string(firstOf(l.V.Name, l.V.ID, "?"))
}

// stamp is a moment as Jira writes it: a zone without a colon, usually in the
// time zone of the account that asks; or, in one answer, a number.
type stamp struct{ time.Time }

var stampLayouts = []string{"2006-01-02T15:04:05.999-0700", "2006-01-02T15:04:05.999Z07:00"}

// UnmarshalJSON accepts null and "" as no moment.
func (s *stamp) UnmarshalJSON(b []byte) error {
	if string(b) == "null" || string(b) == `""` {
		return nil
	}
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		// Seconds reach this size in the year 5138, milliseconds did in 1973.
		if n < 1e11 {
			n *= 1000
		}
		s.Time = time.UnixMilli(n).UTC()
		return nil
	}
	value := string(bytes.Trim(b, `"`))
	for _, layout := range stampLayouts {
		if t, err := time.Parse(layout, value); err == nil {
			s.Time = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("%.40q is not a moment", value)
}

type wireUser struct {
	AccountID   text `json:"accountId"` // Cloud
	Name        text `json:"name"`      // Data Center, can be changed
	Key         text `json:"key"`       // Data Center, stays
	DisplayName text `json:"displayName"`
	AccountType text `json:"accountType"` // Cloud: app for a program
}

type wireOption struct {
	ID   text `json:"id"`
	Name text `json:"name"`
}

type wireVersion struct {
	wireOption
	Released text `json:"releaseDate"` // date on which it is, or was to be
}

type wireStatus struct {
	wireOption
	Untranslated text `json:"untranslatedName"`
	Category     struct {
		Key text `json:"key"`
	} `json:"statusCategory"`
	Scope soft[struct {
		Project wireOption `json:"project"`
	}] `json:"scope"`
}

type wireIssue struct {
	ID        text            `json:"id"`
	Key       text            `json:"key"`
	Fields    json.RawMessage `json:"fields"`
	Changelog *wireChangelog  `json:"changelog"`
	// Properties are those that were asked for and exist.
	Properties soft[map[string]json.RawMessage] `json:"properties"`
	// Transitions were asked for where they are there.
	Transitions soft[*[]wireTransition] `json:"transitions"`
}

// wireFields is strict about what is synchronised and soft about the rest.
type wireFields struct {
	Summary         text                     `json:"summary"`
	Description     text                     `json:"description"`
	Type            soft[wireOption]         `json:"issuetype"`
	Project         soft[struct{ Key text }] `json:"project"`
	Status          *wireStatus              `json:"status"`
	Resolution      *wireOption              `json:"resolution"`
	Priority        *wireOption              `json:"priority"`
	Created         stamp                    `json:"created"`
	Updated         stamp                    `json:"updated"`
	Resolved        soft[stamp]              `json:"resolutiondate"`
	CategoryChanged soft[stamp]              `json:"statuscategorychangedate"`
	Labels          soft[[]text]             `json:"labels"`
	Components      soft[[]wireOption]       `json:"components"`
	FixVersions     soft[[]wireVersion]      `json:"fixVersions"`
	Assignee        soft[*wireUser]          `json:"assignee"`
	Reporter        soft[*wireUser]          `json:"reporter"`
	Creator         soft[*wireUser]          `json:"creator"`
	Parent          soft[struct{ Key text }] `json:"parent"`
	Due             text                     `json:"duedate"`
	Security        level                    `json:"security"`
	Archived        soft[stamp]              `json:"archiveddate"`
}

type wireChangelog struct {
	StartAt   int           `json:"startAt"`
	Total     int           `json:"total"`
	Histories []wireHistory `json:"histories"`
}

type wireHistory struct {
	ID       text            `json:"id"`
	Author   soft[*wireUser] `json:"author"` // missing for automation and deleted accounts
	Created  stamp           `json:"created"`
	Items    []wireItem      `json:"items"`
	Metadata soft[*struct {
		Type  text `json:"type"`
		Extra struct {
			Op text `json:"op"`
		} `json:"extraData"`
	}] `json:"historyMetadata"`
}

type wireItem struct {
	Field    text `json:"field"`
	FieldID  text `json:"fieldId"` // Cloud only
	From     text `json:"from"`
	FromName text `json:"fromString"`
	To       text `json:"to"`
	ToName   text `json:"toString"`
}
