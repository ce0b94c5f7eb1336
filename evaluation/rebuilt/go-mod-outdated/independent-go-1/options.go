package main

import "flag"

// options holds what the user asked for on the command line.
type options struct {
	updatesOnly bool
	directOnly  bool
	ci          bool
	style       string
}

// parseOptions reads the flags in argv; it ends the process on -help or on a
// malformed command line. Positional arguments are ignored.
func parseOptions(argv []string) options {
	var o options
	set := flag.NewFlagSet(argv[0], flag.ExitOnError)
	set.BoolVar(&o.updatesOnly, "update", false, "List only modules with updates")
	set.BoolVar(&o.directOnly, "direct", false, "List only direct modules")
	set.BoolVar(&o.ci, "ci", false,
		"Non-zero exit code when at least one outdated dependency was found")
	set.StringVar(&o.style, "style", "default",
		"Output style, pass 'markdown' for a Markdown table")
	set.Parse(argv[1:])
	return o
}

// criteria lists the conditions a module must meet to be shown.
func (o options) criteria() []criterion {
	wanted := []criterion{isDependency}
	if o.updatesOnly {
		wanted = append(wanted, Module.hasUpdate)
	}
	if o.directOnly {
		wanted = append(wanted, Module.direct)
	}
	return wanted
}
