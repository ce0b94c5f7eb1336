package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

type options struct {
	version, overwrite, strike    bool
	input, output, domain, strong string
	include, exclude              selector
}

// usageError is an error with advice on how to go on.
type usageError struct{ text, advice string }

func (e *usageError) Error() string { return e.text }

func newFlags(o *options) *flag.FlagSet {
	fs := flag.NewFlagSet("html2markdown", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	bools := map[string]*bool{
		"version": &o.version, "v": &o.version, "output-overwrite": &o.overwrite,
		"plugin-strikethrough": &o.strike,
	}
	for name, target := range bools {
		fs.BoolVar(target, name, false, "")
	}
	for name, target := range map[string]*selector{"include-selector": &o.include, "exclude-selector": &o.exclude} {
		fs.Func(name, "", func(s string) (err error) {
			*target, err = parseSelector(s)
			return err
		})
	}
	fs.StringVar(&o.input, "input", "", "")
	fs.StringVar(&o.output, "output", "", "")
	fs.StringVar(&o.domain, "domain", "", "")
	fs.StringVar(&o.strong, "opt-strong-delimiter", "", "")
	return fs
}

func parseOptions(args []string) (*options, error) {
	o := &options{}
	fs := newFlags(o)
	if err := fs.Parse(args); err != nil {
		name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
		if !unknown {
			return nil, err
		} else if len(name) > 1 {
			name = "-" + name
		}
		return nil, errors.New("unknown flag: -" + name)
	}
	if fs.NArg() > 0 {
		return nil, &usageError{"unknown arguments: " + strings.Join(fs.Args(), " "), pipeAdvice}
	}
	return o, o.check()
}

func (o *options) check() error {
	if o.strong == "" {
		o.strong = "**"
	} else if o.strong != "**" && o.strong != "__" {
		return fmt.Errorf(`invalid value for --opt-strong-delimiter="%s" must be exactly 2 characters of "**" or "__"`, o.strong)
	}
	return nil
}
