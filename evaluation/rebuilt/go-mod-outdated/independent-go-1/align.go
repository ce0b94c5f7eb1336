package main

import (
	"regexp"
	"strings"
)

var number = regexp.MustCompile(`^-?\d+(,\d{3})*(\.\d+)?$`)

// alignCell puts numbers to the right and everything else to the left.
func alignCell(text string, width int) string {
	gap := padding(text, width)
	if number.MatchString(strings.TrimSpace(text)) {
		return spaces(gap) + text
	}
	return text + spaces(gap)
}

// centre puts the odd space, if any, on the right.
func centre(text string, width int) string {
	gap := padding(text, width)
	return spaces(gap/2) + text + spaces(gap-gap/2)
}

func padding(text string, width int) int {
	return max(0, width-displayWidth(text))
}

func spaces(n int) string {
	return strings.Repeat(" ", n)
}
