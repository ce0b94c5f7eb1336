package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

type valueKind int

const (
	kindString valueKind = iota
	kindNumber
	kindWord
	kindBrackets
)

type palette struct {
	enabled bool
}

var plainPalette, colorPalette = palette{}, palette{enabled: true}

func (p palette) wrap(open, text, end string) string {
	if !p.enabled {
		return text
	}
	return "\x1b[" + open + "m" + text + "\x1b[" + end + "m"
}

func (p palette) key(s string) string     { return p.wrap("34;1", s, "0;22") }
func (p palette) bracket(s string) string { return p.wrap("35", s, "0") }
func (p palette) str(s string) string     { return p.wrap("33", s, "0") }
func (p palette) num(s string) string     { return p.wrap("31", s, "0") }
func (p palette) word(s string) string    { return p.wrap("36", s, "0") }
func (p palette) quote(s string) string   { return p.wrap("32", s, "0") }
func (p palette) punct(s string) string   { return p.wrap("1", s, "22") }

func (p palette) value(text string, k valueKind) string {
	switch k {
	case kindString:
		return p.str(text)
	case kindNumber:
		return p.num(text)
	case kindWord:
		return p.word(text)
	}
	return p.bracket(text)
}

// step is one part of a path: an object key or an array index.
type step struct {
	name    string
	index   int
	isIndex bool
}

type stmtWriter struct {
	out    *bufio.Writer
	pal    palette
	asJSON bool
	sorted bool
}

func (w *stmtWriter) walk(path []step, v any) {
	switch t := v.(type) {
	case map[string]any:
		w.emit(path, "{}", kindBrackets)
		keys := make([]string, 0, len(t))
		for k := range t {
			keys = append(keys, k)
		}
		if w.sorted {
			sortKeys(keys)
		}
		for _, k := range keys {
			w.walk(append(path, step{name: k}), t[k])
		}
	case []any:
		w.emit(path, "[]", kindBrackets)
		for i, e := range t {
			w.walk(append(path, step{index: i, isIndex: true}), e)
		}
	case string:
		w.emit(path, quote(t), kindString)
	case json.Number:
		w.emit(path, t.String(), kindNumber)
	case bool:
		w.emit(path, strconv.FormatBool(t), kindWord)
	default:
		w.emit(path, "null", kindWord)
	}
}

// sortKeys puts keys that can be written bare before those that need quotes.
func sortKeys(keys []string) {
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		bareA, bareB := isIdentifier(a), isIdentifier(b)
		if bareA != bareB {
			return bareA
		}
		if bareA {
			return a < b
		}
		return quote(a) < quote(b)
	})
}

func (w *stmtWriter) emit(path []step, value string, k valueKind) {
	p := w.pal
	if w.asJSON {
		parts := make([]string, len(path))
		for i, s := range path {
			if s.isIndex {
				parts[i] = p.num(strconv.Itoa(s.index))
			} else {
				parts[i] = p.str(quote(s.name))
			}
		}
		fmt.Fprint(w.out, p.bracket("["), p.bracket("["), strings.Join(parts, ","), p.bracket("]"), ",",
			p.value(value, k), p.bracket("]"), "\n")
		return
	}
	w.out.WriteString(p.key("json"))
	for _, s := range path {
		switch {
		case s.isIndex:
			w.out.WriteString(p.bracket("[") + p.num(strconv.Itoa(s.index)) + p.bracket("]"))
		case isIdentifier(s.name):
			w.out.WriteString("." + p.key(s.name))
		default:
			w.out.WriteString(p.bracket("[") + p.str(quote(s.name)) + p.bracket("]"))
		}
	}
	w.out.WriteString(" = " + p.value(value, k) + ";\n")
}

// quote writes s as a string that is both JSON and JavaScript.
func quote(s string) string {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if e, ok := short[r]; ok {
			b.WriteString(e)
		} else if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			fmt.Fprintf(&b, `\u%04X`, r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

var reserved = map[string]bool{}

func init() {
	words := `break case catch class const continue debugger default delete do else export extends
		false finally for function if import in instanceof new null return super switch this throw
		true try typeof var void while with yield`
	for _, w := range strings.Fields(words) {
		reserved[w] = true
	}
}

func identStart(r rune) bool {
	return r == '$' || r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
}

func identPart(r rune) bool {
	return identStart(r) || unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc)
}

func isIdentifier(s string) bool {
	if s == "" || reserved[s] {
		return false
	}
	for i, r := range s {
		if (i == 0 && !identStart(r)) || !identPart(r) {
			return false
		}
	}
	return true
}

type tokKind int

const (
	tokName    tokKind = iota // bare key
	tokQuoted                 // quoted key
	tokIndex                  // array index
	tokPunct                  // . [ ]
	tokEquals                 // =
	tokString                 // quoted value
	tokLiteral                // any other scalar value
	tokEmpty                  // {} or []
	tokPartial                // { or [ that opens a filled container
	tokEnd                    // ;
	tokIgnored                // from a dash to the end of the line
	tokBad                    // place where the statement stopped making sense
)

type token struct {
	text string
	kind tokKind
}

type lexer struct {
	src  []rune
	pos  int
	toks []token
}

func lexLine(line string) []token {
	l := &lexer{src: []rune(line)}
	if l.path() {
		l.value()
	}
	return l.toks
}

func (l *lexer) peek() rune {
	if l.pos < len(l.src) {
		return l.src[l.pos]
	}
	return -1
}

func (l *lexer) add(k tokKind, start int) {
	l.toks = append(l.toks, token{string(l.src[start:l.pos]), k})
}

func (l *lexer) bad() bool {
	l.toks = append(l.toks, token{"", tokBad})
	return false
}

func (l *lexer) takeWhile(f func(rune) bool) {
	for l.pos < len(l.src) && f(l.src[l.pos]) {
		l.pos++
	}
}

func (l *lexer) skipSpaces() { l.takeWhile(func(r rune) bool { return r == ' ' }) }

func (l *lexer) takeQuoted() {
	l.pos++
	for l.pos < len(l.src) {
		switch l.src[l.pos] {
		case '\\':
			l.pos++
		case '"':
			l.pos++
			return
		}
		l.pos++
	}
	l.pos = min(l.pos, len(l.src))
}

// path reads the left side; true means that the equals sign was reached.
func (l *lexer) path() bool {
	for {
		start := l.pos
		r := l.peek()
		switch {
		case r == -1:
			return false
		case identStart(r):
			l.takeWhile(identPart)
			l.add(tokName, start)
		case r == '.':
			l.pos++
			l.add(tokPunct, start)
			if !identStart(l.peek()) {
				return l.bad()
			}
		case r == '[':
			l.pos++
			l.add(tokPunct, start)
			if !l.brackets() {
				return false
			}
		case r == '-':
			l.pos = len(l.src)
			l.add(tokIgnored, start)
			return false
		case r == ' ' || r == '=':
			l.skipSpaces()
			if l.peek() != '=' {
				return false
			}
			l.pos++
			l.toks = append(l.toks, token{"=", tokEquals})
			return true
		default:
			return l.bad()
		}
	}
}

func (l *lexer) brackets() bool {
	start := l.pos
	switch r := l.peek(); {
	case r == '"':
		l.takeQuoted()
		l.add(tokQuoted, start)
	case r >= '0' && r <= '9':
		l.takeWhile(func(r rune) bool { return r >= '0' && r <= '9' })
		l.add(tokIndex, start)
	default:
		return l.bad()
	}
	if l.peek() != ']' {
		return l.bad()
	}
	l.pos++
	l.add(tokPunct, l.pos-1)
	return true
}

func (l *lexer) value() {
	l.skipSpaces()
	start := l.pos
	switch r := l.peek(); r {
	case '"':
		l.takeQuoted()
		l.add(tokString, start)
	case '{', '[':
		l.pos++
		if c := l.peek(); (r == '{' && c == '}') || (r == '[' && c == ']') {
			l.pos++
			l.add(tokEmpty, start)
		} else {
			l.add(tokPartial, start)
			return
		}
	default:
		l.takeWhile(func(r rune) bool { return r != ';' })
		l.add(tokLiteral, start)
	}
	l.skipSpaces()
	if l.peek() == ';' {
		l.pos++
		l.add(tokEnd, l.pos-1)
	}
}

func showTokens(toks []token) string {
	var b strings.Builder
	for _, t := range toks {
		if t.kind == tokEquals {
			b.WriteString(" = ")
		} else {
			b.WriteString(t.text)
		}
	}
	return b.String()
}

// assignment is a statement ready to be turned into a nested value.
type assignment struct {
	path  []step
	value any
}

// assignmentFromLine reports false for lines that hold no statement at all.
func assignmentFromLine(line string) (assignment, bool, error) {
	var a assignment
	toks := lexLine(line)
	n := len(toks)
	if n == 0 || (n == 1 && (toks[0].kind == tokName || toks[0].kind == tokIgnored)) {
		return a, false, nil
	}
	bad := func(format string, args ...any) (assignment, bool, error) {
		return a, false, fmt.Errorf("ungron failed for `%s`: %s", showTokens(toks), fmt.Sprintf(format, args...))
	}
	switch toks[n-1].kind {
	case tokBad:
		return bad("invalid statement")
	case tokEnd:
	default:
		return bad("statement has no value")
	}
	for _, t := range toks {
		switch t.kind {
		case tokName:
			a.path = append(a.path, step{name: t.text})
		case tokQuoted:
			var s string
			if json.Unmarshal([]byte(t.text), &s) != nil {
				return bad("invalid quoted key `%s`", t.text)
			}
			a.path = append(a.path, step{name: s})
		case tokIndex:
			i, err := strconv.Atoi(t.text)
			if err != nil {
				return bad("invalid integer key `%s`", t.text)
			}
			a.path = append(a.path, step{index: i, isIndex: true})
		case tokString, tokLiteral, tokEmpty:
			v, err := decodeFirst(strings.NewReader(t.text))
			if err != nil {
				return bad("invalid value `%s`", t.text)
			}
			a.value = v
		}
	}
	return a, true, nil
}

var errLayout = errors.New("invalid JSON layout")

// assignmentFromJSON reads one line of the [[path...],value] form.
func assignmentFromJSON(line string) (assignment, error) {
	a := assignment{path: []step{{name: "json"}}}
	var pair []any
	if err := json.Unmarshal([]byte(line), &pair); err != nil {
		return a, err
	}
	if len(pair) != 2 {
		return a, errLayout
	}
	keys, ok := pair[0].([]any)
	if !ok {
		return a, errLayout
	}
	switch v := pair[1].(type) {
	case map[string]any:
		ok = len(v) == 0
	case []any:
		ok = len(v) == 0
	}
	if !ok {
		return a, errLayout
	}
	a.value = pair[1]

	shown := "json"
	badIndex := ""
	for _, k := range keys {
		switch k := k.(type) {
		case string:
			a.path = append(a.path, step{name: k})
			shown += "[" + quote(k) + "]"
		case float64:
			text, _ := json.Marshal(k)
			i, err := strconv.Atoi(string(text))
			if (err != nil || i < 0) && badIndex == "" {
				badIndex = string(text)
			}
			a.path = append(a.path, step{index: i, isIndex: true})
			shown += "[" + string(text) + "]"
		default:
			return a, errLayout
		}
	}
	if badIndex != "" {
		text, _ := json.Marshal(a.value)
		return a, fmt.Errorf("ungron failed for `%s = %s;`: invalid integer key `%s`", shown, text, badIndex)
	}
	return a, nil
}

// build wraps the value in the containers its path asks for.
func (a assignment) build() any {
	v := a.value
	for i := len(a.path) - 1; i >= 0; i-- {
		s := a.path[i]
		if s.isIndex {
			list := make([]any, s.index+1)
			list[s.index] = v
			v = list
		} else {
			v = map[string]any{s.name: v}
		}
	}
	return v
}

func merge(old, add any) (any, error) {
	switch o := old.(type) {
	case map[string]any:
		n, ok := add.(map[string]any)
		if !ok {
			return nil, errors.New("cannot merge object with non-object")
		}
		for k, v := range n {
			m, err := merge(o[k], v)
			if err != nil {
				return nil, err
			}
			o[k] = m
		}
		return o, nil
	case []any:
		n, ok := add.([]any)
		if !ok {
			return nil, errors.New("cannot merge array with non-array")
		}
		for i, v := range n {
			if i >= len(o) {
				o = append(o, v)
				continue
			}
			if v == nil {
				continue
			}
			m, err := merge(o[i], v)
			if err != nil {
				return nil, err
			}
			o[i] = m
		}
		return o, nil
	}
	return add, nil
}

func encodeScalar(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// writeColorJSON writes v on one line, with colors.
func writeColorJSON(out *bufio.Writer, v any) error {
	p := colorPalette
	switch t := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(t))
		for k := range t {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		out.WriteString(p.bracket("{"))
		for i, k := range keys {
			if i > 0 {
				out.WriteString(p.punct(","))
			}
			text, err := encodeScalar(k)
			if err != nil {
				return err
			}
			out.WriteString(p.key(`"`) + p.key(text[1:len(text)-1]) + p.key(`"`) + p.punct(":"))
			if err := writeColorJSON(out, t[k]); err != nil {
				return err
			}
		}
		out.WriteString(p.bracket("}"))
	case []any:
		out.WriteString(p.bracket("["))
		for i, e := range t {
			if i > 0 {
				out.WriteString(p.punct(","))
			}
			if err := writeColorJSON(out, e); err != nil {
				return err
			}
		}
		out.WriteString(p.bracket("]"))
	default:
		text, err := encodeScalar(v)
		if err != nil {
			return err
		}
		switch v.(type) {
		case string:
			out.WriteString(p.quote(`"`) + p.str(text[1:len(text)-1]) + p.quote(`"`))
		case json.Number, float64:
			out.WriteString(p.num(text))
		default:
			out.WriteString(p.word(text))
		}
	}
	return nil
}
