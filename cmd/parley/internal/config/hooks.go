package config

import (
	"fmt"
	"net/url"
)

// leastSecret is how long a secret of webhooks has to be for nobody to guess it.
const leastSecret = 16

// hooks warns of webhooks that cannot arrive, or that others could make.
func (c *checker) hooks(config *Config) {
	for i, j := range config.Jira {
		c.hook(config, fmt.Sprintf("jira[%d].webhook_secret", i), j.WebhookSecret, j.URL)
	}
	for i, g := range config.GitHub {
		c.hook(config, fmt.Sprintf("github[%d].webhook_secret", i), g.WebhookSecret, g.URL)
	}
}

func (c *checker) hook(config *Config, path string, secret Secret, tracker string) {
	if !secret.Set() || secret.Reveal() == "" {
		return
	}
	if len(secret.Reveal()) < leastSecret {
		c.warnf(path, "make one of random characters and give it to the tracker as well", "is shorter than %d characters and might be guessed", leastSecret)
	}
	from, err := url.Parse(tracker)
	to, wrong := url.Parse(config.Server.PublicURL)
	if err == nil && wrong == nil && !Loopback(from.Hostname()) && Loopback(to.Hostname()) {
		c.warnf(path, "set server.public_url to where a proxy takes /hooks/ for Parley", "%s cannot reach %s", from.Hostname(), config.Server.PublicURL)
	}
}
