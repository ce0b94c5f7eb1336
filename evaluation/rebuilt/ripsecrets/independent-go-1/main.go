// Command program searches files for secrets that should not be committed.
package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"unicode/utf16"
)

const (
	hookCommand  = "ripsecrets --strict-ignore `git diff --cached --name-only --diff-filter=ACM`\n"
	plainUsage   = "[OPTIONS] [Source files]..."
	allowComment = "pragma: allowlist secret"
)

//go:embed help_short.txt
var shortHelp string

//go:embed help_long.txt
var longHelp string

type options struct {
	install, strict, onlyMatching bool
	patterns, paths               []string
}

// usageError is a command line mistake, shown with optional tip and usage.
type usageError struct{ message, tip, usage string }

func (e usageError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "error: %s\n", e.message)
	if e.tip != "" {
		fmt.Fprintf(&b, "\n  tip: %s\n", e.tip)
	}
	if e.usage != "" {
		fmt.Fprintf(&b, "\nUsage: %s %s\n", filepath.Base(os.Args[0]), e.usage)
	}
	return b.String() + "\nFor more information, try '--help'."
}

func say(text string) {
	fmt.Print(strings.ReplaceAll(text, "{name}", filepath.Base(os.Args[0])))
	os.Exit(0)
}

func parseArgs(args []string) (*options, error) {
	opts := &options{}
	switches := map[string]*bool{
		"--install-pre-commit": &opts.install,
		"--strict-ignore":      &opts.strict,
		"--only-matching":      &opts.onlyMatching,
	}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		flag, value, hasValue := strings.Cut(arg, "=")
		target := switches[flag]
		switch {
		case arg == "--":
			opts.paths = append(opts.paths, args...)
			args = nil
		case flag == "--additional-pattern":
			if !hasValue {
				if len(args) == 0 || len(args[0]) > 1 && args[0][0] == '-' {
					return nil, usageError{message: "a value is required for '--additional-pattern <ADDITIONAL_PATTERNS>' but none was supplied"}
				}
				value, args = args[0], args[1:]
			}
			opts.patterns = append(opts.patterns, value)
		case target != nil && hasValue:
			return nil, usageError{fmt.Sprintf("unexpected value '%s' for '%s' found; no more were expected", value, flag), "", flag + " [Source files]..."}
		case target != nil && *target:
			return nil, usageError{fmt.Sprintf("the argument '%s' cannot be used multiple times", flag), "", plainUsage}
		case target != nil:
			*target = true
		case arg == "--help":
			say(longHelp)
		case arg == "--version", strings.HasPrefix(arg, "-V"):
			say("ripsecrets 0.1.11\n")
		case strings.HasPrefix(arg, "-h"):
			say(shortHelp)
		case len(arg) > 1 && arg[0] == '-':
			if arg[1] != '-' {
				flag = arg[:2]
			}
			return nil, usageError{fmt.Sprintf("unexpected argument '%s' found", flag), fmt.Sprintf("to pass '%[1]s' as a value, use '-- %[1]s'", flag), plainUsage}
		case arg == "":
			return nil, usageError{message: "a value is required for '[Source files]...' but none was supplied"}
		default:
			opts.paths = append(opts.paths, arg)
		}
	}
	if len(opts.paths) == 0 {
		opts.paths = []string{"."}
	}
	return opts, nil
}

type scanner struct {
	re           *regexp.Regexp
	allowed      map[string]bool
	extra        *ruleSet
	onlyMatching bool

	files chan string
	mu    sync.Mutex
	out   *bufio.Writer
	found bool
}

func warn(path string, err error) {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		text := errno.Error()
		fmt.Fprintf(os.Stderr, "%s: %s (os error %d)\n", path, strings.ToUpper(text[:1])+text[1:], int(errno))
		return
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
}

func (s *scanner) run(paths []string) {
	var workers sync.WaitGroup
	for i := 0; i < runtime.NumCPU(); i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for path := range s.files {
				if err := s.scanFile(path); err != nil {
					warn(path, err)
				}
			}
		}()
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			warn(path, err)
		case info.IsDir():
			dir, _ := filepath.Abs(path)
			s.walk(path, dir, loadAncestors(dir))
		default:
			s.files <- path
		}
	}
	close(s.files)
	workers.Wait()
	s.out.Flush()
}

func (s *scanner) walk(shown, dir string, parent *level) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		warn(shown, err)
		return
	}
	here := loadLevel(dir, parent)
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		if entry.Type()&fs.ModeSymlink != 0 || here.ignores(s.extra, path, entry.IsDir()) {
			continue
		}
		name := strings.TrimSuffix(shown, "/") + "/" + entry.Name()
		if entry.IsDir() {
			s.walk(name, path, here)
		} else if entry.Type().IsRegular() {
			s.files <- name
		}
	}
}

func (s *scanner) scanFile(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) {
		units := make([]uint16, len(data)/2-1)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(data[2*i+2:])
		}
		data = []byte(string(utf16.Decode(units)))
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	data = bytes.TrimSuffix(data, []byte("\n"))
	var report bytes.Buffer
	for number, line := range bytes.Split(data, []byte("\n")) {
		if bytes.Contains(line, []byte(allowComment)) {
			continue
		}
		secrets := s.secrets(line)
		if len(secrets) > 0 && !s.onlyMatching {
			secrets = [][]byte{line}
		}
		for _, secret := range secrets {
			fmt.Fprintf(&report, "%s:%d:%s\n", path, number+1, secret)
		}
	}
	if report.Len() > 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.found = true
		_, err = report.WriteTo(s.out)
	}
	return err
}

// secrets returns the reportable secrets of a line. A match with a capturing
// group counts only if the group's text looks random.
func (s *scanner) secrets(line []byte) [][]byte {
	var found [][]byte
	for _, m := range s.re.FindAllSubmatchIndex(line, -1) {
		secret, captured := line[m[0]:m[1]], false
		for g := 2; g+1 < len(m) && !captured; g += 2 {
			if m[g] >= 0 {
				secret, captured = line[m[g]:m[g+1]], true
			}
		}
		if (!captured || looksRandom(string(secret))) && !s.allowed[string(secret)] {
			found = append(found, secret)
		}
	}
	return found
}

func installHook(opts *options) error {
	const conflict = "%s is not a valid option when installing pre-commits. Use --install-pre-commit alone"
	if opts.strict {
		return fmt.Errorf(conflict, "--strict-ignore")
	}
	if opts.onlyMatching {
		return fmt.Errorf(conflict, "--only-matching")
	}
	git := filepath.Join(opts.paths[0], ".git")
	if info, err := os.Stat(git); err != nil || !info.IsDir() {
		return errors.New(".git directory not found")
	}
	path := filepath.Join(git, "hooks", "pre-commit")
	if text, _ := os.ReadFile(path); bytes.Contains(text, []byte(strings.TrimSpace(hookCommand))) {
		return errors.New("pre-commit hook has already been installed")
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o744)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("No such file or directory (os error 2)")
	} else if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.WriteString(f, hookCommand)
	return err
}

// dropIgnored removes the paths that .secretsignore excludes, themselves or
// through a directory above them.
func dropIgnored(paths []string, rules *ruleSet) []string {
	kept := []string{}
next:
	for _, path := range paths {
		full, _ := filepath.Abs(path)
		info, err := os.Stat(full)
		isDir := err == nil && info.IsDir()
		for at := full; at != rules.base && at != "/"; at = filepath.Dir(at) {
			if rules.check(at, isDir || at != full) == ignore {
				continue next
			}
		}
		kept = append(kept, path)
	}
	return kept
}

func fail(message any) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}

func main() {
	opts, err := parseArgs(os.Args[1:])
	if err != nil {
		fail(err)
	}
	if opts.install {
		if err := installHook(opts); err != nil {
			fail("Error: " + err.Error())
		}
		return
	}
	re, err := regexp.Compile(buildPattern(opts.patterns))
	if err != nil {
		fail("Error: " + err.Error())
	}
	cwd, _ := os.Getwd()
	ignoreText, _ := os.ReadFile(".secretsignore")
	globs, allowed, _ := strings.Cut(string(ignoreText), "[secrets]\n")
	s := &scanner{
		re:           re,
		allowed:      map[string]bool{},
		extra:        parseRules(cwd, globs, true),
		onlyMatching: opts.onlyMatching,
		files:        make(chan string, 64),
		out:          bufio.NewWriter(os.Stdout),
	}
	for _, secret := range strings.Split(allowed, "\n") {
		s.allowed[secret] = true
	}
	paths := opts.paths
	if opts.strict {
		paths = dropIgnored(paths, s.extra)
	}
	s.run(paths)
	if s.found {
		os.Exit(1)
	}
}
