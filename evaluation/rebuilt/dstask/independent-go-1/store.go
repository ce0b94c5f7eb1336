package main

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Store is the git repository that holds the tasks.
type Store struct {
	dir  string
	open []*Task // every unresolved task
}

// openStore finds the repository (creating it if absent) and loads open tasks.
func openStore() *Store {
	home, _ := os.UserHomeDir()
	s := &Store{dir: cmp.Or(os.Getenv("DSTASK_GIT_REPO"), filepath.Join(home, ".dstask"))}
	if _, err := os.Stat(s.dir); err != nil {
		check(os.MkdirAll(s.dir, 0o700))
		s.git("init")
		fmt.Print("\nAdd a remote repository with:\n\n\tdstask git remote add origin <repo>\n\n")
	}
	for _, status := range openStatuses {
		s.open = append(s.open, s.load(status)...)
	}
	s.assignIDs()
	return s
}

// load reads all tasks of one state.
func (s *Store) load(status Status) (tasks []*Task) {
	files, _ := filepath.Glob(filepath.Join(s.dir, string(status), "*.yml"))
	for _, name := range files {
		data, err := os.ReadFile(name)
		check(err)
		t := &Task{UUID: strings.TrimSuffix(filepath.Base(name), ".yml"), Status: status, Tags: []string{}}
		check(t.decode(string(data)))
		tasks = append(tasks, t)
	}
	return tasks
}

// assignIDs gives open tasks the ID remembered on this machine, or else the
// lowest free one, and remembers them.
func (s *Store) assignIDs() {
	known, kept, used := map[string]int{}, map[string]int{}, map[int]bool{}
	s.readLocal("ids", &known)
	for _, t := range s.open {
		if id := known[t.UUID]; t.Status != Resolved && id > 0 && !used[id] {
			t.ID, used[id], kept[t.UUID] = id, true, id
		}
	}
	next := 1
	for _, t := range s.open {
		if kept[t.UUID] > 0 || t.Status == Resolved {
			continue
		}
		for used[next] {
			next++
		}
		t.ID, used[next], kept[t.UUID] = next, true, next
	}
	s.writeLocal("ids", kept)
}

// local names a file of machine-local state, kept inside .git.
func (s *Store) local(name string) string {
	return filepath.Join(s.dir, ".git", "dstask", name+".json")
}

// readLocal loads machine-local state, leaving v alone if there is none.
func (s *Store) readLocal(name string, v any) {
	if data, err := os.ReadFile(s.local(name)); err == nil {
		check(json.Unmarshal(data, v))
	}
}

// writeLocal stores a value as machine-local state.
func (s *Store) writeLocal(name string, v any) {
	data, _ := json.Marshal(v)
	check(os.MkdirAll(filepath.Dir(s.local(name)), 0o700))
	check(os.WriteFile(s.local(name), data, 0o600))
}

// add registers a new task; unless resolved it obtains an ID.
func (s *Store) add(t *Task) {
	s.open = append(s.open, t)
	s.assignIDs()
	s.save(t)
}

// save writes the task to the directory of its state and drops other copies.
func (s *Store) save(t *Task) {
	for _, status := range openStatuses {
		os.Remove(s.path(t, status))
	}
	check(os.MkdirAll(filepath.Join(s.dir, string(t.Status)), 0o700))
	check(os.WriteFile(s.path(t, t.Status), []byte(t.encode()), 0o600))
}

func (s *Store) path(t *Task, status Status) string {
	return filepath.Join(s.dir, string(status), t.UUID+".yml")
}

// commit records all changes, announcing the message and git's own output.
func (s *Store) commit(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	fmt.Printf("\n%s\n\x1b[38;5;245m", msg)
	s.git("add", ".")
	if exec.Command("git", "-C", s.dir, "diff", "--cached", "--quiet").Run() == nil {
		fmt.Println("No changes detected")
	} else {
		s.git("commit", "--no-gpg-sign", "-m", msg)
	}
	fmt.Print("\x1b[0m")
}

// git runs a git command inside the repository on our own streams.
func (s *Store) git(args ...string) {
	cmd := exec.Command("git", append([]string{"-C", s.dir}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if cmd.Run() != nil {
		fail("Failed to run git cmd.")
	}
}

// newUUID returns a random version 4 UUID.
func newUUID() string {
	var b [16]byte
	_, err := rand.Read(b[:])
	check(err)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// plainText is text that YAML takes for a string without quotes.
var plainText = regexp.MustCompile(`^[A-Za-z][\w .,/()-]*[\w.)]$`)

// yamlScalar renders a string plain where that is safe, else in double quotes.
func yamlScalar(s string) string {
	reserved := []string{"true", "false", "yes", "no", "on", "off", "null"}
	if plainText.MatchString(s) && !slices.Contains(reserved, strings.ToLower(s)) {
		return s
	}
	data, _ := json.Marshal(s)
	return string(data)
}

// encode renders the YAML form of a task.
func (t *Task) encode() string {
	tags := " []\n"
	if len(t.Tags) > 0 {
		tags = "\n"
	}
	for _, tag := range t.Tags {
		tags += "- " + yamlScalar(tag) + "\n"
	}
	stamp := func(v time.Time) string { return v.Format(time.RFC3339Nano) }
	return fmt.Sprintf("summary: %s\nnotes: %s\ntags:%sproject: %s\npriority: %s\n"+
		"delegatedto: \"\"\nsubtasks: []\ndependencies: []\ncreated: %s\nresolved: %s\ndue: %s\n",
		yamlScalar(t.Summary), yamlScalar(t.Notes), tags, yamlScalar(t.Project), t.Priority,
		stamp(t.Created), stamp(t.Resolved), stamp(t.Due))
}

// decode fills the task from the YAML subset that encode produces.
func (t *Task) decode(text string) (err error) {
	texts := map[string]*string{"summary": &t.Summary, "notes": &t.Notes, "project": &t.Project, "priority": &t.Priority}
	times := map[string]*time.Time{"created": &t.Created, "resolved": &t.Resolved, "due": &t.Due}
	for _, line := range strings.Split(text, "\n") {
		key, value, _ := strings.Cut(line, ": ")
		tag, isTag := strings.CutPrefix(line, "- ")
		if isTag {
			t.Tags, value = append(t.Tags, ""), tag
			texts[line] = &t.Tags[len(t.Tags)-1]
			key = line
		}
		if field := texts[key]; field != nil {
			*field = value
			if strings.HasPrefix(value, `"`) {
				err = json.Unmarshal([]byte(value), field)
			}
		} else if field := times[key]; field != nil {
			*field, err = time.Parse(time.RFC3339Nano, value)
		}
		if err != nil {
			return fmt.Errorf("task %s: %v", t.UUID, err)
		}
	}
	return nil
}
