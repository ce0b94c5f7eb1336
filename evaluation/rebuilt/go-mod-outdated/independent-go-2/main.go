// Command outdated reads the JSON stream of "go list -u -m -json all" on its
// standard input and shows it as a table.
package main

import (
	"bufio"
	"log"
	"os"
)

func main() {
	opts := parseOptions()
	outdated, err := report(opts)
	if err != nil {
		// Trouble with the input is reported, but is not a failed check.
		log.Print(err)
		return
	}
	if opts.failOutdated && outdated {
		os.Exit(1)
	}
}

// report copies the wanted modules from stdin to stdout as a table and tells
// whether one of them is outdated.
func report(opts options) (bool, error) {
	all, err := readModules(bufio.NewReader(os.Stdin))
	if err != nil {
		return false, err
	}
	chosen := choose(all, opts)
	if len(chosen) == 0 {
		return false, nil
	}
	out := bufio.NewWriter(os.Stdout)
	newTable(headings, moduleRows(chosen)).write(out, frameFor(opts.style))
	return anyOutdated(chosen), out.Flush()
}
