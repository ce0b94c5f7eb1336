package main

import (
	"embed"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

//go:embed help/*.txt
var helpFiles embed.FS

// config is a checked command line.
type config struct {
	command                 string
	expression, replacement string
	transform               string
	limit                   int
	paths                   []string
	dumpFile                string
	undo                    bool
	includeDirs, hidden     bool
	maxDepth                int // Levels to go down; 0 unless recursive.
	force, backup, silent   bool
	colored                 bool
	dump                    bool
	dumpPrefix              string
}

// usageError is a command line that cannot be run, with its whole message.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// option describes one option; those without a value name are switches.
type option struct {
	letter   rune
	name     string
	value    string
	choices  []string
	commands string
}

func (o *option) String() string {
	if o.value == "" {
		return "--" + o.name
	}
	return "--" + o.name + " <" + o.value + ">"
}

const every = "regex from-file to-ascii"

var options = []*option{
	{letter: 'h', name: "help", commands: every},
	{letter: 'n', name: "dry-run", commands: every},
	{letter: 'f', name: "force", commands: every},
	{letter: 'b', name: "backup", commands: every},
	{letter: 's', name: "silent", commands: every},
	{name: "color", value: "COLOR", choices: []string{"always", "never", "auto"}, commands: every},
	{name: "dump", commands: every},
	{name: "dump-prefix", value: "DUMP_PREFIX", commands: every},
	{name: "no-dump", commands: every},
	{letter: 'l', name: "replace-limit", value: "LIMIT", commands: "regex"},
	{letter: 't', name: "replace-transform", value: "REPLACE_TRANSFORM", choices: []string{"upper", "lower", "ascii"}, commands: "regex"},
	{letter: 'D', name: "include-dirs", commands: "regex to-ascii"},
	{letter: 'r', name: "recursive", commands: "regex to-ascii"},
	{letter: 'd', name: "max-depth", value: "LEVEL", commands: "regex to-ascii"},
	{letter: 'x', name: "hidden", commands: "regex to-ascii"},
	{letter: 'u', name: "undo", commands: "from-file"},
}

// operands names the arguments that each command must have.
var operands = map[string][]string{
	"regex":     {"<EXPRESSION>", "<REPLACEMENT>", "<PATH(S)>..."},
	"from-file": {"<DUMPFILE>"},
	"to-ascii":  {"<PATH(S)>..."},
}

// scanner sorts the arguments of one command.
type scanner struct {
	bin, command string
	args         []string
	values       map[string]string // By option name.
	used         []*option         // In the order they came.
	words        []string
}

// parseArgs reads the command line. An error that is no usageError holds help.
func parseArgs(bin string, args []string) (*config, error) {
	help := func(name string) string {
		text, _ := helpFiles.ReadFile("help/" + name + ".txt")
		return strings.ReplaceAll(string(text), "{bin}", bin)
	}
	if len(args) == 0 {
		return nil, &usageError{help("main")}
	}
	command, wantsHelp := args[0], args[0] == "help"
	switch {
	case command == "-h" || command == "--help" || wantsHelp && len(args) == 1:
		return nil, errors.New(help("main"))
	case command == "-V" || command == "--version":
		return nil, errors.New("rnr 0.5.1\n")
	case strings.HasPrefix(command, "-"):
		return nil, refusal("unexpected argument '"+command+"' found", bin+" <COMMAND>")
	case wantsHelp:
		command = args[1]
	}
	if operands[command] == nil {
		return nil, refusal("unrecognized subcommand '"+command+"'", bin+" <COMMAND>")
	}
	if wantsHelp {
		return nil, errors.New(help(command))
	}
	if len(args) == 1 {
		return nil, &usageError{help(command)}
	}
	s := &scanner{bin: bin, command: command, args: args[1:], values: make(map[string]string)}
	if err := s.scan(); err != nil {
		return nil, err
	}
	if s.has("help") {
		return nil, errors.New(help(command))
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s.config(), nil
}

// refusal lays out a usage error; usage may be empty.
func refusal(message, usage string) error {
	if usage != "" {
		usage = "Usage: " + usage + "\n\n"
	}
	return &usageError{"error: " + message + "\n\n" + usage + "For more information, try '--help'.\n"}
}

func (s *scanner) has(name string) bool {
	_, found := s.values[name]
	return found
}

func (s *scanner) refuse(message string, options ...string) error {
	words := append([]string{s.bin, s.command}, options...)
	return refusal(message, strings.Join(append(words, operands[s.command]...), " "))
}

func (s *scanner) unexpected(arg string) error {
	message := "unexpected argument '" + arg + "' found"
	if strings.HasPrefix(arg, "-") {
		message += "\n\n  tip: to pass '" + arg + "' as a value, use '-- " + arg + "'"
	}
	return s.refuse(message, "[OPTIONS]")
}

func (s *scanner) scan() error {
	for len(s.args) > 0 {
		arg := s.args[0]
		s.args = s.args[1:]
		var err error
		switch {
		case arg == "--":
			for _, word := range s.args {
				if err := s.word(word); err != nil {
					return err
				}
			}
			return nil
		case strings.HasPrefix(arg, "--"):
			name, value, attached := strings.Cut(arg[2:], "=")
			err = s.option("--"+name, value, attached, func(o *option) bool { return o.name == name })
		case len(arg) > 1 && arg[0] == '-':
			err = s.letters(arg[1:])
		default:
			err = s.word(arg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) word(word string) error {
	if s.command == "from-file" && len(s.words) > 0 {
		return s.unexpected(word)
	}
	s.words = append(s.words, word)
	return nil
}

// letters takes a cluster of one-letter options; what follows an option that
// has a value is that value.
func (s *scanner) letters(cluster string) error {
	for i, letter := range cluster {
		rest := cluster[i+len(string(letter)):]
		err := s.option("-"+string(letter), rest, rest != "", func(o *option) bool { return o.letter == letter })
		if err != nil || s.used[len(s.used)-1].value != "" {
			return err
		}
	}
	return nil
}

// option takes one option, with the next argument as its value if it needs one
// and has none attached.
func (s *scanner) option(written, value string, attached bool, is func(*option) bool) error {
	var opt *option
	for _, o := range options {
		if is(o) && strings.Contains(o.commands, s.command) {
			opt = o
		}
	}
	if opt == nil {
		return s.unexpected(written)
	}
	if s.has(opt.name) {
		return s.refuse(fmt.Sprintf("the argument '%s' cannot be used multiple times", opt), "[OPTIONS]")
	}
	if opt.value == "" {
		value = ""
	} else {
		if !attached && len(s.args) > 0 && strings.HasPrefix(s.args[0], "-") {
			return s.unexpected(s.args[0])
		}
		choices, problem := "", ""
		if opt.choices != nil {
			choices = "\n  [possible values: " + strings.Join(opt.choices, ", ") + "]"
		}
		if !attached {
			if len(s.args) == 0 {
				return refusal(fmt.Sprintf("a value is required for '%s' but none was supplied%s", opt, choices), "")
			}
			value, s.args = s.args[0], s.args[1:]
		}
		if opt.choices != nil && !contains(opt.choices, value) {
			problem = choices
		} else if _, err := strconv.Atoi(value); err != nil && (opt.value == "LIMIT" || opt.value == "LEVEL") {
			problem = ": invalid digit found in string"
		}
		if problem != "" {
			return refusal(fmt.Sprintf("invalid value '%s' for '%s'%s", value, opt, problem), "")
		}
	}
	s.values[opt.name] = value
	s.used = append(s.used, opt)
	return nil
}

func contains(list []string, text string) bool {
	for _, item := range list {
		if item == text {
			return true
		}
	}
	return false
}

// check refuses conflicting options and missing arguments.
func (s *scanner) check() error {
	conflicts := map[string]string{"dry-run": "force", "force": "dry-run", "dump": "no-dump", "no-dump": "dump"}
	var missing, used []string
	for _, opt := range s.used {
		if other, found := conflicts[opt.name]; found && s.has(other) {
			return s.refuse(fmt.Sprintf("the argument '--%s' cannot be used with '--%s'", opt.name, other), opt.String())
		}
		used = append(used, opt.String())
	}
	if (s.has("max-depth") || s.has("hidden")) && !s.has("recursive") {
		missing = append(missing, "--recursive")
		used = append([]string{"--recursive"}, used...)
	}
	if wanted := operands[s.command]; len(s.words) < len(wanted) {
		missing = append(missing, wanted[len(s.words):]...)
	}
	if missing == nil {
		return nil
	}
	return s.refuse("the following required arguments were not provided:\n  "+strings.Join(missing, "\n  "), used...)
}

// config turns what was found, once checked, into a configuration.
func (s *scanner) config() *config {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(s.values[name]); err == nil {
			return n
		}
		return otherwise
	}
	cfg := &config{
		command:     s.command,
		transform:   s.values["replace-transform"],
		limit:       number("replace-limit", 1),
		undo:        s.has("undo"),
		includeDirs: s.has("include-dirs"),
		hidden:      s.has("hidden"),
		force:       s.has("force"),
		backup:      s.has("backup"),
		silent:      s.has("silent"),
		colored:     s.values["color"] == "always",
		dump:        s.has("dump") || s.has("force") && !s.has("no-dump"),
		dumpPrefix:  "rnr-",
	}
	if s.has("recursive") {
		cfg.maxDepth = number("max-depth", math.MaxInt)
	}
	if s.has("dump-prefix") {
		cfg.dumpPrefix = s.values["dump-prefix"]
	}
	if choice := s.values["color"]; choice == "" || choice == "auto" {
		info, err := os.Stdout.Stat()
		cfg.colored = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	switch s.command {
	case "regex":
		cfg.expression, cfg.replacement, cfg.paths = s.words[0], s.words[1], s.words[2:]
	case "from-file":
		cfg.dumpFile = s.words[0]
	default:
		cfg.paths = s.words
	}
	return cfg
}
