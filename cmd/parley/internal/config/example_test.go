package config

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/mapping"
	"parley/sync/view"
)

// switchedOff finds the settings of the example that are commented out.
var switchedOff = regexp.MustCompile(`(?m)^#(\[|\]|[a-z]|  \{)`)

// exampleText is the example with all its settings switched on.
func exampleText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	return switchedOff.ReplaceAllString(string(text), "$1")
}

func TestExampleShowsEveryKey(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for path := range index(exampleText(t)) {
		seen[regexp.MustCompile(`\[\d+\]`).ReplaceAllString(path, "")] = true
	}
	var visit func(path string, of reflect.Type)
	visit = func(path string, of reflect.Type) {
		if !seen[path] && path != "" {
			t.Errorf("%s is not in the example", path)
		}
		if of == reflect.TypeFor[When]() {
			path = "rule.when" // shown once for both places where conditions are written
		}
		for kindOf(of) == kindList {
			of = of.Elem()
		}
		for key, field := range fields(of) {
			visit(join(path, key), field)
		}
	}
	visit("", reflect.TypeFor[Config]())
}

func TestExampleWithEverythingOn(t *testing.T) {
	t.Parallel()
	path := write(t, exampleText(t))
	_, ps := LoadEnv(path, environment)
	for _, p := range ps {
		// An app beside a token, and its missing key file, cannot be avoided here.
		if p.Severity == mapping.Error && p.Path != "github[0].app_id" && p.Path != "github[0].private_key" {
			t.Error(p)
		}
	}
}

func TestWhatArrivesUnplanned(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"": 24 * time.Hour, `"0h"`: 0, `"90m"`: 90 * time.Minute, `"720h"`: 720 * time.Hour} {
		if text != "" {
			text = "[flow]\narrived_within = " + text + "\n"
		}
		c, ps := LoadEnv(write(t, minimal+text), environment)
		if len(ps) > 0 {
			t.Fatal(lines(ps))
		}
		if got := c.Mapping().Arrival; got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{
		"soon": `"soon" is not a duration`, "-1h": "-1h is not between 0h and 720h", "721h": "721h is not between 0h and 720h",
	} {
		_, ps := LoadEnv(write(t, minimal+"[flow]\narrived_within = \""+text+"\"\n"), environment)
		if len(ps) != 1 || ps[0].Path != "flow.arrived_within" || !strings.Contains(ps[0].Message, want) {
			t.Errorf("%q: %s", text, lines(ps))
		}
	}
}

func TestFloors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]view.Floors{
		"": {PutOff: 0.25, Types: map[string]float64{}},
		"[flow]\nput_off = \"0%\"\nfloors = { improvement = \"10%\" }\n[[rule]]\nwhen = { jira_label = \"kaizen\" }\nset = { type = \"improvement\" }\n": {Types: map[string]float64{"improvement": 0.1}},
	} {
		c, ps := LoadEnv(write(t, minimal+text), environment)
		if len(ps) > 0 {
			t.Fatal(lines(ps))
		}
		if got := c.Flow.Terms(); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
