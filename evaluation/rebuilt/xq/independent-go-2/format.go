package main

import (
	"io"
	"regexp"
	"strings"
)

const yellow, green, blue = "33", "32", "94"

type style struct {
	unit    string
	colored bool
}

func (s style) paint(code, text string) string {
	if !s.colored || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) tag(text string) string   { return s.paint(yellow, text) }
func (s style) value(text string) string { return s.paint(green, text) }

// formatter writes tokens with indentation; HTML and XML differ in their end tags.
type formatter struct {
	style
	out       *strings.Builder
	html      bool
	depth     int
	afterText bool
	pending   bool // XML: a start tag still lacks its closing bracket
	nested    bool // HTML: an element was closed since the last start tag
}

var (
	leadingBreak  = regexp.MustCompile(`^ *\n +`)
	trailingBreak = regexp.MustCompile(` *\n +$`)
	quotedValue   = regexp.MustCompile(`="[^"]*"`)
	attrEscaper   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;",
		"'", "&apos;", "\n", "&#xA;", "\t", "&#x9;", "\r", "&#xD;")
)

func (f *formatter) put(text string) { f.out.WriteString(text) }

func formatMarkup(src *source, html bool, st style, out *strings.Builder) error {
	f := &formatter{style: st, out: out, html: html}
	for {
		t, err := src.next()
		if err == io.EOF {
			f.put("\n")
			return nil
		} else if err != nil {
			return err
		}
		f.write(t)
	}
}

func (f *formatter) write(t token) {
	if t.kind == textPiece {
		f.text(t.data)
		return
	}
	if t.kind != endTag {
		f.finishTag()
	}
	switch {
	case t.kind == startTag:
		f.openTag(t)
	case t.kind == endTag && f.html && (t.selfClosed || voidTag.MatchString(t.name)):
		return
	case t.kind == endTag:
		f.closeTag(t.name)
	case t.kind == commentPiece && f.html:
		f.remark("<!--" + t.data + "-->")
	case t.kind == commentPiece:
		f.remark("<!--", t.data, "-->")
	case t.kind == instruction:
		f.breakLine()
		data := quotedValue.ReplaceAllStringFunc(t.data, f.value)
		f.put(f.tag("<?") + strings.TrimRight(t.name+" "+data, " ") + f.tag("?>"))
		if f.depth == 0 {
			f.put("\n")
		}
	case t.kind == doctype && f.html:
		word, rest, _ := strings.Cut(t.data, " ")
		f.put(f.tag("<!"+strings.ToLower(word)+" ") + rest + f.tag(">") + "\n")
	case t.kind == doctype:
		f.put(f.tag("<!") + t.data + f.tag(">") + "\n")
	}
	f.afterText = false
}

func (f *formatter) finishTag() {
	if f.pending {
		f.put(f.tag(">"))
		f.pending = false
	}
}

// lineStart gives the line break plus indentation for a nesting depth.
func (f *formatter) lineStart(depth int) string {
	if f.unit == "" {
		return ""
	}
	return "\n" + strings.Repeat(f.unit, max(depth, 0))
}

func (f *formatter) breakLine() {
	if f.depth > 0 {
		f.put(f.lineStart(f.depth))
	}
}

func (f *formatter) openTag(t token) {
	f.breakLine()
	f.put(f.tag("<" + t.name))
	for _, a := range t.attrs {
		f.put(" " + a.name + f.value(`="`+attrEscaper.Replace(a.value)+`"`))
	}
	switch {
	case !f.html:
		f.pending = true
	case t.selfClosed || voidTag.MatchString(t.name):
		f.put(f.tag("/>"))
		return
	default:
		f.put(f.tag(">"))
		f.nested = false
	}
	f.depth++
}

func (f *formatter) closeTag(name string) {
	f.depth--
	if f.pending {
		f.put(f.tag("/>"))
		f.pending = false
		return
	}
	if (f.html && f.nested) || (!f.html && !f.afterText) {
		f.put(f.lineStart(f.depth))
	}
	f.put(f.tag("</" + name + ">"))
	f.nested = true
}

func (f *formatter) text(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	f.finishTag()
	text = f.tidyText(text)
	if !f.html && strings.ContainsAny(text, "&<") {
		text = "<![CDATA[" + text + "]]>"
	}
	f.put(text)
	f.afterText = true
}

// tidyText realigns the outer blanks of a text inside an element.
func (f *formatter) tidyText(text string) string {
	if f.depth == 0 {
		return strings.TrimRight(text, " ")
	}
	text = leadingBreak.ReplaceAllLiteralString(text, f.lineStart(f.depth))
	if trailingBreak.MatchString(text) {
		return trailingBreak.ReplaceAllLiteralString(text, f.lineStart(f.depth-1))
	}
	return strings.TrimRight(text, " ")
}

// remark writes pieces of a comment; its further lines follow the indentation.
func (f *formatter) remark(pieces ...string) {
	join := ""
	if !f.afterText {
		f.breakLine()
		join = f.lineStart(f.depth)
	}
	for _, piece := range pieces {
		lines := strings.Split(piece, "\n")
		for i := range lines {
			lines[i] = f.paint(blue, lines[i])
		}
		f.put(strings.Join(lines, join))
	}
	if f.depth == 0 {
		f.put("\n")
	}
}
