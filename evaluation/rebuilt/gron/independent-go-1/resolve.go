package main

import (
	"fmt"
	"strconv"
	"strings"
)

// step is a decoded path element.
type step struct {
	isIndex bool
	index   int
	name    string
}

// assignment is a statement with its path and value decoded.
type assignment struct {
	steps []step
	value any
}

// resolveAll decodes every line, naming the first one that fails.
func resolveAll(lines []parsedLine) ([]assignment, error) {
	list := make([]assignment, 0, len(lines))
	for _, line := range lines {
		a, err := resolve(line)
		if err != nil {
			return nil, fmt.Errorf("ungron failed for `%s`: %w", line.shown, err)
		}
		list = append(list, a)
	}
	return list, nil
}

func resolve(line parsedLine) (assignment, error) {
	var a assignment
	if line.bad {
		return a, fmt.Errorf("invalid statement")
	}
	if !line.complete {
		return a, fmt.Errorf("statement has no value")
	}
	value, err := decodeValue(strings.NewReader(line.value.text))
	if err != nil {
		return a, fmt.Errorf("invalid value `%s`", line.value.text)
	}
	for _, k := range line.path {
		s, err := resolveKey(k)
		if err != nil {
			return a, err
		}
		a.steps = append(a.steps, s)
	}
	a.value = value
	return a, nil
}

func resolveKey(k key) (step, error) {
	switch k.kind {
	case indexKey:
		i, err := strconv.Atoi(k.text)
		if err != nil || i < 0 {
			return step{}, fmt.Errorf("invalid integer key `%s`", k.text)
		}
		return step{isIndex: true, index: i}, nil
	case quotedKey:
		name, err := unquote(k.text)
		if err != nil {
			return step{}, fmt.Errorf("invalid quoted key `%s`", k.text)
		}
		return step{name: name}, nil
	}
	return step{name: k.text}, nil
}
