package githubsim

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What GitHub does with the text of a comment once it is rendered: whoever is mentioned
// is told and subscribed, and an issue that is named has the comment in its timeline.
// Comments of HTML and code are passed over; references of characters are read before,
// so that "&#64;ana" is a mention.
var (
	passedOver = regexp.MustCompile("(?s)<!--.*?-->|```.*?(?:```|$)|`[^`\n]*`")
	mentions   = regexp.MustCompile(`(?i)(?:^|[^\w/@-])@([a-z0-9][a-z0-9-]{0,38})`)
	references = regexp.MustCompile(`(?i)(?:^|[^\w&])(?:#|GH-|https?://[^\s/]+/([\w.-]+/[\w.-]+)/(?:issues|pull)/)(\d{1,9})\b`)
)

// tell lets the text of a comment do what it does.
func (a act) tell(is *issue, body string) {
	text := html.UnescapeString(passedOver.ReplaceAllString(body, "\x00"))
	var told []string
	for _, m := range mentions.FindAllStringSubmatch(text, -1) {
		login := strings.ToLower(strings.Trim(m[1], "-"))
		u := a.w.users[login]
		if u == nil || u.deleted || u == a.who || slices.Contains(told, login) {
			continue
		}
		told = append(told, login)
		for _, kind := range []string{"mentioned", "subscribed"} {
			act{w: a.w, who: u, at: a.at}.record(is, event{kind: kind})
		}
	}
	for _, m := range references.FindAllStringSubmatch(text, -1) {
		a.refer(is, m[1], m[2])
	}
}

// refer names an issue, of this repository unless another is said.
func (a act) refer(from *issue, in, number string) {
	rp := from.repo
	if in != "" {
		rp = a.w.repos[strings.ToLower(in)]
	}
	n, err := strconv.Atoi(number)
	if rp == nil || err != nil {
		return
	}
	if is := rp.byNumber[n]; is != nil && is != from {
		a.aside(is, string(CrossReference))
	}
}
