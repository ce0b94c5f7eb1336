package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

const (
	colReset, colRed, colYellow, colBlue  = "\x1b[0m", "\x1b[31m", "\x1b[33m", "\x1b[34m"
	colPurple, colCyan, colWhite, colGray = "\x1b[35m", "\x1b[36m", "\x1b[37m", "\x1b[90m"
)

// lineStyles colours trace lines; the first pattern that matches wins.
var lineStyles = []struct {
	pattern  *regexp.Regexp
	template string
}{
	{regexp.MustCompile(`^(\* .*)$`), colGray + "${1}"},
	{regexp.MustCompile(`^(curl: \(.*)$`), colRed + "${1}"},
	{regexp.MustCompile(`^HTTP/([\d.]+ \d+)(.*)$`), colBlue + "HTTP" + colWhite + "/" + colCyan + "${1}" + colYellow + "${2}"},
	{regexp.MustCompile(`^([A-Z]+)( \S+ )HTTP/(.*)$`), colBlue + "${1}" + colWhite + "${2}" + colBlue + "HTTP" + colWhite + "/" + colCyan + "${3}"},
	{regexp.MustCompile(`^([\w-]+:)(.*)$`), colWhite + "${1}" + colCyan + "${2}"},
}

// traceWriter rewrites what curl says on stderr, line by line.
type traceWriter struct {
	out     io.Writer
	verbose bool // the user asked for the whole exchange
	color   bool
	body    []byte // request body, shown at the first data mark
	shown   bool
	pending []byte
}

func (t *traceWriter) Write(p []byte) (int, error) {
	t.pending = append(t.pending, p...)
	for {
		line, rest, found := bytes.Cut(t.pending, []byte("\n"))
		if !found {
			return len(p), nil
		}
		t.line(string(line))
		t.pending = rest
	}
}

func (t *traceWriter) line(s string) {
	mark := ""
	if len(s) > 1 && s[1] == ' ' {
		mark = s[:1]
	}
	switch mark {
	case ">", "*":
		if t.verbose {
			t.emit(strings.TrimPrefix(s, "> "))
		}
	case "{", "}":
		t.showBody()
	default:
		t.emit(strings.TrimPrefix(s, "< "))
	}
}

func (t *traceWriter) emit(s string) {
	if t.color {
		s = colorLine(s)
	}
	io.WriteString(t.out, s+"\n")
}

func (t *traceWriter) showBody() {
	if !t.verbose || t.shown {
		return
	}
	t.shown = true
	if t.color {
		(&prettyWriter{out: t.out}).Write(t.body)
	} else {
		t.out.Write(t.body)
	}
	io.WriteString(t.out, "\n\n")
}

func colorLine(s string) string {
	for _, style := range lineStyles {
		if style.pattern.MatchString(s) {
			return style.pattern.ReplaceAllString(s, style.template) + colReset
		}
	}
	return s
}
