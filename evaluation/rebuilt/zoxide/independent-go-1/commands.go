package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

// compileGlob translates a glob, whose `*` also crosses slashes, to a regexp.
func compileGlob(glob string) (*regexp.Regexp, error) {
	var b strings.Builder
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; c {
		case '*':
			b.WriteString(".*")
		case '?':
			b.WriteByte('.')
		case '[':
			length := strings.IndexByte(glob[i:], ']')
			if length < 0 {
				return nil, fmt.Errorf("Pattern syntax error near position %d: invalid range pattern", i)
			}
			set := strings.ReplaceAll(glob[i+1:i+length], `\`, `\\`)
			if strings.HasPrefix(set, "!") {
				set = "^" + set[1:]
			}
			b.WriteString("[" + set + "]")
			i += length
		default:
			b.WriteString(regexp.QuoteMeta(string([]byte{c})))
		}
	}
	return regexp.Compile("(?s)^" + b.String() + "$")
}

func excludedDirs() ([]*regexp.Regexp, error) {
	list, given := os.LookupEnv("_ZO_EXCLUDE_DIRS")
	if !given {
		return []*regexp.Regexp{regexp.MustCompile("^" + regexp.QuoteMeta(os.Getenv("HOME")) + "$")}, nil
	}
	var globs []*regexp.Regexp
	for _, glob := range filepath.SplitList(list) {
		re, err := compileGlob(glob)
		if err != nil {
			return nil, describe(err, "invalid glob in _ZO_EXCLUDE_DIRS: %s", glob)
		}
		globs = append(globs, re)
	}
	return globs, nil
}

func maxAge() (float64, error) {
	text, given := os.LookupEnv("_ZO_MAXAGE")
	if !given {
		return 10000, nil
	}
	n, err := parseWhole(text, 32)
	return float64(n), describe(err, "unable to parse _ZO_MAXAGE as integer: %s", text)
}

func storedPath(given string) (string, error) {
	path, err := filepath.Abs(given)
	if err == nil && os.Getenv("_ZO_RESOLVE_SYMLINKS") == "1" {
		path, err = filepath.EvalSymlinks(path)
	}
	return path, describe(err, "could not resolve path: %s", given)
}

func runAdd(in *invocation) error {
	by := 1.0
	if text, given := in.values["score"]; given {
		by, _ = parseFloat(text) // checked with the command line
	}
	excluded, err := excludedDirs()
	if err != nil {
		return err
	}
	limit, err := maxAge()
	if err != nil {
		return err
	}
	s, err := openStore()
	if err != nil {
		return err
	}
	changed := false
	for _, given := range in.operands {
		path, err := storedPath(given)
		if err != nil {
			return err
		}
		if unwanted(path, excluded) {
			continue
		}
		if !isDir(path) {
			return fmt.Errorf("not a directory: %s", path)
		}
		s.bump(path, by, unixNow())
		changed = true
	}
	if !changed {
		return nil
	}
	s.shrink(limit)
	return s.save()
}

func unwanted(path string, excluded []*regexp.Regexp) bool {
	for _, re := range excluded {
		if re.MatchString(path) {
			return true
		}
	}
	return strings.ContainsAny(path, "\r\n")
}

func runRemove(in *invocation) error {
	s, err := openStore()
	if err != nil || len(in.operands) == 0 {
		return err
	}
	for _, given := range in.operands {
		i := s.index(given)
		if i < 0 {
			path, err := filepath.Abs(given)
			if err != nil {
				return err
			}
			i = s.index(path)
		}
		if i < 0 {
			return fmt.Errorf("path not found in database: %s", given)
		}
		s.drop(i)
	}
	return s.save()
}

func runImport(in *invocation) error {
	file := in.operands[0]
	data, err := os.ReadFile(file)
	if err != nil {
		return describe(errors.Unwrap(err), "could not open database for importing: %s", file)
	}
	s, err := openStore()
	if err != nil {
		return err
	}
	if len(s.entries) > 0 && !in.has("merge") {
		return errors.New("current database is not empty, specify --merge to continue anyway")
	}
	read := readAutojump
	if in.values["from"] == "z" {
		read = readZ
	}
	for _, line := range strings.Split(string(data), "\n") {
		if line == "" {
			continue
		}
		e, err := read(line)
		if err != nil {
			return describe(err, "import error")
		}
		s.entries = append(s.entries, e)
	}
	s.mergeDuplicates()
	return s.save()
}

func readRank(text string) (float64, error) {
	rank, err := parseFloat(text)
	return rank, describe(err, "invalid rank: %s", text)
}

// readZ reads `path|rank|time`; the path itself may contain bars.
func readZ(line string) (e entry, err error) {
	last := strings.LastIndexByte(line, '|')
	if e.accessed, err = parseWhole(line[last+1:], 64); err != nil {
		return e, describe(err, "invalid epoch: %s", line[last+1:])
	}
	middle := strings.LastIndexByte(line[:max(last, 0)], '|')
	if middle < 0 {
		return e, fmt.Errorf("invalid entry: %s", line)
	}
	e.path = line[:middle]
	e.rank, err = readRank(line[middle+1 : last])
	return e, err
}

// readAutojump squeezes weights, which grow without bound, into 0..1.
func readAutojump(line string) (entry, error) {
	weight, path, ok := strings.Cut(line, "\t")
	if !ok {
		return entry{}, fmt.Errorf("invalid entry: %s", line)
	}
	rank, err := readRank(weight)
	return entry{path: path, rank: 1 / (1 + math.Exp(-rank))}, err
}

// shellSettings fills the templates of the start-up code.
type shellSettings struct {
	Cmd, Pwd, Echo, hook string
	noCmd                bool
}

// Is answers the conditions that occur in the templates.
func (s shellSettings) Is(condition string) bool {
	switch condition {
	case "cmd":
		return !s.noCmd
	case "hook":
		return s.hook != "none"
	}
	return s.hook == condition
}

// A line that holds nothing but an action leaves no trace.
var actionLine = regexp.MustCompile(`(?m)^(\{\{(?:if|else|end).*\}\})\n`)

func runInit(in *invocation) error {
	text, err := assets.ReadFile("templates/" + in.operands[0] + ".sh")
	if err != nil {
		return fmt.Errorf("no start-up code available for %s", in.operands[0])
	}
	settings := shellSettings{Cmd: "z", Pwd: "-L", hook: "pwd", noCmd: in.has("no-cmd")}
	if cmd, given := in.values["cmd"]; given {
		settings.Cmd = cmd
	}
	if hook, given := in.values["hook"]; given {
		settings.hook = hook
	}
	if os.Getenv("_ZO_RESOLVE_SYMLINKS") == "1" {
		settings.Pwd = "-P"
	}
	if os.Getenv("_ZO_ECHO") == "1" {
		settings.Echo = " && __zoxide_pwd"
	}
	tmpl := template.Must(template.New("init").Parse(actionLine.ReplaceAllString(string(text), "$1")))
	return tmpl.Execute(os.Stdout, settings)
}
