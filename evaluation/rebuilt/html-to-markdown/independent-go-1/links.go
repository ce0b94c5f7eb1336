package main

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

var unsafeInURL = regexp.MustCompile(`[\x00- ()<>\[\]"\x7f-\x{10FFFF}]`)

func (r *renderer) link(n *node) string {
	before, core, after := peel(squeeze(r.kids(n, true)))
	core = strings.NewReplacer("\n\n", hardBreak+"\\\n", mark+"[", `\[`, mark+"]", `\]`).Replace(core)
	return before + "[" + core + "](" + r.target(n.attrs["href"], n.attrs["title"]) + ")" + after
}

func (r *renderer) image(n *node) string {
	if strings.TrimSpace(n.attrs["src"]) == "" {
		return ""
	}
	alt := blanks.ReplaceAllString(n.attrs["alt"], " ")
	alt = strings.NewReplacer("[", `\[`, "]", `\]`).Replace(alt)
	return "![" + alt + "](" + r.target(n.attrs["src"], n.attrs["title"]) + ")"
}

// target writes what stands between the parentheses.
func (r *renderer) target(address, title string) string {
	out := encodeURL(r.absolute(strings.TrimSpace(address)))
	title = strings.TrimSpace(blanks.ReplaceAllString(title, " "))
	switch {
	case title == "":
		return out
	case strings.Contains(title, `"`) && !strings.Contains(title, "'"):
		return out + " '" + title + "'"
	}
	return out + ` "` + strings.ReplaceAll(title, `"`, `\"`) + `"`
}

func (r *renderer) absolute(address string) string {
	domain := r.opt.domain
	if domain == "" {
		return address
	}
	if !strings.Contains(domain, "://") {
		domain = "http://" + domain
	}
	if base, err := url.Parse(domain); err == nil {
		if ref, err := base.Parse(address); err == nil {
			return ref.String()
		}
	}
	return address
}

// encodeURL escapes characters that would end or confuse a Markdown link.
func encodeURL(s string) string {
	return unsafeInURL.ReplaceAllStringFunc(s, func(c string) (out string) {
		for _, b := range []byte(c) {
			out += fmt.Sprintf("%%%02X", b)
		}
		return out
	})
}
