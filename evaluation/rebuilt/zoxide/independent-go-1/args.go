package main

import (
	"fmt"
	"slices"
	"strings"
)

type option struct {
	long    string
	short   byte
	value   string // name of the value; empty for a flag
	choices []string
}

func (o *option) String() string {
	if o.value == "" {
		return "--" + o.long
	}
	return fmt.Sprintf("--%s <%s>", o.long, o.value)
}

// command is one subcommand and what it accepts.
type command struct {
	name     string
	options  []option
	operand  string // as in the usage line, for example "<PATHS>..."
	choices  []string
	required string // long name of an option that has to be given
	run      func(*invocation) error
}

// invocation is a command together with the arguments it was given.
type invocation struct {
	*command
	values   map[string]string
	order    []*option
	operands []string
}

func (in *invocation) has(long string) bool {
	_, ok := in.values[long]
	return ok
}

var common = []option{{long: "help", short: 'h'}, {long: "version", short: 'V'}}

func (c *command) find(match func(option) bool) *option {
	all := append(slices.Clone(c.options), common...)
	if i := slices.IndexFunc(all, match); i >= 0 {
		return &all[i]
	}
	return nil
}

// usage is the general usage line.
func (c *command) usage() string {
	_, rest, _ := strings.Cut(c.helpBody(), "Usage:\n  ")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// usedUsage is the usage line restricted to the options given so far.
func (in *invocation) usedUsage(without string) string {
	words := []string{programName(), in.name}
	if in.required != "" {
		words = append(words, in.find(func(o option) bool { return o.long == in.required }).String())
	}
	for _, o := range in.order {
		if o.long != without && o.long != in.required {
			words = append(words, o.String())
		}
	}
	operand := in.operand
	if len(in.operands) > 0 {
		operand = strings.NewReplacer("[", "<", "]", ">").Replace(operand)
	}
	return strings.Join(append(words, operand), " ")
}

func parseArgs(c *command, args []string) (*invocation, error) {
	in := &invocation{command: c, values: map[string]string{}}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "--":
			for _, word := range args {
				if err := in.addOperand(word); err != nil {
					return nil, err
				}
			}
			args = nil
		case strings.HasPrefix(arg, "--"):
			args, err = in.long(arg[2:], args)
		case len(arg) > 1 && arg[0] == '-':
			args, err = in.cluster(arg[1:], args)
		default:
			err = in.addOperand(arg)
		}
		if err != nil {
			return nil, err
		}
	}
	return in, in.check()
}

func (in *invocation) unexpected(arg, usage string) error {
	e := &usageError{message: fmt.Sprintf("unexpected argument '%s' found", arg), usage: usage}
	if in.operand != "" {
		e.tip = fmt.Sprintf("to pass '%s' as a value, use '-- %s'", arg, arg)
	}
	return e
}

func (in *invocation) long(text string, rest []string) ([]string, error) {
	name, value, inline := strings.Cut(text, "=")
	o := in.find(func(o option) bool { return o.long == name })
	switch {
	case o == nil && len(in.order)+len(in.operands) == 0:
		return nil, in.unexpected("--"+name, in.usage())
	case o == nil:
		return nil, in.unexpected("--"+name, in.usedUsage(""))
	case inline:
		return rest, in.set(o, value)
	}
	return in.take(o, rest)
}

func (in *invocation) cluster(letters string, rest []string) ([]string, error) {
	for i := range letters {
		o := in.find(func(o option) bool { return o.short == letters[i] && o.short != 0 })
		if o == nil {
			return nil, in.unexpected("-"+letters[i:i+1], in.usage())
		}
		if tail := letters[i+1:]; o.value != "" && tail != "" {
			return rest, in.set(o, strings.TrimPrefix(tail, "="))
		}
		var err error
		if rest, err = in.take(o, rest); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// take stores an option whose value, if it needs one, is the next argument.
func (in *invocation) take(o *option, rest []string) ([]string, error) {
	if o.value == "" {
		return rest, in.set(o, "")
	}
	if len(rest) == 0 || len(rest[0]) > 1 && rest[0][0] == '-' {
		message := fmt.Sprintf("a value is required for '%s' but none was supplied", o)
		return nil, &usageError{message: message + possible(o.choices)}
	}
	return rest[1:], in.set(o, rest[0])
}

func (in *invocation) set(o *option, value string) error {
	switch {
	case o.long == "help":
		fmt.Print(in.help())
		return exitError(0)
	case o.long == "version":
		fmt.Print(in.version())
		return exitError(0)
	case in.has(o.long):
		message := fmt.Sprintf("the argument '%s' cannot be used multiple times", o)
		return &usageError{message: message, usage: in.usage()}
	}
	if err := checkChoice(o.String(), value, o.choices); err != nil {
		return err
	}
	if o.value == "SCORE" {
		if _, err := parseFloat(value); err != nil {
			return &usageError{message: fmt.Sprintf("invalid value '%s' for '%s': %v", value, o, err)}
		}
	}
	in.values[o.long] = value
	in.order = append(in.order, o)
	return nil
}

func (in *invocation) addOperand(word string) error {
	many := strings.HasSuffix(in.operand, "...")
	if in.operand == "" || !many && len(in.operands) > 0 {
		return &usageError{message: fmt.Sprintf("unexpected argument '%s' found", word), usage: in.usage()}
	}
	if word == "" && in.name != "query" {
		return &usageError{message: fmt.Sprintf("a value is required for '%s' but none was supplied", in.operand)}
	}
	in.operands = append(in.operands, word)
	return checkChoice(in.operand, word, in.choices)
}

func (in *invocation) check() error {
	if in.has("interactive") && in.has("list") {
		pair := slices.DeleteFunc(slices.Clone(in.order), func(o *option) bool { return o.long != "list" && o.long != "interactive" })
		message := fmt.Sprintf("the argument '%s' cannot be used with '%s'", pair[0], pair[1])
		return &usageError{message: message, usage: in.usedUsage(pair[1].long)}
	}
	var missing strings.Builder
	if in.required != "" && !in.has(in.required) {
		missing.WriteString("\n  " + in.find(func(o option) bool { return o.long == in.required }).String())
	}
	if strings.HasPrefix(in.operand, "<") && len(in.operands) == 0 {
		missing.WriteString("\n  " + in.operand)
	}
	if missing.Len() == 0 {
		return nil
	}
	return &usageError{
		message: "the following required arguments were not provided:" + missing.String(),
		usage:   in.usedUsage(""),
	}
}

func possible(choices []string) string {
	if len(choices) == 0 {
		return ""
	}
	return "\n  [possible values: " + strings.Join(choices, ", ") + "]"
}

func checkChoice(shown, value string, choices []string) error {
	if len(choices) == 0 || slices.Contains(choices, value) {
		return nil
	}
	return &usageError{message: fmt.Sprintf("invalid value '%s' for '%s'%s", value, shown, possible(choices))}
}
