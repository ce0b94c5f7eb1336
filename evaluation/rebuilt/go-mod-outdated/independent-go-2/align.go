package main

import (
	"regexp"
	"strings"
)

// aligner pads a text to a width.
type aligner func(text string, width int) string

var plainNumber = regexp.MustCompile(`^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$`)

func spaces(n int) string {
	return strings.Repeat(" ", max(n, 0))
}

func centred(text string, width int) string {
	free := width - textWidth(text)
	left := free / 2
	return spaces(left) + text + spaces(free-left)
}

// byContent puts numbers to the right and all else to the left.
func byContent(text string, width int) string {
	pad := spaces(width - textWidth(text))
	if plainNumber.MatchString(strings.TrimSpace(text)) {
		return pad + text
	}
	return text + pad
}
