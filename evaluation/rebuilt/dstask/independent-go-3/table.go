package main

import (
	"fmt"
	"slices"
	"strings"
)

const gap, screenWidth = "  ", 80

// Row is one table line; from remarkAt on, the last cell is dimmed.
type Row struct {
	mode, fg, bg int
	remarkAt     int
	cells        []string
}

// printTable prints a header and rows, narrowing the widest columns to fit.
func printTable(header []string, rows []Row) {
	widths := make([]int, len(header))
	widths[0] = 2
	for _, row := range rows {
		for i, cell := range row.cells {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	total := len(gap) * (len(widths) - 1)
	for _, width := range widths {
		total += width
	}
	for ; total > screenWidth; total-- {
		widths[slices.Index(widths, slices.Max(widths))]--
	}
	Row{4, 250, 232, -1, header}.print(widths)
	for _, row := range rows {
		row.print(widths)
	}
}

func (row Row) print(widths []int) {
	fitted := make([]string, len(widths))
	for i, cell := range row.cells {
		fitted[i] = fit(cell, widths[i])
	}
	last := len(fitted) - 1
	if runes := []rune(fitted[last]); row.remarkAt >= 0 && row.remarkAt < len(runes) {
		fitted[last] = fmt.Sprintf("%s\x1b[38;5;240m%s\x1b[38;5;%dm", string(runes[:row.remarkAt]), string(runes[row.remarkAt:]), row.fg)
	}
	fmt.Printf("\x1b[%d;38;5;%d;48;5;%dm%s\x1b[0m\n", row.mode, row.fg, row.bg, strings.Join(fitted, gap))
}

func fit(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text + strings.Repeat(" ", width-len(runes))
	}
	return string(runes[:max(width-1, 0)]) + " "
}

func stripe(index int) int { return 233 - index%2 }
