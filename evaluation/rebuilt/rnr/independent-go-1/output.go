package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// failure is an error shown as a text and, in another colour, a detail.
type failure struct {
	text, detail string
	always       bool // Shown in silent mode too.
}

func (f *failure) Error() string { return f.text + f.detail }

const (
	bold    = "1"
	boldRed = "1;31"
	gray    = "38;5;8"
	green   = "32"
	red     = "31"
)

// printer writes all messages in one style.
type printer struct {
	colored, silent bool
}

func (p printer) paint(style, text string) string {
	if !p.colored || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

func (p printer) say(text string) {
	if !p.silent {
		fmt.Println(text)
	}
}

// operation prints one renaming; only new characters of the target stand out.
func (p printer) operation(op operation) {
	oldDir, oldName := splitPath(op.Source)
	newDir, newName := splitPath(op.Target)
	line := p.paint(gray, oldDir) + p.paint(gray, oldName) + " -> " + p.paint(green, newDir)
	for _, r := range changes([]rune(oldName), []rune(newName)) {
		if r.kept {
			line += p.paint(green, r.text)
		} else {
			line += p.paint(boldRed, r.text)
		}
	}
	p.say(line)
}

func (p printer) failure(err error) {
	f := &failure{text: err.Error()}
	errors.As(err, &f)
	if !p.silent || f.always {
		fmt.Fprintln(os.Stderr, p.paint(red, "Error: ")+f.text+p.paint(red, f.detail))
	}
}

// splitPath cuts a path before its last element; trailing slashes go away.
func splitPath(path string) (dir, name string) {
	path = strings.TrimRight(path, "/")
	cut := strings.LastIndexByte(path, '/') + 1
	return path[:cut], path[cut:]
}

// stretch is a part of a new name, kept from the old one or added.
type stretch struct {
	kept bool
	text string
}

// changes cuts the new name along a longest common subsequence with the old.
func changes(old, new []rune) []stretch {
	common := make([][]int, len(old)+1)
	for i := range common {
		common[i] = make([]int, len(new)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(new) - 1; j >= 0; j-- {
			switch {
			case old[i] == new[j]:
				common[i][j] = common[i+1][j+1] + 1
			case common[i+1][j] > common[i][j+1]:
				common[i][j] = common[i+1][j]
			default:
				common[i][j] = common[i][j+1]
			}
		}
	}
	var stretches []stretch
	for i, j := 0, 0; j < len(new); {
		kept := i < len(old) && old[i] == new[j]
		if !kept && i < len(old) && common[i+1][j] >= common[i][j+1] {
			i++
			continue
		}
		if last := len(stretches) - 1; last >= 0 && stretches[last].kept == kept {
			stretches[last].text += string(new[j])
		} else {
			stretches = append(stretches, stretch{kept, string(new[j])})
		}
		if kept {
			i++
		}
		j++
	}
	return stretches
}
