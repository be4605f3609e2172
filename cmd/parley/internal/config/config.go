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
	Tracing    Tracing    `toml:"tracing"`

	source source
}

// Server is where the board is served and who may see it.
type Server struct {
	Listen    string `toml:"listen"`     // host:port; beyond this machine only with sign-in
	PublicURL string `toml:"public_url"` // the board as people reach it; https unless on this machine
	Auth      string `toml:"auth"`       // who signs people in; none is for this machine alone
	Contact   string `toml:"contact"`    // whom people ask who are not let in
	// MetricsToken opens /metrics to whoever sends it; without it they are for programs
	// on this machine.
	MetricsToken Secret `toml:"metrics_token"`
	Proxy        Proxy  `toml:"proxy"` // sign-in by a reverse proxy, for auth = "proxy"
	OIDC         OIDC   `toml:"oidc"`  // sign-in by a provider, for auth = "oidc"
}

// Proxy is sign-in by a reverse proxy in front of Parley.
type Proxy struct {
	UserHeader   string   `toml:"user_header"`   // header with the name of the person; the proxy must take it away from what its clients send
	GroupsHeader string   `toml:"groups_header"` // header with their groups, with commas between several; taken away likewise
	Trusted      []string `toml:"trusted"`       // addresses (CIDR) whose headers are believed
	Groups       []Group  `toml:"groups"`        // what the members of each group see and may do; of several groups the first in this list decides
}

// OIDC is sign-in by an OpenID Connect provider.
type OIDC struct {
	Issuer       string   `toml:"issuer"`        // the provider, exactly as it calls itself; PUBLIC_URL/signin/done is to be registered there
	ClientID     string   `toml:"client_id"`     // Parley's id at the provider
	ClientSecret Secret   `toml:"client_secret"` // left out for a client that has none
	Scopes       []string `toml:"scopes"`        // asked for beside openid; add what the provider wants for telling groups
	GroupsClaim  string   `toml:"groups_claim"`  // of the ID token: a list, or a text with commas
	Idle         Duration `toml:"idle"`          // a sign-in ends unused for so long
	Life         Duration `toml:"life"`          // a sign-in ends at any rate after so long; groups are asked for anew with the next
	Groups       []Group  `toml:"groups"`        // what the members of each group see and may do; of several groups the first in this list decides
}

// Group says what the members of a group see and may do.
type Group struct {
	Group    string `toml:"group"`    // as the proxy or the provider names it
	Audience string `toml:"audience"` // what its members see: unit:KEY, it, ops or wall
	Role     string `toml:"role"`     // what they may do
}

// Store is where Parley keeps its memory.
type Store struct {
	URL string `toml:"url"` // sqlite:PATH or postgres://USER@HOST/DATABASE; the password of a database is in PGPASSWORD or ~/.pgpass
}

// Calendar is what counts as a working day.
type Calendar struct {
	Timezone string   `toml:"timezone"` // IANA name; days, weeks and periods are counted there
	Holidays []string `toml:"holidays"` // days that nobody works on, YYYY-MM-DD
	Weekend  []string `toml:"weekend"`  // days of the week that nobody works on; [] is none
}

// Flow is what the pages about flow and workload hold the work against.
type Flow struct {
	PutOff Percent            `toml:"put_off"` // a work type is put off when its share of the finished work is less than this part of its share of the open work; 0% is never
	Floors map[string]Percent `toml:"floors"`  // by work type: the least share of the finished work, whatever is open
	// ArrivedWithin is how soon after its creation a card has to be in work for having come
	// there unplanned, where nobody had committed to it; 0 is never.
	ArrivedWithin Duration `toml:"arrived_within"`
}

// Sync is how often the trackers are asked and how much may be written.
type Sync struct {
	Poll      Duration `toml:"poll"`       // longest interval between two looks at a tracker, at least 1s; changes and webhooks only shorten it
	Write     string   `toml:"write"`      // "plan" computes and shows every write and sends none; "on" sends them
	MaxChange Percent  `toml:"max_change"` // of a pair's linked cards written in one cycle, counted above 20 writes; the rest is held; 100% is off
	MaxClose  Percent  `toml:"max_close"`  // the same for cards that would be closed
	MaxCreate int      `toml:"max_create"` // issues created in one cycle; the rest is held
	// MarkerKey signs the marks that mirrors are known by. Without it the key derives
	// from the credential of the first Jira.
	MarkerKey Secret `toml:"marker_key"`
}

// Jira is one Jira site.
type Jira struct {
	Name               string            `toml:"name"`                // by which Parley calls it; left out where there is one: jira
	URL                string            `toml:"url"`                 // root of the site
	Auth               string            `toml:"auth"`                // basic: e-mail and API token (Cloud); bearer: personal access token (Data Center)
	User               string            `toml:"user"`                // e-mail address of the account, for basic alone
	Token              Secret            `toml:"token"`               // the API token or personal access token
	Projects           []string          `toml:"projects"`            // keys of the projects that are read
	TransitionDefaults map[string]string `toml:"transition_defaults"` // by field: what is given to a transition whose screen requires it
	WebhookSecret      Secret            `toml:"webhook_secret"`      // lets Jira say that something changed, at /hooks/jira/NAME
	Canary             string            `toml:"canary"`              // an issue that is always there: while it cannot be read, neither absence nor a mass change means anything
}

// GitHub is one GitHub account or GitHub Enterprise server.
type GitHub struct {
	Name           string   `toml:"name"`            // by which Parley calls it; left out where there is one: github
	URL            string   `toml:"url"`             // the REST root; of an Enterprise Server https://HOST/api/v3
	Token          Secret   `toml:"token"`           // of a machine user; or the three keys of an App instead
	AppID          int64    `toml:"app_id"`          // id of a GitHub App
	InstallationID int64    `toml:"installation_id"` // id of its installation
	PrivateKey     Secret   `toml:"private_key"`     // its private key, PEM
	Repos          []string `toml:"repos"`           // repositories that are read, OWNER/NAME
	Status         string   `toml:"status"`          // where the status is held: labels, the field of a project, or an Issue Field of the organisation
	Priority       string   `toml:"priority"`        // where the priority is held, in the same way
	Project        string   `toml:"project"`         // OWNER/NUMBER of the project, where status or priority is held in one
	StatusField    string   `toml:"status_field"`    // name of the field that holds the status; its options are single ones
	PriorityField  string   `toml:"priority_field"`  // name of the field that holds the priority
	WebhookSecret  Secret   `toml:"webhook_secret"`  // lets GitHub say that something changed, at /hooks/github/NAME
}

// Column is one column of the board, left to right.
type Column struct {
	Key      string   `toml:"key"`      // by which the rest of the file, addresses and commands name it: small letters, digits and hyphens
	Name     string   `toml:"name"`     // its heading; left out: the key
	Category string   `toml:"category"` // option: a request; queue: committed to; active: in work; wait: waits for somebody; done and cancelled: ended
	Turn     string   `toml:"turn"`     // who has to do something next; left out: what is usual for the category
	WIP      int      `toml:"wip"`      // cards at a time; 0 is no limit
	WIPHard  bool     `toml:"wip_hard"` // refuses a move made in Parley beyond the limit, instead of only showing it
	Jira     []string `toml:"jira"`     // statuses by name, translated or not, or by id; the first that can be reached is written; "NAME + resolution:R" means only those; "same:KEY" shares those of another column; left out: Jira cannot show the column
	GitHub   []string `toml:"github"`   // a state (open, closed, closed:completed, closed:not_planned, closed:duplicate), then any " + label:NAME" or one " + option:NAME"; the first is written
}

// Priority is one step of the board's priority scale, highest first.
type Priority struct {
	Key    string   `toml:"key"`    // by which the rest of the file, addresses and commands name it
	Name   string   `toml:"name"`   // as the board shows it; left out: the key
	Jira   []string `toml:"jira"`   // priorities by name or id; the first is written, the others are left as they are; or "same:KEY"
	GitHub []string `toml:"github"` // "label:NAME", or "option:NAME" where the priority is held in a field; the first is written
}

// Pair says how the issues of a project and a repository find their twins.
type Pair struct {
	Jira       string            `toml:"jira"`        // key of a project
	GitHub     string            `toml:"github"`      // a repository, OWNER/NAME
	Match      []string          `toml:"match"`       // what joins two issues, believed in this order: remote-link, key-in-title, url-in-description; left out: all three
	Mirror     string            `toml:"mirror"`      // create missing twins: none, jira-to-github, github-to-jira or both; left out: none
	MirrorText string            `toml:"mirror_text"` // what is copied into a twin: title, title+body or none; left out: title
	Fields     map[string]string `toml:"fields"`      // by field (status, priority, title, due, labels, assignees): whose changes are carried: both, jira, github or off; left out: status and priority both, the others off
	Conflict   map[string]string `toml:"conflict"`    // by field: who wins when both changed: jira, github, newest or ask; left out: status github, priority jira, due jira, the others newest
}

// Unit is a business unit, how its cards are known, and what was agreed with it.
type Unit struct {
	Key      string     `toml:"key"`      // by which the rest of the file, addresses and commands name it
	Name     string     `toml:"name"`     // as the board shows it; left out: the key
	Match    When       `toml:"match"`    // condition of its cards; the first unit that matches wins
	WIP      int        `toml:"wip"`      // its cards in work at a time; 0 is no limit
	WIPHard  bool       `toml:"wip_hard"` // refuses what is made in Parley beyond the limit
	Contract []Contract `toml:"contract"` // what was agreed with the unit, one table a version
	Digest   Digest     `toml:"digest"`   // where the digest of the contract goes when a week is over
}

// Contract is one version of the terms between a unit and IT.
type Contract struct {
	From       string   `toml:"from"`        // a week, YYYY-Www, or a date; the version holds from the first period that begins then
	Period     string   `toml:"period"`      // length of a period; a week goes from Monday to Sunday in the calendar's time zone
	Slots      int      `toml:"slots"`       // requests that IT takes on per period
	Carry      *int     `toml:"carry"`       // most slots that IT can owe from earlier; left out: as many as slots
	Cutoff     string   `toml:"cutoff"`      // day and time by which a request has to be ready to count
	Expedite   int      `toml:"expedite"`    // urgent requests in a rolling four weeks; each costs a slot
	SLEDays    int      `toml:"sle_days"`    // requests are delivered within so many days on IT's clock
	SLEShare   Percent  `toml:"sle_share"`   // of requests that are delivered within sle_days
	AnswerDays int      `toml:"answer_days"` // business days to answer a question, or to reply to a new request
	AcceptDays int      `toml:"accept_days"` // business days to accept or refuse what was delivered
	Unplanned  Percent  `toml:"unplanned"`   // share of unplanned work above which its cause must be noted
	Ready      []string `toml:"ready"`       // fields that a ready request has filled in
	Holidays   []string `toml:"holidays"`    // days of this unit that nobody works on, beside those of the calendar
	Priorities []string `toml:"priorities"`  // keys of the priorities that ask for a slot; none: every request of the unit takes one
	Over       string   `toml:"over"`        // to a priority raised without a free slot: show a badge, ask on the ticket, or enforce the old one
	ChooseDays int      `toml:"choose_days"` // business days in which the unit can choose, once asked
	Agreed     Agreed   `toml:"agreed"`      // who agreed to this version
}

// Agreed names who agreed to a contract on each side.
type Agreed struct {
	Business string `toml:"business"` // name and function
	IT       string `toml:"it"`       // name and function
}

// Person says which accounts are one person.
type Person struct {
	Name    string `toml:"name"`     // of the person, once in the file
	Jira    string `toml:"jira"`     // account id (Cloud) or name (Data Center)
	GitHub  string `toml:"github"`   // login
	Team    string `toml:"team"`     // the unit whose key it is, or any name of a team of IT
	WIP     int    `toml:"wip"`      // cards assigned to them in work at a time; 0 is no limit
	WIPHard bool   `toml:"wip_hard"` // refuses what is made in Parley beyond the limit
}

// Limit is how many cards of a class of service may be in work.
type Limit struct {
	Class string `toml:"class"` // class of service: expedite, fixed-date, standard or intangible
	WIP   int    `toml:"wip"`   // cards of the class in work at a time, at least 1
	Hard  bool   `toml:"hard"`  // refuses what is made in Parley beyond it
}

// Rule sets properties of the cards that a condition holds for.
type Rule struct {
	When When `toml:"when"` // condition of the cards; where there is a Jira issue, it decides
	Set  Set  `toml:"set"`  // what is set; for each property the first rule that matches wins
}

// When is a condition; the keys of one tracker must all hold.
type When struct {
	JiraProject     Values            `toml:"jira_project"`     // key of the project
	JiraType        Values            `toml:"jira_type"`        // issue type
	JiraLabel       Values            `toml:"jira_label"`       // label in Jira
	JiraComponent   Values            `toml:"jira_component"`   // component
	JiraPriority    Values            `toml:"jira_priority"`    // the tracker's own name or id
	JiraField       map[string]Values `toml:"jira_field"`       // by name of a custom field: its values
	JiraSecurity    Values            `toml:"jira_security"`    // security level
	JiraReporter    Values            `toml:"jira_reporter"`    // account of who reported it
	JiraVersion     Values            `toml:"jira_version"`     // fix version
	JiraTitle       Values            `toml:"jira_title"`       // a text that stands in the title as whole words
	GitHubRepo      Values            `toml:"github_repo"`      // repository, OWNER/NAME
	GitHubType      Values            `toml:"github_type"`      // issue type
	GitHubLabel     Values            `toml:"github_label"`     // label on GitHub
	GitHubAuthor    Values            `toml:"github_author"`    // login of who opened it
	GitHubMilestone Values            `toml:"github_milestone"` // milestone
	GitHubTitle     Values            `toml:"github_title"`     // a text that stands in the title as whole words
}

// Set is what a rule sets.
type Set struct {
	Class   string `toml:"class"`   // class of service: expedite, fixed-date, standard or intangible
	Planned *bool  `toml:"planned"` // whether the work was planned; left out: by how the card came into work
	Type    string `toml:"type"`    // work type, any word
	Blocked string `toml:"blocked"` // the card is blocked, and this side has to unblock it: business, it or third
	Reason  string `toml:"reason"`  // why it is blocked, in words
}

// Visibility says what may be seen by whom.
type Visibility struct {
	OtherUnits string     `toml:"other_units"` // what a unit sees of the others' cards: masked ones, or their titles
	Restricted Restricted `toml:"restricted"`  // which cards only those see who may see everything
	Shows      Shows      `toml:"shows"`       // which facets of a card each audience reads
}

// Shows says which facets of a card each audience reads. A list that is left out is the
// default one, an empty list shows masked cards.
type Shows struct {
	Own   []string `toml:"own"`   // a unit, of its own cards
	Other []string `toml:"other"` // a unit, of all other cards
	IT    []string `toml:"it"`    // developers and the rest of IT
	Ops   []string `toml:"ops"`   // whoever looks after the whole
	Wall  []string `toml:"wall"`  // a screen that nobody sits at
}

// Restricted says which cards only those see who may see everything.
type Restricted struct {
	JiraSecurity Values   `toml:"jira_security"` // security levels of Jira; "any": every issue that has one; [] switches it off
	Labels       []string `toml:"labels"`        // labels of either tracker
}
