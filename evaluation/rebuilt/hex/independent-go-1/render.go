package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// blankCell fills in for a missing byte, whatever the cell format.
const blankCell = "     "

// A dumper writes bytes as lines of offset, cells and printable text.
type dumper struct {
	verb    string // fmt verb for one cell
	color   bool
	columns int
}

// cellVerb gives the fmt verb for a format key, with or without a radix mark.
func cellVerb(format string, prefix bool) string {
	mark, digits := "0x", "%02x"
	switch format {
	case "o":
		mark, digits = "0o", "%04o"
	case "X":
		digits = "%02X"
	case "b":
		mark, digits = "0b", "%08b"
	}
	if !prefix {
		mark = ""
	}
	return mark + digits
}

func (d dumper) dump(w *bufio.Writer, r io.Reader) error {
	line := make([]byte, max(d.columns, 1))
	for offset := 0; ; {
		n, err := io.ReadFull(r, line)
		end := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !end {
			return err
		}
		d.line(w, offset, line[:n])
		offset += n
		if end {
			_, err := fmt.Fprintf(w, "   bytes: %d\n", offset)
			return err
		}
	}
}

func (d dumper) line(w *bufio.Writer, offset int, line []byte) {
	fmt.Fprintf(w, "0x%06x: ", offset)
	for _, b := range line {
		w.WriteString(d.tint(b, fmt.Sprintf(d.verb, b)))
		w.WriteByte(' ')
	}
	if missing := d.columns - len(line); missing > 0 {
		w.WriteString(strings.Repeat(blankCell, missing))
	}
	for _, b := range line {
		text := "."
		if b >= ' ' && b <= '~' {
			text = string(rune(b))
		}
		w.WriteString(d.tint(b, text))
	}
	w.WriteByte('\n')
}

// tint colours text by byte value, showing zero in dark green instead of black.
func (d dumper) tint(b byte, text string) string {
	if !d.color {
		return text
	}
	if b == 0 {
		b = 22
	}
	return fmt.Sprintf("\x1b[38;5;%dm%s\x1b[0m", b, text)
}

// A literal describes how a language spells an array of bytes.
type literal struct {
	open, close string // open has %d where the length goes, if anywhere
	cell, sep   string
	trailingSep bool
}

var literals = map[string]literal{
	"r": {"let ARRAY: [u8; %d] = [", "];", "0x%02x", ", ", false},
	"c": {"unsigned char ARRAY[%d] = {", "};", "0x%02x", ", ", false},
	"g": {"a := [%d]byte{", "}", "0x%02x", ", ", true},
	"p": {"a = [", "]", "0x%02x", ", ", false},
	"k": {"val a = byteArrayOf(", ")", "0x%02x", ", ", false},
	"j": {"byte[] a = new byte[]{", "};", "0x%02x", ", ", false},
	"s": {"let a: [UInt8] = [", "]", "0x%02x", ", ", false},
	"f": {"let a = [|", "|]", "0x%02xuy", "; ", false},
}

func (l literal) print(w io.Writer, data []byte, columns int) {
	fmt.Fprintln(w, strings.Replace(l.open, "%d", strconv.Itoa(len(data)), 1))
	columns = max(columns, 1)
	// After a full last line comes an empty one.
	for start := 0; start <= len(data); start += columns {
		row := data[start:min(start+columns, len(data))]
		var b strings.Builder
		for i, v := range row {
			fmt.Fprintf(&b, l.cell, v)
			if l.trailingSep || start+i+1 < len(data) {
				b.WriteString(l.sep)
			}
		}
		fmt.Fprintf(w, "    %s\n", b.String())
	}
	fmt.Fprintln(w, l.close)
}

// printWave tabulates the first quarter of a sine wave, ten values to a line.
func printWave(w *bufio.Writer, length, places int) {
	for i := range length {
		y := math.Sin(float64(i) / float64(length) * math.Pi / 2)
		w.WriteString(strconv.FormatFloat(y, 'f', places, 64))
		w.WriteByte(',')
		if i%10 == 9 {
			w.WriteByte('\n')
		}
	}
	w.WriteByte('\n')
}
