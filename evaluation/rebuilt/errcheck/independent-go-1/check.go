package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// checker walks the files of one package and records findings.
type checker struct {
	*pkg
	opts     *options
	lines    lineCache
	findings []finding
}

func checkPackage(p *pkg, opts *options) []finding {
	c := &checker{pkg: p, opts: opts, lines: lineCache{}}
	for _, f := range p.files {
		if !(opts.skipGenerated && ast.IsGenerated(f)) {
			ast.Inspect(f, c.visit)
		}
	}
	return c.findings
}

// visit handles one node and tells whether to descend into it.
func (c *checker) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ExprStmt:
		if call, ok := n.X.(*ast.CallExpr); ok {
			c.checkDropped(call)
		}
	case *ast.GoStmt:
		c.checkDropped(n.Call)
	case *ast.DeferStmt:
		c.checkDropped(n.Call)
	case *ast.AssignStmt:
		return visitAssign(c, n.Lhs, n.Rhs)
	case *ast.ValueSpec:
		return visitAssign(c, n.Names, n.Values)
	case *ast.TypeAssertExpr:
		if c.opts.asserts {
			c.report(n.Pos(), nil)
		}
	case *ast.TypeSwitchStmt:
		ast.Inspect(n.Body, c.visit)
		return false
	}
	return true
}

// checkDropped reports a call whose results are all thrown away.
func (c *checker) checkDropped(call *ast.CallExpr) {
	if !c.ignored(call) && (c.isRecover(call) || slices.Contains(c.errorResults(call), true)) {
		c.report(call.Lparen, call)
	}
}

// visitAssign checks an assignment; a comma-ok assertion is not descended into.
func visitAssign[E ast.Expr](c *checker, lhs []E, rhs []ast.Expr) bool {
	if len(rhs) != 1 {
		checkPairs(c, lhs, rhs)
		return true
	}
	switch r := rhs[0].(type) {
	case *ast.CallExpr:
		checkBlankResults(c, lhs, r)
	case *ast.TypeAssertExpr:
		if len(lhs) < 2 {
			return true
		}
		if c.opts.asserts && c.opts.blank && isBlank(lhs[1]) {
			c.report(lhs[1].Pos(), nil)
		}
		return false
	}
	return true
}

func checkBlankResults[E ast.Expr](c *checker, lhs []E, call *ast.CallExpr) {
	if !c.opts.blank || c.ignored(call) {
		return
	}
	results := c.errorResults(call)
	for i, l := range lhs {
		if isBlank(l) && (i < len(results) && results[i] || c.isRecover(call)) {
			c.report(l.Pos(), call)
		}
	}
}

// checkPairs handles "a, b = x, y".
func checkPairs[E ast.Expr](c *checker, lhs []E, rhs []ast.Expr) {
	for i := 0; i < len(lhs) && i < len(rhs); i++ {
		switch r := rhs[i].(type) {
		case *ast.CallExpr:
			checkBlankResults(c, lhs[i:i+1], r)
		case *ast.TypeAssertExpr:
			if c.opts.asserts {
				c.report(lhs[i].Pos(), nil)
			}
		}
	}
}

func isBlank(e any) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// errorResults tells for each result of a call whether it is an error.
func (c *checker) errorResults(call *ast.CallExpr) []bool {
	t := c.info.Types[call].Type
	tuple, ok := t.(*types.Tuple)
	if !ok {
		return []bool{isError(t)}
	}
	out := make([]bool, tuple.Len())
	for i := range out {
		out[i] = isError(tuple.At(i).Type())
	}
	return out
}

func isError(t types.Type) bool {
	return t != nil && types.Implements(t, errorInterface)
}

func (c *checker) isRecover(call *ast.CallExpr) bool {
	id := calleeIdent(call)
	return id != nil && c.info.Uses[id] == types.Universe.Lookup("recover")
}

func (c *checker) report(pos token.Pos, call *ast.CallExpr) {
	p := c.fset.Position(pos)
	f := finding{pos: p, line: c.lines.get(p.Filename, p.Line)}
	if call != nil {
		f.fn = c.fullName(call)
	}
	c.findings = append(c.findings, f)
}
