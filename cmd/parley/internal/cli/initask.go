package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// longestAnswer bounds a line that is typed, or piped, as an answer.
const longestAnswer = 64 << 10

// prompter asks a person on standard error for what no flag says.
type prompter struct {
	in  *bufio.Scanner
	out io.Writer
}

func newPrompter(s *session) *prompter {
	in := s.In
	if in == nil {
		in = strings.NewReader("")
	}
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, longestAnswer)
	return &prompter{scanner, s.Err}
}

// unless gives what a flag says, else asks. Where nobody answers, the flag is named.
func (a *prompter) unless(told, flag, question, otherwise string) (string, error) {
	if told != "" {
		return told, nil
	}
	fmt.Fprintf(a.out, "%s [%s]: ", question, otherwise)
	if !a.in.Scan() {
		fmt.Fprintln(a.out)
		if err := a.in.Err(); err != nil {
			return "", fmt.Errorf("read an answer: %w", err)
		}
		return "", misused{"nobody answers here; say it by " + flag}
	}
	if answer := strings.TrimSpace(a.in.Text()); answer != "" {
		return answer, nil
	}
	return otherwise, nil
}

// name asks for the name of a variable. An answer that is none may be a token, and is not
// repeated.
func (a *prompter) name(question, otherwise string) (string, error) {
	answer, err := a.unless("", "its flag", question, otherwise)
	if err == nil && !variable.MatchString(answer) {
		return "", errors.New("that is no name of an environment variable; put the token into one, and name it here in capital letters")
	}
	return answer, err
}

// machineZone is the time zone of this machine by its name, UTC where that is not known.
func machineZone() string {
	names := []string{os.Getenv("TZ")}
	if target, err := os.Readlink("/etc/localtime"); err == nil {
		if _, name, ok := strings.Cut(target, "zoneinfo/"); ok {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
			return strings.TrimPrefix(name, "Etc/")
		}
	}
	return "UTC"
}
