package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// style says how values are written. A negative indent means compact, tabs are indentTab.
type style struct {
	indent             int
	sort, ascii, color bool
}

const indentTab = 100

// The colors of null, false, true, numbers, strings, arrays, objects and object keys.
var colors = []string{"0;90", "0;39", "0;39", "0;39", "0;32", "1;39", "1;39", "1;34"}

func toJSON(v any) string { return string(style{indent: -1}.append(nil, v, 0)) }

func (s style) piece(b []byte, color int, text string) []byte {
	if !s.color {
		return append(b, text...)
	}
	return append(b, "\x1b["+colors[color]+"m"+text+"\x1b[0m"...)
}

func (s style) newline(b []byte, depth int) []byte {
	switch {
	case s.indent < 0:
		return b
	case s.indent == indentTab:
		return append(b, "\n"+strings.Repeat("\t", depth)...)
	}
	return append(b, "\n"+strings.Repeat(" ", s.indent*depth)...)
}

func (s style) append(b []byte, v any, depth int) []byte {
	r := rank(v)
	switch v := v.(type) {
	case float64:
		return s.piece(b, r, formatNumber(v))
	case string:
		return s.piece(b, r, quote(v, s.ascii))
	case []any:
		return s.container(b, r, depth, "[]", len(v), func(b []byte, i int) []byte { return s.append(b, v[i], depth+1) })
	case *object:
		keys := v.keys
		if s.sort {
			keys = v.sortedKeys()
		}
		return s.container(b, r, depth, "{}", len(keys), func(b []byte, i int) []byte {
			b = s.piece(s.piece(b, 7, quote(keys[i], s.ascii)), r, ":")
			if s.indent >= 0 {
				b = append(b, ' ')
			}
			return s.append(b, v.vals[keys[i]], depth+1)
		})
	}
	return s.piece(b, r, []string{"null", "false", "true"}[r])
}

func (s style) container(b []byte, color, depth int, brackets string, n int, element func([]byte, int) []byte) []byte {
	if n == 0 {
		return s.piece(b, color, brackets)
	}
	b = s.piece(b, color, brackets[:1])
	for i := range n {
		if i > 0 {
			b = s.piece(b, color, ",")
		}
		b = element(s.newline(b, depth+1), i)
	}
	return s.piece(s.newline(b, depth), color, brackets[1:])
}

func quote(str string, ascii bool) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range str {
		if i := strings.IndexRune("\"\\\n\t\r\b\f", r); i >= 0 {
			b.WriteByte('\\')
			b.WriteByte("\"\\ntrbf"[i])
		} else if r < 32 || r == 127 || ascii && r > 126 && r < 0x10000 {
			fmt.Fprintf(&b, "\\u%04x", r)
		} else if ascii && r > 126 {
			fmt.Fprintf(&b, "\\u%04x\\u%04x", 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func formatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "null"
	case math.IsInf(f, 0):
		f = math.Copysign(math.MaxFloat64, f)
	case f == 0 && math.Signbit(f):
		return "-0"
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	digits := len(strings.TrimLeft(strings.Replace(mantissa, ".", "", 1), "-"))
	point, _ := strconv.Atoi(exp)
	if point++; f != 0 && (point <= -4 || point > digits+15) {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func parseNumber(s string) (float64, bool) {
	switch strings.TrimLeft(s, "-+") {
	case "nan", "NaN":
		return math.NaN(), true
	case "Infinity":
		return math.Inf(1 - 2*strings.Count(s, "-")), true
	}
	if s == "" || strings.Trim(s, "0123456789.eE+-") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// decoder reads a sequence of JSON values from a text.
type decoder struct {
	text      string
	pos       int
	line, col int
	err       error
}

func newDecoder(text string) *decoder { return &decoder{text: text, line: 1} }

func (d *decoder) fail(msg string) error {
	if d.err == nil {
		d.err = fmt.Errorf("%s at line %d, column %d", msg, d.line, d.col)
	}
	return d.err
}

func (d *decoder) peek() int {
	if d.pos >= len(d.text) {
		return -1
	}
	return int(d.text[d.pos])
}

func (d *decoder) take() int {
	c := d.peek()
	if c < 0 {
		return c
	}
	d.pos++
	d.col++
	if c == '\n' {
		d.line++
		d.col = 0
	}
	return c
}

func isSpace(c int) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x1e }

func (d *decoder) skip() int {
	for isSpace(d.peek()) {
		d.take()
	}
	return d.peek()
}

// next returns the next value, or io.EOF. After an error it only returns io.EOF.
func (d *decoder) next() (any, error) {
	if d.err != nil || d.skip() < 0 {
		return nil, io.EOF
	}
	v, err := d.value()
	if c := d.peek(); err == nil && (c == ',' || c == ':') {
		return d.value()
	} else if err == nil && c == '\n' {
		d.take()
	}
	return v, err
}

func (d *decoder) value() (any, error) {
	c := d.skip()
	switch c {
	case -1:
		return nil, d.fail("Unfinished JSON term at EOF")
	case '"':
		return d.str()
	case '[', '{':
		d.take()
		return d.container(c == '{')
	case ',', ':', ']', '}':
		d.take()
		return nil, d.fail(map[int]string{',': "Expected value before ','", ':': "Expected string key before ':'", ']': "Unmatched ']'", '}': "Unmatched '}'"}[c])
	}
	return d.word()
}

func (d *decoder) container(isObject bool) (any, error) {
	arr, obj, end := []any{}, newObject(), int(']')
	if isObject {
		end = '}'
	}
	done := func() (any, error) {
		d.take()
		if isObject {
			return obj, nil
		}
		return arr, nil
	}
	for first := true; ; first = false {
		if d.skip() == end {
			if first {
				return done()
			}
			d.take()
			return nil, d.fail(map[bool]string{false: "Expected another array element", true: "Expected another key-value pair"}[isObject])
		}
		v, err := d.value()
		if err != nil {
			return nil, err
		}
		if isObject {
			key, ok := v.(string)
			switch c := d.skip(); {
			case c == ':':
				d.take()
			case c == ',' || c == '}':
				d.take()
				return nil, d.fail("Objects must consist of key:value pairs")
			default:
				return nil, d.misplaced()
			}
			if !ok {
				return nil, d.fail("Object keys must be strings")
			}
			if v, err = d.value(); err != nil {
				return nil, err
			}
			obj.set(key, v)
		} else {
			arr = append(arr, v)
		}
		switch c := d.skip(); c {
		case end:
			return done()
		case ',':
			d.take()
		case ']', '}', ':':
			d.take()
			return nil, d.fail(map[int]string{']': "Unmatched ']'", '}': "Objects must consist of key:value pairs", ':': "':' not as part of an object"}[c])
		default:
			return nil, d.misplaced()
		}
	}
}

// misplaced reports a value that follows another one; the text is read up to its end first.
func (d *decoder) misplaced() error {
	if _, err := d.value(); err != nil {
		return err
	}
	if !strings.ContainsRune("\"]}", rune(d.text[d.pos-1])) {
		d.take()
	}
	return d.fail("Expected separator between values")
}

func (d *decoder) word() (any, error) {
	from := d.pos
	for c := d.peek(); c >= 0 && !isSpace(c) && !strings.ContainsRune("[]{},:\"", rune(c)); c = d.peek() {
		d.take()
	}
	w := d.text[from:d.pos]
	switch w {
	case "null":
		return nil, nil
	case "true", "false":
		return w == "true", nil
	}
	if f, ok := parseNumber(w); ok {
		return f, nil
	}
	msg := "Invalid numeric literal"
	switch w[0] {
	case 't', 'f', 'n':
		msg = "Invalid literal"
	case '\'':
		msg = "Invalid string literal; expected \", but got '"
	}
	if d.take() < 0 {
		msg += " at EOF"
	}
	return nil, d.fail(msg)
}

func (d *decoder) str() (any, error) {
	d.take()
	from, control := d.pos, false
	for c := d.take(); c != '"'; c = d.take() {
		if c == '\\' {
			c = d.take()
		}
		if c < 0 {
			return nil, d.fail("Unfinished string at EOF")
		}
		control = control || c < 32
	}
	if control {
		return nil, d.fail("Invalid string: control characters from U+0000 through U+001F must be escaped")
	}
	s, msg := unescape(d.text[from : d.pos-1])
	if msg != "" {
		return nil, d.fail(msg)
	}
	return s, nil
}

// unescape decodes the inside of a string; a non-empty message tells what is wrong with it.
func unescape(s string) (string, string) {
	var b strings.Builder
	hex := func(s string) (rune, bool) {
		if len(s) < 6 || s[:2] != "\\u" {
			return 0, false
		}
		n, err := strconv.ParseUint(s[2:6], 16, 32)
		return rune(n), err == nil
	}
	for len(s) > 0 {
		if s[0] != '\\' {
			r, n := utf8.DecodeRuneInString(s)
			b.WriteRune(r)
			s = s[n:]
			continue
		}
		if i := strings.IndexByte("\"\\/bfnrt", s[1]); i >= 0 {
			b.WriteByte("\"\\/\b\f\n\r\t"[i])
			s = s[2:]
			continue
		}
		r, ok := hex(s)
		if !ok {
			return "", "Invalid escape"
		}
		s = s[6:]
		if r >= 0xD800 && r < 0xE000 {
			lo, ok := hex(s)
			if !ok || r >= 0xDC00 || lo < 0xDC00 || lo > 0xDFFF {
				return "", "Invalid \\uXXXX\\uXXXX surrogate pair escape"
			}
			r = 0x10000 + (r-0xD800)<<10 + (lo - 0xDC00)
			s = s[6:]
		}
		b.WriteRune(r)
	}
	return b.String(), ""
}
