// Program reviser sorts the imports of Go files into groups and formats them.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
)

// Facts about the release this program stands in for.
const (
	version = "3.12.4"
	commit  = "81bd549469092e668525e6845bfa1ae9ee3cc4a2"
	origin  = "https://github.com/incu6us/goimports-reviser"
)

// Options are the command line options as given.
type Options struct {
	applyGenerated, format, listDiff, recursive, removeUnused, separateNamed bool
	setAlias, setExitStatus, useCache, version, versionOnly                  bool
	company, excludes, filePath, order, local, output, project               string
}

// parseFlags defines the options and reads them from the command line.
func parseFlags() *Options {
	o := new(Options)
	flag.BoolVar(&o.applyGenerated, "apply-to-generated-files", false, "Apply imports sorting and formatting(if the option is set) to generated files. Generated file is a file with first comment which starts with comment '// Code generated'. Optional parameter.")
	flag.StringVar(&o.company, "company-prefixes", "", "Company package prefixes which will be placed after 3rd-party group by default(if defined). Values should be comma-separated. Optional parameters.")
	flag.StringVar(&o.excludes, "excludes", "", "Exclude files or dirs, example: '.git/,proto/*.go'.")
	flag.StringVar(&o.filePath, "file-path", "", "Deprecated. Put file name as an argument(last item) of command line.")
	flag.BoolVar(&o.format, "format", false, "Option will perform additional formatting. Optional parameter.")
	flag.StringVar(&o.order, "imports-order", defaultOrder, `Your imports groups can be sorted in your way. 
std - std import group; 
general - libs for general purpose; 
company - inter-org or your company libs(if you set '-company-prefixes'-option, then 4th group will be split separately. In other case, it will be the part of general purpose libs); 
project - your local project dependencies;
blanked - imports with "_" alias;
dotted - imports with "." alias.
Optional parameter.`)
	flag.BoolVar(&o.listDiff, "list-diff", false, "Option will list files whose formatting differs from goimports-reviser. Optional parameter.")
	flag.StringVar(&o.local, "local", "", "Deprecated")
	flag.StringVar(&o.output, "output", "file", `Can be "file", "write" or "stdout". Whether to write the formatted content back to the file or to stdout. When "write" together with "-list-diff" will list the file name and write back to the file. Optional parameter.`)
	flag.StringVar(&o.project, "project-name", "", "Your project name(ex.: github.com/incu6us/goimports-reviser). Optional parameter.")
	flag.BoolVar(&o.recursive, "recursive", false, "Apply rules recursively if target is a directory. In case of ./... execution will be recursively applied by default. Optional parameter.")
	flag.BoolVar(&o.removeUnused, "rm-unused", false, "Remove unused imports. Optional parameter.")
	flag.BoolVar(&o.separateNamed, "separate-named", false, "Option will separate named imports from the rest of the imports, per group. Optional parameter.")
	flag.BoolVar(&o.setAlias, "set-alias", false, "Set alias for versioned package names, like 'github.com/go-pg/pg/v9'. In this case import will be set as 'pg \"github.com/go-pg/pg/v9\"'. Optional parameter.")
	flag.BoolVar(&o.setExitStatus, "set-exit-status", false, "set the exit status to 1 if a change is needed/made. Optional parameter.")
	flag.BoolVar(&o.useCache, "use-cache", false, "Use cache to improve performance. Optional parameter.") // accepted, without effect
	flag.BoolVar(&o.version, "version", false, "Show version information")
	flag.BoolVar(&o.versionOnly, "version-only", false, "Show only the version string")
	flag.Parse()
	return o
}

// paths returns the names of the targets.
func (o *Options) paths() []string {
	paths := flag.Args()
	if len(paths) == 0 && o.filePath != "" {
		paths = []string{o.filePath}
	}
	for i, p := range paths {
		if p == "-" {
			paths[i] = stdinName
		}
	}
	return paths
}

// reviser builds what rewrites the files from the options.
func (o *Options) reviser() (*Reviser, error) {
	order, err := ParseOrder(o.order)
	return &Reviser{
		Classifier:     Classifier{Project: o.project, Company: splitList(o.company), Order: order},
		SeparateNamed:  o.separateNamed,
		RemoveUnused:   o.removeUnused,
		SetAlias:       o.setAlias,
		Format:         o.format,
		ApplyGenerated: o.applyGenerated,
	}, err
}

// Run is the state of one invocation.
type Run struct {
	*Options
	reviser *Reviser
	changed bool // a change was needed somewhere
}

// revise reads one file, or standard input, and works out its new text.
func (r *Run) revise(path string) (text []byte, modified bool, err error) {
	var before []byte
	if path == stdinName {
		before, err = io.ReadAll(os.Stdin)
	} else {
		before, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, false, err
	}
	text, err = r.reviser.Revise(path, before)
	return text, !bytes.Equal(before, text), err
}

// file deals with one file target.
func (r *Run) file(t Target) error {
	text, modified, err := r.revise(t.Path)
	if err != nil {
		return fmt.Errorf("Failed to fix file: %w", err)
	}
	r.changed = r.changed || modified
	toStdout := r.output == "stdout" || t.Name == stdinName
	switch {
	case r.output != "stdout" && r.output != "file" && r.output != "write":
		return fmt.Errorf("invalid output %q specified", r.output)
	case toStdout && !r.listDiff:
		_, err = os.Stdout.Write(text)
	case !toStdout && modified && (r.output == "write" || !r.listDiff):
		err = os.WriteFile(t.Path, text, 0o644)
	}
	if modified && r.listDiff {
		fmt.Println(t.Path)
	}
	return err
}

// directory deals with a directory target: its files are listed or rewritten,
// whatever -output says. Nothing is listed unless all files can be read.
func (r *Run) directory(t Target) error {
	var differing []string
	err := t.Files(NewExcludes(r.excludes, t.Path), func(path string) error {
		text, modified, err := r.revise(path)
		switch {
		case err != nil:
			return fmt.Errorf("failed to fix %s: %w", path, err)
		case !modified:
			return nil
		case !r.listDiff:
			return os.WriteFile(path, text, 0o644)
		}
		differing = append(differing, path)
		return nil
	})
	if err != nil {
		what := "fix directory"
		if r.listDiff {
			what = "find unformatted files"
		}
		return fmt.Errorf("Failed to %s %s: failed to walk dif: %w", what, t.Name, err)
	}
	for _, path := range differing {
		fmt.Println(path)
		r.changed = true
	}
	return nil
}

// target deals with one thing named on the command line.
func (r *Run) target(arg string) error {
	log.Printf("Processing %s\n", arg)
	t, err := NewTarget(arg, r.recursive)
	if err != nil {
		return err
	}
	if r.project == "" {
		name, err := ProjectName(t.Path)
		if err != nil {
			cwd, _ := os.Getwd()
			if name, err = ProjectName(cwd); err != nil {
				flag.Usage()
				log.Fatalf("Could not determine project name for path %s: %v", arg, err)
			}
		}
		r.reviser.Project = name
	}
	if t.Dir {
		return r.directory(t)
	}
	return r.file(t)
}

// deprecated complains about old options; it tells whether there were any.
func (o *Options) deprecated() bool {
	msg := ""
	if o.local != "" {
		msg += "-local is deprecated and will be removed soon. Use -company-prefixes instead.\n"
	}
	if o.filePath != "" {
		msg += "-file-path is deprecated. Put file name(s) as last argument to the command(Example: goimports-reviser -rm-unused -set-alias -format goimports-reviser/main.go)\n"
	}
	if msg != "" {
		fmt.Fprintln(os.Stderr, msg+"All changes to file are applied, but command-line syntax should be fixed")
	}
	return msg != ""
}

func main() {
	o := parseFlags()
	if o.versionOnly {
		fmt.Println(version)
		return
	}
	if o.version {
		fmt.Printf("version: %s\nbuilt with: go1.26\ntag: v%s\ncommit: %s\nsource: %s\n", version, version, commit, origin)
		return
	}
	paths := o.paths()
	if len(paths) == 0 {
		flag.Usage()
		log.Fatalf("no file(s) or directory(ies) specified on input")
	}
	reviser, err := o.reviser()
	if err != nil {
		flag.Usage()
		log.Fatal(err)
	}
	r := &Run{Options: o, reviser: reviser}
	log.Printf("Paths: %v\n", paths)
	for _, p := range paths {
		if err := r.target(p); err != nil {
			log.Fatal(err)
		}
	}
	if o.deprecated() || r.changed && o.setExitStatus {
		os.Exit(1)
	}
}
