package main

import (
	"strings"
	"unicode/utf8"
)

// parsedLine is what could be understood of one line of assignments.
type parsedLine struct {
	statement
	shown    string // the understood part, for error messages
	pieces   int    // number of syntactic elements seen
	bad      bool   // stopped at something that cannot be
	hasValue bool   // a right hand side was seen
	complete bool   // ... and so was the closing semicolon
}

// negligible lines (blank ones, lone words, grep separators) are skipped.
func (p *parsedLine) negligible() bool { return !p.bad && p.pieces <= 1 }

// parser reads one line from left to right.
type parser struct {
	rest string
	line parsedLine
	text strings.Builder
}

// parseLine understands as much of a line as it can.
func parseLine(line string) parsedLine {
	p := &parser{rest: line}
	p.parsePath()
	p.line.shown = p.text.String()
	return p.line
}

// parsePath reads path elements up to the equals sign, then the value.
func (p *parser) parsePath() {
	p.addKey(bareKey, p.takeName())
	for p.rest != "" && !p.line.bad {
		switch p.rest[0] {
		case '.':
			p.show(p.take(1))
			p.requireName()
		case '[':
			p.parseBracket()
		case ' ', '=':
			p.parseAssignment()
			return
		case '-':
			p.show(p.take(len(p.rest)))
		default:
			p.requireName()
		}
	}
}

// requireName reads a bare name, which must not be missing.
func (p *parser) requireName() {
	name := p.takeName()
	p.addKey(bareKey, name)
	p.line.bad = name == ""
}

// parseBracket reads [12] or ["name"].
func (p *parser) parseBracket() {
	p.show(p.take(1))
	if strings.HasPrefix(p.rest, `"`) {
		p.addKey(quotedKey, p.takeQuoted())
	} else {
		digits := p.takeAny("0123456789")
		p.addKey(indexKey, digits)
		if digits == "" {
			p.line.bad = true
			return
		}
	}
	if !strings.HasPrefix(p.rest, "]") {
		p.line.bad = true
		return
	}
	p.show(p.take(1))
}

// parseAssignment reads the equals sign, the value and the semicolon.
func (p *parser) parseAssignment() {
	p.takeAny(" ")
	if !strings.HasPrefix(p.rest, "=") {
		return
	}
	p.take(1)
	p.takeAny(" ")
	p.show(" = ")
	p.line.value = p.takeValue()
	p.line.hasValue = true
	p.show(p.line.value.text)
	p.takeAny(" ")
	if strings.HasPrefix(p.rest, ";") {
		p.show(p.take(1))
		p.line.complete = true
	}
}

// takeValue reads a right hand side, whether or not it makes sense.
func (p *parser) takeValue() leaf {
	if p.rest == "" {
		return leaf{numberLeaf, ""}
	}
	switch p.rest[0] {
	case '"':
		return leaf{stringLeaf, p.takeQuoted()}
	case '{':
		return leaf{emptyContainer, p.takePair("}")}
	case '[':
		return leaf{emptyContainer, p.takePair("]")}
	case 't':
		return leaf{wordLeaf, p.takeAny("true")}
	case 'f':
		return leaf{wordLeaf, p.takeAny("false")}
	case 'n':
		return leaf{wordLeaf, p.takeAny("null")}
	}
	if end := strings.IndexByte(p.rest, ';'); end >= 0 {
		return leaf{numberLeaf, p.take(end)}
	}
	return leaf{numberLeaf, p.take(len(p.rest))}
}

// takePair takes an opening bracket and, if it follows, the closing one.
func (p *parser) takePair(closing string) string {
	if strings.HasPrefix(p.rest[1:], closing) {
		return p.take(2)
	}
	return p.take(1)
}

// takeName takes a bare name, possibly an empty one.
func (p *parser) takeName() string {
	end := 0
	for end < len(p.rest) {
		r, size := utf8.DecodeRuneInString(p.rest[end:])
		if end == 0 && !startsName(r) || end > 0 && !continuesName(r) {
			break
		}
		end += size
	}
	return p.take(end)
}

// takeQuoted takes a string literal, or all that is left if it never ends.
func (p *parser) takeQuoted() string {
	for i := 1; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			i++
		case '"':
			return p.take(i + 1)
		}
	}
	return p.take(len(p.rest))
}

// takeAny takes the longest prefix made of the given characters.
func (p *parser) takeAny(chars string) string {
	return p.take(len(p.rest) - len(strings.TrimLeft(p.rest, chars)))
}

func (p *parser) take(n int) string {
	taken := p.rest[:n]
	p.rest = p.rest[n:]
	return taken
}

// show records a syntactic element that was understood.
func (p *parser) show(text string) {
	p.line.pieces++
	p.text.WriteString(text)
}

func (p *parser) addKey(kind keyKind, text string) {
	if text == "" {
		return
	}
	p.show(text)
	p.line.path = append(p.line.path, key{kind, text})
}
