package main

import (
	"iter"
	"math"
)

// item is a value on its way through a filter, with the path that leads to it
// when paths are wanted.
type item struct {
	v any
	p *path
}

type path struct {
	up  *path
	key any
}

var (
	rootPath = &path{}
	noPath   = &path{} // the value does not come from the input
)

func (p *path) keys() []any {
	if p == rootPath {
		return []any{}
	}
	return append(p.up.keys(), p.key)
}

func (in item) plain() item { return item{v: in.v} }

// make gives a newly made value in the mode of in.
func (in item) make(v any) item {
	if in.p != nil {
		return item{v, noPath}
	}
	return item{v: v}
}

func (in item) child(key, v any) item {
	if in.p != nil {
		return item{v, &path{in.p, key}}
	}
	return item{v: v}
}

// env is a chain of variables and functions; a function's own scope is the cell it stands in.
type env struct {
	up    *env
	name  string
	value any
	body  expr // of a filter argument
	scope *env // where body is evaluated
}

func (e *env) find(name string) *env {
	for e != nil && e.name != name {
		e = e.up
	}
	return e
}

// seq is the stream of outputs of a filter; it ends after an error.
type seq = iter.Seq2[item, error]
type yieldFunc = func(item, error) bool

type expr interface {
	eval(e *env, in item) seq
}

func one(v item) seq       { return func(yield yieldFunc) { yield(v, nil) } }
func failed(err error) seq { return func(yield yieldFunc) { yield(item{}, err) } }
func result(v item, err error) seq {
	return func(yield yieldFunc) { yield(v, err) }
}

// then feeds every output of s to f; the outputs of f are the outputs.
func then(s seq, f func(item) seq) seq {
	return func(yield yieldFunc) {
		for x, err := range s {
			if err != nil {
				yield(x, err)
				return
			}
			for y, err := range f(x) {
				if !yield(y, err) || err != nil {
					return
				}
			}
		}
	}
}

// product calls f with every combination of outputs of the arguments, the first one slowest.
func product(args []expr, e *env, in item, f func([]any) seq) seq {
	if len(args) == 0 {
		return f(nil)
	}
	return then(args[0].eval(e, in.plain()), func(a item) seq {
		return product(args[1:], e, in, func(rest []any) seq { return f(append([]any{a.v}, rest...)) })
	})
}

type (
	identity    struct{}
	recurse     struct{}
	literal     struct{ value any }
	access      struct{ target, key expr }
	slice       struct{ target, from, to expr }
	iterate     struct{ target expr }
	pipe        struct{ l, r expr }
	comma       struct{ l, r expr }
	alternative struct{ l, r expr }
	logic       struct {
		isOr bool
		l, r expr
	}
	binary struct {
		op   string
		l, r expr
	}
	assign struct {
		op   string
		l, r expr
	}
	negate      struct{ x expr }
	conditional struct{ cond, then, other expr }
	try         struct{ body, handler expr }
	collect     struct{ x expr }
	field       struct{ key, value expr }
	construct   struct{ fields []field }
	part        struct {
		text string
		expr expr
	}
	template struct {
		format string
		parts  []part
	}
	format   struct{ name string }
	variable struct{ name string }
	element  struct {
		key      expr
		variable string
		sub      *pattern
	}
	pattern struct {
		variable string
		isObject bool
		elements []element
	}
	bind struct {
		source   expr
		patterns []*pattern
		body     expr
	}
	fold struct {
		isReduce              bool
		source                expr
		patterns              []*pattern
		init, update, extract expr
	}
	param struct {
		name    string
		byValue bool
	}
	function struct {
		name   string
		params []param
		body   expr
		global bool
	}
	define struct {
		fn   *function
		body expr
	}
	call struct {
		id   string
		fn   *function
		args []expr
	}
	callParam  struct{ id string }
	callNative struct {
		fn   native
		args []expr
	}
	label struct {
		name string
		body expr
	}
	breakTo struct{ name string }
)

func (identity) eval(_ *env, in item) seq   { return one(in) }
func (x literal) eval(_ *env, in item) seq  { return one(in.make(x.value)) }
func (x variable) eval(e *env, in item) seq { return one(in.make(e.find(x.name).value)) }

func (x *pipe) eval(e *env, in item) seq {
	return then(x.l.eval(e, in), func(v item) seq { return x.r.eval(e, v) })
}

func (x *comma) eval(e *env, in item) seq {
	return func(yield yieldFunc) {
		for _, side := range []expr{x.l, x.r} {
			for v, err := range side.eval(e, in) {
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
	}
}

func at(target item, key any) seq {
	if target.p == noPath {
		return failed(failf("Invalid path expression near attempt to access element %s of %s", toJSON(key), toJSON(target.v)))
	}
	v, err := index(target.v, key)
	return result(target.child(key, v), err)
}

func (x *access) eval(e *env, in item) seq {
	return then(x.key.eval(e, in.plain()), func(key item) seq {
		return then(x.target.eval(e, in), func(t item) seq { return at(t, key.v) })
	})
}

func (x *slice) eval(e *env, in item) seq {
	bounds := []expr{x.from, x.to}
	for i, b := range bounds {
		if b == nil {
			bounds[i] = literal{nil}
		}
	}
	return product(bounds, e, in, func(b []any) seq {
		for _, v := range b {
			if r := rank(v); r != 0 && r != 3 {
				return failed(failf("Array/string slice indices must be integers"))
			}
		}
		key := newObject("start", b[0], "end", b[1])
		return then(x.target.eval(e, in), func(t item) seq { return at(t, key) })
	})
}

func each(t item) seq {
	return func(yield yieldFunc) {
		if t.p == noPath {
			yield(item{}, failf("Invalid path expression near attempt to iterate through %s", toJSON(t.v)))
			return
		}
		switch v := t.v.(type) {
		case []any:
			for i, x := range v {
				if !yield(t.child(float64(i), x), nil) {
					return
				}
			}
		case *object:
			for _, k := range v.keys {
				if !yield(t.child(k, v.vals[k]), nil) {
					return
				}
			}
		default:
			yield(item{}, failf("Cannot iterate over %s", describe(v)))
		}
	}
}

func (x *iterate) eval(e *env, in item) seq { return then(x.target.eval(e, in), each) }

func (r recurse) eval(e *env, in item) seq {
	return func(yield yieldFunc) {
		if !yield(in, nil) || rank(in.v) < 5 {
			return
		}
		for v, err := range then(each(in), func(c item) seq { return r.eval(e, c) }) {
			if !yield(v, err) {
				return
			}
		}
	}
}

func (x *alternative) eval(e *env, in item) seq {
	return func(yield yieldFunc) {
		found := false
		for v, err := range x.l.eval(e, in) {
			if _, ok := err.(*jqError); ok {
				break
			}
			if err == nil && !truthy(v.v) {
				continue
			}
			if found = true; !yield(v, err) {
				return
			}
		}
		if !found {
			x.r.eval(e, in)(yield)
		}
	}
}

func (x *logic) eval(e *env, in item) seq {
	return then(x.l.eval(e, in.plain()), func(l item) seq {
		if truthy(l.v) == x.isOr {
			return one(in.make(x.isOr))
		}
		return then(x.r.eval(e, in.plain()), func(r item) seq { return one(in.make(truthy(r.v))) })
	})
}

func (x *binary) eval(e *env, in item) seq {
	return product([]expr{x.r, x.l}, e, in, func(v []any) seq {
		out, err := binaryOp(x.op, v[1], v[0])
		return result(in.make(out), err)
	})
}

func (x *negate) eval(e *env, in item) seq {
	return then(x.x.eval(e, in.plain()), func(v item) seq {
		f, ok := v.v.(float64)
		if !ok {
			return failed(failf("%s cannot be negated", describe(v.v)))
		}
		if f == 0 {
			return one(in.make(f))
		}
		return one(in.make(-f))
	})
}

func (x *conditional) eval(e *env, in item) seq {
	return then(x.cond.eval(e, in.plain()), func(c item) seq {
		if truthy(c.v) {
			return x.then.eval(e, in)
		} else if x.other != nil {
			return x.other.eval(e, in)
		}
		return one(in)
	})
}

func (x *try) eval(e *env, in item) seq {
	return func(yield yieldFunc) {
		for v, err := range x.body.eval(e, in) {
			if failure, ok := err.(*jqError); ok {
				if x.handler != nil {
					x.handler.eval(e, in.make(failure.value))(yield)
				}
				return
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

func list(s seq) ([]any, error) {
	all := []any{}
	for v, err := range s {
		if err != nil {
			return nil, err
		}
		all = append(all, v.v)
	}
	return all, nil
}

func (x *collect) eval(e *env, in item) seq {
	if x.x == nil {
		return one(in.make([]any{}))
	}
	all, err := list(x.x.eval(e, in.plain()))
	return result(in.make(all), err)
}

func (x *construct) eval(e *env, in item) seq {
	var parts []expr
	for _, f := range x.fields {
		parts = append(parts, f.key, f.value)
	}
	return product(parts, e, in, func(v []any) seq {
		o := newObject()
		for i := 0; i < len(v); i += 2 {
			k, ok := v[i].(string)
			if !ok {
				return failed(failf("Cannot use %s as object key", describe(v[i])))
			}
			o.set(k, v[i+1])
		}
		return one(in.make(o))
	})
}

func (x *template) eval(e *env, in item) seq {
	var parts []expr // last one first, as it varies slowest
	for _, p := range x.parts {
		if p.expr != nil {
			parts = append([]expr{p.expr}, parts...)
		}
	}
	return product(parts, e, in, func(v []any) seq {
		s, n := "", len(v)
		for _, p := range x.parts {
			text := p.text
			if p.expr != nil {
				n--
				var err error
				if text, err = applyFormat(x.format, v[n]); err != nil {
					return failed(err)
				}
			}
			s += text
		}
		return one(in.make(s))
	})
}

func (x *format) eval(_ *env, in item) seq {
	s, err := applyFormat(x.name, in.v)
	return result(in.make(s), err)
}

// match calls f with e extended by the variables of the pattern, taken from v.
func (p *pattern) match(v any, e *env, in item, f func(*env) seq) seq {
	if p.variable != "" {
		return f(&env{up: e, name: p.variable, value: v})
	}
	var step func(i int, e *env) seq
	step = func(i int, e *env) seq {
		if i == len(p.elements) {
			return f(e)
		}
		el := p.elements[i]
		key := el.key
		if !p.isObject {
			key = literal{float64(i)}
		}
		return then(key.eval(e, in.plain()), func(k item) seq {
			if rank(k.v) != 4 && p.isObject {
				return failed(badIndex(v, k.v))
			}
			child, err := index(v, k.v)
			if err != nil {
				return failed(err)
			}
			e := e
			if el.variable != "" {
				e = &env{up: e, name: el.variable, value: child}
			}
			if el.sub == nil {
				return step(i+1, e)
			}
			return el.sub.match(child, e, in, func(e *env) seq { return step(i+1, e) })
		})
	}
	return step(0, e)
}

func (p *pattern) variables(e *env) *env {
	if p.variable != "" {
		return &env{up: e, name: p.variable}
	}
	for _, el := range p.elements {
		if el.variable != "" {
			e = &env{up: e, name: el.variable}
		}
		if el.sub != nil {
			e = el.sub.variables(e)
		}
	}
	return e
}

// destructure tries the patterns in turn: a failure moves on to the next one.
func destructure(patterns []*pattern, v any, e *env, in item, f func(*env) seq) seq {
	if len(patterns) == 1 {
		return patterns[0].match(v, e, in, f)
	}
	return func(yield yieldFunc) {
		for _, p := range patterns {
			e = p.variables(e)
		}
	next:
		for i, p := range patterns {
			for x, err := range p.match(v, e, in, f) {
				if _, ok := err.(*jqError); ok && i < len(patterns)-1 {
					continue next
				}
				if !yield(x, err) {
					return
				}
			}
			return
		}
	}
}

func (x *bind) eval(e *env, in item) seq {
	return then(x.source.eval(e, in.plain()), func(v item) seq {
		return destructure(x.patterns, v.v, e, in, func(e *env) seq { return x.body.eval(e, in) })
	})
}

func (x *fold) eval(e *env, in item) seq {
	return then(x.init.eval(e, in.plain()), func(state item) seq {
		return func(yield yieldFunc) {
			steps := then(x.source.eval(e, in.plain()), func(v item) seq {
				return destructure(x.patterns, v.v, e, in, func(e *env) seq {
					from := state
					if x.isReduce {
						state = item{}
					}
					return then(x.update.eval(e, from), func(s item) seq {
						state = s
						if x.extract != nil {
							return x.extract.eval(e, s)
						}
						return one(s)
					})
				})
			})
			for v, err := range steps {
				if err != nil {
					yield(v, err)
					return
				}
				if !x.isReduce && !yield(in.make(v.v), nil) {
					return
				}
			}
			if x.isReduce {
				yield(item{state.v, in.p}, nil)
			}
		}
	})
}

func (x *define) eval(e *env, in item) seq { return x.body.eval(&env{up: e, name: x.fn.id()}, in) }

func (x *call) eval(e *env, in item) seq {
	var scope *env
	if !x.fn.global {
		scope = e.find(x.id)
	}
	var next func(i int, callee *env) seq
	next = func(i int, callee *env) seq {
		if i == len(x.args) {
			return x.fn.body.eval(callee, in)
		}
		p := x.fn.params[i]
		callee = &env{up: callee, name: p.name + "/0", body: x.args[i], scope: e}
		if !p.byValue {
			return next(i+1, callee)
		}
		return then(x.args[i].eval(e, in.plain()), func(v item) seq {
			return next(i+1, &env{up: callee, name: "$" + p.name, value: v.v})
		})
	}
	return next(0, scope)
}

func (x *callParam) eval(e *env, in item) seq {
	p := e.find(x.id)
	return p.body.eval(p.scope, in)
}

func (x *callNative) eval(e *env, in item) seq {
	return product(x.args, e, in, func(args []any) seq {
		v, err := x.fn(in.v, args)
		return result(in.make(v), err)
	})
}

// breakError unwinds to the label whose cell it names.
type breakError struct{ label *env }

func (*breakError) Error() string { return "break" }

func (x *breakTo) eval(e *env, _ item) seq { return failed(&breakError{e.find(x.name)}) }

func (x *label) eval(e *env, in item) seq {
	cell := &env{up: e, name: x.name}
	return func(yield yieldFunc) {
		for v, err := range x.body.eval(cell, in) {
			if b, ok := err.(*breakError); ok && b.label == cell {
				return
			}
			if !yield(v, err) {
				return
			}
		}
	}
}

func pathsOf(x expr, e *env, v any) seq {
	return then(x.eval(e, item{v, rootPath}), func(t item) seq {
		if t.p == noPath {
			return failed(failf("Invalid path expression with result %s", toJSON(t.v)))
		}
		return one(item{v: t.p.keys()})
	})
}

func (x *assign) eval(e *env, in item) seq {
	if x.op == "|=" {
		v, err := x.update(e, in.v, nil)
		return result(in.make(v), err)
	}
	return then(x.r.eval(e, in.plain()), func(r item) seq {
		v, err := x.update(e, in.v, r.v)
		return result(in.make(v), err)
	})
}

func (x *assign) update(e *env, v, rhs any) (any, error) {
	paths, err := list(pathsOf(x.l, e, v))
	var gone []any
	for _, p := range paths {
		keys := p.([]any)
		old, err := getPath(v, keys)
		if err != nil {
			return nil, err
		}
		value, keep := rhs, true
		switch x.op {
		case "=":
		case "|=":
			keep = false
			for out, err := range x.r.eval(e, item{v: old}) {
				if err != nil {
					return nil, err
				}
				value, keep = out.v, true
				break
			}
		case "//=":
			if truthy(old) {
				value = old
			}
		default:
			value, err = binaryOp(x.op[:1], old, rhs)
		}
		if !keep {
			gone = append(gone, p)
		} else if err == nil {
			v, err = setPath(v, keys, value)
		}
		if err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	return delPaths(v, gone)
}

// generator makes an expression of a Go function that produces outputs.
type generator func(e *env, in item) seq

func (g generator) eval(e *env, in item) seq { return g(e, in) }

// specials are the builtins that take filters unevaluated or give several outputs.
var specials = map[string]func(args []expr) expr{
	"empty/0":   func([]expr) expr { return generator(func(*env, item) seq { return func(yieldFunc) {} }) },
	"recurse/0": func([]expr) expr { return recurse{} },
	"error/0": func([]expr) expr {
		return generator(func(_ *env, in item) seq { return failed(&jqError{in.v}) })
	},
	"path/1": func(a []expr) expr {
		return generator(func(e *env, in item) seq {
			return then(pathsOf(a[0], e, in.v), func(p item) seq { return one(in.make(p.v)) })
		})
	},
	"getpath/1": func(a []expr) expr {
		return generator(func(e *env, in item) seq {
			return then(a[0].eval(e, in.plain()), func(p item) seq {
				keys, ok := p.v.([]any)
				if !ok {
					return failed(failf("Path must be specified as an array"))
				}
				v, err := getPath(in.v, keys)
				out := in
				for _, k := range keys {
					out = out.child(k, nil)
				}
				return result(item{v, out.p}, err)
			})
		})
	},
	"range/2": func(a []expr) expr {
		return generator(func(e *env, in item) seq {
			return product(a, e, in, func(b []any) seq {
				from, ok1 := b[0].(float64)
				to, ok2 := b[1].(float64)
				if !ok1 || !ok2 {
					return failed(failf("Range bounds must be numeric"))
				}
				return func(yield yieldFunc) {
					for i := from; i < to && yield(in.make(i), nil) && !math.IsInf(i, 0); i++ {
					}
				}
			})
		})
	},
	"input/0": func([]expr) expr {
		return generator(func(_ *env, in item) seq {
			v, ok, err := source.next()
			if err == nil && !ok {
				err = failf("break")
			}
			return result(in.make(v), err)
		})
	},
	"inputs/0": func([]expr) expr {
		return generator(func(_ *env, in item) seq {
			return func(yield yieldFunc) {
				for v, ok, err := source.next(); ok || err != nil; v, ok, err = source.next() {
					if !yield(in.make(v), err) || err != nil {
						return
					}
				}
			}
		})
	},
}
