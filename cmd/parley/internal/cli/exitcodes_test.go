package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEveryCommandIsMisusedOnce: the table of exit codes has a line for every command, so
// that a new one says what wrong usage of it is.
func TestEveryCommandIsMisusedOnce(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("../../testdata/script/exitcodes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&commands{}, kong.Vars{"version": ""})
	if err != nil {
		t.Fatal(err)
	}
	leaves := parser.Model.Leaves(true)
	if len(leaves) < 20 {
		t.Fatalf("%d commands", len(leaves))
	}
	for _, leaf := range leaves {
		name := leaf.Name
		for at := leaf.Parent; at != nil && at.Type == kong.CommandNode; at = at.Parent {
			name = at.Name + " " + name
		}
		if !strings.Contains(string(script)+"\n", "\nexits 2 parley "+name+"\n") && !strings.Contains(string(script), "\nexits 2 parley "+name+" ") {
			t.Errorf("no line tells that wrong usage of parley %s ends with 2", name)
		}
	}
}

// TestUsageWords: what the parser says is told in terms of who typed it.
func TestUsageWords(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		`unexpected argument foo`:                            `no command "foo"; see parley --help`,
		`unexpected argument se, did you mean "see"?`:        `no command "se", did you mean "see"?; see parley --help`,
		`--as: expected string value but got "EOL" (<EOL>)`:  `--as needs a value; see parley --help`,
		`--log must be one of "debug","info" but got "loud"`: `--log must be one of "debug","info" but got "loud"; see parley --help`,
	} {
		if got := usageWords(errorText(said)); got != want {
			t.Errorf("%s: %s", said, got)
		}
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }
