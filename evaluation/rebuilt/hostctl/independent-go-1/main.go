package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const rootHelp = `
hostctl is a CLI tool to manage your hosts file with ease.
You can have multiple profiles, enable/disable exactly what
you need each time with a simple interface.

Usage:
  hostctl [command]

Available Commands:
  add         Add content to a profile in your hosts file.
  backup      Creates a backup copy of your hosts file
  disable     Disable a profile from your hosts file.
  enable      Enable a profile on your hosts file.
  help        Help about any command
  list        Shows a detailed list of profiles on your hosts file.
  remove      Remove a profile from your hosts file.
  replace     Replace content to a profile in your hosts file.
  restore     Restore hosts file content from a backup file.
  status      Shows a list of profile names and statuses on your hosts file.
  sync        Sync some system IPs with a profile.
  toggle      Change status of a profile on your hosts file.

Flags:
  -c, --column strings     Column names to show on lists. comma separated
  -h, --help               help for hostctl
      --host-file string   Hosts file path (default "/etc/hosts")
      --no-color           force colorless output
  -o, --out string         Output type (table|raw|markdown|json) (default "table")
  -q, --quiet              Run command without output
      --raw                Output without borders (same as -o raw)
  -v, --version            version for hostctl

Use "hostctl [command] --help" for more information about a command.
`

// command.flags is help text and also says which flags are accepted.
type command struct {
	args, long string
	flags      string
	run        func(c *context, f *hostsFile) (*result, error)
	check      func(c *context) error
}

// result tells what remains to be done once a command has changed the file in memory.
type result struct {
	save, hide, gap bool
	message         string
	names           []string
}

type context struct {
	args    []string
	values  map[string]string
	format  string
	columns []string
}

var valueFlags = []string{"column", "host-file", "out", "from", "ip", "path"}

func commandTable() map[string]*command {
	cwd, _ := os.Getwd()
	return map[string]*command{
		"add":            {" [profiles]", "Reads from a file and set content to a profile in your hosts file.\nIf the profile already exists it will be added to it.", "  -f, --from string     file to read\n  -h, --help            help for add", runFill(false), checkOne},
		"add domains":    {" [profile] [domains]", "Set content in your hosts file.\nIf the profile already exists it will be added to it.", "  -h, --help            help for domains\n      --ip string       domains ip (default \"127.0.0.1\")", runAddDomains, checkNames},
		"replace":        {" [profile]", "Reads from a file and set content to a profile in your hosts file.\nIf the profile already exists it will be overwritten.", "  -f, --from string   file to read\n  -h, --help          help for replace", runFill(true), checkOne},
		"remove":         {" [profiles]", "Completely remove a profile content from your hosts file.\nIt cannot be undone unless you have a backup and restore it.\n\nIf you want to remove a profile but would like to use it later,\nuse 'hosts disable' instead.", "      --all    Remove all profiles\n  -h, --help   help for remove", runRemove, checkAll},
		"remove domains": {" [profile] [domains]", "Completely remove domains from your hosts file.\nIt cannot be undone unless you have a backup and restore it.", "  -h, --help   help for domains", runRemoveDomains, checkNames},
		"enable":         {" [profiles]", "Enables an existing profile.\nIt will be listed as \"on\" while it is enabled.", "      --all             Enable all profiles\n  -h, --help            help for enable\n      --only            Disable all other profiles", runSwitch(setOn), checkAll},
		"disable":        {" [profiles]", "Disable a profile from your hosts file without removing it.\nIt will be listed as \"off\" while it is disabled.", "      --all             Disable all profiles\n  -h, --help            help for disable\n      --only            Enable all other profiles", runSwitch(setOff), checkAll},
		"toggle":         {"", "Alternates between on/off status of an existing profile.", "  -h, --help            help for toggle", runSwitch(flip), checkNames},
		"list":           {" [profiles]", "Shows a detailed list of profiles on your hosts file with name, ip and host name.\nYou can filter by profile name.\n\nThe \"default\" profile is all the content that is not handled by hostctl tool.", "  -h, --help   help for list", runList(""), nil},
		"list enabled":   {"", "Shows a detailed list of enabled profiles on your hosts file with name, ip and host name.", "  -h, --help   help for enabled", runList("on"), nil},
		"list disabled":  {"", "Shows a detailed list of disabled profiles on your hosts file with name, ip and host name.", "  -h, --help   help for disabled", runList("off"), nil},
		"status":         {" [profiles]", "Shows a list of unique profile names on your hosts file with its status.\n\nThe \"default\" profile is always on and will be skipped.", "  -h, --help   help for status", runStatus, nil},
		"backup":         {"", "Creates a backup copy of your hosts file with the date in .YYYYMMDD\nas extension.", "  -h, --help          help for backup\n      --path string   A path to save the backup (default " + strconv.Quote(cwd) + ")", runBackup, nil},
		"restore":        {"", "Reads from a file and replace the content of your hosts file.\n\nWARNING: the complete hosts file will be overwritten with the backup data.", "      --from string   The file to restore from\n  -h, --help          help for restore", runRestore, nil},
	}
}

func setOn(bool) bool      { return true }
func setOff(bool) bool     { return false }
func flip(state bool) bool { return !state }

func (c *context) isSet(name string) bool { return c.values[name] == "true" }

func (c *context) say(format string, a ...any) {
	if !c.isSet("quiet") {
		fmt.Printf(format, a...)
	}
}

func checkNames(c *context) error {
	if len(c.args) == 0 {
		return errors.New("missing profile name")
	}
	if slices.Contains(c.args, "default") {
		return errors.New("'default' profile should not be handled by hostctl")
	}
	return nil
}

func checkOne(c *context) error {
	if len(c.args) > 1 {
		return errors.New("specify only one profile")
	}
	return checkNames(c)
}

func checkAll(c *context) error {
	if !c.isSet("all") {
		return checkNames(c)
	}
	if len(c.args) > 0 {
		return errors.New("args must be empty with --all flag")
	}
	return nil
}

func runList(status string) func(*context, *hostsFile) (*result, error) {
	return func(c *context, f *hostsFile) (*result, error) {
		fmt.Print(render(f.rows(c.args, status), c.columns, c.format))
		return nil, nil
	}
}

func runStatus(c *context, f *hostsFile) (*result, error) {
	var rows []row
	for _, p := range f.profiles {
		if len(c.args) == 0 || slices.Contains(c.args, p.name) {
			rows = append(rows, row{Profile: p.name, Status: pick(p.on, "on", "off")})
		}
	}
	fmt.Print(render(rows, []string{"profile", "status"}, c.format))
	return nil, nil
}

func runFill(replace bool) func(*context, *hostsFile) (*result, error) {
	return func(c *context, f *hostsFile) (*result, error) {
		var data []byte
		var err error
		info, statErr := os.Stdin.Stat()
		if c.values["from"] == "" && statErr == nil && info.Mode()&os.ModeCharDevice == 0 {
			data, err = io.ReadAll(os.Stdin)
		} else {
			data, err = os.ReadFile(c.values["from"])
		}
		if err != nil {
			return nil, err
		}
		if replace {
			f.remove(c.args[0])
		}
		p := f.obtain(c.args[0])
		for _, line := range strings.Split(string(data), "\n") {
			p.add(parseRoute(line))
		}
		return &result{save: true, names: c.args, gap: !replace}, nil
	}
}

func runAddDomains(c *context, f *hostsFile) (*result, error) {
	name, domains := c.args[0], c.args[1:]
	ip, _ := parseRoute(c.values["ip"] + " x")
	if ip == "" {
		ip = "<nil>"
	}
	f.obtain(name).add(ip, domains)
	message := fmt.Sprintf("[✔] Domains '%s' added.\n\n", strings.Join(domains, ", "))
	return &result{save: true, message: message, names: c.args[:1], gap: true}, nil
}

func runRemove(c *context, f *hostsFile) (*result, error) {
	names := slices.Clone(c.args)
	for _, p := range f.profiles {
		if c.isSet("all") {
			names = append(names, p.name)
		}
	}
	if !f.hasAll(names) {
		return nil, errUnknown
	}
	for _, n := range names {
		f.remove(n)
	}
	return &result{save: true, hide: true, message: fmt.Sprintf("[✔] Profile(s) '%s' removed.\n\n\n", strings.Join(names, ", "))}, nil
}

func runRemoveDomains(c *context, f *hostsFile) (*result, error) {
	name, domains := c.args[0], c.args[1:]
	p := f.find(name)
	if p == nil {
		return nil, errUnknown
	}
	p.removeHosts(domains)
	message := fmt.Sprintf("[✔] Domains '%s' removed.\n\n", strings.Join(domains, ", "))
	if len(p.routes) == 0 {
		f.remove(name)
		message = fmt.Sprintf("[✔] Profile '%s' removed.\n\n", name)
	}
	return &result{save: true, message: message, names: c.args[:1]}, nil
}

// runSwitch applies change to the named profiles, and its opposite to the others with --only.
func runSwitch(change func(bool) bool) func(*context, *hostsFile) (*result, error) {
	return func(c *context, f *hostsFile) (*result, error) {
		if !f.hasAll(c.args) {
			return nil, errUnknown
		}
		for _, p := range f.profiles {
			named := slices.Contains(c.args, p.name)
			if c.isSet("only") && !named {
				p.on = !change(p.on)
			} else if c.isSet("all") || named {
				p.on = change(p.on)
			}
		}
		return &result{save: true, names: c.args, gap: true}, nil
	}
}

func runBackup(c *context, f *hostsFile) (*result, error) {
	target := filepath.Join(c.values["path"], filepath.Base(f.path)+time.Now().Format(".20060102"))
	if err := copyFile(f.path, target); err != nil {
		return nil, err
	}
	return &result{message: fmt.Sprintf("[✔] Backup '%s' created.\n\n", target)}, nil
}

func runRestore(c *context, f *hostsFile) (*result, error) {
	if err := copyFile(c.values["from"], f.path); err != nil {
		return nil, err
	}
	fresh, err := loadHosts(f.path)
	if err != nil {
		return nil, err
	}
	*f = *fresh
	return &result{message: fmt.Sprintf("[✔] File '%s' restored.\n\n", c.values["from"])}, nil
}

func (f *hostsFile) hasAll(names []string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return f.find(n) == nil })
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	return err
}

func (c *context) finish(f *hostsFile, r *result, err error) error {
	if err != nil || r == nil {
		return err
	}
	if r.save {
		if err := f.save(); err != nil {
			return err
		}
	}
	c.say("%s", r.message)
	if !r.hide {
		c.say("%s", render(f.rows(r.names, ""), c.columns, c.format))
	}
	if r.gap {
		c.say("\n")
	}
	return nil
}

// flagName gives the long name of the flag in arg, using the help text to expand a letter.
func flagName(arg, help string) string {
	if strings.HasPrefix(arg, "--") {
		name, _, _ := strings.Cut(arg[2:], "=")
		return name
	}
	if _, after, ok := strings.Cut(help, "  -"+arg[1:2]+", --"); ok {
		return strings.Fields(after)[0]
	}
	return ""
}

func (c *context) parse(argv []string, help string) error {
	for len(argv) > 0 {
		a := argv[0]
		argv = argv[1:]
		if a == "--" {
			c.args = append(c.args, argv...)
			return nil
		}
		if len(a) < 2 || a[0] != '-' {
			c.args = append(c.args, a)
			continue
		}
		name := flagName(a, help)
		long := a[1] == '-'
		if long && !strings.Contains(help, "--"+name+" ") {
			return fmt.Errorf("unknown flag: --%s", name)
		}
		if name == "" {
			return fmt.Errorf("unknown shorthand flag: '%s' in %s", a[1:2], a)
		}
		takes := slices.Contains(valueFlags, name)
		_, value, given := strings.Cut(a, "=")
		switch {
		case long && given:
		case !takes:
			value = "true"
			if !long && len(a) > 2 {
				argv = append([]string{"-" + a[2:]}, argv...)
			}
		case !long && len(a) > 2:
			value = strings.TrimPrefix(a[2:], "=")
		case len(argv) == 0 && long:
			return fmt.Errorf("flag needs an argument: %s", a)
		case len(argv) == 0:
			return fmt.Errorf("flag needs an argument: '%s' in %s", a[1:], a)
		default:
			value, argv = argv[0], argv[1:]
		}
		var err error
		if !takes {
			var on bool
			on, err = strconv.ParseBool(value)
			c.values[name] = strconv.FormatBool(on)
		} else if name == "column" && c.values[name] != "" {
			c.values[name] += "," + value
		} else {
			c.values[name] = value
		}
		if err != nil {
			return fmt.Errorf("invalid argument %q for %q flag: %s", value, "--"+name, err)
		}
	}
	return nil
}

// findCommand takes the command words out of the arguments.
func findCommand(table map[string]*command, argv []string) (string, []string) {
	name := ""
	for i := 0; i < len(argv) && argv[i] != "--"; i++ {
		a := argv[i]
		if len(a) > 1 && a[0] == '-' {
			if slices.Contains(valueFlags, flagName(a, rootHelp+"  -f, --from s")) && (len(a) == 2 || a[1] == '-') && !strings.Contains(a, "=") {
				i++
			}
			continue
		}
		word := strings.TrimSpace(name + " " + a)
		if word == "list on" || word == "list off" {
			word = map[string]string{"on": "list enabled", "off": "list disabled"}[a]
		}
		if table[word] == nil && name != "" {
			break
		}
		name = word
		argv = slices.Delete(slices.Clone(argv), i, i+1)
		i--
		if table[word] == nil {
			break
		}
	}
	return name, argv
}

func execute(argv []string) error {
	table := commandTable()
	name, rest := findCommand(table, argv)
	wantHelp := name == "help"
	if wantHelp {
		name, rest = findCommand(table, rest)
	}
	cwd, _ := os.Getwd()
	c := &context{values: map[string]string{"host-file": "/etc/hosts", "ip": "127.0.0.1", "path": cwd}}
	cmd := table[name]
	if cmd == nil && name != "" {
		return fmt.Errorf("unknown command %q for \"hostctl\"", name)
	}
	help := rootHelp
	globals := rootHelp[strings.Index(rootHelp, "  -c, "):strings.Index(rootHelp, "  -v, ")]
	globals = strings.Replace(globals, "  -h, --help               help for hostctl\n", "", 1)
	if cmd != nil {
		help = "\n" + cmd.long + "\n\nUsage:\n  hostctl " + name + cmd.args + " [flags]\n\nFlags:\n" + cmd.flags + "\n\nGlobal Flags:\n" + globals
	}
	if err := c.parse(rest, help); err != nil {
		return err
	}
	if c.isSet("version") {
		fmt.Println("hostctl version 1.1.4")
		return nil
	}
	if cmd == nil || wantHelp || c.isSet("help") {
		fmt.Print(help)
		return nil
	}
	if cmd.check != nil {
		if err := cmd.check(c); err != nil {
			return err
		}
	}
	if c.format = c.values["out"]; c.isSet("raw") {
		c.format = "raw"
	}
	c.columns = strings.Split(cmp.Or(c.values["column"], "profile,status,ip,domain"), ",")
	path := c.values["host-file"]
	if c.values["out"] != "json" && path != "/etc/hosts" {
		c.say("[ℹ] Using hosts file: %s\n\n", path)
	}
	f, err := loadHosts(path)
	if err != nil {
		return err
	}
	r, err := cmd.run(c, f)
	return c.finish(f, r, err)
}

func main() {
	if err := execute(os.Args[1:]); err != nil {
		fmt.Printf("[✖] error: %s\n", err)
		os.Exit(1)
	}
}

const (
	bannerRule = "##################################################################"
	bannerText = "# Content under this line is handled by hostctl. DO NOT EDIT."
)

var (
	errUnknown = errors.New("unknown profile name")
	profileRe  = regexp.MustCompile(`^# profile(?:\.(on|off))?\s+(\S.*)$`)
)

type route struct {
	ip    string
	hosts []string
}

type profile struct {
	name   string
	on     bool
	routes []route
}

// defaultLine is a line outside any profile; ip is empty when it is not an address line.
type defaultLine struct {
	text, ip, host string
	on             bool
}

type hostsFile struct {
	path     string
	defaults []defaultLine
	profiles []*profile
}

type row struct{ Profile, Status, IP, Host string }

// parseRoute reads "ip host..." with an optional leading "# " and trailing comment.
func parseRoute(line string) (string, []string) {
	line, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "# "), "#")
	fields := strings.Fields(line)
	if len(fields) < 2 || net.ParseIP(fields[0]) == nil {
		return "", nil
	}
	return net.ParseIP(fields[0]).String(), fields[1:]
}

func (p *profile) add(ip string, hosts []string) {
	i := slices.IndexFunc(p.routes, func(r route) bool { return r.ip == ip })
	if i < 0 && len(hosts) > 0 {
		i = len(p.routes)
		p.routes = append(p.routes, route{ip: ip})
	}
	for _, h := range hosts {
		if !slices.Contains(p.routes[i].hosts, h) {
			p.routes[i].hosts = append(p.routes[i].hosts, h)
		}
	}
}

func (p *profile) removeHosts(names []string) {
	for i := range p.routes {
		r := &p.routes[i]
		r.hosts = slices.DeleteFunc(r.hosts, func(h string) bool { return slices.Contains(names, h) })
	}
	p.routes = slices.DeleteFunc(p.routes, func(r route) bool { return len(r.hosts) == 0 })
}

func loadHosts(path string) (*hostsFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f := &hostsFile{path: path}
	var current *profile
	for _, raw := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		line := strings.TrimSpace(raw)
		ip, hosts := parseRoute(line)
		if m := profileRe.FindStringSubmatch(line); m != nil {
			current = f.obtain(m[2])
			current.on = m[1] != "off"
		} else if line == "# end" {
			current = nil
		} else if line == bannerRule || line == bannerText {
			continue
		} else if current != nil {
			if ip != "" {
				current.add(ip, hosts)
			}
		} else if ip != "" {
			f.defaults = append(f.defaults, defaultLine{ip: ip, host: hosts[0], on: !strings.HasPrefix(raw, "# ")})
		} else {
			f.defaults = append(f.defaults, defaultLine{text: line})
		}
	}
	return f, nil
}

func (f *hostsFile) find(name string) *profile {
	if i := slices.IndexFunc(f.profiles, func(p *profile) bool { return p.name == name }); i >= 0 {
		return f.profiles[i]
	}
	return nil
}

func (f *hostsFile) obtain(name string) *profile {
	p := f.find(name)
	if p == nil {
		p = &profile{name: name, on: true}
		f.profiles = append(f.profiles, p)
	}
	return p
}

func (f *hostsFile) remove(name string) {
	f.profiles = slices.DeleteFunc(f.profiles, func(p *profile) bool { return p.name == name })
}

func (f *hostsFile) save() error {
	var b strings.Builder
	prevBlank := false
	for _, d := range f.defaults {
		text := d.text
		if d.ip != "" {
			text = pick(d.on, "", "# ") + d.ip + " " + d.host
		}
		if text != "" || !prevBlank {
			b.WriteString(text + "\n")
		}
		prevBlank = text == ""
	}
	if !prevBlank {
		b.WriteString("\n")
	}
	b.WriteString(bannerRule + "\n" + bannerText + "\n" + bannerRule + "\n")
	for _, p := range f.profiles {
		fmt.Fprintf(&b, "\n# profile.%s %s\n", pick(p.on, "on", "off"), p.name)
		for _, r := range p.routes {
			for _, h := range r.hosts {
				b.WriteString(pick(p.on, "", "# ") + r.ip + " " + h + "\n")
			}
		}
		b.WriteString("# end\n")
	}
	return os.WriteFile(f.path, []byte(b.String()), 0o644)
}

func pick(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}

// rows lists the entries of the named profiles (all when empty); status "" means both.
func (f *hostsFile) rows(names []string, status string) []row {
	var out []row
	if len(names) == 0 || slices.Contains(names, "default") {
		for _, d := range f.defaults {
			if d.ip != "" {
				out = append(out, row{"default", pick(d.on, "on", "off"), d.ip, d.host})
			}
		}
	}
	for _, p := range f.profiles {
		if len(names) > 0 && !slices.Contains(names, p.name) || status != "" && status != pick(p.on, "on", "off") {
			continue
		}
		for _, r := range p.routes {
			for _, h := range r.hosts {
				if r.ip != "<nil>" {
					out = append(out, row{p.name, pick(p.on, "on", "off"), r.ip, h})
				}
			}
		}
	}
	return out
}

func (r row) cells(columns []string) []string {
	known := map[string]string{"profile": r.Profile, "status": r.Status, "ip": r.IP, "domain": r.Host}
	var cells []string
	for _, c := range columns {
		if value, ok := known[c]; ok {
			cells = append(cells, value)
		}
	}
	return cells
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func render(rows []row, columns []string, format string) string {
	if format == "json" {
		data, _ := json.Marshal(rows)
		return string(data) + "\n"
	}
	if len(rows) == 0 || len(rows[0].cells(columns)) == 0 {
		return ""
	}
	widths := make([]int, len(columns))
	for i, c := range columns {
		widths[i] = utf8.RuneCountInString(c)
		for _, r := range rows {
			if cells := r.cells(columns); i < len(cells) {
				widths[i] = max(widths[i], utf8.RuneCountInString(cells[i]))
			}
		}
	}
	if format == "raw" {
		return renderRaw(rows, columns, widths)
	}
	corner := "+"
	if format == "markdown" {
		corner = "|"
	}
	rule := corner
	for _, w := range widths {
		rule += strings.Repeat("-", w+2) + corner
	}
	rule += "\n"
	text := "|"
	for i, c := range columns {
		left := strings.Repeat(" ", (widths[i]-utf8.RuneCountInString(c))/2)
		text += " " + pad(left+strings.ToUpper(c), widths[i]) + " |"
	}
	text += "\n" + rule
	for n, r := range rows {
		if n > 0 && rows[n-1].Profile != r.Profile && r.IP != "" {
			text += rule
		}
		text += "|"
		for i, cell := range r.cells(columns) {
			text += " " + pad(cell, widths[i]) + " |"
		}
		text += "\n"
	}
	if format == "markdown" {
		return text
	}
	return rule + text + rule
}

func renderRaw(rows []row, columns []string, widths []int) string {
	var heads []string
	for i, c := range columns {
		heads = append(heads, pad(strings.ToUpper(c), widths[i]))
	}
	text := strings.Join(heads, "\t") + " \n"
	for _, r := range rows {
		for i, c := range r.cells(columns) {
			text += pad(c, widths[i]) + "\t"
		}
		text += "\n"
	}
	return text
}
