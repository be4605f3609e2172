// Package cli is Parley's command line: one file a command, each a struct that says
// its own arguments and how it runs.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"parley/cmd/parley/internal/app"
	"parley/cmd/parley/internal/config"
	"parley/mapping"
)

// Exit codes.
const (
	exitDone    = 0 // done, also with something to tell
	exitFailure = 1 // a finding, or a failure
	exitUsage   = 2 // wrong arguments: what was typed can never be right, whatever is stored
)

// commands is the whole command line.
type commands struct {
	Config string `help:"Configuration file, config.toml unless said otherwise." default:"config.toml" env:"PARLEY_CONFIG" placeholder:"FILE" short:"c"`
	Log    string `help:"What to log on standard error: debug, info, warn or error." enum:"debug,info,warn,error" default:"warn" placeholder:"LEVEL"`

	Demo       demoCommand       `cmd:"" help:"Show Parley with a simulated company: no account, no configuration, nothing left behind."`
	Init       initCommand       `cmd:"" help:"Write a first configuration by what Jira and GitHub offer; nothing is written to either."`
	Run        runCommand        `cmd:"" help:"Run the daemon and the board; SIGHUP has it read its configuration again."`
	Check      checkCommand      `cmd:"" help:"Check configuration, credentials, permissions and mapping."`
	Plan       planCommand       `cmd:"" help:"Print every write that would be made, and make none."`
	Apply      applyCommand      `cmd:"" help:"Send the writes of a plan that still hold, and nothing else."`
	Preview    previewCommand    `cmd:"" help:"Tell what another configuration would do with the cards, and do nothing."`
	Explain    explainCommand    `cmd:"" help:"Tell why a card shows what it shows."`
	Contract   contractCommand   `cmd:"" help:"Show what was agreed on with a unit and how it is kept; propose slots; check ledgers."`
	Export     exportCommand     `cmd:"" help:"Print numbers for other programs."`
	See        seeCommand        `cmd:"" help:"Print the board exactly as an audience sees it."`
	Share      shareCommand      `cmd:"" help:"Make a signed read-only link for a wall or a business unit; list them, take one back."`
	Conflicts  conflictsCommand  `cmd:"" help:"Show edits that contradicted each other; restore what lost, or put it away."`
	Block      blockCommand      `cmd:"" help:"Say that a card is blocked, for whom it waits, and why."`
	Unblock    unblockCommand    `cmd:"" help:"End a block that was made in Parley."`
	Ask        askCommand        `cmd:"" help:"Put a question about a card to the business; the card waits for the answer."`
	Answer     answerCommand     `cmd:"" help:"Answer the question about a card, for the business."`
	Conclude   concludeCommand   `cmd:"" help:"Conclude the question about a card: its request is kept, reshaped or withdrawn."`
	Mark       markCommand       `cmd:"" help:"Say that a card was planned, or that it was not, against what the rules say."`
	Link       linkCommand       `cmd:"" help:"Pair two issues by hand."`
	Unlink     unlinkCommand     `cmd:"" help:"Part a pair by hand; no rule pairs it again."`
	Backup     backupCommand     `cmd:"" help:"Write everything that the store holds into one file, also while parley run works on it."`
	Restore    restoreCommand    `cmd:"" help:"Bring a backup into an empty store, of whichever kind; look whether one is whole."`
	Migrate    migrateCommand    `cmd:"" help:"Move everything of one store into an empty one, between SQLite and PostgreSQL or not."`
	Fsck       fsckCommand       `cmd:"" help:"Look over the store for what cannot be true; change nothing."`
	Doctor     doctorCommand     `cmd:"" help:"Gather what whoever mends Parley wants to know: no secret, no person, no text of a tracker."`
	Sim        simCommand        `cmd:"" help:"Serve the simulated Jira and GitHub alone, for one's own tests."`
	Completion completionCommand `cmd:"" help:"Print what makes a shell complete parley's commands."`
	Man        manCommand        `cmd:"" help:"Print the man page."`
	Help       helpCommand       `cmd:"" help:"Print this overview, or how a command is used."`
	Version    versionCommand    `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `help:"Print the version." name:"version"`
}

type helpCommand struct {
	Command []string `arg:"" optional:"" help:"The command to tell about."`
}

// Run prints what --help would.
func (h helpCommand) Run(c *kong.Context) error {
	about, err := kong.Trace(c.Kong, h.Command)
	if err != nil {
		return misused{err.Error()}
	}
	named := 0
	for i, p := range about.Path {
		if p.Command != nil {
			named++
		}
		if named > len(h.Command) { // a default that nobody named
			about.Path, named = about.Path[:i], len(h.Command)
			break
		}
	}
	if named < len(h.Command) {
		return misused{fmt.Sprintf("there is no command %q; parley help lists them", strings.Join(h.Command, " "))}
	}
	return about.PrintUsage(false)
}

// misused is a failure of whoever typed the command line.
type misused struct{ reason string }

func (m misused) Error() string { return m.reason }

// IO is where a command reads and writes.
type IO struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // Err is a terminal: progress may draw over itself
}

// session is what every command gets.
type session struct {
	IO
	path    string
	log     *slog.Logger
	version string
}

// Main runs one command line and gives its exit code.
func Main(ctx context.Context, args []string, streams IO, version string) int {
	if len(args) == 0 && !completing() { // no command is wrong usage; what there is helps more than what is missing
		streams.Out = streams.Err
		_ = Main(ctx, []string{"--help"}, streams, version)
		return exitUsage
	}
	var c commands
	code := -1
	parser, err := kong.New(&c,
		kong.Name("parley"),
		kong.Description("One board over Jira and GitHub."),
		kong.Writers(streams.Out, streams.Err),
		kong.Exit(func(n int) { code = n }),
		kong.Vars{"version": "parley " + version},
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(streams.Err, "parley:", err)
		return exitFailure
	}
	if completing() {
		complete(parser)
		return exitDone
	}
	parsed, err := parser.Parse(args)
	if code >= 0 { // help or the version was asked for and given
		return code
	}
	if err != nil {
		fmt.Fprintln(streams.Err, "parley:", usageWords(err))
		return exitUsage
	}
	s := &session{IO: streams, path: c.Config, version: version, log: logger(streams.Err, c.Log)}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(s); err != nil {
		return s.fail(err)
	}
	return exitDone
}

// told is a failure that was printed already.
var errTold = errors.New("told")

func (s *session) fail(err error) int {
	if !errors.Is(err, errTold) {
		fmt.Fprintln(s.Err, "parley:", err)
	}
	if _, ok := errors.AsType[misused](err); ok {
		return exitUsage
	}
	return exitFailure
}

func logger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // one of the four that are let through
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}

// load reads the configuration and prints what is wrong with it; warnings only
// where the command is about them.
func (s *session) load() (*config.Config, error) {
	cfg, problems := config.Load(s.path)
	if !config.Failed(problems) {
		return cfg, nil
	}
	for _, p := range problems {
		if p.Severity == mapping.Error {
			fmt.Fprintln(s.Err, p)
		}
	}
	return nil, errTold
}

// open loads the configuration and wires Parley up by it.
func (s *session) open(ctx context.Context) (*app.App, error) {
	cfg, err := s.load()
	if err != nil {
		return nil, err
	}
	return s.wire(ctx, cfg)
}

func (s *session) wire(ctx context.Context, cfg *config.Config) (*app.App, error) {
	return app.New(ctx, app.Options{Config: cfg, Log: s.log, Version: s.version, Progress: newProgress(s.IO).show})
}

// openStored is open for commands that need nothing but the store, which has to be there.
func (s *session) openStored(ctx context.Context) (*app.App, error) {
	cfg, err := s.load()
	if err != nil {
		return nil, err
	}
	if path, ok := cfg.StorePath(); ok {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("nothing is stored yet at %s; start with parley run or parley plan", path)
		}
	}
	return s.wire(ctx, cfg)
}

// openQuiet is openStored for commands that also need the rules; they ask no tracker
// for them.
func (s *session) openQuiet(ctx context.Context) (*app.App, error) {
	a, err := s.openStored(ctx)
	if err != nil {
		return nil, err
	}
	if err := a.Remember(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// closing gives back the store when a command returns; that it could not be closed
// well is a failure of the command.
func closing(a *app.App, err *error) { *err = errors.Join(*err, a.Close()) }
