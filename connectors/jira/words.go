package jira

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"parley/connectors/transport"
)

// maxText bounds, in characters, the tracker's words in an error and the values
// kept of a change: descriptions travel in whole.
const maxText = 300

// words are what a refusal says.
type words struct {
	message string
	field   string // the first field complained about, by name
	json    bool
	jira    bool // in the form that Jira gives its own refusals
}

// parseWords reads the forms of refusals: Jira's own, problem details, single
// messages of gateways, a page's title, plain text.
func parseWords(a transport.Answer) words {
	if !transport.IsJSON(a.Header) {
		return words{message: pageTitle(a.Body)}
	}
	var body struct {
		Messages []text                `json:"errorMessages"`
		Errors   soft[map[string]text] `json:"errors"`
		Message  text                  `json:"message"`
		Detail   text                  `json:"detail"`
		Title    text                  `json:"title"`
		Error    text                  `json:"error"`
	}
	if json.Unmarshal(a.Body, &body) != nil {
		return words{message: pageTitle(a.Body)} // a text that calls itself JSON
	}
	w := words{json: true, jira: len(body.Messages)+len(body.Errors.V) > 0}
	var parts []string
	for _, m := range body.Messages {
		parts = append(parts, string(m))
	}
	for _, field := range slices.Sorted(maps.Keys(body.Errors.V)) {
		if w.field == "" {
			w.field = field
		}
		parts = append(parts, field+": "+string(body.Errors.V[field]))
	}
	for _, m := range []text{body.Message, body.Detail, body.Title, body.Error} {
		if len(parts) == 0 && m != "" {
			parts = append(parts, string(m))
		}
	}
	w.message = strings.Join(parts, "; ")
	return w
}

var (
	titleTag = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	anyTag   = regexp.MustCompile(`(?s)<[^>]*>`)
)

// pageTitle gives what a page or a plain text says about itself.
func pageTitle(body []byte) string {
	head := string(body[:min(len(body), 16<<10)])
	if m := titleTag.FindStringSubmatch(head); m != nil {
		return "a page with the title: " + m[1]
	}
	return anyTag.ReplaceAllString(head, " ")
}

// clean makes foreign words fit for a log line: no secrets, no control
// characters, no more than maxText characters.
func (c *Client) clean(s string) string {
	for _, secret := range c.secrets {
		s = strings.ReplaceAll(s, secret, "[secret]")
	}
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
	return cut(strings.Join(strings.Fields(s), " "))
}

// cut shortens s to at most maxText characters and an ellipsis.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
