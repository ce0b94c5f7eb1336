package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	documentNode = iota
	elementNode
	attrNode
	textNode
	commentNode
	procNode
	otherNode
)

type node struct {
	kind         int
	prefix, name string
	data         string
	attrs        []*node
	children     []*node
	parent       *node
	pos          int
	order        int
}

func (n *node) add(c *node) *node {
	c.parent, c.pos = n, len(n.children)
	n.children = append(n.children, c)
	return c
}

func (n *node) qname() string {
	if n.prefix != "" {
		return n.prefix + ":" + n.name
	}
	return n.name
}

func (n *node) text() string {
	switch n.kind {
	case textNode, attrNode, commentNode, procNode:
		return n.data
	}
	var sb strings.Builder
	var walk func(*node)
	walk = func(m *node) {
		if m.kind == textNode {
			sb.WriteString(m.data)
		}
		for _, c := range m.children {
			walk(c)
		}
	}
	walk(n)
	return sb.String()
}

func parseXML(data []byte, strict bool) (*node, error) {
	r := newXMLReader(data, strict)
	doc := &node{}
	cur := doc
	count := 0
	declared, rooted := false, false
	for {
		tok, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if !declared && !rooted {
				doc.children = nil
				doc.add(&node{kind: procNode, name: "xml", data: `version="1.0"`})
			}
			rooted = true
			count++
			el := &node{kind: elementNode, prefix: t.Name.Space, name: t.Name.Local, order: count}
			for _, a := range t.Attr {
				el.attrs = append(el.attrs, &node{kind: attrNode, prefix: a.Name.Space, name: a.Name.Local, data: a.Value, parent: el, order: count})
			}
			cur = cur.add(el)
		case xml.EndElement:
			cur = cur.parent
		case xml.CharData:
			if cur != doc {
				count++
				cur.add(&node{kind: textNode, data: string(t), order: count})
			}
		case xml.Comment:
			count++
			cur.add(&node{kind: commentNode, data: string(t), order: count})
		case xml.ProcInst:
			declared = declared || t.Target == "xml"
			cur.add(&node{kind: procNode, name: t.Target, data: string(t.Inst)})
		case xml.Directive:
			cur.add(&node{kind: otherNode, data: string(t)})
		}
	}
	if !rooted {
		return nil, errors.New("xmlquery: invalid XML document")
	}
	return doc, nil
}

func renderXML(n *node, sb *strings.Builder) {
	switch n.kind {
	case documentNode:
		for _, c := range n.children {
			renderXML(c, sb)
		}
	case textNode:
		xml.EscapeText(sb, []byte(n.data))
	case commentNode:
		sb.WriteString("<!--" + n.data + "-->")
	case procNode:
		sb.WriteString("<?" + n.name + " " + n.data + "?>")
	case otherNode:
		sb.WriteString("<!" + n.data + ">")
	case attrNode:
		sb.WriteString("<" + n.name + ">")
		xml.EscapeText(sb, []byte(n.data))
		sb.WriteString("</" + n.name + ">")
	case elementNode:
		sb.WriteString("<" + n.qname())
		for _, a := range n.attrs {
			sb.WriteString(" " + a.qname() + `="` + attrEscaper.Replace(a.data) + `"`)
		}
		sb.WriteString(">")
		for _, c := range n.children {
			renderXML(c, sb)
		}
		sb.WriteString("</" + n.qname() + ">")
	}
}

func queryXPath(data []byte, query string, single, asNode bool, p *printer) error {
	doc, err := parseXML(data, false)
	if err != nil {
		return err
	}
	expr, err := compileXPath(query)
	if err != nil {
		if single || asNode {
			return fmt.Errorf("XPath error: %w", err)
		}
		return errors.New("unable to parse the XPath query")
	}
	result := expr(context{doc, 1, 1})
	nodes, isNodes := result.([]*node)
	if !isNodes {
		if single || asNode {
			return nil
		}
		switch v := result.(type) {
		case float64:
			p.put(fmt.Sprintf("%.0f\n", v))
		case string:
			p.put(v + "\n")
		default:
			return fmt.Errorf("unknown type error: %v", v)
		}
		return nil
	}
	if single && len(nodes) > 1 {
		nodes = nodes[:1]
	}
	for _, n := range nodes {
		if asNode {
			var sb strings.Builder
			renderXML(n, &sb)
			sub := &printer{out: p.out, indent: p.indent, color: p.color}
			if err := formatXML([]byte(sb.String()), sub); err != nil {
				return err
			}
			continue
		}
		text := strings.TrimSpace(n.text())
		if n.kind == documentNode && !single || n.kind == commentNode && single {
			text = ""
		}
		p.put(text + "\n")
	}
	return nil
}

// ---- XPath

type context struct {
	n         *node
	pos, size int
}

type xexpr func(context) interface{}

type xparser struct {
	s   string
	pos int
}

type xpathError struct{ error }

func (x *xparser) fail() {
	panic(xpathError{errors.New("expression must evaluate to a node-set")})
}

func compileXPath(s string) (e xexpr, err error) {
	defer func() {
		if r := recover(); r != nil {
			xe, ok := r.(xpathError)
			if !ok {
				panic(r)
			}
			err = xe.error
		}
	}()
	x := &xparser{s: s}
	return x.or(), nil
}

func (x *xparser) space() {
	for x.pos < len(x.s) && strings.IndexByte(" \t\r\n", x.s[x.pos]) >= 0 {
		x.pos++
	}
}

func (x *xparser) peek(tok string) bool {
	x.space()
	return strings.HasPrefix(x.s[x.pos:], tok)
}

func (x *xparser) accept(tok string) bool {
	if x.peek(tok) {
		x.pos += len(tok)
		return true
	}
	return false
}

func (x *xparser) expect(tok string) {
	if !x.accept(tok) {
		x.fail()
	}
}

func (x *xparser) word(w string) bool {
	if !x.peek(w) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(x.s[x.pos+len(w):])
	if x.pos+len(w) < len(x.s) && isNameRune(r) {
		return false
	}
	x.pos += len(w)
	return true
}

func isNameRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.'
}

func (x *xparser) ncname() string {
	x.space()
	start := x.pos
	for x.pos < len(x.s) {
		r, size := utf8.DecodeRuneInString(x.s[x.pos:])
		if !isNameRune(r) || x.pos == start && !unicode.IsLetter(r) && r != '_' {
			break
		}
		x.pos += size
	}
	return x.s[start:x.pos]
}

func (x *xparser) or() xexpr {
	left := x.and()
	for x.word("or") {
		a, b := left, x.and()
		left = func(c context) interface{} { return toBool(a(c)) || toBool(b(c)) }
	}
	return left
}

func (x *xparser) and() xexpr {
	left := x.comparison()
	for x.word("and") {
		a, b := left, x.comparison()
		left = func(c context) interface{} { return toBool(a(c)) && toBool(b(c)) }
	}
	return left
}

func (x *xparser) comparison() xexpr {
	left := x.additive()
	for {
		op := ""
		for _, o := range []string{"!=", "<=", ">=", "=", "<", ">"} {
			if x.accept(o) {
				op = o
				break
			}
		}
		if op == "" {
			return left
		}
		a, b := left, x.additive()
		left = func(c context) interface{} { return compare(op, a(c), b(c)) }
	}
}

func arith(a, b xexpr, f func(x, y float64) float64) xexpr {
	return func(c context) interface{} { return f(toNum(a(c)), toNum(b(c))) }
}

func (x *xparser) additive() xexpr {
	left := x.multiplicative()
	for {
		if x.accept("+") {
			left = arith(left, x.multiplicative(), func(a, b float64) float64 { return a + b })
		} else if x.accept("-") {
			left = arith(left, x.multiplicative(), func(a, b float64) float64 { return a - b })
		} else {
			return left
		}
	}
}

func (x *xparser) multiplicative() xexpr {
	left := x.unary()
	for {
		if x.accept("*") {
			left = arith(left, x.unary(), func(a, b float64) float64 { return a * b })
		} else if x.word("div") {
			left = arith(left, x.unary(), func(a, b float64) float64 { return a / b })
		} else if x.word("mod") {
			left = arith(left, x.unary(), math.Mod)
		} else {
			return left
		}
	}
}

func (x *xparser) unary() xexpr {
	if x.accept("-") {
		e := x.unary()
		return func(c context) interface{} { return -toNum(e(c)) }
	}
	left := x.path()
	for x.accept("|") {
		a, b := left, x.path()
		left = func(c context) interface{} {
			return dedupe(append(append([]*node{}, toNodes(a(c))...), toNodes(b(c))...))
		}
	}
	return left
}

var (
	numberRe = regexp.MustCompile(`^(\d+(\.\d*)?|\.\d+)`)
	callRe   = regexp.MustCompile(`^([A-Za-z][-\w:]*)\s*\(`)
)

func (x *xparser) path() xexpr {
	x.space()
	rest := x.s[x.pos:]
	call := callRe.FindStringSubmatch(rest)
	var base xexpr
	switch {
	case rest == "":
		x.fail()
	case rest[0] == '(':
		x.pos++
		base = x.or()
		x.expect(")")
	case rest[0] == '"' || rest[0] == '\'':
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			x.fail()
		}
		lit := rest[1 : 1+end]
		x.pos += end + 2
		return func(context) interface{} { return lit }
	case numberRe.MatchString(rest):
		m := numberRe.FindString(rest)
		x.pos += len(m)
		f, _ := strconv.ParseFloat(m, 64)
		return func(context) interface{} { return f }
	case call != nil && !nodeTypes[call[1]] && !strings.Contains(call[1], "::"):
		x.pos += len(call[0])
		base = x.call(call[1])
	}
	if base != nil {
		for x.accept("[") {
			base = filter(base, x.predicate())
		}
		if x.peek("/") {
			return x.steps(base)
		}
		return base
	}
	if x.peek("/") {
		root := func(c context) interface{} {
			n := c.n
			for n.parent != nil {
				n = n.parent
			}
			return []*node{n}
		}
		if !x.peek("//") {
			x.pos++
			x.space()
			if x.pos == len(x.s) || strings.IndexByte("|)]", x.s[x.pos]) >= 0 {
				return root
			}
			return x.steps(x.step(root))
		}
		return x.steps(root)
	}
	self := func(c context) interface{} { return []*node{c.n} }
	return x.steps(x.step(self))
}

func (x *xparser) steps(base xexpr) xexpr {
	for {
		if x.accept("//") {
			base = x.step(axisStep(base, "descendant-or-self", func(*node) bool { return true }, nil))
		} else if x.accept("/") {
			base = x.step(base)
		} else {
			return base
		}
	}
}

func (x *xparser) predicate() xexpr {
	e := x.or()
	x.expect("]")
	return e
}

func keep(in []*node, pred xexpr) []*node {
	var out []*node
	for i, n := range in {
		v := pred(context{n, i + 1, len(in)})
		ok := false
		if f, isNum := v.(float64); isNum {
			ok = f == float64(i+1)
		} else {
			ok = toBool(v)
		}
		if ok {
			out = append(out, n)
		}
	}
	return out
}

func filter(base, pred xexpr) xexpr {
	return func(c context) interface{} { return keep(toNodes(base(c)), pred) }
}

var nodeTypes = map[string]bool{"text": true, "node": true, "comment": true, "processing-instruction": true}

var axes = map[string]bool{"child": true, "descendant": true, "parent": true, "ancestor": true, "following-sibling": true,
	"preceding-sibling": true, "following": true, "preceding": true, "attribute": true, "self": true,
	"descendant-or-self": true, "ancestor-or-self": true}

func (x *xparser) step(base xexpr) xexpr {
	axis := "child"
	var test func(*node) bool
	anyNode := func(*node) bool { return true }
	switch {
	case x.accept(".."):
		axis, test = "parent", anyNode
	case x.accept("."):
		axis, test = "self", anyNode
	case x.accept("@"):
		axis = "attribute"
	}
	if test == nil {
		save := x.pos
		if name := x.ncname(); name != "" && x.accept("::") {
			if !axes[name] {
				x.fail()
			}
			axis = name
		} else {
			x.pos = save
		}
		test = x.nodeTest(axis)
	}
	var preds []xexpr
	for x.accept("[") {
		preds = append(preds, x.predicate())
	}
	return axisStep(base, axis, test, preds)
}

func (x *xparser) nodeTest(axis string) func(*node) bool {
	want := elementNode
	if axis == "attribute" {
		want = attrNode
	}
	if x.accept("*") {
		return func(n *node) bool { return n.kind == want }
	}
	name := x.ncname()
	if name == "" {
		x.fail()
	}
	if nodeTypes[name] && x.accept("(") {
		for x.pos < len(x.s) && x.s[x.pos] != ')' {
			x.pos++
		}
		x.expect(")")
		kinds := map[string]int{"text": textNode, "comment": commentNode, "processing-instruction": procNode}
		kind, ok := kinds[name]
		return func(n *node) bool { return !ok || n.kind == kind }
	}
	if x.pos < len(x.s) && x.s[x.pos] == ':' && !x.peek("::") {
		x.pos++
		if x.accept("*") {
			return func(n *node) bool { return n.kind == want && n.prefix == name }
		}
		local := x.ncname()
		if local == "" {
			x.fail()
		}
		return func(n *node) bool { return n.kind == want && n.prefix == name && n.name == local }
	}
	return func(n *node) bool { return n.kind == want && n.prefix == "" && n.name == name }
}

func axisStep(base xexpr, axis string, test func(*node) bool, preds []xexpr) xexpr {
	return func(c context) interface{} {
		var out []*node
		for _, n := range toNodes(base(c)) {
			var picked []*node
			for _, m := range walkAxis(n, axis) {
				if test(m) {
					picked = append(picked, m)
				}
			}
			for _, pred := range preds {
				picked = keep(picked, pred)
			}
			out = append(out, picked...)
		}
		out = dedupe(out)
		if axis == "child" || axis == "attribute" || strings.HasPrefix(axis, "descendant") {
			sort.SliceStable(out, func(i, j int) bool { return out[i].order < out[j].order })
		}
		return out
	}
}

func descend(n *node, out []*node) []*node {
	for _, c := range n.children {
		out = descend(c, append(out, c))
	}
	return out
}

func walkAxis(n *node, axis string) (out []*node) {
	switch axis {
	case "child":
		return n.children
	case "attribute":
		return n.attrs
	case "self":
		return []*node{n}
	case "parent":
		if n.parent != nil {
			out = append(out, n.parent)
		}
	case "descendant":
		return descend(n, nil)
	case "descendant-or-self":
		return descend(n, []*node{n})
	case "ancestor", "ancestor-or-self":
		if axis == "ancestor-or-self" {
			out = append(out, n)
		}
		for a := n.parent; a != nil; a = a.parent {
			out = append(out, a)
		}
	case "following-sibling", "preceding-sibling":
		if n.parent == nil || n.kind == attrNode {
			return nil
		}
		sibs := n.parent.children
		if axis == "following-sibling" {
			return sibs[n.pos+1:]
		}
		for i := n.pos - 1; i >= 0; i-- {
			out = append(out, sibs[i])
		}
	case "following", "preceding":
		for a := n; a.parent != nil; a = a.parent {
			for _, s := range walkAxis(a, axis+"-sibling") {
				branch := descend(s, []*node{s})
				if axis == "preceding" {
					for i := len(branch) - 1; i >= 0; i-- {
						out = append(out, branch[i])
					}
				} else {
					out = append(out, branch...)
				}
			}
		}
	}
	return out
}

func dedupe(in []*node) []*node {
	seen := make(map[*node]bool, len(in))
	out := []*node{}
	for _, n := range in {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

func toNodes(v interface{}) []*node {
	nodes, _ := v.([]*node)
	return nodes
}

func toBool(v interface{}) bool {
	switch t := v.(type) {
	case bool:
		return t
	case float64:
		return t != 0 && !math.IsNaN(t)
	case string:
		return t != ""
	case int:
		return t != 0
	}
	return len(toNodes(v)) > 0
}

func toStr(v interface{}) string {
	switch t := v.(type) {
	case string:
		return t
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64)
	case []*node:
		if len(t) == 0 {
			return ""
		}
		return t[0].text()
	}
	return fmt.Sprint(v)
}

func toNum(v interface{}) float64 {
	switch t := v.(type) {
	case float64:
		return t
	case bool:
		if t {
			return 1
		}
		return 0
	case int:
		return float64(t)
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(toStr(v)), 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

func compare(op string, a, b interface{}) bool {
	if nodes, ok := a.([]*node); ok {
		for _, n := range nodes {
			if compare(op, n.text(), b) {
				return true
			}
		}
		return false
	}
	if nodes, ok := b.([]*node); ok {
		for _, n := range nodes {
			if compare(op, a, n.text()) {
				return true
			}
		}
		return false
	}
	if op == "=" || op == "!=" {
		_, b1 := a.(bool)
		_, b2 := b.(bool)
		_, s1 := a.(string)
		_, s2 := b.(string)
		equal := false
		switch {
		case b1 || b2:
			equal = toBool(a) == toBool(b)
		case s1 && s2:
			equal = a == b
		default:
			equal = toNum(a) == toNum(b)
		}
		return equal == (op == "=")
	}
	x, y := toNum(a), toNum(b)
	switch op {
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	}
	return x >= y
}

func (x *xparser) call(name string) xexpr {
	var args []xexpr
	if !x.accept(")") {
		for {
			args = append(args, x.or())
			if x.accept(")") {
				break
			}
			x.expect(",")
		}
	}
	need := func(lo, hi int) {
		if len(args) < lo || len(args) > hi {
			x.fail()
		}
	}
	str := func(f func(s []string) interface{}) xexpr {
		return func(c context) interface{} {
			vals := make([]string, len(args))
			for i, a := range args {
				vals[i] = toStr(a(c))
			}
			return f(vals)
		}
	}
	// functions whose argument defaults to the context node
	optional := func(f func(n *node) interface{}) xexpr {
		need(0, 1)
		return func(c context) interface{} {
			if len(args) == 0 {
				return f(c.n)
			}
			if nodes := toNodes(args[0](c)); len(nodes) > 0 {
				return f(nodes[0])
			}
			return ""
		}
	}
	num := func(f func(float64) interface{}) xexpr {
		need(1, 1)
		return func(c context) interface{} { return f(toNum(args[0](c))) }
	}
	if len(args) == 0 && (name == "string" || name == "number" || name == "string-length" || name == "normalize-space") {
		args = append(args, func(c context) interface{} { return []*node{c.n} })
	}
	switch name {
	case "position":
		return func(c context) interface{} { return float64(c.pos) }
	case "last":
		return func(c context) interface{} { return float64(c.size) }
	case "true", "false":
		return func(context) interface{} { return name == "true" }
	case "name":
		return optional(func(n *node) interface{} { return n.qname() })
	case "local-name":
		return optional(func(n *node) interface{} { return n.name })
	case "namespace-uri":
		return optional(func(n *node) interface{} {
			for e := n; e != nil; e = e.parent {
				for _, a := range e.attrs {
					if a.prefix == "xmlns" && a.name == n.prefix || n.prefix == "" && a.qname() == "xmlns" {
						return a.data
					}
				}
			}
			return ""
		})
	case "count":
		need(1, 1)
		return func(c context) interface{} { return float64(len(toNodes(args[0](c)))) }
	case "sum":
		need(1, 1)
		return func(c context) interface{} {
			total := 0.0
			for _, n := range toNodes(args[0](c)) {
				total += toNum(n.text())
			}
			return total
		}
	case "not":
		need(1, 1)
		return func(c context) interface{} { return !toBool(args[0](c)) }
	case "boolean":
		need(1, 1)
		return func(c context) interface{} { return toBool(args[0](c)) }
	case "number":
		return num(func(f float64) interface{} { return f })
	case "floor":
		return num(func(f float64) interface{} { return math.Floor(f) })
	case "ceiling":
		return num(func(f float64) interface{} { return math.Ceil(f) })
	case "round":
		return num(func(f float64) interface{} { return int(math.Floor(f + 0.5)) })
	case "string":
		need(1, 1)
		return str(func(s []string) interface{} { return s[0] })
	case "string-length":
		need(1, 1)
		return str(func(s []string) interface{} { return float64(utf8.RuneCountInString(s[0])) })
	case "normalize-space":
		need(1, 1)
		return str(func(s []string) interface{} { return strings.Join(strings.Fields(s[0]), " ") })
	case "lower-case":
		need(1, 1)
		return str(func(s []string) interface{} { return strings.ToLower(s[0]) })
	case "upper-case":
		need(1, 1)
		return str(func(s []string) interface{} { return strings.ToUpper(s[0]) })
	case "concat":
		need(2, 999)
		return str(func(s []string) interface{} { return strings.Join(s, "") })
	case "contains":
		need(2, 2)
		return str(func(s []string) interface{} { return strings.Contains(s[0], s[1]) })
	case "starts-with":
		need(2, 2)
		return str(func(s []string) interface{} { return strings.HasPrefix(s[0], s[1]) })
	case "ends-with":
		need(2, 2)
		return str(func(s []string) interface{} { return strings.HasSuffix(s[0], s[1]) })
	case "substring-before", "substring-after":
		need(2, 2)
		return str(func(s []string) interface{} {
			before, after, found := strings.Cut(s[0], s[1])
			if !found {
				return ""
			}
			if name == "substring-before" {
				return before
			}
			return after
		})
	case "replace":
		need(3, 3)
		return str(func(s []string) interface{} { return strings.ReplaceAll(s[0], s[1], s[2]) })
	case "matches":
		need(2, 2)
		return str(func(s []string) interface{} {
			re, err := regexp.Compile(s[1])
			return err == nil && re.MatchString(s[0])
		})
	case "translate":
		need(3, 3)
		return str(func(s []string) interface{} {
			from, to := []rune(s[1]), []rune(s[2])
			return strings.Map(func(r rune) rune {
				for i, f := range from {
					if f == r {
						if i < len(to) {
							return to[i]
						}
						return -1
					}
				}
				return r
			}, s[0])
		})
	case "substring":
		need(2, 3)
		return func(c context) interface{} {
			runes := []rune(toStr(args[0](c)))
			start := math.Floor(toNum(args[1](c)) + 0.5)
			end := math.Inf(1)
			if len(args) == 3 {
				end = start + math.Floor(toNum(args[2](c))+0.5)
			}
			out := ""
			for i, r := range runes {
				if f := float64(i + 1); f >= start && f < end {
					out += string(r)
				}
			}
			return out
		}
	case "string-join":
		need(2, 2)
		return func(c context) interface{} {
			var parts []string
			for _, n := range toNodes(args[0](c)) {
				parts = append(parts, n.text())
			}
			return strings.Join(parts, toStr(args[1](c)))
		}
	case "reverse":
		need(1, 1)
		return func(c context) interface{} {
			var out []*node
			for _, n := range toNodes(args[0](c)) {
				out = append([]*node{n}, out...)
			}
			return out
		}
	}
	panic(xpathError{fmt.Errorf("not yet support this function %s()", name)})
}

// ---- HTML scanner and tree

const (
	tokText = iota
	tokStart
	tokEnd
	tokComment
	tokDoctype
)

type htmlToken struct {
	kind        int
	data, raw   string
	attrs       []*node
	selfClosing bool
}

type htmlScanner struct {
	src    string
	pos    int
	rawTag string
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var (
	voidTags    = set("area base br col embed hr img input keygen link meta param source track wbr")
	rawTags     = set("script style xmp iframe noembed noframes")
	rcdataTags  = set("title textarea")
	headTags    = set("base basefont bgsound link meta noframes script style template title")
	tableParts  = set("tbody thead tfoot tr td th caption")
	blockTags   = set("address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer header hgroup main menu nav ol p section summary ul h1 h2 h3 h4 h5 h6 pre listing form table hr xmp li dd dt")
	scopeLimits = set("html table td th caption button object template")
)

func normalizeNewlines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

var entityRe = regexp.MustCompile(`&#?[A-Za-z0-9]+[;=]?`)

// in attribute values "&name=" is not a character reference
func unescapeAttr(s string) string {
	return entityRe.ReplaceAllStringFunc(s, func(m string) string {
		if strings.HasSuffix(m, "=") {
			return m
		}
		return html.UnescapeString(m)
	})
}

func isAlpha(s string, i int) bool {
	return i < len(s) && (s[i]|0x20) >= 'a' && (s[i]|0x20) <= 'z'
}

func (z *htmlScanner) next() (htmlToken, bool) {
	if z.pos >= len(z.src) {
		return htmlToken{}, false
	}
	rest := z.src[z.pos:]
	if tag := z.rawTag; tag != "" {
		z.rawTag = ""
		end := strings.Index(strings.ToLower(rest), "</"+tag)
		if end < 0 {
			end = len(rest)
		}
		if end > 0 {
			z.pos += end
			text := rest[:end]
			if rcdataTags[tag] {
				text = html.UnescapeString(text)
			}
			return htmlToken{kind: tokText, data: text}, true
		}
	}
	i := 0
	for i < len(rest) && !markupAt(rest, i) {
		i++
	}
	if i > 0 {
		z.pos += i
		return htmlToken{kind: tokText, data: html.UnescapeString(rest[:i])}, true
	}
	switch {
	case strings.HasPrefix(rest, "<!--"):
		stop := len(rest)
		body := rest[4:]
		if end := strings.Index(body, "-->"); end >= 0 {
			body, stop = body[:end], end+7
		}
		z.pos += stop
		return htmlToken{kind: tokComment, data: body, raw: rest[:stop]}, true
	case rest[1] == '!' || rest[1] == '?' || rest[1] == '/' && !isAlpha(rest, 2):
		stop, inner := len(rest), rest[2:]
		if end := strings.IndexByte(rest, '>'); end >= 0 {
			inner, stop = rest[2:end], end+1
		}
		z.pos += stop
		if len(inner) >= 7 && strings.EqualFold(inner[:7], "doctype") {
			return htmlToken{kind: tokDoctype, data: strings.TrimSpace(inner[7:])}, true
		}
		if rest[1] == '?' {
			inner = "?" + inner
		}
		return htmlToken{kind: tokComment, data: inner, raw: rest[:stop]}, true
	}
	return z.tag()
}

func markupAt(s string, i int) bool {
	if s[i] != '<' || i+1 >= len(s) {
		return false
	}
	return s[i+1] == '!' || s[i+1] == '?' || isAlpha(s, i+1) || s[i+1] == '/' && i+2 < len(s)
}

func (z *htmlScanner) tag() (htmlToken, bool) {
	s := z.src
	i := z.pos + 1
	t := htmlToken{kind: tokStart}
	if s[i] == '/' {
		t.kind = tokEnd
		i++
	}
	isSpace := func(i int) bool { return strings.IndexByte(" \t\n\f", s[i]) >= 0 }
	start := i
	for i < len(s) && !isSpace(i) && s[i] != '/' && s[i] != '>' {
		i++
	}
	t.data = strings.ToLower(s[start:i])
	for {
		for i < len(s) && (isSpace(i) || s[i] == '/') {
			i++
		}
		if i >= len(s) {
			z.pos = len(s)
			return t, false
		}
		if s[i] == '>' {
			t.selfClosing = s[i-1] == '/'
			break
		}
		start = i
		for i < len(s) && !isSpace(i) && (s[i] != '=' || i == start) && s[i] != '/' && s[i] != '>' {
			i++
		}
		attr := &node{kind: attrNode, name: strings.ToLower(s[start:i])}
		j := i
		for j < len(s) && isSpace(j) {
			j++
		}
		if j < len(s) && s[j] == '=' {
			j++
			for j < len(s) && isSpace(j) {
				j++
			}
			start, i = j, j
			if j < len(s) && (s[j] == '"' || s[j] == '\'') {
				end := strings.IndexByte(s[j+1:], s[j])
				if end < 0 {
					z.pos = len(s)
					return t, false
				}
				start, i = j+1, j+1+end
				attr.data = unescapeAttr(s[start:i])
				i++
			} else {
				for i < len(s) && !isSpace(i) && s[i] != '>' {
					i++
				}
				attr.data = unescapeAttr(s[start:i])
			}
		}
		if t.kind == tokStart {
			t.attrs = append(t.attrs, attr)
		}
	}
	z.pos = i + 1
	if t.kind == tokStart && (rawTags[t.data] || rcdataTags[t.data]) {
		z.rawTag = t.data
	}
	return t, true
}

type treeBuilder struct {
	doc, html, head, body *node
	stack                 []*node
	headOpen              bool
}

func (b *treeBuilder) top() *node { return b.stack[len(b.stack)-1] }

func (b *treeBuilder) ensureBody() {
	if b.body == nil {
		b.body = b.html.add(&node{kind: elementNode, name: "body"})
		b.stack = []*node{b.html, b.body}
	}
}

// closeTo pops up to and including the nearest element among names, unless a boundary comes first.
func (b *treeBuilder) closeTo(names, limits map[string]bool) bool {
	for i := len(b.stack) - 1; i > 1; i-- {
		if names[b.stack[i].name] {
			b.stack = b.stack[:i]
			return true
		}
		if limits[b.stack[i].name] {
			return false
		}
	}
	return false
}

func (b *treeBuilder) insert(name string, attrs []*node) *node {
	el := b.top().add(&node{kind: elementNode, name: name, attrs: attrs})
	b.stack = append(b.stack, el)
	return el
}

func (b *treeBuilder) start(t htmlToken) {
	name := t.data
	merge := func(el *node) {
		if len(el.attrs) == 0 {
			el.attrs = t.attrs
		}
	}
	switch {
	case name == "html":
		merge(b.html)
		return
	case name == "head":
		if b.body == nil {
			merge(b.head)
			b.headOpen = true
		}
		return
	case name == "body":
		b.ensureBody()
		merge(b.body)
		return
	case b.body == nil && headTags[name]:
		b.stack = []*node{b.html, b.head}
		b.headOpen = true
	default:
		b.ensureBody()
		b.imply(name)
	}
	b.insert(name, t.attrs)
	if voidTags[name] {
		b.stack = b.stack[:len(b.stack)-1]
	} else if t.selfClosing {
		for _, el := range b.stack {
			if el.name == "svg" || el.name == "math" {
				b.stack = b.stack[:len(b.stack)-1]
				break
			}
		}
	}
}

// imply closes or opens the elements that the given start tag requires.
func (b *treeBuilder) imply(name string) {
	switch name {
	case "li":
		b.closeTo(set("li"), set("ul ol td th table"))
	case "dt", "dd":
		b.closeTo(set("dt dd"), set("dl td th table"))
	case "option", "optgroup":
		b.closeTo(set("option"), set("select"))
		if name == "optgroup" {
			b.closeTo(set("optgroup"), set("select"))
		}
	case "a", "button":
		b.closeTo(set(name), scopeLimits)
	case "tbody", "thead", "tfoot", "caption", "colgroup":
		b.closeTo(set("tbody thead tfoot caption colgroup"), set("table"))
	case "tr":
		b.closeTo(set("tr caption colgroup"), set("table tbody thead tfoot"))
		if b.top().name == "table" {
			b.insert("tbody", nil)
		}
	case "td", "th":
		b.closeTo(set("td th"), set("table tr"))
		if b.top().name == "table" {
			b.insert("tbody", nil)
		}
		if n := b.top().name; n == "tbody" || n == "thead" || n == "tfoot" {
			b.insert("tr", nil)
		}
	}
	if blockTags[name] {
		b.closeTo(set("p"), scopeLimits)
	}
}

func (b *treeBuilder) end(name string) {
	switch name {
	case "html", "body":
		return
	case "head":
		b.headOpen = false
		if b.body == nil {
			b.stack = nil
		}
		return
	case "br":
		b.start(htmlToken{kind: tokStart, data: "br"})
		return
	}
	if b.body == nil {
		if len(b.stack) > 2 && b.top().name == name {
			b.stack = b.stack[:len(b.stack)-1]
		}
		return
	}
	limits := scopeLimits
	if tableParts[name] || name == "table" {
		limits = set("table")
	}
	if !b.closeTo(set(name), limits) && name == "p" {
		b.insert("p", nil)
		b.stack = b.stack[:len(b.stack)-1]
	}
}

func parseHTML(src string) *node {
	b := &treeBuilder{doc: &node{}}
	b.html = &node{kind: elementNode, name: "html"}
	b.head = b.html.add(&node{kind: elementNode, name: "head"})
	attached := false
	attach := func() {
		if !attached {
			attached = true
			b.doc.add(b.html)
		}
	}
	z := &htmlScanner{src: normalizeNewlines(src)}
	htmlEnded := false
	for {
		t, ok := z.next()
		if !ok {
			break
		}
		switch t.kind {
		case tokStart:
			attach()
			b.start(t)
		case tokEnd:
			attach()
			htmlEnded = htmlEnded || t.data == "html"
			b.end(t.data)
		case tokComment:
			c := &node{kind: commentNode, data: t.data}
			switch {
			case !attached || htmlEnded:
				b.doc.add(c)
			case b.body == nil && b.headOpen:
				b.head.add(c)
			case b.body == nil:
				b.html.add(c)
			default:
				b.top().add(c)
			}
		case tokText:
			inHeadElement := b.body == nil && len(b.stack) > 2
			if strings.TrimSpace(t.data) == "" && b.body == nil && !inHeadElement {
				if b.headOpen {
					b.head.add(&node{kind: textNode, data: t.data})
				}
				continue
			}
			attach()
			if !inHeadElement {
				b.ensureBody()
			}
			b.top().add(&node{kind: textNode, data: t.data})
		}
	}
	attach()
	b.ensureBody()
	return b.doc
}

func startTag(n *node) string {
	s := "<" + n.name
	for _, a := range n.attrs {
		s += " " + a.name + `="` + html.EscapeString(a.data) + `"`
	}
	return s + ">"
}

// renderMatch writes a selected element: always with an end tag, its own text always escaped.
func renderMatch(n *node, sb *strings.Builder) {
	sb.WriteString(startTag(n))
	for _, c := range n.children {
		if c.kind == textNode {
			sb.WriteString(html.EscapeString(c.data))
		} else {
			renderHTML(c, sb)
		}
	}
	sb.WriteString("</" + n.name + ">")
}

func renderHTML(n *node, sb *strings.Builder) {
	switch n.kind {
	case textNode:
		if n.parent != nil && rawTags[n.parent.name] {
			sb.WriteString(n.data)
		} else {
			sb.WriteString(html.EscapeString(n.data))
		}
	case commentNode:
		sb.WriteString("<!--" + n.data + "-->")
	case elementNode:
		sb.WriteString(startTag(n))
		if voidTags[n.name] {
			return
		}
		for _, c := range n.children {
			renderHTML(c, sb)
		}
		sb.WriteString("</" + n.name + ">")
	}
}

func queryCSS(src, selector, attr string, asNode bool, p *printer) error {
	match, ok := compileCSS(selector)
	if !ok {
		return nil
	}
	for _, n := range descend(parseHTML(src), nil) {
		if n.kind != elementNode || !match(n) {
			continue
		}
		switch {
		case attr != "":
			val, _ := n.attribute(attr)
			p.put(strings.TrimSpace(val) + "\n")
		case asNode:
			var sb strings.Builder
			renderMatch(n, &sb)
			formatHTML(sb.String(), &printer{out: p.out, indent: p.indent, color: p.color})
		default:
			p.put(strings.TrimSpace(n.text()) + "\n")
		}
	}
	return nil
}

func (n *node) attribute(name string) (string, bool) {
	for _, a := range n.attrs {
		if a.name == name {
			return a.data, true
		}
	}
	return "", false
}

// ---- CSS selectors

type matcher func(*node) bool

type cssParser struct {
	s   string
	pos int
	bad bool
}

func compileCSS(s string) (matcher, bool) {
	c := &cssParser{s: s}
	m := c.group()
	return m, !c.bad && c.pos == len(s)
}

func (c *cssParser) cur() byte {
	if c.pos < len(c.s) {
		return c.s[c.pos]
	}
	return 0
}

func (c *cssParser) space() bool {
	start := c.pos
	for c.pos < len(c.s) && strings.IndexByte(" \t\n\r\f", c.s[c.pos]) >= 0 {
		c.pos++
	}
	return c.pos > start
}

func (c *cssParser) ident() string {
	var sb strings.Builder
	for c.pos < len(c.s) {
		r, size := utf8.DecodeRuneInString(c.s[c.pos:])
		if r == '\\' && c.pos+1 < len(c.s) {
			c.pos++
			r, size = utf8.DecodeRuneInString(c.s[c.pos:])
		} else if !(unicode.IsLetter(r) || r == '_' || r == '-' || r >= 0x80 || unicode.IsDigit(r) && sb.Len() > 0) {
			break
		}
		sb.WriteRune(r)
		c.pos += size
	}
	if sb.Len() == 0 {
		c.bad = true
	}
	return sb.String()
}

func (c *cssParser) group() matcher {
	var all []matcher
	for !c.bad {
		c.space()
		all = append(all, c.complex())
		c.space()
		if c.cur() != ',' {
			break
		}
		c.pos++
	}
	return func(n *node) bool {
		for _, m := range all {
			if m(n) {
				return true
			}
		}
		return false
	}
}

func (c *cssParser) complex() matcher {
	left := c.compound()
	for !c.bad {
		spaced := c.space()
		comb := c.cur()
		if comb == '>' || comb == '+' || comb == '~' {
			c.pos++
			c.space()
		} else if spaced && comb != 0 && comb != ',' && comb != ')' {
			comb = ' '
		} else {
			break
		}
		left = combine(comb, left, c.compound())
	}
	return left
}

func combine(comb byte, left, right matcher) matcher {
	return func(n *node) bool {
		if !right(n) {
			return false
		}
		switch comb {
		case '>':
			return n.parent != nil && left(n.parent)
		case ' ':
			for a := n.parent; a != nil; a = a.parent {
				if left(a) {
					return true
				}
			}
		default:
			for _, s := range walkAxis(n, "preceding-sibling") {
				if s.kind == elementNode {
					if left(s) {
						return true
					}
					if comb == '+' {
						return false
					}
				}
			}
		}
		return false
	}
}

func (c *cssParser) compound() matcher {
	tests := []matcher{func(n *node) bool { return n.kind == elementNode }}
	start := c.pos
	if c.cur() == '*' {
		c.pos++
	} else if b := c.cur(); b == '_' || b == '-' || b == '\\' || b >= 0x80 || isAlpha(c.s, c.pos) {
		tag := strings.ToLower(c.ident())
		tests = append(tests, func(n *node) bool { return n.name == tag })
	}
	for !c.bad {
		switch c.cur() {
		case '#':
			c.pos++
			id := c.ident()
			tests = append(tests, func(n *node) bool { v, ok := n.attribute("id"); return ok && v == id })
			continue
		case '.':
			c.pos++
			class := c.ident()
			tests = append(tests, func(n *node) bool { v, _ := n.attribute("class"); return hasWord(v, class) })
			continue
		case '[':
			c.pos++
			tests = append(tests, c.attrTest())
			continue
		case ':':
			c.pos++
			tests = append(tests, c.pseudo())
			continue
		}
		break
	}
	if c.pos == start {
		c.bad = true
	}
	return func(n *node) bool {
		for _, t := range tests {
			if !t(n) {
				return false
			}
		}
		return true
	}
}

func hasWord(s, word string) bool {
	for _, w := range strings.Fields(s) {
		if w == word {
			return true
		}
	}
	return false
}

func (c *cssParser) value() string {
	if q := c.cur(); q == '"' || q == '\'' {
		end := strings.IndexByte(c.s[c.pos+1:], q)
		if end < 0 {
			c.bad = true
			return ""
		}
		v := c.s[c.pos+1 : c.pos+1+end]
		c.pos += end + 2
		return v
	}
	return c.ident()
}

func (c *cssParser) attrTest() matcher {
	c.space()
	name := strings.ToLower(c.ident())
	c.space()
	op := ""
	for _, o := range []string{"=", "~=", "|=", "^=", "$=", "*=", "!="} {
		if strings.HasPrefix(c.s[c.pos:], o) {
			op = o
		}
	}
	c.pos += len(op)
	want := ""
	if op != "" {
		c.space()
		want = c.value()
		c.space()
	}
	if c.cur() != ']' {
		c.bad = true
	}
	c.pos++
	return func(n *node) bool {
		v, ok := n.attribute(name)
		switch op {
		case "":
			return ok
		case "!=":
			return v != want || !ok
		case "=":
			return ok && v == want
		case "~=":
			return hasWord(v, want)
		case "|=":
			return ok && (v == want || strings.HasPrefix(v, want+"-"))
		}
		if strings.TrimSpace(v) == "" || want == "" {
			return false
		}
		switch op {
		case "^=":
			return strings.HasPrefix(v, want)
		case "$=":
			return strings.HasSuffix(v, want)
		}
		return strings.Contains(v, want)
	}
}

var nthRe = regexp.MustCompile(`^\s*(?:(odd)|(even)|([+-]?\d*)n\s*(?:([+-])\s*(\d+))?|([+-]?\d+))\s*$`)

func (c *cssParser) argument() string {
	depth, start := 1, c.pos
	for ; c.pos < len(c.s); c.pos++ {
		if c.s[c.pos] == '(' {
			depth++
		} else if c.s[c.pos] == ')' {
			if depth--; depth == 0 {
				c.pos++
				return c.s[start : c.pos-1]
			}
		}
	}
	c.bad = true
	return ""
}

// place counts the position of n among its sibling elements and their total.
func place(n *node, sameType bool) (pos, total int) {
	if n.parent == nil {
		return 0, 0
	}
	for _, s := range n.parent.children {
		if s.kind == elementNode && (!sameType || s.name == n.name) {
			total++
			if s == n {
				pos = total
			}
		}
	}
	return pos, total
}

func nth(a, b int, sameType, fromEnd bool) matcher {
	return func(n *node) bool {
		pos, total := place(n, sameType)
		if fromEnd {
			pos = total - pos + 1
		}
		if a == 0 {
			return pos == b
		}
		return (pos-b)%a == 0 && (pos-b)/a >= 0
	}
}

func (c *cssParser) pseudo() matcher {
	name := strings.ToLower(c.ident())
	if c.bad {
		return nil
	}
	if c.cur() == '(' {
		c.pos++
		arg := c.argument()
		switch name {
		case "not", "has", "haschild":
			inner, ok := compileCSS(arg)
			c.bad = c.bad || !ok
			return func(n *node) bool {
				switch name {
				case "not":
					return !inner(n)
				case "haschild":
					return anyMatch(n.children, inner)
				}
				return anyMatch(descend(n, nil), inner)
			}
		case "contains", "containsown":
			want := strings.ToLower(strings.Trim(strings.TrimSpace(arg), `"'`))
			return func(n *node) bool {
				text := n.text()
				if name == "containsown" {
					var buf bytes.Buffer
					for _, ch := range n.children {
						if ch.kind == textNode {
							buf.WriteString(ch.data)
						}
					}
					text = buf.String()
				}
				return strings.Contains(strings.ToLower(text), want)
			}
		case "nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type":
			m := nthRe.FindStringSubmatch(strings.ToLower(arg))
			if m == nil {
				c.bad = true
				return nil
			}
			a, b := 0, 0
			switch {
			case m[1] != "":
				a, b = 2, 1
			case m[2] != "":
				a = 2
			case m[6] != "":
				b, _ = strconv.Atoi(m[6])
			default:
				switch m[3] {
				case "", "+":
					a = 1
				case "-":
					a = -1
				default:
					a, _ = strconv.Atoi(m[3])
				}
				b, _ = strconv.Atoi(m[4] + m[5])
			}
			return nth(a, b, strings.HasSuffix(name, "type"), strings.Contains(name, "last"))
		}
		c.bad = true
		return nil
	}
	sameType := strings.HasSuffix(name, "type")
	switch name {
	case "first-child", "first-of-type":
		return nth(0, 1, sameType, false)
	case "last-child", "last-of-type":
		return nth(0, 1, sameType, true)
	case "only-child", "only-of-type":
		return func(n *node) bool { _, total := place(n, sameType); return total == 1 }
	case "empty":
		return func(n *node) bool {
			for _, ch := range n.children {
				if ch.kind == elementNode || ch.kind == textNode {
					return false
				}
			}
			return true
		}
	case "root":
		return func(n *node) bool { return n.parent != nil && n.parent.kind == documentNode }
	case "input":
		inputs := set("input select textarea button")
		return func(n *node) bool { return inputs[n.name] }
	case "enabled", "disabled", "checked":
		return func(n *node) bool {
			attr := "disabled"
			if name == "checked" {
				attr = "checked"
			}
			_, ok := n.attribute(attr)
			return ok == (name != "enabled")
		}
	}
	c.bad = true
	return nil
}

func anyMatch(nodes []*node, m matcher) bool {
	for _, n := range nodes {
		if n.kind == elementNode && m(n) {
			return true
		}
	}
	return false
}
