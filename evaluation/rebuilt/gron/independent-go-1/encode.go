package main

import (
	"bytes"
	"encoding/json"
	"io"
	"sort"
	"strings"
)

// writeJSON prints indented JSON.
func writeJSON(out io.Writer, value any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}

// colorJSON renders compact JSON with terminal colours.
func colorJSON(value any) string {
	var b strings.Builder
	writeColored(&b, value)
	return b.String()
}

func writeColored(b *strings.Builder, value any) {
	p := colorPalette
	switch v := value.(type) {
	case map[string]any:
		writeColoredObject(b, v)
	case []any:
		b.WriteString(p.bracket("["))
		for i, element := range v {
			writeComma(b, i)
			writeColored(b, element)
		}
		b.WriteString(p.bracket("]"))
	case string:
		writeColoredString(b, v, p.quoteMark, p.str)
	default:
		b.WriteString(p.leaf(leafOf(value)))
	}
}

func writeColoredObject(b *strings.Builder, object map[string]any) {
	p := colorPalette
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	b.WriteString(p.bracket("{"))
	for i, name := range names {
		writeComma(b, i)
		writeColoredString(b, name, p.name, p.name)
		b.WriteString(p.bold.apply(":"))
		writeColored(b, object[name])
	}
	b.WriteString(p.bracket("}"))
}

func writeComma(b *strings.Builder, position int) {
	if position > 0 {
		b.WriteString(colorPalette.bold.apply(","))
	}
}

func writeColoredString(b *strings.Builder, s string, mark, inner style) {
	literal := jsonLiteral(s)
	b.WriteString(mark.apply(`"`))
	b.WriteString(inner.apply(literal[1 : len(literal)-1]))
	b.WriteString(mark.apply(`"`))
}

// jsonLiteral encodes s without escaping HTML characters.
func jsonLiteral(s string) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(buf.String(), "\n")
}
