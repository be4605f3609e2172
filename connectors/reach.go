package connectors

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"
)

// Unanswered says in plain words why a request to a product ("Jira") at an address got
// no whole answer. ok is false where the failure is of another sort.
func Unanswered(product, address string, err error) (words string, ok bool) {
	where := product
	if u, bad := url.Parse(address); bad == nil && u.Host != "" {
		where += " at " + u.Host // nothing else of it: an address can hold a password
	}
	why := severed(err)
	if why == "" {
		return "", false
	}
	return fmt.Sprintf("cannot reach %s: %s", where, why), true
}

// severed names what keeps two machines apart, "" for anything else.
func severed(err error) string {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var slow net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no way to it from here"
	case errors.As(err, &name) && name.IsNotFound:
		return "nobody knows the name " + name.Name
	case errors.As(err, &certificate):
		return "its certificate is not trusted: " + certificate.Err.Error()
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return "no answer in time"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection broke"
	default:
		return ""
	}
}
