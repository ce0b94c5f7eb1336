package main

import (
	"bytes"
	"io"
	"strings"
)

const binaryNotice = "+-----------------------------------------+\n" +
	"| NOTE: binary data not shown in terminal |\n" +
	"+-----------------------------------------+\n"

// prettyWriter indents and colours a JSON stream as it passes. Streams that
// do not begin like JSON pass unchanged, binary ones are left out.
type prettyWriter struct {
	out                    io.Writer
	buf                    bytes.Buffer
	started, plain, binary bool
	depth                  int
	quote                  byte // the quote of the open string, or 0
	escaped                bool
	value                  bool // the next scalar stands after a colon
}

func (w *prettyWriter) Write(p []byte) (int, error) {
	if len(p) == 0 || w.binary {
		return len(p), nil
	}
	if w.binary = bytes.IndexByte(p, 0) >= 0; w.binary {
		_, err := io.WriteString(w.out, binaryNotice)
		return len(p), err
	}
	if !w.started {
		w.started, w.plain = true, p[0] != '{' && p[0] != '['
	}
	if w.plain {
		return w.out.Write(p)
	}
	w.buf.Reset()
	for _, c := range p {
		if w.quote != 0 {
			w.inString(c)
		} else {
			w.step(c)
		}
	}
	_, err := w.out.Write(w.buf.Bytes())
	return len(p), err
}

func (w *prettyWriter) step(c byte) {
	switch c {
	case ' ', '\t', '\r', '\n':
	case '{', '[':
		w.depth++
		w.punctuation(string(c))
		w.newline()
	case '}', ']':
		w.depth = max(0, w.depth-1)
		w.newline()
		w.punctuation(string(c))
		if w.depth == 0 {
			w.buf.WriteString("\n" + colReset)
		}
	case ',':
		w.punctuation(",")
		w.newline()
	case ':':
		w.punctuation(": ")
		w.value = true
	default:
		w.scalar(c)
	}
}

func (w *prettyWriter) newline() {
	w.buf.WriteString("\n" + strings.Repeat("    ", w.depth))
}

func (w *prettyWriter) punctuation(text string) {
	w.value = false
	w.buf.WriteString(colWhite + text)
}

func (w *prettyWriter) inString(c byte) {
	w.buf.WriteByte(c)
	if !w.escaped && c == w.quote {
		w.quote = 0
	}
	w.escaped = !w.escaped && c == '\\'
}

// scalar writes one character of a word or opens a string.
func (w *prettyWriter) scalar(c byte) {
	isString := c == '"' || c == '\''
	switch {
	case w.value && strings.IndexByte("tfn", c) >= 0:
		w.buf.WriteString(colPurple)
	case w.value:
		w.buf.WriteString(colCyan)
	case isString:
		w.buf.WriteString(colBlue)
	}
	w.value = false
	if isString {
		w.quote = c
	}
	w.buf.WriteByte(c)
}
