package main

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Repo is the git repository holding one YAML file a task.
type Repo struct{ root string }

func openRepo() *Repo {
	repo := &Repo{cmp.Or(os.Getenv("DSTASK_GIT_REPO"), filepath.Join(os.Getenv("HOME"), ".dstask"))}
	if _, err := os.Stat(filepath.Join(repo.root, ".git")); err == nil {
		return repo
	}
	check(os.MkdirAll(repo.root, 0o700))
	repo.git("init")
	fmt.Print("\nAdd a remote repository with:\n\n\tdstask git remote add origin <repo>\n\n")
	return repo
}

func (r *Repo) readState(name string, into any) {
	if data, err := os.ReadFile(filepath.Join(r.root, ".git", "dstask", name+".json")); err == nil {
		check(json.Unmarshal(data, into))
	}
}

func (r *Repo) writeState(name string, value any) {
	data, err := json.Marshal(value)
	check(err)
	dir := filepath.Join(r.root, ".git", "dstask")
	check(os.MkdirAll(dir, 0o700))
	check(os.WriteFile(filepath.Join(dir, name+".json"), data, 0o600))
}

// load reads all tasks in the given states, in file order.
func (r *Repo) load(states ...string) []*Task {
	tasks := []*Task{}
	for _, state := range states {
		paths, _ := filepath.Glob(filepath.Join(r.root, state, "*.yml"))
		for _, path := range paths {
			data, err := os.ReadFile(path)
			check(err)
			task := &Task{UUID: strings.TrimSuffix(filepath.Base(path), ".yml")}
			check(decodeTask(string(data), task))
			task.Status = state
			tasks = append(tasks, task)
		}
	}
	return tasks
}

// loadNumbered reads open tasks and templates and gives each its ID.
func (r *Repo) loadNumbered() []*Task {
	tasks := r.load("active", "pending", "paused", "template")
	ids, used := map[string]int{}, map[int]bool{}
	r.readState("ids", &ids)
	for _, task := range tasks {
		if id := ids[task.UUID]; !used[id] {
			task.ID, used[id] = id, id > 0
		}
	}
	byAge := slices.SortedStableFunc(slices.Values(tasks), func(a, b *Task) int { return a.Created.Compare(b.Created) })
	for _, task := range byAge {
		for id := 1; task.ID == 0; id++ {
			if !used[id] {
				task.ID, used[id] = id, true
			}
		}
		ids[task.UUID] = task.ID
	}
	r.writeState("ids", ids)
	return tasks
}

// save writes the task in the folder of its state and drops older copies.
func (r *Repo) save(task *Task) {
	r.delete(task)
	path := filepath.Join(r.root, task.Status, task.UUID+".yml")
	check(os.MkdirAll(filepath.Dir(path), 0o700))
	check(os.WriteFile(path, []byte(encodeTask(task)), 0o600))
}

func (r *Repo) delete(task *Task) {
	copies, _ := filepath.Glob(filepath.Join(r.root, "*", task.UUID+".yml"))
	for _, path := range copies {
		check(os.Remove(path))
	}
}

// commit records every change and shows what git says about it.
func (r *Repo) commit(message string) {
	fmt.Printf("\n%s\n\x1b[38;5;245m", message)
	r.git("add", ".")
	if exec.Command("git", "-C", r.root, "diff", "--cached", "--quiet").Run() == nil {
		fmt.Println("No changes detected")
	} else {
		r.git("commit", "--no-gpg-sign", "-m", message)
	}
	fmt.Print("\x1b[0m")
}

func (r *Repo) git(args ...string) {
	command := exec.Command("git", append([]string{"-C", r.root}, args...)...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if command.Run() != nil {
		die("Failed to run git cmd.")
	}
}

func newUUID() string {
	b := make([]byte, 16)
	rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
