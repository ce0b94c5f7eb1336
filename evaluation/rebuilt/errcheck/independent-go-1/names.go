package main

import (
	"go/ast"
	"go/types"
)

// ignored tells whether options take a call out of checking.
func (c *checker) ignored(call *ast.CallExpr) bool {
	if id := calleeIdent(call); id != nil {
		path := ""
		if obj := c.info.Uses[id]; obj != nil && obj.Pkg() != nil {
			path = obj.Pkg().Path()
		}
		if c.opts.ignore.matches(path, id.Name) {
			return true
		}
	}
	return c.excluded(call)
}

func calleeIdent(call *ast.CallExpr) *ast.Ident {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun
	case *ast.SelectorExpr:
		return fun.Sel
	}
	return nil
}

// callee returns the function of a call written as a selector, else nil.
func (c *checker) callee(call *ast.CallExpr) (*ast.SelectorExpr, *types.Func) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	fn, _ := c.info.Uses[sel.Sel].(*types.Func)
	return sel, fn
}

func (c *checker) fullName(call *ast.CallExpr) string {
	if _, fn := c.callee(call); fn != nil {
		return fn.FullName()
	}
	return ""
}

func (c *checker) excluded(call *ast.CallExpr) bool {
	sel, fn := c.callee(call)
	if fn == nil {
		return false
	}
	suffixes := append(c.firstArgument(call), "")
	for _, name := range append(c.interfaceNames(sel), fn.FullName()) {
		for _, s := range suffixes {
			if c.opts.excludes[name+s] {
				return true
			}
		}
	}
	return false
}

// firstArgument gives the forms in which an exclude may name the argument.
func (c *checker) firstArgument(call *ast.CallExpr) []string {
	if len(call.Args) == 0 {
		return nil
	}
	var out []string
	arg := call.Args[0]
	if t := c.info.TypeOf(arg); t != nil {
		out = append(out, "("+t.String()+")")
	}
	if s := types.ExprString(arg); s == "os.Stdout" || s == "os.Stderr" {
		out = append(out, "("+s+")")
	}
	return out
}

// interfaceNames names a method by every interface it is reached through.
func (c *checker) interfaceNames(sel *ast.SelectorExpr) []string {
	s := c.info.Selections[sel]
	if s == nil {
		return nil
	}
	t := s.Recv()
	index := s.Index()
	for _, i := range index[:len(index)-1] {
		t = fieldType(t, i)
	}
	return methodNames(t, s.Obj().Pkg(), sel.Sel.Name)
}

func fieldType(t types.Type, i int) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		return st.Field(i).Type()
	}
	return t
}

func methodNames(t types.Type, pkg *types.Package, method string) []string {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || types.NewMethodSet(t).Lookup(pkg, method) == nil {
		return nil
	}
	out := []string{"(" + t.String() + ")." + method}
	for i := 0; i < iface.NumEmbeddeds(); i++ {
		out = append(out, methodNames(iface.EmbeddedType(i), pkg, method)...)
	}
	return out
}
