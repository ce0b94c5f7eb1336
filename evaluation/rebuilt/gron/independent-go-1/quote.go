package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

var shortEscapes = map[rune]string{
	'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`,
	'\u2028': `\u2028`, '\u2029': `\u2029`,
}

// quote renders s as a string literal valid in both JSON and JavaScript.
func quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	for _, r := range s {
		writeEscaped(&b, r)
	}
	b.WriteByte('"')
	return b.String()
}

func writeEscaped(b *strings.Builder, r rune) {
	if esc, ok := shortEscapes[r]; ok {
		b.WriteString(esc)
	} else if unicode.IsControl(r) {
		fmt.Fprintf(b, `\u%04X`, r)
	} else {
		b.WriteRune(r)
	}
}

// unquote decodes a JSON string literal.
func unquote(literal string) (string, error) {
	var s string
	err := json.Unmarshal([]byte(literal), &s)
	return s, err
}
