// Package signin finds out who looks at the board: by the headers of a trusted proxy, by
// OpenID Connect, or by a signed read-only link. It keeps no password, and of a session
// or a link nothing that opens the board.
package signin

import (
	"net/http"
	"slices"
	"strings"
	"unicode"

	"parley/kanban"
	"parley/sync/view"
	"parley/web"
)

// Group says what the members of a group of the sign-in see and may do.
type Group struct {
	Name     string
	Audience view.Audience
	Role     kanban.Role
}

// Groups are looked at in this order: the first that somebody is in decides.
type Groups []Group

// viewer is who a person of these groups is on the board. Whoever is in no group is told
// whom to ask.
func (g Groups) viewer(name string, in []string, contact string) (view.Viewer, error) {
	i := slices.IndexFunc(g, func(of Group) bool { return slices.Contains(in, of.Name) })
	if i < 0 {
		return view.Viewer{}, refused(http.StatusForbidden, "you are signed in as "+name+", and none of your groups opens this board; ask "+asked(contact)+" to add one of them")
	}
	return view.Viewer{Audience: g[i].Audience, Role: g[i].Role, Name: name, Proved: true}, nil
}

// asked is whom people are sent to.
func asked(contact string) string {
	if contact == "" {
		return "whoever runs it"
	}
	return contact
}

func refused(status int, reason string) *web.Refusal {
	return &web.Refusal{Status: status, Reason: reason}
}

// longestName is how much of somebody's name is kept.
const longestName = 80

// called is a name as it may be shown and recorded: in one line, without letters that
// change how others are read.
func called(name string) string {
	name = strings.Map(func(letter rune) rune {
		if unicode.IsControl(letter) || unicode.Is(unicode.Cf, letter) || letter == unicode.ReplacementChar {
			return -1
		}
		return letter
	}, strings.ToValidUTF8(name, ""))
	letters := []rune(strings.TrimSpace(name))
	return string(letters[:min(len(letters), longestName)])
}

// split takes a list of groups apart.
func split(list string) []string {
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}
