// Command gron turns JSON into greppable assignments and back again.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

const version = "0.7.1"

func main() {
	os.Exit(run(os.Args[1:]))
}

// run executes one invocation and returns the process exit code.
func run(args []string) int {
	opts := parseOptions(args)
	if opts.version {
		fmt.Printf("gron version %s\n", version)
		return exitOK
	}
	out := bufio.NewWriter(os.Stdout)
	err := execute(opts, out)
	if flushErr := out.Flush(); err == nil && flushErr != nil {
		return exitFormStatements
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return exitCodeOf(err)
}

// execute opens the input and hands it to the selected action.
func execute(opts options, out io.Writer) error {
	in, err := openInput(opts)
	if err != nil {
		return err
	}
	defer in.Close()
	switch {
	case opts.ungron:
		return ungron(in, out, opts)
	case opts.values:
		// Values are always taken from stdin, whatever source was named.
		return printValues(os.Stdin, out)
	case opts.stream:
		return gronStream(in, out, opts)
	default:
		return gronDocument(in, out, opts)
	}
}
