// Package mailtest is a mail server for tests, on a real socket. It takes mails, or fails
// at the command that a test names.
package mailtest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Cut breaks the connection instead of an answer. Mute takes what is sent and never answers.
const (
	Cut  = "cut"
	Mute = "mute"
)

// Server is one that takes mails at Port of this machine.
type Server struct {
	Port int

	listener net.Listener
	open     sync.WaitGroup
	mu       sync.Mutex
	faults   map[string]string
	mails    []Mail
	seen     []string
	secret   string
	secure   *tls.Config
	implicit bool
}

// Mail is one that was taken.
type Mail struct {
	To   string
	Data string // headers and body, as they came
}

// Option changes a server.
type Option func(*Server)

// Secure lets it encrypt: with implicit from the first byte, else by STARTTLS.
func Secure(c *tls.Config, implicit bool) Option {
	return func(s *Server) { s.secure, s.implicit = c, implicit }
}

// SignIn lets only those send who know a user's password.
func SignIn(user, password string) Option {
	return func(s *Server) {
		s.secret = base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
	}
}

// New starts a server that ends with the test.
func New(tb testing.TB, options ...Option) *Server {
	tb.Helper()
	l, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	at, _ := l.Addr().(*net.TCPAddr)
	s := &Server{listener: l, Port: at.Port, faults: map[string]string{}}
	for _, o := range options {
		o(s)
	}
	s.open.Go(s.serve)
	tb.Cleanup(func() {
		_ = l.Close()
		s.open.Wait()
	})
	return s
}

// Fail makes it answer a command, "CONNECT" or "DATA." for the end of a mail, otherwise; ""
// as ever.
func (s *Server) Fail(command, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[command] = answer
}

// Mails are those that it took, also those that it did not say so of.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Commands are those that it was given, without what follows them.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.seen...)
}

func (s *Server) serve() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.open.Go(func() {
			defer func() { _ = conn.Close() }()
			if s.implicit {
				conn = tls.Server(conn, s.secure)
			}
			(&session{Server: s, conn: conn, reader: bufio.NewReader(conn)}).talk()
		})
	}
}

// session is one connection.
type session struct {
	*Server

	conn   net.Conn
	reader *bufio.Reader
	to     string
	in     bool // signed in
}

func (c *session) talk() {
	if !c.answer("CONNECT", "220 mailtest") {
		return
	}
	for {
		line, err := c.reader.ReadString('\n')
		if err != nil {
			return
		}
		command, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !c.take(strings.ToUpper(command), rest) {
			return
		}
	}
}

// take does what a command asks for; false ends the connection.
func (c *session) take(command, rest string) bool {
	c.mu.Lock()
	c.seen = append(c.seen, command)
	c.mu.Unlock()
	switch command {
	case "EHLO":
		return c.answer(command, c.offers())
	case "STARTTLS":
		ok := c.answer(command, "220 go on")
		secured := tls.Server(c.conn, c.secure)
		c.conn, c.reader = secured, bufio.NewReader(secured)
		return ok
	case "AUTH":
		c.in = rest == "PLAIN "+c.secret
		if !c.in {
			return c.answer(command, "535 5.7.8 you said "+rest)
		}
		return c.answer(command, "235 welcome")
	case "MAIL":
		if c.secret != "" && !c.in {
			return c.answer(command, "530 sign in")
		}
	case "RCPT":
		c.to = strings.TrimSuffix(strings.TrimPrefix(rest, "TO:<"), ">")
	case "DATA":
		return c.data()
	case "QUIT":
		return c.answer(command, "221 bye") && false
	}
	return c.answer(command, "250 fine")
}

func (c *session) offers() string {
	lines := []string{"mailtest"}
	if c.secure != nil && c.bare() {
		lines = append(lines, "STARTTLS")
	}
	if c.secret != "" {
		lines = append(lines, "AUTH PLAIN")
	}
	var out []string
	for i, l := range lines {
		between := "-"
		if i == len(lines)-1 {
			between = " "
		}
		out = append(out, "250"+between+l)
	}
	return strings.Join(out, "\r\n")
}

// bare reports whether the connection is in the open.
func (c *session) bare() bool {
	_, already := c.conn.(*tls.Conn)
	return !already
}

func (c *session) data() bool {
	if !c.answer("DATA", "354 go on") {
		return false
	}
	c.mu.Lock()
	refused := strings.HasPrefix(c.faults["DATA"], "4") || strings.HasPrefix(c.faults["DATA"], "5")
	answer := c.faults["DATA."]
	c.mu.Unlock()
	if refused {
		return true
	}
	data, err := io.ReadAll(textproto.NewReader(c.reader).DotReader())
	if err != nil {
		return false
	}
	if !strings.HasPrefix(answer, "4") && !strings.HasPrefix(answer, "5") { // whatever it says, or does not
		c.mu.Lock()
		c.mails = append(c.mails, Mail{To: c.to, Data: string(data)})
		c.mu.Unlock()
	}
	return c.answer("DATA.", "250 taken")
}

// answer says a line, or does what the test wants of the command.
func (c *session) answer(command, line string) bool {
	c.mu.Lock()
	fault := c.faults[command]
	c.mu.Unlock()
	switch fault {
	case Cut:
		return false
	case Mute:
		_, _ = io.Copy(io.Discard, c.reader)
		return false
	case "":
	default:
		line = fault
	}
	_, err := fmt.Fprintf(c.conn, "%s\r\n", line)
	return err == nil
}
