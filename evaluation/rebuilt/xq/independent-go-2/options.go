package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const helpText = `Command-line XML and HTML beautifier and content extractor

Usage:
  xq [flags]

Flags:
  -a, --attr string      Extract an attribute value instead of node content for provided CSS query
  -c, --color            Force colorful output
      --compact          Compact JSON output (no indentation)
  -d, --depth int        Maximum nesting depth for JSON output (-1 for unlimited) (default -1)
  -e, --extract string   Extract a single node from XML
  -h, --help             Print this help message
  -m, --html             Use HTML formatter
  -i, --in-place         Format file in place
      --indent int       Use the given number of spaces for indentation (default 2)
  -j, --json             Output the result as JSON
      --no-color         Disable colorful output
  -n, --node             Return the node content instead of text
  -q, --query string     Extract the node(s) using CSS selector
      --tab              Use tabs for indentation
  -v, --version          Print version information
  -x, --xpath string     Extract the node(s) from XML
`

var helpRow = regexp.MustCompile(`(?m)^  (?:-(\w), |    )--([\w-]+)(?: (string|int))? .*?(?:\(default (.*)\))?$`)

// optionSet is read from the rows of the help text; values hold valid text.
type optionSet struct {
	kinds, values, labels, longNames map[string]string
	files                            []string
}

func newOptionSet() *optionSet {
	s := &optionSet{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, nil}
	for _, m := range helpRow.FindAllStringSubmatch(helpText, -1) {
		s.kinds[m[2]], s.values[m[2]], s.labels[m[2]] = m[3]+"?", m[4], "--"+m[2]
		if m[1] != "" {
			s.longNames[m[1]], s.labels[m[2]] = m[2], "-"+m[1]+", --"+m[2]
		}
	}
	return s
}

func (s *optionSet) text(name string) string { return s.values[name] }
func (s *optionSet) on(name string) bool     { return s.values[name] == "true" }

// assign validates raw text against the kind of the option and stores it.
func (s *optionSet) assign(name, raw string) (err error) {
	stored := raw
	switch s.kinds[name] {
	case "?":
		var enabled bool
		enabled, err = strconv.ParseBool(raw)
		stored = strconv.FormatBool(enabled)
	case "int?":
		_, err = strconv.ParseInt(raw, 0, 64)
	}
	if err != nil {
		return fmt.Errorf("invalid argument %q for %q flag: %v", raw, s.labels[name], err)
	}
	s.values[name] = stored
	return nil
}

func (s *optionSet) parse(args []string) (err error) {
	for len(args) > 0 && err == nil {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--":
			s.files = append(s.files, args...)
			return nil
		case strings.HasPrefix(arg, "--"):
			name, raw, given := strings.Cut(arg[2:], "=")
			if s.kinds[name] == "" {
				return errors.New("unknown flag: --" + name)
			}
			args, err = s.consume(name, raw, given, args, arg)
		case len(arg) > 1 && arg[0] == '-':
			args, err = s.parseCluster(arg, args)
		default:
			s.files = append(s.files, arg)
		}
	}
	return err
}

// consume takes the value from the flag itself or from the following arguments.
func (s *optionSet) consume(name, raw string, given bool, rest []string, label string) ([]string, error) {
	switch {
	case given:
		return rest, s.assign(name, raw)
	case s.kinds[name] == "?":
		return rest, s.assign(name, "true")
	case len(rest) == 0:
		return nil, errors.New("flag needs an argument: " + label)
	}
	return rest[1:], s.assign(name, rest[0])
}

func (s *optionSet) parseCluster(arg string, rest []string) ([]string, error) {
	for i := 1; i < len(arg); i++ {
		name, tail := s.longNames[arg[i:i+1]], arg[i+1:]
		label := fmt.Sprintf("'%c' in -%s", arg[i], arg[i:])
		if name == "" {
			return nil, errors.New("unknown shorthand flag: " + label)
		}
		if s.kinds[name] != "?" || strings.HasPrefix(tail, "=") {
			return s.consume(name, strings.TrimPrefix(tail, "="), tail != "", rest, label)
		}
		s.values[name] = "true"
	}
	return rest, nil
}
