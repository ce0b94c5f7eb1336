package main

import (
	"fmt"
	"math"
	"sort"
	"strings"
	"unicode/utf8"
)

// Values are nil, bool, float64, string, []any and *object; they are never
// changed once they are visible to a filter.

// object keeps its members in insertion order.
type object struct {
	keys []string
	vals map[string]any
}

func newObject(pairs ...any) *object {
	o := &object{vals: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// set changes o in place; only for objects still under construction.
func (o *object) set(k string, v any) {
	if _, ok := o.vals[k]; !ok {
		o.keys = append(o.keys, k)
	}
	o.vals[k] = v
}

func (o *object) clone() *object {
	c := newObject()
	for _, k := range o.keys {
		c.set(k, o.vals[k])
	}
	return c
}

func (o *object) with(k string, v any) *object {
	c := o.clone()
	c.set(k, v)
	return c
}

func (o *object) without(k string) *object {
	c := newObject()
	for _, key := range o.keys {
		if key != k {
			c.set(key, o.vals[key])
		}
	}
	return c
}

func (o *object) sortedKeys() []string {
	keys := append([]string(nil), o.keys...)
	sort.Strings(keys)
	return keys
}

// jqError is an error raised by a filter; its value may be anything.
type jqError struct{ value any }

func (e *jqError) Error() string {
	if s, ok := e.value.(string); ok {
		return s
	}
	return toJSON(e.value)
}

func failf(format string, args ...any) error {
	return &jqError{fmt.Sprintf(format, args...)}
}

// describe renders a value for error messages, shortened.
func describe(v any) string {
	s := toJSON(v)
	if len(s) > 14 {
		s = s[:11] + "..."
	}
	return typeName(v) + " (" + s + ")"
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

func truthy(v any) bool { return v != nil && v != false }

func rank(v any) int {
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if v {
			return 2
		}
		return 1
	case float64:
		return 3
	case string:
		return 4
	case []any:
		return 5
	}
	return 6
}

func compare(a, b any) int {
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	switch a := a.(type) {
	case float64:
		b := b.(float64)
		switch {
		case a < b || math.IsNaN(a):
			return -1
		case a == b:
			return 0
		}
		return 1
	case string:
		return strings.Compare(a, b.(string))
	case []any:
		b := b.([]any)
		for i := 0; i < len(a) && i < len(b); i++ {
			if c := compare(a[i], b[i]); c != 0 {
				return c
			}
		}
		return len(a) - len(b)
	case *object:
		b := b.(*object)
		ka, kb := a.sortedKeys(), b.sortedKeys()
		if c := compare(toArray(ka), toArray(kb)); c != 0 {
			return c
		}
		for _, k := range ka {
			if c := compare(a.vals[k], b.vals[k]); c != 0 {
				return c
			}
		}
	}
	return 0
}

func toArray[T any](s []T) []any {
	r := make([]any, len(s))
	for i, x := range s {
		r[i] = x
	}
	return r
}

// bounds resolves the slice key {"start","end"} against a length.
func bounds(key *object, n int) (from, to int, err error) {
	resolve := func(name string, def float64, round func(float64) float64) float64 {
		switch v := key.vals[name].(type) {
		case nil:
			return def
		case float64:
			if math.IsNaN(v) {
				return def
			}
			if v < 0 {
				v += float64(n)
			}
			return round(math.Min(math.Max(v, 0), float64(n)))
		}
		err = failf("Array/string slice indices must be integers")
		return 0
	}
	from = int(resolve("start", 0, math.Floor))
	to = max(from, int(resolve("end", float64(n), math.Ceil)))
	return
}

func badIndex(t, k any) error {
	if s, ok := k.(string); ok {
		return failf("Cannot index %s with string \"%s\"", typeName(t), s)
	}
	return failf("Cannot index %s with %s", typeName(t), typeName(k))
}

func index(t, k any) (any, error) {
	switch k := k.(type) {
	case string:
		if o, ok := t.(*object); ok {
			return o.vals[k], nil
		}
	case float64:
		if a, ok := t.([]any); ok {
			i := math.Floor(k)
			if i < 0 {
				i += float64(len(a))
			}
			if i >= 0 && i < float64(len(a)) {
				return a[int(i)], nil
			}
			return nil, nil
		}
	case *object:
		switch t := t.(type) {
		case []any:
			from, to, err := bounds(k, len(t))
			if err != nil {
				return nil, err
			}
			return t[from:to:to], nil
		case string:
			r := []rune(t)
			from, to, err := bounds(k, len(r))
			if err != nil {
				return nil, err
			}
			return string(r[from:to]), nil
		}
	case []any:
		if a, ok := t.([]any); ok {
			found := []any{}
			for i := 0; len(k) > 0 && i+len(k) <= len(a); i++ {
				if compare(a[i:i+len(k)], k) == 0 {
					found = append(found, float64(i))
				}
			}
			return found, nil
		}
	}
	if r := rank(k); t == nil && (r == 3 || r == 4 || r == 6) {
		return nil, nil
	}
	return nil, badIndex(t, k)
}

// replace returns t with the element at k set to x.
func replace(t, k, x any) (any, error) {
	switch k := k.(type) {
	case string:
		switch o := t.(type) {
		case nil:
			return newObject(k, x), nil
		case *object:
			return o.with(k, x), nil
		}
	case float64:
		a, ok := t.([]any)
		if !ok && t != nil {
			break
		}
		if math.IsNaN(k) {
			return nil, failf("Cannot set array element at NaN index")
		}
		i := int(math.Floor(k))
		if i < 0 {
			i += len(a)
		}
		if i < 0 {
			return nil, failf("Out of bounds negative array index")
		}
		if i > 536870911 {
			return nil, failf("Array index too large")
		}
		c := make([]any, max(len(a), i+1))
		copy(c, a)
		c[i] = x
		return c, nil
	case *object:
		if _, ok := t.(string); ok {
			return nil, failf("Cannot update string slices")
		}
		a, ok := t.([]any)
		if !ok && t != nil {
			break
		}
		from, to, err := bounds(k, len(a))
		if err != nil {
			return nil, err
		}
		with, ok := x.([]any)
		if !ok {
			return nil, failf("A slice of an array can only be assigned another array")
		}
		c := append([]any{}, a[:from]...)
		return append(append(c, with...), a[to:]...), nil
	}
	return nil, badIndex(t, k)
}

func getPath(t any, path []any) (any, error) {
	var err error
	for _, k := range path {
		if t == nil {
			return nil, nil
		}
		if t, err = index(t, k); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func setPath(t any, path []any, x any) (any, error) {
	if len(path) == 0 {
		return x, nil
	}
	child, err := index(t, path[0])
	if err == nil {
		child, err = setPath(child, path[1:], x)
	}
	if err != nil {
		return nil, err
	}
	return replace(t, path[0], child)
}

func delPath(t any, path []any) (any, error) {
	if len(path) == 0 || t == nil {
		return nil, nil
	}
	child, err := index(t, path[0])
	if err != nil {
		return nil, err
	}
	if len(path) > 1 {
		if child == nil {
			return t, nil
		}
		if child, err = delPath(child, path[1:]); err != nil {
			return nil, err
		}
		return replace(t, path[0], child)
	}
	switch k := path[0].(type) {
	case string:
		return t.(*object).without(k), nil
	case *object:
		return replace(t, k, []any{})
	case float64:
		a, i := t.([]any), int(math.Floor(k))
		if i < 0 {
			i += len(a)
		}
		if i < 0 || i >= len(a) {
			return a, nil
		}
		return append(append([]any{}, a[:i]...), a[i+1:]...), nil
	}
	return nil, badIndex(t, path[0])
}

// delPaths removes paths from the last to the first, so that indices stay valid.
func delPaths(t any, paths []any) (any, error) {
	sorted := append([]any{}, paths...)
	sort.SliceStable(sorted, func(i, j int) bool { return compare(sorted[i], sorted[j]) > 0 })
	for _, p := range sorted {
		path, ok := p.([]any)
		if !ok {
			return nil, failf("Path must be specified as an array")
		}
		var err error
		if t, err = delPath(t, path); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func runeOffset(s string, i int) float64 { return float64(utf8.RuneCountInString(s[:i])) }
