package main

import (
	_ "embed"
	"slices"
	"strings"
)

// shortWithValue holds the one-letter curl options that consume a value.
const shortWithValue = "EKCbcdDFPHhmoUQreXYytzTuAwx"

// longWithValue lists the long curl options that consume a value.
//
//go:embed options.txt
var longWithValue string

const knownMethods = "GET POST PUT DELETE PATCH OPTIONS HEAD TRACE"

// notable names the options that matter here beyond being handed on.
var notable = map[string]string{"-v": "verbose", "--verbose": "verbose", "-s": "silent", "--silent": "silent",
	"-I": "head", "--head": "head", "-h": "help", "--help": "help", "-d": "data"}

// request is the command line after it has been split into its parts.
type request struct {
	options []string        // curl options, normalised one by one
	flags   map[string]bool // notable options seen, and our own
	method  string
	words   []string // URL and request items, still to be interpreted
	data    string   // value of the last -d
	headers []string // header lines given with -H
}

// parseArgs splits argv into curl options and positional words.
func parseArgs(argv []string) *request {
	r := &request{flags: map[string]bool{}}
	for i := 0; i < len(argv); i++ {
		arg, rest := argv[i], argv[i+1:]
		switch {
		case arg == "--":
			r.words = append(r.words, rest...)
			i = len(argv)
		case strings.HasPrefix(arg, "--"):
			i += r.longOption(arg, rest)
		case len(arg) > 1 && arg[0] == '-':
			i += r.shortOptions(arg[1:], rest)
		default:
			r.words = append(r.words, arg)
		}
	}
	if len(r.words) > 0 && isWord(knownMethods, strings.ToUpper(r.words[0])) {
		r.method, r.words = strings.ToUpper(r.words[0]), r.words[1:]
	}
	return r
}

func isWord(list, word string) bool { return slices.Contains(strings.Fields(list), word) }

// longOption handles one "--name"; it returns how many following words it used.
func (r *request) longOption(option string, rest []string) int {
	switch {
	case isWord("--pretty --curl --form", option):
		r.flags[option[2:]] = true
	case isWord(longWithValue, option[2:]) && len(rest) > 0:
		r.record(option, rest[0])
		return 1
	default:
		r.record(option)
	}
	return 0
}

// shortOptions unbundles a cluster such as "sSLo"; it returns how many
// following words it used.
func (r *request) shortOptions(cluster string, rest []string) int {
	for i := range cluster {
		letter, attached := cluster[i:i+1], cluster[i+1:]
		switch {
		case letter == "F" && attached == "":
			r.flags["form"] = true
		case letter == "i": // headers always travel on stderr
		case !strings.Contains(shortWithValue, letter):
			r.record("-" + letter)
		case attached != "":
			r.record("-"+letter, attached)
			return 0
		case len(rest) > 0:
			r.record("-"+letter, rest[0])
			return 1
		default:
			r.record("-" + letter)
		}
	}
	return 0
}

// record keeps an option with its value, if any.
func (r *request) record(option string, value ...string) {
	r.flags[notable[option]] = true
	r.options = append(append(r.options, option), value...)
	switch option {
	case "-d":
		r.data = strings.Join(value, "")
	case "-H", "--header":
		r.headers = append(r.headers, value...)
	}
}
