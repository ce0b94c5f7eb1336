package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// httpMethods are the leading words that are understood as a request method.
var httpMethods = wordSet("GET HEAD POST PUT DELETE PATCH OPTIONS TRACE")

// invocation is the command line sorted into its parts, before any of it is
// translated for curl.
type invocation struct {
	method    string   // upper-case method, "" when none was given
	target    string   // URL as typed
	hasTarget bool     // whether a URL was given at all
	options   []string // options for curl together with their values
	items     []string // what followed the URL: headers, parameters, fields
	showCurl  bool     // --curl: print the command instead of running it
	pretty    bool     // --pretty: format as if on a terminal
	form      bool     // --form or a lone -F: data items become form fields
	bare      bool     // no argument whatsoever
}

// terminals tells which of the standard streams are interactive.
type terminals struct{ in, out, err bool }

// request is everything needed to run curl and show what it prints.
type request struct {
	args       []string // arguments for curl
	shownURL   string   // URL echoed to the user, "" for none
	complaint  string   // why the URL could not be understood, "" if it could
	body       []byte   // request body known from the command line
	readsStdin bool     // the body is read by curl from our standard input
	headOnly   bool     // only headers are wanted
	help       bool     // curl's usage text is wanted
	verbose    bool     // the user asked for the whole conversation
	prettyOut  bool     // format JSON on stdout
	colorErr   bool     // colour what goes to stderr
}

// splitArguments sorts raw arguments into an invocation.
func splitArguments(raw []string) invocation {
	inv := invocation{bare: len(raw) == 0}
	optionsDone := false
	for i := 0; i < len(raw); i++ {
		arg := raw[i]
		takeValue := func() {
			if i+1 < len(raw) {
				i++
				inv.options = append(inv.options, raw[i])
			}
		}
		switch {
		case optionsDone || arg == "-" || !strings.HasPrefix(arg, "-"):
			inv.addPlain(arg)
		case arg == "--":
			optionsDone = true
		case arg == "--curl":
			inv.showCurl = true
		case arg == "--pretty":
			inv.pretty = true
		case arg == "--form" || arg == "-F":
			inv.form = true
		case strings.HasPrefix(arg, "--"):
			inv.options = append(inv.options, arg)
			if longWithValue[arg] {
				takeValue()
			}
		default:
			if inv.addCluster(arg[1:]) {
				takeValue()
			}
		}
	}
	return inv
}

// addPlain files a non-option argument as method, URL or request item.
func (inv *invocation) addPlain(arg string) {
	switch {
	case inv.hasTarget:
		inv.items = append(inv.items, arg)
	case inv.method == "" && httpMethods[strings.ToUpper(arg)]:
		inv.method = strings.ToUpper(arg)
	default:
		inv.target, inv.hasTarget = arg, true
	}
}

// addCluster splits "-sXPUT" style options into single ones and reports whether
// the last one still needs its value from the next argument. Showing headers in
// the output (-i) is dropped: headers are always reported on stderr.
func (inv *invocation) addCluster(letters string) (needsValue bool) {
	for len(letters) > 0 {
		letter := letters[:1]
		letters = letters[1:]
		if letter == "i" {
			continue
		}
		inv.options = append(inv.options, "-"+letter)
		if strings.Contains(shortWithValue, letter) {
			if letters == "" {
				return true
			}
			inv.options = append(inv.options, letters)
			return false
		}
	}
	return false
}

// buildRequest translates an invocation into the curl call to make.
func buildRequest(inv invocation, tty terminals) request {
	req := request{prettyOut: tty.out || inv.pretty, colorErr: tty.err || inv.pretty}
	if inv.bare {
		req.args = []string{"-h", "all"}
	}
	req.args = append(req.args, inv.options...)
	if inv.method == "HEAD" {
		req.args = append(req.args, "-I")
	} else if inv.method != "" {
		req.args = append(req.args, "-X", inv.method)
	}
	fields := map[string]any{}
	query := ""
	for _, item := range inv.items {
		at := strings.IndexAny(item, ":=")
		if at < 0 {
			req.args = append(req.args, item)
			continue
		}
		name, rest := item[:at], item[at:]
		switch {
		case strings.HasPrefix(rest, ":="): // raw JSON, null if it is not valid
			var parsed any
			if json.Unmarshal([]byte(rest[2:]), &parsed) != nil {
				parsed = nil
			}
			fields[name] = parsed
		case strings.HasPrefix(rest, "=="): // query parameter
			query += "&" + url.QueryEscape(name) + "=" + url.QueryEscape(rest[2:])
		case rest[0] == ':': // header
			req.args = append(req.args, "-H", item)
		case inv.form:
			req.args = append(req.args, "-F", item)
		default: // text field
			fields[name] = rest[1:]
		}
	}
	if len(fields) > 0 {
		encoded, _ := json.Marshal(fields)
		req.args = append(req.args, "-d", string(encoded))
	}
	if inv.hasTarget {
		req.addTarget(inv.target, query)
	}
	req.addDefaults(inv, tty)
	return req
}

// addTarget appends the URL with its query parameters, filling in localhost
// where only a port was given.
func (req *request) addTarget(target, query string) {
	target = strings.TrimPrefix(target, "//")
	if query != "" {
		if !strings.Contains(target, "?") {
			query = "?" + query[1:]
		}
		target += query
	}
	full := target
	hasScheme := strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "https://")
	if !hasScheme {
		full = "http://" + target
	}
	req.shownURL = full
	parsed, err := url.Parse(full)
	if err != nil {
		req.complaint = err.Error()
		req.args = append(req.args, full)
		return
	}
	if strings.HasPrefix(parsed.Host, ":") {
		parsed.Host = strings.TrimSuffix("localhost"+parsed.Host, ":")
	}
	final := parsed.String()
	if !hasScheme {
		final = strings.TrimPrefix(final, "http://")
	}
	req.args = append(req.args, final)
}

// addDefaults appends the options that every request gets, depending on what
// the user already chose, and records the choices that affect the display.
func (req *request) addDefaults(inv invocation, tty terminals) {
	given := req.args
	req.help = hasAny(given, "-h", "--help")
	req.verbose = hasAny(given, "-v", "--verbose")
	req.headOnly = hasAny(given, "-I", "--head")
	if !inv.bare {
		req.args = append(req.args, "-s", "-S")
		if req.colorErr && !req.help && !hasAny(given, "-s", "--silent") {
			req.args = append(req.args, "-v")
		}
	}
	hasData := hasAny(given, "-d")
	if at := slices.Index(given, "-d"); at >= 0 && at+1 < len(given) {
		req.body = []byte(given[at+1])
	}
	if !tty.in && !hasData && !req.help {
		req.args = append(req.args, "-d@-")
		req.readsStdin, hasData = true, true
	}
	if hasData && !hasAny(given, "-F") && !hasHeader(given, "content-type") {
		req.args = append(req.args, "-H", "Content-Type: application/json")
	}
	if !hasHeader(given, "accept") {
		req.args = append(req.args, "-H", "Accept: application/json, */*")
	}
}

// hasAny reports whether one of the names is among the arguments.
func hasAny(args []string, names ...string) bool {
	return slices.ContainsFunc(args, func(arg string) bool { return slices.Contains(names, arg) })
}

// hasHeader reports whether a request header is set among the arguments.
func hasHeader(args []string, lowerName string) bool {
	for i := 0; i+1 < len(args); i++ {
		if args[i] == "-H" || args[i] == "--header" {
			if strings.HasPrefix(strings.ToLower(args[i+1]), lowerName+":") {
				return true
			}
		}
	}
	return false
}
