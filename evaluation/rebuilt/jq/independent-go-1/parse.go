package main

import (
	"fmt"
	"slices"
	"strings"
)

type tokenKind int

const (
	tokEOF tokenKind = iota
	tokOp
	tokIdent
	tokField
	tokNumber
	tokVar
	tokFormat
	tokString
	tokBad
)

var tokenNames = []string{"end of file", "", "IDENT", "FIELD", "LITERAL", "BINDING", "FORMAT", "QQSTRING_START", "INVALID_CHARACTER"}
var operators = []string{"?//", "//=", "|=", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=", "//", ".."}
var keywords = strings.Fields("def if then elif else end and or as reduce foreach try catch label")

type token struct {
	kind     tokenKind
	text     string
	from, to int
}

// symbol is a name known while parsing; $x, a label (*x) or a function name/arity.
type symbol struct {
	name string
	fn   *function
	up   *symbol
}

type parser struct {
	src       string
	pos       int
	tok, last token
	nesting   []byte
	scope     *symbol
	errors    []string
}

type syntaxError struct{ msg string }

// parseProgram compiles a filter; globals are the names of the predefined variables.
func parseProgram(src string, globals []string) (root expr, errors []string) {
	p := &parser{src: src}
	for _, g := range globals {
		p.declare("$"+g, nil)
	}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			root, errors = nil, []string{e.msg}
		}
	}()
	p.advance()
	if p.tok.kind == tokEOF {
		return nil, []string{"jq: error: Top-level program not given (try \".\")\n"}
	}
	root = p.pipe()
	if p.tok.kind != tokEOF {
		p.unexpected("end of file")
	}
	return root, p.errors
}

// parsePrelude parses a list of definitions into the table of builtins.
func parsePrelude(src string) {
	p := &parser{src: src}
	for p.advance(); p.is("def"); {
		f := p.definition(true)
		p.scope = nil
		prelude[f.id()] = f
	}
}

func (p *parser) message(msg string, from, to int) string {
	start := strings.LastIndexByte(p.src[:from], '\n') + 1
	line, _, _ := strings.Cut(p.src[start:], "\n")
	to = min(to, start+len(line))
	return fmt.Sprintf("jq: error: %s at <top-level>, line %d, column %d:\n    %s\n    %s%s\n", msg, strings.Count(p.src[:from], "\n")+1, from-start+1, line, strings.Repeat(" ", from-start), strings.Repeat("^", max(0, to-from)))
}

func (p *parser) undefined(what string, at token) {
	p.errors = append(p.errors, p.message(what+" is not defined", at.from, at.to))
}

func (p *parser) unexpected(expecting string) {
	what, at := tokenNames[p.tok.kind], p.tok
	if at.kind == tokOp {
		what = at.text
		if len(what) == 1 {
			what = "'" + what + "'"
		}
	} else if at.kind == tokEOF {
		at = p.last
	}
	if expecting != "" {
		what += ", expecting " + expecting
	}
	panic(syntaxError{p.message("syntax error, unexpected "+what, at.from, at.to)})
}

func (p *parser) is(op string) bool { return p.tok.kind == tokOp && p.tok.text == op }

func (p *parser) accept(op string) bool {
	if !p.is(op) {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(op, expecting string) {
	if !p.accept(op) {
		p.unexpected(expecting)
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isWord(c byte) bool  { return c == '_' || isDigit(c) || c|32 >= 'a' && c|32 <= 'z' }

func (p *parser) advance() {
	p.last = p.tok
	for p.pos < len(p.src) {
		if p.src[p.pos] == '#' {
			n := strings.IndexByte(p.src[p.pos:]+"\n", '\n')
			p.pos = min(p.pos+n, len(p.src))
		} else if isSpace(int(p.src[p.pos])) {
			p.pos++
		} else {
			break
		}
	}
	s := p.src[p.pos:] + "\x00"
	run := func(n int, ok func(byte) bool) int {
		for ok(s[n]) {
			n++
		}
		return n
	}
	n, kind, skip := 1, tokOp, 0
	switch {
	case s == "\x00":
		p.tok = token{tokEOF, "", p.pos, p.pos}
		return
	case s[0] == '"':
		kind = tokString
	case isDigit(s[0]) || s[0] == '.' && isDigit(s[1]):
		kind = tokNumber
		if n = run(0, isDigit); s[n] == '.' {
			n = run(n+1, isDigit)
		}
		if s[n]|32 == 'e' {
			m := n + 1
			if s[m] == '-' || s[m] == '+' {
				m++
			}
			if isDigit(s[m]) {
				n = run(m, isDigit)
			}
		}
	case isWord(s[0]) || strings.IndexByte(".$@", s[0]) >= 0 && isWord(s[1]):
		n = run(1, isWord)
		kind = map[byte]tokenKind{'.': tokField, '$': tokVar, '@': tokFormat}[s[0]]
		if kind != 0 {
			skip = 1
		} else if kind = tokIdent; slices.Contains(keywords, s[:n]) {
			kind = tokOp
		}
	default:
		for _, op := range operators {
			if strings.HasPrefix(s, op) {
				n = len(op)
				break
			}
		}
		if strings.IndexByte("([{", s[0]) >= 0 {
			p.nesting = append(p.nesting, s[0])
		} else if i := strings.IndexByte(")]}", s[0]); i >= 0 {
			if last := len(p.nesting) - 1; last >= 0 && p.nesting[last] == "([{"[i] {
				p.nesting = p.nesting[:last]
			} else {
				kind = tokBad
			}
		} else if n == 1 && strings.IndexByte(".|,:;=<>+-*/%?", s[0]) < 0 {
			kind = tokBad
		}
	}
	p.tok = token{kind, s[skip:n], p.pos, p.pos + n}
	p.pos += n
}

func (p *parser) declare(name string, fn *function) { p.scope = &symbol{name, fn, p.scope} }

func (p *parser) known(name string) *symbol {
	for s := p.scope; s != nil; s = s.up {
		if s.name == name {
			return s
		}
	}
	return nil
}

func (p *parser) variable(prefix string, at token) string {
	if p.known(prefix+at.text) == nil {
		if prefix == "*" {
			p.undefined("$*label-"+at.text, at)
		} else {
			p.undefined("$"+at.text, at)
		}
	}
	return prefix + at.text
}

func (p *parser) name(kind tokenKind) string {
	if p.tok.kind != kind {
		p.unexpected(tokenNames[kind])
	}
	s := p.tok.text
	p.advance()
	return s
}

// definition parses def name(params): body; and leaves the function declared.
func (p *parser) definition(global bool) *function {
	p.advance()
	f := &function{name: p.name(tokIdent), global: global}
	if p.is("(") {
		for again := true; again; again = p.is(";") {
			p.advance()
			f.params = append(f.params, param{p.tok.text, p.tok.kind == tokVar})
			p.advance()
		}
		p.expect(")", "';' or ')'")
	}
	p.expect(":", "':'")
	p.declare(f.id(), f)
	outer := p.scope
	for _, q := range f.params {
		p.declare(q.name+"/0", nil)
		if q.byValue {
			p.declare("$"+q.name, nil)
		}
	}
	f.body = p.pipe()
	p.expect(";", "'|' or ',' or ';'")
	p.scope = outer
	return f
}

func (p *parser) pipe() expr {
	outer := p.scope
	defer func() { p.scope = outer }()
	if p.is("def") {
		f := p.definition(false)
		if p.tok.kind == tokEOF && p.last.text == ";" && outer == nil {
			panic(syntaxError{"jq: error: Top-level program not given (try \".\")\n"})
		}
		return &define{f, p.pipe()}
	}
	e := p.binary(0)
	if p.accept("|") {
		return &pipe{e, p.pipe()}
	}
	return e
}

var levels = [][]string{{","}, {"//"}, {"=", "|=", "+=", "-=", "*=", "/=", "%=", "//="}, {"or"}, {"and"}, {"==", "!=", "<", "<=", ">", ">="}, {"+", "-"}, {"*", "/", "%"}}

func (p *parser) binary(level int) expr {
	if level == len(levels) {
		return p.postfix(true)
	}
	l := p.binary(level + 1)
	for p.tok.kind == tokOp && slices.Contains(levels[level], p.tok.text) {
		op, next := p.tok.text, level+1
		if op == "//" {
			next = level
		}
		p.advance()
		r := p.binary(next)
		switch level {
		case 0:
			l = &comma{l, r}
		case 1:
			l = &alternative{l, r}
		case 2:
			l = &assign{op, l, r}
		case 3, 4:
			l = &logic{op == "or", l, r}
		default:
			l = &binary{op, l, r}
		}
		if (level == 2 || level == 5) && p.tok.kind == tokOp && slices.Contains(levels[level], p.tok.text) {
			p.unexpected("")
		}
	}
	return l
}

func (p *parser) postfix(allowAs bool) expr {
	e := p.term()
	for {
		switch {
		case p.tok.kind == tokField:
			e = &access{e, literal{p.name(tokField)}}
		case p.accept("["):
			e = p.bracket(e)
		case p.accept("?"):
			e = &try{e, nil}
		case p.is(".") && p.pos < len(p.src) && strings.IndexByte("[\"", p.src[p.pos]) >= 0:
			if p.advance(); p.tok.kind == tokString {
				e = &access{e, p.str("text")}
			}
		case allowAs && p.accept("as"):
			outer := p.scope
			b := &bind{source: e, patterns: p.patterns()}
			p.expect("|", "'|'")
			b.body = p.pipe()
			p.scope = outer
			return b
		default:
			return e
		}
	}
}

func (p *parser) bracket(target expr) expr {
	if p.accept("]") {
		return &iterate{target}
	}
	const closing = "'|' or ',' or ']'"
	s := &slice{target: target}
	if !p.is(":") {
		s.from = p.pipe()
		if p.accept("]") {
			return &access{target, s.from}
		}
	}
	p.expect(":", closing)
	if !p.is("]") {
		s.to = p.pipe()
	}
	p.expect("]", closing)
	return s
}

// patterns parses alternatives of destructuring; the variables of all are declared.
func (p *parser) patterns() []*pattern {
	list := []*pattern{p.pattern()}
	for p.accept("?//") {
		list = append(list, p.pattern())
	}
	return list
}

func (p *parser) pattern() *pattern {
	if p.tok.kind == tokVar {
		q := &pattern{variable: "$" + p.name(tokVar)}
		p.declare(q.variable, nil)
		return q
	}
	q := &pattern{isObject: p.is("{")}
	if !q.isObject && !p.is("[") {
		p.unexpected("BINDING or '[' or '{'")
	}
	for again := true; again; again = p.is(",") {
		p.advance()
		var el element
		if q.isObject {
			switch {
			case p.tok.kind == tokVar:
				el.key, el.variable = literal{p.tok.text}, "$"+p.tok.text
				p.declare(el.variable, nil)
				p.advance()
			case p.tok.kind == tokString:
				el.key = p.str("text")
			case p.accept("("):
				el.key = p.pipe()
				p.expect(")", "'|' or ',' or ')'")
			default:
				el.key = literal{p.tok.text}
				p.advance()
			}
			if !p.accept(":") {
				if el.variable == "" {
					p.unexpected("':'")
				}
				q.elements = append(q.elements, el)
				continue
			}
		}
		el.sub = p.pattern()
		q.elements = append(q.elements, el)
	}
	if q.isObject {
		p.expect("}", "',' or '}'")
	} else {
		p.expect("]", "',' or ']'")
	}
	return q
}

// str parses a string from its opening quote, which is the current token.
func (p *parser) str(format string) expr {
	t := &template{format: format}
	for {
		from := p.pos
		for p.pos < len(p.src) && p.src[p.pos] != '"' && !strings.HasPrefix(p.src[p.pos:], "\\(") {
			if p.src[p.pos] == '\\' {
				p.pos++
			}
			p.pos++
		}
		if p.pos >= len(p.src) {
			p.tok, p.last = token{tokEOF, "", len(p.src), len(p.src)}, token{tokString, "", min(from, len(p.src)-1), len(p.src)}
			p.unexpected("QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END")
		}
		if text := p.src[from:p.pos]; text != "" {
			d := newDecoder(`"` + text + `"`)
			v, err := d.next()
			if err != nil {
				p.errors = append(p.errors, p.message(fmt.Sprintf("%s (while parsing '%s')", err, d.text), from, p.pos))
			}
			t.parts = append(t.parts, part{text: fmt.Sprint(v)})
		}
		if p.src[p.pos] == '"' {
			break
		}
		p.pos += 2
		p.nesting = append(p.nesting, '(')
		p.advance()
		t.parts = append(t.parts, part{expr: p.pipe()})
		if !p.is(")") {
			p.unexpected("QQSTRING_INTERP_END or '|' or ','")
		}
	}
	p.pos++
	p.advance()
	if len(t.parts) == 0 {
		return literal{""}
	} else if len(t.parts) == 1 && t.parts[0].expr == nil {
		return literal{t.parts[0].text}
	}
	return t
}

func (p *parser) object() expr {
	o := &construct{}
	for again := true; again; again = p.is(",") {
		p.advance()
		if p.is("}") {
			break
		}
		var f field
		at := p.tok
		switch {
		case at.kind == tokVar:
			p.advance()
			f.key, f.value = literal{at.text}, p.varExpr(at)
		case at.kind == tokString:
			f.key = p.str("text")
		case p.accept("("):
			f.key = p.pipe()
			if l, ok := f.key.(literal); ok && rank(l.value) != 4 {
				p.errors = append(p.errors, p.message("Cannot use "+describe(l.value)+" as object key", at.from+1, at.from+2))
			}
			p.expect(")", "'|' or ',' or ')'")
		case at.kind == tokIdent || at.kind == tokOp && isWord(at.text[0]):
			p.advance()
			f.key = literal{at.text}
		default:
			p.unexpected("")
		}
		if at.kind != tokVar && p.accept(":") {
			f.value = p.objectValue()
		} else if f.value == nil {
			f.value = &access{identity{}, f.key}
		}
		o.fields = append(o.fields, f)
	}
	p.expect("}", "'}'")
	return o
}

func (p *parser) objectValue() expr {
	var e expr
	if p.accept("-") {
		e = &negate{p.objectValue()}
	} else {
		e = p.postfix(false)
	}
	if p.accept("|") {
		return &pipe{e, p.objectValue()}
	}
	return e
}

func (p *parser) varExpr(at token) expr {
	if at.text == "__loc__" {
		return literal{newObject("file", "<top-level>", "line", float64(strings.Count(p.src[:at.from], "\n")+1))}
	}
	return variable{p.variable("$", at)}
}

func (p *parser) term() expr {
	at := p.tok
	switch at.kind {
	case tokNumber:
		p.advance()
		f, _ := parseNumber(at.text)
		return literal{f}
	case tokString:
		return p.str("text")
	case tokFormat:
		if p.advance(); p.tok.kind == tokString {
			return p.str(at.text)
		}
		return &format{at.text}
	case tokVar:
		p.advance()
		return p.varExpr(at)
	case tokField:
		p.advance()
		return &access{identity{}, literal{at.text}}
	case tokIdent:
		p.advance()
		return p.word(at)
	case tokOp:
		if e := p.keyword(); e != nil {
			return e
		}
	}
	if at.from == 0 && at.kind != tokEOF {
		p.unexpected("end of file")
	}
	p.unexpected("")
	return nil
}

func (p *parser) word(at token) expr {
	switch at.text {
	case "null":
		return literal{nil}
	case "true", "false":
		return literal{at.text == "true"}
	case "break":
		if p.tok.kind != tokVar {
			p.unexpected("BINDING")
		}
		l := token{tokVar, p.tok.text, at.from, p.tok.to}
		p.advance()
		return &breakTo{p.variable("*", l)}
	}
	var args []expr
	if p.is("(") {
		for again := true; again; again = p.is(";") {
			p.advance()
			args = append(args, p.pipe())
		}
		p.expect(")", "'|' or ',' or ';' or ')'")
	}
	id := fmt.Sprintf("%s/%d", at.text, len(args))
	if s := p.known(id); s != nil && s.fn == nil {
		return &callParam{id}
	} else if s != nil {
		return &call{id, s.fn, args}
	} else if f := prelude[id]; f != nil {
		return &call{id, f, args}
	} else if f := specials[id]; f != nil {
		return f(args)
	} else if f := natives[id]; f != nil {
		return &callNative{f, args}
	}
	p.undefined(id, at)
	return identity{}
}

func (p *parser) keyword() expr {
	outer := p.scope
	defer func() { p.scope = outer }()
	switch p.tok.text {
	case "..":
		p.advance()
		return recurse{}
	case ".":
		if p.advance(); p.tok.kind == tokString {
			return &access{identity{}, p.str("text")}
		}
		return identity{}
	case "-":
		p.advance()
		return &negate{p.postfix(true)}
	case "(":
		p.advance()
		e := p.pipe()
		p.expect(")", "'|' or ',' or ')'")
		return e
	case "[":
		if p.advance(); p.accept("]") {
			return &collect{nil}
		}
		e := p.pipe()
		p.expect("]", "'|' or ',' or ']'")
		return &collect{e}
	case "{":
		return p.object()
	case "if":
		return p.conditional()
	case "def":
		return &define{p.definition(false), p.pipe()}
	case "try":
		p.advance()
		t := &try{body: p.postfix(false)}
		if p.accept("catch") {
			t.handler = p.postfix(false)
		}
		return t
	case "label":
		p.advance()
		l := &label{name: "*" + p.name(tokVar)}
		p.declare(l.name, nil)
		p.expect("|", "'|'")
		l.body = p.pipe()
		return l
	case "reduce", "foreach":
		f := &fold{isReduce: p.is("reduce")}
		p.advance()
		f.source = p.postfix(false)
		p.expect("as", "as")
		f.patterns = p.patterns()
		inner := p.scope
		p.scope = outer
		p.expect("(", "'('")
		f.init = p.pipe()
		p.expect(";", "'|' or ',' or ';'")
		p.scope = inner
		f.update = p.pipe()
		if !f.isReduce && p.accept(";") {
			f.extract = p.pipe()
		}
		p.expect(")", "'|' or ',' or ')'")
		return f
	}
	return nil
}

func (p *parser) conditional() expr {
	c := &conditional{}
	p.advance()
	c.cond = p.pipe()
	p.expect("then", "then or '|' or ','")
	c.then = p.pipe()
	if p.is("elif") {
		c.other = p.conditional()
		return c
	}
	if p.accept("else") {
		c.other = p.pipe()
	}
	p.expect("end", "")
	return c
}
