package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// object is a decoded JSON object; its numbers are json.Number in canonical form.
type object = map[string]any

// parseObject decodes a line that consists of exactly one JSON object.
func parseObject(text string) (object, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var entry object
	if err := decoder.Decode(&entry); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF || entry == nil {
		return nil, errors.New("not a single object")
	}
	return entry, canonical(entry)
}

// canonical rewrites the numbers within a container to their shortest form.
func canonical(value any) (err error) {
	fix := func(item any) any {
		number, isNumber := item.(json.Number)
		if !isNumber {
			err = errors.Join(err, canonical(item))
			return item
		}
		text, e := canonicalNumber(string(number))
		err = errors.Join(err, e)
		return json.Number(text)
	}
	switch v := value.(type) {
	case object:
		for key, item := range v {
			v[key] = fix(item)
		}
	case []any:
		for i, item := range v {
			v[i] = fix(item)
		}
	}
	return err
}

func canonicalNumber(text string) (string, error) {
	if _, err := strconv.ParseInt(text, 10, 64); err == nil && text != "-0" {
		return text, nil
	}
	if _, err := strconv.ParseUint(text, 10, 64); err == nil {
		return text, nil
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "", err
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(value, 'e', -1, 64), "e")
	power, _ := strconv.Atoi(exponent)
	if power < -5 || power > 15 {
		return fmt.Sprintf("%se%+d", digits, power), nil
	}
	plain := strconv.FormatFloat(value, 'f', -1, 64)
	if !strings.Contains(plain, ".") {
		plain += ".0"
	}
	return plain, nil
}

// field is a value within an entry, e.g. the one at "a > b[0]".
type field struct{ path, text string }

func sortedKeys(o object) []string {
	keys := make([]string, 0, len(o))
	for key := range o {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// flatten lists the values of an entry. Items of arrays within arrays count from one.
func flatten(entry object) (fields []field) {
	var walk func(path string, value any, isItem bool)
	walk = func(path string, value any, isItem bool) {
		switch v := value.(type) {
		case nil:
			if isItem {
				fields = append(fields, field{path, "null"})
			}
		case string:
			if isItem {
				v = quoteJSON(v)
			}
			fields = append(fields, field{path, v})
		case []any:
			for i, item := range v {
				if isItem {
					i++
				}
				walk(fmt.Sprintf("%s[%d]", path, i), item, true)
			}
		case object:
			for _, key := range sortedKeys(v) {
				walk(path+" > "+key, v[key], false)
			}
		default:
			fields = append(fields, field{path, fmt.Sprint(v)})
		}
	}
	for _, key := range sortedKeys(entry) {
		walk(key, entry[key], false)
	}
	return fields
}

func quoteJSON(text string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(text) != nil {
		return text
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// readableTime turns Unix times into ISO 8601 and leaves other texts alone. A time is taken for seconds
// or for milliseconds, whichever lies closer to the present.
func readableTime(text string) string {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil || number >= 8210266876800000 || number <= -8210266876800000 {
		return text
	}
	distance := func(millis int64) int64 { return max(millis-time.Now().UnixMilli(), time.Now().UnixMilli()-millis) }
	if distance(number*1000) < distance(number) {
		number *= 1000
	}
	formatted := time.UnixMilli(number).UTC().Format("2006-01-02T15:04:05.000Z")
	if time.UnixMilli(number).UTC().Year() > 9999 {
		return "+" + formatted
	}
	return formatted
}

// substitution replaces placeholders in messages by values of a context field.
type substitution struct {
	contextKey     string
	prefix, suffix string
	pattern        *regexp.Regexp
}

func newSubstitution(contextKey, format string) (*substitution, error) {
	prefix, suffix, found := strings.Cut(format, "key")
	if !found {
		return nil, errors.New("invalid placeholder format: the identifier `key` is missing")
	}
	pattern := regexp.MustCompile(regexp.QuoteMeta(prefix) + "([A-Za-z0-9_|-]+)" + regexp.QuoteMeta(suffix))
	return &substitution{contextKey, prefix, suffix, pattern}, nil
}

func (s *substitution) apply(message string, entry object) string {
	context, found := entry[s.contextKey]
	if !found {
		return message
	}
	return s.pattern.ReplaceAllStringFunc(message, func(match string) string {
		key := s.pattern.FindStringSubmatch(match)[1]
		if value, ok := child(context, key); ok {
			return colorize(value)
		}
		return paint("2", s.prefix) + paint("1;31", key) + paint("2", s.suffix)
	})
}

// child looks up a key of an object or an index of an array.
func child(container any, key string) (any, bool) {
	switch c := container.(type) {
	case object:
		value, ok := c[key]
		return value, ok
	case []any:
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(c) {
			return c[i], true
		}
	}
	return nil, false
}

func colorize(value any) string {
	list := func(open string, items []string, end string) string {
		return paint("2", open) + strings.Join(items, paint("2", ", ")) + paint("2", end)
	}
	var items []string
	switch v := value.(type) {
	case nil:
		return paint("1", "null")
	case bool:
		if v {
			return paint("1;32", "true")
		}
		return paint("1;31", "false")
	case string:
		return paint("1;33", v)
	case []any:
		for _, item := range v {
			items = append(items, colorize(item))
		}
		return list("[", items, "]")
	case object:
		for _, key := range sortedKeys(v) {
			items = append(items, paint("35", key)+paint("2", ": ")+colorize(v[key]))
		}
		return list("{", items, "}")
	default:
		return paint("1;36", fmt.Sprint(v))
	}
}
