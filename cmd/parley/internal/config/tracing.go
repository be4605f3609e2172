package config

import (
	"net/url"
	"strings"
	"unicode"
)

// Tracing says where traces of what Parley does are sent, by OpenTelemetry's protocol over
// HTTP. They hold ids, names of this file, numbers and times; no text of a tracker.
type Tracing struct {
	Endpoint string  `toml:"endpoint"` // of the collector, https://HOST:4318; left out: what the standard variables OTEL_* say, and without OTEL_EXPORTER_OTLP_ENDPOINT none are sent
	Sample   Percent `toml:"sample"`   // share of the traces that are sent
	Header   string  `toml:"header"`   // the header that the token is sent in
	Token    Secret  `toml:"token"`    // what the collector lets in by, whole: "Bearer …" where it wants that; left out: nothing
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

// Headers are what is sent along.
func (t Tracing) Headers() map[string]string {
	if t.Token.Reveal() == "" {
		return nil
	}
	return map[string]string{t.Header: t.Token.Reveal()}
}

// token reports whether a text can be the name of a header.
func token(name string) bool {
	return name != "" && strings.Trim(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// tracing checks the collector, without ever repeating what is sent to it.
func (c *checker) tracing(t Tracing) {
	c.percent("tracing.sample", t.Sample)
	if !token(t.Header) {
		c.errorf("tracing.header", `write its name alone, "X-API-Key"`, "is no name of a header")
	}
	if strings.ContainsFunc(t.Token.Reveal(), unicode.IsControl) {
		c.errorf("tracing.token", "keep it on one line", "cannot stand in a header")
	}
	if t.Endpoint != "" {
		c.collector(t)
	} else if t.Token.Set() {
		c.warnf("tracing.token", "write endpoint, or take it out", "nothing is sent that it could go along with")
	}
}

func (c *checker) collector(t Tracing) {
	const at = "tracing.endpoint"
	switch u, err := url.Parse(t.Endpoint); {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		c.errorf(at, `write "https://HOST:4318"`, "is not a web address")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		c.errorf(at, "take them out; a credential goes into token", "an address must not hold credentials, a query or a fragment")
	case u.Scheme == "http" && !Loopback(u.Hostname()):
		c.errorf(at, "write https:", "without encryption only this machine itself may be talked to")
	}
}
