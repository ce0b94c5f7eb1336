package main

import (
	"flag"
	"fmt"
	"os"
)

// options holds the decoded command line.
type options struct {
	source   string
	ungron   bool
	values   bool
	stream   bool
	json     bool
	noSort   bool
	insecure bool
	version  bool
	color    bool
	network  proxySettings
}

// parseOptions decodes the command line; on a bad flag it prints the usage
// and ends the process with status 2 (0 for -h), as package flag does.
func parseOptions(args []string) options {
	var o options
	var colorize, monochrome bool
	fs := flag.NewFlagSet("gron", flag.ExitOnError)
	fs.Usage = func() { fmt.Fprint(os.Stderr, usageText) }

	boolFlag(fs, &o.ungron, "ungron", "u")
	boolFlag(fs, &o.values, "values", "v")
	boolFlag(fs, &colorize, "colorize", "c")
	boolFlag(fs, &monochrome, "monochrome", "m")
	boolFlag(fs, &o.stream, "stream", "s")
	boolFlag(fs, &o.insecure, "insecure", "k")
	boolFlag(fs, &o.json, "json", "j")
	boolFlag(fs, &o.noSort, "no-sort")
	boolFlag(fs, &o.version, "version")
	fs.Var(&o.network.proxy, "proxy", "")
	fs.Var(&o.network.proxy, "x", "")
	fs.Var(&o.network.bypass, "noproxy", "")
	fs.Parse(args) // ExitOnError: never returns an error

	o.source = fs.Arg(0)
	o.color = colorize || (!monochrome && isTerminal(os.Stdout))
	return o
}

// boolFlag registers one switch under all of its names.
func boolFlag(fs *flag.FlagSet, target *bool, names ...string) {
	for _, name := range names {
		fs.BoolVar(target, name, false, "")
	}
}

// optionalString is a flag value that remembers whether it was given.
type optionalString struct {
	value string
	given bool
}

func (s *optionalString) String() string { return s.value }

func (s *optionalString) Set(v string) error {
	s.value, s.given = v, true
	return nil
}

// isTerminal reports whether f is a character device other than /dev/null.
func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}

const usageText = `Transform JSON (from a file, URL, or stdin) into discrete assignments to make it greppable

Usage:
  gron [OPTIONS] [FILE|URL|-]

Options:
  -u, --ungron     Reverse the operation (turn assignments back into JSON)
  -v, --values     Print just the values of provided assignments
  -c, --colorize   Colorize output (default on tty)
  -m, --monochrome Monochrome (don't colorize output)
  -s, --stream     Treat each line of input as a separate JSON object
  -k, --insecure   Disable certificate validation
  -x, --proxy      Set proxy configuration
      --noproxy    Comma-separated list of hosts for which not to use a proxy, if one is specified.
  -j, --json       Represent gron data as JSON stream
      --no-sort    Don't sort output (faster)
      --version    Print version information

Exit Codes:
  0	OK
  1	Failed to open file
  2	Failed to read input
  3	Failed to form statements
  4	Failed to fetch URL
  5	Failed to parse statements
  6	Failed to encode JSON

Examples:
  gron /tmp/apiresponse.json
  gron http://jsonplaceholder.typicode.com/users/1 
  curl -s http://jsonplaceholder.typicode.com/users/1 | gron
  gron http://jsonplaceholder.typicode.com/users/1 | grep company | gron --ungron
`
