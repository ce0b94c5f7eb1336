// A front end to curl with short syntax for methods, headers and JSON fields.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

func main() {
	argv := os.Args[1:]
	if len(argv) == 0 {
		argv = []string{"--help", "all"}
	}
	r := parseArgs(argv)
	colorErr := r.flags["pretty"] || isTerminal(os.Stderr)
	c := buildCommand(r, !isTerminal(os.Stdin), colorErr && !r.flags["silent"] && !r.flags["help"])
	if c.addr != nil {
		if c.addr.err != nil {
			fmt.Print(c.addr.err)
		}
		fmt.Fprintln(os.Stderr, c.addr.shown)
	}
	switch {
	case r.flags["curl"]:
		fmt.Println(c)
	case r.flags["help"]:
		os.Exit(runHelp(c))
	default:
		os.Exit(runCurl(r, c, colorErr))
	}
}

// isTerminal asks the kernel for the terminal settings of the file.
func isTerminal(f *os.File) bool {
	var t syscall.Termios
	_, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&t)))
	return e == 0
}

// runHelp shows curl's own help below our usage line.
func runHelp(c *command) int {
	fmt.Printf("Usage: %s [options...] [METHOD] URL [REQUEST_ITEM [REQUEST_ITEM ...]]\n", os.Args[0])
	cmd := exec.Command("curl", c.args...)
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if bytes.HasPrefix(text, []byte("Usage:")) {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	os.Stdout.Write(text)
	return exitCode(err)
}

func runCurl(r *request, c *command, colorErr bool) int {
	cmd := exec.Command("curl", c.args...)
	cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
	trace := &traceWriter{out: os.Stderr, verbose: r.flags["verbose"], color: colorErr, body: []byte(c.body)}
	if trace.verbose && c.body == "" && !isTerminal(os.Stdin) {
		trace.body, _ = io.ReadAll(os.Stdin)
		cmd.Stdin = bytes.NewReader(trace.body)
	}
	outTerminal := isTerminal(os.Stdout)
	if r.flags["head"] && outTerminal {
		cmd.Stdout = io.Discard // the headers already appear on stderr
	} else if r.flags["pretty"] || outTerminal {
		cmd.Stdout = &prettyWriter{out: os.Stdout}
	}
	cmd.Stderr = trace
	err := cmd.Run()
	os.Stderr.Write(trace.pending) // an unfinished last line
	return exitCode(err)
}

func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
