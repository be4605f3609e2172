// Package config reads Parley's configuration file. Load checks everything that can
// be checked without asking a tracker and says for each finding in which line it is;
// what the parts of Parley need is handed on in their own terms (Mapping).
package config

// Config is the configuration file. Lists of tables are named in the singular, as in
// the file. Paths are absolute and secrets resolved after Load.
type Config struct {
	Server     Server     `toml:"server"`
	Store      Store      `toml:"store"`
	Calendar   Calendar   `toml:"calendar"`
	Flow       Flow       `toml:"flow"`
	Sync       Sync       `toml:"sync"`
	SMTP       SMTP       `toml:"smtp"`
	Jira       []Jira     `toml:"jira"`
	GitHub     []GitHub   `toml:"github"`
	Column     []Column   `toml:"column"`
	Priority   []Priority `toml:"priority"`
	Pair       []Pair     `toml:"pair"`
	Unit       []Unit     `toml:"unit"`
	Person     []Person   `toml:"person"`
	Limit      []Limit    `toml:"limit"`
	Rule       []Rule     `toml:"rule"`
	Visibility Visibility `toml:"visibility"`

	source source
}

// Server is where the board is served and who may see it.
type Server struct {
	Listen    string `toml:"listen"`     // host:port
	PublicURL string `toml:"public_url"` // as people reach it
	Auth      string `toml:"auth"`       // none, proxy, oidc
	Contact   string `toml:"contact"`    // whom people ask who are not let in
	// MetricsToken opens /metrics to whoever sends it; without it they are for programs
	// on this machine.
	MetricsToken Secret `toml:"metrics_token"`
	Proxy        Proxy  `toml:"proxy"`
	OIDC         OIDC   `toml:"oidc"`
}

// Proxy is sign-in by a reverse proxy in front of Parley.
type Proxy struct {
	UserHeader   string   `toml:"user_header"`
	GroupsHeader string   `toml:"groups_header"`
	Trusted      []string `toml:"trusted"` // addresses (CIDR) whose headers are believed
	Groups       []Group  `toml:"groups"`
}

// OIDC is sign-in by an OpenID Connect provider.
type OIDC struct {
	Issuer       string   `toml:"issuer"`
	ClientID     string   `toml:"client_id"`
	ClientSecret Secret   `toml:"client_secret"`
	Scopes       []string `toml:"scopes"` // beside openid
	GroupsClaim  string   `toml:"groups_claim"`
	Idle         Duration `toml:"idle"` // a sign-in ends unused for so long
	Life         Duration `toml:"life"` // and at any rate after so long
	Groups       []Group  `toml:"groups"`
}

// Group says what the members of a group see and may do.
type Group struct {
	Group    string `toml:"group"`
	Audience string `toml:"audience"` // unit:KEY, it, ops, wall
	Role     string `toml:"role"`     // viewer, requester, liaison, developer, ops
}

// Store is where Parley keeps its memory.
type Store struct {
	URL string `toml:"url"` // sqlite:PATH or postgres://…
}

// Calendar is what counts as a working day.
type Calendar struct {
	Timezone string   `toml:"timezone"` // IANA name
	Holidays []string `toml:"holidays"` // YYYY-MM-DD
	Weekend  []string `toml:"weekend"`  // days of the week that nobody works on: "sat"
}

// Flow is what the pages about flow and workload hold the work against.
type Flow struct {
	PutOff Percent            `toml:"put_off"` // of its share of the open work, below which a work type is put off
	Floors map[string]Percent `toml:"floors"`  // by work type: least share of the finished work
	// ArrivedWithin is how soon after its creation a card has to be in work for having come
	// there unplanned, where nobody had committed to it; 0 is never.
	ArrivedWithin Duration `toml:"arrived_within"`
}

// Sync is how often the trackers are asked and how much may be written.
type Sync struct {
	Poll      Duration `toml:"poll"`
	Write     string   `toml:"write"` // plan, on
	MaxChange Percent  `toml:"max_change"`
	MaxClose  Percent  `toml:"max_close"`
	MaxCreate int      `toml:"max_create"`
	// MarkerKey signs the marks that mirrors are known by. Without it the key derives
	// from the credential of the first Jira.
	MarkerKey Secret `toml:"marker_key"`
}

// Jira is one Jira site.
type Jira struct {
	Name               string            `toml:"name"`
	URL                string            `toml:"url"`
	Auth               string            `toml:"auth"` // basic, bearer
	User               string            `toml:"user"`
	Token              Secret            `toml:"token"`
	Projects           []string          `toml:"projects"`
	TransitionDefaults map[string]string `toml:"transition_defaults"`
	WebhookSecret      Secret            `toml:"webhook_secret"`
	Canary             string            `toml:"canary"`
}

// GitHub is one GitHub account or GitHub Enterprise server.
type GitHub struct {
	Name           string   `toml:"name"`
	URL            string   `toml:"url"` // the REST root
	Token          Secret   `toml:"token"`
	AppID          int64    `toml:"app_id"`
	InstallationID int64    `toml:"installation_id"`
	PrivateKey     Secret   `toml:"private_key"`
	Repos          []string `toml:"repos"`
	Status         string   `toml:"status"`   // labels, project, field
	Priority       string   `toml:"priority"` // labels, project, field
	Project        string   `toml:"project"`  // owner/number
	StatusField    string   `toml:"status_field"`
	PriorityField  string   `toml:"priority_field"`
	WebhookSecret  Secret   `toml:"webhook_secret"`
}

// Column is one column of the board; see mapping.ColumnConfig.
type Column struct {
	Key      string   `toml:"key"`
	Name     string   `toml:"name"`
	Category string   `toml:"category"`
	Turn     string   `toml:"turn"`
	WIP      int      `toml:"wip"`
	WIPHard  bool     `toml:"wip_hard"`
	Jira     []string `toml:"jira"`
	GitHub   []string `toml:"github"`
}

// Priority is one step of the board's priority scale, highest first.
type Priority struct {
	Key    string   `toml:"key"`
	Name   string   `toml:"name"`
	Jira   []string `toml:"jira"`
	GitHub []string `toml:"github"`
}

// Pair says how the issues of a project and a repository find their twins.
type Pair struct {
	Jira       string            `toml:"jira"`
	GitHub     string            `toml:"github"`
	Match      []string          `toml:"match"`
	Mirror     string            `toml:"mirror"`
	MirrorText string            `toml:"mirror_text"`
	Fields     map[string]string `toml:"fields"`
	Conflict   map[string]string `toml:"conflict"`
}

// Unit is a business unit, how its cards are known, and what was agreed with it.
type Unit struct {
	Key      string     `toml:"key"`
	Name     string     `toml:"name"`
	Match    When       `toml:"match"`
	WIP      int        `toml:"wip"`
	WIPHard  bool       `toml:"wip_hard"`
	Contract []Contract `toml:"contract"`
	Digest   Digest     `toml:"digest"`
}

// Contract is one version of the terms between a unit and IT.
type Contract struct {
	From       string   `toml:"from"`        // YYYY-Www or YYYY-MM-DD; takes effect at the first period start from then on
	Period     string   `toml:"period"`      // week
	Slots      int      `toml:"slots"`       // priority requests per period
	Carry      *int     `toml:"carry"`       // most slots carried over; nil: as many as slots
	Cutoff     string   `toml:"cutoff"`      // "tue 12:00"
	Expedite   int      `toml:"expedite"`    // budget in a rolling four weeks
	SLEDays    int      `toml:"sle_days"`    // commitment lead time on IT's clock
	SLEShare   Percent  `toml:"sle_share"`   // of requests within sle_days
	AnswerDays int      `toml:"answer_days"` // business days to answer or triage
	AcceptDays int      `toml:"accept_days"` // business days to accept or refuse
	Unplanned  Percent  `toml:"unplanned"`   // allowed share of unplanned work
	Ready      []string `toml:"ready"`       // fields that a ready request has filled in, see view.ReadyFields
	Holidays   []string `toml:"holidays"`    // beside those of the calendar
	Priorities []string `toml:"priorities"`  // that ask for a slot; none: every request of the unit takes one
	Over       string   `toml:"over"`        // show, ask, enforce: to a priority raised without a free slot
	ChooseDays int      `toml:"choose_days"` // business days to choose in, once asked
	Agreed     Agreed   `toml:"agreed"`
}

// Agreed names who agreed to a contract on each side.
type Agreed struct {
	Business string `toml:"business"`
	IT       string `toml:"it"`
}

// Person says which accounts are one person.
type Person struct {
	Name    string `toml:"name"`
	Jira    string `toml:"jira"`
	GitHub  string `toml:"github"`
	Team    string `toml:"team"`
	WIP     int    `toml:"wip"`
	WIPHard bool   `toml:"wip_hard"`
}

// Limit is how many cards of a class of service may be in work.
type Limit struct {
	Class string `toml:"class"`
	WIP   int    `toml:"wip"`
	Hard  bool   `toml:"hard"`
}

// Rule sets properties of the cards that a condition holds for.
type Rule struct {
	When When `toml:"when"`
	Set  Set  `toml:"set"`
}

// When is a condition; the keys of one tracker must all hold.
type When struct {
	JiraProject     Values            `toml:"jira_project"`
	JiraType        Values            `toml:"jira_type"`
	JiraLabel       Values            `toml:"jira_label"`
	JiraComponent   Values            `toml:"jira_component"`
	JiraPriority    Values            `toml:"jira_priority"` // the tracker's own name or id
	JiraField       map[string]Values `toml:"jira_field"`
	JiraSecurity    Values            `toml:"jira_security"`
	JiraReporter    Values            `toml:"jira_reporter"`
	JiraVersion     Values            `toml:"jira_version"`
	JiraTitle       Values            `toml:"jira_title"`
	GitHubRepo      Values            `toml:"github_repo"`
	GitHubType      Values            `toml:"github_type"`
	GitHubLabel     Values            `toml:"github_label"`
	GitHubAuthor    Values            `toml:"github_author"`
	GitHubMilestone Values            `toml:"github_milestone"`
	GitHubTitle     Values            `toml:"github_title"`
}

// Set is what a rule sets.
type Set struct {
	Class   string `toml:"class"`
	Planned *bool  `toml:"planned"`
	Type    string `toml:"type"`
	Blocked string `toml:"blocked"` // business, it, third
	Reason  string `toml:"reason"`
}

// Visibility says what may be seen by whom.
type Visibility struct {
	OtherUnits string     `toml:"other_units"` // masked, title
	Restricted Restricted `toml:"restricted"`
	Shows      Shows      `toml:"shows"`
}

// Shows says which facets of a card each audience reads; see view.Facets. A list that is
// left out is the default one, an empty list shows masked cards.
type Shows struct {
	Own   []string `toml:"own"`   // a unit, of its own cards
	Other []string `toml:"other"` // a unit, of all other cards
	IT    []string `toml:"it"`
	Ops   []string `toml:"ops"`
	Wall  []string `toml:"wall"`
}

// Restricted says which cards only those see who may see everything.
type Restricted struct {
	JiraSecurity Values   `toml:"jira_security"`
	Labels       []string `toml:"labels"`
}
