package mapping

import (
	"net/url"
	"strings"

	"parley/connectors"
	"parley/kanban"
)

// The longest texts that the trackers take, in UTF-16 units, less room for the mark
// and the address at their end.
const (
	jiraBody   = 32767 - 2048
	githubBody = 65536 - 2048
)

// MirrorText is what a twin that is created for an issue says: as much as the rule
// names, and no more than may enter the place. withheld is the reason, for people,
// where that is less than the rule names. A title that is not told is the issue's
// key, which as a title says nothing. The body ends with the issue's address; what is
// told of the issue's own is made harmless first.
func (r *Rules) MirrorText(rule PairRule, from connectors.Issue, to connectors.Container) (title, body, withheld string) {
	address := r.address(from)
	if rule.MirrorText == MirrorNoText {
		return from.Key, address, ""
	}
	if ok, why := r.TextMayCross(from, to); !ok {
		return from.Key, address, why
	}
	side, room := kanban.Jira, githubBody
	if from.Kind == connectors.GitHub {
		side, room = kanban.GitHub, jiraBody
	}
	title = or(r.mirrorTitle(side, from), from.Key)
	if rule.MirrorText != MirrorTitleBody {
		return title, address, ""
	}
	return title, strings.TrimPrefix(clipped(r.harmless(from.Body), room)+"\n\n"+address, "\n\n"), ""
}

// mirrorTitle is an issue's title as it would be written to the other side, "" where
// it says nothing.
func (r *Rules) mirrorTitle(side kanban.Side, from connectors.Issue) string {
	own, others := r.ofSide(side, kanban.FieldTitle), r.ofSide(side.Other(), kanban.FieldTitle)
	if len(own) == 0 || len(others) == 0 {
		return ""
	}
	vs, opinion := own[0].meaning(own[0].read(from))
	if opinion != kanban.Says {
		return ""
	}
	to := others[0].targets(vs[0], "")
	if len(to) == 0 {
		return ""
	}
	return string(to[0])
}

// address is where people find the issue, its key where that is not known.
func (r *Rules) address(i connectors.Issue) string {
	u, err := url.Parse(i.URL)
	if err != nil || strings.ContainsFunc(i.URL, odd) {
		return i.Key
	}
	for _, s := range r.sites {
		if _, ok := s.within(u); ok && s.tracker == i.Tracker {
			return i.URL
		}
	}
	return i.Key
}

// odd finds what no address of an issue has in it and a text could be broken out of
// its line with.
func odd(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("<>\"'`\\@{}[]()!*", r)
}

// clipped shortens a text and says so at its end.
func clipped(text string, units int) string {
	if short := clip(text, units); len(short) < len(text) {
		return short + "\n\n…"
	}
	return text
}
