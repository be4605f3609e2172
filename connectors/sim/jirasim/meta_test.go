package jirasim_test

import (
	"testing"

	"parley/connectors/sim/jirasim"
)

func TestMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.site.AddProject(jirasim.Project{Key: "OWN", Simplified: true})
	st := w.site.AddStatus(jirasim.Status{Name: "Fertig", Untranslated: "Done", Category: jirasim.CategoryDone, Project: "OWN"})
	w.site.AddPriorityScheme(jirasim.PriorityScheme{Name: "Two", Priorities: []string{"4", "2"}, Default: "4"})
	w.site.AddProject(jirasim.Project{Key: "TWO", ID: "777", PriorityScheme: "Two"})
	for _, tc := range []struct {
		path, at string
		want     any
	}{
		{"serverInfo", "deploymentType", "Cloud"},
		{"serverInfo", "serverTime", "2026-11-02T09:00:00.123+0000"},
		{"serverInfo", "baseUrl", "https://acme.example"},
		{"status", "1.statusCategory.id", 4.0},
		{"status", "5.untranslatedName", "Done"},
		{"status", "5.scope.project.id", own.ID},
		{"status", "0.scope", nil},
		{"status/" + st.ID, "name", "Fertig"},
		{"statuscategory", "3.key", "done"},
		{"priority", "0.name", "Highest"},
		{"priority/search?projectId=777", "total", 2.0},
		{"priority/search?projectId=777", "values.0.id", "2"},
		{"priority/search?projectId=777", "values.1.isDefault", true},
		{"priority/search?projectId=1", "total", 0.0},
		{"priorityscheme", "values.1.projects.values.0.key", "TWO"},
		{"resolution", "1.name", "Won't Do"},
		{"project/OPS", "issueTypes.0.name", "Story"},
		{"project/ops", "key", "OPS"},
		{"project/OWN", "style", "next-gen"},
		{"project/OPS/statuses", "2.name", "Task"},
		{"project/OPS/statuses", "2.statuses.4.name", "Done"},
		{"project/search?maxResults=1&startAt=1", "values.0.key", "FIN"},
		{"project/search?maxResults=1", "isLast", false},
		{"project/search?keys=fin", "total", 1.0},
		{"mypermissions?permissions=EDIT_ISSUES,ADMINISTER&projectKey=OPS", "permissions.EDIT_ISSUES.havePermission", true},
		{"mypermissions?permissions=EDIT_ISSUES,ADMINISTER&projectKey=OPS", "permissions.ADMINISTER.havePermission", false},
		{"user?accountId=ana", "displayName", "Ana"},
		{"issue/createmeta/OPS/issuetypes", "issueTypes.1.name", "Bug"},
	} {
		if got := w.do("GET", "/rest/api/3/"+tc.path, "").want(t, 200).get(t, tc.at); got != tc.want {
			t.Errorf("%s: %s is %v, want %v", tc.path, tc.at, got, tc.want)
		}
	}
}

func TestMetadataRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, status := range map[string]int{
		"project/NO": 404, "project/NO/statuses": 404, "status/NO": 404, "mypermissions": 400, "mypermissions?permissions=FLY": 400,
		"mypermissions?permissions=EDIT_ISSUES&projectKey=NO": 404, "user?accountId=zoe": 404, "statuses/search": 403, "priority/search?startAt=x": 400,
	} {
		w.do("GET", "/rest/api/3/"+path, "").want(t, status)
	}
	w.email, w.token = w.company.Admin.Email, w.company.Admin.Token
	if got := w.do("GET", "/rest/api/3/statuses/search", "").want(t, 200).get(t, "values.0.statusCategory"); got != "TODO" {
		t.Errorf("statuses/search: %v", got)
	}
}
