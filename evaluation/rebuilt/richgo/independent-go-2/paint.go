package main

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// Ink is one colour of a style, kept as a parameter of the SGR escape sequence:
// Offset is added to 30 (foreground) or 40 (background), Tail follows.
type Ink struct {
	Set    bool // false is the default colour of the terminal
	Offset int
	Tail   string
}

// inkNames lists the named colours in palette order.
var inkNames = []string{
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"lightBlack", "lightRed", "lightGreen", "lightYellow",
	"lightBlue", "lightMagenta", "lightCyan", "lightWhite",
}

var (
	hexInk = regexp.MustCompile(`^#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})$`)
	rgbInk = regexp.MustCompile(`^(?:rgb|RGB)\((0x[0-9A-Fa-f]+|\d+),\s*(0x[0-9A-Fa-f]+|\d+),\s*(0x[0-9A-Fa-f]+|\d+)\)$`)

	errInk = errors.New("invalid format")
)

// parseInk reads a colour: a name, a palette number, "#rrggbb" or "rgb(r,g,b)".
func parseInk(text string) (Ink, error) {
	if text == "" || text == "default" {
		return Ink{}, nil
	}
	for i, name := range inkNames {
		if name == text {
			return Ink{Set: true, Offset: i%8 + i/8*60}, nil
		}
	}
	if n, err := strconv.ParseUint(text, 0, 8); err == nil {
		return Ink{true, 8, fmt.Sprintf(";5;%d", n)}, nil
	}
	parts := rgbInk.FindStringSubmatch(text)
	if hex := hexInk.FindStringSubmatch(text); hex != nil {
		parts = []string{"", "0x" + hex[1], "0x" + hex[2], "0x" + hex[3]}
	}
	if parts == nil {
		return Ink{}, errInk
	}
	ink := Ink{true, 8, ";2"}
	for _, part := range parts[1:] {
		n, err := strconv.ParseUint(part, 0, 8)
		if err != nil {
			return Ink{}, errInk
		}
		ink.Tail += fmt.Sprintf(";%d", n)
	}
	return ink, nil
}

// sequence writes the escape sequence that switches the ink on.
func (k Ink) sequence(ground int) string {
	if !k.Set {
		return ""
	}
	return fmt.Sprintf("\x1b[%d%sm", ground+k.Offset, k.Tail)
}

// effectKeys and effectCodes are the switchable attributes, in written order.
var (
	effectKeys = [...]string{"bold", "faint", "italic", "underline", "blinkSlow", "blinkRapid",
		"inverse", "conceal", "crossOut", "frame", "encircle", "overline"}
	effectCodes = [...]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 51, 52, 53}
)

// Paint is the complete look of one category of text.
type Paint struct {
	Hide       bool
	Fore, Back Ink
	Effects    [12]bool // parallel to effectKeys
}

// paint makes a Paint of a named colour, perhaps bold, perhaps hidden.
func paint(name string, bold, hide bool) Paint {
	ink, _ := parseInk(name)
	return Paint{Hide: hide, Fore: ink, Effects: [12]bool{bold}}
}

// Open returns the sequences that switch the paint on.
func (p Paint) Open() string {
	on := p.Back.sequence(40) + p.Fore.sequence(30)
	for i, set := range p.Effects {
		if set {
			on += fmt.Sprintf("\x1b[%dm", effectCodes[i])
		}
	}
	return on
}

// Apply wraps text in the paint; hidden text vanishes.
func (p Paint) Apply(text string) string {
	if p.Hide {
		return ""
	}
	if on := p.Open(); on != "" {
		return on + text + "\x1b[0m"
	}
	return text
}
