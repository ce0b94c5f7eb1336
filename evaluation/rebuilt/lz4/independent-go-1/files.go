package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

const (
	stdinName  = "stdin"
	stdoutName = "stdout"
	nullName   = "null"
)

// errShown is a failure the user has already been told about.
var errShown = errors.New("failed")

// reason is the system's wording for an error.
func reason(err error) string {
	var errno syscall.Errno
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return err.Error()
}

func (o *options) openInput(name string) (*os.File, error) {
	if name == stdinName {
		return os.Stdin, nil
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		o.con.printf(levelError, "lz4: %s is a directory -- ignored \n", name)
		return nil, errShown
	}
	f, err := os.Open(name)
	if err != nil {
		o.con.printf(levelError, "%s: %s \n", name, reason(err))
		return nil, errShown
	}
	return f, nil
}

// output is a buffered destination.
type output struct {
	*bufio.Writer
	file *os.File
}

func (o *options) createOutput(name string) (*output, error) {
	switch name {
	case stdoutName:
		return &output{bufio.NewWriterSize(os.Stdout, 1<<16), nil}, nil
	case nullName:
		return &output{bufio.NewWriter(io.Discard), nil}, nil
	}
	f, err := os.Create(name)
	if err != nil {
		o.con.printf(levelError, "%s: %s\n", name, reason(err))
		return nil, errShown
	}
	return &output{bufio.NewWriterSize(f, 1<<16), f}, nil
}

func (w *output) Close() error {
	err := w.Flush()
	if w.file != nil {
		err = errors.Join(err, w.file.Close())
	}
	return err
}

// mayWrite asks before an existing file is overwritten.
func (o *options) mayWrite(name, input string) bool {
	if o.force || name == stdoutName || name == nullName {
		return true
	}
	if _, err := os.Lstat(name); err != nil {
		return true
	}
	if o.con.level <= levelError || input == stdinName {
		fmt.Fprintf(os.Stderr, "%s already exists; not overwritten  \n", name)
		return false
	}
	fmt.Fprintf(os.Stderr, "%s already exists; do you want to overwrite (y/N) ? ", name)
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	if answer == "" || answer[0]|0x20 != 'y' {
		fmt.Fprint(os.Stderr, "    not overwritten  \n")
		return false
	}
	return true
}

// finish closes both ends and removes the source when asked to.
func (o *options) finish(in string, src *os.File, dst *output) error {
	if err := dst.Close(); err != nil {
		return &fatal{37, "Write error : cannot write data"}
	}
	if src == os.Stdin {
		return nil
	}
	src.Close()
	if !o.remove {
		return nil
	}
	if err := os.Remove(in); err != nil {
		return &fatal{45, fmt.Sprintf("Remove error : %s: %s", in, reason(err))}
	}
	return nil
}
