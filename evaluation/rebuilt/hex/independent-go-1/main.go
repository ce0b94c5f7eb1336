// Command hx prints a coloured hex dump, source code arrays or a sine table.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// A numberError is an option value that is not a number.
type numberError struct {
	opt          *option
	kind, reason string
}

func (e *numberError) Error() string {
	return fmt.Sprintf("-%s, --%s <integer> expected. ParseIntError { kind: %s }\nerror: %s",
		e.opt.short, e.opt.long, e.kind, e.reason)
}

// number returns the numeric value of the named option, or fallback if it was not given.
func (c *commandLine) number(name string, fallback int) (int, error) {
	text, ok := c.values[name]
	if !ok {
		return fallback, nil
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "+"), 10, 64)
	if err == nil {
		return int(min(n, math.MaxInt)), nil
	}
	bad := &numberError{kind: "InvalidDigit", reason: "invalid digit found in string"}
	switch {
	case text == "":
		bad.kind, bad.reason = "Empty", "cannot parse integer from empty string"
	case errors.Is(err, strconv.ErrRange):
		bad.kind, bad.reason = "PosOverflow", "number too large to fit in target type"
	}
	for _, o := range options {
		if o.long == name {
			bad.opt = o
		}
	}
	return 0, bad
}

// wantsColor follows --color, else NO_COLOR, else whether stdout is a terminal.
func (c *commandLine) wantsColor() bool {
	if v, ok := c.values["color"]; ok {
		return v == "1"
	}
	if _, ok := os.LookupEnv("NO_COLOR"); ok {
		return false
	}
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func (c *commandLine) run(out *bufio.Writer) error {
	if _, ok := c.values["func"]; ok {
		return c.runWave(out)
	}
	var in io.Reader = os.Stdin
	if c.hasInput {
		f, err := os.Open(c.input)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	columns, err := c.number("cols", 10)
	if err != nil {
		return err
	}
	limit, err := c.number("len", 0)
	if err != nil {
		return err
	}
	in = bufio.NewReader(in)
	if limit > 0 {
		in = io.LimitReader(in, int64(limit))
	}

	if key, ok := c.values["array"]; ok {
		data, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		literals[key].print(out, data, columns)
		return out.Flush()
	}
	d := dumper{
		verb:    cellVerb(c.values["format"], c.values["prefix"] != "0"),
		color:   c.wantsColor(),
		columns: columns,
	}
	if err := d.dump(out, in); err != nil {
		return err
	}
	return out.Flush()
}

func (c *commandLine) runWave(out *bufio.Writer) error {
	places, err := c.number("places", 4)
	if err != nil {
		return err
	}
	length, err := c.number("func", 0)
	if err != nil {
		return err
	}
	if places > math.MaxUint16 {
		return errors.New("too many decimal places")
	}
	printWave(out, length, places)
	return out.Flush()
}

// describe words a failure for stderr.
func describe(err error) string {
	var number *numberError
	var errno syscall.Errno
	switch {
	case errors.As(err, &number):
		return number.Error()
	case errors.As(err, &errno):
		text := errno.Error()
		return fmt.Sprintf("error: %s%s (os error %d)", strings.ToUpper(text[:1]), text[1:], int(errno))
	case errors.Is(err, fs.ErrNotExist):
		return "error: No such file or directory (os error 2)"
	}
	return "error: " + err.Error()
}

func main() {
	signal.Ignore(syscall.SIGPIPE) // a closed pipe is reported by write instead
	program := filepath.Base(os.Args[0])
	cmd, err := parseArgs(program, os.Args[1:])
	switch {
	case errors.Is(err, errHelp):
		fmt.Print(helpText(program))
		return
	case errors.Is(err, errVersion):
		fmt.Println("hx 0.7.0")
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	err = cmd.run(bufio.NewWriter(os.Stdout))
	if err != nil && !errors.Is(err, syscall.EPIPE) {
		fmt.Fprintln(os.Stderr, describe(err))
		os.Exit(1)
	}
}
