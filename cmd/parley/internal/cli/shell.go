package cli

import (
	"fmt"
	"os"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	completion "github.com/jotaen/kong-completion"
	"github.com/muesli/roff"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"The shell: bash, zsh or fish. Switch it on with: source <(parley completion bash), or: parley completion fish | source."`
}

// Each of the scripts has the shell ask parley itself what can follow, so that they stay
// true when parley is upgraded.
const (
	bashScript = `complete -o default -o bashdefault -C "parley" parley
`
	zshScript = `autoload -U +X bashcompinit && bashcompinit
` + bashScript
	fishScript = `function __complete_parley
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct); and set COMP_LINE "$COMP_LINE "
    parley
end
complete -c parley -a "(__complete_parley)"
`
)

// Run prints the script that makes a shell complete parley's command line.
func (c completionCommand) Run(s *session) error {
	script := map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}[c.Shell]
	_, err := fmt.Fprint(s.Out, script)
	return err
}

// completing reports whether a shell asks what can follow what was typed so far.
func completing() bool { return os.Getenv("COMP_LINE") != "" }

// complete answers a shell. What can follow is taken from the definition of the commands.
func complete(parser *kong.Kong) { completion.Register(parser, completion.WithExitFunc(func(int) {})) }

type manCommand struct{}

// Run prints the man page, made from the definition of the commands.
func (manCommand) Run(s *session, c *kong.Context) error {
	page := mangokong.NewManPage(1, c.Model).
		WithLongDescription("Parley shows the issues of a Jira and of a GitHub on one Kanban board, and carries changes of status and priority from one to the other. It writes nothing until sync.write is on.").
		WithSection("Exit status", "0: done, also where there is something to tell. 1: a finding, or a failure. 2: wrong usage: what was typed can never be right.").
		WithSection("Signals", "parley run ends at SIGINT and SIGTERM, and reads its configuration again at SIGHUP: all of it or, where it has errors or needs a restart, nothing.").
		WithSection("Environment", "PARLEY_CONFIG: the configuration file. Secrets are read from the variables that the configuration names as env:NAME.").
		WithSection("Files", "config.toml: the configuration, in the folder from which parley is called. Its paths are relative to it.")
	_, err := fmt.Fprintln(s.Out, page.Build(roff.NewDocument()))
	return err
}
