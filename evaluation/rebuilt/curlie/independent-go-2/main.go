// Program curlie puts a friendlier command line and coloured output in front
// of curl.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

const versionText = "curlie v0.0.0-LOCAL (0000-00-00T00:00:00Z)"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println(versionText)
		return
	}
	tty := terminals{in: isTerminal(os.Stdin), out: isTerminal(os.Stdout), err: isTerminal(os.Stderr)}
	inv := splitArguments(os.Args[1:])
	req := buildRequest(inv, tty)
	if req.shownURL != "" {
		fmt.Fprintln(os.Stderr, req.shownURL)
	}
	if req.complaint != "" {
		fmt.Print(req.complaint)
	}
	if inv.showCurl {
		fmt.Println(commandText(req.args))
		return
	}
	os.Exit(run(req))
}

// isTerminal asks the kernel whether a file is a terminal.
func isTerminal(f *os.File) bool {
	var settings syscall.Termios
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TCGETS,
		uintptr(unsafe.Pointer(&settings)))
	return errno == 0
}

// commandText renders the curl command, quoting arguments with blanks.
func commandText(args []string) string {
	parts := []string{"curl"}
	for _, arg := range args {
		if strings.Contains(arg, " ") {
			arg = strconv.Quote(arg)
		}
		parts = append(parts, arg)
	}
	return strings.Join(parts, " ")
}

// run executes curl with its output routed through the writers of the display
// and returns the exit code.
func run(req request) int {
	var stdin io.Reader = os.Stdin
	if req.readsStdin && req.verbose {
		if content, err := io.ReadAll(os.Stdin); err == nil {
			req.body = content
			stdin = strings.NewReader(string(content))
		}
	}
	cmd := exec.Command("curl", req.args...)
	cmd.Stdin = stdin
	cmd.Stdout = outputWriter(req)
	report := &conversationWriter{dest: os.Stderr, bodyDest: os.Stderr, body: req.body,
		verbose: req.verbose, color: req.colorErr}
	if req.prettyOut {
		report.bodyDest = &prettyWriter{dest: os.Stderr}
	}
	cmd.Stderr = report
	// An interrupt reaches curl as well; wait for it to finish.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	err := cmd.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return failed.ExitCode()
	}
	if err != nil {
		fmt.Fprint(os.Stderr, err)
	}
	return 0
}

// outputWriter chooses how curl's standard output is shown.
func outputWriter(req request) io.Writer {
	switch {
	case req.help:
		return &usageWriter{dest: os.Stdout, program: os.Args[0]}
	case req.headOnly && req.prettyOut:
		return io.Discard // a terminal gets the headers from stderr only
	case req.prettyOut:
		return &prettyWriter{dest: os.Stdout}
	}
	return os.Stdout
}
