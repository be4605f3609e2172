package config

import (
	"os"
	"strings"
	"testing"
)

// FuzzLoad holds Load to three promises on any text: it comes back, an error keeps
// the configuration from being used, and every problem has a line that exists.
func FuzzLoad(f *testing.F) {
	text, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(minimal)
	f.Add(strings.ReplaceAll(minimal, "\n", "\r\n"))
	f.Add("a = [ [ { b = '''\n''', \"c.d\" = \"\"\"\\\"\"\"\"\" } ], # }\n]\n[[x.y]]\n[x.y.z]\n[[x.y]]\nq.w = 1979-05-27T07:32:00Z")
	f.Add("[[jira]]\ntoken = \"env:X\"\nprojects = 'OPS'\n[jira.transition_defaults]\nx = 1")
	f.Add("[[column]]\ngithub = [\"open + label: + label:a\", \"same:\", \" + \"]\njira = [\"+ resolution:\", \"0\"]")
	f.Fuzz(func(t *testing.T, text string) {
		c, ps := parse("config.toml", text, environment)
		if (c == nil) != Failed(ps) {
			t.Errorf("configuration %v with the problems %v", c != nil, lines(ps))
		}
		last := strings.Count(text, "\n") + 1
		for _, p := range ps {
			if p.Line < 1 || p.Line > last || p.Message == "" {
				t.Errorf("line %d of %d: %s", p.Line, last, p)
			}
		}
	})
}
