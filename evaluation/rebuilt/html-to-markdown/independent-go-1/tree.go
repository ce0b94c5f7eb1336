package main

import "strings"

var (
	voidTags   = set("area base br col embed hr img input link meta param source track wbr")
	formatting = set("a b big code em font i nobr s small strike strong tt u")
	closesP    = set("address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section summary table ul")
	headings   = set("h1 h2 h3 h4 h5 h6")
	tableParts = set("caption colgroup col thead tbody tfoot tr td th")
	scopeEnds  = set("td th caption table button")
)

// implied lists what an opening tag closes, and where that search stops.
var implied = []struct{ opening, closes, stop tagSet }{
	{closesP, set("p"), scopeEnds},
	{headings, headings, scopeEnds},
	{set("li"), set("li"), set("ul ol menu dir table td th blockquote div")},
	{set("dt dd"), set("dt dd"), set("dl table td th")},
	{set("option"), set("option"), set("select")},
	{set("a"), set("a"), scopeEnds},
	{set("td th"), set("td th caption"), set("tr table")},
	{set("tr"), set("tr caption"), set("table")},
	{set("thead tbody tfoot"), set("thead tbody tfoot"), set("table")},
}

// builder keeps the open elements, the body first.
type builder struct{ stack []*node }

// parseHTML builds a tree below a body element from any input.
func parseHTML(src string) *node {
	b := &builder{[]*node{{tag: "body"}}}
	for _, t := range tokenize(src) {
		switch {
		case t.name == "":
			b.addText(t.text)
		case t.name == "html" || t.name == "body" || t.name == "head":
		case t.closing:
			b.closeTag(t.name)
		default:
			b.open(t)
		}
	}
	return b.stack[0]
}

func (b *builder) top() *node { return b.stack[len(b.stack)-1] }

// find returns the stack index of the nearest open tag, or 0.
func (b *builder) find(tags, stop tagSet) int {
	for i := len(b.stack) - 1; i > 0; i-- {
		if tags[b.stack[i].tag] {
			return i
		}
		if stop[b.stack[i].tag] {
			break
		}
	}
	return 0
}

func (b *builder) addText(text string) {
	if t := b.top(); t.tag == "pre" && len(t.kids) == 0 {
		text = strings.TrimPrefix(text, "\n")
	}
	b.top().add(&node{text: text})
}

func (b *builder) open(t token) {
	for _, rule := range implied {
		if rule.opening[t.name] {
			b.popTo(b.find(rule.closes, rule.stop))
		}
	}
	n := &node{tag: t.name, attrs: t.attrs}
	b.top().add(n)
	if !voidTags[t.name] {
		b.stack = append(b.stack, n)
	}
}

// popTo closes the element at index i; formatting inside it is reopened after it.
func (b *builder) popTo(i int) {
	if i == 0 {
		return
	}
	closed := b.stack[i:]
	b.stack = b.stack[:i:i]
	for _, n := range closed[1:] {
		if formatting[n.tag] && !tableParts[closed[0].tag] {
			again := &node{tag: n.tag, attrs: n.attrs}
			b.top().add(again)
			b.stack = append(b.stack, again)
		}
	}
}

func (b *builder) closeTag(name string) {
	tags, stop := set(name), scopeEnds
	if headings[name] {
		tags = headings
	} else if tableParts[name] || scopeEnds[name] {
		stop = nil
	}
	i := b.find(tags, stop)
	if i == 0 && (name == "p" || name == "br") {
		b.top().add(&node{tag: name})
	}
	b.popTo(i)
}
