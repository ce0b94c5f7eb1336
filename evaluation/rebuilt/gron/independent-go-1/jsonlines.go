package main

import (
	"encoding/json"
	"errors"
)

var errLayout = errors.New("invalid JSON layout")

// parseJSONLine reads a [path,value] line as an assignment.
func parseJSONLine(text []byte) (parsedLine, error) {
	var parts []any
	if err := json.Unmarshal(text, &parts); err != nil {
		return parsedLine{}, err
	}
	if len(parts) != 2 {
		return parsedLine{}, errLayout
	}
	path, err := jsonPath(parts[0])
	if err != nil {
		return parsedLine{}, err
	}
	value, err := jsonLeaf(parts[1])
	if err != nil {
		return parsedLine{}, err
	}
	s := statement{path, value}
	return parsedLine{statement: s, shown: s.render(palette{}), hasValue: true, complete: true, pieces: len(path) + 1}, nil
}

// jsonPath turns an array of names and numbers into a path below the root.
func jsonPath(value any) ([]key, error) {
	elements, ok := value.([]any)
	if !ok {
		return nil, errLayout
	}
	path := []key{rootKey}
	for _, element := range elements {
		switch e := element.(type) {
		case string:
			path = append(path, key{quotedKey, quote(e)})
		case float64:
			path = append(path, key{indexKey, numberText(e)})
		default:
			return nil, errLayout
		}
	}
	return path, nil
}

// jsonLeaf accepts scalars and empty containers only.
func jsonLeaf(value any) (leaf, error) {
	switch v := value.(type) {
	case float64:
		return leaf{numberLeaf, numberText(v)}, nil
	case map[string]any:
		if len(v) > 0 {
			return leaf{}, errLayout
		}
	case []any:
		if len(v) > 0 {
			return leaf{}, errLayout
		}
	}
	return leafOf(value), nil
}

func numberText(f float64) string {
	text, err := json.Marshal(f)
	if err != nil {
		return "null"
	}
	return string(text)
}
