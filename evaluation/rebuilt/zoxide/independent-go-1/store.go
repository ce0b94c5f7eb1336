package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	formatVersion = 3
	expiry        = 90 * 24 * time.Hour
)

type entry struct {
	path     string
	rank     float64
	accessed uint64
}

func (e *entry) age(now uint64) time.Duration {
	if e.accessed > now {
		return 0
	}
	return time.Duration(now-e.accessed) * time.Second
}

// score weighs the rank by how recently the directory was used.
func (e *entry) score(now uint64) float64 {
	switch age := e.age(now); {
	case age < time.Hour:
		return e.rank * 4
	case age < 24*time.Hour:
		return e.rank * 2
	case age < 7*24*time.Hour:
		return e.rank / 2
	}
	return e.rank / 4
}

func (e *entry) withScore(now uint64, separator string) string {
	return fmt.Sprintf("%6.1f%s%s", min(max(e.score(now), 0), 9999), separator, e.path)
}

func unixNow() uint64 { return uint64(time.Now().Unix()) }

// store is the list of known directories, kept in a file.
type store struct {
	file    string
	entries []entry
}

func dataDir() (string, error) {
	dir, given := os.LookupEnv("_ZO_DATA_DIR")
	if !given {
		base := os.Getenv("XDG_DATA_HOME")
		if !filepath.IsAbs(base) {
			base = filepath.Join(os.Getenv("HOME"), ".local/share")
		}
		dir = filepath.Join(base, "zoxide")
	}
	if !filepath.IsAbs(dir) {
		return "", errors.New("_ZO_DATA_DIR must be an absolute path")
	}
	return dir, nil
}

func openStore() (*store, error) {
	dir, err := dataDir()
	if err != nil {
		return nil, err
	}
	s := &store{file: filepath.Join(dir, "db.zo")}
	data, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, describe(err, "could not read from database: %s", s.file)
	}
	return s, s.decode(data)
}

func (s *store) decode(data []byte) error {
	if len(data) < 4 {
		return errors.New("could not deserialize database: corrupted data")
	}
	if version := binary.LittleEndian.Uint32(data); version != formatVersion {
		return fmt.Errorf("unsupported version (got %d, supports %d)", version, formatVersion)
	}
	r := bytes.NewReader(data[4:])
	var count uint64
	err := binary.Read(r, binary.LittleEndian, &count)
	for i := uint64(0); i < count && err == nil; i++ {
		var e entry
		if e, err = readEntry(r); err == nil {
			s.entries = append(s.entries, e)
		}
	}
	if err != nil {
		return describe(errors.New("io error: unexpected end of file"), "could not deserialize database")
	}
	return nil
}

func readEntry(r *bytes.Reader) (entry, error) {
	var length uint64
	if err := binary.Read(r, binary.LittleEndian, &length); err != nil {
		return entry{}, err
	}
	if length > uint64(r.Len()) {
		return entry{}, errors.New("path is cut off")
	}
	path := make([]byte, length)
	r.Read(path) // cannot fall short, the length was checked
	var tail struct{ Rank, Accessed uint64 }
	err := binary.Read(r, binary.LittleEndian, &tail)
	return entry{string(path), math.Float64frombits(tail.Rank), tail.Accessed}, err
}

func (s *store) encode() []byte {
	le := binary.LittleEndian
	out := le.AppendUint32(nil, formatVersion)
	out = le.AppendUint64(out, uint64(len(s.entries)))
	for _, e := range s.entries {
		out = le.AppendUint64(out, uint64(len(e.path)))
		out = append(out, e.path...)
		out = le.AppendUint64(out, math.Float64bits(e.rank))
		out = le.AppendUint64(out, e.accessed)
	}
	return out
}

// save replaces the file in one step, so that no reader sees half of it.
func (s *store) save() error {
	dir := filepath.Dir(s.file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return describe(err, "unable to create data directory: %s", dir)
	}
	draft := filepath.Join(dir, fmt.Sprintf("tmp_%d", os.Getpid()))
	err := os.WriteFile(draft, s.encode(), 0o644)
	if err == nil {
		err = os.Rename(draft, s.file)
	}
	return describe(err, "could not write to database")
}

func (s *store) index(path string) int {
	return slices.IndexFunc(s.entries, func(e entry) bool { return e.path == path })
}

// drop removes an entry by moving the last one into its place.
func (s *store) drop(i int) {
	last := len(s.entries) - 1
	s.entries[i] = s.entries[last]
	s.entries = s.entries[:last]
}

func (s *store) bump(path string, by float64, now uint64) {
	i := s.index(path)
	if i < 0 {
		i = len(s.entries)
		s.entries = append(s.entries, entry{path: path})
	}
	e := &s.entries[i]
	e.rank, e.accessed = max(e.rank+by, 0), now
}

// shrink scales all ranks down once their sum exceeds the limit.
func (s *store) shrink(limit float64) {
	total := 0.0
	for _, e := range s.entries {
		total += e.rank
	}
	if total <= limit {
		return
	}
	for i := len(s.entries) - 1; i >= 0; i-- {
		s.entries[i].rank *= 0.9 * limit / total
		if s.entries[i].rank < 1 {
			s.drop(i)
		}
	}
}

func (s *store) mergeDuplicates() {
	slices.SortStableFunc(s.entries, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	for i := len(s.entries) - 1; i > 0; i-- {
		if twin, kept := s.entries[i], &s.entries[i-1]; twin.path == kept.path {
			kept.rank += twin.rank
			kept.accessed = max(kept.accessed, twin.accessed)
			s.drop(i)
		}
	}
}
