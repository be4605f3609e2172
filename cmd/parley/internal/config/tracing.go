package config

import (
	"net/textproto"
	"net/url"
	"strings"
)

// Tracing says where traces of what Parley does are sent, by OpenTelemetry's protocol over
// HTTP. They hold ids, names of this file, numbers and times; no text of a tracker.
type Tracing struct {
	Endpoint string  `toml:"endpoint"` // of the collector, https://HOST:4318; left out: what the standard variables OTEL_* say, and without OTEL_EXPORTER_OTLP_ENDPOINT none are sent
	Sample   Percent `toml:"sample"`   // share of the traces that are sent
	Headers  Secret  `toml:"headers"`  // sent along: NAME=VALUE, with commas between several, and %XX for what cannot stand there
}

// Address is where spans are posted, "" where the file names no collector.
func (t Tracing) Address() string {
	u, err := url.Parse(t.Endpoint)
	if err != nil || t.Endpoint == "" {
		return ""
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces"
	}
	return u.String()
}

// Sent are the headers that go along, nil where they cannot be read.
func (t Tracing) Sent() map[string]string {
	out := map[string]string{}
	if t.Headers.Reveal() == "" {
		return out
	}
	for pair := range strings.SplitSeq(t.Headers.Reveal(), ",") {
		name, value, found := strings.Cut(pair, "=")
		name = textproto.TrimString(name)
		value, err := url.PathUnescape(textproto.TrimString(value))
		if !found || err != nil || !token(name) || strings.ContainsAny(value, "\r\n\x00") {
			return nil
		}
		out[name] = value
	}
	return out
}

// token reports whether a text can be the name of a header.
func token(name string) bool {
	return name != "" && strings.Trim(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// tracing checks the collector, without ever repeating what is sent to it.
func (c *checker) tracing(t Tracing) {
	c.percent("tracing.sample", t.Sample)
	if t.Endpoint != "" {
		c.collector(t)
	} else if c.has("tracing.headers") {
		c.warnf("tracing.headers", "write endpoint, or take it out", "nothing is sent that they could go along with")
	}
	if t.Headers.Reveal() != "" && t.Sent() == nil {
		c.errorf("tracing.headers", `write NAME=VALUE, with commas between several, where the secret is kept`, "are not headers")
	}
}

func (c *checker) collector(t Tracing) {
	const at = "tracing.endpoint"
	switch u, err := url.Parse(t.Endpoint); {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		c.errorf(at, `write "https://HOST:4318"`, "is not a web address")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		c.errorf(at, "take them out; credentials go into headers", "an address must not hold credentials, a query or a fragment")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		c.errorf(at, "write https:", "without encryption only this machine itself may be talked to")
	}
}
