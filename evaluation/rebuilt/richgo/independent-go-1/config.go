package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const defaultPreferences = `
labelType: long
buildStyle: {bold: true, foreground: yellow}
startStyle: {foreground: lightBlack}
passStyle: {foreground: green}
failStyle: {bold: true, foreground: red}
skipStyle: {foreground: lightBlack}
passPackageStyle: {foreground: green, hide: true}
failPackageStyle: {bold: true, foreground: red, hide: true}
coverThreshold: 50
coveredStyle: {foreground: green}
uncoveredStyle: {bold: true, foreground: yellow}
fileStyle: {foreground: cyan}
lineStyle: {foreground: magenta}
`

var attributes = []struct{ name, code string }{
	{"bold", "1"}, {"faint", "2"}, {"italic", "3"}, {"underline", "4"},
	{"blinkSlow", "5"}, {"blinkRapid", "6"}, {"inverse", "7"}, {"conceal", "8"},
	{"crossOut", "9"}, {"frame", "51"}, {"encircle", "52"}, {"overline", "53"},
}

var colorNames = []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}

var (
	hexColor = regexp.MustCompile(`^#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})$`)
	rgbColor = regexp.MustCompile(`^rgb\(\s*(\w+)\s*,\s*(\w+)\s*,\s*(\w+)\s*\)$`)
	errColor = errors.New("invalid format")
)

type style struct {
	hide       bool
	flags      map[string]bool
	foreground string // color codes, without the escape
	background string
}

func (s style) prefix() string {
	var b strings.Builder
	for _, code := range []string{s.background, s.foreground} {
		if code != "" {
			b.WriteString("\x1b[" + code + "m")
		}
	}
	for _, a := range attributes {
		if s.flags[a.name] {
			b.WriteString("\x1b[" + a.code + "m")
		}
	}
	return b.String()
}

func (s style) apply(text string) string {
	if s.hide {
		return ""
	}
	if p := s.prefix(); p != "" {
		return p + text + "\x1b[0m"
	}
	return text
}

func colorCode(text string, base int) (string, error) {
	extended := strconv.Itoa(base + 8)
	if text == "" || text == "default" {
		return "", nil
	}
	for i, name := range colorNames {
		if text == name {
			return strconv.Itoa(base + i), nil
		}
		if text == "light"+strings.ToUpper(name[:1])+name[1:] {
			return strconv.Itoa(base + 60 + i), nil
		}
	}
	if n, err := strconv.ParseUint(text, 10, 8); err == nil {
		return fmt.Sprintf("%s;5;%d", extended, n), nil
	}
	m, prefix := hexColor.FindStringSubmatch(text), "0x"
	if m == nil {
		m, prefix = rgbColor.FindStringSubmatch(text), ""
	}
	if m == nil {
		return "", errColor
	}
	code := extended + ";2"
	for _, part := range m[1:] {
		n, err := strconv.ParseUint(prefix+part, 0, 8)
		if err != nil {
			return "", errColor
		}
		code += fmt.Sprintf(";%d", n)
	}
	return code, nil
}

type config struct {
	labelType       string
	coverThreshold  int
	leaveTestPrefix bool
	styles          map[string]*style
	removals        []string
}

func configPaths() []string {
	cwd, _ := os.Getwd()
	dirs := []string{cwd}
	if os.Getenv("RICHGO_LOCAL") != "1" {
		dirs = append(dirs, os.Getenv("GOPATH"), os.Getenv("GOROOT"), os.Getenv("HOME"))
	}
	var paths []string
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		for _, ext := range []string{"", ".yaml", ".yml"} {
			paths = append(paths, filepath.Join(dir, ".richstyle"+ext))
		}
	}
	return paths
}

// loadConfig lays the preference files over the defaults, the first on top.
func loadConfig() *config {
	var layers []string
	for _, path := range configPaths() {
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if err := new(config).read(string(data)); err != nil {
			log.Printf("error unmarshaling yaml from %s :  %s", path, err)
			continue
		}
		layers = append(layers, string(data))
	}
	conf := new(config)
	conf.read(defaultPreferences)
	for i := len(layers) - 1; i >= 0; i-- {
		conf.read(layers[i])
	}
	return conf
}

func (c *config) read(text string) error {
	entries, err := parseYAML(text)
	if err != nil {
		return err
	}
	var problems []string
	for _, e := range entries {
		into := ""
		switch e.section {
		case "labelType":
			c.labelType = e.value
		case "leaveTestPrefix":
			into = e.boolean(&c.leaveTestPrefix)
		case "coverThreshold":
			if c.coverThreshold, err = strconv.Atoi(e.value); err != nil {
				into = "int"
			}
		case "removals":
			c.removals = append(c.removals, e.value)
		default:
			if !strings.HasSuffix(e.section, "Style") {
				continue
			}
			if into, err = c.setStyle(e); err != nil {
				return err
			}
		}
		if into != "" {
			problems = append(problems, fmt.Sprintf("\n  line %d: cannot unmarshal %s into %s", e.line, e.describe(), into))
		}
	}
	if len(problems) > 0 {
		return errors.New("yaml: unmarshal errors:" + strings.Join(problems, ""))
	}
	return nil
}

func (c *config) setStyle(e entry) (into string, err error) {
	if c.styles == nil {
		c.styles = map[string]*style{}
	}
	s := c.styles[e.section]
	if s == nil {
		s = &style{flags: map[string]bool{}}
		c.styles[e.section] = s
	}
	switch e.name {
	case "foreground":
		s.foreground, err = colorCode(e.value, 30)
	case "background":
		s.background, err = colorCode(e.value, 40)
	case "hide":
		into = e.boolean(&s.hide)
	default:
		for _, a := range attributes {
			if a.name == e.name {
				flag := false
				into = e.boolean(&flag)
				s.flags[e.name] = flag
			}
		}
	}
	return into, err
}

// boolean sets target, or answers with the name of the type that was wanted.
func (e entry) boolean(target *bool) string {
	switch strings.ToLower(e.value) {
	case "true", "yes", "on", "y":
		*target = true
	case "false", "no", "off", "n":
		*target = false
	default:
		return "bool"
	}
	return ""
}

func (e entry) describe() string {
	tag := "!!str"
	if _, err := strconv.Atoi(e.value); err == nil && !e.quoted {
		tag = "!!int"
	}
	return tag + " `" + e.value + "`"
}

// entry is one scalar of a preference file; items of a list have no name.
type entry struct {
	section, name, value string
	quoted               bool
	line                 int
}

func yamlError(line int, message string) error {
	return fmt.Errorf("yaml: line %d: %s", line, message)
}

// cutOutsideQuotes splits s at every separator byte that is not in quotes.
func cutOutsideQuotes(s string, separator byte) []string {
	var parts []string
	var quote byte
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote == '"' && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && (i == 0 || strings.IndexByte(" [{,:", s[i-1]) >= 0):
			quote = c
		case c == separator && (c != '#' || i == 0 || s[i-1] == ' ') && (c != ':' || i+1 == len(s) || s[i+1] == ' '):
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[start:])
}

func scalar(e entry, text string) (entry, error) {
	text = strings.TrimSpace(text)
	e.value = text
	if text == "" {
		return e, nil
	}
	e.quoted = text[0] == '"' || text[0] == '\''
	if e.quoted && (len(text) < 2 || text[len(text)-1] != text[0]) {
		return e, yamlError(e.line+1, "found unexpected end of stream")
	}
	var err error
	switch text[0] {
	case '"':
		if e.value, err = strconv.Unquote(text); err != nil {
			return e, yamlError(e.line, "found unknown escape character")
		}
	case '\'':
		e.value = strings.ReplaceAll(text[1:len(text)-1], "''", "'")
	}
	return e, nil
}

func flowEntries(section, text string, line int) ([]entry, error) {
	end := map[byte]byte{'[': ']', '{': '}'}[text[0]]
	inner := strings.TrimSpace(text[1:])
	if inner == "" {
		return nil, yamlError(line, "did not find expected node content")
	}
	if inner[len(inner)-1] != end {
		return nil, yamlError(line, fmt.Sprintf("did not find expected ',' or '%c'", end))
	}
	var entries []entry
	for _, part := range cutOutsideQuotes(inner[:len(inner)-1], ',') {
		e := entry{section: section, line: line}
		if end == '}' {
			pair := cutOutsideQuotes(part, ':')
			e.name = strings.TrimSpace(pair[0])
			part = strings.Join(pair[1:], ":")
		}
		e, err := scalar(e, part)
		if err != nil {
			return nil, err
		}
		if e.value != "" || e.quoted {
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// parseYAML reads the part of YAML that preferences need: two levels of
// mappings, lists of scalars, and one level of flow collections.
func parseYAML(text string) ([]entry, error) {
	var entries []entry
	section := ""
	for i, raw := range strings.Split(text, "\n") {
		line := strings.TrimRight(cutOutsideQuotes(raw, '#')[0], " \t\r")
		body := strings.TrimLeft(line, " ")
		if body == "" || body == "---" {
			continue
		}
		e := entry{section: section, line: i + 1}
		if !strings.HasPrefix(body, "- ") {
			pair := cutOutsideQuotes(body, ':')
			if len(pair) == 1 {
				return nil, yamlError(i+2, "could not find expected ':'")
			}
			e.name = strings.TrimSpace(pair[0])
			body = strings.TrimSpace(strings.Join(pair[1:], ":"))
			if len(line) == len(strings.TrimLeft(line, " ")) {
				section = e.name
				e.section, e.name = section, ""
			}
		}
		body = strings.TrimSpace(strings.TrimPrefix(body, "- "))
		if body != "" && (body[0] == '[' || body[0] == '{') {
			more, err := flowEntries(section, body, i+1)
			if err != nil {
				return nil, err
			}
			entries = append(entries, more...)
			continue
		}
		e, err := scalar(e, body)
		if err != nil {
			return nil, err
		}
		if e.quoted || (e.value != "" && e.value != "~" && e.value != "null") {
			entries = append(entries, e)
		}
	}
	return entries, nil
}
