package main

import (
	"regexp"
	"strings"
)

// shellComment is the one piece of syntax that gets a color of its own.
var shellComment = regexp.MustCompile(`^(|.*?\s)(#.*)$`)

// palettes hold each formatter's codes for plain text and comments.
var palettes = map[string][2]string{
	"": {"", "3"}, "terminal": {"37", "90"}, "terminal256": {"38;5;231", "38;5;242"},
	"terminal16m": {"38;2;248;248;242", "38;2;117;113;94"},
}

// highlight colors a sheet's text line by line.
func highlight(text, formatter string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		comment := ""
		if m := shellComment.FindStringSubmatch(line); m != nil {
			line, comment = m[1], m[2]
		}
		plain := palettes[formatter][0]
		lines[i] = paint(plain, line) + paint(palettes[formatter][1], comment)
		if comment != "" && plain != "" && i+1 < len(lines) { // the line break counts as plain text
			lines[i] += "\x1b[" + plain + "m\x1b[0m"
		}
	}
	return strings.Join(lines, "\n")
}

// paint wraps text in an escape code.
func paint(code, text string) string {
	if code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}
