// Command program runs the go command and paints the output of "go test".
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"unsafe"
)

func main() { os.Exit(run(os.Args[1:])) }

// run does what the arguments ask and returns the exit code.
func run(args []string) int {
	first := append(args, "")[0]
	if first != "test" && first != "testfilter" {
		return runGo(args, os.Stdout, os.Stderr)
	}
	out, errs, err := streams(loadSettings())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	code := 0
	if first == "test" {
		code = runGo(args, out, errs)
	} else if _, err := io.Copy(out, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if code == 0 || colourful() {
		out.Close()
		errs.Close()
	}
	return code
}

// runGo runs the go command and returns its exit code.
func runGo(args []string, out, errs io.Writer) int {
	cmd := exec.Command("go", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, out, errs
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		fmt.Fprintln(os.Stderr, "cannot run the go command:", err)
		return 2
	}
	return exit.ExitCode()
}

// streams returns the writers for both outputs: painters, or plain copies.
func streams(s Settings) (out, errs io.WriteCloser, err error) {
	if !colourful() {
		return plain{os.Stdout}, plain{os.Stderr}, nil
	}
	if out, err = newPainter(os.Stdout, s); err != nil {
		return nil, nil, err
	}
	errs, err = newPainter(os.Stderr, s)
	return out, errs, err
}

// plain passes output on unchanged and ends it with a line end.
type plain struct{ io.Writer }

// Close writes the closing line end.
func (p plain) Close() error {
	_, err := io.WriteString(p.Writer, "\n")
	return err
}

// colourful tells whether output is to be painted: on a terminal or on demand.
func colourful() bool {
	if os.Getenv("RICHGO_FORCE_COLOR") != "" {
		return true
	}
	var state syscall.Termios
	_, _, no := syscall.Syscall(syscall.SYS_IOCTL, os.Stdout.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&state)))
	return no == 0
}
