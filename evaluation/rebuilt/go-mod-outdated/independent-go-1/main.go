// Command program reads the output of "go list -u -m -json all" on standard
// input and prints a table of the modules and their available updates.
package main

import (
	"bufio"
	"io"
	"log"
	"os"
)

func main() {
	opts := parseOptions(os.Args)
	status, err := run(opts, os.Stdin, os.Stdout)
	if err != nil {
		// Unreadable input is reported but does not fail the command.
		log.Print(err)
	}
	os.Exit(status)
}

// run performs the whole job and returns the exit status of the process.
func run(opts options, in io.Reader, out io.Writer) (int, error) {
	all, err := readModules(bufio.NewReader(in))
	if err != nil {
		return 0, err
	}
	chosen := selectModules(all, opts.criteria()...)
	if len(chosen) == 0 {
		return 0, nil
	}
	if err := reportTable(chosen).write(out, styleNamed(opts.style)); err != nil {
		return 1, err
	}
	if opts.ci && anyOutdated(chosen) {
		return 1, nil
	}
	return 0, nil
}
