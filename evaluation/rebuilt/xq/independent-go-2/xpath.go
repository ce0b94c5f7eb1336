package main

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	errXPath      = errors.New("unable to parse the XPath query")
	pathStep      = regexp.MustCompile(`^(/{0,2})(@?)(\.\.?|\*|[\pL_][\pL\pN_:.\-]*(?:\(\))?)((?:\[(?:[^\]"']|"[^"]*"|'[^']*')*\])*)`)
	predicatePart = regexp.MustCompile(`\[((?:[^\]"']|"[^"]*"|'[^']*')*)\]`)
	countCall     = regexp.MustCompile(`^count\((.+)\)$`)
	comparison    = regexp.MustCompile(`^(.+?)\s*(!=|=)\s*(?:"([^"]*)"|'([^']*)'|([\d.]+))$`)
	containment   = regexp.MustCompile(`^contains\((.+),\s*["'](.*)["']\)$`)
	negation      = regexp.MustCompile(`^not\((.+)\)$`)
)

// evaluateXPath yields a node list, or an int for a count.
func evaluateXPath(root *node, query string) (any, error) {
	if call := countCall.FindStringSubmatch(query); call != nil {
		nodes, err := selectUnion(root, call[1])
		return len(nodes), err
	}
	return selectUnion(root, query)
}

func selectUnion(context *node, query string) ([]*node, error) {
	var all []*node
	for _, path := range strings.Split(query, "|") {
		nodes, err := selectPath(context, strings.TrimSpace(path))
		if err != nil {
			return nil, err
		}
		all = append(all, nodes...)
	}
	return inOrder(all), nil
}

// inOrder sorts nodes by document position and drops repeated ones.
func inOrder(nodes []*node) []*node {
	slices.SortFunc(nodes, func(a, b *node) int { return a.order - b.order })
	return slices.Compact(nodes)
}

func selectPath(context *node, path string) ([]*node, error) {
	if strings.HasPrefix(path, "/") {
		for context.parent != nil {
			context = context.parent
		}
	}
	current := []*node{context}
	if path == "/" {
		return current, nil
	}
	for first := true; first || path != ""; first = false {
		m := pathStep.FindStringSubmatch(path)
		if m == nil || (!first && m[1] == "") {
			return nil, errXPath
		}
		path = path[len(m[0]):]
		current = takeStep(current, m)
	}
	return current, nil
}

// takeStep applies slashes, attribute mark, node test and predicates of one step.
func takeStep(current []*node, m []string) (next []*node) {
	if m[1] == "//" {
		for _, n := range current {
			next = append(next, n.family()...)
		}
		current, next = inOrder(next), nil
	}
	for _, n := range current {
		found := candidates(n, m[2] == "@", m[3])
		for _, p := range predicatePart.FindAllStringSubmatch(m[4], -1) {
			found = filter(found, strings.TrimSpace(p[1]))
		}
		next = append(next, found...)
	}
	return inOrder(next)
}

func filter(nodes []*node, predicate string) (kept []*node) {
	for i, n := range nodes {
		if holds(n, predicate, i+1, len(nodes)) {
			kept = append(kept, n)
		}
	}
	return kept
}

func candidates(n *node, attribute bool, test string) []*node {
	pool, found := n.kids, []*node{}
	switch {
	case attribute:
		pool = n.ownAttrs
	case test == ".":
		return []*node{n}
	case test == ".." && n.parent != nil:
		return []*node{n.parent}
	}
	kinds := map[string]tokenKind{"text()": textPiece, "comment()": commentPiece}
	for _, c := range pool {
		kind, special := kinds[test]
		named := (c.kind == startTag || c.kind == attrKind) && (test == "*" || test == c.name)
		if named || test == "node()" || (special && c.kind == kind) {
			found = append(found, c)
		}
	}
	return found
}

// holds decides one predicate for a node at a one-based position among size nodes.
func holds(n *node, text string, position, size int) bool {
	if number, err := strconv.Atoi(text); err == nil || text == "last()" {
		return number == position || (err != nil && position == size)
	}
	if m := negation.FindStringSubmatch(text); m != nil {
		return !holds(n, m[1], position, size)
	}
	path, test := text, func(string) bool { return true }
	if m := containment.FindStringSubmatch(text); m != nil {
		path, test = m[1], func(s string) bool { return strings.Contains(s, m[2]) }
	} else if m := comparison.FindStringSubmatch(text); m != nil {
		path, test = m[1], func(s string) bool { return (s == m[3]+m[4]+m[5]) == (m[2] == "=") }
	}
	nodes, _ := selectUnion(n, path)
	return slices.ContainsFunc(nodes, func(found *node) bool { return test(found.innerText()) })
}
