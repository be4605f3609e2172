package app

import (
	"testing"

	"parley/kanban"
	"parley/sync/view"
)

// TestCommandsSeeWhatThePageShows: what a command shows an audience is what the board shows
// it by the same configuration; where nobody signs in nobody is taken at their word.
func TestCommandsSeeWhatThePageShows(t *testing.T) {
	t.Parallel()
	a, _ := stored(t)
	for auth, proved := range map[string]bool{"none": false, "proxy": true, "oidc": true} {
		a.Config.Server.Auth = auth
		if w := a.Operator(); w.Proved != proved || w.Audience != view.AudienceOps || w.Role != kanban.Ops || a.Sight().Viewer != w {
			t.Errorf("%s: commands look as %+v", auth, w)
		}
		if auth == "none" {
			in, err := a.entrance()
			if page, _ := in.identity.Viewer(nil); err != nil || page != a.Operator() {
				t.Errorf("the page is shown to %+v, commands look as %+v", page, a.Operator())
			}
		}
		for _, audience := range []view.Audience{view.AudienceOps, view.AudienceIT, view.AudienceWall, "unit:trading"} {
			if w := a.SightAs(audience).Viewer; w.Proved != proved || w.Audience != audience || (w.Role == kanban.Ops) != (audience == view.AudienceOps) {
				t.Errorf("%s: as %s commands look as %+v", auth, audience, w)
			}
		}
	}
}
