package main

import (
	"regexp"
	"unicode"
)

var colourCode = regexp.MustCompile("\x1b\\[[0-9;]*m")

// wideRanges are the main blocks of characters that fill two columns.
var wideRanges = [][2]rune{
	{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},
	{0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6},
	{0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
}

// textWidth counts the columns a text takes on a terminal.
func textWidth(text string) int {
	width := 0
	for _, r := range colourCode.ReplaceAllString(text, "") {
		width += runeWidth(r)
	}
	return width
}

func runeWidth(r rune) int {
	if unicode.IsControl(r) || unicode.Is(unicode.Mn, r) {
		return 0
	}
	for _, wide := range wideRanges {
		if r >= wide[0] && r <= wide[1] {
			return 2
		}
	}
	return 1
}
