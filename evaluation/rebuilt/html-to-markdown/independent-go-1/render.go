package main

import (
	"regexp"
	"strings"
)

var (
	strikethrough bool // whether "~" has a meaning
	flatTags      = set("hr ul ol li table")
)

type renderer struct{ opt *options }

// convert renders a whole document.
func convert(src string, opt *options) string {
	root := selectParts(parseHTML(src), opt)
	normalize(root)
	strikethrough = opt.strike
	r := &renderer{opt}
	s := resolveEscapes(separateLists(r.block(root)))
	return strings.NewReplacer(hardBreak, "  \n", codeLine, "\n", listOpen, "", listClose, "").Replace(s)
}

func (r *renderer) kids(n *node, inline bool) (s string) {
	for _, k := range n.kids {
		s += r.render(k, inline)
	}
	return s
}

// block renders the content of a container.
func (r *renderer) block(n *node) string { return trim(squeeze(r.kids(n, false))) }

func paragraph(s string) string {
	if s = trim(s); s == "" {
		return "\n\n"
	}
	return "\n\n" + s + "\n\n"
}

func (r *renderer) render(n *node, inline bool) string {
	switch n.tag {
	case "":
		return markText(n.text)
	case "br":
		return hardBreak
	case "h1", "h2", "h3", "h4", "h5", "h6":
		return r.heading(n, inline)
	case "b", "strong":
		return wrapLines(r.kids(n, true), r.opt.strong)
	case "i", "em":
		return wrapLines(r.kids(n, true), "*")
	case "s", "del", "strike":
		if r.opt.strike {
			return wrapLines(r.kids(n, true), "~~")
		}
	case "code", "tt", "samp", "var", "kbd":
		return inlineCode(n)
	case "a":
		return r.link(n)
	case "img":
		return r.image(n)
	}
	if inline {
		return r.renderFlat(n)
	}
	return r.renderBlock(n)
}

// renderFlat handles blocks where only inline content is possible.
func (r *renderer) renderFlat(n *node) string {
	text := r.kids(n, true)
	switch {
	case n.tag == "pre":
		return inlineCode(n)
	case n.tag == "blockquote":
		return `"` + trim(text) + `"`
	case blockTags[n.tag] && !flatTags[n.tag]:
		return paragraph(text)
	}
	return text
}

func (r *renderer) renderBlock(n *node) string {
	switch n.tag {
	case "hr":
		return paragraph("* * *")
	case "pre":
		return paragraph(fencedCode(n))
	case "blockquote":
		return r.quote(n)
	case "ul", "ol":
		return r.list(n)
	}
	text := r.kids(n, false)
	if blockTags[n.tag] {
		return paragraph(text)
	}
	return text
}

func (r *renderer) heading(n *node, inline bool) string {
	text := trim(newlines.ReplaceAllString(r.kids(n, true), " "))
	if text == "" {
		return "\n\n"
	}
	if inline {
		return wrapLines(text, r.opt.strong) + hardBreak
	}
	if strings.HasSuffix(text, mark+"#") {
		text = strings.TrimSuffix(text, mark+"#") + `\#`
	}
	return paragraph(strings.Repeat("#", int(n.tag[1]-'0')) + " " + text)
}

// wrapLines puts delim around every line, leaving outer white space outside.
func wrapLines(s, delim string) string {
	s = squeeze(s)
	before, core, after := peel(s)
	if core == "" {
		return s
	}
	return before + fullLines.ReplaceAllString(core, delim+"${0}"+delim) + after
}

// peel separates the white space around a text.
func peel(s string) (before, core, after string) {
	core = trim(s)
	before, after, _ = strings.Cut(s, core)
	return before, core, after
}

var backticks = regexp.MustCompile("`+")

// fenceFor returns backticks enough to enclose text.
func fenceFor(text string, size int) string {
	for _, run := range backticks.FindAllString(text, -1) {
		size = max(size, len(run)+1)
	}
	return strings.Repeat("`", size)
}

func inlineCode(n *node) string {
	text := strings.TrimSpace(blanks.ReplaceAllString(n.rawText(), " "))
	if text == "" {
		return ""
	}
	fence := fenceFor(text, 1)
	if strings.HasPrefix(text, "`") {
		text = " " + text
	}
	if strings.HasSuffix(text, "`") {
		text += " "
	}
	return fence + text + fence
}

var language = regexp.MustCompile(`(?:^|\s)lang(?:uage)?-(\S+)`)

func fencedCode(n *node) string {
	class := n.attrs["class"]
	if len(n.kids) > 0 && n.kids[0].tag == "code" {
		class += " " + n.kids[0].attrs["class"]
	}
	info := ""
	if m := language.FindStringSubmatch(class); m != nil {
		info = m[1]
	}
	text := strings.TrimSuffix(n.rawText(), "\n")
	fence := fenceFor(text, 3)
	return fence + info + "\n" + strings.ReplaceAll(text, "\n", codeLine) + "\n" + fence
}

func (r *renderer) quote(n *node) string {
	text := r.block(n)
	if text == "" {
		return "\n\n"
	}
	text = strings.NewReplacer("\n", "\n> ", hardBreak, hardBreak+"> ", listOpen, "", listClose, "").Replace(text)
	return paragraph("> " + text)
}
