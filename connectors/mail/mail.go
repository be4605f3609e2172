// Package mail hands single mails to a server by SMTP. It says of every failure whether the
// server surely did not take the mail, or may have; what is sent twice others decide.
package mail

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"parley/connectors"
)

// Security is how the way to a server is encrypted.
type Security string

// Ways of encryption.
const (
	StartTLS Security = "starttls" // begun in the open and then encrypted, or not talked to
	Implicit Security = "implicit" // encrypted from the first byte
	Plain    Security = "none"     // for a server on this machine alone
)

// Server is one that takes mails. It is safe for concurrent use.
type Server struct {
	Host     string
	Port     int
	Security Security
	User     string // "" is no sign-in
	Password string
	From     string // address with or without a name
	Roots    *x509.CertPool
	Patience time.Duration // for each answer; 0: defaultPatience
}

const defaultPatience = 30 * time.Second

// Letter is one mail to one address.
type Letter struct {
	ID      string // names it for ever: its Message-ID follows from it
	To      string
	Subject string
	Text    string
	HTML    string // beside Text; "" none
	Date    time.Time
}

// MessageID is that of a letter, without its brackets: the same for ever, so that whoever
// gets a letter twice can tell.
func (s Server) MessageID(id string) string {
	sum := sha256.Sum256([]byte(id))
	host := "localhost"
	if from, err := mail.ParseAddress(s.From); err == nil {
		host = from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	}
	return "parley." + hex.EncodeToString(sum[:16]) + "@" + host
}

// Send hands a letter to the server. Every failure is a *connectors.Error: of kind Unknown
// where the server may have taken it, Invalid where it refused it for good, else Auth or
// Transient, and it surely did not take it.
func (s Server) Send(ctx context.Context, l Letter) error {
	m, err := s.message(l)
	if err != nil {
		return s.failure("write a mail", connectors.Invalid, err.Error())
	}
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp() // without a farewell after a failure: that could end a letter that was cut off
	client, c, err := s.dial(ctx)
	if err != nil {
		return err
	}
	if err := client.SendWithSMTPClient(c, m); err != nil && !m.IsDelivered() {
		return s.unsent(l, m, err)
	}
	_ = c.Quit() // it has the letter, whatever it says now
	return nil
}

// Check signs in and leaves again; nothing is sent.
func (s Server) Check(ctx context.Context) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	_, c, err := s.dial(ctx)
	if err == nil {
		_ = c.Quit()
	}
	return err
}

func (s Server) message(l Letter) (*gomail.Msg, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := m.From(s.From); err != nil {
		return nil, fmt.Errorf("the sender is no address: %w", err)
	}
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("the receiver is no address: %w", err)
	}
	m.SetMessageIDWithValue(s.MessageID(l.ID))
	m.SetDateWithValue(l.Date)
	m.Subject(strings.Join(strings.Fields(l.Subject), " "))
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	return m, nil
}

// dial connects, encrypts and signs in. Ending ctx breaks the connection.
func (s Server) dial(ctx context.Context) (*gomail.Client, *smtp.Client, error) {
	client, err := s.client(ctx)
	if err != nil {
		return nil, nil, s.failure("prepare for mails", connectors.Invalid, err.Error())
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	if err == nil {
		return client, c, nil
	}
	kind, why := connectors.Transient, said(err)
	if strings.HasPrefix(why, "535") || strings.Contains(why, "AUTH") { // its words may repeat what it was told
		kind, why = connectors.Auth, strings.TrimSpace("it refuses the sign-in "+regexp.MustCompile(`\b[45]\d\d\b`).FindString(why))
	}
	return nil, nil, s.failure("reach the mail server", kind, why)
}

func (s Server) client(ctx context.Context) (*gomail.Client, error) {
	encryption := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12, RootCAs: s.Roots}
	patience := s.patience()
	options := []gomail.Option{
		gomail.WithPort(s.Port), gomail.WithTimeout(patience), gomail.WithTLSConfig(encryption), gomail.WithTLSPolicy(gomail.TLSMandatory), gomail.WithoutNoop(),
		gomail.WithDialContextFunc(func(dialing context.Context, network, address string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(dialing, network, address)
			if err != nil {
				return nil, err
			}
			context.AfterFunc(ctx, func() { _ = conn.Close() })
			if s.Security == Implicit {
				return tls.Client(conn, encryption), nil
			}
			return conn, nil
		}),
	}
	switch s.Security {
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	case Implicit:
		options = append(options, gomail.WithSSL())
	}
	if s.User != "" {
		options = append(options, gomail.WithUsername(s.User), gomail.WithPassword(s.Password), gomail.WithOpportunisticSMTPAuth(
			gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return gomail.NewClient(s.Host, options...)
}

func (s Server) patience() time.Duration {
	if s.Patience > 0 {
		return s.Patience
	}
	return defaultPatience
}

// unsent says what is known of a letter that was not taken with a yes. Once its text began
// to leave only a no of the server proves that it was not taken.
func (s Server) unsent(l Letter, m *gomail.Msg, err error) error {
	doing := "send a mail to " + l.To
	failed, ok := errors.AsType[*gomail.SendError](err)
	switch {
	case !ok:
		return s.failure(doing, connectors.Unknown, said(err))
	case failed.ErrorCode() >= 500:
		return s.failure(doing, connectors.Invalid, answered(failed))
	case failed.ErrorCode() >= 400:
		return s.failure(doing, connectors.Transient, answered(failed))
	case failed.Reason == gomail.ErrWriteContent || failed.Reason == gomail.ErrSMTPDataClose || m.IsDelivered():
		return s.failure(doing, connectors.Unknown, "the connection broke before the server said whether it took the mail")
	}
	return s.failure(doing, connectors.Transient, "the connection broke before the mail was sent")
}

// answered is what the server answered, without what the library adds.
func answered(e *gomail.SendError) string {
	text, _, _ := strings.Cut(e.Error(), ", affected")
	if _, after, ok := strings.Cut(text, ": "); ok {
		text = after
	}
	return short(text)
}

// said is an error in the words of people where those are known.
func said(err error) string {
	if words, ok := connectors.Unanswered("the mail server", "", err); ok {
		return words
	}
	return short(err.Error())
}

// mostWords bounds what is repeated of a server's words, in letters.
const mostWords = 300

func short(text string) string {
	letters := []rune(strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }), " "))
	return string(letters[:min(len(letters), mostWords)])
}

func (s Server) failure(doing string, kind connectors.ErrorKind, words string) error {
	if s.Password != "" {
		words = strings.ReplaceAll(words, s.Password, "***")
	}
	return &connectors.Error{Kind: kind, Tracker: net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), Doing: doing, Message: words}
}
