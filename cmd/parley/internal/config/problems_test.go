package config

import (
	"strings"
	"testing"
)

// minimal is the smallest configuration that loads.
const minimal = `[[jira]]
url = "https://acme.atlassian.net"
user = "parley@acme.example"
token = "env:JIRA_TOKEN"
projects = ["OPS"]
[[github]]
token = "env:GITHUB_TOKEN"
repos = ["acme/payments"]
[[column]]
key = "doing"
category = "active"
jira = ["In Progress"]
github = ["open + label:doing"]
`

func TestMinimalLoads(t *testing.T) {
	t.Parallel()
	c, ps := LoadEnv(write(t, minimal), environment)
	if len(ps) > 0 {
		t.Fatal(lines(ps))
	}
	if c.Sync.Poll.Duration != DefaultPoll || c.Sync.Write != "plan" || c.Server.Listen != "127.0.0.1:8080" || c.GitHub[0].Name != "github" {
		t.Errorf("defaults are missing: %+v", c)
	}
	if !strings.HasPrefix(c.Store.URL, "sqlite:/") || !strings.HasSuffix(c.Store.URL, "/parley.db") {
		t.Errorf("store is %q", c.Store.URL)
	}
}

// TestProblems adds a text to the minimal configuration, or replaces something in
// it, and looks for one line among the problems.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ old, text, want string }{
		{"", "[sync]\npol = \"30s\"", "config.toml:15: sync.pol: unknown key; did you mean poll?"},
		{"", "[snyc]\npoll = \"30s\"", "config.toml:14: snyc: unknown key; did you mean sync?"},
		{"", "[sync]\nPoll = \"30s\"", "config.toml:15: sync.Poll: unknown key; did you mean poll?"},
		{"category", "color = 1\ncategory", "config.toml:11: column[0].color: unknown key"},
		{"", "[[limit]]\nclass = \"expidite\"\nwip = 1", `config.toml:15: limit[0].class: there is no class of service "expidite"; did you mean "expedite"?`},
		{"", "[[limit]]\nclass = \"expedite\"\nlimit = 1", "config.toml:16: limit[0].limit: unknown key"},
		{"", "[[limit]]\nclass = \"expedite\"", "config.toml:14: limit[0].wip: the limit says no number"},
		{"", "[[unit]]\nkey = \"risk\"\nmatch = { github_label = \"risk\" }\nwip = -1", `config.toml:17: unit[0].wip: unit "risk" has a negative WIP limit`},
		{"", "[[person]]\nname = \"Ana\"\ngithub = \"ana\"\nwip_hrad = true", "config.toml:17: person[0].wip_hrad: unknown key; did you mean wip_hard?"},
		{"", "[sync]\npoll = 30", "config.toml:15: sync.poll: is a whole number where a text in quotes is expected"},
		{"", "[sync]\npoll = \"soon\"", `config.toml:15: sync.poll: "soon" is not a duration`},
		{"", "[sync]\npoll = \"500ms\"", "config.toml:15: sync.poll: 500ms is less than 1s"},
		{"", "[sync]\nmax_change = \"120%\"", "config.toml:15: sync.max_change: is not a percentage"},
		{"", "[sync]\nmax_change = \"NaN%\"", "config.toml:15: sync.max_change: is not a percentage"},
		{"", "[sync]\nmax_create = -1", "config.toml:15: sync.max_create: is negative"},
		{"token = \"env:GITHUB_TOKEN\"", "app_id = 1\ntoken = \"env:GITHUB_TOKEN\"", "config.toml:7: github[0].app_id: there is a token as well"},
		{"token = \"env:GITHUB_TOKEN\"", "app_id = 1", "config.toml:7: github[0].app_id: an app needs app_id, installation_id and private_key"},
		{"token = \"env:GITHUB_TOKEN\"", "app_id = 1\ninstallation_id = 2\nprivate_key = \"file:none.pem\"", "config.toml:9: github[0].private_key: read secret"},
		{"", "[sync]\nwrite = \"plans\"", `config.toml:15: sync.write: "plans" is not known here; did you mean plan?`},
		{"", "[server]\nlisten = \":8080\"", "config.toml:15: server.listen: listening beyond this machine needs sign-in"},
		{"", "[server]\nlisten = \"[::]:8080\"", "config.toml:15: server.listen: listening beyond this machine needs sign-in"},
		{"", "[server]\nlisten = \"8080\"", "config.toml:15: server.listen: is not an address to listen on"},
		{"https://acme.atlassian.net", "http://acme.atlassian.net", "config.toml:2: jira[0].url: without encryption"},
		{"https://acme.atlassian.net", "https://u:p@acme.atlassian.net", "config.toml:2: jira[0].url: an address must not hold credentials"},
		{"env:JIRA_TOKEN", "hunter2", "config.toml:4: jira[0].token: a secret must not stand in the file itself"},
		{"env:JIRA_TOKEN", "env:NOWHERE", "config.toml:4: jira[0].token: the environment variable NOWHERE is not set; set it where parley is started, or keep the value in a file and write file:PATH"},
		{"env:JIRA_TOKEN", "file:nowhere", "config.toml:4: jira[0].token: read secret: open "},
		{"token = \"env:JIRA_TOKEN\"\n", "", "config.toml:1: jira[0].token: is missing"},
		{"user = \"parley@acme.example\"\n", "", "config.toml:1: jira[0].user: basic sign-in needs a user; write the e-mail address of the account; a Data Center takes auth = \"bearer\" and no user"},
		{`projects = ["OPS"]`, `projects = ["OPS", "ops"]`, `config.toml:5: jira[0].projects[1]: "ops" is not a project key`},
		{`projects = ["OPS"]`, "projects = [\n\"OPS\",\n\"OPS\"]", `config.toml:7: jira[0].projects[1]: "OPS" is listed twice`},
		{`["acme/payments"]`, `["payments"]`, `config.toml:8: github[0].repos[0]: "payments" is not a repository`},
		{`projects = ["OPS"]`, "projects = [\"OPS\"]\ncanary = \"FIN-1\"", "config.toml:6: jira[0].canary: "},
		{"[[github]]", "[[github]]\nname = \"jira\"", "config.toml:7: github[0].name: jira[0] has the name"},
		{"[[github]]", "[[github]]\nstatus = \"project\"", "config.toml:6: github[0].project: is missing: status or priority is held in a project; write project = \"OWNER/NUMBER\""},
		{"[[github]]", "[[github]]\nstatus = \"projects\"", `config.toml:7: github[0].status: "projects" is not known here; did you mean project?`},
		{"[[github]]", "[[github]]\npriority = \"project\"\nproject = \"12\"", `config.toml:8: github[0].project: does not name a project; write "OWNER/NUMBER"`},
		{"[[github]]", "[[github]]\nstatus = \"field\"", `config.toml:14: column[0].github[0]: "open + label:doing" asks for a label, and GitHub's status is held in a field (see also line 7); write option:NAME, or status = "labels" there`},
		{"label:doing", "option:Doing", `config.toml:13: column[0].github[0]: "open + option:Doing" asks for an option, and GitHub's status is held in labels; write label:NAME`},
		{"\"active\"", "\"activ\"", `config.toml:11: column[0].category: column "doing" has no category "activ"; did you mean "active"?`},
		{"\"active\"", "\"active\"\nturn = \"me\"", `config.toml:12: column[0].turn: column "doing" has the turn "me"`},
		{"\"doing\"", "\"Doing\"", `config.toml:10: column[0].key: "Doing" is not a key`},
		{"", "[[column]]\nkey = \"b\"\ncategory = \"done\"\njira = [\"in progress\"]", "config.toml:17: column[1].jira[0]: status in progress is in column \"doing\" and in column \"b\" (see also line 12)"},
		{"", "[[column]]\nkey = \"b\"\ncategory = \"done\"\ngithub = [\"closed + label:Doing\"]", "config.toml:17: column[1].github[0]: label \"Doing\" is in column \"doing\" and in column \"b\" (see also line 13)"},
		{"", "[[column]]\nkey = \"b\"\ncategory = \"done\"\njira = [\"same:doin\"]", `config.toml:17: column[1].jira[0]: same:doin shares with no other column that lists jira values; did you mean "doing"?`},
		{"", "[[column]]\nkey = \"doing\"\ncategory = \"done\"", "config.toml:15: column[1].key: there are two of the column"},
		{"", "[[pair]]\njira = \"OSP\"\ngithub = \"acme/payments\"", `config.toml:15: pair[0].jira: no tracker is configured to read "OSP"; did you mean "OPS"?`},
		{"", "[[pair]]\njira = \"OPS\"\ngithub = \"acme/payments\"\nfields = { status = \"booth\" }", `config.toml:17: pair[0].fields.status: "booth" is not known here; did you mean "both"?`},
		{"", "[calendar]\ntimezone = \"Europe/Pariss\"", `config.toml:15: calendar.timezone: there is no time zone "Europe/Pariss"`},
		{"", "[flow]\nput_off = \"much\"", "config.toml:15: flow.put_off: is not a percentage"},
		{"", "[flow]\nfloors = { improvement = \"10%\" }", `config.toml:15: flow.floors.improvement: no card has the type "improvement"; no rule sets a type`},
		{"", "[[rule]]\nwhen = { jira_label = \"kaizen\" }\nset = { type = \"improvement\" }\n[flow]\nfloors = { improvment = \"10%\" }", `config.toml:18: flow.floors.improvment: no card has the type "improvment"; did you mean improvement?`},
		{"", "[[rule]]\nwhen = { jira_label = \"kaizen\" }\nset = { type = \"improvement\" }\n[flow]\nfloors = { improvement = \"1\" }", "config.toml:18: flow.floors.improvement: is not a percentage"},
		{"", "[[rule]]\nwhen = { jira_label = \"kaizen\" }\nset = { type = \"improvement\" }\n[[rule]]\nwhen = { jira_label = \"kaizen\" }\nset = { type = \"internal\" }\n[flow]\nfloors = { improvement = \"60%\", internal = \"60%\" }", "config.toml:21: flow.floors: the floors add up to more than all"},
		{"", "[calendar]\nweekend = [\"fri\", \"saturday\"]", `config.toml:15: calendar.weekend[1]: "saturday" is not known here`},
		{"", "[calendar]\nweekend = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]", `config.toml:15: calendar.weekend: no day of the week is left to work on`},
		{"", "[calendar]\nholidays = [\n  \"2026-12-25\", # Christmas\n  \"2026-02-30\",\n]", `config.toml:17: calendar.holidays[1]: "2026-02-30" is not a date`},
		{"", "[store]\nurl = \"postgres://u:secret@db/parley\"", "config.toml:15: store.url: there is a password in it"},
		{"", "[store]\nurl = \"mysql://db\"", "config.toml:15: store.url: is not a store"},
		{"", "[[unit]]\nkey = \"t\"\nmatch = { jira_project = 1 }", "config.toml:16: unit[0].match.jira_project: is a whole number where a text in quotes or a list of them is expected"},
		{"", "[[unit]]\nkey = \"t\"", "config.toml:14: unit[0].match: it can never match"},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W54\"", `config.toml:18: unit[0].contract[0].from: "2026-W54" is neither`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\nunplanned=\"82.5%\"", `config.toml:20: unit[0].contract[0].unplanned: is no whole percentage`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\nsle_days=5\nsle_share=\"0.4%\"", `config.toml:21: unit[0].contract[0].sle_share: is no whole percentage`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\n[[unit.contract]]\nfrom=\"2026-W48\"\ncutoff=\"noon\"", `config.toml:21: unit[0].contract[1].cutoff: "noon" is not a day and a time`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\nready=[\"description\"]", `config.toml:20: unit[0].contract[0].ready[0]: "description" is not known here; it is one of due, priority`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\nover=\"warn\"", `config.toml:20: unit[0].contract[0].over: "warn" is not known here`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\npriorities=[\"nope\"]", `config.toml:20: unit[0].contract[0].priorities[0]: "nope" is not known here`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\nslots=1001", `config.toml:20: unit[0].contract[0].slots: is more than anybody can keep to`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\nslots=-1", `config.toml:20: unit[0].contract[0].slots: is negative; write 0 or more`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\nsle_days=5", `config.toml:17: unit[0].contract[0].sle_share: sle_days needs to say how often`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\",it=\"i\"}\n[[unit.contract]]\nfrom=\"2026-11-10\"\nagreed={business=\"b\",it=\"i\"}", `config.toml:21: unit[0].contract[1].from: begins with the same period as version 1`},
		{"", "[[unit]]\nkey=\"t\"\nmatch={jira_project=\"OPS\"}\n[[unit.contract]]\nfrom=\"2026-W47\"\nagreed={business=\"b\"}", `config.toml:19: unit[0].contract[0].agreed: does not say who agreed for both sides`},
		{"", "[[person]]\nname=\"A\"\njira=\"x\"\n[[person]]\nname=\"B\"\njira=\"X\"", `config.toml:19: person[1].jira: the account "X" belongs to A as well`},
		{"", "[[person]]\nname=\"A\"\njira=\"x\"\n[[person]]\nname=\"B\"\ngithub=\"x\"\n[[person]]\nname=\"a\"\njira=\"y\"", `config.toml:21: person[2].name: the name "a" is that of A as well (see also line 15); tell them apart by their names`},
		{"", "[[pair]]\njira = \"OPS\"\ngithub = \"acme/payments\"\nfields = { asignees = \"both\" }", `config.toml:17: pair[0].fields: "asignees" is not known here; did you mean "assignees"?`},
		{"", "[[pair]]\njira = \"OPS\"\ngithub = \"acme/payments\"\nconflict = { due = \"github\", labels = \"latest\" }", `config.toml:17: pair[0].conflict.labels: "latest" is not known here; it is one of jira, github, newest, ask`},
		{"", "[sync]\nmarker_key = \"hunter2\"", "config.toml:15: sync.marker_key: a secret must not stand in the file itself"},
		{"", "[[rule]]\nwhen={jira_type=\"Bug\"}\nset={class=\"urgent\"}", `config.toml:16: rule[0].set.class: "urgent" is not known here`},
		{"", "x = ", "config.toml:14: column.x: the file ends in the middle of something; look for a missing quote or bracket"},
		{"\"active\"", "active", "config.toml:11: column.category: a value is expected; a text stands in quotes"},
		{"\"active\"", "\"active", "config.toml:11: column.category: the text has no closing quote in its line"},
		{"\"active\"", "\"active\" wip = 3", "config.toml:11: column: something follows the value; write one setting a line"},
		{"", "wip = 1\nwip = 2", "config.toml:15: column.wip: is written twice"},
		{"\"active\"", "\"C:\\parley\"", "config.toml:11: column.category: a backslash in double quotes begins a special character"},
		{"projects = [\"OPS\"]", "projects = [\"OPS\" \"FIN\"]", "config.toml:5: jira.projects: a comma or a closing bracket is missing"},
	} {
		text := minimal + c.text
		if c.old != "" {
			text = strings.Replace(minimal, c.old, c.text, 1)
		}
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			config, ps := LoadEnv(write(t, text), environment)
			found := false
			for _, line := range lines(ps) {
				found = found || strings.HasPrefix(line, c.want)
			}
			if !found || config != nil {
				t.Errorf("config %v, want\n%s\namong\n%s", config != nil, c.want, strings.Join(lines(ps), "\n"))
			}
		})
	}
}

func TestAllProblemsAtOnceInOrder(t *testing.T) {
	t.Parallel()
	_, ps := LoadEnv(write(t, minimal+"[sync]\npoll = \"x\"\nwrite = \"y\"\n[calendar]\ntimezone = \"z\""), environment)
	var paths []string
	for _, p := range ps {
		paths = append(paths, p.Path)
	}
	if got := strings.Join(paths, " "); got != "sync.poll sync.write calendar.timezone" {
		t.Error(got)
	}
}

func TestLoopbackMayPollFaster(t *testing.T) {
	t.Parallel()
	text := strings.Replace(minimal, "https://acme.atlassian.net", "http://127.0.0.1:8081", 1)
	text = strings.Replace(text, "[[github]]", "[[github]]\nurl = \"http://[::1]:8082\"", 1)
	if _, ps := LoadEnv(write(t, text+"[sync]\npoll = \"100ms\""), environment); len(ps) > 0 {
		t.Error(lines(ps))
	}
	if _, ps := LoadEnv(write(t, text+"[sync]\npoll = \"99ms\""), environment); !Failed(ps) {
		t.Error("99ms was let through")
	}
}

func TestMissingFile(t *testing.T) {
	t.Parallel()
	_, ps := Load("nowhere/config.toml")
	want := "nowhere/config.toml: cannot be read: no such file or directory; parley init writes a first one; or name another with --config"
	if len(ps) != 1 || ps[0].String() != want {
		t.Error(ps)
	}
}

func TestAppLoads(t *testing.T) {
	t.Parallel()
	app := "app_id = 1\ninstallation_id = 2\nprivate_key = \"env:APP_KEY\""
	c, ps := LoadEnv(write(t, strings.Replace(minimal, `token = "env:GITHUB_TOKEN"`, app, 1)), func(string) (string, bool) { return "a key\nof lines", true })
	if len(ps) > 0 || c.GitHub[0].AppID != 1 || c.GitHub[0].InstallationID != 2 || c.GitHub[0].PrivateKey.Reveal() != "a key\nof lines" {
		t.Errorf("%v, %+v", lines(ps), c)
	}
}
