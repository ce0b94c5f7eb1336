package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

const (
	levelError   = 1
	levelNormal  = 2
	levelVerbose = 3
)

const refresh = time.Second / 6

// console filters messages to stderr by verbosity.
type console struct {
	level int
	last  time.Time
}

func (c *console) printf(level int, format string, args ...any) {
	if c.level >= level {
		fmt.Fprintf(os.Stderr, format, args...)
	}
}

// progress rewrites the status line, but not too often.
func (c *console) progress(format string, args ...any) {
	if now := time.Now(); c.level >= levelNormal && now.Sub(c.last) >= refresh {
		c.last = now
		fmt.Fprintf(os.Stderr, "\r"+format, args...)
	}
}

func (c *console) clearLine() {
	c.printf(levelNormal, "\r%s\r", strings.Repeat(" ", 79))
}
