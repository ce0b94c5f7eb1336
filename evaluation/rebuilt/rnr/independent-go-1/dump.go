package main

import (
	"bytes"
	"encoding/json"
	"os"
	"time"
)

// operation is one renaming, done or to be done.
type operation struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

func (op operation) String() string { return op.Source + " -> " + op.Target }

// dump is the content of a dump file; pointers tell what is missing.
type dump struct {
	Date       *string      `json:"date"`
	Operations *[]operation `json:"operations"`
}

// writeDump writes operations to a new file named by prefix and time.
func writeDump(prefix string, ops []operation) error {
	now := time.Now()
	date := now.Format("2006-01-02 15:04:05")
	if ops == nil {
		ops = []operation{}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(dump{&date, &ops}); err != nil {
		return err
	}
	file := prefix + now.Format("2006-01-02_150405") + ".json"
	if err := os.WriteFile(file, bytes.TrimSpace(text.Bytes()), 0o644); err != nil {
		return &failure{text: "Cannot create file ", detail: file}
	}
	return nil
}

// readDump reads the operations of a dump file.
func readDump(file string) ([]operation, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, &failure{text: "Cannot open/read file ", detail: file}
	}
	var d dump
	if err := json.Unmarshal(text, &d); err != nil || d.Date == nil || d.Operations == nil {
		return nil, &failure{text: "Cannot parse JSON file ", detail: file}
	}
	return *d.Operations, nil
}
