package main

import (
	"errors"
	"regexp"
	"strings"
)

// selector is a list of alternatives, each a chain of compounds like "div.a".
type selector [][]string

var (
	compound     = regexp.MustCompile(`^(?:\*|[\w-]+)?(?:[.#][\w-]+)*$`)
	compoundPart = regexp.MustCompile(`[.#]?[\w-]+`)
)

func parseSelector(src string) (sel selector, err error) {
	if src == "" {
		return nil, errors.New("invalid css selector: empty string")
	}
	for _, part := range strings.Split(src, ",") {
		chain := strings.Fields(part)
		for _, c := range chain {
			if !compound.MatchString(c) {
				return nil, errors.New("invalid css selector: expected identifier, found EOF instead")
			}
		}
		if sel = append(sel, chain); len(chain) == 0 {
			return nil, errors.New("invalid css selector: expected selector, found EOF instead")
		}
	}
	return sel, nil
}

func (sel selector) matches(n *node) bool {
	for _, chain := range sel {
		if n.tag != "" && matchChain(n, chain) {
			return true
		}
	}
	return false
}

// matchChain compares n with the last compound and its ancestors with the others.
func matchChain(n *node, chain []string) bool {
	last := len(chain) - 1
	facts := set("." + strings.Join(strings.Fields(n.attrs["class"]), " .") + " #" + n.attrs["id"] + " " + n.tag)
	for _, part := range compoundPart.FindAllString(chain[last], -1) {
		if !facts[part] {
			return false
		}
	}
	for p := n.parent; p != nil && last > 0; p = p.parent {
		if matchChain(p, chain[:last]) {
			return true
		}
	}
	return last == 0
}

// pick returns the outermost matches in and below n.
func (sel selector) pick(n *node) (found []*node) {
	if sel == nil || sel.matches(n) {
		return []*node{n}
	}
	for _, k := range n.kids {
		found = append(found, sel.pick(k)...)
	}
	return found
}

// selectParts applies --include-selector and --exclude-selector.
func selectParts(body *node, opt *options) *node {
	body.filter(func(n *node) bool { return !opt.exclude.matches(n) })
	return &node{tag: "body", kids: opt.include.pick(body)}
}
