package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// The filter language is the part of Lua's expressions that compares fields. Its values are nil,
// bool, float64, string, map[string]any and []any.

// expr evaluates an expression with the fields of an entry as variables.
type expr func(vars object) (any, error)

var luaToken = regexp.MustCompile(`"[^"]*"?|'[^']*'?|[A-Za-z_]\w*|-?\d[\w.]*|==|~=|<=|>=|[^\s]`)

type filterParser struct {
	tokens []string
	pos    int
}

// parseFilter parses "return <source>;".
func parseFilter(source string) (expr, error) {
	p := &filterParser{tokens: append(luaToken.FindAllString(source, -1), ";")}
	if p.peek() == ";" {
		return func(object) (any, error) { return nil, nil }, nil
	}
	condition, err := p.binary(1)
	if err == nil {
		err = p.expect(";", "<eof>")
	}
	return condition, err
}

func (p *filterParser) peek() string {
	if p.pos < len(p.tokens) {
		return p.tokens[p.pos]
	}
	return ""
}

func (p *filterParser) accept(token string) bool {
	if p.peek() != token {
		return false
	}
	p.pos++
	return true
}

func (p *filterParser) fail(problem string) error {
	return fmt.Errorf(`SyntaxError { message: "src/filter.rs:23:1: %s near '%s'", incomplete_input: false }`, problem, p.peek())
}

func (p *filterParser) expect(token, shown string) error {
	if !p.accept(token) {
		return p.fail(shown + " expected")
	}
	return nil
}

var precedences = map[string]int{"or": 1, "and": 2, "==": 3, "~=": 3, "<": 3, ">": 3, "<=": 3, ">=": 3}

func (p *filterParser) binary(minimum int) (expr, error) {
	left, err := p.suffixed()
	for err == nil {
		op := p.peek()
		precedence := precedences[op]
		if precedence < minimum {
			break
		}
		p.pos++
		var right expr
		right, err = p.binary(precedence + 1)
		left = combine(op, left, right)
	}
	return left, err
}

func combine(op string, left, right expr) expr {
	return func(vars object) (any, error) {
		a, err := left(vars)
		if err != nil || (op == "and" && !luaTrue(a)) || (op == "or" && luaTrue(a)) {
			return a, err
		}
		b, err := right(vars)
		if err != nil || op == "and" || op == "or" {
			return b, err
		}
		return compare(op, a, b)
	}
}

func compare(op string, a, b any) (any, error) {
	switch op {
	case ">":
		return compare("<", b, a)
	case ">=":
		return compare("<=", b, a)
	case "==", "~=":
		return luaEqual(a, b) == (op == "=="), nil
	}
	var order int
	x, bothNumbers := a.(float64)
	y, ok := b.(float64)
	s, bothStrings := a.(string)
	t, ok2 := b.(string)
	switch {
	case bothNumbers && ok:
		order = map[bool]int{true: -1, false: 1}[x < y]
		if x == y {
			order = 0
		}
	case bothStrings && ok2:
		order = strings.Compare(s, t)
	default:
		event := map[string]string{"<": "lt", "<=": "le"}[op]
		return nil, runtimeError(fmt.Sprintf("attempt to compare %s with %s", luaType(a), luaType(b)), "metamethod '"+event+"'")
	}
	return order < 0 || (op == "<=" && order == 0), nil
}

// luaEqual compares scalars; tables are never equal.
func luaEqual(a, b any) bool {
	if luaType(a) == "table" || luaType(b) == "table" {
		return false
	}
	return a == b
}

func runtimeError(message, event string) error {
	chunk := "src/filter.rs:23:1:"
	return fmt.Errorf(`RuntimeError("%s %s\nstack traceback:\n\t[C]: in %s\n\t%s in main chunk")`, chunk, message, event, chunk)
}

func (p *filterParser) suffixed() (expr, error) {
	if p.accept("not") {
		operand, err := p.binary(4)
		return func(vars object) (any, error) {
			value, err := operand(vars)
			return !luaTrue(value), err
		}, err
	}
	name := p.peek()
	target, err := p.primary()
	for origin := "global"; err == nil; {
		var key expr
		keyName := ""
		if p.accept(".") {
			keyName = p.peek()
			p.pos++
			key = constant(keyName)
		} else if p.accept("[") {
			if key, err = p.binary(1); err == nil {
				err = p.expect("]", "']'")
			}
		} else {
			break
		}
		target = index(target, key, fmt.Sprintf("%s '%s'", origin, name))
		origin, name = "field", keyName
	}
	return target, err
}

func constant(value any) expr { return func(object) (any, error) { return value, nil } }

func index(target, key expr, origin string) expr {
	return func(vars object) (any, error) {
		container, err := target(vars)
		if err != nil {
			return nil, err
		}
		k, err := key(vars)
		if err != nil {
			return nil, err
		}
		switch c := container.(type) {
		case object:
			name, _ := k.(string)
			return c[name], nil
		case []any:
			if n, ok := k.(float64); ok && n >= 1 && int(n) <= len(c) {
				return c[int(n)-1], nil
			}
		case string:
		default:
			return nil, runtimeError(fmt.Sprintf("attempt to index a %s value (%s)", luaType(container), origin), "metamethod 'index'")
		}
		return nil, nil
	}
}

func (p *filterParser) primary() (expr, error) {
	token := p.peek()
	isName := regexp.MustCompile(`^[A-Za-z_]`).MatchString(token)
	number, notNumber := strconv.ParseFloat(token, 64)
	quoted := len(token) > 1 && (token[0] == '"' || token[0] == '\'')
	if token == "end" || token == "and" || token == "or" || token == "return" || !(isName || quoted || notNumber == nil || token == "(") {
		return nil, p.fail("unexpected symbol")
	}
	p.pos++
	switch {
	case token == "(":
		inner, err := p.binary(1)
		if err == nil {
			err = p.expect(")", "')'")
		}
		return inner, err
	case token == "nil":
		return constant(nil), nil
	case token == "true" || token == "false":
		return constant(token == "true"), nil
	case token == "string" && p.accept("."):
		return p.find()
	case isName:
		return func(vars object) (any, error) { return vars[token], nil }, nil
	case quoted:
		return constant(token[1 : len(token)-1]), nil
	default:
		return constant(number), nil
	}
}

// find parses the rest of string.find(text, pattern).
func (p *filterParser) find() (expr, error) {
	var args [2]expr
	for i, token := range []string{"find", "(", "text", ",", "pattern", ")"} {
		var err error
		if i == 2 || i == 4 {
			args[i/2-1], err = p.binary(1)
		} else {
			err = p.expect(token, "'"+token+"'")
		}
		if err != nil {
			return nil, err
		}
	}
	return func(vars object) (any, error) {
		var texts [2]string
		for i, arg := range args {
			value, err := arg(vars)
			text, ok := value.(string)
			if err == nil && !ok {
				message := fmt.Sprintf("bad argument #%d to 'find' (string expected, got %s)", i+1, luaType(value))
				err = runtimeError(message, `?\n\t[C]: in function 'string.find'`)
			}
			if err != nil {
				return nil, err
			}
			texts[i] = text
		}
		pattern, err := regexp.Compile(luaPattern(texts[1]))
		if err != nil {
			return nil, err
		}
		if found := pattern.FindStringIndex(texts[0]); found != nil {
			return float64(found[0] + 1), nil
		}
		return nil, nil
	}, nil
}

// luaPattern translates a Lua pattern to a regular expression.
func luaPattern(pattern string) string {
	classes := map[byte]string{'a': "[[:alpha:]]", 'd': `\d`, 'w': "[[:alnum:]]", 's': `\s`, 'l': "[[:lower:]]", 'u': "[[:upper:]]", 'p': "[[:punct:]]"}
	var out strings.Builder
	out.WriteString("(?s)")
	inSet := false
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch {
		case c == '%' && i+1 < len(pattern):
			i++
			class, ok := classes[pattern[i]]
			if !ok {
				class = regexp.QuoteMeta(pattern[i : i+1])
			} else if inSet {
				class = strings.TrimSuffix(strings.TrimPrefix(class, "["), "]")
			}
			out.WriteString(class)
		case c == '-' && !inSet:
			out.WriteString("*?")
		case strings.IndexByte(`\{}|`, c) >= 0:
			out.WriteString(`\` + string(c))
		default:
			inSet = (inSet || c == '[') && c != ']'
			out.WriteByte(c)
		}
	}
	return out.String()
}

func luaTrue(value any) bool { return value != nil && value != false }

func luaType(value any) string {
	switch value.(type) {
	case nil:
		return "nil"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	default:
		return "table"
	}
}

var notLetter = regexp.MustCompile("[^A-Za-z_]")

// toLua converts a JSON value and also returns its Lua source. Null and what is nested in arrays
// is not supported.
func toLua(value any, inArray bool) (any, string) {
	switch v := value.(type) {
	case bool:
		return v, strconv.FormatBool(v)
	case json.Number:
		number, _ := v.Float64()
		return number, string(v)
	case string:
		return v, strings.ReplaceAll(strconv.Quote(v), "'", `\'`)
	case []any:
		if !inArray {
			items, sources := make([]any, len(v)), make([]string, len(v))
			for i := range v {
				items[i], sources[i] = toLua(v[i], true)
			}
			return items, "{" + strings.Join(sources, ",") + "}"
		}
	case object:
		if !inArray {
			vars, sources := luaVariables(v)
			return vars, "{" + strings.Join(sources, ",") + "}"
		}
	}
	return "unsupported", `"unsupported"`
}

// luaVariables converts the fields of an object; their names get _ for every other character than letters.
func luaVariables(fields object) (object, []string) {
	vars, sources := object{}, []string{}
	keys := sortedKeys(fields)
	sort.Strings(keys)
	for _, key := range keys {
		name := notLetter.ReplaceAllString(key, "_")
		value, source := toLua(fields[key], false)
		vars[name] = value
		sources = append(sources, name+" = "+source)
	}
	return vars, sources
}
