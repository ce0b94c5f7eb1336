package main

import "strconv"

// criterion decides whether a module belongs in the report.
type criterion func(Module) bool

// isDependency excludes the main module itself.
func isDependency(m Module) bool {
	return !m.Main
}

// selectModules keeps the modules that meet every criterion, in input order.
func selectModules(modules []Module, wanted ...criterion) []Module {
	var kept []Module
	for _, m := range modules {
		if meetsAll(m, wanted) {
			kept = append(kept, m)
		}
	}
	return kept
}

func meetsAll(m Module, wanted []criterion) bool {
	for _, accepts := range wanted {
		if !accepts(m) {
			return false
		}
	}
	return true
}

func anyOutdated(modules []Module) bool {
	for _, m := range modules {
		if m.outdated() {
			return true
		}
	}
	return false
}

// reportTable lays the modules out as rows of text.
func reportTable(modules []Module) *table {
	t := newTable("MODULE", "VERSION", "NEW VERSION", "DIRECT", "VALID TIMESTAMPS")
	for _, m := range modules {
		t.addRow(
			m.Path,
			m.currentVersion(),
			m.newVersion(),
			strconv.FormatBool(m.direct()),
			strconv.FormatBool(m.validTimestamps()),
		)
	}
	return t
}
