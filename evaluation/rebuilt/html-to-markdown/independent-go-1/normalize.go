package main

import (
	"regexp"
	"strings"
)

var (
	blockTags = set("address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table ul")
	blanks    = regexp.MustCompile(`[ \t\r\n\f]+`)
	// Neighbouring elements of one group merge.
	groups = map[string]string{
		"b": "emphasis", "strong": "emphasis", "i": "emphasis", "em": "emphasis",
		"code": "code", "tt": "code", "samp": "code", "var": "code", "kbd": "code",
		"s": "strike", "del": "strike", "strike": "strike",
	}
	// Inside an element of one kind, the same kind is redundant.
	kinds = map[string]string{"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "s": "strike", "del": "strike", "strike": "strike"}
)

// normalize prepares the tree for rendering.
func normalize(root *node) {
	(&collapser{}).walk(root)
	root.filter(func(n *node) bool { return n.tag != "" || n.text != "" })
	tidy(root, "")
}

// collapser folds white space the way a browser lays out text.
type collapser struct {
	last  *node // last text on the current line
	solid bool  // an image stands between last and here
}

func (c *collapser) endLine() {
	if c.last != nil && !c.solid {
		c.last.text = strings.TrimSuffix(c.last.text, " ")
	}
	c.last, c.solid = nil, false
}

func (c *collapser) walk(n *node) {
	block := blockTags[n.tag]
	switch {
	case n.tag == "":
		c.fold(n)
	case n.tag == "br" || block:
		c.endLine()
	case n.tag == "img":
		c.solid = true
	}
	if n.tag == "pre" {
		return
	}
	for _, k := range n.kids {
		c.walk(k)
	}
	if block {
		c.endLine()
	}
}

func (c *collapser) fold(n *node) {
	n.text = blanks.ReplaceAllString(n.text, " ")
	if !c.solid && (c.last == nil || strings.HasSuffix(c.last.text, " ")) {
		n.text = strings.TrimPrefix(n.text, " ")
	}
	if n.text != "" {
		c.last, c.solid = n, false
	}
}

// tidy merges and unwraps inline elements; open names the kinds around n.
func tidy(n *node, open string) {
	open += " " + kinds[n.tag]
	old := n.kids
	n.kids = nil
	for _, k := range old {
		var prev node
		if len(n.kids) > 0 {
			prev = *n.kids[len(n.kids)-1]
		}
		switch {
		case kinds[k.tag] != "" && strings.Contains(open, kinds[k.tag]):
			n.add(k.kids...)
		case groups[k.tag] != "" && groups[k.tag] == groups[prev.tag]:
			n.kids[len(n.kids)-1].add(k.kids...)
		default:
			n.add(k)
		}
	}
	swapWrapper(n)
	for _, k := range n.kids {
		tidy(k, open)
	}
}

// swapWrapper turns bold(link) into link(bold) and link(heading) into heading(link).
func swapWrapper(n *node) {
	if len(n.kids) != 1 {
		return
	}
	kid := n.kids[0]
	if groups[n.tag] == "emphasis" && kid.tag == "a" || n.tag == "a" && headings[kid.tag] {
		*n, *kid = node{tag: kid.tag, attrs: kid.attrs, parent: n.parent, kids: n.kids}, node{tag: n.tag, attrs: n.attrs, parent: n, kids: kid.kids}
	}
}
