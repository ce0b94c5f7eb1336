package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed help.txt
var helpText string

//go:embed default_config.toml
var defaultConfig string

// option describes one command line option.
type option struct {
	short     string
	long      string
	valueName string // empty for switches
	multiple  bool
}

var optionTable = []option{
	{"a", "additional-value", "additional-value", true},
	{"", "config-file", "config-file", false},
	{"m", "message-key", "message-key", true},
	{"", "print-lua", "", false},
	{"t", "time-key", "time-key", true},
	{"l", "level-key", "level-key", true},
	{"", "map-level", "from=to", true},
	{"d", "dump-all", "", false},
	{"x", "excluded-value", "excluded-value", true},
	{"p", "with-prefix", "", false},
	{"f", "filter", "filter", false},
	{"", "main-line-format", "main-line-format", false},
	{"", "additional-value-format", "additional-value-format", false},
	{"s", "substitute", "", false},
	{"c", "context-key", "context-key", false},
	{"F", "placeholder-format", "placeholder-format", false},
	{"h", "help", "", false},
	{"V", "version", "", false},
}

// options maps long option names to the values given for them.
type options map[string][]string

var (
	errHelp    = errors.New("help requested")
	errVersion = errors.New("version requested")
)

// usageError is a mistake on the command line.
type usageError struct {
	message   string
	showUsage bool
}

func (e usageError) Error() string { return e.message }

func (o options) has(name string) bool { return len(o[name]) > 0 }

func (o options) get(name, fallback string) string {
	if o.has(name) {
		return o[name][0]
	}
	return fallback
}

func findOption(match func(option) bool) *option {
	for i := range optionTable {
		if match(optionTable[i]) {
			return &optionTable[i]
		}
	}
	return nil
}

// parseOptions reads the arguments; the input file is kept under the name "input".
func parseOptions(args []string) (options, error) {
	parsed := options{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		var err error
		switch {
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			if parsed.has("input") {
				return nil, usageError{fmt.Sprintf("unexpected argument '%s' found", arg), true}
			}
			parsed["input"] = []string{arg}
		case strings.HasPrefix(arg, "--"):
			name, value, attached := strings.Cut(arg[2:], "=")
			opt := findOption(func(o option) bool { return o.long == name })
			args, err = parsed.add(opt, "--"+name, value, attached, args)
		default:
			for rest := arg[1:]; rest != "" && err == nil; {
				short := rest[:1]
				rest = rest[1:]
				opt := findOption(func(o option) bool { return o.short == short })
				attached := opt != nil && opt.valueName != "" && rest != ""
				value := strings.TrimPrefix(rest, "=")
				if attached {
					rest = ""
				}
				args, err = parsed.add(opt, "-"+short, value, attached, args)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return parsed, nil
}

// add records one option and returns the arguments that are left.
func (o options) add(opt *option, shown, value string, attached bool, args []string) ([]string, error) {
	if opt == nil {
		message := fmt.Sprintf("unexpected argument '%s' found\n\n  tip: to pass '%s' as a value, use '-- %s'", shown, shown, shown)
		return nil, usageError{message, true}
	}
	switch opt.long {
	case "help":
		return nil, errHelp
	case "version":
		return nil, errVersion
	}
	title := "--" + opt.long
	if opt.valueName != "" {
		title += " <" + opt.valueName + ">"
		if !attached {
			if len(args) == 0 || (len(args[0]) > 1 && args[0][0] == '-') {
				return nil, usageError{fmt.Sprintf("a value is required for '%s' but none was supplied", title), false}
			}
			value, args = args[0], args[1:]
		}
	}
	if opt.long == "map-level" && !strings.Contains(value, "=") {
		return nil, usageError{fmt.Sprintf("invalid value '%s' for '%s': missing '='", value, title), false}
	}
	if !opt.multiple && o.has(opt.long) {
		return nil, usageError{fmt.Sprintf("the argument '%s' cannot be used multiple times", title), true}
	}
	o[opt.long] = append(o[opt.long], value)
	return args, nil
}

// config holds the settings of the configuration files; a plain string is a list of one.
type config struct {
	lists    map[string][]string
	levelMap map[string]string
}

// loadConfig reads the built-in defaults and then the user's file.
func loadConfig(path string) (*config, error) {
	c := &config{map[string][]string{}, map[string]string{}}
	if err := c.add(defaultConfig); err != nil {
		return nil, err
	}
	required := path != ""
	if !required {
		dir, err := os.UserConfigDir()
		if err != nil {
			return c, nil
		}
		path = filepath.Join(dir, "fblog.toml")
	}
	text, err := os.ReadFile(path)
	if err != nil && required {
		return nil, errors.New("could not load config file")
	}
	return c, c.add(string(text))
}

// add understands the TOML subset of key = "text", key = ["list"] and the table level_map.
func (c *config) add(text string) error {
	table := ""
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] == '[':
			table = line
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key = strings.Trim(strings.TrimSpace(key), `"`)
		var single string
		var list []string
		switch {
		case json.Unmarshal([]byte(value), &single) == nil && table == "[level_map]":
			c.levelMap[key] = single
		case json.Unmarshal([]byte(value), &single) == nil && table == "":
			c.lists[key] = []string{single}
		case json.Unmarshal([]byte(value), &list) == nil:
			c.lists[key] = list
		case !json.Valid([]byte(value)) || c.lists[key] != nil:
			return fmt.Errorf("could not parse config file: invalid line: %s", line)
		}
	}
	return nil
}
