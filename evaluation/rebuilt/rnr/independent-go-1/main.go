// Command program renames many files at once: by regular expression, by
// transliteration to ASCII, or by replaying a dump of earlier operations.
package main

import (
	"errors"
	"fmt"
	"os"
	"path"
)

func main() {
	cfg, err := parseArgs(path.Base(os.Args[0]), os.Args[1:])
	if err != nil {
		var usage *usageError
		if errors.As(err, &usage) {
			fmt.Fprint(os.Stderr, usage.text)
			os.Exit(2)
		}
		fmt.Print(err) // Help that was asked for.
		return
	}
	out := printer{colored: cfg.colored, silent: cfg.silent}
	if err := run(cfg, out); err != nil {
		out.failure(err)
		os.Exit(1)
	}
}

// run does what the configuration says and reports on the way.
func run(cfg *config, out printer) error {
	rename, err := newRenamer(cfg)
	if err != nil {
		return err
	}
	if !cfg.force {
		out.say(out.paint(bold, "This is a DRY-RUN"))
	}
	var ops []operation
	switch {
	case cfg.command != "from-file":
		ops, err = plan(cfg, rename)
	case cfg.undo:
		ops, err = readDump(cfg.dumpFile)
		ops = invert(ops)
	default:
		ops, err = readDump(cfg.dumpFile)
	}
	if err != nil {
		return err
	}
	if cfg.dump {
		if err := writeDump(cfg.dumpPrefix, ops); err != nil {
			return err
		}
	}
	for _, op := range ops {
		if cfg.force {
			if err := execute(op, cfg.backup, out); err != nil {
				return err
			}
		}
		out.operation(op)
	}
	return nil
}
