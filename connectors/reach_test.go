package connectors

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
)

func TestUnansweredIsToldInPlainWords(t *testing.T) {
	t.Parallel()
	dial := func(cause error) error {
		return fmt.Errorf("giving up: %w", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", cause)})
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{dial(syscall.ECONNREFUSED), "cannot reach Jira at jira.acme.example: connection refused"},
		{dial(syscall.ENETUNREACH), "cannot reach Jira at jira.acme.example: there is no way to it from here"},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "jira.acme.example", IsNotFound: true}}, "cannot reach Jira at jira.acme.example: nobody knows the name jira.acme.example"},
		{fmt.Errorf("get: %w", context.DeadlineExceeded), "cannot reach Jira at jira.acme.example: no answer in time"},
		{&net.DNSError{IsTimeout: true}, "cannot reach Jira at jira.acme.example: no answer in time"},
		{io.ErrUnexpectedEOF, "cannot reach Jira at jira.acme.example: the connection broke"},
		{errors.New("something else"), ""},
	} {
		got, ok := Unanswered("Jira", "https://bot:secret@jira.acme.example/base?x=1", c.err)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%v: %q, %v; want %q", c.err, got, ok, c.want)
		}
	}
	if got, _ := Unanswered("Jira", ":", io.EOF); got != "cannot reach Jira: the connection broke" {
		t.Errorf("without an address: %q", got)
	}
}

func TestErrorsSpareTheReaderWhatSaysNothing(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]Error{
		"jira: read OPS-1: cannot reach Jira: connection refused": {Tracker: "jira", Doing: "read OPS-1", Kind: Transient, Message: "cannot reach Jira: connection refused"},
		"jira: read OPS-1: failed for now (HTTP 502): bad":        {Tracker: "jira", Doing: "read OPS-1", Kind: Transient, Status: 502, Message: "bad"},
		"jira: read OPS-1: failed for now":                        {Tracker: "jira", Doing: "read OPS-1", Kind: Transient},
		"jira: read OPS-1: not found (HTTP 404)":                  {Tracker: "jira", Doing: "read OPS-1", Kind: NotFound, Status: 404},
	} {
		if got := e.Error(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
