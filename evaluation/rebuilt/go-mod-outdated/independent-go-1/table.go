package main

import (
	"io"
	"strings"
)

// style tells how the frame of a table is drawn.
type style struct {
	corner string // where a rule meets a column boundary
	outer  bool   // draw rules above and below the table
}

var (
	plainStyle    = style{corner: "+", outer: true}
	markdownStyle = style{corner: "|", outer: false}
)

// styleNamed falls back to the plain style for names it does not know.
func styleNamed(name string) style {
	if name == "markdown" {
		return markdownStyle
	}
	return plainStyle
}

// table is a header and rows of cells already broken into lines.
type table struct {
	header []string
	rows   [][][]string
	widths []int
}

func newTable(header ...string) *table {
	t := &table{header: header, widths: make([]int, len(header))}
	for column, title := range header {
		t.widths[column] = displayWidth(title)
	}
	return t
}

// addRow wraps the cells and widens the columns to hold them.
func (t *table) addRow(cells ...string) {
	row := make([][]string, len(cells))
	for column, text := range cells {
		limit := wrapLimit(text)
		row[column] = wrap(text, limit)
		t.widths[column] = max(t.widths[column], limit)
	}
	t.rows = append(t.rows, row)
}

// write draws the table in the given style.
func (t *table) write(out io.Writer, s style) error {
	var b strings.Builder
	rule := t.rule(s)
	if s.outer {
		b.WriteString(rule)
	}
	b.WriteString(t.line(t.header, centre))
	b.WriteString(rule)
	for _, row := range t.rows {
		t.drawRow(&b, row)
	}
	if s.outer {
		b.WriteString(rule)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// drawRow writes as many lines as the tallest cell of the row has.
func (t *table) drawRow(b *strings.Builder, row [][]string) {
	height := 0
	for _, cell := range row {
		height = max(height, len(cell))
	}
	for i := 0; i < height; i++ {
		parts := make([]string, len(row))
		for column, cell := range row {
			if i < len(cell) {
				parts[column] = cell[i]
			}
		}
		b.WriteString(t.line(parts, alignCell))
	}
}

// line joins one text per column, each brought to its width by align.
func (t *table) line(parts []string, align func(string, int) string) string {
	var b strings.Builder
	b.WriteString("|")
	for column, text := range parts {
		b.WriteString(" " + align(text, t.widths[column]) + " |")
	}
	b.WriteString("\n")
	return b.String()
}

// rule is a horizontal line across all columns.
func (t *table) rule(s style) string {
	var b strings.Builder
	b.WriteString(s.corner)
	for _, width := range t.widths {
		b.WriteString(strings.Repeat("-", width+2) + s.corner)
	}
	b.WriteString("\n")
	return b.String()
}
