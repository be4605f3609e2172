package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// report prints a line for each mutant and the score. The error says how many live.
func report(w io.Writer, results []result) error {
	dead := 0
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "mutant\tverdict\ttried\tseconds\twhat it weakens")
	for _, r := range results {
		if r.verdict == killed {
			dead++
		}
		tried := r.effort
		if tried == "" {
			tried = "1 run"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.1f\t%s\n", r.Name, r.verdict, tried, r.took.Seconds(), r.Weakens)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, r := range results {
		if r.verdict != killed {
			fmt.Fprintf(w, "\n%s %s: %s\n%s\n", r.Name, r.verdict, r.Weakens, r.detail)
		}
	}
	fmt.Fprintf(w, "\n%d of %d mutants killed\n", dead, len(results))
	if len(results) == 0 {
		return fmt.Errorf("no mutant was tried")
	}
	if dead < len(results) {
		return fmt.Errorf("%d of %d mutants are not killed", len(results)-dead, len(results))
	}
	return nil
}
