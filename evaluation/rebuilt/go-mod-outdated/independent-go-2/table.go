package main

import (
	"io"
	"strings"
)

// frame says how the lines around the cells are drawn.
type frame struct {
	corner string
	outer  bool // a rule above the headings and below the last row
}

func frameFor(style string) frame {
	if style == "markdown" {
		return frame{corner: "|"}
	}
	return frame{corner: "+", outer: true}
}

// cell is the text of one cell, split into its lines.
type cell []string

type table struct {
	headings []string
	rows     [][]cell
	widths   []int
}

func newTable(headings []string, rows [][]string) *table {
	t := &table{headings: headings}
	for _, h := range headings {
		t.widths = append(t.widths, textWidth(h))
	}
	for _, row := range rows {
		t.addRow(row)
	}
	return t
}

func (t *table) addRow(texts []string) {
	row := make([]cell, len(texts))
	for i, text := range texts {
		var width int
		row[i], width = layOut(text)
		t.widths[i] = max(t.widths[i], width)
	}
	t.rows = append(t.rows, row)
}

func (t *table) write(out io.Writer, f frame) {
	if f.outer {
		t.writeRule(out, f)
	}
	t.writeLine(out, t.headings, centred)
	t.writeRule(out, f)
	for _, row := range t.rows {
		t.writeRow(out, row)
	}
	if f.outer {
		t.writeRule(out, f)
	}
}

func (t *table) writeRule(out io.Writer, f frame) {
	var b strings.Builder
	b.WriteString(f.corner)
	for _, w := range t.widths {
		b.WriteString(strings.Repeat("-", w+2))
		b.WriteString(f.corner)
	}
	b.WriteByte('\n')
	io.WriteString(out, b.String())
}

// writeRow writes as many lines as the tallest cell of the row has.
func (t *table) writeRow(out io.Writer, row []cell) {
	height := 0
	for _, c := range row {
		height = max(height, len(c))
	}
	for n := 0; n < height; n++ {
		line := make([]string, len(row))
		for i, c := range row {
			if n < len(c) {
				line[i] = c[n]
			}
		}
		t.writeLine(out, line, byContent)
	}
}

func (t *table) writeLine(out io.Writer, texts []string, align aligner) {
	var b strings.Builder
	b.WriteByte('|')
	for i, text := range texts {
		b.WriteString(" " + align(text, t.widths[i]) + " |")
	}
	b.WriteByte('\n')
	io.WriteString(out, b.String())
}
