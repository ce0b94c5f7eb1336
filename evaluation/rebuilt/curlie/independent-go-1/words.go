package main

import (
	"encoding/json"
	"net/url"
	"strings"
)

// payload is what the request items contribute to the curl call.
type payload struct {
	args    []string
	headers []string
	query   []string
	fields  map[string]any
}

// splitItem cuts a word at its leftmost separator: ":=", ":", "==" or "=".
func splitItem(text string) (key, sep, value string) {
	at := strings.IndexAny(text, ":=")
	if at < 0 {
		return text, "", ""
	}
	end := at + 1
	if strings.HasPrefix(text[end:], "=") {
		end++
	}
	return text[:at], text[at:end], text[end:]
}

func collectItems(words []string, form bool) *payload {
	p := &payload{fields: map[string]any{}}
	for _, text := range words {
		key, sep, value := splitItem(text)
		switch {
		case sep == ":":
			p.args = append(p.args, "-H", text)
			p.headers = append(p.headers, text)
		case sep == "==":
			p.query = append(p.query, url.QueryEscape(key)+"="+url.QueryEscape(value))
		case sep == ":=":
			var v any // stays null for text that is not JSON
			_ = json.Unmarshal([]byte(value), &v)
			p.fields[key] = v
		case sep == "=" && form:
			p.args = append(p.args, "-F", text)
		case sep == "=":
			p.fields[key] = value
		default:
			p.args = append(p.args, text)
		}
	}
	return p
}

// address is a URL as shown to the user and as handed to curl.
type address struct {
	shown, target string
	err           error
}

func newAddress(word string, query []string) *address {
	full := withScheme(word)
	if len(query) > 0 {
		sep := "?"
		if strings.Contains(full, "?") {
			sep = "&"
		}
		full += sep + strings.Join(query, "&")
	}
	u, err := url.Parse(full)
	if err != nil {
		return &address{full, full, err}
	}
	if strings.HasPrefix(u.Host, ":") { // ":3000" is short for this machine
		u.Host = strings.TrimSuffix("localhost"+u.Host, ":")
	}
	target := u.String()
	if !strings.HasPrefix(word, "http://") {
		target = strings.TrimPrefix(target, "http://")
	}
	return &address{full, target, nil}
}

func withScheme(word string) string {
	switch {
	case strings.HasPrefix(word, "http://"), strings.HasPrefix(word, "https://"):
		return word
	case strings.HasPrefix(word, "//"):
		return "http:" + word
	}
	return "http://" + word
}
