package main

import "strings"

// node is an element, or a text node when tag is empty.
type node struct {
	tag, text string
	attrs     map[string]string
	parent    *node
	kids      []*node
}

type tagSet map[string]bool

func set(words string) tagSet {
	m := tagSet{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func (n *node) add(kids ...*node) {
	for _, k := range kids {
		k.parent = n
		n.kids = append(n.kids, k)
	}
}

func (n *node) setKids(kids []*node) {
	n.kids = nil
	n.add(kids...)
}

// filter drops every descendant for which keep is false.
func (n *node) filter(keep func(*node) bool) {
	var kept []*node
	for _, k := range n.kids {
		if keep(k) {
			k.filter(keep)
			kept = append(kept, k)
		}
	}
	n.setKids(kept)
}

// rawText joins all text below n; line breaks become newlines.
func (n *node) rawText() string {
	switch n.tag {
	case "":
		return n.text
	case "br":
		return "\n"
	}
	s := ""
	for _, k := range n.kids {
		s += k.rawText()
	}
	return s
}
