package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
)

const usage = `Command-line XML and HTML beautifier and content extractor

Usage:
  xq [flags]

Flags:
  -a, --attr string      Extract an attribute value instead of node content for provided CSS query
  -c, --color            Force colorful output
      --compact          Compact JSON output (no indentation)
  -d, --depth int        Maximum nesting depth for JSON output (-1 for unlimited) (default -1)
  -e, --extract string   Extract a single node from XML
  -h, --help             Print this help message
  -m, --html             Use HTML formatter
  -i, --in-place         Format file in place
      --indent int       Use the given number of spaces for indentation (default 2)
  -j, --json             Output the result as JSON
      --no-color         Disable colorful output
  -n, --node             Return the node content instead of text
  -q, --query string     Extract the node(s) using CSS selector
      --tab              Use tabs for indentation
  -v, --version          Print version information
  -x, --xpath string     Extract the node(s) from XML
`

type options struct {
	attr, extract, query, xpath                                              string
	color, noColor, compact, help, html, inPlace, asJSON, node, tab, version bool
	depth, indent                                                            int
}

type flagDef struct {
	name, short string
	str         *string
	num         *int
	boolean     *bool
}

func (f *flagDef) set(val string) error {
	var err error
	switch {
	case f.str != nil:
		*f.str = val
	case f.num != nil:
		var n int64
		if n, err = strconv.ParseInt(val, 0, 64); err == nil {
			*f.num = int(n)
		}
	default:
		var b bool
		if b, err = strconv.ParseBool(val); err == nil {
			*f.boolean = b
		}
	}
	if err != nil {
		label := "--" + f.name
		if f.short != "" {
			label = "-" + f.short + ", " + label
		}
		return fmt.Errorf("invalid argument %q for %q flag: %v", val, label, err)
	}
	return nil
}

func parseArgs(args []string) (*options, []string, error) {
	o := &options{depth: -1, indent: 2}
	defs := []*flagDef{
		{name: "attr", short: "a", str: &o.attr},
		{name: "color", short: "c", boolean: &o.color},
		{name: "compact", boolean: &o.compact},
		{name: "depth", short: "d", num: &o.depth},
		{name: "extract", short: "e", str: &o.extract},
		{name: "help", short: "h", boolean: &o.help},
		{name: "html", short: "m", boolean: &o.html},
		{name: "in-place", short: "i", boolean: &o.inPlace},
		{name: "indent", num: &o.indent},
		{name: "json", short: "j", boolean: &o.asJSON},
		{name: "no-color", boolean: &o.noColor},
		{name: "node", short: "n", boolean: &o.node},
		{name: "query", short: "q", str: &o.query},
		{name: "tab", boolean: &o.tab},
		{name: "version", short: "v", boolean: &o.version},
		{name: "xpath", short: "x", str: &o.xpath},
	}
	var files []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			files = append(files, args[i+1:]...)
			break
		}
		if len(arg) < 2 || arg[0] != '-' {
			files = append(files, arg)
			continue
		}
		if strings.HasPrefix(arg, "--") {
			name, val, hasVal := strings.Cut(arg[2:], "=")
			if name == "" || name[0] == '-' {
				return nil, nil, errors.New("bad flag syntax: " + arg)
			}
			var def *flagDef
			for _, d := range defs {
				if d.name == name {
					def = d
				}
			}
			if def == nil {
				return nil, nil, errors.New("unknown flag: --" + name)
			}
			if !hasVal {
				if def.boolean != nil {
					val = "true"
				} else if i+1 < len(args) {
					i++
					val = args[i]
				} else {
					return nil, nil, errors.New("flag needs an argument: " + arg)
				}
			}
			if err := def.set(val); err != nil {
				return nil, nil, err
			}
			continue
		}
		for rest := arg[1:]; rest != ""; {
			var def *flagDef
			for _, d := range defs {
				if d.short == rest[:1] {
					def = d
				}
			}
			if def == nil {
				return nil, nil, fmt.Errorf("unknown shorthand flag: %q in -%s", rest[0], rest)
			}
			var val string
			switch {
			case len(rest) > 2 && rest[1] == '=':
				val, rest = rest[2:], ""
			case def.boolean != nil:
				val, rest = "true", rest[1:]
			case len(rest) > 1:
				val, rest = rest[1:], ""
			case i+1 < len(args):
				i++
				val, rest = args[i], ""
			default:
				return nil, nil, fmt.Errorf("flag needs an argument: %q in -%s", rest[0], rest)
			}
			if err := def.set(val); err != nil {
				return nil, nil, err
			}
		}
	}
	return o, files, nil
}

func isTerminal(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		var failed processError
		if errors.As(err, &failed) {
			fmt.Println("Error:", err)
		} else {
			fmt.Fprintln(os.Stderr, "Error:", err)
		}
		os.Exit(1)
	}
}

// processError is reported on standard output, after whatever was printed before it.
type processError struct{ error }

func run(args []string) error {
	o, files, err := parseArgs(args)
	if err != nil {
		return err
	}
	if o.help {
		fmt.Print(usage)
		return nil
	}
	if o.version {
		fmt.Println("xq version 1.4.0")
		return nil
	}
	if o.indent < 0 || o.indent > 8 {
		return errors.New("indent should be between 0-8 spaces")
	}
	var inputs []io.Reader
	if len(files) == 0 {
		if isTerminal(os.Stdin) {
			fmt.Print(usage)
			return nil
		}
		inputs = append(inputs, os.Stdin)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		inputs = append(inputs, f)
	}
	if o.inPlace && len(files) != 1 {
		return errors.New("in-place formatting requires a file path (and only one file path)")
	}
	if o.attr != "" && o.query == "" {
		return errors.New("query option (-q) is missed for attribute selection")
	}
	if o.inPlace {
		o.color = false
	} else if !o.color && !o.noColor && os.Getenv("NO_COLOR") == "" {
		o.color = isTerminal(os.Stdout) && os.Getenv("TERM") != ""
	}
	var failure error
	for _, in := range inputs {
		data, _ := io.ReadAll(in)
		var out bytes.Buffer
		err := process(data, &out, o)
		if o.inPlace {
			if err == nil {
				err = os.WriteFile(files[0], out.Bytes(), 0o644)
			}
		} else {
			os.Stdout.Write(out.Bytes())
		}
		failure = nil
		if err != nil {
			failure = processError{err}
		}
	}
	return failure
}

const (
	kindXML = iota
	kindHTML
	kindJSON
	kindText
)

// Only the first ten bytes decide.
func detect(data []byte) int {
	if len(data) == 0 {
		return kindText
	}
	head := strings.ToLower(string(data[:min(10, len(data))]))
	switch {
	case strings.ContainsAny(head, "[{"):
		return kindJSON
	case strings.Contains(head, "html") || strings.Contains(head, "<!d"):
		return kindHTML
	}
	return kindXML
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func process(data []byte, out *bytes.Buffer, o *options) error {
	p := &printer{out: out, indent: strings.Repeat(" ", o.indent), color: o.color}
	if o.tab {
		p.indent = "\t"
	}
	switch {
	case o.xpath != "":
		return queryXPath(data, o.xpath, false, o.node, p)
	case o.extract != "":
		return queryXPath(data, o.extract, true, o.node, p)
	case o.query != "":
		return queryCSS(string(data), o.query, o.attr, o.node, p)
	}
	kind := detect(data)
	if o.html {
		kind = kindHTML
	}
	if o.asJSON {
		return outputJSON(data, detect(data), o, p)
	}
	switch kind {
	case kindHTML:
		formatHTML(string(data), p)
		return nil
	case kindJSON:
		if p.indent == "" {
			return formatJSON(data, p, "")
		}
		return formatJSON(data, p, "\n")
	case kindXML:
		return formatXML(data, p)
	}
	return fmt.Errorf("unknown content type: %d", kind)
}

// ---- printing helpers

type printer struct {
	out    *bytes.Buffer
	indent string
	color  bool
	level  int
}

const (
	tagColor     = "33"
	attrColor    = "32"
	commentColor = "94"
)

func (p *printer) put(s string) { p.out.WriteString(s) }

func (p *printer) paint(code, s string) {
	if p.color {
		s = "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	p.out.WriteString(s)
}

func (p *printer) pad(level int) string {
	if level < 0 {
		level = 0
	}
	return strings.Repeat(p.indent, level)
}

// newline before an opening tag or a comment; nothing at the top level
func (p *printer) breakLine() {
	if p.level > 0 && p.indent != "" {
		p.put("\n" + p.pad(p.level))
	}
}

func (p *printer) endLine() {
	if p.indent != "" {
		p.put("\n")
	}
}

var (
	leadSpace = regexp.MustCompile(`^ *\n [ \n]*`)
	tailSpace = regexp.MustCompile(`[ \n]* $`)
)

func (p *printer) tidyText(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	if m := leadSpace.FindString(s); m != "" {
		s = "\n" + p.pad(p.level) + s[len(m):]
	}
	if m := tailSpace.FindString(s); m != "" {
		s = s[:len(s)-len(m)]
		if strings.Contains(m, "\n") {
			s += "\n" + p.pad(p.level-1)
		}
	}
	return s
}

var attrEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;",
	"\n", "&#xA;", "\t", "&#x9;", "\r", "&#xD;")

func (p *printer) attribute(name, val string) {
	p.put(" " + name)
	p.paint(attrColor, `="`+attrEscaper.Replace(val)+`"`)
}

func (p *printer) lines(s string) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			p.breakLine()
		}
		p.paint(commentColor, line)
	}
}

// ---- XML

// xmlReader delivers raw tokens (prefixes kept) with checked nesting.
type xmlReader struct {
	d       *xml.Decoder
	stack   []xml.Name
	pending *xml.Name
}

func newXMLReader(data []byte, strict bool) *xmlReader {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = strict
	d.CharsetReader = charsetReader
	return &xmlReader{d: d}
}

func (r *xmlReader) syntax(msg string) error {
	line, _ := r.d.InputPos()
	return &xml.SyntaxError{Msg: msg, Line: line}
}

func (r *xmlReader) next() (xml.Token, error) {
	if r.pending != nil {
		name := *r.pending
		r.pending = nil
		return r.end(name)
	}
	tok, err := r.d.RawToken()
	if err == io.EOF && len(r.stack) > 0 {
		return nil, r.syntax("unexpected EOF")
	}
	if err != nil {
		return nil, err
	}
	switch t := tok.(type) {
	case xml.StartElement:
		r.stack = append(r.stack, t.Name)
	case xml.EndElement:
		return r.end(t.Name)
	}
	return tok, nil
}

func (r *xmlReader) end(name xml.Name) (xml.Token, error) {
	n := len(r.stack)
	if n == 0 {
		return nil, r.syntax("unexpected end element </" + name.Local + ">")
	}
	top := r.stack[n-1]
	r.stack = r.stack[:n-1]
	if top.Local != name.Local {
		if r.d.Strict {
			return nil, r.syntax("element <" + top.Local + "> closed by </" + name.Local + ">")
		}
		r.pending = &name
	}
	return xml.EndElement{Name: top}, nil
}

var cp1252 = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func charsetReader(label string, in io.Reader) (io.Reader, error) {
	var table func(b byte) rune
	switch strings.ToLower(label) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return in, nil
	case "iso-8859-1", "latin1", "windows-1252", "cp1252", "iso-8859-15":
		table = func(b byte) rune {
			if b >= 0x80 && b < 0xa0 && strings.Contains(strings.ToLower(label), "1252") {
				return cp1252[b-0x80]
			}
			return rune(b)
		}
	case "windows-1251", "cp1251":
		table = func(b byte) rune {
			if b >= 0xc0 {
				return rune(b) - 0xc0 + 0x410
			}
			switch b {
			case 0xa8:
				return 'Ё'
			case 0xb8:
				return 'ё'
			case 0xb9:
				return '№'
			}
			return rune(b)
		}
	default:
		return nil, errors.New("ianaindex: invalid encoding name")
	}
	raw, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	var sb strings.Builder
	for _, b := range raw {
		sb.WriteRune(table(b))
	}
	return bufio.NewReader(strings.NewReader(sb.String())), nil
}

func qname(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

var pseudoAttr = regexp.MustCompile(`([^\s=]+)\s*=\s*("[^"]*"|'[^']*')`)

func (p *printer) procInst(target, inst string) {
	p.paint(tagColor, "<?")
	p.put(target)
	attrs := pseudoAttr.FindAllStringSubmatch(inst, -1)
	for _, m := range attrs {
		p.put(" " + m[1])
		p.paint(attrColor, "="+m[2])
	}
	if attrs == nil && inst != "" {
		p.put(" " + inst)
	}
	p.paint(tagColor, "?>")
	p.endLine()
}

func formatXML(data []byte, p *printer) error {
	const (
		none = iota
		opened
		closed
	)
	r := newXMLReader(data, false)
	last := none
	hasText, unclosed := false, false
	finish := func() {
		if unclosed {
			p.paint(tagColor, ">")
			unclosed = false
		}
	}
	for {
		tok, err := r.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.ProcInst:
			p.procInst(t.Target, strings.TrimSpace(string(t.Inst)))
		case xml.Directive:
			p.paint(tagColor, "<!")
			p.put(string(t))
			p.paint(tagColor, ">")
			p.endLine()
			p.put(p.pad(p.level))
		case xml.StartElement:
			finish()
			p.breakLine()
			p.paint(tagColor, "<"+qname(t.Name))
			for _, a := range t.Attr {
				p.attribute(qname(a.Name), a.Value)
			}
			unclosed, hasText, last = true, false, opened
			p.level++
		case xml.EndElement:
			p.level--
			if last == opened && !hasText {
				unclosed = false
				p.paint(tagColor, "/>")
			} else {
				if last == closed && !hasText && p.indent != "" {
					p.put("\n" + p.pad(p.level))
				}
				p.paint(tagColor, "</"+qname(t.Name)+">")
			}
			hasText, last = false, closed
		case xml.CharData:
			s := p.tidyText(string(t))
			hasText = s != ""
			if !hasText {
				break
			}
			finish()
			if strings.ContainsAny(s, "&<") {
				s = "<![CDATA[" + s + "]]>"
			}
			p.put(s)
		case xml.Comment:
			finish()
			if !hasText {
				p.breakLine()
			}
			p.paint(commentColor, "<!--")
			p.lines(string(t))
			p.paint(commentColor, "-->")
			if p.level == 0 {
				p.endLine()
			}
		}
	}
	p.put("\n")
	return nil
}

// ---- HTML formatter

func formatHTML(src string, p *printer) {
	hasText, lastClosed := false, false
	z := &htmlScanner{src: normalizeNewlines(src)}
	for {
		t, ok := z.next()
		if !ok {
			break
		}
		switch t.kind {
		case tokText:
			s := p.tidyText(t.data)
			hasText = s != ""
			p.put(s)
		case tokStart:
			void := voidTags[t.data] || t.selfClosing
			p.breakLine()
			p.paint(tagColor, "<"+t.data)
			for _, a := range t.attrs {
				p.attribute(a.name, a.data)
			}
			if void {
				p.paint(tagColor, "/>")
			} else {
				p.paint(tagColor, ">")
				p.level++
				lastClosed = false
			}
		case tokEnd:
			if p.level > 0 {
				p.level--
			}
			if lastClosed && p.indent != "" {
				p.put("\n" + p.pad(p.level))
			}
			p.paint(tagColor, "</"+t.data+">")
			hasText, lastClosed = false, true
		case tokComment:
			if !hasText {
				p.breakLine()
			}
			p.lines(t.raw)
			if p.level == 0 {
				p.endLine()
			}
		case tokDoctype:
			p.paint(tagColor, "<!doctype ")
			p.put(t.data)
			p.paint(tagColor, ">")
			p.endLine()
		}
	}
	p.put("\n")
}

// ---- JSON

func outputJSON(data []byte, kind int, o *options, p *printer) error {
	var value interface{}
	switch kind {
	case kindText:
		value = map[string]interface{}{"text": strings.TrimSpace(string(data))}
	case kindJSON:
		if err := json.NewDecoder(bytes.NewReader(data)).Decode(&value); err != nil {
			return fmt.Errorf("error while parsing JSON: %w", err)
		}
	default:
		doc, err := parseXML(data, true)
		if err != nil {
			return fmt.Errorf("error while parsing XML: %w", err)
		}
		obj := map[string]interface{}{}
		for _, c := range doc.children {
			if c.kind == elementNode {
				obj[c.name] = nodeToJSON(c, 1, o.depth)
			}
		}
		value = obj
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return err
	}
	p.indent = "  "
	nl := "\n"
	if o.compact {
		p.indent, nl = "", ""
	}
	return formatJSON(buf.Bytes(), p, nl)
}

func nodeToJSON(n *node, level, depth int) interface{} {
	if depth >= 0 && level > depth {
		return joinedText(n)
	}
	obj := map[string]interface{}{}
	for _, a := range n.attrs {
		obj["@"+a.name] = a.data
	}
	var texts []string
	for _, c := range n.children {
		switch c.kind {
		case textNode:
			if s := strings.TrimSpace(c.data); s != "" {
				texts = append(texts, s)
			}
		case elementNode:
			v := nodeToJSON(c, level+1, depth)
			switch old := obj[c.name].(type) {
			case nil:
				obj[c.name] = v
			case []interface{}:
				obj[c.name] = append(old, v)
			default:
				obj[c.name] = []interface{}{old, v}
			}
		}
	}
	if len(texts) > 0 {
		text := strings.Join(texts, "\n")
		if len(obj) == 0 {
			return text
		}
		obj["#text"] = text
	}
	return obj
}

func joinedText(n *node) string {
	var parts []string
	for _, c := range n.children {
		if c.kind == elementNode {
			parts = append(parts, joinedText(c))
		} else if s := strings.TrimSpace(c.data); c.kind == textNode && s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n")
}

func formatJSON(data []byte, p *printer, nl string) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var value func(tok json.Token, level int) error
	value = func(tok json.Token, level int) error {
		delim, ok := tok.(json.Delim)
		if !ok {
			p.paint(attrColor, scalar(tok))
			return nil
		}
		p.paint(tagColor, delim.String())
		p.put(nl)
		for first := true; dec.More(); first = false {
			key, err := dec.Token()
			if err != nil {
				return err
			}
			if !first {
				p.put("," + nl)
			}
			p.put(p.pad(level + 1))
			val := key
			if delim == '{' {
				p.paint(commentColor, scalar(key))
				if val, err = dec.Token(); err != nil {
					return err
				}
				p.put(": ")
			}
			if err = value(val, level+1); err != nil {
				return err
			}
		}
		tok, err := dec.Token()
		if err != nil {
			return err
		}
		p.put(nl + p.pad(level))
		p.paint(tagColor, tok.(json.Delim).String())
		return nil
	}
	for afterBlock := false; ; {
		tok, err := dec.Token()
		if err == nil {
			_, isBlock := tok.(json.Delim)
			if isBlock && afterBlock {
				p.put("," + nl + p.pad(1))
			}
			afterBlock = isBlock
			err = value(tok, 0)
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return err
		}
	}
	p.put("\n")
	return nil
}

func scalar(tok json.Token) string {
	switch v := tok.(type) {
	case string:
		return strconv.Quote(v)
	case nil:
		return "null"
	}
	return fmt.Sprint(tok)
}
