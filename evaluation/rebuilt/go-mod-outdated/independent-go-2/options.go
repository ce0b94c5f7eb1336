package main

import "flag"

type options struct {
	onlyUpdates  bool
	onlyDirect   bool
	failOutdated bool
	style        string
}

func parseOptions() options {
	var o options
	flag.BoolVar(&o.onlyUpdates, "update", false, "List only modules with updates")
	flag.BoolVar(&o.onlyDirect, "direct", false, "List only direct modules")
	flag.BoolVar(&o.failOutdated, "ci", false,
		"Non-zero exit code when at least one outdated dependency was found")
	flag.StringVar(&o.style, "style", "default",
		"Output style, pass 'markdown' for a Markdown table")
	flag.Parse()
	return o
}
