package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"syscall"
)

// exitError asks for a quiet exit with the given code.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// usageError is a complaint about the command line itself.
type usageError struct {
	message, tip, usage string
}

func (e *usageError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "error: %s\n\n", e.message)
	if e.tip != "" {
		fmt.Fprintf(&b, "  tip: %s\n\n", e.tip)
	}
	if e.usage != "" {
		fmt.Fprintf(&b, "Usage: %s\n\n", e.usage)
	}
	return b.String() + "For more information, try '--help'."
}

// contextError says what was being done when the cause occurred.
type contextError struct {
	context string
	cause   error
}

func (e *contextError) Error() string { return e.context }
func (e *contextError) Unwrap() error { return e.cause }

func describe(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &contextError{fmt.Sprintf(format, args...), err}
}

// report renders an error together with its causes.
func report(err error) string {
	text := "zoxide: " + err.Error()
	var causes []string
	for err = errors.Unwrap(err); err != nil; err = errors.Unwrap(err) {
		var errno syscall.Errno
		if errors.As(err, &errno) {
			message := errno.Error()
			causes = append(causes, fmt.Sprintf("%s%s (os error %d)", strings.ToUpper(message[:1]), message[1:], int(errno)))
			break
		}
		causes = append(causes, err.Error())
	}
	switch len(causes) {
	case 0:
		return text
	case 1:
		return text + "\n\nCaused by:\n    " + causes[0]
	}
	text += "\n\nCaused by:"
	for i, cause := range causes {
		text += fmt.Sprintf("\n    %d: %s", i, cause)
	}
	return text
}

func parseWhole(s string, bits int) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, bits)
	if err != nil {
		return 0, errors.New("invalid digit found in string")
	}
	return n, nil
}

func parseFloat(s string) (float64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, errors.New("invalid float literal")
	}
	return f, nil
}
