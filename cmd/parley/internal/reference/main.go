// Command reference prints docs/CONFIGURATION.md: every key of the configuration, made of
// the types that it is decoded into, their comments, the defaults and the checks. It is run
// at the root of the repository, by make reference.
package main

import (
	"fmt"
	"os"
)

func main() {
	text, err := page(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "reference:", err)
		os.Exit(1)
	}
	fmt.Fprint(os.Stdout, text)
}
