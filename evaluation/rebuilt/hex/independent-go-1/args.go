package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// An option takes one value; if choices is not empty the value is one of them.
type option struct {
	short   string
	long    string
	value   string
	about   string
	choices []string
}

// options are listed in help order.
var options = []*option{
	{"c", "cols", "columns", "Set column length", nil},
	{"l", "len", "len", "Set <len> bytes to read", nil},
	{"f", "format", "format", "Set format of octet: Octal (o), LowerHex (x), UpperHex (X), Binary (b)", strings.Fields("o x X b")},
	{"t", "color", "color", "Set color tint terminal output. 0 to disable, 1 to enable", strings.Fields("0 1")},
	{"a", "array", "array_format", "Set source code format output: rust (r), C (c), golang (g), python (p), kotlin (k), java (j), swift (s), fsharp (f)", strings.Fields("r c g p k j s f")},
	{"u", "func", "func_length", "Set function wave length", nil},
	{"p", "places", "func_places", "Set function wave output decimal places", nil},
	{"r", "prefix", "prefix", "Include prefix in output (e.g. 0x/0b/0o). 0 to disable, 1 to enable", strings.Fields("0 1")},
}

func (o *option) String() string { return fmt.Sprintf("--%s <%s>", o.long, o.value) }

func (o *option) choiceText() string {
	return "[possible values: " + strings.Join(o.choices, ", ") + "]"
}

// Sentinels for the two flags, which end parsing as soon as they are met.
var (
	errHelp    = errors.New("help requested")
	errVersion = errors.New("version requested")
)

var flags = []struct {
	short, long, about string
	err                error
}{
	{"h", "help", "Print help", errHelp},
	{"V", "version", "Print version", errVersion},
}

// usageError is a command line the program does not accept.
type usageError struct {
	text  string
	tip   string
	usage string
}

func (e *usageError) Error() string {
	paragraphs := []string{"error: " + e.text}
	if e.tip != "" {
		paragraphs = append(paragraphs, "  tip: "+e.tip)
	}
	if e.usage != "" {
		paragraphs = append(paragraphs, "Usage: "+e.usage)
	}
	return strings.Join(append(paragraphs, "For more information, try '--help'."), "\n\n")
}

// A commandLine is the result of parsing.
type commandLine struct {
	program  string
	values   map[string]string // by long name
	order    []*option         // options in the order given
	input    string
	hasInput bool
}

func parseArgs(program string, args []string) (*commandLine, error) {
	c := &commandLine{program: program, values: map[string]string{}}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			for _, rest := range args {
				if err := c.setInput(rest); err != nil {
					return nil, err
				}
			}
			break
		}
		if !dashed(arg) {
			if err := c.setInput(arg); err != nil {
				return nil, err
			}
			continue
		}
		opt, attached, hasAttached, err := c.lookup(arg)
		if err != nil {
			return nil, err
		}
		value, hasValue := attached, hasAttached
		if !hasValue && len(args) > 0 && !dashed(args[0]) {
			value, hasValue = args[0], true
			args = args[1:]
		}
		if err := c.set(opt, value, hasValue); err != nil {
			// An unknown word right behind a bad option is the graver fault.
			if !hasAttached && len(args) > 0 && dashed(args[0]) && args[0] != "--" {
				var unknown *usageError
				if hasValue {
					c.order = append(c.order, opt)
				}
				if _, _, _, next := c.lookup(args[0]); errors.As(next, &unknown) {
					return nil, next
				}
			}
			return nil, err
		}
	}
	return c, nil
}

// dashed reports whether arg looks like an option; a lone "-" is an operand.
func dashed(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

// lookup finds the option that arg names and the value attached to it, if any.
func (c *commandLine) lookup(arg string) (opt *option, value string, attached bool, err error) {
	if name, ok := strings.CutPrefix(arg, "--"); ok {
		name, value, attached = strings.Cut(name, "=")
		for _, f := range flags {
			if f.long != name {
				continue
			}
			if attached {
				text := fmt.Sprintf("unexpected value '%s' for '--%s' found; no more were expected", value, name)
				return nil, "", false, &usageError{text: text, usage: c.usageOf("--" + name)}
			}
			return nil, "", false, f.err
		}
		for _, o := range options {
			if o.long == name {
				return o, value, attached, nil
			}
		}
		return nil, "", false, c.unexpected("--"+name, true, c.usageOf())
	}
	for _, f := range flags {
		if strings.HasPrefix(arg[1:], f.short) {
			return nil, "", false, f.err
		}
	}
	for _, o := range options {
		if rest, ok := strings.CutPrefix(arg[1:], o.short); ok {
			return o, strings.TrimPrefix(rest, "="), rest != "", nil
		}
	}
	first := string([]rune(arg)[:2])
	return nil, "", false, c.unexpected(first, true, c.usage())
}

func (c *commandLine) set(o *option, value string, hasValue bool) error {
	if _, dup := c.values[o.long]; dup && hasValue {
		return &usageError{text: fmt.Sprintf("the argument '%s' cannot be used multiple times", o), usage: c.usage()}
	}
	limited := o.choices != nil
	if !hasValue || limited && value == "" {
		text := fmt.Sprintf("a value is required for '%s' but none was supplied", o)
		if limited {
			text += "\n  " + o.choiceText()
		}
		return &usageError{text: text}
	}
	if limited && !slices.Contains(o.choices, value) {
		return &usageError{text: fmt.Sprintf("invalid value '%s' for '%s'\n  %s", value, o, o.choiceText())}
	}
	c.values[o.long] = value
	c.order = append(c.order, o)
	return nil
}

func (c *commandLine) setInput(name string) error {
	if c.hasInput {
		return c.unexpected(name, false, c.usage())
	}
	c.input, c.hasInput = name, true
	return nil
}

func (c *commandLine) unexpected(arg string, optionLike bool, usage string) error {
	e := &usageError{text: fmt.Sprintf("unexpected argument '%s' found", arg), usage: usage}
	if optionLike {
		e.tip = fmt.Sprintf("to pass '%s' as a value, use '-- %s'", arg, arg)
	}
	return e
}

func (c *commandLine) usage() string { return c.program + " [OPTIONS] [INPUTFILE]" }

// usageOf shows the options used so far and the extra ones, if there are any.
func (c *commandLine) usageOf(extra ...string) string {
	words := []string{c.program}
	for _, o := range c.order {
		words = append(words, o.String())
	}
	words = append(words, extra...)
	switch {
	case c.hasInput:
		words = append(words, "<INPUTFILE>")
	case len(words) == 1:
		return c.usage()
	default:
		words = append(words, "[INPUTFILE]")
	}
	return strings.Join(words, " ")
}

func helpText(program string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `Futuristic take on hexdump, made in Rust.


Usage: %s [OPTIONS] [INPUTFILE]

Arguments:
  [INPUTFILE]  Pass file path as an argument, or input data may be passed via stdin

Options:
`, program)
	for _, o := range options {
		about := o.about
		if o.choices != nil {
			about += " " + o.choiceText()
		}
		fmt.Fprintf(&b, "  %-26s  %s\n", "-"+o.short+", "+o.String(), about)
	}
	for _, f := range flags {
		fmt.Fprintf(&b, "  %-26s  %s\n", "-"+f.short+", --"+f.long, f.about)
	}
	return b.String()
}
