package main

import (
	"errors"
	"io"
	"strings"
)

// node is a token with relatives; order is its position in the document.
type node struct {
	token
	parent   *node
	kids     []*node
	ownAttrs []*node
	order    int
}

func buildTree(content string) (*node, error) {
	root := &node{token: token{kind: rootKind}}
	src, at, count, hasElement := newSource(content, false), root, 1, false
	for {
		t, err := src.next()
		switch {
		case err == io.EOF && !hasElement:
			return nil, errors.New("xmlquery: invalid XML document")
		case err == io.EOF:
			return root, nil
		case err != nil:
			return nil, err
		case t.kind == endTag:
			at = at.parent
			continue
		}
		n := &node{token: t, parent: at, order: count}
		count += 1 + len(t.attrs)
		for i, a := range t.attrs {
			attr := token{kind: attrKind, name: a.name, data: a.value}
			n.ownAttrs = append(n.ownAttrs, &node{token: attr, parent: n, order: n.order + i + 1})
		}
		at.kids = append(at.kids, n)
		if t.kind == startTag {
			at, hasElement = n, true
		}
	}
}

// family lists n and everything below it in document order.
func (n *node) family() []*node {
	list := []*node{n}
	for _, kid := range n.kids {
		list = append(list, kid.family()...)
	}
	return list
}

func (n *node) innerText() string {
	if n.kind != startTag {
		return n.data
	}
	var b strings.Builder
	for _, d := range n.family() {
		if d.kind == textPiece {
			b.WriteString(d.data)
		}
	}
	return b.String()
}

// tokens turns a subtree back into the stream that it was built from.
func (n *node) tokens() []token {
	var list []token
	switch n.kind {
	case rootKind:
		if n.kids[0].kind != instruction {
			list = append(list, token{kind: instruction, name: "xml", data: `version="1.0"`})
		}
	case attrKind:
		return []token{{kind: startTag, name: n.name}, {kind: textPiece, data: n.data}, {kind: endTag, name: n.name}}
	default:
		list = append(list, n.token)
	}
	for _, kid := range n.kids {
		list = append(list, kid.tokens()...)
	}
	if n.kind == startTag {
		list = append(list, token{kind: endTag, name: n.name})
	}
	return list
}

func (n *node) replay() *source {
	src := newSource("", false)
	src.queue = n.tokens()
	return src
}
