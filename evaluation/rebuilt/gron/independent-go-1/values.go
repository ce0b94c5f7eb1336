package main

import (
	"bufio"
	"fmt"
	"io"
)

// printValues prints the scalar values of assignments, strings unquoted.
func printValues(in io.Reader, out io.Writer) error {
	sc := bufio.NewScanner(in)
	for sc.Scan() {
		line := parseLine(sc.Text())
		if line.pieces == 0 && !line.bad {
			return failf(exitParseStatements, "failed to parse '%s' as gron statement", sc.Text())
		}
		printValue(out, line)
	}
	return nil
}

func printValue(out io.Writer, line parsedLine) {
	if !line.hasValue || line.value.kind == emptyContainer {
		return
	}
	text := line.value.text
	if line.value.kind == stringLeaf {
		decoded, err := unquote(text)
		if err != nil {
			return
		}
		text = decoded
	}
	fmt.Fprintln(out, text)
}
