package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// value is one YAML value: a scalar text or a list of texts.
type value struct {
	line int
	text string
	list []string
}

// record is a flat YAML mapping.
type record map[string]*value

var (
	yamlKey     = regexp.MustCompile(`^([\w-]+):(?:\s+(.*))?$`)
	yamlComment = regexp.MustCompile(`^((?:"[^"]*"|'[^']*'|\S#|[^#"'])*?)(?:(?:^|\s)#.*)?$`)
	yamlInt     = regexp.MustCompile(`^[-+]?\d+$`)
	flowItem    = regexp.MustCompile(`^\s*("[^"]*"|'[^']*'|[^,\]]*)`)
)

// parseYAML reads the YAML subset that config files and front-matter use: a
// mapping of scalars and lists, and at most one list of mappings (items).
func parseYAML(doc string) (top record, items []record, err error) {
	top = record{}
	current, last := top, &value{}
	for i, raw := range strings.Split(doc, "\n") {
		text := strings.TrimSpace(yamlComment.ReplaceAllString(strings.TrimRight(raw, "\r"), "$1"))
		if text == "" || text == "---" {
			continue
		}
		if !strings.HasPrefix(raw, " ") && !strings.HasPrefix(raw, "-") {
			current = top
		}
		if strings.HasPrefix(text, "- ") {
			text = strings.TrimSpace(text[1:])
			if !yamlKey.MatchString(text) {
				last.list = append(last.list, unquote(text))
				continue
			}
			current = record{}
			items = append(items, current)
		}
		key := yamlKey.FindStringSubmatch(text)
		if key == nil {
			return nil, nil, fmt.Errorf("yaml: line %d: cannot make sense of this line", i+1)
		}
		if last, err = parseValue(key[2]); err != nil {
			return nil, nil, fmt.Errorf("yaml: line %d: %w", i+1, err)
		}
		last.line = i + 1
		current[key[1]] = last
	}
	return top, items, nil
}

// parseValue reads a scalar or a one-line list.
func parseValue(s string) (*value, error) {
	v := &value{}
	if !strings.HasPrefix(s, "[") {
		v.text = unquote(s)
		return v, nil
	}
	s = strings.TrimSpace(s[1:])
	if s == "" {
		return nil, errors.New("did not find expected node content")
	}
	for !strings.HasPrefix(s, "]") {
		item := flowItem.FindString(s)
		v.list = append(v.list, unquote(strings.TrimSpace(item)))
		s = strings.TrimSpace(s[len(item):])
		if strings.HasPrefix(s, ",") {
			s = strings.TrimSpace(s[1:])
		} else if !strings.HasPrefix(s, "]") {
			return nil, errors.New("did not find expected ',' or ']'")
		}
	}
	return v, nil
}

// unquote strips one pair of equal quotes.
func unquote(s string) string {
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// at looks up a key; a missing one has an empty value.
func (r record) at(key string) *value {
	if v := r[key]; v != nil {
		return v
	}
	return &value{}
}

// flag and texts read a value as a bool or a list. A value of another type
// is reported in the error.
func (v *value) flag() (bool, error) {
	switch strings.ToLower(v.text) {
	case "true", "yes", "on":
		return true, nil
	case "false", "no", "off", "":
		return false, nil
	}
	return false, v.mismatch("bool")
}

func (v *value) texts() ([]string, error) {
	if v.text != "" {
		return nil, v.mismatch("[]string")
	}
	return v.list, nil
}

func (v *value) mismatch(target string) error {
	kind := "str"
	if yamlInt.MatchString(v.text) {
		kind = "int"
	}
	return fmt.Errorf("yaml: unmarshal errors:\n  line %d: cannot unmarshal !!%s `%s` into %s", v.line, kind, v.text, target)
}
