package main

import (
	"html"
	"regexp"
	"strings"
)

// token is a start tag, an end tag (closing) or, without a name, text.
type token struct {
	name, text string
	closing    bool
	attrs      map[string]string
}

var (
	tagPattern  = regexp.MustCompile(`<(/?)([a-zA-Z][^\s/>]*)((?:[^>"'=]|=\s*"[^"]*"|=\s*'[^']*'|[="'])*?)(?:>|$)`)
	attrPattern = regexp.MustCompile(`([^\s/=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?`)
	// Comments, declarations and elements that are never shown.
	hidden = regexp.MustCompile(`(?is)<!--.*?(?:-->|$)|<[!?].*?(?:>|$)|<script\b.*?(?:</script\s*>|$)|<style\b.*?(?:</style\s*>|$)` +
		`|<title\b.*?(?:</title\s*>|$)|<textarea\b.*?(?:</textarea\s*>|$)|<noscript\b.*?(?:</noscript\s*>|$)|<iframe\b.*?(?:</iframe\s*>|$)`)
)

func tokenize(src string) (tokens []token) {
	src = hidden.ReplaceAllString(strings.ReplaceAll(src, "\r\n", "\n"), "")
	for src != "" {
		at := tagPattern.FindStringSubmatchIndex(src)
		if at == nil {
			return append(tokens, token{text: html.UnescapeString(src)})
		}
		if at[0] > 0 {
			tokens = append(tokens, token{text: html.UnescapeString(src[:at[0]])})
		}
		tokens = append(tokens, token{
			name:    strings.ToLower(src[at[4]:at[5]]),
			closing: at[2] < at[3],
			attrs:   attributes(src[at[6]:at[7]]),
		})
		src = src[at[1]:]
	}
	return tokens
}

func attributes(src string) map[string]string {
	attrs := map[string]string{}
	for _, m := range attrPattern.FindAllStringSubmatch(src, -1) {
		name := strings.ToLower(m[1])
		if _, seen := attrs[name]; !seen {
			attrs[name] = html.UnescapeString(m[2] + m[3] + m[4])
		}
	}
	return attrs
}
