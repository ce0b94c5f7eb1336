package main

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"math"
	"net/url"
	"os"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

//go:embed prelude.jq
var preludeSource string

// prelude holds the builtins that are written in the language itself.
var prelude = map[string]*function{}

func (f *function) id() string { return fmt.Sprintf("%s/%d", f.name, len(f.params)) }

// native is a builtin from values to a value.
type native func(in any, args []any) (any, error)

func binaryOp(op string, a, b any) (any, error) {
	switch op {
	case "==":
		return compare(a, b) == 0, nil
	case "!=":
		return compare(a, b) != 0, nil
	case "<":
		return compare(a, b) < 0, nil
	case "<=":
		return compare(a, b) <= 0, nil
	case ">":
		return compare(a, b) > 0, nil
	case ">=":
		return compare(a, b) >= 0, nil
	}
	switch x := a.(type) {
	case nil:
		if op == "+" {
			return b, nil
		}
	case float64:
		switch y := b.(type) {
		case float64:
			return arithmetic(op, x, y)
		case string:
			if op == "*" {
				return repeat(y, x), nil
			}
		}
	case string:
		switch y := b.(type) {
		case float64:
			if op == "*" {
				return repeat(x, y), nil
			}
		case string:
			if op == "+" {
				return x + y, nil
			} else if op == "/" {
				return split(x, y), nil
			}
		}
	case []any:
		if y, ok := b.([]any); ok && op == "+" {
			return append(x[:len(x):len(x)], y...), nil
		} else if ok && op == "-" {
			kept := []any{}
			for _, v := range x {
				if !contained(y, v) {
					kept = append(kept, v)
				}
			}
			return kept, nil
		}
	case *object:
		if y, ok := b.(*object); ok && (op == "+" || op == "*") {
			return merge(x, y, op == "*"), nil
		}
	}
	if b == nil && op == "+" {
		return a, nil
	}
	verb := map[string]string{"+": "added", "-": "subtracted", "*": "multiplied", "/": "divided", "%": "divided (remainder)"}[op]
	return nil, failf("%s and %s cannot be %s", describe(a), describe(b), verb)
}

func arithmetic(op string, x, y float64) (any, error) {
	switch op {
	case "+":
		return x + y, nil
	case "-":
		return x - y, nil
	case "*":
		return x * y, nil
	case "/":
		if y == 0 {
			return nil, failf("%s and %s cannot be divided because the divisor is zero", describe(x), describe(y))
		}
		return x / y, nil
	}
	if math.IsNaN(x) || math.IsNaN(y) {
		return math.NaN(), nil
	}
	limit := func(f float64) int64 { return int64(math.Max(math.Min(f, 9.2e18), -9.2e18)) }
	n, d := limit(x), limit(y)
	if d == 0 {
		return nil, failf("%s and %s cannot be divided (remainder) because the divisor is zero", describe(x), describe(y))
	}
	return float64(n % d), nil
}

func repeat(s string, n float64) any {
	if !(n >= 0) {
		return nil
	}
	return strings.Repeat(s, int(n))
}

func split(s, sep string) any {
	if s == "" {
		return []any{}
	}
	return toArray(strings.Split(s, sep))
}

func contained(a []any, v any) bool {
	for _, x := range a {
		if compare(x, v) == 0 {
			return true
		}
	}
	return false
}

func merge(a, b *object, deep bool) *object {
	c := a.clone()
	for _, k := range b.keys {
		old, ok1 := c.vals[k].(*object)
		val, ok2 := b.vals[k].(*object)
		if deep && ok1 && ok2 {
			c.set(k, merge(old, val, true))
		} else {
			c.set(k, b.vals[k])
		}
	}
	return c
}

func toString(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return toJSON(v)
}

var (
	tsvEscapes  = strings.NewReplacer("\t", `\t`, "\n", `\n`, "\r", `\r`, `\`, `\\`)
	htmlEscapes = strings.NewReplacer("&#34;", "&quot;")
)

func applyFormat(name string, v any) (string, error) {
	s := toString(v)
	switch name {
	case "text":
		return s, nil
	case "json":
		return toJSON(v), nil
	case "html":
		return htmlEscapes.Replace(html.EscapeString(s)), nil
	case "uri":
		return strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(s)), nil
	case "urid":
		return url.PathUnescape(s)
	case "base64":
		return base64.StdEncoding.EncodeToString([]byte(s)), nil
	case "base64d":
		trimmed := strings.TrimRight(s, "=")
		if len(trimmed)%4 == 1 && !strings.ContainsAny(trimmed, "@") {
			return "", failf("%s trailing base64 byte found", describe(v))
		}
		b, err := base64.RawStdEncoding.DecodeString(trimmed)
		if err != nil {
			return "", failf("%s is not valid base64 data", describe(v))
		}
		return strings.ToValidUTF8(string(b), "\uFFFD"), nil
	case "csv", "tsv", "sh":
		return formatRow(name, v)
	}
	return "", failf("%s is not a valid format", name)
}

func formatRow(name string, v any) (string, error) {
	row, ok := v.([]any)
	if !ok && name != "sh" {
		return "", failf("%s cannot be %s-formatted, only array", describe(v), name)
	} else if !ok {
		row = []any{v}
	}
	cells := make([]string, len(row))
	for i, x := range row {
		s, isString := x.(string)
		switch {
		case rank(x) > 4 && name == "sh":
			return "", failf("%s can not be escaped for shell", describe(x))
		case rank(x) > 4:
			return "", failf("%s is not valid in a csv row", describe(x))
		case isString && name == "csv":
			cells[i] = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		case isString && name == "tsv":
			cells[i] = tsvEscapes.Replace(s)
		case isString:
			cells[i] = "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
		case x != nil || name == "sh":
			cells[i] = toJSON(x)
		}
	}
	return strings.Join(cells, map[string]string{"csv": ",", "tsv": "\t", "sh": " "}[name]), nil
}

// on makes a native of a function on inputs of one type; others give an error.
func on[T any](message string, f func(T) (any, error)) native {
	return func(in any, _ []any) (any, error) {
		if v, ok := in.(T); ok {
			return f(v)
		}
		return nil, failf("%s", strings.ReplaceAll(message, "%V", describe(in)))
	}
}

func math1(f func(float64) float64) native {
	return on("%V number required", func(x float64) (any, error) { return f(x), nil })
}

func math2(f func(a, b float64) float64) native {
	return func(_ any, args []any) (any, error) {
		for _, a := range args {
			if _, ok := a.(float64); !ok {
				return nil, failf("%s number required", describe(a))
			}
		}
		return f(args[0].(float64), args[1].(float64)), nil
	}
}

func test(f func(float64) bool) native {
	return func(in any, _ []any) (any, error) {
		x, ok := in.(float64)
		return ok && f(x), nil
	}
}

func constant(f func(in any) any) native {
	return func(in any, _ []any) (any, error) { return f(in), nil }
}

func affix(name string, has func(s, x string) bool) native {
	return func(in any, args []any) (any, error) {
		s, ok1 := in.(string)
		x, ok2 := args[0].(string)
		if !ok1 || !ok2 {
			return nil, failf("%s() requires string inputs", name)
		}
		return has(s, x), nil
	}
}

func keys(sorted bool) native {
	return func(in any, _ []any) (any, error) {
		switch v := in.(type) {
		case *object:
			if sorted {
				return toArray(v.sortedKeys()), nil
			}
			return toArray(v.keys), nil
		case []any:
			r := make([]any, len(v))
			for i := range v {
				r[i] = float64(i)
			}
			return r, nil
		}
		return nil, failf("%s has no keys", describe(in))
	}
}

func contains(a, b any) (bool, error) {
	switch a := a.(type) {
	case *object:
		if b, ok := b.(*object); ok {
			for _, k := range b.keys {
				v, has := a.vals[k]
				if !has {
					return false, nil
				}
				if yes, err := contains(v, b.vals[k]); !yes || err != nil {
					return false, err
				}
			}
			return true, nil
		}
	case []any:
		if b, ok := b.([]any); ok {
			for _, y := range b {
				found := false
				for _, x := range a {
					if rank(x) == rank(y) && !found {
						found, _ = contains(x, y)
					}
				}
				if !found {
					return false, nil
				}
			}
			return true, nil
		}
	case string:
		if b, ok := b.(string); ok {
			return strings.Contains(a, b), nil
		}
	}
	if rank(a) != rank(b) {
		return false, failf("%s and %s cannot have their containment checked", describe(a), describe(b))
	}
	return compare(a, b) == 0, nil
}

// sortBy orders, groups or picks the elements of an array by keys: s, g, u, m(in), M(ax).
func sortBy(in any, args []any) (any, error) {
	a, ok := in.([]any)
	if !ok {
		return nil, failf("%s and %s cannot be iterated over", describe(in), describe(args[0]))
	}
	by, how := args[0].([]any), args[1].(string)
	order := make([]int, len(a))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return compare(by[order[i]], by[order[j]]) < 0 })
	sorted, groups := []any{}, []any{}
	for n, i := range order {
		sorted = append(sorted, a[i])
		if n > 0 && compare(by[order[n-1]], by[i]) == 0 {
			last := len(groups) - 1
			groups[last] = append(groups[last].([]any), a[i])
		} else {
			groups = append(groups, []any{a[i]})
		}
	}
	switch how {
	case "g":
		return groups, nil
	case "u":
		for i, g := range groups {
			groups[i] = g.([]any)[0]
		}
		return groups, nil
	case "m", "M":
		if len(a) == 0 {
			return nil, nil
		} else if how == "m" {
			return sorted[0], nil
		}
		return sorted[len(sorted)-1], nil
	}
	return sorted, nil
}

// matchRegexp is _match(re; flags; test): all matches, or whether there is one.
func matchRegexp(in any, args []any) (any, error) {
	s, ok1 := in.(string)
	re, ok2 := args[0].(string)
	if !ok1 || !ok2 {
		if ok1 {
			in = args[0]
		}
		return nil, failf("%s cannot be matched, as it is not a string", describe(in))
	}
	flags, ok := args[1].(string)
	if !ok && args[1] != nil {
		return nil, failf("%s is not a string", describe(args[1]))
	}
	global, skipEmpty, prefix := false, false, "(?m"
	for _, f := range flags {
		switch f {
		case 'g':
			global = true
		case 'n':
			skipEmpty = true
		case 'i':
			prefix += "i"
		case 'm', 'p':
			prefix += "s"
		case 'x':
			re = regexp.MustCompile(`\s+|#.*`).ReplaceAllString(re, "")
		case 's', 'l':
		default:
			return nil, failf("%s is not a valid modifier string", flags)
		}
	}
	r, err := regexp.Compile(prefix + ")" + re)
	if err != nil {
		msg := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		if strings.HasPrefix(msg, "missing closing )") {
			msg = "end pattern with unmatched parenthesis"
		}
		return nil, failf("Regex failure: %s", msg)
	}
	if args[2] == true {
		return r.MatchString(s), nil
	}
	count := 1
	if global {
		count = -1
	}
	matches := []any{}
	for _, m := range r.FindAllStringSubmatchIndex(s, count) {
		if skipEmpty && m[0] == m[1] {
			continue
		}
		captures := []any{}
		for g, name := range r.SubexpNames()[1:] {
			c := span(s, m[2*g+2], m[2*g+3])
			c.set("name", nil)
			if name != "" {
				c.set("name", name)
			}
			captures = append(captures, c)
		}
		o := span(s, m[0], m[1])
		o.set("captures", captures)
		matches = append(matches, o)
	}
	return matches, nil
}

func span(s string, from, to int) *object {
	if from < 0 {
		return newObject("offset", -1.0, "string", nil, "length", 0.0)
	}
	return newObject("offset", runeOffset(s, from), "length", float64(utf8.RuneCountInString(s[from:to])), "string", s[from:to])
}

func brokenDown(t time.Time) any {
	sec := float64(t.Second()) + float64(t.Nanosecond())/1e9
	return toArray([]float64{float64(t.Year()), float64(t.Month() - 1), float64(t.Day()), float64(t.Hour()), float64(t.Minute()), sec, float64(t.Weekday()), float64(t.YearDay() - 1)})
}

func fromBrokenDown(v any) (time.Time, bool) {
	a, ok := v.([]any)
	if !ok || len(a) < 6 {
		return time.Time{}, false
	}
	var n [6]int
	for i := range n {
		f, ok := a[i].(float64)
		if !ok {
			return time.Time{}, false
		}
		n[i] = int(f)
	}
	return time.Date(n[0], time.Month(n[1]+1), n[2], n[3], n[4], n[5], 0, time.UTC), true
}

// layouts maps directives of strftime to layouts of package time.
var layouts = map[byte]string{'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'Z': "MST", 'z': "-0700", 'A': "Monday", 'a': "Mon", 'B': "January", 'b': "Jan", 'h': "Jan", 'j': "002", 'e': "_2", 'y': "06", 'p': "PM", 'I': "03", 'T': "15:04:05", 'F': "2006-01-02", 'D': "01/02/06", 'R': "15:04", 'c': "Mon Jan _2 15:04:05 2006"}

func translate(format string, directive func(c byte, layout string) string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] == '%' && i+1 < len(format) {
			i++
			b.WriteString(directive(format[i], layouts[format[i]]))
		} else {
			b.WriteByte(format[i])
		}
	}
	return b.String()
}

func gmtime(f float64) (any, error) {
	whole, frac := math.Modf(f)
	return brokenDown(time.Unix(int64(whole), int64(frac*1e9)).UTC()), nil
}

func strftime(in any, args []any) (any, error) {
	if f, ok := in.(float64); ok {
		in, _ = gmtime(f)
	}
	t, ok1 := fromBrokenDown(in)
	format, ok2 := args[0].(string)
	if !ok1 || !ok2 {
		return nil, failf("strftime/1 requires parsed datetime inputs")
	}
	return translate(format, func(c byte, layout string) string {
		switch c {
		case 's':
			return fmt.Sprint(t.Unix())
		case 'u':
			return fmt.Sprint((int(t.Weekday())+6)%7 + 1)
		case '%':
			return "%"
		}
		return t.Format(layout)
	}), nil
}

func strptime(in any, args []any) (any, error) {
	s, ok1 := in.(string)
	format, ok2 := args[0].(string)
	if !ok1 || !ok2 {
		return nil, failf("strptime/1 requires string inputs and arguments")
	}
	t, err := time.Parse(translate(format, func(_ byte, layout string) string { return layout }), s)
	if err != nil {
		return nil, failf("date \"%s\" does not match format \"%s\"", s, format)
	}
	return brokenDown(t.UTC()), nil
}

func trim(f func(string) string) native {
	return on("trim input must be a string", func(s string) (any, error) { return f(s), nil })
}

var natives = map[string]native{
	"keys/0": keys(true), "keys_unsorted/0": keys(false), "_by/2": sortBy, "_match/3": matchRegexp,
	"startswith/1": affix("startswith", strings.HasPrefix), "endswith/1": affix("endswith", strings.HasSuffix),
	"type/0": constant(func(in any) any { return typeName(in) }), "not/0": constant(func(in any) any { return !truthy(in) }),
	"tojson/0": constant(func(in any) any { return toJSON(in) }), "tostring/0": constant(func(in any) any { return toString(in) }),
	"nan/0": constant(func(any) any { return math.NaN() }), "infinite/0": constant(func(any) any { return math.Inf(1) }),
	"now/0": constant(func(any) any { return float64(time.Now().UnixMicro()) / 1e6 }), "env/0": constant(func(any) any { return environment() }),
	"input_filename/0": constant(func(any) any { return source.name() }), "input_line_number/0": constant(func(any) any { return float64(source.line()) }),
	"isnan/0": test(math.IsNaN), "isinfinite/0": test(func(f float64) bool { return math.IsInf(f, 0) }),
	"isnormal/0": test(func(f float64) bool { return math.Abs(f) >= 0x1p-1022 && !math.IsInf(f, 0) }),
	"floor/0":    math1(math.Floor), "ceil/0": math1(math.Ceil), "sqrt/0": math1(math.Sqrt), "round/0": math1(math.Round), "trunc/0": math1(math.Trunc), "fabs/0": math1(math.Abs), "rint/0": math1(math.RoundToEven),
	"exp/0": math1(math.Exp), "exp2/0": math1(math.Exp2), "exp10/0": math1(func(f float64) float64 { return math.Pow(10, f) }), "log/0": math1(math.Log), "log2/0": math1(math.Log2), "log10/0": math1(math.Log10), "logb/0": math1(math.Logb), "cbrt/0": math1(math.Cbrt),
	"sin/0": math1(math.Sin), "cos/0": math1(math.Cos), "tan/0": math1(math.Tan), "asin/0": math1(math.Asin), "acos/0": math1(math.Acos), "atan/0": math1(math.Atan), "tgamma/0": math1(math.Gamma),
	"pow/2": math2(math.Pow), "atan2/2": math2(math.Atan2), "fmod/2": math2(math.Mod), "fmin/2": math2(math.Min), "fmax/2": math2(math.Max), "hypot/2": math2(math.Hypot), "ldexp/2": math2(func(a, b float64) float64 { return math.Ldexp(a, int(b)) }),
	"trim/0":   trim(strings.TrimSpace),
	"ltrim/0":  trim(func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }),
	"rtrim/0":  trim(func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) }),
	"gmtime/0": on("gmtime() requires numeric inputs", gmtime), "strftime/1": strftime, "strptime/1": strptime,
	"mktime/0": on("mktime requires array inputs", func(a []any) (any, error) {
		t, ok := fromBrokenDown(a)
		if !ok {
			return nil, failf("mktime requires parsed datetime inputs")
		}
		return float64(t.Unix()), nil
	}),
	"length/0": func(in any, _ []any) (any, error) {
		switch v := in.(type) {
		case nil:
			return 0.0, nil
		case float64:
			return math.Abs(v), nil
		case string:
			return float64(utf8.RuneCountInString(v)), nil
		case []any:
			return float64(len(v)), nil
		case *object:
			return float64(len(v.keys)), nil
		}
		return nil, failf("%s has no length", describe(in))
	},
	"utf8bytelength/0": on("%V only strings have UTF-8 byte length", func(s string) (any, error) { return float64(len(s)), nil }),
	"has/1": func(in any, args []any) (any, error) {
		if o, ok := in.(*object); ok && rank(args[0]) == 4 {
			_, has := o.vals[args[0].(string)]
			return has, nil
		} else if a, ok := in.([]any); ok && rank(args[0]) == 3 {
			i := args[0].(float64)
			return i >= 0 && i < float64(len(a)), nil
		}
		return nil, failf("Cannot check whether %s has a %s key", typeName(in), typeName(args[0]))
	},
	"contains/1": func(in any, args []any) (any, error) { return contains(in, args[0]) },
	"tonumber/0": func(in any, _ []any) (any, error) {
		if f, ok := in.(float64); ok {
			return f, nil
		} else if s, ok := in.(string); ok && !strings.ContainsAny(s, "nN") {
			if f, ok := parseNumber(s); ok {
				return f, nil
			}
		}
		return nil, failf("%s cannot be parsed as a number", describe(in))
	},
	"fromjson/0": on("%V only strings can be parsed", func(s string) (any, error) {
		v, err := newDecoder(s).next()
		if err != nil {
			return nil, failf("%s (while parsing '%s')", err, s)
		}
		return v, nil
	}),
	"setpath/2": func(in any, args []any) (any, error) {
		p, ok := args[0].([]any)
		if !ok {
			return nil, failf("Path must be specified as an array")
		}
		return setPath(in, p, args[1])
	},
	"delpaths/1": func(in any, args []any) (any, error) {
		p, ok := args[0].([]any)
		if !ok {
			return nil, failf("Paths must be specified as an array")
		}
		return delPaths(in, p)
	},
	"sort/0": on("%V cannot be sorted, as it is not an array", func(a []any) (any, error) { return sortBy(a, []any{a, "s"}) }),
	"explode/0": on("explode input must be a string", func(s string) (any, error) {
		r := []any{}
		for _, c := range s {
			r = append(r, float64(c))
		}
		return r, nil
	}),
	"implode/0": on("implode input must be an array", func(a []any) (any, error) {
		var b strings.Builder
		for _, c := range a {
			f, ok := c.(float64)
			if !ok {
				return nil, failf("%s can't be imploded, unicode codepoint needs to be numeric", describe(c))
			}
			b.WriteRune(rune(f))
		}
		return b.String(), nil
	}),
	"split/1": func(in any, args []any) (any, error) {
		s, ok1 := in.(string)
		sep, ok2 := args[0].(string)
		if !ok1 || !ok2 {
			return nil, failf("split input and separator must be strings")
		}
		return split(s, sep), nil
	},
	"_find/1": func(in any, args []any) (any, error) {
		s, sub, found := in.(string), args[0].(string), []any{}
		for i := 0; sub != "" && i < len(s); i++ {
			if strings.HasPrefix(s[i:], sub) {
				found = append(found, runeOffset(s, i))
			}
		}
		return found, nil
	},
	"format/1": func(in any, args []any) (any, error) { return applyFormat(toString(args[0]), in) },
	"error/1":  func(_ any, args []any) (any, error) { return nil, &jqError{args[0]} },
	"debug/0": func(in any, _ []any) (any, error) {
		fmt.Fprintf(os.Stderr, "[\"DEBUG:\",%s]\n", toJSON(in))
		return in, nil
	},
	"stderr/0": func(in any, _ []any) (any, error) {
		fmt.Fprint(os.Stderr, toString(in))
		return in, nil
	},
	"halt/0": func(any, []any) (any, error) { return nil, &haltError{} },
	"halt_error/1": func(in any, args []any) (any, error) {
		code, ok := args[0].(float64)
		if !ok {
			return nil, failf("halt_error/1: number required")
		}
		text, ok := in.(string)
		if !ok {
			text = toJSON(in) + "\n"
		}
		return nil, &haltError{int(code), text}
	},
}

// haltError ends the program.
type haltError struct {
	code int
	text string
}

func (*haltError) Error() string { return "halt" }

func environment() *object {
	o := newObject()
	for _, kv := range os.Environ() {
		k, v, _ := strings.Cut(kv, "=")
		o.set(k, v)
	}
	return o
}
