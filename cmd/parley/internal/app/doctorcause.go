package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"

	"parley/sync/store"
)

// cause tells of an error what helps whoever mends Parley, in words of Parley's own and in
// numbers. Its text is left out: it names hosts, databases, accounts and files.
func cause(err error) string {
	var state interface{ SQLState() string } // PostgreSQL
	var code interface{ Code() int }         // SQLite
	var number syscall.Errno
	var name *net.DNSError
	switch {
	case errors.As(err, &state):
		return "SQLSTATE " + state.SQLState()
	case errors.As(err, &code):
		return fmt.Sprintf("SQLite code %d", code.Code())
	case errors.As(err, &name):
		return "its host has no address"
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.Is(err, fs.ErrPermission):
		return "not allowed"
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, store.ErrNothing):
		return "there is nothing"
	case errors.Is(err, store.ErrForeign):
		return "it belongs to another program"
	case errors.As(err, &number):
		return number.Error()
	}
	return fmt.Sprintf("%T", err)
}
