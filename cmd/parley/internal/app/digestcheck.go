package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/cmd/parley/internal/config"
	"parley/connectors"
	"parley/mapping"
)

// Digests says where the digest of each contract goes, a line a unit. Nothing is asked.
func Digests(c *config.Config) []string {
	var out []string
	for _, u := range c.Unit {
		if !u.Digest.On() || len(u.Contract) == 0 {
			continue
		}
		var ways []string
		if u.Digest.JiraIssue != "" {
			ways = append(ways, "a comment on "+u.Digest.JiraIssue)
		}
		if len(u.Digest.Email) > 0 {
			ways = append(ways, fmt.Sprintf("a mail to %s by %s:%d", strings.Join(u.Digest.Email, ", "), c.SMTP.Host, c.SMTP.Port))
		}
		if u.Digest.Webhook.Set() {
			ways = append(ways, "a webhook to "+u.Digest.Host())
		}
		line := u.Key + ": " + strings.Join(ways, "; ")
		if c.Sync.Write != "on" {
			line += `; held, as sync.write is "plan"`
		}
		out = append(out, line)
	}
	return out
}

// CheckDigests signs in with the mail server and connects to the webhooks that digests go
// to, and sends nothing. skip says which tables are wrong anyway.
func CheckDigests(ctx context.Context, o Options, skip func(path string) bool) []mapping.Problem {
	var out []mapping.Problem
	mails := false
	for i, u := range o.Config.Unit {
		mails = mails || len(u.Digest.Email) > 0
		path := fmt.Sprintf("unit[%d].digest", i)
		if !u.Digest.Webhook.Set() || skip(path) {
			continue
		}
		if err := o.hook(u).Check(ctx); err != nil {
			out = append(out, unreached(path+".webhook", err, "digests are tried again for a week"))
		}
	}
	if mails && !skip("smtp") {
		if err := mailServer(o.Config.SMTP).Check(ctx); err != nil {
			at, fix := "smtp.host", "digests are tried again for a week"
			if connectors.KindOf(err) == connectors.Auth {
				at, fix = "smtp.password", "look at user and password"
			}
			out = append(out, unreached(at, err, fix))
		}
	}
	return out
}

// unreached is a warning: a receiver that is away is no reason not to run.
func unreached(path string, err error, fix string) mapping.Problem {
	p := mapping.Problem{Path: path, Severity: mapping.Warning, Message: err.Error(), Fix: fix}
	if e, ok := errors.AsType[*connectors.Error](err); ok {
		p.Message = e.Tracker + ": " + e.Message
	}
	return p
}
