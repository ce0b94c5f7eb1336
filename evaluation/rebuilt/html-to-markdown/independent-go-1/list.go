package main

import (
	"fmt"
	"strconv"
	"strings"
)

// separateLists keeps two neighbouring lists apart.
func separateLists(s string) string {
	return strings.ReplaceAll(s, listClose+"\n\n"+listOpen, "\n\n<!--THE END-->\n\n")
}

func (r *renderer) list(n *node) string {
	var items []string
	for _, item := range listItems(n) {
		if text := r.block(item); text != "" {
			items = append(items, resolveEscapes(separateLists(text)))
		}
	}
	if len(items) == 0 {
		return "\n\n"
	}
	start, err := strconv.Atoi(n.attrs["start"])
	if err != nil {
		start = 1
	}
	width := len(strconv.Itoa(start + len(items) - 1))
	for i, text := range items {
		prefix := "- "
		if n.tag == "ol" {
			prefix = fmt.Sprintf("%0*d. ", width, start+i)
		}
		pad := strings.Repeat(" ", len(prefix))
		items[i] = prefix + strings.NewReplacer("\n", "\n"+pad, hardBreak, hardBreak+pad, codeLine, codeLine+pad).Replace(text)
	}
	return "\n\n" + listOpen + strings.Join(items, "\n") + listClose + "\n\n"
}

// listItems gives stray children of a list a place in the item before them.
func listItems(n *node) (items []*node) {
	for _, k := range n.kids {
		if k.tag == "li" {
			items = append(items, k)
			continue
		}
		if len(items) == 0 {
			items = append(items, &node{tag: "li"})
		}
		items[len(items)-1].add(k)
	}
	return items
}
