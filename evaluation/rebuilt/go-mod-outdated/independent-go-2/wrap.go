package main

import "strings"

// wrapWidth is the width above which a line is broken between its words.
const wrapWidth = 30

// layOut splits a text into lines and gives the column width it asks for.
func layOut(text string) (cell, int) {
	var lines cell
	width := 0
	limit := max(wrapWidth, longestWord(text))
	for _, line := range strings.Split(text, "\n") {
		w := textWidth(line)
		width = max(width, min(w, limit))
		if w <= wrapWidth {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, breakLine(strings.Fields(line), limit)...)
	}
	return lines, width
}

func longestWord(text string) int {
	longest := 0
	for _, word := range strings.Fields(text) {
		longest = max(longest, textWidth(word))
	}
	return longest
}

// breakLine breaks words into lines of at most limit columns such that the
// squares of the space left over, the last line apart, add up to the least.
func breakLine(words []string, limit int) []string {
	count := len(words)
	cost := make([]int, count+1) // of the words from this one on
	next := make([]int, count+1) // where the following line starts
	for i := count - 1; i >= 0; i-- {
		cost[i] = -1
		width := -1
		for j := i; j < count; j++ {
			width += 1 + textWidth(words[j])
			if width > limit {
				break
			}
			total := cost[j+1] + slack(limit-width, j+1 == count)
			if cost[i] < 0 || total < cost[i] {
				cost[i], next[i] = total, j+1
			}
		}
	}
	var lines []string
	for i := 0; i < count; i = next[i] {
		lines = append(lines, strings.Join(words[i:next[i]], " "))
	}
	return lines
}

func slack(free int, last bool) int {
	if last {
		return 0
	}
	return free * free
}
