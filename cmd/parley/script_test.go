package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/sync/store/storetest/pgtest"
)

// TestMain lets scripts and process tests start this very binary as parley.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"parley": func() { os.Exit(run()) }})
}

// server is shared by the tests of this program, which end it.
var server pgtest.Server

// tests are those of this program.
type tests struct{ *testing.M }

// Run runs them.
func (t tests) Run() int { return server.Main(t.M) }

// TestScripts plays the command line as people use it.
func TestScripts(t *testing.T) {
	t.Parallel()
	example, err := filepath.Abs("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("EXAMPLE", example)
			// The company is another one on other days, and scripts name its issues.
			e.Setenv("AS_OF", "2026-11-23T11:12:00Z")
			// The tokens of the simulated company.
			e.Setenv("PARLEY_DEMO_JIRA_TOKEN", "demo-jira-parley-acme")
			e.Setenv("PARLEY_DEMO_GITHUB_TOKEN", "demo-github-parley-acme")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "await": await, "onejson": oneJSON, "replace": replace, "person": person,
			"grab": grab, "eventually": eventually, "harm": harm,
		},
	})
}

// exits CODE COMMAND… fails unless the command ends with just this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s exits with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// await FILE waits until a program in the background has written the file.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.Size() > 0 {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			ts.Fatalf("%s does not appear", args[0])
		}
	}
}

// onejson FILE… fails unless each file (stdout and stderr are files too) is one JSON
// document and nothing else.
func oneJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: onejson FILE…")
	}
	for _, file := range args {
		text := ts.ReadFile(file)
		dec := json.NewDecoder(strings.NewReader(text))
		var doc any
		if err := dec.Decode(&doc); err != nil {
			ts.Fatalf("%s is not JSON: %v\n%s", file, err, text)
		}
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			ts.Fatalf("%s holds more than one JSON document:\n%s", file, text)
		}
	}
}

// replace FILE OLD NEW TO writes FILE with all of OLD replaced to the file TO, and
// fails where there is nothing to replace.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: replace FILE OLD NEW TO")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s holds no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

// grab NAME PATTERN keeps what the pattern's group matches in the last output as $NAME.
func grab(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: grab NAME PATTERN")
	}
	text := ts.ReadFile("stdout")
	found := regexp.MustCompile("(?m)" + args[1]).FindStringSubmatch(text)
	if len(found) != 2 {
		ts.Fatalf("%q is not in:\n%s", args[1], text)
	}
	ts.Setenv(args[0], found[1])
}

// eventually PATTERN COMMAND… repeats a command until its output matches.
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN COMMAND…")
	}
	want := regexp.MustCompile("(?m)" + args[0])
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		if err := ts.Exec(args[1], args[2:]...); err == nil && want.MatchString(ts.ReadFile("stdout")) {
			return
		}
	}
	ts.Fatalf("%s never prints %q, at last:\n%s", strings.Join(args[1:], " "), args[0], ts.ReadFile("stdout"))
}

// harm FILE STATEMENT changes a SQLite store behind Parley's back.
func harm(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: harm FILE STATEMENT")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { _ = db.Close() }()
	result, err := db.Exec(args[1])
	ts.Check(err)
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		ts.Fatalf("%s changes nothing (%v)", args[1], err)
	}
}

// person TRACKER METHOD PATH BODY changes something in a simulated tracker, whose
// address stands in config.toml, as somebody of the company does; with ! it is refused.
func person(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("usage: [!] person jira|github METHOD PATH BODY")
	}
	table := regexp.MustCompile(`(?s)\[\[` + args[0] + `\]\].*?url = "([^"]+)"`).FindStringSubmatch(ts.ReadFile("config.toml"))
	if table == nil {
		ts.Fatalf("config.toml names no address of %s", args[0])
	}
	req, err := http.NewRequest(args[1], table[1]+args[2], strings.NewReader(args[3]))
	ts.Check(err)
	signIn(req, args[0])
	resp, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer func() { _ = resp.Body.Close() }()
	if refused := resp.StatusCode >= 300; refused != neg {
		body, _ := io.ReadAll(resp.Body)
		ts.Fatalf("%s: %s", resp.Status, body)
	}
}

// signIn makes a request one of a person: of Ana's in Jira, of Ben's in GitHub.
func signIn(req *http.Request, tracker string) {
	req.Header.Set("Content-Type", "application/json")
	if tracker == "jira" {
		req.SetBasicAuth("ana@acme.example", "demo-jira-ana-acme")
	} else {
		req.Header.Set("Authorization", "Bearer demo-github-ben-acme")
	}
}
