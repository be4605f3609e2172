package config

import (
	"time"

	"parley/kanban/contract"
	"parley/sync/view"
)

// The defaults of keys that need not be written.
const (
	DefaultListen    = "127.0.0.1:8080"
	DefaultPublicURL = "http://127.0.0.1:8080"
	DefaultStore     = "sqlite:parley.db"
	DefaultPoll      = 30 * time.Second
	DefaultWrite     = "plan"
	DefaultArrived   = 24 * time.Hour
)

func defaults() *Config {
	return &Config{
		Server: Server{Listen: DefaultListen, PublicURL: DefaultPublicURL, Auth: "none",
			Proxy: Proxy{UserHeader: "X-Forwarded-User", GroupsHeader: "X-Forwarded-Groups"},
			OIDC:  OIDC{Scopes: []string{"profile", "email"}, GroupsClaim: "groups", Idle: Duration{Duration: 12 * time.Hour}, Life: Duration{Duration: 24 * time.Hour}},
		},
		Store:    Store{URL: DefaultStore},
		Calendar: Calendar{Timezone: "UTC", Weekend: []string{"sat", "sun"}},
		Flow:     Flow{PutOff: Percent{Share: view.DefaultPutOff}, ArrivedWithin: Duration{Duration: DefaultArrived}},
		Sync: Sync{Poll: Duration{Duration: DefaultPoll}, Write: DefaultWrite,
			MaxChange: Percent{Share: 0.2}, MaxClose: Percent{Share: 0.1}, MaxCreate: 50},
		Visibility: Visibility{OtherUnits: "masked", Restricted: Restricted{JiraSecurity: Values{"any"}}},
		Tracing:    Tracing{Sample: Percent{Share: 1}, Header: "Authorization"},
	}
}

// complete fills in what a single tracker or a contract need not say.
func (c *Config) complete() {
	for i := range c.Jira {
		j := &c.Jira[i]
		if j.Name == "" && len(c.Jira) == 1 {
			j.Name = "jira"
		}
		if j.Auth == "" {
			j.Auth = "basic"
		}
	}
	for i := range c.GitHub {
		g := &c.GitHub[i]
		if g.Name == "" && len(c.GitHub) == 1 {
			g.Name = "github"
		}
		if g.URL == "" {
			g.URL = "https://api.github.com"
		}
		setDefault(&g.Status, "labels")
		setDefault(&g.Priority, "labels")
		setDefault(&g.StatusField, "Status")
		setDefault(&g.PriorityField, "Priority")
	}
	c.SMTP.complete()
	for i := range c.Unit {
		for k := range c.Unit[i].Contract {
			t := &c.Unit[i].Contract[k]
			setDefault(&t.Period, "week")
			setDefault(&t.Cutoff, "tue 12:00")
			setDefault(&t.Over, string(contract.Show))
			if t.ChooseDays == 0 {
				t.ChooseDays = 2
			}
		}
	}
}

func setDefault(s *string, value string) {
	if *s == "" {
		*s = value
	}
}
