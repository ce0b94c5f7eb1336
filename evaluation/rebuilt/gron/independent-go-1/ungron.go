package main

import (
	"errors"
	"io"
)

// ungron reads assignments and prints the JSON they describe.
func ungron(in io.Reader, out io.Writer, o options) error {
	lines, err := readAssignments(in, o.json)
	if err != nil {
		return err
	}
	assignments, err := resolveAll(lines)
	if err != nil {
		return fail(exitParseStatements, err)
	}
	document, err := assemble(assignments)
	if err != nil {
		return failf(exitParseStatements, "failed to merge statements: %w", err)
	}
	if o.color {
		_, err = io.WriteString(out, colorJSON(document)+"\n")
	} else {
		err = writeJSON(out, document)
	}
	return fail(exitJSONEncode, err)
}

// readAssignments parses all lines that are worth a look.
func readAssignments(in io.Reader, asJSON bool) ([]parsedLine, error) {
	var lines []parsedLine
	sc := lineScanner(in)
	for sc.Scan() {
		line, err := parseEither(sc.Bytes(), asJSON)
		if err != nil {
			return nil, fail(exitParseStatements, err)
		}
		if !line.negligible() {
			lines = append(lines, line)
		}
	}
	if sc.Err() != nil {
		return nil, failf(exitReadInput, "failed to read input statements")
	}
	if len(lines) == 0 {
		return nil, failf(exitParseStatements, "no statements were parsed")
	}
	return lines, nil
}

func parseEither(text []byte, asJSON bool) (parsedLine, error) {
	if asJSON {
		return parseJSONLine(text)
	}
	return parseLine(string(text)), nil
}

var (
	errNonObject = errors.New("cannot merge object with non-object")
	errNonArray  = errors.New("cannot merge array with non-array")
)

// assemble applies all assignments in order and strips the usual root.
func assemble(assignments []assignment) (any, error) {
	var root any
	var err error
	for _, a := range assignments {
		if root, err = place(root, a.steps, a.value); err != nil {
			return nil, err
		}
	}
	if object, ok := root.(map[string]any); ok && len(object) == 1 {
		if inner, ok := object[rootKey.text]; ok {
			return inner, nil
		}
	}
	return root, nil
}

// place puts value below current, at the end of the steps, and returns the
// node that takes current's place. Scalars give way; containers stay.
func place(current any, steps []step, value any) (any, error) {
	if len(steps) == 0 {
		return replace(current, value)
	}
	if steps[0].isIndex {
		return placeInArray(current, steps, value)
	}
	return placeInObject(current, steps, value)
}

func replace(current, value any) (any, error) {
	switch current.(type) {
	case map[string]any:
		if _, ok := value.(map[string]any); !ok {
			return nil, errNonObject
		}
		return current, nil
	case []any:
		if _, ok := value.([]any); !ok {
			return nil, errNonArray
		}
		return current, nil
	}
	return value, nil
}

func placeInObject(current any, steps []step, value any) (any, error) {
	object, ok := current.(map[string]any)
	if !ok {
		if _, isArray := current.([]any); isArray {
			return nil, errNonArray
		}
		object = map[string]any{}
	}
	child, err := place(object[steps[0].name], steps[1:], value)
	if err != nil {
		return nil, err
	}
	object[steps[0].name] = child
	return object, nil
}

func placeInArray(current any, steps []step, value any) (any, error) {
	array, ok := current.([]any)
	if _, isObject := current.(map[string]any); !ok && isObject {
		return nil, errNonObject
	}
	index := steps[0].index
	if missing := index + 1 - len(array); missing > 0 {
		array = append(array, make([]any, missing)...)
	}
	if len(steps) == 1 && value == nil {
		return array, nil // null never overwrites an element
	}
	child, err := place(array[index], steps[1:], value)
	if err != nil {
		return nil, err
	}
	array[index] = child
	return array, nil
}
