package main

import (
	"encoding/json"
	"io"
	"sort"
	"strings"
)

// flattener walks decoded JSON and prints one statement per node.
type flattener struct {
	out    io.Writer
	paint  palette
	json   bool
	sorted bool
}

func newFlattener(out io.Writer, o options) *flattener {
	return &flattener{out: out, paint: paletteFor(o), json: o.json, sorted: !o.noSort}
}

// gronDocument flattens the first JSON value of the input.
func gronDocument(in io.Reader, out io.Writer, o options) error {
	value, err := decodeValue(in)
	if err == nil {
		err = newFlattener(out, o).walk([]key{rootKey}, value)
	}
	return formFailure(err)
}

// gronStream flattens every input line as an element of one big array.
func gronStream(in io.Reader, out io.Writer, o options) error {
	f := newFlattener(out, o)
	if err := f.emit([]key{rootKey}, leaf{emptyContainer, "[]"}); err != nil {
		return formFailure(err)
	}
	sc := lineScanner(in)
	for i := 0; sc.Scan(); i++ {
		value, err := decodeValue(strings.NewReader(sc.Text()))
		if err == nil {
			err = f.walk([]key{rootKey, numberKey(i)}, value)
		}
		if err != nil {
			return formFailure(err)
		}
	}
	if err := sc.Err(); err != nil {
		// The stray suffix is what the established program prints.
		return failf(exitFormStatements, "error reading multiline input: %w: %s", err, "%!s(MISSING)")
	}
	return nil
}

func formFailure(err error) error {
	if err == nil {
		return nil
	}
	return failf(exitFormStatements, "failed to form statements: %w", err)
}

// decodeValue reads one JSON value, keeping numbers as they are written.
func decodeValue(in io.Reader) (any, error) {
	dec := json.NewDecoder(in)
	dec.UseNumber()
	var value any
	err := dec.Decode(&value)
	return value, err
}

// walk prints value and, below it, all it contains.
func (f *flattener) walk(path []key, value any) error {
	if err := f.emit(path, leafOf(value)); err != nil {
		return err
	}
	path = path[:len(path):len(path)] // children must not share the tail
	switch v := value.(type) {
	case map[string]any:
		for _, m := range f.members(v) {
			if err := f.walk(append(path, m.key), m.value); err != nil {
				return err
			}
		}
	case []any:
		for i, element := range v {
			if err := f.walk(append(path, numberKey(i)), element); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *flattener) emit(path []key, value leaf) error {
	s := statement{path, value}
	line := ""
	if f.json {
		line = s.renderJSON(f.paint)
	} else {
		line = s.render(f.paint)
	}
	_, err := io.WriteString(f.out, line+"\n")
	return err
}

type member struct {
	key   key
	value any
}

// members lists an object's contents in output order.
func (f *flattener) members(object map[string]any) []member {
	list := make([]member, 0, len(object))
	for name, value := range object {
		list = append(list, member{nameKey(name), value})
	}
	if f.sorted {
		sort.Slice(list, func(i, j int) bool { return list[i].key.less(list[j].key) })
	}
	return list
}

// leafOf gives the right hand side that stands for a decoded value.
func leafOf(value any) leaf {
	switch v := value.(type) {
	case map[string]any:
		return leaf{emptyContainer, "{}"}
	case []any:
		return leaf{emptyContainer, "[]"}
	case string:
		return leaf{stringLeaf, quote(v)}
	case json.Number:
		return leaf{numberLeaf, v.String()}
	case bool:
		if v {
			return leaf{wordLeaf, "true"}
		}
		return leaf{wordLeaf, "false"}
	}
	return leaf{wordLeaf, "null"}
}
