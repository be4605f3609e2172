package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"parley/sync/runner"
)

// progress shows how far the first reads are: a bar on a terminal, a line every few
// seconds elsewhere.
type progress struct {
	io      IO
	mu      sync.Mutex
	started map[string]time.Time
	printed map[string]time.Time
}

func newProgress(streams IO) *progress {
	return &progress{io: streams, started: map[string]time.Time{}, printed: map[string]time.Time{}}
}

// lineEvery is the pause between two lines about one source.
const lineEvery = 5 * time.Second

func (p *progress) show(i runner.Import) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := strings.TrimSpace(i.Tracker + " " + i.Source)
	now := time.Now()
	begun, known := p.started[name]
	if !known {
		begun = now
		p.started[name] = now
	}
	line := describe(name, i, now.Sub(begun))
	switch {
	case p.io.Terminal:
		bar(p.io.Err, line, i)
	case i.Done || now.Sub(p.printed[name]) >= lineEvery:
		p.printed[name] = now
		fmt.Fprintln(p.io.Err, line)
	}
}

// describe says how many, how fast, and how long it will take where that is known.
func describe(name string, i runner.Import, took time.Duration) string {
	rate := 0.0
	if took > 0 {
		rate = float64(i.Issues) / took.Seconds()
	}
	s := fmt.Sprintf("%s: %d", name, i.Issues)
	if i.Total > 0 {
		s += fmt.Sprintf(" of %d", max(i.Total, i.Issues))
	}
	s += " issues"
	if rate > 0 {
		s += fmt.Sprintf(", %.0f/s", rate)
	}
	switch {
	case i.Done:
		return s + ", done"
	case i.Total > i.Issues && rate > 0:
		left := time.Duration(float64(i.Total-i.Issues) / rate * float64(time.Second))
		return s + fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	return s
}

const barWidth = 24

func bar(w io.Writer, line string, i runner.Import) {
	filled := barWidth
	if !i.Done && i.Total > 0 {
		filled = min(barWidth, i.Issues*barWidth/i.Total)
	} else if !i.Done {
		filled = 0
	}
	fmt.Fprintf(w, "\r\033[K[%s%s] %s", strings.Repeat("█", filled), strings.Repeat("·", barWidth-filled), line)
	if i.Done {
		fmt.Fprintln(w)
	}
}
