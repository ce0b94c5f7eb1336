package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// command is a finished curl invocation.
type command struct {
	args []string
	body string   // request body to echo in verbose mode
	addr *address // nil without a URL
}

func buildCommand(r *request, stdinPiped, autoVerbose bool) *command {
	c := &command{args: r.options, body: r.data}
	if r.method == "HEAD" {
		r.flags["head"] = true
		c.add("-I")
	} else if r.method != "" {
		c.add("-X", r.method)
	}
	headers := r.headers
	if len(r.words) > 0 {
		p := collectItems(r.words[1:], r.flags["form"])
		headers = append(headers, p.headers...)
		c.add(p.args...)
		if len(p.fields) > 0 {
			text, _ := json.Marshal(p.fields)
			c.body, r.flags["data"] = string(text), true
			c.add("-d", c.body)
		}
		c.addr = newAddress(r.words[0], p.query)
		c.add(c.addr.target)
	}
	c.add("-s", "-S")
	if autoVerbose {
		c.add("-v")
	}
	if stdinPiped && !r.flags["data"] && !r.flags["help"] {
		r.flags["data"] = true
		c.add("-d@-")
	}
	if r.flags["data"] && !slices.Contains(c.args, "-F") && !hasHeader(headers, "content-type") {
		c.add("-H", "Content-Type: application/json")
	}
	if !hasHeader(headers, "accept") {
		c.add("-H", "Accept: application/json, */*")
	}
	return c
}

func (c *command) add(args ...string) { c.args = append(c.args, args...) }

func hasHeader(headers []string, name string) bool {
	return slices.ContainsFunc(headers, func(h string) bool {
		key, _, _ := strings.Cut(h, ":")
		return strings.EqualFold(strings.TrimSpace(key), name)
	})
}

// String renders the call for --curl; words with spaces are quoted.
func (c *command) String() string {
	line := "curl"
	for _, a := range c.args {
		if strings.Contains(a, " ") {
			a = fmt.Sprintf("%q", a)
		}
		line += " " + a
	}
	return line
}
