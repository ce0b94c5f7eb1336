// Package block implements the LZ4 block format.
package block

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Window is the farthest distance (plus one) a match can reach back.
const Window = 1 << 16

const (
	minMatch     = 4
	lastLiterals = 5
	matchMargin  = 12
	maxHashBits  = 16
)

// ErrCorrupt reports malformed compressed data.
var ErrCorrupt = errors.New("malformed block")

// Decode appends the plain form of src to dst. Matches may refer to anything
// already in dst; at most limit bytes are added.
func Decode(dst, src []byte, limit int) ([]byte, error) {
	end := len(dst) + limit
	for len(src) > 0 {
		token := src[0]
		literals, rest, ok := length(src[1:], int(token>>4))
		if !ok || literals > len(rest) || literals > end-len(dst) {
			return dst, ErrCorrupt
		}
		dst = append(dst, rest[:literals]...)
		rest = rest[literals:]
		if len(rest) == 0 {
			return dst, nil
		}
		if len(rest) < 2 {
			return dst, ErrCorrupt
		}
		offset := int(binary.LittleEndian.Uint16(rest))
		size, rest, ok := length(rest[2:], int(token&15))
		size += minMatch
		if !ok || offset == 0 || offset > len(dst) || size > end-len(dst) {
			return dst, ErrCorrupt
		}
		dst = repeat(dst, offset, size)
		src = rest
	}
	return dst, ErrCorrupt // a block always ends with literals
}

func length(src []byte, n int) (int, []byte, bool) {
	if n < 15 {
		return n, src, true
	}
	for i, b := range src {
		n += int(b)
		if b != 255 {
			return n, src[i+1:], true
		}
	}
	return n, nil, false
}

func repeat(dst []byte, offset, size int) []byte {
	for size > 0 {
		from := dst[len(dst)-offset:]
		n := min(size, len(from))
		dst = append(dst, from[:n]...)
		size -= n
	}
	return dst
}

// Encoder compresses blocks; it keeps its tables between calls.
type Encoder struct {
	Level int // below 2: fast, negative: faster; 2 to 12: thorough

	heads  [1 << maxHashBits]int32 // position+1 of the latest occurrence
	chains [Window]int32           // earlier occurrences, used from level 2
	shift  int
	data   []byte
	next   int // first position not yet in the tables
}

type match struct{ from, size int }

// Encode appends the compressed form of data[start:] to dst; data[:start]
// is history matches may refer to.
func (e *Encoder) Encode(dst, data []byte, start int) []byte {
	if len(data)-start <= matchMargin {
		return appendSequence(dst, data[start:], 0, 0)
	}
	e.prepare(data)
	limit, anchor, step := len(data)-matchMargin, start, e.stride()
	for pos, misses := start, step; pos < limit; {
		m := e.find(pos)
		if m.size < minMatch {
			pos += misses >> 6
			if e.Level < 2 {
				misses++
			}
			continue
		}
		if e.Level >= 2 {
			pos, m = e.improve(pos, limit, m)
		}
		for pos > anchor && m.from > 0 && data[pos-1] == data[m.from-1] {
			pos, m.from, m.size = pos-1, m.from-1, m.size+1
		}
		dst = appendSequence(dst, data[anchor:pos], pos-m.from, m.size)
		pos += m.size
		anchor, misses = pos, step
	}
	return appendSequence(dst, data[anchor:], 0, 0)
}

func (e *Encoder) stride() int {
	if e.Level < 0 {
		return (1 - e.Level) << 6
	}
	return 1 << 6
}

func (e *Encoder) prepare(data []byte) {
	hashBits := min(max(bits.Len(uint(len(data))), 8), maxHashBits)
	e.shift = 32 - hashBits
	clear(e.heads[:1<<hashBits])
	e.data, e.next = data, 0
}

func (e *Encoder) hash(pos int) uint32 {
	return binary.LittleEndian.Uint32(e.data[pos:]) * 2654435761 >> e.shift
}

func (e *Encoder) index(end int) {
	for ; e.next < end; e.next++ {
		h := e.hash(e.next)
		e.chains[e.next%Window] = e.heads[h]
		e.heads[h] = int32(e.next) + 1
	}
}

func (e *Encoder) tries() int {
	if e.Level < 2 {
		return 1
	}
	return 1 << min(e.Level, 12)
}

// find returns the longest match for pos among the remembered positions.
func (e *Encoder) find(pos int) (best match) {
	e.index(pos)
	end := len(e.data) - lastLiterals
	at := int(e.heads[e.hash(pos)])
	for left := e.tries(); at > 0 && left > 0 && pos-at+1 < Window; left-- {
		from := at - 1
		if n := commonPrefix(e.data[from:], e.data[pos:end]); n > best.size {
			best = match{from, n}
		}
		if pos+best.size >= end {
			break
		}
		if at = int(e.chains[from%Window]); at > from {
			break // the chain entry has been reused
		}
	}
	return best
}

// improve moves on while the next byte starts a longer match.
func (e *Encoder) improve(pos, limit int, m match) (int, match) {
	for pos+1 < limit {
		next := e.find(pos + 1)
		if next.size <= m.size {
			break
		}
		pos, m = pos+1, next
	}
	return pos, m
}

func commonPrefix(a, b []byte) int {
	for i := range b {
		if a[i] != b[i] {
			return i
		}
	}
	return len(b)
}

// appendSequence writes literals and a match; size 0 means literals only.
func appendSequence(dst, literals []byte, offset, size int) []byte {
	extra := max(size-minMatch, 0)
	dst = append(dst, byte(min(len(literals), 15)<<4|min(extra, 15)))
	dst = appendLength(dst, len(literals))
	dst = append(dst, literals...)
	if size == 0 {
		return dst
	}
	dst = binary.LittleEndian.AppendUint16(dst, uint16(offset))
	return appendLength(dst, extra)
}

func appendLength(dst []byte, n int) []byte {
	if n < 15 {
		return dst
	}
	for n -= 15; n >= 255; n -= 255 {
		dst = append(dst, 255)
	}
	return append(dst, byte(n))
}
