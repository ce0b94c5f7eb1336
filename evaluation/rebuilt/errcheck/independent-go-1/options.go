package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
)

type options struct {
	absPath, asserts, blank, verbose bool
	skipGenerated, skipTests         bool
	mod                              string
	tags                             tagList
	ignore                           ignoreRules
	excludes                         excludeSet
	patterns                         []string
}

// tagList collects build tags separated by commas or spaces.
type tagList []string

func (t *tagList) String() string { return strings.Join(*t, ",") }

func (t *tagList) Set(s string) error {
	*t = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
	return nil
}

// ignoreRules maps a package path ("" for all) to a pattern of names to ignore.
type ignoreRules map[string]*regexp.Regexp

func (r ignoreRules) String() string { return "" }

func (r ignoreRules) Set(s string) error {
	for _, pair := range strings.Split(s, ",") {
		pkg, expr, found := strings.Cut(pair, ":")
		if !found {
			pkg, expr = "", pair
		}
		re, err := regexp.Compile(expr)
		if err != nil {
			return err
		}
		r[pkg] = re
	}
	return nil
}

// matches tells whether a name of the given package is to be ignored.
func (r ignoreRules) matches(pkg, name string) bool {
	for _, key := range []string{"", pkg} {
		if re := r[key]; re != nil && re.MatchString(name) {
			return true
		}
	}
	_, vendored, found := strings.Cut(pkg, "/vendor/")
	return found && r.matches(vendored, name)
}

// parseOptions reads the command line; nil options mean: exit with the code.
func parseOptions(args []string) (*options, int) {
	o := &options{ignore: ignoreRules{}, excludes: excludeSet{}}
	fs := flag.NewFlagSet(args[0], flag.ContinueOnError)
	fs.BoolVar(&o.absPath, "abspath", false, "print absolute paths to files")
	fs.BoolVar(&o.asserts, "asserts", false, "if true, check for ignored type assertion results")
	fs.BoolVar(&o.blank, "blank", false, "if true, check for errors assigned to blank identifier")
	excludeFile := fs.String("exclude", "", "Path to a file containing a list of functions to exclude from checking")
	excludeOnly := fs.Bool("excludeonly", false, "Use only excludes from -exclude file")
	fs.Var(o.ignore, "ignore", "[deprecated] comma-separated list of pairs of the form pkg:regex\n            the regex is used to ignore names within pkg.")
	fs.BoolVar(&o.skipGenerated, "ignoregenerated", false, "if true, checking of files with generated code is disabled")
	ignorePkg := fs.String("ignorepkg", "", "comma-separated list of package paths to ignore")
	fs.BoolVar(&o.skipTests, "ignoretests", false, "if true, checking of _test.go files is disabled")
	fs.StringVar(&o.mod, "mod", "", "module download mode to use: readonly or vendor. See 'go help modules' for more.")
	fs.Var(&o.tags, "tags", "comma or space-separated list of build tags to include")
	fs.BoolVar(&o.verbose, "verbose", false, "produce more verbose logging")
	if fs.Parse(args[1:]) != nil {
		return nil, 2
	}
	for _, pkg := range strings.FieldsFunc(*ignorePkg, func(r rune) bool { return r == ',' }) {
		o.ignore[pkg] = regexp.MustCompile("")
	}
	if !*excludeOnly {
		o.excludes.addBuiltin()
	}
	if err := o.excludes.addFile(*excludeFile); err != nil {
		fmt.Fprintf(os.Stderr, "Could not read exclude file: %v\n", err)
		return nil, 2
	}
	o.patterns = fs.Args()
	if len(o.patterns) == 0 {
		o.patterns = []string{"."}
	}
	return o, 0
}
