package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// table prints the figures as docs/PERFORMANCE.md has them, a column a size.
func table(out io.Writer, all []figures) {
	row := func(name string, cell func(f figures) string) {
		cells := []string{name}
		for _, f := range all {
			cells = append(cells, cell(f))
		}
		fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
	}
	fmt.Fprintln(out)
	row("issues a tracker", func(f figures) string { return fmt.Sprint(f.issues) })
	fmt.Fprintln(out, strings.Repeat("|---", len(all)+1)+"|")
	row("every issue on the board after", func(f figures) string {
		return fmt.Sprintf("%s, %.0f issues/s", seconds(f.shown), 2*float64(f.issues)/f.shown.Seconds())
	})
	row("requests for it, of at least", func(f figures) string { return ratio(f.importAsked, f.importFloor()) })
	row("old history and the rest read after", func(f figures) string { return fmt.Sprintf("%s, %d requests more", seconds(f.whole), f.later) })
	row("processor time for the one, and for both", func(f figures) string {
		each := func(d time.Duration) time.Duration {
			return (d / time.Duration(2*f.issues)).Round(10 * time.Microsecond)
		}
		return fmt.Sprintf("%s, %s; %s and %s an issue", seconds(f.shownBy), seconds(f.wholeBy), each(f.shownBy), each(f.wholeBy))
	})
	row("idle: requests a poll of both sources", func(f figures) string { return fmt.Sprintf("%.1f", float64(f.idleAsked)/float64(f.idleRounds)) })
	row("idle: processor time a poll", func(f figures) string { return f.idleCPU.Round(time.Millisecond).String() })
	row("1 % changed on each side: all carried after", func(f figures) string { return fmt.Sprintf("%d changes in %s", f.changed, seconds(f.carried)) })
	row("requests for it, of at least", func(f figures) string { return ratio(f.changeAsked, f.changeFloor()) })
	row("processor time for it", func(f figures) string {
		return fmt.Sprintf("%s, %s a change", seconds(f.changeCPU), (f.changeCPU / time.Duration(f.changed)).Round(10*time.Microsecond))
	})
	row("pages opened for the first time, and again", func(f figures) string { return times(f.pages) })
	row("peak memory: after the import, at the end", func(f figures) string { return mega(f.importPeak) + ", " + mega(f.peak) })
	row("database", func(f figures) string {
		return fmt.Sprintf("%s, %.1f KiB an issue", mega(f.disk), float64(f.disk)/1024/2/float64(f.issues))
	})
	row("started again: board drawn, both trackers read", func(f figures) string {
		return fmt.Sprintf("%s, %s; %s of a processor until it was drawn", seconds(f.drawn), seconds(f.ready), seconds(f.drawnBy))
	})
	row("pages opened after that", func(f figures) string { return times(f.restartPages) })
	row("requests and peak memory of that", func(f figures) string { return fmt.Sprintf("%d, %s", f.restartAsked, mega(f.restartPeak)) })
	for _, f := range all {
		fmt.Fprintf(out, "\n%d issues: in %d idle polls of both sources %v; for the changes %v\n", f.issues, f.idleRounds, f.idleKinds, f.changeKinds)
	}
}

// importFloor is one page for a hundred issues.
func (f *figures) importFloor() int { return 2 * pages(f.issues) }

// changeFloor is a page for a hundred changes on each side, three requests for each to GitHub
// and two for each to Jira (docs/PERFORMANCE.md says why no program does with less).
func (f *figures) changeFloor() int { return 2*pages(f.changed/2) + f.changed/2*3 + f.changed/2*2 }

func pages(n int) int { return (n + 99) / 100 }

func ratio(asked, floor int) string {
	return fmt.Sprintf("%d of %d: %.2f", asked, floor, float64(asked)/float64(floor))
}

func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}

func mega(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }

// times tells how long pages took.
func times(pages []opened) string {
	var out []string
	for _, p := range pages {
		out = append(out, fmt.Sprintf("`%s` %s, %s", p.page, seconds(p.first), seconds(p.second)))
	}
	return strings.Join(out, "; ")
}
