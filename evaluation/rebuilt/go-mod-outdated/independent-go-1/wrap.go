package main

import "strings"

// widestColumn is where cells of several words are broken into lines.
const widestColumn = 30

// wrapLimit is the width a cell needs: its longest line, but no more than
// widestColumn unless a single word is longer than that.
func wrapLimit(text string) int {
	longestLine := widest(strings.Split(text, "\n"))
	longestWord := widest(words(text))
	return min(longestLine, max(widestColumn, longestWord))
}

func widest(texts []string) int {
	width := 0
	for _, text := range texts {
		width = max(width, displayWidth(text))
	}
	return width
}

// words splits at every single space, so that runs of spaces survive joining.
func words(text string) []string {
	return strings.Split(strings.ReplaceAll(text, "\n", " "), " ")
}

// wrap breaks text into lines of at most limit columns, as even as possible:
// it minimises the sum of squares of the space left over on all but the last.
func wrap(text string, limit int) []string {
	all := words(text)
	ends := bestBreaks(all, limit)
	var lines []string
	for start := 0; start < len(all); start = ends[start] {
		lines = append(lines, strings.Join(all[start:ends[start]], " "))
	}
	return lines
}

// bestBreaks tells for every word where a line starting with it should end.
func bestBreaks(all []string, limit int) []int {
	ends := make([]int, len(all))
	costs := make([]int, len(all)+1)
	for start := len(all) - 1; start >= 0; start-- {
		ends[start], costs[start] = bestLine(all, start, limit, costs)
	}
	return ends
}

// bestLine picks the cheapest line starting at start, given the costs of
// everything after it.
func bestLine(all []string, start, limit int, costs []int) (end, cost int) {
	width := -1
	for next := start + 1; next <= len(all); next++ {
		width += 1 + displayWidth(all[next-1])
		if width > limit && end != 0 {
			break
		}
		left := limit - width
		candidate := left*left + costs[next]
		if next == len(all) {
			candidate = 0
		}
		if end == 0 || candidate < cost {
			end, cost = next, candidate
		}
	}
	return end, cost
}
