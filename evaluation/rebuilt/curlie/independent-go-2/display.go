package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

// Terminal colours used in the output.
const (
	colorReset  = "\x1b[0m"
	colorPunct  = "\x1b[37m"
	colorKey    = "\x1b[34m"
	colorValue  = "\x1b[36m"
	colorWord   = "\x1b[35m"
	colorReason = "\x1b[33m"
	colorInfo   = "\x1b[90m"
	colorError  = "\x1b[31m"
)

const binaryNotice = "+-----------------------------------------+\n" +
	"| NOTE: binary data not shown in terminal |\n" +
	"+-----------------------------------------+\n"

const indentUnit = "    "

// bodyMode is how a prettyWriter treats its stream.
type bodyMode int

const (
	undecided bodyMode = iota
	passThrough
	formatJSON
	hidden
)

// prettyWriter formats a body on the fly. The first byte decides whether it is
// taken for JSON; a zero byte makes the rest of it disappear behind a notice.
type prettyWriter struct {
	dest     io.Writer
	mode     bodyMode
	depth    int
	inString bool
	previous byte // the byte before the current one, inside a string
	inValue  bool // after a colon, up to the next comma or bracket
	fresh    bool // the value has not begun yet
}

// Write implements io.Writer.
func (p *prettyWriter) Write(chunk []byte) (int, error) {
	if len(chunk) == 0 || p.mode == hidden {
		return len(chunk), nil
	}
	if bytes.IndexByte(chunk, 0) >= 0 {
		p.mode = hidden
		_, err := io.WriteString(p.dest, binaryNotice)
		return len(chunk), err
	}
	if p.mode == undecided {
		p.mode = passThrough
		if chunk[0] == '{' || chunk[0] == '[' {
			p.mode = formatJSON
		}
	}
	if p.mode == passThrough {
		return p.dest.Write(chunk)
	}
	var out bytes.Buffer
	for _, c := range chunk {
		p.step(&out, c)
	}
	_, err := p.dest.Write(out.Bytes())
	return len(chunk), err
}

// step formats one byte of JSON.
func (p *prettyWriter) step(out *bytes.Buffer, c byte) {
	if p.inString {
		out.WriteByte(c)
		p.inString = c != '"' || p.previous == '\\'
		p.previous = c
		return
	}
	switch c {
	case ' ', '\t', '\r', '\n':
	case '{', '[':
		out.WriteString(colorPunct)
		out.WriteByte(c)
		p.depth++
		p.inValue, p.fresh = false, false
		p.newLine(out)
	case '}', ']':
		p.depth = max(p.depth-1, 0)
		p.inValue, p.fresh = false, false
		p.newLine(out)
		out.WriteString(colorPunct)
		out.WriteByte(c)
		if p.depth == 0 {
			out.WriteString("\n" + colorReset)
		}
	case ',':
		out.WriteString(colorPunct + ",")
		p.inValue, p.fresh = false, false
		p.newLine(out)
	case ':':
		out.WriteString(colorPunct + ": ")
		p.inValue, p.fresh = true, true
	case '"':
		if p.inValue {
			out.WriteString(colorValue)
		} else {
			out.WriteString(colorKey)
		}
		out.WriteByte(c)
		p.inString, p.previous, p.fresh = true, c, false
	default:
		if p.fresh {
			color := colorValue
			if strings.IndexByte("tfn", c) >= 0 {
				color = colorWord
			}
			out.WriteString(color)
			p.fresh = false
		}
		out.WriteByte(c)
	}
}

// newLine starts a line at the current depth.
func (p *prettyWriter) newLine(out *bytes.Buffer) {
	out.WriteString("\n" + strings.Repeat(indentUnit, p.depth))
}

// lineStyle recolours the lines that match a pattern.
type lineStyle struct {
	pattern *regexp.Regexp
	painted string
}

// lineStyles are tried in order; the first that matches a line is applied.
var lineStyles = []lineStyle{
	{regexp.MustCompile(`^(\* .*)$`), colorInfo + "${1}" + colorReset},
	{regexp.MustCompile(`^(curl: \([0-9]+\).*)$`), colorError + "${1}" + colorReset},
	{regexp.MustCompile(`^HTTP/([0-9.]+ [0-9]{3})( .*)$`),
		colorKey + "HTTP" + colorPunct + "/" + colorValue + "${1}" + colorReason + "${2}" + colorReset},
	{regexp.MustCompile(`^([A-Z]+) (\S+) HTTP/([0-9.]+.*)$`), colorKey + "${1}" + colorPunct + " ${2} " +
		colorKey + "HTTP" + colorPunct + "/" + colorValue + "${3}" + colorReset},
	{regexp.MustCompile(`^([A-Za-z0-9-]*:)(.*)$`), colorPunct + "${1}" + colorValue + "${2}" + colorReset},
}

// paint colours one line of the conversation, without its line feed.
func paint(line string) string {
	for _, style := range lineStyles {
		if style.pattern.MatchString(line) {
			return style.pattern.ReplaceAllString(line, style.painted)
		}
	}
	return line
}

// conversationWriter turns curl's report on stderr into request and response
// headers, dropping what the user did not ask for. The request body is shown
// where curl says that it sends data.
type conversationWriter struct {
	dest      io.Writer
	verbose   bool
	color     bool
	body      []byte    // the request body
	bodyDest  io.Writer // where it is printed
	bodyShown bool
	partial   []byte // an unfinished line
}

// Write implements io.Writer.
func (w *conversationWriter) Write(chunk []byte) (int, error) {
	w.partial = append(w.partial, chunk...)
	for {
		line, rest, complete := bytes.Cut(w.partial, []byte("\n"))
		if !complete {
			return len(chunk), nil
		}
		w.partial = rest
		if err := w.line(string(line)); err != nil {
			return len(chunk), err
		}
	}
}

// line shows one complete line of curl's report.
func (w *conversationWriter) line(line string) error {
	switch marker := line[:min(1, len(line))]; {
	case marker == "{", marker == "}" && (!w.verbose || w.bodyShown):
		return nil
	case marker == "}":
		w.bodyShown = true
		w.bodyDest.Write(w.body)
		line = "\n"
	case (marker == "*" || marker == ">") && !w.verbose:
		return nil
	case marker == ">" || marker == "<":
		line = line[min(2, len(line)):]
	}
	if w.color {
		line = paint(line)
	}
	_, err := io.WriteString(w.dest, line+"\n")
	return err
}

// usageWriter rewrites the synopsis in curl's help into our own.
type usageWriter struct {
	dest    io.Writer
	program string
}

// Write implements io.Writer.
func (u *usageWriter) Write(chunk []byte) (int, error) {
	ours := "Usage: " + u.program + " [options...] [METHOD] URL [REQUEST_ITEM [REQUEST_ITEM ...]]"
	text := strings.Replace(string(chunk), "Usage: curl [options...] <url>", ours, 1)
	_, err := io.WriteString(u.dest, text)
	return len(chunk), err
}
