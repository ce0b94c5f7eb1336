package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"
)

func paint(code, text string) string { return "\x1b[" + code + "m" + text + "\x1b[0m" }

// helperError is a failure of a helper, as opposed to one of text/template.
type helperError struct{ message string }

func (e helperError) Error() string { return e.message }

// helper is a function that templates can call.
type helper func(args ...any) (any, error)

// params checks the arguments of a helper; kinds are 's' for strings and 'n' for sizes.
func params(name, kinds string, names []string, args []any) (texts []string, sizes []int, err error) {
	for i, kind := range kinds {
		context := fmt.Sprintf("Helper/Decorator %s param with name %s ", name, names[i])
		if i >= len(args) {
			return nil, nil, helperError{context + "required but not found"}
		}
		if text, ok := args[i].(string); ok && kind == 's' {
			texts = append(texts, text)
		} else if size, err := strconv.Atoi(toText(args[i])); err == nil && kind == 'n' {
			sizes = append(sizes, size)
		} else {
			return nil, nil, helperError{context + "type mismatch for " + map[rune]string{'s': "str", 'n': "u64"}[kind]}
		}
	}
	return texts, sizes, nil
}

func textHelper(name, param string, convert func(string) string) helper {
	return func(args ...any) (any, error) {
		texts, _, err := params(name, "s", []string{param}, args)
		if err != nil {
			return nil, err
		}
		return convert(texts[0]), nil
	}
}

func sizeHelper(name string, convert func(int, string) string) helper {
	return func(args ...any) (any, error) {
		texts, sizes, err := params(name, "ns", []string{"isize", "t"}, args)
		if err != nil {
			return nil, err
		}
		return convert(sizes[0], texts[0]), nil
	}
}

// pad fills up on the left; like the original it counts bytes.
func pad(size int, text string) string {
	return fmt.Sprintf("%s%s", strings.Repeat(" ", max(0, size-len(text))), text)
}

func truncate(size int, text string) string {
	if utf8.RuneCountInString(text) > size {
		text = string([]rune(text)[:size])
	}
	return pad(size, text)
}

func styleLevel(level string) string {
	codes := map[string]string{"trace": "1;36", "debug": "1;34", "info": "1;32", "warn": "1;33", "error": "1;31"}
	if code, ok := codes[strings.ToLower(strings.TrimSpace(level))]; ok {
		return paint(code, level)
	}
	return paint("1;35", level)
}

var helpers = map[string]helper{
	"uppercase":   textHelper("uppercase", "t", strings.ToUpper),
	"level_style": textHelper("level_style", "level", styleLevel),
	"fixed_size":  sizeHelper("fixed_size", truncate),
	"min_size":    sizeHelper("min_size", pad),
	"color_rgb": func(args ...any) (any, error) {
		texts, rgb, err := params("color_rgb", "nnns", []string{"r", "g", "b", "t"}, args)
		if err != nil {
			return nil, err
		}
		return paint(fmt.Sprintf("38;2;%d;%d;%d", rgb[0], rgb[1], rgb[2]), texts[0]), nil
	},
}

func init() {
	colors := map[string]string{"bold": "1", "red": "31", "green": "32", "yellow": "33", "blue": "34", "purple": "35", "cyan": "36"}
	for name, code := range colors {
		helpers[name] = textHelper(name, "t", func(text string) string { return paint(code, text) })
	}
}

func toText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case object:
		return "[object]"
	case []any:
		texts := make([]string, len(v))
		for i, item := range v {
			texts[i] = toText(item)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	default:
		return fmt.Sprint(v)
	}
}

func truthy(value any) bool {
	if number, ok := value.(json.Number); ok {
		f, err := number.Float64()
		return err != nil || f != 0
	}
	truth, _ := template.IsTrue(value)
	return truth
}

// lookup follows a path such as a.b.[1].
func lookup(data object, path string) any {
	var value any = data
	for _, key := range strings.Split(path, ".") {
		value, _ = child(value, strings.Trim(key, "[]"))
	}
	return value
}

var (
	tagPattern   = regexp.MustCompile(`(?s)\{\{\{?\s*(.*?)\s*\}?\}\}`)
	tokenPattern = regexp.MustCompile(`"[^"]*"|[()]|[^\s()"]+`)
)

// format is a Handlebars template, translated to one of text/template.
type format struct{ compiled *template.Template }

func compile(name, source string) (*format, error) {
	var out strings.Builder
	end := 0
	for _, match := range tagPattern.FindAllStringSubmatchIndex(source, -1) {
		out.WriteString(source[end:match[0]])
		end = match[1]
		out.WriteString(translateTag(source[match[2]:match[3]]))
	}
	out.WriteString(source[end:])
	functions := template.FuncMap{"get": lookup, "text": toText, "truthy": truthy, "unknown": func(name string, _ ...any) (any, error) {
		return nil, helperError{"Helper not found " + name}
	}}
	for name, function := range helpers {
		functions[name] = (func(...any) (any, error))(function)
	}
	compiled, err := template.New(name).Funcs(functions).Parse(out.String())
	if err != nil {
		return nil, fmt.Errorf("template invalid: %w", err)
	}
	return &format{compiled}, nil
}

func translateTag(tag string) string {
	condition, isIf := strings.CutPrefix(tag, "#if ")
	negated, isUnless := strings.CutPrefix(tag, "#unless ")
	chained, isChained := strings.CutPrefix(tag, "else if ")
	switch {
	case isIf:
		return "{{if truthy (" + translate(condition) + ")}}"
	case isUnless:
		return "{{if not (truthy (" + translate(negated) + "))}}"
	case isChained:
		return "{{else if truthy (" + translate(chained) + ")}}"
	case tag == "else":
		return "{{else}}"
	case strings.HasPrefix(tag, "/"):
		return "{{end}}"
	case strings.HasPrefix(tag, "!"):
		return ""
	default:
		return "{{text (" + translate(tag) + ")}}"
	}
}

// translate rewrites helper calls and paths of one expression.
func translate(expression string) string {
	var out []string
	tokens := tokenPattern.FindAllString(expression, -1)
	for i, token := range tokens {
		isHead := i == 0 || tokens[i-1] == "("
		hasParams := i+1 < len(tokens) && tokens[i+1] != ")"
		_, notNumber := strconv.Atoi(token)
		switch {
		case token == "(" || token == ")" || token[0] == '"' || notNumber == nil:
			out = append(out, token)
		case isHead && helpers[token] != nil:
			out = append(out, token)
		case isHead && hasParams:
			out = append(out, fmt.Sprintf("unknown %q", token))
		default:
			out = append(out, fmt.Sprintf("(get $ %q)", token))
		}
	}
	return strings.Join(out, " ")
}

func (f *format) render(data object) (string, error) {
	var out strings.Builder
	err := f.compiled.Execute(&out, data)
	var failure helperError
	if errors.As(err, &failure) {
		err = fmt.Errorf("Error rendering %q line 1, col 1: %s", f.compiled.Name(), failure)
	}
	return out.String(), err
}
