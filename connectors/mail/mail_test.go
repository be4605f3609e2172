package mail_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"parley/connectors"
	"parley/connectors/mail"
	"parley/connectors/mail/mailtest"
)

func server(s *mailtest.Server) mail.Server {
	return mail.Server{Host: "127.0.0.1", Port: s.Port, Security: mail.Plain, From: "Parley <parley@acme.example>", Patience: 2 * time.Second}
}

func letter() mail.Letter {
	return mail.Letter{ID: "digest/trading/2026-W46/email/mia@acme.example", To: "mia@acme.example", Subject: "Contract of Tr\r\nBcc: x@y.z Trading · 2026-W46",
		Text: "Trading × IT\n.\nparley-ledger-1:trading\n", HTML: "<p>Trading × IT</p>", Date: time.Date(2026, 11, 16, 0, 0, 5, 0, time.UTC)}
}

// TestAMailArrivesWhole reads what arrived as a reader of mail does.
func TestAMailArrivesWhole(t *testing.T) {
	t.Parallel()
	s := mailtest.New(t)
	to := server(s)
	for range 2 {
		if err := to.Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
	}
	got := s.Mails()
	if len(got) != 2 || got[0].To != "mia@acme.example" {
		t.Fatalf("%+v", got)
	}
	m, err := netmail.ReadMessage(strings.NewReader(got[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Contract of Tr Bcc: x@y.z Trading · 2026-W46" || m.Header.Get("Bcc") != "" {
		t.Errorf("the subject is %q, %v", subject, err)
	}
	for key, want := range map[string]string{"To": "<mia@acme.example>", "From": `"Parley" <parley@acme.example>`, "Date": "Mon, 16 Nov 2026 00:00:05 +0000",
		"Auto-Submitted": "auto-generated", "Message-Id": "<" + to.MessageID(letter().ID) + ">"} {
		if m.Header.Get(key) != want {
			t.Errorf("%s is %q, want %q", key, m.Header.Get(key), want)
		}
	}
	again, err := netmail.ReadMessage(strings.NewReader(got[1].Data))
	if err != nil || again.Header.Get("Message-Id") != m.Header.Get("Message-Id") {
		t.Errorf("sent again it has another id: %q, %v", again.Header.Get("Message-Id"), err)
	}
	if to.MessageID("another") == to.MessageID(letter().ID) {
		t.Error("two letters have one id")
	}
	parts := partsOf(t, m)
	if parts["text/plain"] != letter().Text || parts["text/html"] != letter().HTML {
		t.Errorf("%q", parts)
	}
}

func partsOf(t *testing.T, m *netmail.Message) map[string]string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
}

// TestWhatAFailureProves has a row for each place at which sending can fail. Of a kind other
// than Unknown the server has no mail.
func TestWhatAFailureProves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		command, answer string
		want            connectors.ErrorKind
		taken           int
		words           string
	}{
		"busy at once":               {"CONNECT", "421 later", connectors.Transient, 0, "later"},
		"cut at once":                {"CONNECT", mailtest.Cut, connectors.Transient, 0, "connection broke"},
		"silent at once":             {"CONNECT", mailtest.Mute, connectors.Transient, 0, "no answer in time"},
		"the sender is refused":      {"MAIL", "550 5.7.1 not you", connectors.Invalid, 0, "not you"},
		"cut at the sender":          {"MAIL", mailtest.Cut, connectors.Transient, 0, "before the mail was sent"},
		"nobody of that name":        {"RCPT", "550 5.1.1 no such user", connectors.Invalid, 0, "no such user"},
		"greylisted":                 {"RCPT", "451 4.7.1 come back", connectors.Transient, 0, "come back"},
		"cut before the text":        {"DATA", mailtest.Cut, connectors.Transient, 0, "before the mail was sent"},
		"no text now":                {"DATA", "452 full", connectors.Transient, 0, "full"},
		"refused after the text":     {"DATA.", "554 5.6.0 spam", connectors.Invalid, 0, "spam"},
		"not now after the text":     {"DATA.", "451 4.3.0 try again", connectors.Transient, 0, "try again"},
		"cut after the text":         {"DATA.", mailtest.Cut, connectors.Unknown, 1, "before the server said"},
		"silent after the text":      {"DATA.", mailtest.Mute, connectors.Unknown, 1, "before the server said"},
		"nonsense after the text":    {"DATA.", "hello", connectors.Unknown, 1, "before the server said"},
		"cut when all is done":       {"RSET", mailtest.Cut, "", 1, ""},
		"cut at the farewell":        {"QUIT", mailtest.Cut, "", 1, ""},
		"an answer with line breaks": {"RCPT", "550-5.1.1 no\r\n550 \x1b[31msuch\tuser", connectors.Invalid, 0, "5.1.1 no"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := mailtest.New(t)
			s.Fail(c.command, c.answer)
			to := server(s)
			to.Patience = 300 * time.Millisecond
			err := to.Send(t.Context(), letter())
			if len(s.Mails()) != c.taken {
				t.Errorf("it was taken %d times", len(s.Mails()))
			}
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if connectors.KindOf(err) != c.want || !strings.Contains(err.Error(), c.words) || strings.ContainsAny(err.Error(), "\r\n\x1b") {
				t.Errorf("%v is %s, want %s with %q", err, connectors.KindOf(err), c.want, c.words)
			}
		})
	}
}

// certificate is one for this machine, and who vouches for it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil)
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	return &tls.Config{Certificates: web.TLS.Certificates, MinVersion: tls.VersionTLS12}, roots
}

// TestTheWayIsEncrypted signs in over both ways of encryption, and never in the open.
func TestTheWayIsEncrypted(t *testing.T) {
	t.Parallel()
	secure, roots := certificate(t)
	const password = "hunter2 and more"
	for _, security := range []mail.Security{mail.StartTLS, mail.Implicit} {
		s := mailtest.New(t, mailtest.Secure(secure, security == mail.Implicit), mailtest.SignIn("parley", password))
		to := server(s)
		to.Security, to.Roots, to.User, to.Password = security, roots, "parley", password
		if err := to.Send(t.Context(), letter()); err != nil || len(s.Mails()) != 1 {
			t.Errorf("%s: %v, %d mails", security, err, len(s.Mails()))
		}
		if err := to.Check(t.Context()); err != nil || len(s.Mails()) != 1 {
			t.Errorf("%s, checked: %v", security, err)
		}
		wrong := to
		wrong.Password = "hunter2 and less"
		for _, err := range []error{wrong.Send(t.Context(), letter()), wrong.Check(t.Context())} {
			if connectors.KindOf(err) != connectors.Auth || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "you said") || !strings.Contains(err.Error(), "535") {
				t.Errorf("%s: %v", security, err)
			}
		}
		stranger := to
		stranger.Roots = nil
		if err := stranger.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "certificate is not trusted") {
			t.Errorf("%s: whoever answers is believed: %v", security, err)
		}
	}
	open := mailtest.New(t, mailtest.SignIn("parley", password))
	to := server(open)
	to.Security, to.User, to.Password = mail.StartTLS, "parley", password
	if err := to.Send(t.Context(), letter()); err == nil || strings.Contains(strings.Join(open.Commands(), " "), "AUTH") {
		t.Errorf("a password went over the open line: %v, %v", err, open.Commands())
	}
}

// TestNobodyIsThere tells an address that nobody listens at, and one that is none.
func TestNobodyIsThere(t *testing.T) {
	t.Parallel()
	s := mail.Server{Host: "127.0.0.1", Port: 1, Security: mail.Plain, From: "parley@acme.example"}
	if err := s.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "connection refused") {
		t.Error(err)
	}
	bad := letter()
	bad.To = "nobody"
	if err := s.Send(t.Context(), bad); connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
	s.From = "nobody"
	if err := s.Send(t.Context(), letter()); connectors.KindOf(err) != connectors.Invalid {
		t.Error(err)
	}
}
