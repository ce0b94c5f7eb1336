package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "Error: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string) error {
	opts := newOptionSet()
	if err := opts.parse(args); err != nil {
		return err
	}
	if !opts.on("help") && opts.on("version") {
		fmt.Println("xq version 1.4.0")
		return nil
	}
	if opts.on("help") || (len(opts.files) == 0 && isTerminal(os.Stdin) && !opts.on("in-place")) {
		fmt.Print(helpText)
		return nil
	}
	if err := checkOptions(opts); err != nil {
		return err
	}
	path := "/dev/stdin"
	if len(opts.files) > 0 {
		path = opts.files[0]
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	out := &strings.Builder{}
	if err = process(opts, string(content), out); err != nil {
		fmt.Println(out.String() + "Error: " + err.Error()) // content errors go to stdout
		os.Exit(1)
	}
	if opts.on("in-place") {
		return os.WriteFile(path, []byte(out.String()), 0o644)
	}
	fmt.Print(out.String())
	return nil
}

func checkOptions(opts *optionSet) error {
	switch n, _ := strconv.Atoi(opts.text("indent")); {
	case n < 0 || n > 8:
		return errors.New("indent should be between 0-8 spaces")
	case opts.text("attr") != "" && opts.text("query") == "":
		return errors.New("query option (-q) is missed for attribute selection")
	case opts.on("in-place") && len(opts.files) != 1:
		return errors.New("in-place formatting requires a file path (and only one file path)")
	case opts.text("query") != "" || opts.on("json"):
		return errors.New("CSS selection and JSON output are not supported here")
	}
	return nil
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func styleFor(opts *optionSet) style {
	width, _ := strconv.Atoi(opts.text("indent"))
	st := style{unit: strings.Repeat(" ", width)}
	if opts.on("tab") {
		st.unit = "\t"
	}
	st.colored = !opts.on("in-place") && (opts.on("color") || (isTerminal(os.Stdout) && !opts.on("no-color")))
	return st
}

func process(opts *optionSet, content string, out *strings.Builder) error {
	if opts.text("xpath") != "" || opts.text("extract") != "" {
		return extract(opts, content, out)
	}
	head := strings.ToLower(strings.TrimSpace(content))
	isHTML := strings.HasPrefix(head, "<!doctype ") || strings.HasPrefix(head, "<html") || opts.on("html")
	return formatMarkup(newSource(content, isHTML), isHTML, styleFor(opts), out)
}

func extract(opts *optionSet, content string, out *strings.Builder) error {
	doc, err := buildTree(content)
	if err != nil {
		return err
	}
	query, single := opts.text("xpath"), opts.text("xpath") == ""
	if single {
		query = opts.text("extract")
	}
	found, err := evaluateXPath(doc, query)
	if err != nil && single {
		return errors.New("XPath error: expression must evaluate to a node-set")
	} else if err != nil {
		return err
	}
	nodes, isSet := found.([]*node)
	if single {
		nodes = nodes[:min(1, len(nodes))]
	} else if !isSet {
		fmt.Fprintln(out, found)
	}
	for _, n := range nodes {
		if !opts.on("node") {
			fmt.Fprintln(out, strings.TrimSpace(n.innerText()))
		} else if err := formatMarkup(n.replay(), false, styleFor(opts), out); err != nil {
			return err
		}
	}
	return nil
}
