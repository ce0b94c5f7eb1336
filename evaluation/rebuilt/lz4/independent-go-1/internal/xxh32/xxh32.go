// Package xxh32 implements the 32-bit xxHash with seed zero as a hash.Hash32.
package xxh32

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

const (
	prime1 uint32 = 2654435761
	prime2 uint32 = 2246822519
	prime3 uint32 = 3266489917
	prime4 uint32 = 668265263
	prime5 uint32 = 374761393
	stripe        = 16
)

type digest struct {
	lanes [4]uint32
	tail  []byte
	total uint64
}

// New returns a fresh hash.
func New() hash.Hash32 {
	d := &digest{tail: make([]byte, 0, stripe)}
	d.Reset()
	return d
}

// Sum returns the checksum of data.
func Sum(data []byte) uint32 {
	h := New()
	h.Write(data)
	return h.Sum32()
}

func (d *digest) Size() int      { return 4 }
func (d *digest) BlockSize() int { return stripe }

func (d *digest) Reset() {
	p1 := prime1
	d.lanes = [4]uint32{p1, prime2, 0, -p1}
	d.lanes[0] += prime2
	d.tail = d.tail[:0]
	d.total = 0
}

func (d *digest) Write(p []byte) (int, error) {
	n := len(p)
	d.total += uint64(n)
	if len(d.tail) > 0 {
		take := min(stripe-len(d.tail), len(p))
		d.tail = append(d.tail, p[:take]...)
		p = p[take:]
		if len(d.tail) < stripe {
			return n, nil
		}
		d.mix(d.tail)
		d.tail = d.tail[:0]
	}
	for ; len(p) >= stripe; p = p[stripe:] {
		d.mix(p)
	}
	d.tail = append(d.tail, p...)
	return n, nil
}

func (d *digest) mix(p []byte) {
	for i := range d.lanes {
		v := d.lanes[i] + binary.LittleEndian.Uint32(p[4*i:])*prime2
		d.lanes[i] = bits.RotateLeft32(v, 13) * prime1
	}
}

func (d *digest) Sum32() uint32 {
	acc := prime5
	if d.total >= stripe {
		acc = 0
		for i, turn := range []int{1, 7, 12, 18} {
			acc += bits.RotateLeft32(d.lanes[i], turn)
		}
	}
	acc += uint32(d.total)
	rest := d.tail
	for ; len(rest) >= 4; rest = rest[4:] {
		acc = bits.RotateLeft32(acc+binary.LittleEndian.Uint32(rest)*prime3, 17) * prime4
	}
	for _, b := range rest {
		acc = bits.RotateLeft32(acc+uint32(b)*prime5, 11) * prime1
	}
	acc = (acc ^ acc>>15) * prime2
	acc = (acc ^ acc>>13) * prime3
	return acc ^ acc>>16
}

func (d *digest) Sum(b []byte) []byte { return binary.BigEndian.AppendUint32(b, d.Sum32()) }
