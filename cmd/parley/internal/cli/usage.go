package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"parley/sync/view"
)

// usageWords says what is wrong with a command line, and which help tells how it is used.
func usageWords(err error) string {
	said, command := err.Error(), ""
	if p, ok := errors.AsType[*kong.ParseError](err); ok {
		command = commandOf(p.Context)
	}
	if m := regexp.MustCompile(`^unexpected argument (.+?)(, did you mean .*)?$`).FindStringSubmatch(said); m != nil && command == "" {
		said = fmt.Sprintf("no command %q%s", m[1], m[2])
	}
	if m := regexp.MustCompile(`^(--[a-z-]+): .*got "EOL" \(<EOL>\)`).FindStringSubmatch(said); m != nil {
		said = m[1] + " needs a value"
	}
	return said + "; see parley " + command + "--help"
}

// commandOf is the command that was named as far as it went, with a space after it.
func commandOf(c *kong.Context) string {
	var words []string
	if c != nil {
		for _, p := range c.Path {
			if p.Command != nil {
				words = append(words, p.Command.Name)
			}
		}
	}
	return strings.Join(append(words, ""), " ")
}

// asUsage makes a wrong usage of a filter whose value cannot be.
func asUsage(err error) error {
	if bad, ok := errors.AsType[*view.FilterError](err); ok {
		return misused{"--" + bad.Error()}
	}
	return err
}
