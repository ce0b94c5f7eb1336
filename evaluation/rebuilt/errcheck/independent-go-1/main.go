// Command program reports silently ignored errors in Go packages.
package main

import (
	"fmt"
	"os"
)

func main() {
	os.Exit(run(os.Args))
}

func run(args []string) int {
	opts, code := parseOptions(args)
	if opts == nil {
		return code
	}
	findings, err := checkAll(opts)
	if err != nil {
		fmt.Fprintf(os.Stderr, "error: failed to check packages: %s\n", err)
		return 2
	}
	printFindings(os.Stdout, findings, opts)
	if len(findings) > 0 {
		return 1
	}
	return 0
}

// checkAll loads the requested packages and gathers the findings of each.
func checkAll(opts *options) ([]finding, error) {
	pkgs, err := loadPackages(opts)
	if err != nil {
		return nil, err
	}
	var all []finding
	for _, p := range pkgs {
		if opts.verbose {
			fmt.Fprintf(os.Stderr, "checking %s\n", p.path)
		}
		all = append(all, checkPackage(p, opts)...)
	}
	return sortFindings(all), nil
}
