package demo

import "fmt"

// head is the configuration down to the trackers.
const head = `# A configuration for the simulated company. parley check --config FILE explains what is wrong with a changed one.

[server]
listen = %q
public_url = %q

[store]
url = %q

[calendar]
timezone = "Europe/Paris"

[sync]
poll = "1s"
write = "on"

[[jira]]
name = "jira"
url = %q
%s
token = "env:%s"
projects = ["OPS", "FIN"]
transition_defaults = { resolution = "Done" }
%s

[[github]]
name = "github"
url = %q
token = "env:%s"
repos = ["acme/payments", "acme/infra"]
%s`

const priorityTables = `
[[priority]]
key = "urgent"
name = "Urgent"
jira = ["Highest"]
github = ["label:priority:urgent"]

[[priority]]
key = "high"
name = "High"
jira = ["High"]
github = ["label:priority:high"]

[[priority]]
key = "normal"
name = "Normal"
jira = ["Medium"]
github = ["label:priority:normal"]

[[priority]]
key = "low"
name = "Low"
jira = ["Low", "Lowest"]
github = ["label:priority:low"]
`

const pairTable = `
[[pair]]
jira = %q
github = %q
match = ["remote-link", "key-in-title", "url-in-description"]
fields = { status = "both", priority = "both" }
conflict = { status = "github", priority = "jira" }
`

// unitTable gives the text of a unit, in which the start of its contract and the
// number of its slots are still to be filled in.
func unitTable(c agreement) string {
	unit := c.unit
	name, match := "", ""
	switch unit {
	case trading:
		name, match = "Trading", `jira_component = "Trading", `
	case risk:
		name, match = "Risk", `jira_component = "Risk", `
	case finance:
		name, match = "Finance", `jira_project = "FIN", `
	}
	return fmt.Sprintf("\n[[unit]]\nkey = %q\nname = %q\nmatch = { %sgithub_label = \"bu:%s\" }\n", unit, name, match, unit) +
		"\n[[unit.contract]]\nfrom = %q\nslots = %d\nperiod = \"week\"\n" + terms(c.business)
}

// terms are what else was agreed on with a unit.
func terms(business string) string {
	return fmt.Sprintf("cutoff = \"tue 12:00\"\nexpedite = 2\nsle_days = 10\nsle_share = \"75%%%%\"\nanswer_days = 5\naccept_days = 5\nunplanned = \"40%%%%\"\n"+
		"priorities = [\"urgent\", \"high\"]\nover = \"ask\"\nchoose_days = 2\nagreed = { business = %q, it = \"Priya Nair\" }\n", business)
}

const ruleTables = `
[[rule]]
when = { jira_type = "Incident" }
set = { class = "expedite", planned = false, type = "unplanned" }

[[rule]]
when = { github_label = "incident" }
set = { class = "expedite", planned = false, type = "unplanned" }

[[rule]]
when = { jira_label = "fixed-date" }
set = { class = "fixed-date" }

[[rule]]
when = { jira_type = "Change" }
set = { type = "change" }

[[rule]]
when = { github_label = ["tech-debt", "dependencies", "security"] }
set = { class = "intangible", type = "internal-project" }

[[rule]]
when = { jira_label = "blocked-vendor" }
set = { blocked = "third", reason = "waits for the vendor" }

[[rule]]
when = { github_label = "blocked:vendor" }
set = { blocked = "third", reason = "waits for the vendor" }

[[rule]]
when = { jira_type = ["Request", "Bug"] }
set = { class = "standard", planned = true, type = "business-project" }

[visibility]
other_units = "masked"
restricted = { jira_security = "any", labels = ["confidential"] }
`
