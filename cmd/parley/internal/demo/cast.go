package demo

import (
	"parley/connectors/sim/githubsim"
	"parley/connectors/sim/jirasim"
)

// Person is somebody of the company, with an account in both trackers.
type Person struct {
	Name   string
	Jira   string // account id
	GitHub string // login
	Email  string // signs in at Jira
	Team   string // payments, infra, trading, risk, finance, ops
	Role   Role
}

// Role is what somebody does in the company.
type Role string

// Roles.
const (
	Developer Role = "developer" // works in GitHub
	Requester Role = "requester" // of a business unit, works in Jira
	Liaison   Role = "liaison"   // between a unit and IT, works in both
	Lead      Role = "lead"      // runs operations
)

// cast lists the people. Their order is part of what a seed means.
func cast() []Person {
	return []Person{
		person("Ana Duarte", "ana", "payments", Developer),
		person("Ben Okafor", "ben", "payments", Developer),
		person("Chloé Martin", "chloe", "payments", Developer),
		person("Dmitri Volkov", "dmitri", "payments", Developer),
		person("Emeka Nwosu", "emeka", "infra", Developer),
		person("Farah Haddad", "farah", "infra", Developer),
		person("Goran Petrović", "goran", "infra", Developer),
		person("Hanna Lindqvist", "hanna", "trading", Liaison),
		person("Ibrahim Sesay", "ibrahim", "finance", Liaison),
		person("Julia Brandt", "julia", "trading", Requester),
		person("Kenji Mori", "kenji", "trading", Requester),
		person("Leila Rahimi", "leila", "risk", Requester),
		person("Marco Conti", "marco", "risk", Requester),
		person("Nadia Petit", "nadia", "finance", Requester),
		person("Oliver Grant", "oliver", "finance", Requester),
		person("Priya Nair", "priya", "ops", Lead),
	}
}

func person(name, login, team string, role Role) Person {
	return Person{Name: name, Jira: "acme:" + login, GitHub: login + "-acme", Email: login + "@acme.example", Team: team, Role: role}
}

// token is what somebody signs in with. It opens nothing but the simulators.
func token(tracker string, p Person) string { return "demo-" + tracker + "-" + p.GitHub }

// bot is the account that Parley uses.
func bot() Person { return person("Parley", "parley", "ops", "") }

// hire makes the accounts, in both trackers, of everybody and of the bot.
func hire(jira *jirasim.Site, hub *githubsim.Hub) error {
	for _, p := range append(cast(), bot()) {
		jira.AddUser(jirasim.User{AccountID: p.Jira, DisplayName: p.Name, Email: p.Email, Token: token("jira", p), Admin: p.Role == Lead})
		account := githubsim.User{Login: p.GitHub, Name: p.Name, Token: token("github", p), Push: p.Role != Requester}
		if err := hub.AddUser(account); err != nil {
			return err
		}
	}
	return nil
}

// staff gives the people of a role, and of a team where one is named.
func staff(role Role, team string) []Person {
	var out []Person
	for _, p := range cast() {
		if p.Role == role && (team == "" || p.Team == team) {
			out = append(out, p)
		}
	}
	return out
}
