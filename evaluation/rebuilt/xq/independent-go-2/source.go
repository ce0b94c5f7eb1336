package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
)

type tokenKind int

const (
	startTag tokenKind = iota
	endTag
	textPiece
	commentPiece
	instruction
	doctype
	rootKind // used by tree nodes only
	attrKind // used by tree nodes only
)

type attribute struct{ name, value string }

type token struct {
	kind       tokenKind
	name, data string
	attrs      []attribute
	selfClosed bool // HTML: written as <name/>, or the end tag the decoder adds to it
}

// source yields tokens with original prefixes; XML tags are balanced on the way.
type source struct {
	dec     *xml.Decoder
	content string
	html    bool
	open    []string
	queue   []token
}

var (
	voidTag = regexp.MustCompile(`^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$`)
	rawBody = regexp.MustCompile(`(?is)(<(?:script|style)\b[^>]*>)(.*?)(</(?:script|style)>)`)
)

func newSource(content string, html bool) *source {
	var entities map[string]string
	if html {
		content, entities = rawBody.ReplaceAllString(content, "$1<![CDATA[$2]]>$3"), xml.HTMLEntity
	}
	dec := xml.NewDecoder(strings.NewReader(content))
	dec.Strict, dec.Entity = false, entities
	return &source{dec: dec, content: content, html: html}
}

func (s *source) complain(message string) error {
	line, _ := s.dec.InputPos()
	return fmt.Errorf("XML syntax error on line %d: %s", line, message)
}

func (s *source) next() (token, error) {
	for len(s.queue) == 0 {
		raw, err := s.dec.RawToken()
		if err == io.EOF && len(s.open) > 0 {
			err = s.complain("unexpected EOF")
		}
		if err == nil {
			err = s.accept(s.convert(raw))
		}
		if err != nil {
			return token{}, err
		}
	}
	t := s.queue[0]
	s.queue = s.queue[1:]
	return t, nil
}

func (s *source) convert(raw xml.Token) token {
	switch t := raw.(type) {
	case xml.StartElement:
		start := token{kind: startTag, name: s.fullName(t.Name), selfClosed: s.afterSlash()}
		for _, a := range t.Attr {
			if s.html && a.Value == a.Name.Local {
				a.Value = "" // the decoder repeats the name of a bare attribute
			}
			start.attrs = append(start.attrs, attribute{s.fullName(a.Name), a.Value})
		}
		return start
	case xml.EndElement:
		return token{kind: endTag, name: s.fullName(t.Name), selfClosed: s.afterSlash()}
	case xml.CharData:
		return token{kind: textPiece, data: string(t)}
	case xml.Comment:
		return token{kind: commentPiece, data: string(t)}
	case xml.ProcInst:
		return token{kind: instruction, name: t.Target, data: string(t.Inst)}
	}
	return token{kind: doctype, data: string(raw.(xml.Directive))}
}

func (s *source) afterSlash() bool {
	return s.html && strings.HasSuffix(s.content[:s.dec.InputOffset()], "/>")
}

func (s *source) fullName(n xml.Name) string {
	name := strings.TrimPrefix(n.Space+":"+n.Local, ":")
	if s.html {
		return strings.ToLower(name)
	}
	return name
}

// accept queues a token along with the end tags that it implies.
func (s *source) accept(t token) error {
	if s.html || t.kind != endTag {
		s.queue = append(s.queue, t)
		if !s.html && t.kind == startTag {
			s.open = append(s.open, t.name)
		}
		return nil
	}
	for len(s.open) > 0 {
		top := s.open[len(s.open)-1]
		s.open = s.open[:len(s.open)-1]
		s.queue = append(s.queue, token{kind: endTag, name: top})
		if top == t.name {
			return nil
		}
	}
	return s.complain("unexpected end element </" + t.name + ">")
}
