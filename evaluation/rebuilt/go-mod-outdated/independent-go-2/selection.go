package main

import "strconv"

var headings = []string{"MODULE", "VERSION", "NEW VERSION", "DIRECT", "VALID TIMESTAMPS"}

func choose(all []Module, opts options) []Module {
	var chosen []Module
	for _, m := range all {
		if wanted(m, opts) {
			chosen = append(chosen, m)
		}
	}
	return chosen
}

// wanted looks at the module's own update, not at that of a replacement.
func wanted(m Module, opts options) bool {
	if m.Main {
		return false
	}
	if opts.onlyDirect && m.Indirect {
		return false
	}
	return !opts.onlyUpdates || m.Update != nil
}

func anyOutdated(modules []Module) bool {
	for i := range modules {
		if modules[i].outdated() {
			return true
		}
	}
	return false
}

func moduleRows(modules []Module) [][]string {
	rows := make([][]string, 0, len(modules))
	for i := range modules {
		m := &modules[i]
		rows = append(rows, []string{
			m.Path,
			m.inUse().Version,
			m.newVersion(),
			strconv.FormatBool(!m.Indirect),
			strconv.FormatBool(m.timesInOrder()),
		})
	}
	return rows
}
