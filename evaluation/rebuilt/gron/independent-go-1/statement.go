package main

import (
	"strconv"
	"strings"
)

// keyKind tells how a path element is written.
type keyKind int

const (
	bareKey   keyKind = iota // .name (or the root name)
	quotedKey                // ["some name"]
	indexKey                 // [3]
)

// key is one path element; text is its written form, quotes included.
type key struct {
	kind keyKind
	text string
}

// leafKind classifies the right hand side of an assignment.
type leafKind int

const (
	emptyContainer leafKind = iota // {} or []
	stringLeaf
	numberLeaf
	wordLeaf // true, false, null
)

// leaf is the right hand side of an assignment, as written.
type leaf struct {
	kind leafKind
	text string
}

// statement is one assignment: a path and a value.
type statement struct {
	path  []key
	value leaf
}

var rootKey = key{bareKey, "json"}

func nameKey(name string) key {
	if isBareName(name) {
		return key{bareKey, name}
	}
	return key{quotedKey, quote(name)}
}

func numberKey(i int) key {
	return key{indexKey, strconv.Itoa(i)}
}

// less orders bare names before quoted ones, each by their written form.
func (k key) less(other key) bool {
	if k.kind != other.kind {
		return k.kind < other.kind
	}
	return k.text < other.text
}

// render writes the statement in gron's assignment form.
func (s statement) render(paint palette) string {
	var b strings.Builder
	for i, k := range s.path {
		if k.kind != bareKey {
			b.WriteString(paint.bracket("[") + paint.key(k) + paint.bracket("]"))
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(paint.key(k))
	}
	b.WriteString(" = " + paint.leaf(s.value) + ";")
	return b.String()
}

// renderJSON writes the statement as a [path,value] JSON line, without root.
func (s statement) renderJSON(paint palette) string {
	var b strings.Builder
	b.WriteString(paint.bracket("[") + paint.bracket("["))
	for i, k := range s.path[1:] {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(paint.jsonKey(k))
	}
	b.WriteString(paint.bracket("]") + "," + paint.leaf(s.value) + paint.bracket("]"))
	return b.String()
}
