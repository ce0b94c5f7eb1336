package main

// style wraps text into a terminal colour.
type style struct{ on, off string }

func (s style) apply(text string) string { return s.on + text + s.off }

// palette holds the styles of the parts of the output; its zero value
// leaves everything plain.
type palette struct {
	name, punct, str, num, word, quoteMark, bold style
}

func color(code string) style { return style{"\x1b[" + code + "m", "\x1b[0m"} }

var colorPalette = palette{
	name:      style{"\x1b[34;1m", "\x1b[0;22m"},
	punct:     color("35"),
	str:       color("33"),
	num:       color("31"),
	word:      color("36"),
	quoteMark: color("32"),
	bold:      style{"\x1b[1m", "\x1b[22m"},
}

func paletteFor(o options) palette {
	if o.color {
		return colorPalette
	}
	return palette{}
}

func (p palette) bracket(text string) string { return p.punct.apply(text) }

// key paints a path element of an assignment.
func (p palette) key(k key) string {
	switch k.kind {
	case quotedKey:
		return p.str.apply(k.text)
	case indexKey:
		return p.num.apply(k.text)
	}
	return p.name.apply(k.text)
}

// jsonKey paints a path element of a JSON line, where names are strings.
func (p palette) jsonKey(k key) string {
	if k.kind == bareKey {
		return p.str.apply(quote(k.text))
	}
	return p.key(k)
}

func (p palette) leaf(l leaf) string {
	switch l.kind {
	case stringLeaf:
		return p.str.apply(l.text)
	case numberLeaf:
		return p.num.apply(l.text)
	case wordLeaf:
		return p.word.apply(l.text)
	}
	return p.bracket(l.text)
}
