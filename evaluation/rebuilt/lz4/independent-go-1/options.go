package main

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"lz4/internal/frame"
)

const banner = "*** lz4 v1.10.0 64-bit multithread, by Yann Collet ***\n"

//go:embed help.txt
var helpText string

type mode int

const (
	modeAuto mode = iota
	modeCompress
	modeDecompress
	modeTest
)

var (
	errUsage = errors.New("Incorrect parameters")
	errDone  = errors.New("nothing left to do") // help or version was shown
)

type options struct {
	exe                string
	mode               mode
	level              int
	header             frame.Header
	contentSize        bool
	force, remove      bool
	multiple, toStdout bool
	names              []string
	con                *console
}

func newOptions(exe string, con *console) *options {
	o := &options{exe: exe, con: con, level: 1}
	o.header = frame.Header{BlockID: 7, Independent: true, ContentChecksum: true, ContentSize: -1}
	switch exe {
	case "unlz4":
		o.mode = modeDecompress
	case "lz4cat":
		o.mode = modeDecompress
		o.force, o.toStdout, o.multiple = true, true, true
	}
	return o
}

func (o *options) parse(args []string) error {
	for i, arg := range args {
		var err error
		switch {
		case arg == "--":
			o.names = append(o.names, args[i+1:]...)
			return nil
		case strings.HasPrefix(arg, "--"):
			err = o.long(arg[2:])
		case strings.HasPrefix(arg, "-") && arg != "-":
			err = o.short(arg[1:])
		default:
			o.names = append(o.names, arg)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *options) long(name string) error {
	name, value, hasValue := strings.Cut(name, "=")
	if hasValue && name != "fast" && name != "threads" {
		return errUsage
	}
	switch name {
	case "compress":
		o.mode = modeCompress
	case "decompress", "uncompress":
		o.mode = modeDecompress
	case "test":
		o.mode = modeTest
	case "force", "no-force":
		o.force = name == "force"
	case "keep", "rm":
		o.remove = name == "rm"
	case "stdout", "to-stdout":
		o.toStdout = true
	case "multiple":
		o.multiple = true
	case "frame-crc", "no-frame-crc", "no-crc":
		o.header.ContentChecksum = name == "frame-crc"
	case "content-size", "no-content-size":
		o.contentSize = name == "content-size"
	case "best":
		o.level = 12
	case "sparse", "no-sparse", "favor-decSpeed", "threads":
	case "fast":
		return o.fast(value, hasValue)
	case "verbose":
		o.con.level++
	case "quiet":
		o.con.level = max(o.con.level-1, 0)
	case "version":
		return o.showVersion()
	case "help":
		return o.showHelp()
	default:
		return errUsage
	}
	return nil
}

func (o *options) fast(value string, given bool) error {
	n := 1
	if given {
		var err error
		if n, err = strconv.Atoi(value); err != nil || n <= 0 {
			return errUsage
		}
	}
	o.level = -min(n, 65536)
	return nil
}

// short handles letters that may be run together, such as -9fB4BD.
func (o *options) short(s string) error {
	for s != "" {
		if n, rest, ok := number(s); ok {
			o.level, s = n, rest
			continue
		}
		letter := s[0]
		s = s[1:]
		switch letter {
		case 'V':
			return o.showVersion()
		case 'h', 'H':
			return o.showHelp()
		case 'z':
			o.mode = modeCompress
		case 'd':
			o.mode = modeDecompress
		case 't':
			o.mode = modeTest
		case 'c':
			o.toStdout = true
		case 'f':
			o.force = true
		case 'k':
			o.remove = false
		case 'm':
			o.multiple = true
		case 'v':
			o.con.level++
		case 'q':
			o.con.level = max(o.con.level-1, 0)
		case 'T':
			if _, rest, ok := number(s); ok {
				s = rest
			}
		case 'B':
			var err error
			if s, err = o.blocks(s); err != nil {
				return err
			}
		default:
			return errUsage
		}
	}
	return nil
}

// blocks handles what follows -B and returns the rest.
func (o *options) blocks(s string) (string, error) {
	for s != "" {
		switch s[0] {
		case 'D', 'I':
			o.header.Independent = s[0] == 'I'
		case 'X':
			o.header.BlockChecksum = true
		default:
			n, rest, ok := number(s)
			if !ok {
				return s, nil
			}
			if err := o.blockSize(n); err != nil {
				return s, err
			}
			s = rest
			continue
		}
		s = s[1:]
	}
	return s, nil
}

func (o *options) blockSize(n int) error {
	switch {
	case n >= 4 && n <= 7:
		n = frame.BlockSize(n)
	case n < 32:
		return errUsage
	}
	n = min(n, frame.BlockSize(7))
	o.header.BlockID = frame.FitBlockID(n)
	if n < 1024 {
		o.con.printf(levelNormal, "using blocks of size %d bytes \n", n)
	} else {
		o.con.printf(levelNormal, "using blocks of size %d KB \n", n>>10)
	}
	return nil
}

// number splits leading digits, with an optional K or M, off s.
func number(s string) (n int, rest string, ok bool) {
	rest = strings.TrimLeft(s, "0123456789")
	n, err := strconv.Atoi(s[:len(s)-len(rest)])
	if err != nil {
		return 0, s, false
	}
	for unit, shift := range map[string]int{"K": 10, "M": 20} {
		if after, found := strings.CutPrefix(rest, unit); found {
			after = strings.TrimPrefix(after, "i")
			return n << shift, strings.TrimPrefix(after, "B"), true
		}
	}
	return n, rest, true
}

func (o *options) showVersion() error {
	fmt.Print(banner)
	return errDone
}

func (o *options) showHelp() error {
	fmt.Fprint(os.Stderr, strings.ReplaceAll(helpText, "{{exe}}", o.exe))
	return errDone
}

// showBasics prints the part of the help that follows a mistake.
func (o *options) showBasics() {
	text := strings.ReplaceAll(helpText, "{{exe}}", o.exe)
	_, text, _ = strings.Cut(text, "\n")
	text, _, _ = strings.Cut(text, "\nAdvanced arguments")
	fmt.Fprint(os.Stderr, errUsage, "\n", text)
}
