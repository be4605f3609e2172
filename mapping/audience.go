package mapping

import (
	"fmt"
	"strings"

	"parley/connectors"
)

// TextMayCross reports whether texts of an issue, its title and description, may be
// written into a project or repository; where not, why is the reason, a sentence for
// people. They may not where the issue is restricted, or one of the others of its
// card, nor where anybody can read the place and not the issue itself: which is so
// for every issue of Jira and of a repository that is not known to be public.
func (r *Rules) TextMayCross(from connectors.Issue, to connectors.Container, others ...connectors.Issue) (ok bool, why string) {
	for _, i := range append([]connectors.Issue{from}, others...) {
		if r.restricted([]connectors.Issue{i}) {
			return false, fmt.Sprintf("%s is restricted, so the text of %s stays where it is", i.Key, from.Key)
		}
	}
	if to.Public && (from.Kind != connectors.GitHub || !r.public[place(from.Tracker, from.Container)]) {
		return false, fmt.Sprintf("anybody may read %s and not %s, so the text of %s stays where it is", to.Key, from.Container, from.Key)
	}
	return true, ""
}

// place names a project or repository of a tracker, in any letter case.
func place(tracker, container string) string { return tracker + "\n" + strings.ToLower(container) }

// learnPlaces takes in which projects and repositories anybody may read.
func (r *Rules) learnPlaces(dirs []connectors.Directory) {
	r.public = map[string]bool{}
	for _, d := range dirs {
		for _, c := range d.Containers {
			r.public[place(d.Tracker, c.Key)] = c.Public
		}
	}
}
