package main

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// helpText is the help page. Its flag table also defines the flags.
//
//go:embed help.txt
var helpText string

// option describes one flag; names start with their dashes.
type option struct {
	short, long string
	takesValue  bool
}

// options is read from the table in the help page.
var options = func() (out []option) {
	row := regexp.MustCompile(`(?m)^ +(?:(-\w), )?(--[a-z]+)(?: (\w+))?  `)
	for _, m := range row.FindAllStringSubmatch(helpText, -1) {
		out = append(out, option{m[1], m[2], m[3] != ""})
	}
	return out
}()

// commandLine is a parsed invocation: flags by long name, and the operands.
type commandLine struct {
	values   map[string]string
	operands []string
}

// given says whether a flag was used with anything but "false".
func (c *commandLine) given(name string) bool {
	v, ok := c.values["--"+name]
	return ok && v != "false"
}

// operand is the cheatsheet named on the command line, or "".
func (c *commandLine) operand() string { return strings.Join(c.operands, " ") }

// findOption looks a flag up by either name.
func findOption(name string) *option {
	for i, o := range options {
		if name == o.long || name == o.short {
			return &options[i]
		}
	}
	return nil
}

// parseCommandLine splits arguments into flags and operands.
func parseCommandLine(args []string) (c *commandLine, err error) {
	c = &commandLine{values: map[string]string{}}
	for len(args) > 0 && err == nil {
		arg, rest := args[0], args[1:]
		switch {
		case arg == "--":
			c.operands = append(c.operands, rest...)
			rest = nil
		case strings.HasPrefix(arg, "-") && len(arg) > 1:
			rest, err = c.addFlags(arg, rest)
		default:
			c.operands = append(c.operands, arg)
		}
		args = rest
	}
	return c, err
}

// addFlags handles a long flag or a cluster of short ones, and returns the
// arguments that were not used as values.
func (c *commandLine) addFlags(arg string, rest []string) (left []string, err error) {
	if name, value, attached := strings.Cut(arg, "="); strings.HasPrefix(arg, "--") {
		o := findOption(name)
		if o == nil {
			return nil, fmt.Errorf("unknown flag: %s", name)
		}
		return c.set(o, name, value, attached, rest)
	}
	for tail := arg[1:]; tail != "" && err == nil; {
		label := fmt.Sprintf("'%s' in -%s", tail[:1], tail)
		o := findOption("-" + tail[:1])
		if o == nil {
			return nil, fmt.Errorf("unknown shorthand flag: %s", label)
		}
		tail = tail[1:]
		value, attached := strings.CutPrefix(tail, "=")
		if attached = attached || o.takesValue && tail != ""; attached {
			tail = ""
		}
		rest, err = c.set(o, label, value, attached, rest)
	}
	return rest, err
}

// set records a flag; without an attached value it takes the next argument.
func (c *commandLine) set(o *option, label, value string, attached bool, rest []string) ([]string, error) {
	switch {
	case !attached && !o.takesValue:
		value = "true"
	case !attached && len(rest) == 0:
		return nil, fmt.Errorf("flag needs an argument: %s", label)
	case !attached:
		value, rest = rest[0], rest[1:]
	case !o.takesValue:
		b, err := strconv.ParseBool(value)
		if err != nil {
			names := strings.TrimPrefix(o.short+", "+o.long, ", ")
			return nil, fmt.Errorf("invalid argument %q for %q flag: %w", value, names, err)
		}
		value = strconv.FormatBool(b)
	}
	c.values[o.long] = value
	return rest, nil
}
