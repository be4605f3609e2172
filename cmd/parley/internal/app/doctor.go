package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"parley/cmd/parley/internal/config"
	"parley/kanban"
	"parley/sync/store"
	"parley/sync/store/open"
)

// Diagnosis is what a maintainer needs to know of an installation. It holds no secret, no
// person, no address but this machine's, and no text of a tracker.
type Diagnosis struct {
	Parts   []Part
	Metrics string // of the daemon, as Prometheus reads them; "" where none answers
}

// Part is one part of a Diagnosis, in lines.
type Part struct {
	Title string
	Lines []string
}

// Diagnose looks at everything without changing anything, beside a daemon or without one.
// What cannot be looked at is told in its place. The configuration of o is nil where its
// file cannot be read; problems are what was found in it.
func Diagnose(ctx context.Context, o Options, problems []config.Problem) Diagnosis {
	d := Diagnosis{Parts: []Part{{"Parley", o.build()}, {"Environment", surroundings()}, {"Findings of the check", verdicts(problems)}}}
	if o.Config == nil {
		return d
	}
	d.Parts = append(d.Parts, Part{"Configuration", o.Config.Shape()}, Part{"Store", o.memory(ctx)})
	answers, metrics := o.alive(ctx)
	d.Metrics = metrics
	d.Parts = append(d.Parts, Part{"Daemon", answers})
	return d
}

// build is what this program was made of, and where it runs.
func (o Options) build() []string {
	out := []string{
		"version " + o.Version,
		fmt.Sprintf("%s on %s/%s, %d processors, GOMAXPROCS %d", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.GOMAXPROCS(0)),
		"at " + o.now().UTC().Format(time.RFC3339),
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return out
	}
	for _, s := range info.Settings {
		if strings.HasPrefix(s.Key, "vcs.") {
			out = append(out, s.Key+" "+s.Value)
		}
	}
	for _, m := range info.Deps {
		out = append(out, m.Path+" "+m.Version)
	}
	return out
}

// surroundings tells of the variables that Parley knows whether they are set; the names and
// values of all others are nobody's business.
func surroundings() []string {
	var out []string
	for _, name := range []string{"PARLEY_CONFIG", "PGPASSWORD", "PGPASSFILE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GOMEMLIMIT", "GOMAXPROCS", "GOGC", "TZ"} {
		if _, set := os.LookupEnv(name); set {
			out = append(out, name+" is set")
		}
	}
	return append(out, fmt.Sprintf("%d variables in all", len(os.Environ())))
}

// verdicts tells where something was found. What it is quotes the configuration, and
// trackers: parley check tells it.
func verdicts(problems []config.Problem) []string {
	out := []string{kanban.Count(len(problems), "finding", "findings") + "; parley check tells them in words"}
	for _, p := range problems {
		place := p.Path
		if i := strings.IndexAny(place, `"'`); i >= 0 { // keys that the file made up
			place = place[:i]
		}
		out = append(out, fmt.Sprintf("%s in line %d: %s", p.Severity, p.Line, place))
	}
	return out
}

// memory tells of the store.
func (o Options) memory(ctx context.Context) []string {
	kind := "kind sqlite"
	if _, file := o.Config.StorePath(); !file {
		kind = "kind postgres"
	}
	s, err := open.At(ctx, o.Config.Store.URL, store.AsItIs)
	if err != nil {
		return []string{kind, "it cannot be opened: " + cause(err) + "; parley fsck tells why"}
	}
	defer func() { _ = s.Close() }() // nothing was written
	b := &body{ctx: ctx, s: s, now: o.now(), out: []string{kind}}
	b.examine()
	return b.out
}

// asked is how long a daemon may take to answer.
const asked = 5 * time.Second

// alive asks the daemon on this machine how it is.
func (o Options) alive(ctx context.Context) (out []string, metrics string) {
	host, port, err := net.SplitHostPort(o.Config.Server.Listen)
	if err != nil {
		return []string{"server.listen is no address"}, ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		status, text, err := o.get(ctx, "http://"+net.JoinHostPort(host, port)+path)
		if err != nil {
			return append(out, "no daemon answers on the board's address"), ""
		}
		out = append(out, fmt.Sprintf("%s answers %d", path, status))
		if path == "/metrics" && status == http.StatusOK {
			metrics = text
		}
	}
	return append(out, "its log is what it wrote on standard error, as in journalctl -u parley"), metrics
}

func (o Options) get(ctx context.Context, url string) (int, string, error) {
	ctx, cancel := context.WithTimeout(ctx, asked)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	if token := o.Config.Server.MetricsToken; token.Set() {
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	client := http.Client{
		Transport:     &http.Transport{Proxy: nil},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token goes nowhere else
	}
	defer client.CloseIdleConnections()
	answer, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	return answer.StatusCode, string(text), err
}
