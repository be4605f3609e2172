package config

import (
	"cmp"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"strings"

	"parley/mapping"
)

// Digest says where the digest of a unit's contract goes at the end of each period. Each
// key is a channel of its own; none: it is sent nowhere.
type Digest struct {
	JiraIssue string `toml:"jira_issue"` // issue that the digest is a comment on
	Email     Values `toml:"email"`      // addresses; each gets a mail of its own
	Webhook   Secret `toml:"webhook"`    // https://…, or env:NAME or file:PATH where the address is a secret itself
	Secret    Secret `toml:"secret"`     // signs what the webhook gets
}

// On reports whether digests of the unit are sent anywhere.
func (d Digest) On() bool { return d.JiraIssue != "" || len(d.Email) > 0 || d.Webhook.Set() }

// Host is where the webhook is, "" where there is none: all of its address that is ever
// shown.
func (d Digest) Host() string {
	u, err := url.Parse(d.Webhook.Reveal())
	if err != nil {
		return ""
	}
	return u.Host
}

// SMTP is the server that takes mails.
type SMTP struct {
	Host     string `toml:"host"`     // name of the server that takes mails
	Port     int    `toml:"port"`     // left out: 587 with starttls, 465 with implicit, 25 with none
	TLS      string `toml:"tls"`      // how it is encrypted; none only to this machine itself
	User     string `toml:"user"`     // account; left out, with the password: no sign-in
	Password Secret `toml:"password"` // of the account
	From     string `toml:"from"`     // sender, "Parley <parley@acme.example>"
}

// Ways of encryption, with the port that goes with each.
const (
	smtpStartTLS = "starttls"
	smtpImplicit = "implicit"
	smtpNone     = "none"
)

// complete fills in what follows from the rest.
func (s *SMTP) complete() {
	if s.TLS == "" && s.Port == 465 {
		s.TLS = smtpImplicit
	}
	setDefault(&s.TLS, smtpStartTLS)
	s.Port = cmp.Or(s.Port, map[string]int{smtpStartTLS: 587, smtpImplicit: 465, smtpNone: 25}[s.TLS])
}

// smtp checks the server for mails. Without one the section may be left out.
func (c *checker) smtp(config *Config) {
	if !c.has("smtp") {
		return
	}
	s := config.SMTP
	c.word("smtp.tls", s.TLS, smtpStartTLS, smtpImplicit, smtpNone)
	switch {
	case s.Host == "" || strings.ContainsAny(s.Host, "/: \t"):
		c.errorf("smtp.host", `write the name of the server alone, "smtp.acme.example"; its port is smtp.port`, "is no name of a server")
	case s.TLS == smtpNone && !Loopback(s.Host):
		c.errorf("smtp.tls", `write "starttls" or "implicit"`, "without encryption only this machine itself may be talked to")
	}
	if s.Port < 1 || s.Port > 65535 {
		c.errorf("smtp.port", "587 and 465 are usual", "is no port")
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		c.errorf("smtp.from", `write from = "Parley <parley@acme.example>"`, "is no address of mail")
	}
	if (s.User == "") == s.Password.Set() {
		c.errorf("smtp.user", "write both user and password, or neither", "a sign-in takes a user and a password")
	}
}

// issueForm is that of the key of an issue in Jira.
var issueForm = regexp.MustCompile(`^([A-Z][A-Z0-9_]*)-[1-9][0-9]*$`)

// digests checks where digests go.
func (c *checker) digests(config *Config) {
	for i, u := range config.Unit {
		path := fmt.Sprintf("unit[%d].digest", i)
		switch {
		case !u.Digest.On() && c.has(path):
			c.warnf(path, "write jira_issue, email or webhook, or take it out", "the digest is sent nowhere")
		case u.Digest.On() && len(u.Contract) == 0:
			c.warnf(path, "write [[unit.contract]], or take it out", "there is no contract with this unit, and so no digest")
		}
		c.digest(path, u.Digest, config)
	}
}

func (c *checker) digest(path string, d Digest, config *Config) {
	if d.JiraIssue != "" {
		c.digestIssue(path+".jira_issue", d.JiraIssue, config)
	}
	if len(d.Email) > 0 && !c.has("smtp") {
		c.errorf(path+".email", "write [smtp] with host and from", "there is no server that takes mails")
	}
	seen := map[string]bool{}
	for i, to := range d.Email {
		at := fmt.Sprintf("%s.email[%d]", path, i)
		a, err := mail.ParseAddress(to)
		switch key := strings.ToLower(to); {
		case err != nil || a.Address != to || len(to) > mostAddress:
			c.errorf(at, `write the address alone, "mia@acme.example"`, "is no address of mail")
		case seen[key]:
			c.errorf(at, "keep it once", "is listed twice")
		default:
			seen[key] = true
		}
	}
	if d.Webhook.Reveal() != "" {
		c.digestHook(path, d)
	}
	if d.Secret.Set() && !d.Webhook.Set() {
		c.warnf(path+".secret", "write webhook, or take it out", "signs nothing without a webhook")
	}
}

// mostAddress is the longest address that mail knows, in bytes.
const mostAddress = 254

func (c *checker) digestIssue(path, issue string, config *Config) {
	parts := issueForm.FindStringSubmatch(issue)
	if parts == nil {
		c.errorf(path, `write its key, "OPS-12"`, "%q is no issue", issue)
		return
	}
	var projects []string
	for _, j := range config.Jira {
		projects = append(projects, j.Projects...)
	}
	if !contains(projects, parts[1]) {
		fix := "name an issue of a project that is read, or read that project as well"
		if near := mapping.Nearest(parts[1], projects); near != "" {
			fix = "did you mean " + near + "?"
		}
		c.errorf(path, fix, "%s is no project of the [[jira]] above", parts[1])
	}
}

// digestHook checks an address without ever repeating it, as there may be a password in it.
// Unlike those of trackers it may have a query.
func (c *checker) digestHook(path string, d Digest) {
	at := path + ".webhook"
	switch u, err := url.Parse(d.Webhook.Reveal()); {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		c.errorf(at, `write "https://HOST/…", or env:NAME or file:PATH with it`, "is not a web address")
	case u.User != nil:
		c.errorf(at, "take user and password out of the address; the secret signs what is sent", "an address must not hold credentials")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		c.errorf(at, "write https:", "without encryption only this machine itself may be talked to")
	}
	switch secret := d.Secret.Reveal(); {
	case !d.Secret.Set():
		c.errorf(path+".secret", "write env:NAME or file:PATH, and give it to the receiver", "is missing: nobody could tell that a digest comes from here")
	case secret != "" && len(secret) < leastSecret:
		c.warnf(path+".secret", "make one of random characters and give it to the receiver as well", "is shorter than %d characters and might be guessed", leastSecret)
	}
}
