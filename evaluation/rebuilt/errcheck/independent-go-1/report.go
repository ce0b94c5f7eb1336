package main

import (
	"cmp"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// finding is one unchecked error.
type finding struct {
	pos  token.Position
	line string
	fn   string
}

// lineCache holds the lines of source files already read.
type lineCache map[string][]string

func (lc lineCache) get(file string, n int) string {
	lines, ok := lc[file]
	if !ok {
		data, _ := os.ReadFile(file) // unreadable: no text is shown
		lines = strings.Split(string(data), "\n")
		lc[file] = lines
	}
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[n-1])
}

// sortFindings orders by position and drops doubles from test variants.
func sortFindings(list []finding) []finding {
	slices.SortStableFunc(list, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.pos.Filename, b.pos.Filename),
			cmp.Compare(a.pos.Line, b.pos.Line),
			cmp.Compare(a.pos.Column, b.pos.Column),
			cmp.Compare(a.line, b.line))
	})
	return slices.CompactFunc(list, func(a, b finding) bool {
		return a.pos.Filename == b.pos.Filename && a.pos.Line == b.pos.Line && a.pos.Column == b.pos.Column
	})
}

func printFindings(w io.Writer, list []finding, opts *options) {
	wd, _ := os.Getwd() // empty when unknown: paths stay as they are
	for _, f := range list {
		pos := f.pos.String()
		if rel, err := filepath.Rel(wd, pos); err == nil && !opts.absPath {
			pos = rel
		}
		if opts.verbose && f.fn != "" {
			f.line = f.fn + "\t" + f.line
		}
		fmt.Fprintf(w, "%s:\t%s\n", pos, f.line)
	}
}
