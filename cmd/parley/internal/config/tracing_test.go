package config

import (
	"fmt"
	"strings"
	"testing"
)

// tracing is minimal with a collector.
const tracing = minimal + `[tracing]
endpoint = "https://otel.acme.example:4318"
header = "X-API-Key"
token = "env:OTLP_TOKEN"
sample = "5%"
`

func TestWhereTracesGo(t *testing.T) {
	t.Parallel()
	c, ps := LoadEnv(write(t, tracing), environment)
	if len(ps) > 0 {
		t.Fatal(lines(ps))
	}
	at := c.Tracing
	if at.Address() != "https://otel.acme.example:4318/v1/traces" || at.Headers()["X-API-Key"] != "value of OTLP_TOKEN" || len(at.Headers()) != 1 || at.Sample.Share != 0.05 {
		t.Errorf("%+v to %s", at, at.Address())
	}
	if text := fmt.Sprintf("%+v %#v", at, at); strings.Contains(text, "value of") {
		t.Errorf("printed as %s", text)
	}
	c, _ = LoadEnv(write(t, strings.Replace(tracing, ":4318", ":4318/otlp/in", 1)), environment)
	if got := c.Tracing.Address(); got != "https://otel.acme.example:4318/otlp/in" {
		t.Errorf("a path of its own became %s", got)
	}
	if c, _ = LoadEnv(write(t, minimal), environment); c.Tracing.Address() != "" || c.Tracing.Headers() != nil || c.Tracing.Sample.Share != 1 {
		t.Errorf("without the section: %+v", c.Tracing)
	}
}

func TestProblemsOfTraces(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ from, to, want string }{
		{"https://otel", "ftp://otel", "tracing.endpoint: is not a web address"},
		{"https://otel", "http://otel", "tracing.endpoint: without encryption only this machine itself may be talked to"},
		{"https://otel", "https://me:hunter2@otel", "tracing.endpoint: an address must not hold credentials"},
		{":4318", ":4318/?key=hunter2", "tracing.endpoint: an address must not hold credentials"},
		{`"5%"`, `"500%"`, "tracing.sample: is not a percentage"},
		{"X-API-Key", "X-API-Key: hunter2", "tracing.header: is no name of a header"},
		{`"env:OTLP_TOKEN"`, `"hunter2"`, "tracing.token: a secret must not stand in the file itself"},
		{`"env:OTLP_TOKEN"`, `"env:LINES"`, "tracing.token: cannot stand in a header"},
		{`endpoint = "https://otel.acme.example:4318"`, "", "tracing.token: nothing is sent that it could go along with"},
	} {
		_, ps := LoadEnv(write(t, strings.Replace(tracing, tc.from, tc.to, 1)), func(name string) (string, bool) {
			if name == "LINES" {
				return "hunter2\nthe rest", true
			}
			return environment(name)
		})
		if got := lines(ps); !strings.Contains(fmt.Sprint(got), tc.want) || strings.Contains(fmt.Sprint(got), "hunter2") {
			t.Errorf("%s: %v, want %q", tc.to, got, tc.want)
		}
	}
}
