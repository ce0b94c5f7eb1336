package main

import (
	"os"
	"strings"
)

// excludeSet holds function names, optionally followed by "(first argument)".
type excludeSet map[string]bool

// addBuiltin adds functions documented never to return an error.
func (e excludeSet) addBuiltin() {
	for _, t := range []string{"(*bytes.Buffer)", "(*strings.Builder)"} {
		for _, m := range []string{"", "Byte", "Rune", "String"} {
			e[t+".Write"+m] = true
		}
	}
	for _, f := range []string{"fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln"} {
		for _, arg := range []string{"(*bytes.Buffer)", "(*strings.Builder)", "(os.Stderr)"} {
			e[f+arg] = true
		}
	}
	e.addLines(strings.Join(strings.Fields(`fmt.Print fmt.Printf fmt.Println
		(hash.Hash).Write (*hash/maphash.Hash).Write
		(*hash/maphash.Hash).WriteByte (*hash/maphash.Hash).WriteString
		(*math/rand.Rand).Read math/rand.Read crypto/rand.Read
		(*io.PipeReader).CloseWithError (*io.PipeWriter).CloseWithError`), "\n"))
}

func (e excludeSet) addLines(text string) {
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line != "" && !strings.HasPrefix(line, "//") {
			e[line] = true
		}
	}
}

func (e excludeSet) addFile(name string) error {
	if name == "" {
		return nil
	}
	data, err := os.ReadFile(name)
	e.addLines(string(data))
	return err
}
